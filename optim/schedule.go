package optim

import (
	"fmt"
	"math"
	"slices"

	"github.com/fathom-ml/fathom/tensor"
)

// Schedule is a learning rate that changes (11.11). At is the rate at time t >= 0, in steps or in epochs. With [WithSchedule] the first step
// of an optimizer asks for At(1), as in Gluon; by hand, opt.SetLR(s.At(epoch)) once an epoch.
type Schedule interface{ At(t int) float64 }

// ScheduleFunc is a function used as a [Schedule].
type ScheduleFunc func(t int) float64

// At calls f.
func (f ScheduleFunc) At(t int) float64 { return f(t) }

// positive panics if a length of time is not positive.
func positive(op string, n int) {
	if n < 1 {
		panic(&tensor.Error{Op: "optim." + op, Msg: fmt.Sprintf("a time of %d", n), Hint: "times are in steps or epochs, 1 at least"})
	}
}

// Fixed is the rate lr at all times.
func Fixed(lr float64) Schedule { return ScheduleFunc(func(int) float64 { return lr }) }

// Factor multiplies the rate by factor each time that another every steps are done, down to least: base * factor^k with k = (t-1)/every
// (Gluon's FactorScheduler; PyTorch's StepLR counts from 0, so its rate at k is At(k+1)).
func Factor(base, factor float64, every int, least float64) Schedule {
	positive("Factor", every)
	return ScheduleFunc(func(t int) float64 {
		return max(base*math.Pow(factor, float64(max(t-1, 0)/every)), min(least, base))
	})
}

// MultiFactor multiplies the rate by factor after each of the given times: base * factor^(number of times below t) (Gluon's
// MultiFactorScheduler; PyTorch's MultiStepLR counts from 0, so its rate at k is At(k+1)).
func MultiFactor(base, factor float64, times ...int) Schedule {
	times = slices.Sorted(slices.Values(times))
	return ScheduleFunc(func(t int) float64 {
		below, _ := slices.BinarySearch(times, t)
		return base * math.Pow(factor, float64(below))
	})
}

// Exponential is base * gamma^t.
func Exponential(base, gamma float64) Schedule {
	return ScheduleFunc(func(t int) float64 { return base * math.Pow(gamma, float64(t)) })
}

// Linear goes from one rate to another on a straight line in n steps and stays there.
func Linear(from, to float64, n int) Schedule { return Poly(from, to, 1, n) }

// Poly goes from base to final in n steps and stays there: final + (base-final) (1 - t/n)^power.
func Poly(base, final, power float64, n int) Schedule {
	positive("Poly", n)
	return ScheduleFunc(func(t int) float64 {
		return final + (base-final)*math.Pow(1-float64(min(t, n))/float64(n), power)
	})
}

// Cosine goes from base to final in n steps along half a wave and stays there: final + (base-final) (1 + cos(pi t/n))/2
// (Loshchilov and Hutter, 2017).
func Cosine(base, final float64, n int) Schedule {
	positive("Cosine", n)
	return ScheduleFunc(func(t int) float64 {
		return final + (base-final)*(1+math.Cos(math.Pi*float64(min(t, n))/float64(n)))/2
	})
}

// Restarts is [Cosine] again and again, each time growth times as long as before (SGDR, Loshchilov and Hutter, 2017).
func Restarts(base, final float64, n, growth int) Schedule {
	positive("Restarts", n)
	positive("Restarts", growth)
	return ScheduleFunc(func(t int) float64 {
		n := n
		for t >= n {
			t, n = t-n, n*growth
		}
		return Cosine(base, final, n).At(t)
	})
}

// SquareRoot is base / sqrt(t+1).
func SquareRoot(base float64) Schedule {
	return ScheduleFunc(func(t int) float64 { return base / math.Sqrt(float64(t)+1) })
}

// Noam rises for the given number of steps and then falls as 1/sqrt(t): width^-0.5 min(t^-0.5, t warmup^-1.5) (10.3; Vaswani et
// al., 2017).
func Noam(width, warmup int) Schedule {
	positive("Noam", width)
	positive("Noam", warmup)
	return ScheduleFunc(func(t int) float64 {
		x := max(float64(t), 1)
		return math.Pow(float64(width), -0.5) * min(math.Pow(x, -0.5), x*math.Pow(float64(warmup), -1.5))
	})
}

// OneCycle rises to the rate most in the first 30 % of n steps, from most/25, and falls to most/250000 in the rest, both along half a
// wave (Smith and Topin, 2018; PyTorch's OneCycleLR).
func OneCycle(most float64, n int) Schedule {
	positive("OneCycle", n)
	up := 0.3*float64(n) - 1
	return ScheduleFunc(func(t int) float64 {
		x := float64(min(t, n-1))
		from, to, part := most/25, most, x/up
		if x > up || up <= 0 {
			from, to, part = most, most/25e4, (x-up)/(float64(n-1)-up)
		}
		return to + (from-to)*(1+math.Cos(math.Pi*part))/2
	})
}

// Part is a stretch of a [Chain].
type Part struct {
	Steps    int
	Schedule Schedule
}

// Chain runs schedules one after the other, each from its own time 0 for its number of steps; the last one goes on for ever.
func Chain(parts ...Part) Schedule {
	if len(parts) == 0 {
		panic(&tensor.Error{Op: "optim.Chain", Msg: "no schedules"})
	}
	return ScheduleFunc(func(t int) float64 {
		for _, p := range parts[:len(parts)-1] {
			if t < p.Steps {
				return p.Schedule.At(t)
			}
			t -= p.Steps
		}
		return parts[len(parts)-1].Schedule.At(t)
	})
}

// WarmUp rises on a straight line from begin to the rate with which s begins, in n steps, and then runs s. (For warm-up at a constant rate:
// [Chain] with [Fixed].)
func WarmUp(n int, begin float64, s Schedule) Schedule {
	positive("WarmUp", n)
	return Chain(Part{n, Linear(begin, s.At(0), n)}, Part{0, s})
}

// Product multiplies schedules.
func Product(schedules ...Schedule) Schedule {
	return ScheduleFunc(func(t int) float64 {
		p := 1.0
		for _, s := range schedules {
			p *= s.At(t)
		}
		return p
	})
}

// PerEpoch turns a schedule over epochs, counted from 0, into one for [WithSchedule]: its rate changes after every n steps.
func PerEpoch(n int, s Schedule) Schedule {
	positive("PerEpoch", n)
	return ScheduleFunc(func(t int) float64 { return s.At(max(t-1, 0) / n) })
}
