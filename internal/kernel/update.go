package kernel

import (
	"math"

	"github.com/fathom-ml/fathom/internal/kernel/vec"
	"github.com/fathom-ml/fathom/internal/pool"
)

// SGD updates w in place: w -= LR*(Scale*g + WD*w).
func (CPU) SGD(s SGD, w, g View) {
	if n := w.Size(); n < 2*grainCheap {
		sgdRun(s, w, g, 0, n)
		return
	}
	pool.For(w.Size(), grainCheap, func(lo, hi int) { sgdRun(s, w, g, lo, hi) })
}

func sgdRun(s SGD, w, g View, lo, hi int) {
	switch w.DT {
	case Float32:
		vec.SGD(data[float32](w)[lo:hi], data[float32](g)[lo:hi], s.LR, s.WD, s.Scale)
	case Float64:
		sgd(s, data[float64](w)[lo:hi], data[float64](g)[lo:hi])
	default:
		unsupported("SGD", w.DT)
	}
}

func sgd(s SGD, w, g []float64) {
	g = g[:len(w)]
	for i := range w {
		w[i] -= s.LR * (s.Scale*g[i] + s.WD*w[i])
	}
}

// Adam updates w, m and v in place, as [Adam] says.
func (CPU) Adam(s Adam, w, m, v, g View) {
	pool.For(w.Size(), grainDear, func(lo, hi int) {
		switch w.DT {
		case Float32:
			vec.Adam(data[float32](w)[lo:hi], data[float32](m)[lo:hi], data[float32](v)[lo:hi], data[float32](g)[lo:hi],
				s.LR, s.B1, s.B2, s.Eps, s.WD, s.Scale)
		case Float64:
			adam(s, data[float64](w)[lo:hi], data[float64](m)[lo:hi], data[float64](v)[lo:hi], data[float64](g)[lo:hi])
		default:
			unsupported("Adam", w.DT)
		}
	})
}

func adam(s Adam, w, m, v, g []float64) {
	m, v, g = m[:len(w)], v[:len(w)], g[:len(w)]
	for i := range w {
		d := s.Scale*g[i] + s.WD*w[i]
		m[i] = s.B1*m[i] + (1-s.B1)*d
		v[i] = s.B2*v[i] + (1-s.B2)*d*d
		w[i] -= s.LR * m[i] / (math.Sqrt(v[i]) + s.Eps)
	}
}
