package frame

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/fathom-ml/fathom/tensor"
)

// present is the numbers that are not missing.
func (s *Series) present() []float64 {
	return slices.DeleteFunc(s.Values(), math.IsNaN)
}

// Count is the number of values that are not missing.
func (s *Series) Count() int {
	n := 0
	for i := range s.Len() {
		if !s.Missing(i) {
			n++
		}
	}
	return n
}

// Sum is the sum of the numbers that are not missing.
func (s *Series) Sum() float64 {
	sum := 0.0
	for _, v := range s.present() {
		sum += v
	}
	return sum
}

// Mean is the mean of the numbers that are not missing, NaN if there is none.
func (s *Series) Mean() float64 { return s.Sum() / float64(s.Count()) }

// Std is the standard deviation of the sample, with n-1 in the denominator; NaN of fewer than two numbers.
func (s *Series) Std() float64 {
	mean, sum := s.Mean(), 0.0
	v := s.present()
	if len(v) < 2 {
		return math.NaN()
	}
	for _, x := range v {
		sum += (x - mean) * (x - mean)
	}
	return math.Sqrt(sum / float64(len(v)-1))
}

// Min is the least number, NaN if there is none.
func (s *Series) Min() float64 { return s.Quantile(0) }

// Max is the greatest number, NaN if there is none.
func (s *Series) Max() float64 { return s.Quantile(1) }

// Median is the number in the middle, or the mean of the two there.
func (s *Series) Median() float64 { return s.Quantile(0.5) }

// Quantile is the number below which the part q of the numbers lies, on a straight line between neighbours. It panics unless
// 0 <= q <= 1.
func (s *Series) Quantile(q float64) float64 {
	if !(q >= 0 && q <= 1) {
		panic(&tensor.Error{Op: "frame.Quantile", Msg: fmt.Sprintf("%v is not in [0, 1]", q)})
	}
	v := s.present()
	if len(v) == 0 {
		return math.NaN()
	}
	slices.Sort(v)
	at := q * float64(len(v)-1)
	i := int(at)
	if part := at - float64(i); part > 0 {
		return v[i]*(1-part) + v[i+1]*part
	}
	return v[i]
}

// Standardized returns (x - mean) / std of each number (4.10). Missing ones stay so.
func (s *Series) Standardized() *Series {
	mean, std := s.Mean(), s.Std()
	return s.Map(func(v float64) float64 { return (v - mean) / std })
}

// FillMeans fills in the mean of its column where a number is missing (2.2).
func (f *Frame) FillMeans() *Frame {
	return f.Apply((*Series).IsNumeric, func(s *Series) *Series { return s.Fill(s.Mean()) })
}

// Fill fills in v where a number is missing; texts stay.
func (f *Frame) Fill(v float64) *Frame {
	return f.Apply((*Series).IsNumeric, func(s *Series) *Series { return s.Fill(v) })
}

// Standardize brings every numeric column to mean 0 and standard deviation 1; see [Series.Standardized].
func (f *Frame) Standardize() *Frame { return f.Apply((*Series).IsNumeric, (*Series).Standardized) }

// MissingCounts is a frame of two columns: the name of each column, and how many of its values are missing.
func (f *Frame) MissingCounts() *Frame {
	names, counts := Texts("column"), Ints("missing")
	for _, c := range f.cols {
		names.texts = append(names.texts, c.name)
		counts.ints = append(counts.ints, int64(c.Len()-c.Count()))
	}
	return New(names, counts)
}

// Describe is a frame with count, mean, standard deviation, least, quartiles and greatest of each numeric column.
func (f *Frame) Describe() *Frame {
	g := New(Texts("", "count", "mean", "std", "min", "25%", "50%", "75%", "max"))
	for _, c := range f.cols {
		if c.IsNumeric() {
			g = g.With(Floats(c.name, float64(c.Count()), c.Mean(), c.Std(), c.Min(), c.Quantile(0.25), c.Median(), c.Quantile(0.75), c.Max()))
		}
	}
	return g
}

// ValueCounts is how often each value occurs, the commonest first, missing ones left out: columns name and "count".
func (s *Series) ValueCounts() *Frame {
	n := map[string]int64{}
	for i := range s.Len() {
		if !s.Missing(i) {
			n[s.Text(i)]++
		}
	}
	values := s.Unique()
	slices.SortStableFunc(values, func(a, b string) int { return cmp.Compare(n[b], n[a]) })
	counts := Ints("count")
	for _, v := range values {
		counts.ints = append(counts.ints, n[v])
	}
	return New(Texts(s.name, values...), counts)
}
