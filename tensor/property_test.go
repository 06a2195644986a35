package tensor_test

import (
	"flag"
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/fathom-ml/fathom/tensor"
)

func init() { flag.Set("rapid.checks", "1000") } // the command line may ask for more

// model is an array as a child would keep it: every element in row-major order, each with the place in the base
// tensor that it came from.
type model struct {
	shape []int
	v     []float64
	from  []int
}

// pick is the model of another shape whose element i is element at(index of i) of m.
func (m model) pick(shape []int, at func(index []int) []int) model {
	out := model{shape: shape}
	eachIndex(shape, func(index []int) {
		k := 0
		for a, i := range at(index) {
			k = k*m.shape[a] + i
		}
		out.v, out.from = append(out.v, m.v[k]), append(out.from, m.from[k])
	})
	return out
}

func eachIndex(shape []int, f func(index []int)) {
	n := 1
	for _, d := range shape {
		n *= d
	}
	for i := range n {
		index := make([]int, len(shape))
		for a := len(shape) - 1; a >= 0; a-- {
			index[a] = i % shape[a]
			i /= shape[a]
		}
		f(index)
	}
}

// count is 0 ... n-1.
func count(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func drawShape(t *rapid.T, least int) []int {
	return rapid.SliceOfN(rapid.IntRange(least, 4), 0, 4).Draw(t, "shape")
}

// drawBase makes a tensor of different numbers and its model.
func drawBase(t *rapid.T, shape []int) (*tensor.Tensor, model) {
	m := model{shape: shape}
	eachIndex(shape, func([]int) {
		k := len(m.v)
		m.v, m.from = append(m.v, float64(k*37%101)-50), append(m.from, k)
	})
	return tensor.Of(m.v).Reshape(shape...), m
}

// drawView changes x and its model in the same way.
func drawView(t *rapid.T, x *tensor.Tensor, m model) (*tensor.Tensor, model) {
	nd := len(m.shape)
	switch rapid.SampledFrom([]string{"slice", "transpose", "reshape", "unsqueeze", "expand", "clone"}).Draw(t, "view") {
	case "slice":
		var rs []tensor.Range
		var shape, start, step []int
		var kept []bool
		for _, d := range m.shape {
			switch k := rapid.IntRange(0, 3).Draw(t, "range"); {
			case k == 0 && d > 0:
				i := rapid.IntRange(-d, d-1).Draw(t, "index")
				rs = append(rs, tensor.I(i))
				start, step, kept = append(start, (i+d)%d), append(step, 0), append(kept, false)
			case k == 1: // backwards
				rs = append(rs, tensor.All.By(-1))
				shape, start, step, kept = append(shape, d), append(start, d-1), append(step, -1), append(kept, true)
			default:
				from, to := rapid.IntRange(0, d+1).Draw(t, "from"), rapid.IntRange(0, d+1).Draw(t, "to")
				s := rapid.IntRange(1, 3).Draw(t, "step")
				rs = append(rs, tensor.R(from, to).By(s))
				n := 0
				for i := from; i < min(to, d); i += s {
					n++
				}
				shape, start, step, kept = append(shape, n), append(start, from), append(step, s), append(kept, true)
			}
		}
		return x.Slice(rs...), m.pick(shape, func(index []int) []int {
			out, k := slices.Clone(start), 0
			for a := range out {
				if kept[a] {
					out[a] += index[k] * step[a]
					k++
				}
			}
			return out
		})
	case "transpose":
		axes := rapid.Permutation(count(nd)).Draw(t, "axes")
		shape := make([]int, nd)
		for i, a := range axes {
			shape[i] = m.shape[a]
		}
		return x.Transpose(axes...), m.pick(shape, func(index []int) []int {
			out := make([]int, nd)
			for i, a := range axes {
				out[a] = index[i]
			}
			return out
		})
	case "reshape":
		rest := len(m.v)
		var shape []int
		for rest > 1 && len(shape) < 3 {
			var divisors []int
			for d := 1; d <= rest; d++ {
				if rest%d == 0 {
					divisors = append(divisors, d)
				}
			}
			d := rapid.SampledFrom(divisors).Draw(t, "length")
			shape, rest = append(shape, d), rest/d
		}
		shape = append(shape, rest)
		return x.Reshape(shape...), model{shape, m.v, m.from}
	case "unsqueeze":
		a := rapid.IntRange(0, nd).Draw(t, "axis")
		return x.Unsqueeze(a), model{slices.Insert(slices.Clone(m.shape), a, 1), m.v, m.from}
	case "expand":
		shape := slices.Clone(m.shape)
		for i, d := range shape {
			if d == 1 {
				shape[i] = rapid.IntRange(1, 3).Draw(t, "stretched")
			}
		}
		return x.Expand(shape...), m.pick(shape, func(index []int) []int {
			out := slices.Clone(index)
			for a, d := range m.shape {
				out[a] = min(out[a], d-1)
			}
			return out
		})
	}
	return x.Clone(), m
}

func sameAs(t *rapid.T, what string, x *tensor.Tensor, shape []int, v []float64) {
	t.Helper()
	got := x.Float64s()
	if !slices.Equal(x.Shape(), shape) && len(x.Shape())+len(shape) > 0 {
		t.Fatalf("%s: shape %v, want %v", what, x.Shape(), shape)
	}
	for i, w := range v {
		if g := got[i]; g != w && !(math.Abs(g-w) <= 1e-9*(1+math.Abs(w))) && !(g != g && w != w) {
			t.Fatalf("%s: element %d is %v, want %v", what, i, g, w)
		}
	}
}

// TestViews draws chains of views; the values are those of the model, and the gradient of a weighted sum arrives where
// the elements came from.
func TestViews(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base, m := drawBase(t, drawShape(t, 0))
		size := len(m.v)
		x := base.RequireGrad()
		for range rapid.IntRange(1, 6).Draw(t, "steps") {
			if len(m.v) > 3000 || len(m.shape) > 6 {
				break
			}
			x, m = drawView(t, x, m)
			sameAs(t, "view", x, m.shape, m.v)
		}
		if !x.Recorded() {
			return
		}
		w := make([]float64, len(m.v))
		want := make([]float64, size)
		for i := range w {
			w[i] = float64(i%7) - 2.5
			want[m.from[i]] += w[i]
		}
		x.Mul(tensor.Of(w).Reshape(m.shape...)).Sum().Backward()
		sameAs(t, "gradient", base.Grad(), base.Shape(), want)
	})
}

// TestBroadcasting draws two views whose shapes broadcast and compares arithmetic and the gradients with loops.
func TestBroadcasting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		full := drawShape(t, 1)
		operand := func() (*tensor.Tensor, model, []int) {
			shape := slices.Clone(full[rapid.IntRange(0, len(full)).Draw(t, "missing"):])
			for i := range shape {
				if rapid.Bool().Draw(t, "one") {
					shape[i] = 1
				}
			}
			x, m := drawBase(t, shape)
			x = x.T().Clone().T() // memory in another order
			return x.Detach().RequireGrad(), m, shape
		}
		x, mx, sx := operand()
		y, my, sy := operand()
		shape := make([]int, max(len(sx), len(sy)))
		at := func(s, index []int) (k int) {
			for a, d := range s {
				i := index[len(index)-len(s)+a]
				k = k*d + min(i, d-1)
			}
			return k
		}
		for i := range shape {
			shape[i] = 1
			for _, s := range [][]int{sx, sy} {
				if k := i - (len(shape) - len(s)); k >= 0 {
					shape[i] = max(shape[i], s[k])
				}
			}
		}
		var want []float64
		gx, gy := make([]float64, len(mx.v)), make([]float64, len(my.v))
		eachIndex(shape, func(index []int) {
			i, j := at(sx, index), at(sy, index)
			a, b := mx.v[i], my.v[j]
			want = append(want, a*b-b)
			gx[i] += b
			gy[j] += a - 1
		})
		z := x.Mul(y).Sub(y)
		sameAs(t, "value", z, shape, want)
		z.Backward()
		sameAs(t, "first gradient", x.Grad(), sx, gx)
		sameAs(t, "second gradient", y.Grad(), sy, gy)
	})
}

// TestReductionsOfViews folds random axes of random views and compares with loops; reducing after a permutation of
// the axes is the same.
func TestReductionsOfViews(t *testing.T) {
	folds := map[string]struct {
		f    func(x *tensor.Tensor, axes ...int) *tensor.Tensor
		fold func(v []float64) float64
	}{
		"sum": {(*tensor.Tensor).Sum, func(v []float64) (s float64) {
			for _, x := range v {
				s += x
			}
			return s
		}},
		"mean": {(*tensor.Tensor).Mean, func(v []float64) (s float64) {
			for _, x := range v {
				s += x / float64(len(v))
			}
			return s
		}},
		"prod": {(*tensor.Tensor).Prod, func(v []float64) float64 {
			p := 1.0
			for _, x := range v {
				p *= x
			}
			return p
		}},
		"var": {func(x *tensor.Tensor, axes ...int) *tensor.Tensor { return x.Var(0, axes...) }, func(v []float64) (s float64) {
			for i, x := range v { // half the mean squared difference of two
				for _, y := range v[:i] {
					s += (x - y) * (x - y) / float64(len(v)) / float64(len(v))
				}
			}
			return s
		}},
		"logSumExp": {(*tensor.Tensor).LogSumExp, func(v []float64) (s float64) {
			for _, x := range v {
				s += math.Exp(x)
			}
			return math.Log(s)
		}},
		"median": {(*tensor.Tensor).Median, func(v []float64) float64 {
			v = slices.Sorted(slices.Values(v))
			return v[(len(v)-1)/2]
		}},
		"max": {(*tensor.Tensor).Max, slices.Max[[]float64]},
		"min": {(*tensor.Tensor).Min, slices.Min[[]float64]},
	}
	names := []string{"sum", "mean", "prod", "var", "logSumExp", "median", "max", "min"}
	rapid.Check(t, func(t *rapid.T) {
		x, m := drawBase(t, drawShape(t, 1))
		for range rapid.IntRange(0, 3).Draw(t, "steps") {
			if len(m.shape) < 5 {
				x, m = drawView(t, x, m)
			}
		}
		if len(m.v) == 0 || len(m.v) > 500 {
			return
		}
		var axes, shape []int
		for a, d := range m.shape {
			if rapid.Bool().Draw(t, "fold") {
				axes = append(axes, a)
			} else {
				shape = append(shape, d)
			}
		}
		if len(axes) == 0 { // none means all
			shape = nil
			for a := range m.shape {
				axes = append(axes, a)
			}
		}
		groups := map[string][]float64{}
		k := 0
		eachIndex(m.shape, func(index []int) {
			var kept []int
			for a, i := range index {
				if !slices.Contains(axes, a) {
					kept = append(kept, i)
				}
			}
			groups[fmt.Sprint(kept)] = append(groups[fmt.Sprint(kept)], m.v[k])
			k++
		})
		name := rapid.SampledFrom(names).Draw(t, "reduction")
		c := folds[name]
		var want []float64
		eachIndex(shape, func(index []int) { want = append(want, c.fold(groups[fmt.Sprint(index)])) })
		sameAs(t, name, c.f(x, axes...), shape, want)
		perm := rapid.Permutation(count(len(m.shape))).Draw(t, "order")
		var moved []int
		for i, a := range perm {
			if slices.Contains(axes, a) {
				moved = append(moved, i)
			}
		}
		if len(moved) == len(axes) && slices.IsSorted(keptOf(perm, axes)) {
			sameAs(t, name+" of permuted axes", c.f(x.Transpose(perm...), moved...), shape, want)
		}
	})
}

// keptOf lists the axes of an order that are not folded.
func keptOf(perm, axes []int) (out []int) {
	for _, a := range perm {
		if !slices.Contains(axes, a) {
			out = append(out, a)
		}
	}
	return out
}
