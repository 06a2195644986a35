package frame

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fathom-ml/fathom/tensor"
)

// Frame is a table of columns of one length.
type Frame struct {
	cols  []*Series
	index []int // the number that each row shows
}

// New returns a frame of columns. It panics if their lengths differ or two have the same name.
func New(cols ...*Series) *Frame {
	f := &Frame{cols: slices.Clone(cols)}
	if len(cols) > 0 {
		f.index = upTo(0, cols[0].Len())
	}
	f.check("New")
	return f
}

func (f *Frame) check(op string) {
	seen := map[string]bool{}
	for _, c := range f.cols {
		if c.Len() != len(f.index) {
			panic(&tensor.Error{Op: "frame." + op, Msg: fmt.Sprintf("column %q has %d values, %q has %d", c.name, c.Len(), f.cols[0].name, f.cols[0].Len())})
		}
		if seen[c.name] {
			panic(&tensor.Error{Op: "frame." + op, Msg: fmt.Sprintf("two columns are called %q", c.name), Hint: "Series.Renamed gives one another name"})
		}
		seen[c.name] = true
	}
}

func upTo(from, to int) []int {
	at := make([]int, max(to-from, 0))
	for i := range at {
		at[i] = from + i
	}
	return at
}

// Len is the number of rows.
func (f *Frame) Len() int { return len(f.index) }

// Shape is the numbers of rows and columns.
func (f *Frame) Shape() []int { return []int{f.Len(), len(f.cols)} }

// Names lists the names of the columns.
func (f *Frame) Names() []string {
	names := make([]string, len(f.cols))
	for i, c := range f.cols {
		names[i] = c.name
	}
	return names
}

// Columns lists the columns.
func (f *Frame) Columns() []*Series { return slices.Clone(f.cols) }

// Has says whether there is a column of that name.
func (f *Frame) Has(name string) bool { return f.find(name) >= 0 }

func (f *Frame) find(name string) int {
	return slices.IndexFunc(f.cols, func(c *Series) bool { return c.name == name })
}

// at is the place of a column that must be there.
func (f *Frame) at(op, name string) int {
	i := f.find(name)
	if i < 0 {
		panic(&tensor.Error{Op: "frame." + op, Msg: fmt.Sprintf("no column %q", name), Hint: "there are " + strings.Join(f.Names(), ", ")})
	}
	return i
}

// Col is the column of that name. It panics if there is none.
func (f *Frame) Col(name string) *Series { return f.cols[f.at("Col", name)] }

// Select keeps the columns of these names, in this order.
func (f *Frame) Select(names ...string) *Frame {
	g := &Frame{index: f.index}
	for _, n := range names {
		g.cols = append(g.cols, f.cols[f.at("Select", n)])
	}
	g.check("Select")
	return g
}

// Drop leaves out the columns of these names.
func (f *Frame) Drop(names ...string) *Frame {
	g := &Frame{index: f.index, cols: slices.Clone(f.cols)}
	for _, n := range names {
		i := g.at("Drop", n)
		g.cols = slices.Delete(g.cols, i, i+1)
	}
	return g
}

// Cols keeps columns from to to-1, counted from 0; negative numbers count from the end, as in iloc[:, from:to].
func (f *Frame) Cols(from, to int) *Frame {
	from, to = span("Cols", from, to, len(f.cols))
	return &Frame{index: f.index, cols: f.cols[from:to:to]}
}

// Rows keeps rows from to to-1, counted from 0; negative numbers count from the end.
func (f *Frame) Rows(from, to int) *Frame {
	from, to = span("Rows", from, to, f.Len())
	return f.Take(upTo(from, to)...)
}

// span resolves a range of n things.
func span(op string, from, to, n int) (int, int) {
	a, b := from, to
	if a < 0 {
		a += n
	}
	if b < 0 {
		b += n
	}
	if a < 0 || b > n || a > b {
		panic(&tensor.Error{Op: "frame." + op, Msg: fmt.Sprintf("the range [%d, %d) is not in [0, %d)", from, to, n)})
	}
	return a, b
}

// Head keeps the first n rows, or all if there are fewer.
func (f *Frame) Head(n int) *Frame { return f.Rows(0, min(n, f.Len())) }

// Tail keeps the last n rows, or all if there are fewer.
func (f *Frame) Tail(n int) *Frame { return f.Rows(max(f.Len()-n, 0), f.Len()) }

// Take keeps the rows with these numbers, in this order.
func (f *Frame) Take(rows ...int) *Frame {
	g := &Frame{}
	for _, i := range rows {
		if i < 0 || i >= f.Len() {
			panic(&tensor.Error{Op: "frame.Take", Msg: fmt.Sprintf("row %d of %d", i, f.Len())})
		}
		g.index = append(g.index, f.index[i])
	}
	for _, c := range f.cols {
		g.cols = append(g.cols, c.take(rows))
	}
	return g
}

// Where keeps the rows for which keep is true; it is called with the number of each row.
func (f *Frame) Where(keep func(row int) bool) *Frame {
	return f.Take(slices.DeleteFunc(upTo(0, f.Len()), func(i int) bool { return !keep(i) })...)
}

// DropMissing leaves out the rows in which a value is missing.
func (f *Frame) DropMissing() *Frame {
	return f.Where(func(row int) bool {
		return !slices.ContainsFunc(f.cols, func(c *Series) bool { return c.Missing(row) })
	})
}

// With replaces the column of the same name, or appends the column if there is none.
func (f *Frame) With(col *Series) *Frame {
	g := &Frame{index: f.index, cols: slices.Clone(f.cols)}
	if i := f.find(col.name); i >= 0 {
		g.cols[i] = col
	} else {
		g.cols = append(g.cols, col)
	}
	if len(f.cols) == 0 {
		g.index = upTo(0, col.Len())
	}
	g.check("With")
	return g
}

// Apply replaces each column that keep accepts by f of it.
func (f *Frame) Apply(keep func(*Series) bool, fn func(*Series) *Series) *Frame {
	g := &Frame{index: f.index, cols: slices.Clone(f.cols)}
	for i, c := range g.cols {
		if keep(c) {
			g.cols[i] = fn(c)
		}
	}
	g.check("Apply")
	return g
}

// Renumber gives the rows the numbers 0, 1, 2, ...
func (f *Frame) Renumber() *Frame { return &Frame{cols: f.cols, index: upTo(0, f.Len())} }

// Tensor is the numbers as a float64 matrix [rows, columns], int64 if all columns hold integers or truths (2.2). It panics if a column holds
// texts.
func (f *Frame) Tensor() *tensor.Tensor {
	n, k := f.Len(), len(f.cols)
	data, whole := make([]float64, n*k), make([]int64, n*k)
	ints := k > 0
	for j, c := range f.cols {
		if !c.IsNumeric() {
			panic(&tensor.Error{Op: "frame.Tensor", Msg: fmt.Sprintf("column %q holds texts", c.name), Hint: "use OneHot, or leave it out with Drop"})
		}
		ints = ints && c.kind != Float
		for i := range n {
			if data[i*k+j] = c.Float(i); c.kind != Float {
				whole[i*k+j] = c.ints[i]
			}
		}
	}
	if ints {
		return tensor.Of(whole, n, k)
	}
	return tensor.Of(data, n, k)
}

// Tensor is the numbers as a vector, float64 or, of integers and truths, int64. It panics on texts.
func (s *Series) Tensor() *tensor.Tensor {
	if s.kind == Int || s.kind == Bool {
		return tensor.Of(slices.Clone(s.ints))
	}
	return tensor.Of(s.Values())
}
