package kernel

import (
	"math"

	"github.com/fathom-ml/fathom/internal/kernel/softmax"
	"github.com/fathom-ml/fathom/internal/kernel/vec"
	"github.com/fathom-ml/fathom/internal/pool"
)

// Softmax sets y to softmax(x) over the last axis, or to its logarithm:
//
//	y[j] = exp(x[j] - max) / sum,  or  x[j] - max - log(sum)
func (CPU) Softmax(y, x View, log bool) {
	if y.Size() == 0 {
		return
	}
	x = densed(x)
	densely(y, func(y View) {
		switch y.DT {
		case Float32:
			softmaxRows[float32](y, x, log)
		case Float64:
			softmaxRows[float64](y, x, log)
		default:
			unsupported("softmax", y.DT)
		}
	})
}

// rowsOf runs f over the rows of contiguous views with n elements in the last
// axis.
func rowsOf(v View, f func(lo, hi, n int)) {
	n := v.Shape[len(v.Shape)-1]
	pool.For(v.Size()/n, max(1, grainDear/n), func(lo, hi int) { f(lo, hi, n) })
}

func softmaxRows[T float](yv, xv View, log bool) {
	y, x := data[T](yv), data[T](xv)
	rowsOf(yv, func(lo, hi, n int) {
		for i := lo; i < hi; i++ {
			softmaxRow(y[i*n:(i+1)*n], x[i*n:(i+1)*n], log)
		}
	})
}

// softmaxRow does one row; it returns the row's maximum m and log(sum of exp(x-m)).
func softmaxRow[T float](y, x []T, log bool) (m, ls T) {
	y = y[:len(x)]
	if x32, ok := any(x).([]float32); ok {
		m, ls := softmaxRow32(any(y).([]float32), x32, log)
		return T(m), T(ls)
	}
	m = T(foldRun[float64](ReduceMax, x))
	if math.IsInf(float64(m), -1) { // all -Inf: exp(x-m) is NaN everywhere
		m = T(math.NaN())
	}
	s := 0.0
	for i, v := range x {
		e := math.Exp(float64(v - m))
		s += e
		y[i] = T(e)
	}
	ls = T(math.Log(s))
	if log {
		for i, v := range x {
			y[i] = v - m - ls
		}
	} else {
		r := T(1 / s)
		for i := range y {
			y[i] *= r
		}
	}
	return m, ls
}

// softmaxRow32 is softmaxRow through package softmax.
func softmaxRow32(y, x []float32, log bool) (m, ls float32) {
	var s float32
	if log {
		m, s = softmax.SumExp(x)
	} else {
		m, s = softmax.Row(y, x)
	}
	ls = float32(math.Log(float64(s)))
	if log {
		softmax.Minus(y, x, m, ls)
	}
	return m, ls
}

// SoftmaxGrad sets dx from dy and the result y of Softmax:
//
//	dx[j] = y[j]*(dy[j] - sum(dy*y)),  or  dy[j] - exp(y[j])*sum(dy)
func (CPU) SoftmaxGrad(dx, dy, y View, log bool) {
	if dx.Size() == 0 {
		return
	}
	dy, y = densed(dy), densed(y)
	densely(dx, func(dx View) {
		switch dx.DT {
		case Float32:
			softmaxGrad[float32](dx, dy, y, log)
		case Float64:
			softmaxGrad[float64](dx, dy, y, log)
		default:
			unsupported("softmax", dx.DT)
		}
	})
}

func softmaxGrad[T float](dxv, dyv, yv View, log bool) {
	dx, dy, y := data[T](dxv), data[T](dyv), data[T](yv)
	rowsOf(dxv, func(lo, hi, n int) {
		for i := lo; i < hi; i++ {
			d, g, p := dx[i*n:(i+1)*n], dy[i*n:(i+1)*n], y[i*n:(i+1)*n]
			if d32, ok := any(d).([]float32); ok {
				softmaxGradRow32(d32, any(g).([]float32), any(p).([]float32), log)
				continue
			}
			s := 0.0
			if log {
				s = sumRun[float64](g)
				for j := range d {
					d[j] = g[j] - T(math.Exp(float64(p[j]))*s)
				}
				continue
			}
			for j := range g {
				s += float64(g[j]) * float64(p[j])
			}
			for j := range d {
				d[j] = p[j] * (g[j] - T(s))
			}
		}
	})
}

// softmaxGradRow32 is a row of softmaxGrad through packages softmax and vec.
func softmaxGradRow32(d, g, y []float32, log bool) {
	if log {
		softmax.LogGrad(d, g, y, vec.Sum(g))
	} else {
		softmax.Grad(d, g, y, vec.Dot(g, y))
	}
}

// CrossEntropy sets loss[i] to logsumexp(x[i]) - x[i, label[i]] and prob, if
// wanted, to softmax(x).
func (CPU) CrossEntropy(loss, prob, x, label View) {
	if x.Size() == 0 {
		return
	}
	x = densed(x)
	densely(prob, func(prob View) {
		switch x.DT {
		case Float32:
			crossEntropy[float32](loss, prob, x, label)
		case Float64:
			crossEntropy[float64](loss, prob, x, label)
		default:
			unsupported("cross entropy", x.DT)
		}
	})
}

func crossEntropy[T float](loss, prob, xv, label View) {
	x := data[T](xv)
	rowsOf(xv, func(lo, hi, n int) {
		for i := lo; i < hi; i++ {
			r := x[i*n : (i+1)*n]
			t := r[index(label, i)] // before prob, which may be x, is written
			var m, ls T
			if prob.P != nil {
				m, ls = softmaxRow(data[T](prob)[i*n:(i+1)*n], r, false)
			} else {
				m, ls = logSum(r)
			}
			*at[T](loss, i*loss.Strides[0]) = ls - (t - m)
		}
	})
}

// logSum is softmaxRow without y.
func logSum[T float](x []T) (m, ls T) {
	if x32, ok := any(x).([]float32); ok {
		m, s := softmax.SumExp(x32)
		return T(m), T(math.Log(float64(s)))
	}
	m = T(foldRun[float64](ReduceMax, x))
	s := 0.0
	for _, v := range x {
		s += math.Exp(float64(v - m))
	}
	return m, T(math.Log(s))
}

// CrossEntropyGrad sets dx[i] to dy[i]*(prob[i] - onehot(label[i])).
func (CPU) CrossEntropyGrad(dx, dy, prob, label View) {
	if dx.Size() == 0 {
		return
	}
	prob = densed(prob)
	densely(dx, func(dx View) {
		switch dx.DT {
		case Float32:
			crossEntropyGrad[float32](dx, dy, prob, label)
		case Float64:
			crossEntropyGrad[float64](dx, dy, prob, label)
		default:
			unsupported("cross entropy", dx.DT)
		}
	})
}

func crossEntropyGrad[T float](dxv, dy, probv, label View) {
	dx, prob := data[T](dxv), data[T](probv)
	rowsOf(dxv, func(lo, hi, n int) {
		for i := lo; i < hi; i++ {
			g := *at[T](dy, i*dy.Strides[0])
			d, t := dx[i*n:(i+1)*n], index(label, i)
			if d32, ok := any(d).([]float32); ok {
				p := any(prob[i*n : (i+1)*n]).([]float32)
				e := p[t] - 1 // before d, which may be p, is written
				vec.MulS(d32, p, float32(g))
				d32[t] = float32(g) * e
				continue
			}
			for j, p := range prob[i*n : (i+1)*n] {
				if j == t {
					p--
				}
				d[j] = g * p
			}
		}
	})
}
