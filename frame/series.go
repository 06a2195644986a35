package frame

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/fathom-ml/fathom/tensor"
)

// Kind is the type of a column.
type Kind uint8

// The kinds of columns. Integers and truths cannot be missing: a column of integers with a gap is one of floats.
const (
	Float Kind = iota // float64; NaN is missing
	Int               // int64
	Bool
	Text // strings, each of which may be missing
)

// String is NumPy's name of the kind: float64, int64, bool or object.
func (k Kind) String() string { return [...]string{"float64", "int64", "bool", "object"}[k] }

// Series is a named column. Make one with [Floats], [Ints], [Bools] or [Texts].
type Series struct {
	name   string
	kind   Kind
	floats []float64
	ints   []int64 // of Bool: 0 and 1
	texts  []string
	gone   []bool // which texts are missing; nil: none
}

// Floats returns a column of floats.
func Floats(name string, values ...float64) *Series {
	return &Series{name: name, kind: Float, floats: slices.Clone(values)}
}

// Ints returns a column of integers.
func Ints(name string, values ...int64) *Series {
	return &Series{name: name, kind: Int, ints: slices.Clone(values)}
}

// Bools returns a column of truths.
func Bools(name string, values ...bool) *Series {
	s := &Series{name: name, kind: Bool, ints: make([]int64, len(values))}
	for i, v := range values {
		if v {
			s.ints[i] = 1
		}
	}
	return s
}

// Texts returns a column of texts, none of which is missing; see [Series.Blank].
func Texts(name string, values ...string) *Series {
	return &Series{name: name, kind: Text, texts: slices.Clone(values)}
}

// Blank returns the column with those texts missing that are equal to one of marks.
func (s *Series) Blank(marks ...string) *Series {
	s.must("Blank", Text)
	t := *s
	t.gone = make([]bool, len(s.texts))
	for i, v := range s.texts {
		t.gone[i] = s.Missing(i) || slices.Contains(marks, v)
	}
	return &t
}

// Name is the column's name.
func (s *Series) Name() string { return s.name }

// Kind is the type of the column.
func (s *Series) Kind() Kind { return s.kind }

// Len is the number of values, missing ones included.
func (s *Series) Len() int {
	switch s.kind {
	case Float:
		return len(s.floats)
	case Text:
		return len(s.texts)
	}
	return len(s.ints)
}

// IsNumeric says whether the column holds floats, integers or truths.
func (s *Series) IsNumeric() bool { return s.kind != Text }

// Renamed is the column under another name.
func (s *Series) Renamed(name string) *Series {
	t := *s
	t.name = name
	return &t
}

// Missing says whether value i is missing.
func (s *Series) Missing(i int) bool {
	switch s.kind {
	case Float:
		return math.IsNaN(s.floats[i])
	case Text:
		return s.gone != nil && s.gone[i]
	}
	return false
}

// Float is value i as a number, NaN if it is missing; truths are 0 and 1. It panics on texts.
func (s *Series) Float(i int) float64 {
	switch s.kind {
	case Float:
		return s.floats[i]
	case Text:
		s.must("Float", Float)
	}
	return float64(s.ints[i])
}

// Text is value i as a text, "" if it is missing.
func (s *Series) Text(i int) string {
	switch {
	case s.Missing(i):
		return ""
	case s.kind == Float:
		return formatted(s.floats[i])
	case s.kind == Int:
		return strconv.FormatInt(s.ints[i], 10)
	case s.kind == Bool && s.ints[i] == 1:
		return "True"
	case s.kind == Bool:
		return "False"
	}
	return s.texts[i]
}

// formatted is the shortest text that reads back as v, in Python's form.
func formatted(v float64) string {
	switch a := math.Abs(v); {
	case math.IsInf(v, 1):
		return "inf"
	case math.IsInf(v, -1):
		return "-inf"
	case a != 0 && (a < 1e-4 || a >= 1e16):
		return strconv.FormatFloat(v, 'e', -1, 64)
	}
	t := strconv.FormatFloat(v, 'f', -1, 64)
	if !strings.Contains(t, ".") {
		t += ".0"
	}
	return t
}

// Values is a copy of the numbers, as [Series.Float] gives them.
func (s *Series) Values() []float64 {
	v := make([]float64, s.Len())
	for i := range v {
		v[i] = s.Float(i)
	}
	return v
}

// Map returns a column of floats, f of each value that is not missing.
func (s *Series) Map(f func(float64) float64) *Series {
	t := Floats(s.name, s.Values()...)
	for i, v := range t.floats {
		if !math.IsNaN(v) {
			t.floats[i] = f(v)
		}
	}
	return t
}

// Fill returns the column with v where a number is missing.
func (s *Series) Fill(v float64) *Series {
	if s.kind == Int || s.kind == Bool {
		return s
	}
	s.must("Fill", Float)
	t := Floats(s.name, s.floats...)
	for i, x := range t.floats {
		if math.IsNaN(x) {
			t.floats[i] = v
		}
	}
	return t
}

// FillText returns the column with v where a text is missing.
func (s *Series) FillText(v string) *Series {
	s.must("FillText", Text)
	t := Texts(s.name, s.texts...)
	for i := range t.texts {
		if s.Missing(i) {
			t.texts[i] = v
		}
	}
	return t
}

// Unique lists the different texts of the values in the order in which they first appear, without missing ones.
func (s *Series) Unique() []string {
	seen := map[string]bool{}
	var list []string
	for i := range s.Len() {
		if t := s.Text(i); !s.Missing(i) && !seen[t] {
			seen[t] = true
			list = append(list, t)
		}
	}
	return list
}

// take is the values at the given places; -1 gives a missing value, which turns integers into floats.
func (s *Series) take(at []int) *Series {
	t := &Series{name: s.name, kind: s.kind}
	if s.kind != Text && slices.Contains(at, -1) {
		t.kind = Float
	}
	for _, i := range at {
		switch {
		case t.kind == Float && i < 0:
			t.floats = append(t.floats, math.NaN())
		case t.kind == Float:
			t.floats = append(t.floats, s.Float(i))
		case t.kind == Text && i < 0:
			t.texts, t.gone = append(t.texts, ""), append(t.gone, true)
		case t.kind == Text:
			t.texts, t.gone = append(t.texts, s.texts[i]), append(t.gone, s.Missing(i))
		default:
			t.ints = append(t.ints, s.ints[i])
		}
	}
	return t
}

// must panics unless the column is of the kind.
func (s *Series) must(op string, k Kind) {
	if s.kind != k {
		panic(&tensor.Error{Op: "frame." + op, Msg: fmt.Sprintf("column %q holds %v, not %v", s.name, s.kind, k)})
	}
}
