package nnop

import (
	"slices"

	"github.com/fathom-ml/fathom/internal/kernel"
	"github.com/fathom-ml/fathom/tensor"
)

// A band is neighbours in the result of an interpolation along an axis, from lo up to hi, the part of the axis that they are made of,
// and how: a matrix [hi-lo, length of the part] that holds two or four weights a row. The matrix of the whole axis would be
// mostly zeros.
type band struct {
	lo, hi, from int
	weights      *tensor.Tensor
}

const bandWidth = 64

func newBand(lo, hi int, idx [][]int64, weights [][]float64, dt tensor.DType) band {
	first, last := idx[0][lo], idx[0][lo]
	for _, row := range idx {
		first, last = min(first, slices.Min(row[lo:hi])), max(last, slices.Max(row[lo:hi]))
	}
	w := tensor.ZerosOf(tensor.Float64, hi-lo, int(last-first)+1)
	d := tensor.Data[float64](w)
	for k := range idx {
		for i := lo; i < hi; i++ {
			d[(i-lo)*w.Dim(1)+int(idx[k][i]-first)] += weights[k][i]
		}
	}
	return band{lo, hi, int(first), w.AsType(wide(dt))}
}

// wide is the dtype in which operations compute: halves come as float32.
func wide(dt tensor.DType) tensor.DType {
	if dt == tensor.Float64 {
		return dt
	}
	return tensor.Float32
}

// interpolate resamples an axis; it is linear.
type interpolate struct {
	axis, out int
	bands     []band
}

func (interpolate) Name() string { return "interpolate" }
func (p interpolate) Shape(c *tensor.Call) []int {
	shape := slices.Clone(c.In(0))
	shape[p.axis] = p.out
	return shape
}
func (p interpolate) Run(c *tensor.Call) {
	x, y := p.flat(c.X(0)), p.flat(c.Y())
	for _, b := range p.bands {
		b.product(c.Dev(), part(y, b.lo, b.hi), part(x, b.from, b.from+b.weights.Dim(1)), false)
	}
}
func (p interpolate) Grad(n *tensor.Node, i int, dy *tensor.Tensor) *tensor.Tensor {
	return tensor.Do(interpolateGrad{p, slices.Clone(n.InShape(0))}, dy.Contiguous())
}

// flat is a contiguous view as [axes before, axis, axes behind].
func (p interpolate) flat(v kernel.View) kernel.View {
	n, inner := v.Shape[p.axis], product(v.Shape[p.axis+1:])
	return kernel.View{P: v.P, DT: v.DT, Shape: []int{product(v.Shape[:p.axis]), n, inner}, Strides: []int{n * inner, inner, 1}}
}

// part is the entries of the middle axis from lo up to hi.
func part(v kernel.View, lo, hi int) kernel.View {
	v.P, v.Shape = v.At(lo*v.Strides[1]), []int{v.Shape[0], hi - lo, v.Shape[2]}
	return v
}

// product sets y, [before, hi-lo, behind], to weights * x for each entry before; or, backwards, adds weightsᵀ * x to y.
func (b band) product(dev kernel.Device, y, x kernel.View, backwards bool) {
	w := b.weights.View()
	if backwards {
		w.Shape, w.Strides = []int{w.Shape[1], w.Shape[0]}, []int{w.Strides[1], w.Strides[0]}
	}
	if y.Shape[2] == 1 { // one matrix: x * weightsᵀ
		w.Shape, w.Strides = []int{w.Shape[1], w.Shape[0]}, []int{w.Strides[1], w.Strides[0]}
		dev.Gemm(lines(y), lines(x), w, backwards, kernel.Epilogue{})
		return
	}
	w.Shape, w.Strides = append([]int{y.Shape[0]}, w.Shape...), append([]int{0}, w.Strides...)
	dev.Gemm(y, w, x, backwards, kernel.Epilogue{})
}

// lines is a view [before, axis, 1] as a matrix.
func lines(v kernel.View) kernel.View {
	v.Shape, v.Strides = v.Shape[:2], []int{v.Strides[0], 1}
	return v
}

// interpolateGrad: the gradient of x from dy.
type interpolateGrad struct {
	interpolate
	shape []int
}

func (interpolateGrad) Name() string { return "interpolateGrad" }
func (p interpolateGrad) Shape(c *tensor.Call) []int {
	if want := slices.Clone(p.shape); len(c.In(0)) == len(want) {
		want[p.axis] = p.out
		if slices.Equal(c.In(0), want) {
			return p.shape
		}
	}
	return c.Fail("shapes do not belong to one interpolation", "")
}
func (p interpolateGrad) Run(c *tensor.Call) {
	c.Dev().Fill(c.Y(), 0)
	dy, dx := p.flat(c.X(0)), p.flat(c.Y())
	for _, b := range p.bands {
		b.product(c.Dev(), part(dx, b.from, b.from+b.weights.Dim(1)), part(dy, b.lo, b.hi), true)
	}
}
func (p interpolateGrad) Grad(n *tensor.Node, i int, g *tensor.Tensor) *tensor.Tensor {
	return tensor.Do(p.interpolate, g.Contiguous())
}

func interpolateCase(name string, wrong bool, shape []int, s Interpolation, lengths ...int) tensor.Case {
	return tensor.Case{Name: name, In: [][]int{shape}, Wrong: wrong, F: func(in []*tensor.Tensor) *tensor.Tensor {
		return Interpolate(in[0], s, lengths...)
	}}
}

var _ = tensor.Register(interpolate{},
	interpolateCase("nearest", false, []int{2, 3, 2}, Interpolation{}, 5, 3),
	interpolateCase("linear", false, []int{2, 3}, Interpolation{Mode: ResampleLinear}, 5),
	interpolateCase("bands", false, []int{1, 3, 2}, Interpolation{Mode: ResampleLinear}, 70, 2),
	interpolateCase("corners aligned", false, []int{1, 2, 3, 2}, Interpolation{Mode: ResampleLinear, AlignCorners: true}, 4, 3),
	interpolateCase("cubic", false, []int{4, 3}, Interpolation{Mode: ResampleCubic, Factor: 1.5}, 6, 4),
	interpolateCase("axes", true, []int{3}, Interpolation{}, 2, 2),
	interpolateCase("nothing", true, []int{2, 3}, Interpolation{}, 0),
	interpolateCase("corners", true, []int{2, 3}, Interpolation{AlignCorners: true}, 2))

var _ = tensor.Register(interpolateGrad{},
	tensor.Case{In: [][]int{{2, 4, 2}}, F: func(in []*tensor.Tensor) *tensor.Tensor { return someBand(in[0]) }},
	tensor.Case{Name: "wrong", In: [][]int{{2, 5, 2}}, Wrong: true, F: func(in []*tensor.Tensor) *tensor.Tensor { return someBand(in[0]) }})

func someBand(dy *tensor.Tensor) *tensor.Tensor {
	idx, weights := Interpolation{Mode: ResampleLinear}.taps(3, 4)
	p := interpolate{axis: 1, out: 4, bands: []band{newBand(0, 4, idx, weights, dy.DType())}}
	return tensor.Do(interpolateGrad{p, []int{2, 3, 2}}, dy)
}
