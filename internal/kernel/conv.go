package kernel

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/chanconv"
	"github.com/fathom-ml/fathom/internal/kernel/direct"
	"github.com/fathom-ml/fathom/internal/kernel/vec"
	"github.com/fathom-ml/fathom/internal/pool"
)

// convShape is a convolution with its sizes worked out, per group.
type convShape struct {
	Conv
	n, h, w     int // images
	ci, co      int // channels of a group
	kh, kw      int
	oh, ow      int
	k, p        int // ci*kh*kw and oh*ow
	xs, ys, wgt int // elements of one image of x, of y, and of a group's weights
}

func shapeOf(s Conv, y, x, w View) convShape {
	c := convShape{
		Conv: s, n: x.Shape[0], h: x.Shape[2], w: x.Shape[3],
		ci: w.Shape[1], co: w.Shape[0] / s.Groups, kh: w.Shape[2], kw: w.Shape[3],
		oh: y.Shape[2], ow: y.Shape[3],
	}
	c.k, c.p = c.ci*c.kh*c.kw, c.oh*c.ow
	c.xs, c.ys, c.wgt = x.Shape[1]*c.h*c.w, y.Shape[1]*c.p, c.co*c.k
	return c
}

// columns returns the patches of one image's group as a matrix [ci*kh*kw, oh*ow]: the
// image itself if a patch is a point, else written to col.
func columns[T float](c *convShape, col, x []T) []T {
	if c.isPoint() {
		return x
	}
	i := 0
	for q := range c.ci {
		plane := x[q*c.h*c.w : (q+1)*c.h*c.w]
		for ky := range c.kh {
			for kx := range c.kw {
				for oy := range c.oh {
					d := col[i : i+c.ow]
					i += c.ow
					y := oy*c.StrideH - c.PadH + ky*c.DilationH
					if y < 0 || y >= c.h {
						clear(d)
						continue
					}
					lo, hi := c.valid(kx)
					clear(d[:lo])
					clear(d[hi:])
					r := plane[y*c.w : (y+1)*c.w]
					from := lo*c.StrideW - c.PadW + kx*c.DilationW
					if c.StrideW == 1 {
						copy(d[lo:hi], r[max(0, min(from, c.w)):])
						continue
					}
					for j := lo; j < hi; j++ {
						d[j] = r[from]
						from += c.StrideW
					}
				}
			}
		}
	}
	return col
}

// valid is the range of output columns whose tap kx falls inside the image.
func (c *convShape) valid(kx int) (lo, hi int) {
	o := c.PadW - kx*c.DilationW // input column = out*stride - o
	lo = 0
	if o > 0 {
		lo = (o + c.StrideW - 1) / c.StrideW
	}
	hi = 0
	if t := c.w - 1 + o; t >= 0 {
		hi = t/c.StrideW + 1
	}
	lo, hi = min(lo, c.ow), min(hi, c.ow)
	return lo, max(lo, hi)
}

// addColumns is the adjoint of columns: it adds the patches to the image.
func addColumns[T float](c *convShape, x, col []T) {
	i := 0
	for q := range c.ci {
		plane := x[q*c.h*c.w : (q+1)*c.h*c.w]
		for ky := range c.kh {
			for kx := range c.kw {
				lo, hi := c.valid(kx)
				for oy := range c.oh {
					d := col[i : i+c.ow]
					i += c.ow
					y := oy*c.StrideH - c.PadH + ky*c.DilationH
					if y < 0 || y >= c.h {
						continue
					}
					r := plane[y*c.w : (y+1)*c.w]
					at := lo*c.StrideW - c.PadW + kx*c.DilationW
					for _, v := range d[lo:hi] {
						r[at] += v
						at += c.StrideW
					}
				}
			}
		}
	}
}

// imageGrain is how many images are worth a worker's while.
func (c *convShape) imageGrain() int {
	return max(1, gemmParallel/2/max(1, c.Groups*c.co*c.k*c.p))
}

// Conv sets y to the cross-correlation of x and w, plus bias, activated.
func (CPU) Conv(s Conv, y, x, w, bias View, act Activation) {
	if y.Size() == 0 {
		return
	}
	c := shapeOf(s, y, x, w)
	switch y.DT {
	case Float32:
		if c.isDirect() {
			if !chanconv.Forward(c.channels(), data[float32](y), data[float32](x), data[float32](w), optional(bias), uint8(act)) {
				convDirect(c, y, x, w, bias, act)
			}
			return
		}
		conv[float32](c, y, x, w, bias, act)
	case Float64:
		conv[float64](c, y, x, w, bias, act)
	default:
		unsupported("convolution", y.DT)
	}
}

// isDirect says whether the kernels of package direct take the convolution. A
// window of one pixel is a matrix product without them.
func (c *convShape) isDirect() bool {
	return direct.Fast() && c.n*c.p*c.k*c.co > 0 && !c.isPoint()
}

// isPoint says whether the patches are the image itself.
func (c *convShape) isPoint() bool {
	return c.kh == 1 && c.kw == 1 && c.StrideH == 1 && c.StrideW == 1 && c.PadH == 0 && c.PadW == 0
}

func (c *convShape) direct() direct.Shape {
	return direct.Shape{
		N: c.n, C: c.ci * c.Groups, H: c.h, W: c.w, O: c.co * c.Groups, KH: c.kh, KW: c.kw, OH: c.oh, OW: c.ow,
		StrideH: c.StrideH, StrideW: c.StrideW, PadH: c.PadH, PadW: c.PadW,
		DilationH: c.DilationH, DilationW: c.DilationW, Groups: c.Groups,
	}
}

// channels is the shape for package chanconv, which is asked first.
func (c *convShape) channels() chanconv.Shape {
	return chanconv.Shape{
		N: c.n, Groups: c.Groups, CI: c.ci, H: c.h, W: c.w, CO: c.co, KH: c.kh, KW: c.kw, OH: c.oh, OW: c.ow,
		StrideH: c.StrideH, StrideW: c.StrideW, PadH: c.PadH, PadW: c.PadW,
		DilationH: c.DilationH, DilationW: c.DilationW,
	}
}

// optional is the numbers of v, nil if there are none.
func optional(v View) []float32 {
	if v.P == nil {
		return nil
	}
	return data[float32](densed(v))
}

func convDirect(c convShape, y, x, w, bias View, act Activation) {
	var finish func(channel int, plane []float32)
	if bias.P != nil || act != NoActivation {
		b := densed(bias)
		finish = func(channel int, plane []float32) {
			if b.P != nil {
				vec.AddS(plane, plane, data[float32](b)[channel])
			}
			activate(act, plane)
		}
	}
	direct.Forward(c.direct(), data[float32](y), data[float32](x), data[float32](w), finish)
}

func conv[T float](c convShape, yv, xv, wv, bias View, act Activation) {
	y, x, w := data[T](yv), data[T](xv), data[T](wv)
	pool.For(c.n, c.imageGrain(), func(lo, hi int) {
		var col []T
		if !c.isPoint() {
			col = make([]T, c.k*c.p)
		}
		for i := lo; i < hi; i++ {
			for g := range c.Groups {
				col := columns(&c, col, x[i*c.xs+g*c.ci*c.h*c.w:])
				o := y[i*c.ys+g*c.co*c.p:][:c.co*c.p]
				multiply(c.co, c.p, c.k, from(w, g*c.wgt, c.k, 1), from(col, 0, c.p, 1), &o[0], c.p, false)
				for j := range c.co {
					r := o[j*c.p : (j+1)*c.p]
					if bias.P != nil {
						b := *at[T](bias, (g*c.co+j)*bias.Strides[0])
						for l := range r {
							r[l] += b
						}
					}
					activate(act, r)
				}
			}
		}
	})
}

// from is a matrix that starts at element i of x; x may be empty.
func from[T float](x []T, i, rs, cs int) matrix[T] {
	if i >= len(x) {
		return matrix[T]{}
	}
	return matrix[T]{&x[i], rs, cs}
}

// ConvGradX sets dx from dy and w.
func (CPU) ConvGradX(s Conv, dx, dy, w View) {
	if dx.Size() == 0 {
		return
	}
	c := shapeOf(s, dy, dx, w)
	switch dx.DT {
	case Float32:
		if c.isDirect() {
			if chanconv.GradX(c.channels(), data[float32](dx), data[float32](dy), data[float32](w)) {
				return
			}
			if s.StrideH == 1 && s.StrideW == 1 {
				direct.GradX(c.direct(), data[float32](dx), data[float32](dy), data[float32](w))
				return
			}
			if s.Groups > 1 { // whose columns are narrow
				spreadGradX(c, data[float32](dx), data[float32](dy), data[float32](w))
				return
			}
		}
		convGradX[float32](c, dx, dy, w)
	case Float64:
		convGradX[float64](c, dx, dy, w)
	default:
		unsupported("convolution", dx.DT)
	}
}

// spreadGradX is ConvGradX for strides: dy with zeros between its pixels is the gradient of the same convolution without
// strides.
func spreadGradX(c convShape, dx, dy, w []float32) {
	t := c
	t.StrideH, t.StrideW = 1, 1
	t.oh, t.ow = c.h+2*c.PadH-c.DilationH*(c.kh-1), c.w+2*c.PadW-c.DilationW*(c.kw-1)
	t.p = t.oh * t.ow
	planes := c.n * c.co * c.Groups
	wide := make([]float32, planes*t.p)
	pool.For(planes, max(1, gemmParallel/2/t.p), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			for y := range c.oh {
				row := wide[i*t.p+y*c.StrideH*t.ow:]
				for x, v := range dy[i*c.p+y*c.ow:][:c.ow] {
					row[x*c.StrideW] = v
				}
			}
		}
	})
	if !chanconv.GradX(t.channels(), dx, wide, w) {
		direct.GradX(t.direct(), dx, wide, w)
	}
}

func convGradX[T float](c convShape, dxv, dyv, wv View) {
	dx, dy, w := data[T](dxv), data[T](dyv), data[T](wv)
	pool.For(c.n, c.imageGrain(), func(lo, hi int) {
		var col []T
		if !c.isPoint() {
			col = make([]T, c.k*c.p+1)
		}
		for i := lo; i < hi; i++ {
			if !c.isPoint() || c.co == 0 { // else the products fill it
				clear(dx[i*c.xs : (i+1)*c.xs])
			}
			for g := range c.Groups {
				if c.isPoint() {
					multiply(c.k, c.p, c.co, from(w, g*c.wgt, 1, c.k), from(dy, i*c.ys+g*c.co*c.p, c.p, 1), &dx[i*c.xs+g*c.ci*c.p], c.p, false)
					continue
				}
				multiply(c.k, c.p, c.co, from(w, g*c.wgt, 1, c.k), from(dy, i*c.ys+g*c.co*c.p, c.p, 1), &col[0], c.p, false)
				addColumns(&c, dx[i*c.xs+g*c.ci*c.h*c.w:], col)
			}
		}
	})
}

// ConvGradW sets dw from dy and x: each worker sums its images, and the sums
// are added in the workers' order.
func (CPU) ConvGradW(s Conv, dw, dy, x View) {
	c := shapeOf(s, dy, x, dw)
	switch dw.DT {
	case Float32:
		if c.isDirect() {
			if !chanconv.GradW(c.channels(), data[float32](dw), data[float32](dy), data[float32](x)) {
				direct.GradW(c.direct(), data[float32](dw), data[float32](dy), data[float32](x))
			}
			return
		}
		convGradW[float32](c, dw, dy, x)
	case Float64:
		convGradW[float64](c, dw, dy, x)
	default:
		unsupported("convolution", dw.DT)
	}
}

func convGradW[T float](c convShape, dwv, dyv, xv View) {
	dw, dy, x := data[T](dwv), data[T](dyv), data[T](xv)
	clear(dw)
	if len(dw) == 0 || len(dy) == 0 || len(x) == 0 {
		return
	}
	parts := max(1, min(pool.Workers(), c.n/c.imageGrain()))
	sums := make([]T, (parts-1)*len(dw))
	pool.For(parts, 1, func(lo, hi int) {
		var col []T
		if !c.isPoint() {
			col = make([]T, c.k*c.p)
		}
		for part := lo; part < hi; part++ {
			d := dw
			if part > 0 {
				d = sums[(part-1)*len(dw) : part*len(dw)]
			}
			for i := part * c.n / parts; i < (part+1)*c.n/parts; i++ {
				for g := range c.Groups {
					col := columns(&c, col, x[i*c.xs+g*c.ci*c.h*c.w:])
					multiply(c.co, c.k, c.p, from(dy, i*c.ys+g*c.co*c.p, c.p, 1), from(col, 0, 1, c.p), &d[g*c.wgt], c.k, true)
				}
			}
		}
	})
	for part := range parts - 1 {
		addScaledRun(dwv.DT, unsafe.Pointer(&dw[0]), unsafe.Pointer(&dw[0]), unsafe.Pointer(&sums[part*len(dw)]), len(dw), 1)
	}
}
