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
	// AMSGrad: m and v as Adam, u = max(u, v), w = Keep*w - LR*m/(sqrt(u)+Eps)
	AMSGrad
	// Adamax: m as Adam, u = max(B2*u, |g'|+Eps), w -= LR*m/u
	Adamax
	// Nadam: m and v as Adam, w -= (LR*m + C*g')/(sqrt(v)+Eps)
	Nadam
	// AdamMean: m and v as Adam, w -= LR*m
	AdamMean
	// Yogi: m as Adam, v += (1-B2)*sign(g'^2-v)*g'^2, w = Keep*w - LR*m/(sqrt(v)+Eps)
	Yogi
	// Lion: w = Keep*w - LR*sign(B1*m + (1-B1)*g'), m = B2*m + (1-B2)*g'
	Lion
	// AdamDirection: m and v as Adam, d = LR*m/(sqrt(v)+Eps) + C*w; w stays
	AdamDirection
	// Ftrl: n' = n + g'^2, z += g' - (sqrt(n')-sqrt(n))/LR*w, n = n', w = (min(max(z, -C), C) - z)/((Eps+sqrt(n))/LR + B1)
	Ftrl
	Rules // the number of rules
)

// States is the number of state vectors of each rule.
var States = [Rules]int{Momentum: 1, Nesterov: 1, Adam: 2, RMSProp: 1, RMSPropMomentum: 2, RMSPropCentered: 2,
	RMSPropCenteredMomentum: 3, Adagrad: 1, Adadelta: 2, AMSGrad: 3, Adamax: 2, Nadam: 2, AdamMean: 2, Yogi: 2, Lion: 1,
	AdamDirection: 3, Ftrl: 2}

// Numbers are those of the formulas.
type Numbers struct{ LR, WD, Scale, Clip, B1, B2, Eps, Keep, C float64 }

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
	more := T(h.C)
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
		case AMSGrad, Nadam, AdamMean, AdamDirection:
			a[i] = T(b1*a[i]) + T(c1*d)
			b[i] = T(b2*b[i]) + T(T(c2*d)*d)
			switch r {
			case AMSGrad:
				c[i] = greater(c[i], b[i])
				x = T(keep*x) - T(lr*a[i])/(root(c[i])+eps)
			case Nadam:
				x -= (T(lr*a[i]) + T(more*d)) / (root(b[i]) + eps)
			case AdamMean:
				x -= T(lr * a[i])
			case AdamDirection:
				c[i] = T(lr*a[i])/(root(b[i])+eps) + T(more*x)
			}
		case Adamax:
			a[i] = T(b1*a[i]) + T(c1*d)
			b[i] = greater(T(b2*b[i]), T(math.Abs(float64(d)))+eps)
			x -= T(lr*a[i]) / b[i]
		case Yogi:
			a[i] = T(b1*a[i]) + T(c1*d)
			d = T(d * d)
			b[i] += T(T(c2*d) * sign(d-b[i]))
			x = T(keep*x) - T(lr*a[i])/(root(b[i])+eps)
		case Lion:
			x = T(keep*x) - T(lr*sign(T(b1*a[i])+T(c1*d)))
			a[i] = T(b2*a[i]) + T(c2*d)
		case Ftrl:
			n := b[i] + T(d*d)
			a[i] += d - T((root(n)-root(b[i]))/lr*x)
			b[i] = n
			z := a[i]
			if z > more {
				z = more
			} else if z < -more {
				z = -more
			}
			x = (z - a[i]) / ((eps+root(n))/lr + b1)
		}
		w[i] = x
	}
}

// greater is the greater of a and b; b if one is NaN.
func greater[T float32 | float64](a, b T) T {
	if a > b {
		return a
	}
	return b
}

// sign is 1, -1, or x itself if it is 0 or NaN.
func sign[T float32 | float64](x T) T {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x
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
