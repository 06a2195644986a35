package data_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/tensor"
)

// A data set of rows and labels; a batch is the examples that one names.
func ExampleNewTensors() {
	X, y := tensor.Arange(6).Reshape(3, 2), tensor.Of([]int{10, 11, 12})
	ds := data.NewTensors(X, y)
	batch, err := ds.Batch([]int{2, 0})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(ds.Len(), batch[0], batch[1])
	// Output:
	// 3 [[4. 5.]
	//  [0. 1.]] [12 10]
}

// Each loop has an order of its own; the seed decides about all of them.
func ExampleShuffle() {
	loader := data.NewLoader(data.NewTensors(tensor.Arange(100)), 10, data.Shuffle(true))
	loop := func() *tensor.Tensor {
		var batches []*tensor.Tensor
		for b := range loader.All(context.Background()) {
			batches = append(batches, b[0])
		}
		return tensor.Concat(0, batches...)
	}
	tensor.Seed(1)
	first, second := loop(), loop()
	tensor.Seed(1)
	fmt.Println(first.Sum(), second.Sum()) // every example once
	fmt.Println(tensor.Equal(first, second), tensor.Equal(first, loop()))
	// Output:
	// 4950.0 4950.0
	// false true
}

// A loop ends when its context does; Err says why.
func ExampleLoader_All() {
	loader := data.NewLoader(data.NewTensors(tensor.Arange(10)), 2)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for b := range loader.All(ctx) {
		fmt.Println(b[0])
		if b[0].At(0) == 2 {
			cancel()
		}
	}
	fmt.Println(loader.Err())
	// Output:
	// [0. 1.]
	// [2. 3.]
	// context canceled
}

// Pictures are stored with their channels last; networks read them with the channels first.
func ExampleToTensor() {
	picture := tensor.Of([]uint8{0, 51, 255, 255, 0, 102}, 1, 2, 3) // one row, two pixels: red, green, blue
	x := data.ToTensor(picture)
	fmt.Println(x.Shape())
	fmt.Println(x)
	// Output:
	// [3 1 2]
	// [[[0.  1. ]]
	//
	//  [[0.2 0. ]]
	//
	//  [[1.  0.4]]]
}

func ExampleNewImageSet() {
	pixels := tensor.ZerosOf(tensor.Uint8, 4, 28, 28, 1)
	labels := tensor.Of([]int32{1, 0, 0, 1})
	set := data.NewImageSet("coins", pixels, labels, "head", "tail")
	fmt.Println(set.Len(), set.Names(labels))
	rows := set.Take(3).TransformFirst(func(x *tensor.Tensor) *tensor.Tensor {
		return data.ToTensor(x).FlattenFrom(1)
	})
	for X, y := range data.NewLoader(rows, 2).Batches() {
		fmt.Println(X.Shape(), y)
	}
	// Output:
	// 4 [tail head head tail]
	// [2 784] [1 0]
	// [1 784] [0]
}

func ExampleFashionClasses() {
	fmt.Println(data.FashionClasses())
	// Output:
	// [t-shirt trouser pullover dress coat sandal shirt sneaker bag ankle boot]
}

// A file is downloaded once; from then on it comes from the cache.
func ExampleFetch() {
	words := []byte("the quick brown fox\n")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println("asked for", r.URL.Path)
		w.Write(words)
	}))
	defer server.Close()
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	defer os.Setenv("FATHOM_CACHE", os.Getenv("FATHOM_CACHE"))
	os.Setenv("FATHOM_CACHE", dir)

	sum := sha256.Sum256(words)
	file := data.File{Name: "words/fox.txt", URLs: []string{server.URL + "/fox.txt"}, SHA256: hex.EncodeToString(sum[:])}
	for range 2 {
		path, err := data.Fetch(context.Background(), file)
		text, _ := os.ReadFile(path)
		fmt.Printf("%s %v %q\n", filepath.Base(path), err, text)
	}
	// Output:
	// asked for /fox.txt
	// fox.txt <nil> "the quick brown fox\n"
	// fox.txt <nil> "the quick brown fox\n"
}

func ExampleFind() {
	_, err := data.Find("no-such-set/labels.gz")
	fmt.Println(errors.Is(err, fs.ErrNotExist))
	// Output:
	// true
}

func ExampleIris() {
	iris := data.Iris()
	fmt.Println(iris.Names)
	fmt.Println(iris.X.Slice(tensor.I(0)), iris.Classes[int(iris.Y.At(0))])
	// Output:
	// [sepal length sepal width petal length petal width]
	// [5.1 3.5 1.4 0.2] setosa
}

func ExampleFindSet() {
	s, err := data.FindSet("fra-eng")
	fmt.Println(s.About, s.Bytes(), s.Uses("9.5"), err)
	_, err = data.FindSet("fra-ger")
	fmt.Println(err != nil)
	// Output:
	// 167,130 pairs of English and French sentences 3420152 true <nil>
	// true
}

// An archive is unpacked in full or not at all.
func ExampleUnpack() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	archive := filepath.Join(dir, "set.zip")
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"set/train.csv", "../outside.csv"} {
		w, _ := z.Create(name)
		w.Write([]byte("1,2\n"))
	}
	z.Close()
	os.WriteFile(archive, b.Bytes(), 0o666)

	err = data.Unpack(context.Background(), archive, filepath.Join(dir, "set"))
	fmt.Println(errors.Is(err, data.ErrHostile))
	_, err = os.Stat(filepath.Join(dir, "set"))
	fmt.Println(errors.Is(err, fs.ErrNotExist))
	// Output:
	// true
	// true
}

func ExampleReadVectors() {
	words, vectors, err := data.ReadVectors(strings.NewReader("the 0.5 1\nof 0.25 -1\n"))
	fmt.Println(words, err)
	fmt.Println(vectors)
	// Output:
	// [the of] <nil>
	// [[ 0.5   1.  ]
	//  [ 0.25 -1.  ]]
}
