package csv

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/fathom-ml/fathom/internal/atomicfile"
	"github.com/fathom-ml/fathom/tensor"
)

// Save writes x to the file at path, in full or not at all; see [Write].
func Save(path string, x *tensor.Tensor, sep rune, header ...string) error {
	return atomicfile.Write(path, func(w io.Writer) error { return Write(w, x, sep, header...) })
}

// Write writes a vector, a number a line, or a matrix, a row a line, after the names of the columns, if
// any are given. Numbers are the shortest that read back as the same; true is 1. Other
// shapes, complex numbers and names that hold the delimiter, a quote or a line's end are errors.
func Write(w io.Writer, x *tensor.Tensor, sep rune, header ...string) error {
	rows, cols := 0, 1
	switch shape := x.Shape(); len(shape) {
	case 2:
		cols = shape[1]
		fallthrough
	case 1:
		rows = shape[0]
	default:
		return fmt.Errorf("csv: shape %v is neither a vector nor a matrix", shape)
	}
	if err := delimiter(&sep); err != nil {
		return fmt.Errorf("csv: %w", err)
	}
	if len(header) > 0 && len(header) != cols {
		return fmt.Errorf("csv: %d names for %d columns", len(header), cols)
	}
	for _, name := range header {
		if strings.ContainsAny(name, "\"\r\n") || strings.ContainsRune(name, sep) {
			return fmt.Errorf("csv: the name %.40q holds the delimiter, a quote or a line's end", name)
		}
	}
	number, err := numbers(x)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	if len(header) > 0 {
		fmt.Fprintln(out, strings.Join(header, string(sep)))
	}
	var line []byte
	for i := range rows {
		line = line[:0]
		for j := range cols {
			if j > 0 {
				line = append(line, string(sep)...)
			}
			line = number(line, i*cols+j)
		}
		if _, err := out.Write(append(line, '\n')); err != nil {
			return fmt.Errorf("csv: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("csv: %w", err)
	}
	return nil
}

// numbers is a function that appends element i of x in row-major order to a line.
func numbers(x *tensor.Tensor) (func(b []byte, i int) []byte, error) {
	x = x.Detach()
	bits := 32
	switch dt := x.DType(); {
	case dt.IsComplex():
		return nil, fmt.Errorf("csv: %s is not written as text", dt)
	case !dt.IsFloat():
		d := tensor.Data[int64](x.AsType(tensor.Int64).Contiguous())
		return func(b []byte, i int) []byte { return strconv.AppendInt(b, d[i], 10) }, nil
	case dt == tensor.Float64:
		bits = 64
	}
	d := tensor.Data[float64](x.AsType(tensor.Float64).Contiguous())
	return func(b []byte, i int) []byte { return strconv.AppendFloat(b, d[i], 'g', -1, bits) }, nil
}
