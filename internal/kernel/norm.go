package kernel

import (
	"math"

	"github.com/fathom-ml/fathom/internal/kernel/norm"
	"github.com/fathom-ml/fathom/internal/pool"
)

// normRun is the number of neighbours with one scale from which on they are normalised as a run;
// shorter ones go through loops with a scale for each column.
const normRun = 96

// normStrip is how many columns of a batch are done at a time.
const normStrip = 1024

// normRows is how many rows are summed in the tensor's own type before the sum goes on in float64.
const normRows = 256

// norming is a normalisation at work: x is [n, c, m].
type norming[T float] struct {
	Norm
	n, c, m              int
	y, x                 []T
	gamma, beta          []T // nil: absent
	mean, variance       []T
	dx, dgamma, dbeta, g []T // backward; g is the gradient of y; nil: not wanted
}

// Norm sets y to (x-mean)/sqrt(variance+eps)*gamma + beta.
func (CPU) Norm(s Norm, y, x, gamma, beta, mean, variance View) {
	switch x.DT {
	case Float32:
		newNorming[float32](s, x, gamma, mean, variance).forward(y, beta)
	case Float64:
		newNorming[float64](s, x, gamma, mean, variance).forward(y, beta)
	default:
		unsupported("normalisation", x.DT)
	}
}

// NormGrad sets the gradients of x, gamma and beta from that of y.
func (CPU) NormGrad(s Norm, dx, dgamma, dbeta, dy, x, gamma, mean, variance View) {
	switch x.DT {
	case Float32:
		newNorming[float32](s, x, gamma, mean, variance).backward(dx, dgamma, dbeta, dy)
	case Float64:
		newNorming[float64](s, x, gamma, mean, variance).backward(dx, dgamma, dbeta, dy)
	default:
		unsupported("normalisation", x.DT)
	}
}

// dataOf is data, nil for an absent view.
func dataOf[T float](v View) []T {
	if v.P == nil {
		return nil
	}
	return data[T](v)
}

func newNorming[T float](s Norm, x, gamma, mean, variance View) *norming[T] {
	return &norming[T]{Norm: s, n: x.Shape[0], c: x.Shape[1], m: x.Shape[2],
		x: dataOf[T](x), gamma: dataOf[T](gamma), mean: dataOf[T](mean), variance: dataOf[T](variance)}
}

func (f *norming[T]) forward(y, beta View) {
	f.y, f.beta = dataOf[T](y), dataOf[T](beta)
	switch {
	case len(f.x) == 0:
		if !f.Given {
			clear(f.mean)
			clear(f.variance)
		}
	case f.Batch && f.m >= normRun:
		pool.For(f.c, max(1, grainCheap/(f.n*f.m)), func(lo, hi int) {
			for c := lo; c < hi; c++ {
				f.channel(c)
			}
		})
	case f.Batch:
		pool.For(f.c, max(1, grainCheap/(f.n*f.m)), f.columns)
	default:
		f.rows()
	}
}

func (f *norming[T]) backward(dx, dgamma, dbeta, dy View) {
	f.dx, f.dgamma, f.dbeta, f.g = dataOf[T](dx), dataOf[T](dgamma), dataOf[T](dbeta), dataOf[T](dy)
	switch {
	case len(f.x) == 0:
		clear(f.dgamma)
		clear(f.dbeta)
	case f.Batch && f.m >= normRun:
		pool.For(f.c, max(1, grainCheap/(f.n*f.m)), func(lo, hi int) {
			for c := lo; c < hi; c++ {
				f.channelGrad(c)
			}
		})
	case f.Batch:
		pool.For(f.c, max(1, grainCheap/(f.n*f.m)), f.columnsGrad)
	default:
		f.rowsGrad()
	}
}

// scale is 1/sqrt(variance+eps) of group i.
func (f *norming[T]) scale(i int) float64 { return 1 / math.Sqrt(float64(f.variance[i])+f.Eps) }

// settle notes mean and variance of group i from the sums of d and d*d over count numbers, d = x - shift.
func (f *norming[T]) settle(i int, shift, s, q, count float64) {
	s /= count
	v := q/count - s*s
	if v < 0 { // rounding; a NaN stays
		v = 0
	}
	f.mean[i], f.variance[i] = T(shift+s), T(v)
}

// factor is gamma or beta of channel c.
func factor[T float](v []T, c int, absent T) T {
	if v == nil {
		return absent
	}
	return v[c]
}

// run is the m numbers of channel c in row i.
func (f *norming[T]) run(v []T, i, c int) []T {
	o := (i*f.c + c) * f.m
	return v[o : o+f.m]
}

// channel normalises one channel of a batch whose runs are long. The sums are taken about the
// mean of the first run, so that one pass is enough; the second finds the channel in the cache.
func (f *norming[T]) channel(c int) {
	if !f.Given {
		s, _ := norm.Moments(f.run(f.x, 0, c), 0)
		shift := T(s / float64(f.m))
		var q float64
		s = 0
		for i := range f.n {
			a, b := norm.Moments(f.run(f.x, i, c), shift)
			s, q = s+a, q+b
		}
		f.settle(c, float64(shift), s, q, float64(f.n*f.m))
	}
	scale := T(f.scale(c) * float64(factor(f.gamma, c, 1)))
	for i := range f.n {
		norm.Center(f.run(f.y, i, c), f.run(f.x, i, c), f.mean[c], scale, factor(f.beta, c, 0))
	}
}

// coefficients are b and c of dx = a*dy*gamma + b*(x-mean) + c, from a, the scale of the group, and the means of
// dy and dy*(x-mean), both times gamma.
func (f *norming[T]) coefficients(a, s, q float64) (b, c float64) {
	if f.Given {
		return 0, 0
	}
	if f.RMS {
		s = 0
	}
	return -a * a * a * q, -a * s
}

func (f *norming[T]) channelGrad(c int) {
	var s, q float64
	for i := range f.n {
		a, b := norm.Dots(f.run(f.g, i, c), f.run(f.x, i, c), f.mean[c])
		s, q = s+a, q+b
	}
	a := f.scale(c)
	f.noteGrads(c, s, q*a)
	if f.dx == nil {
		return
	}
	gamma := float64(factor(f.gamma, c, 1))
	mean := gamma / float64(f.n*f.m)
	b, d := f.coefficients(a, s*mean, q*mean)
	for i := range f.n {
		norm.Back(f.run(f.dx, i, c), f.run(f.g, i, c), f.run(f.x, i, c), f.mean[c], T(a*gamma), T(b), T(d))
	}
}

// noteGrads sets the gradients of gamma and beta of channel c, where wanted.
func (f *norming[T]) noteGrads(c int, dbeta, dgamma float64) {
	if f.dgamma != nil {
		f.dgamma[c] = T(dgamma)
	}
	if f.dbeta != nil {
		f.dbeta[c] = T(dbeta)
	}
}
