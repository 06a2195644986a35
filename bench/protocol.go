package main

import (
	"fmt"
	"path/filepath"
	"strconv"

	"github.com/fathom-ml/fathom/format/npy"
	"github.com/fathom-ml/fathom/tensor"
)

// A worker, ours or a peer's, reads requests from its input and answers each on its output, one JSON
// object a line. What it prints otherwise goes to its standard error.
type request struct {
	// Do is what to do: "hello": say who you are; "make": prepare the row on the arrays of Folder;
	// "result": compute what must agree and write it to Folder; "time": run for about Seconds; "drop": forget the row.
	Do      string  `json:"do"`
	Row     string  `json:"row,omitempty"`
	Folder  string  `json:"folder,omitempty"`
	Seconds float64 `json:"seconds,omitempty"`
}

type answer struct {
	Error  string    `json:"error,omitempty"`  // why the request failed
	Void   string    `json:"void,omitempty"`   // why this worker has no such row
	About  string    `json:"about,omitempty"`  // of hello: name, version, what it computes with
	Warn   string    `json:"warn,omitempty"`   // of hello: why its times may mislead
	Arrays int       `json:"arrays,omitempty"` // of result: how many were written
	Times  []float64 `json:"times,omitempty"`  // of time: seconds a run, one number a reading
	MB     float64   `json:"mb,omitempty"`     // of a process that ends: the most memory it held
}

// save writes arrays as 0.npy, 1.npy and so on.
func save(folder string, arrays []*tensor.Tensor) error {
	for i, x := range arrays {
		if err := npy.Save(arrayFile(folder, i), x.Contiguous()); err != nil {
			return err
		}
	}
	return nil
}

// load reads the first n arrays of a folder, all of them if n is negative.
func load(folder string, n int) ([]*tensor.Tensor, error) {
	if n < 0 {
		files, err := filepath.Glob(filepath.Join(folder, "*.npy"))
		if err != nil {
			return nil, err
		}
		n = len(files)
	}
	var arrays []*tensor.Tensor
	for i := range n {
		x, err := npy.Load(arrayFile(folder, i))
		if err != nil {
			return nil, err
		}
		arrays = append(arrays, x)
	}
	return arrays, nil
}

func arrayFile(folder string, i int) string { return filepath.Join(folder, strconv.Itoa(i)+".npy") }

// tolerance is how far results may lie apart, relative to the largest number of the array, but for arrays
// of small numbers: there it is relative to scale.
const (
	tolerance = 1e-3
	scale     = 0.1
)

// differ says how two lists of results differ, "" if they agree.
func differ(ours, theirs []*tensor.Tensor) string {
	if len(ours) != len(theirs) {
		return fmt.Sprintf("%d results here, %d there", len(ours), len(theirs))
	}
	for i, x := range ours {
		y := theirs[i]
		if x.Size() != y.Size() {
			return fmt.Sprintf("result %d has shape %v here, %v there", i, x.Shape(), y.Shape())
		}
		x, y := x.Flatten(), y.AsType(tensor.Float32).Flatten()
		far := x.Sub(y).Abs().Max().Item()
		size := max(x.Abs().Max().Item(), scale)
		if !(far <= tolerance*size) {
			return fmt.Sprintf("result %d differs by %.2g of %.2g", i, far, size)
		}
	}
	return ""
}
