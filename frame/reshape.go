package frame

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/fathom-ml/fathom/tensor"
)

// OneHot replaces each column of texts by indicators, 1 where the row has that text: columns NAME_TEXT in the order of the sorted
// texts, and NAME_nan for missing ones if missing is true (2.2, 4.10). As in pandas, the numeric columns come first.
func (f *Frame) OneHot(missing bool) *Frame {
	g := &Frame{index: f.index}
	for _, c := range f.cols {
		if c.IsNumeric() {
			g.cols = append(g.cols, c)
		}
	}
	for _, c := range f.cols {
		if c.IsNumeric() {
			continue
		}
		values := c.Unique()
		slices.Sort(values)
		hot := map[string]*Series{}
		for _, v := range values {
			hot[v] = &Series{name: c.name + "_" + v, kind: Int, ints: make([]int64, c.Len())}
			g.cols = append(g.cols, hot[v])
		}
		gone := &Series{name: c.name + "_nan", kind: Int, ints: make([]int64, c.Len())}
		for i := range c.Len() {
			if c.Missing(i) {
				gone.ints[i] = 1
			} else {
				hot[c.texts[i]].ints[i] = 1
			}
		}
		if missing {
			g.cols = append(g.cols, gone)
		}
	}
	g.check("OneHot")
	return g
}

// Concat puts the rows of frames below one another. Columns are matched by name; where a frame lacks one, its rows miss the value.
// Numbers and texts in one column become texts.
func Concat(frames ...*Frame) *Frame {
	g := &Frame{}
	for _, f := range frames {
		g.index = append(g.index, f.index...)
		for _, c := range f.cols {
			if !g.Has(c.name) {
				g.cols = append(g.cols, c)
			}
		}
	}
	for k, c := range g.cols {
		var parts []*Series
		for _, f := range frames {
			if i := f.find(c.name); i >= 0 {
				parts = append(parts, f.cols[i])
			} else {
				parts = append(parts, c.take(slices.Repeat([]int{-1}, f.Len())))
			}
		}
		g.cols[k] = join(c.name, parts)
	}
	return g
}

// join puts columns below one another in the kind that holds all.
func join(name string, parts []*Series) *Series {
	t := &Series{name: name, kind: parts[0].kind}
	for _, p := range parts {
		switch {
		case p.Len() == 0 || p.kind == t.kind:
		case p.kind == Text || t.kind == Text:
			t.kind = Text
		case p.kind == Float || t.kind == Float:
			t.kind = Float
		default:
			t.kind = Int
		}
	}
	for _, p := range parts {
		for i := range p.Len() {
			switch t.kind {
			case Float:
				t.floats = append(t.floats, p.Float(i))
			case Text:
				t.texts, t.gone = append(t.texts, p.Text(i)), append(t.gone, p.Missing(i))
			default:
				t.ints = append(t.ints, p.ints[i])
			}
		}
	}
	return t
}

// ConcatColumns puts the columns of frames beside one another. It panics if the numbers of rows differ or two columns have the same
// name.
func ConcatColumns(frames ...*Frame) *Frame {
	g := &Frame{}
	for _, f := range frames {
		if len(g.cols) == 0 {
			g.index = f.index
		}
		g.cols = append(g.cols, f.cols...)
	}
	g.check("ConcatColumns")
	return g
}

// Sort orders the rows by a column, the least first or, if down is true, the greatest. Equal ones keep their order, missing
// ones come last.
func (f *Frame) Sort(name string, down bool) *Frame {
	c := f.cols[f.at("Sort", name)]
	rows := upTo(0, f.Len())
	slices.SortStableFunc(rows, func(a, b int) int {
		if ma, mb := c.Missing(a), c.Missing(b); ma || mb {
			return cmp.Compare(number(ma), number(mb))
		}
		by := 0
		switch c.kind {
		case Text:
			by = strings.Compare(c.texts[a], c.texts[b])
		case Float:
			by = cmp.Compare(c.floats[a], c.floats[b])
		default:
			by = cmp.Compare(c.ints[a], c.ints[b])
		}
		if down {
			return -by
		}
		return by
	})
	return f.Take(rows...)
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Groups is the rows of a frame by the values of a column; see [Frame.GroupBy].
type Groups struct {
	by   *Series
	keys *Frame // one row a group
	rest []*Series
	rows [][]int
}

// GroupBy groups the rows by the values of a column. Rows that miss the value are left out; groups are sorted by their value.
func (f *Frame) GroupBy(name string) *Groups {
	i := f.at("GroupBy", name)
	g := &Groups{by: f.cols[i], rest: slices.Delete(slices.Clone(f.cols), i, i+1)}
	place := map[string]int{}
	var first []int
	sorted := f.Renumber().Sort(name, false)
	for _, row := range sorted.index {
		if g.by.Missing(row) {
			continue
		}
		key := g.by.Text(row)
		k, ok := place[key]
		if !ok {
			k = len(g.rows)
			place[key] = k
			first, g.rows = append(first, row), append(g.rows, nil)
		}
		g.rows[k] = append(g.rows[k], row)
	}
	g.keys = New(g.by.take(first))
	return g
}

// Agg is a frame of one row a group: the value of the group, and fn of the group's part of each numeric column.
func (g *Groups) Agg(fn func(*Series) float64) *Frame {
	f := g.keys
	for _, c := range g.rest {
		if !c.IsNumeric() {
			continue
		}
		out := make([]float64, len(g.rows))
		for k, rows := range g.rows {
			out[k] = fn(c.take(rows))
		}
		s := Floats(c.name, out...)
		if c.kind != Float && !slices.ContainsFunc(out, func(v float64) bool { return v != math.Trunc(v) || math.Abs(v) > 1<<53 }) {
			s = whole(s)
		}
		f = f.With(s)
	}
	return f
}

// whole is a column of whole floats as integers.
func whole(s *Series) *Series {
	t := Ints(s.name, make([]int64, len(s.floats))...)
	for i, v := range s.floats {
		t.ints[i] = int64(v)
	}
	return t
}

// Mean is the mean of each numeric column in each group.
func (g *Groups) Mean() *Frame {
	f := g.Agg((*Series).Mean)
	return f.Apply(func(s *Series) bool { return s.kind == Int && s.name != g.by.name }, func(s *Series) *Series { return Floats(s.name, s.Values()...) })
}

// Sum is the sum of each numeric column in each group.
func (g *Groups) Sum() *Frame { return g.Agg((*Series).Sum) }

// Size is the number of rows of each group, in a column "size".
func (g *Groups) Size() *Frame {
	n := make([]int64, len(g.rows))
	for k, rows := range g.rows {
		n[k] = int64(len(rows))
	}
	if g.by.name == "size" {
		panic(&tensor.Error{Op: "frame.Size", Msg: fmt.Sprintf("the column is called %q", g.by.name), Hint: "rename it"})
	}
	return g.keys.With(Ints("size", n...))
}
