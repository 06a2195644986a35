// Package update holds the updates of optimizers, one pass over memory each.
package update

import "math"

// Rule says how weights follow from gradients.
type Rule uint8

// The rules, with the gradient g' = clip(Scale*g) + WD*w, where clip(x) = min(max(x, -Clip), Clip) keeps NaN. The states are in
// the order in which they stand here.
const (
	// SGD: w -= LR*g'
	SGD Rule = iota
	// Momentum: v = B1*v - LR*g', w += v
	Momentum
	// Nesterov: v = B1*v - LR*g', w += B1*v - LR*g'
	Nesterov
	// Adam: m = B1*m + (1-B1)*g', v = B2*v + (1-B2)*g'^2, w = Keep*w - LR*m/(sqrt(v)+Eps)
	Adam
	// RMSProp: v = B2*v + (1-B2)*g'^2, w -= LR*g'/(sqrt(v)+Eps)
	RMSProp
	// RMSPropMomentum: v as RMSProp, b = B1*b + g'/(sqrt(v)+Eps), w -= LR*b
	RMSPropMomentum
	// RMSPropCentered: v as RMSProp, m = B2*m + (1-B2)*g', w -= LR*g'/(sqrt(max(v-m^2, 0))+Eps)
	RMSPropCentered
	// RMSPropCenteredMomentum: v and m as RMSPropCentered, b as RMSPropMomentum, w -= LR*b
	RMSPropCenteredMomentum
	// Adagrad: s += g'^2, w -= LR*g'/(sqrt(s)+Eps)
	Adagrad
	// Adadelta: s = B2*s + (1-B2)*g'^2, d = sqrt((u+Eps)/(s+Eps))*g', u = B2*u + (1-B2)*d^2, w -= LR*d
	Adadelta
	Rules // the number of rules
)

// States is the number of state vectors of each rule.
var States = [Rules]int{Momentum: 1, Nesterov: 1, Adam: 2, RMSProp: 1, RMSPropMomentum: 2, RMSPropCentered: 2,
	RMSPropCenteredMomentum: 3, Adagrad: 1, Adadelta: 2}

// Numbers are those of the formulas.
type Numbers struct{ LR, WD, Scale, Clip, B1, B2, Eps, Keep float64 }

// Step updates w and the states of r from the gradient g; all are as long as w.
func Step(r Rule, w, g []float32, s [3][]float32, h *Numbers) {
	if !asmStep(r, w, g, &s, h) {
		Plain(r, w, g, s, h)
	}
}

// Plain is Step for both kinds of floats, and its definition: each product and each sum is rounded.
func Plain[T float32 | float64](r Rule, w, g []T, s [3][]T, h *Numbers) {
	lr, wd, scale, clip := T(h.LR), T(h.WD), T(h.Scale), T(h.Clip)
	b1, c1, b2, c2, eps, keep := T(h.B1), T(1-h.B1), T(h.B2), T(1-h.B2), T(h.Eps), T(h.Keep)
	a, b, c := s[0], s[1], s[2]
	root := func(x T) T { return T(math.Sqrt(float64(x))) }
	for i, x := range w {
		d := T(scale * g[i])
		if d > clip {
			d = clip
		} else if d < -clip {
			d = -clip
		}
		d += T(wd * x)
		switch r {
		case SGD:
			x -= T(lr * d)
		case Momentum:
			a[i] = T(b1*a[i]) - T(lr*d)
			x += a[i]
		case Nesterov:
			a[i] = T(b1*a[i]) - T(lr*d)
			x += T(b1*a[i]) - T(lr*d)
		case Adam:
			a[i] = T(b1*a[i]) + T(c1*d)
			b[i] = T(b2*b[i]) + T(T(c2*d)*d)
			x = T(keep*x) - T(lr*a[i])/(root(b[i])+eps)
		case RMSProp, RMSPropMomentum, RMSPropCentered, RMSPropCenteredMomentum:
			a[i] = T(b2*a[i]) + T(T(c2*d)*d)
			v, buf := a[i], b
			if r == RMSPropCentered || r == RMSPropCenteredMomentum {
				b[i] = T(b2*b[i]) + T(c2*d)
				v, buf = max(v-T(b[i]*b[i]), 0), c
			}
			d /= root(v) + eps
			if r == RMSPropMomentum || r == RMSPropCenteredMomentum {
				buf[i] = T(b1*buf[i]) + d
				d = buf[i]
			}
			x -= T(lr * d)
		case Adagrad:
			a[i] += T(d * d)
			x -= T(lr * (d / (root(a[i]) + eps)))
		case Adadelta:
			a[i] = T(b2*a[i]) + T(T(c2*d)*d)
			d *= root((b[i] + eps) / (a[i] + eps))
			b[i] = T(b2*b[i]) + T(T(c2*d)*d)
			x -= T(lr * d)
		}
		w[i] = x
	}
}

// SumSquares is the sum of the squares of x, in float64.
func SumSquares(x []float32) float64 {
	if sum, ok := asmSumSquares(x); ok {
		return sum
	}
	return PlainSquares(x)
}

// PlainSquares is SumSquares for both kinds of floats.
func PlainSquares[T float32 | float64](x []T) float64 {
	var sum [4]float64 // as many chains as the processor can add at once
	for ; len(x) >= 4; x = x[4:] {
		for k := range sum {
			sum[k] += float64(x[k]) * float64(x[k])
		}
	}
	for _, v := range x {
		sum[0] += float64(v) * float64(v)
	}
	return (sum[0] + sum[1]) + (sum[2] + sum[3])
}
