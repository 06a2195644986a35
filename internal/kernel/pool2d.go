package kernel

import (
	"math"

	"github.com/fathom-ml/fathom/internal/pool"
)

// Pool sets y to the maximum or the average of each window of x; a maximum
// leaves its offset inside the plane in arg, if wanted. A NaN wins.
func (CPU) Pool(s Pool, y, x, arg View) {
	if y.Size() == 0 {
		return
	}
	switch y.DT {
	case Float32:
		pool2D[float32](s, y, x, arg)
	case Float64:
		pool2D[float64](s, y, x, arg)
	default:
		unsupported("pooling", y.DT)
	}
}

func pool2D[T float](s Pool, yv, xv, argv View) {
	y, x := data[T](yv), data[T](xv)
	var arg []int32
	if argv.P != nil {
		arg = data[int32](argv)
	}
	h, w := xv.Shape[2], xv.Shape[3]
	oh, ow := yv.Shape[2], yv.Shape[3]
	planes := yv.Shape[0] * yv.Shape[1]
	pool.For(planes, max(1, grainDear/(oh*ow)), func(lo, hi int) {
		for c := lo; c < hi; c++ {
			var a []int32
			if arg != nil {
				a = arg[c*oh*ow : (c+1)*oh*ow]
			}
			xp, yp := x[c*h*w:(c+1)*h*w], y[c*oh*ow:(c+1)*oh*ow]
			switch half := s.isHalving(); {
			case s.Max && half:
				maxHalf(yp, xp, a, w, ow)
			case s.Max:
				maxPlane(s, yp, xp, a, h, w, ow)
			case half:
				avgHalf(yp, xp, w, ow)
			default:
				avgPlane(s, yp, xp, h, w, ow)
			}
		}
	})
}

// window is the part of an axis of length n that output o looks at.
func window(o, stride, pad, k, n int) (lo, hi int) {
	lo = o*stride - pad
	return max(lo, 0), min(lo+k, n)
}

func maxPlane[T float](s Pool, y, x []T, arg []int32, h, w, ow int) {
	for i := range y {
		r0, r1 := window(i/ow, s.StrideH, s.PadH, s.KH, h)
		c0, c1 := window(i%ow, s.StrideW, s.PadW, s.KW, w)
		best, at := T(math.Inf(-1)), -1
	search:
		for r := r0; r < r1; r++ {
			for j, v := range x[r*w+c0 : r*w+max(c0, c1)] {
				if v > best || at < 0 || v != v {
					best, at = v, r*w+c0+j
					if v != v {
						break search
					}
				}
			}
		}
		y[i] = best
		if arg != nil {
			arg[i] = int32(at)
		}
	}
}

func avgPlane[T float](s Pool, y, x []T, h, w, ow int) {
	f := 1 / T(s.KH*s.KW)
	for i := range y {
		r0, r1 := window(i/ow, s.StrideH, s.PadH, s.KH, h)
		c0, c1 := window(i%ow, s.StrideW, s.PadW, s.KW, w)
		var sum T
		for r := r0; r < r1; r++ {
			for _, v := range x[r*w+c0 : r*w+max(c0, c1)] {
				sum += v
			}
		}
		y[i] = sum * f
	}
}

// PoolGrad sets dx from dy, and arg for max pooling.
func (CPU) PoolGrad(s Pool, dx, dy, arg View) {
	if dx.Size() == 0 {
		return
	}
	switch dx.DT {
	case Float32:
		poolGrad[float32](s, dx, dy, arg)
	case Float64:
		poolGrad[float64](s, dx, dy, arg)
	default:
		unsupported("pooling", dx.DT)
	}
}

func poolGrad[T float](s Pool, dxv, dyv, argv View) {
	dx, dy := data[T](dxv), data[T](dyv)
	h, w := dxv.Shape[2], dxv.Shape[3]
	oh, ow := dyv.Shape[2], dyv.Shape[3]
	planes := dxv.Shape[0] * dxv.Shape[1]
	pool.For(planes, max(1, grainDear/(h*w)), func(lo, hi int) {
		for c := lo; c < hi; c++ {
			d, g := dx[c*h*w:(c+1)*h*w], dy[c*oh*ow:(c+1)*oh*ow]
			if !s.Max && s.isHalving() {
				avgHalfGrad(d, g, w, ow)
				continue
			}
			clear(d)
			if s.Max {
				for i, at := range data[int32](argv)[c*oh*ow : (c+1)*oh*ow] {
					if at >= 0 {
						d[at] += g[i]
					}
				}
				continue
			}
			avgPlaneGrad(s, d, g, h, w, ow)
		}
	})
}

func avgPlaneGrad[T float](s Pool, d, g []T, h, w, ow int) {
	f := 1 / T(s.KH*s.KW)
	for i, v := range g {
		r0, r1 := window(i/ow, s.StrideH, s.PadH, s.KH, h)
		c0, c1 := window(i%ow, s.StrideW, s.PadW, s.KW, w)
		v *= f
		for r := r0; r < r1; r++ {
			row := d[r*w+c0 : r*w+max(c0, c1)]
			for j := range row {
				row[j] += v
			}
		}
	}
}
