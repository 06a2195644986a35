package kernel

import (
	"github.com/fathom-ml/fathom/internal/kernel/vec"
	"github.com/fathom-ml/fathom/internal/pool"
)

// SquaredError sets loss[i] to the mean of (a[i, ...] - b[i, ...])^2 / 2.
func (CPU) SquaredError(loss, a, b View) {
	if loss.Size() == 0 {
		return
	}
	a, b = densed(a), densed(b)
	switch loss.DT {
	case Float32:
		squaredError[float32](loss, a, b)
	case Float64:
		squaredError[float64](loss, a, b)
	default:
		unsupported("squared error", loss.DT)
	}
}

func squaredError[T float](loss, av, bv View) {
	a, b := data[T](av), data[T](bv)
	rows := loss.Shape[0]
	n := len(a) / rows
	one := func(lo, hi int) {
		var buf [256]float32
		for i := lo; i < hi; i++ {
			*at[T](loss, i*loss.Strides[0]) = T(squares(a[i*n:(i+1)*n], b[i*n:(i+1)*n], &buf) / (2 * float64(n)))
		}
	}
	if len(a) < 2*grainCheap {
		one(0, rows)
		return
	}
	pool.For(rows, max(1, grainCheap/max(n, 1)), one)
}

// squares is the sum of (a-b)^2.
func squares[T float](a, b []T, buf *[256]float32) float64 {
	s := 0.0
	a32, ok := any(a).([]float32)
	if !ok || len(a) < 16 {
		for j, v := range a {
			d := float64(v) - float64(b[j])
			s += d * d
		}
		return s
	}
	b32 := any(b).([]float32)
	for len(a32) > 0 {
		d := buf[:min(len(buf), len(a32))]
		vec.Sub(d, a32, b32)
		s += float64(vec.Dot(d, d))
		a32, b32 = a32[len(d):], b32[len(d):]
	}
	return s
}

// SquaredErrorGrad sets da[i, ...] to dy[i]*(a - b)/n, n the number of elements behind one i.
func (CPU) SquaredErrorGrad(da, dy, a, b View) {
	if da.Size() == 0 {
		return
	}
	a, b = densed(a), densed(b)
	densely(da, func(da View) {
		switch da.DT {
		case Float32:
			squaredErrorGrad[float32](da, dy, a, b)
		case Float64:
			squaredErrorGrad[float64](da, dy, a, b)
		default:
			unsupported("squared error", da.DT)
		}
	})
}

func squaredErrorGrad[T float](dav, dy, av, bv View) {
	da, a, b := data[T](dav), data[T](av), data[T](bv)
	rows := dav.Shape[0]
	n := len(a) / rows
	one := func(lo, hi int) {
		for i := lo; i < hi; i++ {
			g := T(float64(*at[T](dy, i*dy.Strides[0])) / float64(n))
			d, x, y := da[i*n:(i+1)*n], a[i*n:(i+1)*n], b[i*n:(i+1)*n]
			if d, ok := any(d).([]float32); ok && n >= 16 {
				vec.Sub(d, any(x).([]float32), any(y).([]float32))
				vec.MulS(d, d, float32(g))
				continue
			}
			for j := range d {
				d[j] = g * (x[j] - y[j])
			}
		}
	}
	if len(a) < 2*grainCheap {
		one(0, rows)
		return
	}
	pool.For(rows, max(1, grainCheap/max(n, 1)), one)
}
