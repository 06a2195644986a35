package kerneltest

import (
	"math"

	"github.com/fathom-ml/fathom/internal/kernel"
	"github.com/fathom-ml/fathom/internal/kernel/update"
)

// update compares the rules with their formulas.
func (s *suite) update() {
	for i := range 2 * int(update.Rules) * 5 {
		dt, rule := floats[i%2], update.Rule(i/2%int(update.Rules))
		n := []int{0, 1, 7, 100, 70003}[i/2/int(update.Rules)]
		if n > 100 && rule != update.SGD && rule != update.RMSPropCenteredMomentum {
			continue // threads have been seen with no state and with all
		}
		w, g := s.random(dt, []int{n}, flat), s.random(dt, []int{n}, flat)
		u := kernel.Update{Rule: rule, Numbers: update.Numbers{LR: 0.1, WD: 0.01, Scale: 0.25, Clip: 0.6, B1: 0.9, B2: 0.8, Eps: 1e-3, Keep: 0.99, C: 0.03}}
		// the mean of squares is more than the square of the mean
		square, other := func(int) float64 { return 1 + s.r.Float64() }, func(int) float64 { return s.r.Float64() / 2 }
		state := [3]*box{s.with(dt, []int{n}, flat, square), s.with(dt, []int{n}, flat, other), s.random(dt, []int{n}, flat)}
		var views [3]kernel.View
		var ws [3][]float64
		for k, b := range state {
			if ws[k] = b.values(); k < update.States[rule] {
				views[k] = b.View
			}
		}
		want := w.values()
		for e := range want {
			var st [3]float64
			for k := range st {
				st[k] = ws[k][e]
			}
			want[e] = follow(u, want[e], g.get(e), &st)
			for k := range st {
				ws[k][e] = st[k]
			}
		}
		s.dev.Update(u, w.View, g.View, views)
		s.check(label(rule, dt)+" w", w, want, 40)
		for k, b := range state {
			s.check(label(rule, dt)+" state", b, ws[k], 20)
		}
	}
}

// follow is the next weight.
func follow(u kernel.Update, w, g float64, s *[3]float64) float64 {
	g = min(max(u.Scale*g, -u.Clip), u.Clip) + u.WD*w
	mean := func(k int, b, v float64) float64 {
		s[k] = b*s[k] + (1-b)*v
		return s[k]
	}
	switch u.Rule {
	case update.SGD:
		return w - u.LR*g
	case update.Momentum, update.Nesterov:
		s[0] = u.B1*s[0] - u.LR*g
		if u.Rule == update.Momentum {
			return w + s[0]
		}
		return w + u.B1*s[0] - u.LR*g
	case update.Adam:
		return u.Keep*w - u.LR*mean(0, u.B1, g)/(math.Sqrt(mean(1, u.B2, g*g))+u.Eps)
	case update.Adagrad:
		s[0] += g * g
		return w - u.LR*g/(math.Sqrt(s[0])+u.Eps)
	case update.Adadelta:
		d := math.Sqrt(s[1]+u.Eps) / math.Sqrt(mean(0, u.B2, g*g)+u.Eps) * g
		mean(1, u.B2, d*d)
		return w - u.LR*d
	case update.AMSGrad:
		m := mean(0, u.B1, g)
		s[2] = max(s[2], mean(1, u.B2, g*g))
		return u.Keep*w - u.LR*m/(math.Sqrt(s[2])+u.Eps)
	case update.Adamax:
		s[1] = max(u.B2*s[1], math.Abs(g)+u.Eps)
		return w - u.LR*mean(0, u.B1, g)/s[1]
	case update.Nadam:
		return w - (u.LR*mean(0, u.B1, g)+u.C*g)/(math.Sqrt(mean(1, u.B2, g*g))+u.Eps)
	case update.AdamMean:
		mean(1, u.B2, g*g)
		return w - u.LR*mean(0, u.B1, g)
	case update.Yogi:
		s[1] += (1 - u.B2) * sign(g*g-s[1]) * g * g
		return u.Keep*w - u.LR*mean(0, u.B1, g)/(math.Sqrt(s[1])+u.Eps)
	case update.Lion:
		w = u.Keep*w - u.LR*sign(u.B1*s[0]+(1-u.B1)*g)
		mean(0, u.B2, g)
		return w
	case update.AdamDirection:
		s[2] = u.LR*mean(0, u.B1, g)/(math.Sqrt(mean(1, u.B2, g*g))+u.Eps) + u.C*w
		return w
	case update.Ftrl:
		n := s[1] + g*g
		s[0] += g - (math.Sqrt(n)-math.Sqrt(s[1]))/u.LR*w
		s[1] = n
		if math.Abs(s[0]) <= u.C {
			return 0
		}
		return (sign(s[0])*u.C - s[0]) / ((u.Eps+math.Sqrt(n))/u.LR + u.B1)
	}
	v, last := mean(0, u.B2, g*g), 1
	if u.Rule >= update.RMSPropCentered {
		m := mean(1, u.B2, g)
		v, last = max(v-m*m, 0), 2
	}
	g /= math.Sqrt(v) + u.Eps
	if u.Rule == update.RMSPropMomentum || u.Rule == update.RMSPropCenteredMomentum {
		s[last] = u.B1*s[last] + g
		g = s[last]
	}
	return w - u.LR*g
}

// sumSquares compares with a plain sum, and wants one result for every number of threads.
func (s *suite) sumSquares() {
	for i := range 2 * rounds {
		dt := floats[i%2]
		shape := s.shape()
		if i < 2 {
			shape = []int{3, 70001}
		}
		x, want := s.random(dt, shape, anyhow), 0.0
		for _, v := range x.values() {
			want += v * v
		}
		if got := s.dev.SumSquares(x.View); !(math.Abs(got-want) <= 1e-11*want) {
			s.Fatalf("sum of squares of %v %v: %v, want %v", dt, shape, got, want)
		}
	}
}
