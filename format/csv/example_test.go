package csv_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/fathom-ml/fathom/format/csv"
	"github.com/fathom-ml/fathom/tensor"
)

// A table with a header, a missing value and a column that is no number (2.2).
func ExampleRead() {
	text := `rooms,alley,price
NA,Pave,127500
2,NA,106000
4,NA,178100
`
	x, err := csv.Read(strings.NewReader(text), csv.Options{Header: 1, Columns: []int{0, 2}, Missing: []string{"NA"}})
	fmt.Println(x, err)
	_, err = csv.Read(strings.NewReader(text), csv.Options{Header: 1})
	fmt.Println(err)
	// Output:
	// [[      nan 1.275e+05]
	//  [2.000e+00 1.060e+05]
	//  [4.000e+00 1.781e+05]] <nil>
	// csv: line 2, column 1: "NA" is no float32
}

// Numbers are as short as they can be without a loss.
func ExampleWrite() {
	x := tensor.Of([]float32{0.1, 2, 1e10, -0.5}, 2, 2)
	if err := csv.Write(os.Stdout, x, ',', "x", "y"); err != nil {
		fmt.Println(err)
	}
	// Output:
	// x,y
	// 0.1,2
	// 1e+10,-0.5
}
