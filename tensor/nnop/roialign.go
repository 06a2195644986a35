package nnop

import (
	"fmt"
	"math"
	"slices"

	"github.com/fathom-ml/fathom/internal/kernel"
	"github.com/fathom-ml/fathom/tensor"
)

// ROI says how regions of interest are cut out of images.
type ROI struct {
	Out      [2]int  // rows and columns of the result
	Scale    float64 // of the images by the coordinates of the boxes; 0 means 1
	Samples  int     // per cell and axis, for ROIAlign; 0: as many as the cell has pixels
	HalfLess bool    // ROIAlign moves the boxes by half a pixel ("aligned" in torchvision) and does not make small ones larger
}

// A region is a part of an image and how the rows and columns of the result are made of its rows and columns:
// out = rows * part * columnsᵀ.
type region struct {
	image, top, left int
	rows, columns    *tensor.Tensor // [out rows, height of the part], [out columns, width of the part]
}

// part is the region's part of images [n, c, h, w].
func (r region) part(x kernel.View) kernel.View {
	s := x.Strides
	x.P = x.At(r.image*s[0] + r.top*s[2] + r.left*s[3])
	x.Shape = []int{x.Shape[1], r.rows.Dim(1), r.columns.Dim(1)}
	x.Strides = slices.Clone(s[1:])
	return x
}

// all repeats a matrix for each channel.
func all(m *tensor.Tensor, channels int, transposed bool) kernel.View {
	v := m.View()
	a, b := 0, 1
	if transposed {
		a, b = 1, 0
	}
	return kernel.View{P: v.P, DT: v.DT, Shape: []int{channels, v.Shape[a], v.Shape[b]}, Strides: []int{0, v.Strides[a], v.Strides[b]}}
}

// roiAlign is linear in the images.
type roiAlign struct {
	out     [2]int
	regions []region
}

func (roiAlign) Name() string { return "roiAlign" }
func (p roiAlign) Shape(c *tensor.Call) []int {
	c.Float(0)
	x := c.In(0)
	if len(x) != 4 {
		return c.Fail("wants images [n, c, h, w]", "")
	}
	return c.Dims(len(p.regions), x[1], p.out[0], p.out[1])
}
func (p roiAlign) Run(c *tensor.Call) {
	x, y := c.X(0), c.Y()
	k := x.Shape[1]
	c.Dev().Fill(y, 0)
	for i, r := range p.regions {
		if r.rows.Size() == 0 || r.columns.Size() == 0 || k == 0 {
			continue
		}
		narrow := c.Scratch(tensor.DType(x.DT), k, r.rows.Dim(1), p.out[1])
		c.Dev().Gemm(narrow.View(), r.part(x), all(r.columns, k, true), false, kernel.Epilogue{})
		c.Dev().Gemm(row(y, i), all(r.rows, k, false), narrow.View(), false, kernel.Epilogue{})
		c.Drop(narrow)
	}
}
func (p roiAlign) Grad(n *tensor.Node, i int, dy *tensor.Tensor) *tensor.Tensor {
	return tensor.Do(roiAlignGrad{p, slices.Clone(n.InShape(0))}, dy.Contiguous())
}

// row is y[i].
func row(y kernel.View, i int) kernel.View {
	return kernel.View{P: y.At(i * y.Strides[0]), DT: y.DT, Shape: y.Shape[1:], Strides: y.Strides[1:]}
}

// roiAlignGrad: the gradient of the images from dy.
type roiAlignGrad struct {
	roiAlign
	shape []int
}

func (roiAlignGrad) Name() string { return "roiAlignGrad" }
func (p roiAlignGrad) Shape(c *tensor.Call) []int {
	if !slices.Equal(c.In(0), []int{len(p.regions), p.shape[1], p.out[0], p.out[1]}) {
		c.Fail("shapes do not belong to one cutting", "")
	}
	return p.shape
}
func (p roiAlignGrad) Run(c *tensor.Call) {
	dy, dx := c.X(0), c.Y()
	k := dx.Shape[1]
	c.Dev().Fill(dx, 0)
	for i, r := range p.regions {
		if r.rows.Size() == 0 || r.columns.Size() == 0 || k == 0 {
			continue
		}
		narrow := c.Scratch(tensor.DType(dx.DT), k, r.rows.Dim(1), p.out[1])
		c.Dev().Gemm(narrow.View(), all(r.rows, k, true), row(dy, i), false, kernel.Epilogue{})
		c.Dev().Gemm(r.part(dx), narrow.View(), all(r.columns, k, false), true, kernel.Epilogue{})
		c.Drop(narrow)
	}
}
func (p roiAlignGrad) Grad(n *tensor.Node, i int, g *tensor.Tensor) *tensor.Tensor {
	return tensor.Do(p.roiAlign, g.Contiguous())
}

// ROIAlign cuts boxes out of images and makes each s.Out large: a cell of the result is the average of samples, found by bilinear
// interpolation at points that need not be whole, so that small moves of a box move the result (He et al., 2017). No gradient
// reaches the boxes; an Inf or a NaN spreads over a box. Shapes: x [n, c, h, w], boxes [k, 5] with the number of an image and the
// corners x1, y1, x2, y2; the result is [k, c, out...]. It panics if shapes do not fit, a box names an image that is not there, or a
// number of a box is not finite.
func ROIAlign(x, boxes *tensor.Tensor, s ROI) *tensor.Tensor {
	checkBoxes("roiAlign", x, boxes, s)
	p := roiAlign{out: s.Out}
	b := boxes.Detach().Float64s()
	for i := 0; i < len(b); i += 5 {
		p.regions = append(p.regions, s.region(b[i:i+5], x))
	}
	return tensor.Do(p, x.Contiguous())
}

func checkBoxes(op string, x, boxes *tensor.Tensor, s ROI) {
	if x.NDim() != 4 || x.Dim(2) < 1 || x.Dim(3) < 1 || boxes.NDim() != 2 || boxes.Dim(1) != 5 {
		tensor.Misuse(op, "wants images [n, c, h, w] and boxes [k, 5]", "a box is the number of an image, x1, y1, x2, y2", x, boxes)
	}
	if min(s.Out[0], s.Out[1]) < 1 || s.Samples < 0 || s.Scale < 0 {
		tensor.Misuse(op, fmt.Sprintf("cannot cut regions with %+v", s), "", x, boxes)
	}
	for i, v := range boxes.Detach().Float64s() {
		switch {
		case math.IsNaN(v) || math.IsInf(v, 0):
			tensor.Misuse(op, fmt.Sprintf("box %d is not finite", i/5), "", x, boxes)
		case i%5 == 0 && (v < 0 || v >= float64(x.Dim(0))):
			tensor.Misuse(op, fmt.Sprintf("there is no image %v", v), "the first number of a box is the image's", x, boxes)
		}
	}
}

func (s ROI) scale() float64 {
	if s.Scale == 0 {
		return 1
	}
	return s.Scale
}

func (s ROI) region(box []float64, x *tensor.Tensor) region {
	r := region{image: int(box[0])}
	r.left, r.columns = s.axis(box[1], box[3], x.Dim(3), s.Out[1])
	r.top, r.rows = s.axis(box[2], box[4], x.Dim(2), s.Out[0])
	r.rows, r.columns = r.rows.AsType(wide(x.DType())), r.columns.AsType(wide(x.DType()))
	return r
}

// axis is how out cells between from and to are made of the n pixels of an axis: the first of the pixels that matter, and the
// weights [out, pixels].
func (s ROI) axis(from, to float64, n, out int) (first int, weights *tensor.Tensor) {
	shift := 0.0
	if s.HalfLess {
		shift = 0.5
	}
	start := from*s.scale() - shift
	side := to*s.scale() - shift - start
	if !s.HalfLess {
		side = max(side, 1)
	}
	cell := side / float64(out)
	samples := s.Samples
	if samples == 0 {
		samples = max(int(math.Ceil(cell)), 0)
	}
	w := make([][]float64, out)
	last := -1
	first = n
	for i := range w {
		w[i] = make([]float64, n)
		for k := range samples {
			at := start + float64(i)*cell + (float64(k)+0.5)*cell/float64(samples)
			if at < -1 || at > float64(n) {
				continue
			}
			at = min(max(at, 0), float64(n-1))
			low := int(at)
			high := min(low+1, n-1)
			t := at - float64(low)
			w[i][low] += (1 - t) / float64(samples)
			w[i][high] += t / float64(samples)
			first, last = min(first, low), max(last, high)
		}
	}
	if last < 0 {
		return 0, tensor.ZerosOf(tensor.Float64, out, 0)
	}
	weights = tensor.ZerosOf(tensor.Float64, out, last-first+1)
	d := tensor.Data[float64](weights)
	for i := range w {
		copy(d[i*(last-first+1):], w[i][first:last+1])
	}
	return first, weights
}

func roiCase(name string, s ROI, box ...float64) tensor.Case {
	return tensor.Case{Name: name, In: [][]int{{2, 2, 4, 5}}, F: func(in []*tensor.Tensor) *tensor.Tensor {
		return ROIAlign(in[0], tensor.Of(box, len(box)/5, 5), s)
	}}
}

var _ = tensor.Register(roiAlign{},
	roiCase("samples", ROI{Out: [2]int{2, 2}, Samples: 2}, 1, 0.5, 0.2, 3.5, 2.9, 0, 1, 1, 2, 3),
	roiCase("beyond", ROI{Out: [2]int{3, 2}, HalfLess: true}, 0, -2, -1, 3, 9, 1, 20, 20, 30, 30),
	roiCase("scaled", ROI{Out: [2]int{1, 3}, Scale: 0.5}, 0, 0, 0, 9, 7),
	tensor.Case{Name: "wrong", In: [][]int{{2, 4, 5}, {1, 5}}, Wrong: true, F: func(in []*tensor.Tensor) *tensor.Tensor {
		return ROIAlign(in[0], in[1], ROI{Out: [2]int{1, 1}})
	}})

var _ = tensor.Register(roiAlignGrad{},
	tensor.Case{In: [][]int{{1, 2, 2, 2}}, F: func(in []*tensor.Tensor) *tensor.Tensor { return someRegion(in[0]) }},
	tensor.Case{Name: "wrong", In: [][]int{{1, 2, 2, 3}}, Wrong: true, F: func(in []*tensor.Tensor) *tensor.Tensor { return someRegion(in[0]) }})

func someRegion(dy *tensor.Tensor) *tensor.Tensor {
	x := tensor.ZerosOf(dy.DType(), 1, 2, 4, 4)
	s := ROI{Out: [2]int{2, 2}, Samples: 2}
	return tensor.Do(roiAlignGrad{roiAlign{s.Out, []region{s.region([]float64{0, 0.5, 1, 3, 3.3}, x)}}, x.Shape()}, dy)
}
