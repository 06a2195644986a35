package data

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/fathom-ml/fathom/tensor"
)

//go:embed embedded/iris.csv embedded/wine.csv embedded/breast-cancer.csv.gz embedded/diabetes-data.csv.gz embedded/diabetes-target.csv.gz embedded/opticks.txt.gz
var embedded embed.FS

// Table is an embedded data set of numbers: embedded/LICENSES.md says whose.
type Table struct {
	X       *tensor.Tensor // [n, features] float32
	Y       *tensor.Tensor // [n]: classes int32, or numbers float32
	Names   []string       // of the features, nil if they have none here
	Classes []string       // nil if Y holds numbers
}

// text is an embedded file, unpacked.
func text(name string) string {
	b, err := embedded.ReadFile("embedded/" + name)
	if err == nil && strings.HasSuffix(name, ".gz") {
		var z *gzip.Reader
		if z, err = gzip.NewReader(bytes.NewReader(b)); err == nil {
			b, err = io.ReadAll(z)
		}
	}
	if err != nil {
		panic(fmt.Sprintf("data: embedded %s: %v", name, err)) // a test reads them all
	}
	return string(b)
}

// classified reads a table whose first line holds the numbers of rows and columns and the names of the classes, and whose last column is the class.
func classified(name string, features ...string) *Table {
	lines := strings.Split(strings.TrimSpace(text(name)), "\n")
	t := &Table{Names: features, Classes: strings.Split(strings.TrimSpace(lines[0]), ",")[2:]}
	var x []float32
	var y []int32
	for _, l := range lines[1:] {
		row := numbers(name, strings.Split(strings.TrimSpace(l), ","))
		x, y = append(x, row[:len(row)-1]...), append(y, int32(row[len(row)-1]))
	}
	t.X, t.Y = tensor.Of(x, len(y), len(x)/len(y)), tensor.Of(y)
	return t
}

func numbers(name string, fields []string) []float32 {
	row := make([]float32, len(fields))
	for i, f := range fields {
		v, err := strconv.ParseFloat(f, 64)
		if err != nil {
			panic(fmt.Sprintf("data: embedded %s: %v", name, err))
		}
		row[i] = float32(v)
	}
	return row
}

// Iris is Fisher's 150 irises of three species, with four lengths in cm.
func Iris() *Table {
	return classified("iris.csv", "sepal length", "sepal width", "petal length", "petal width")
}

// Wine is 13 measurements of 178 wines of three cultivars.
func Wine() *Table {
	return classified("wine.csv", "alcohol", "malic acid", "ash", "alcalinity of ash", "magnesium", "phenols", "flavanoids", "nonflavanoid phenols",
		"proanthocyanins", "colour intensity", "hue", "OD280/OD315", "proline")
}

// BreastCancer is 30 measurements of 569 masses, of which class 0 is malignant and class 1 benign.
func BreastCancer() *Table { return classified("breast-cancer.csv.gz") }

// Diabetes is age, sex, body mass index, blood pressure and six serum values of 442 patients, and a number for the progress of the disease.
func Diabetes() *Table {
	t := &Table{Names: []string{"age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"}}
	var x, y []float32
	for l := range strings.Lines(text("diabetes-data.csv.gz")) {
		x = append(x, numbers("diabetes-data.csv.gz", strings.Fields(l))...)
	}
	for l := range strings.Lines(text("diabetes-target.csv.gz")) {
		y = append(y, numbers("diabetes-target.csv.gz", strings.Fields(l))...)
	}
	t.X, t.Y = tensor.Of(x, len(y), len(x)/len(y)), tensor.Of(y)
	return t
}

// Opticks is the text of Newton's Opticks (1730), for language models where no other text is to be had.
func Opticks() string { return text("opticks.txt.gz") }
