package kernel

import (
	"math"

	"github.com/fathom-ml/fathom/internal/pool"
)

// SGD updates w in place: w -= LR*(Scale*g + WD*w).
func (CPU) SGD(s SGD, w, g View) {
	pool.For(w.Size(), grainCheap, func(lo, hi int) {
		switch w.DT {
		case Float32:
			sgd(s, data[float32](w)[lo:hi], data[float32](g)[lo:hi])
		case Float64:
			sgd(s, data[float64](w)[lo:hi], data[float64](g)[lo:hi])
		default:
			unsupported("SGD", w.DT)
		}
	})
}

func sgd[T float](s SGD, w, g []T) {
	lr, wd, scale := T(s.LR), T(s.WD), T(s.Scale)
	g = g[:len(w)]
	for i := range w {
		w[i] -= lr * (scale*g[i] + wd*w[i])
	}
}

// Adam updates w, m and v in place, as [Adam] says.
func (CPU) Adam(s Adam, w, m, v, g View) {
	pool.For(w.Size(), grainDear, func(lo, hi int) {
		switch w.DT {
		case Float32:
			adam(s, data[float32](w)[lo:hi], data[float32](m)[lo:hi], data[float32](v)[lo:hi], data[float32](g)[lo:hi])
		case Float64:
			adam(s, data[float64](w)[lo:hi], data[float64](m)[lo:hi], data[float64](v)[lo:hi], data[float64](g)[lo:hi])
		default:
			unsupported("Adam", w.DT)
		}
	})
}

func adam[T float](s Adam, w, m, v, g []T) {
	lr, b1, b2, eps, wd, scale := T(s.LR), T(s.B1), T(s.B2), T(s.Eps), T(s.WD), T(s.Scale)
	m, v, g = m[:len(w)], v[:len(w)], g[:len(w)]
	for i := range w {
		d := scale*g[i] + wd*w[i]
		m[i] = b1*m[i] + (1-b1)*d
		v[i] = b2*v[i] + (1-b2)*d*d
		w[i] -= lr * m[i] / (T(math.Sqrt(float64(v[i]))) + eps)
	}
}
