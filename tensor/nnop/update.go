package nnop

import (
	"fmt"
	"math"
	"runtime"
	"slices"

	"github.com/fathom-ml/fathom/internal/kernel"
	"github.com/fathom-ml/fathom/internal/kernel/update"
	"github.com/fathom-ml/fathom/tensor"
)

// UpdateRule is the way in which an optimizer changes weights; see the constants.
type UpdateRule uint8

// The rules, with g' = clip(Scale g) + WD w and the states in the order in which they stand.
const (
	RuleSGD                     = UpdateRule(update.SGD)                     // w -= LR g'
	RuleMomentum                = UpdateRule(update.Momentum)                // v = B1 v - LR g', w += v
	RuleNesterov                = UpdateRule(update.Nesterov)                // v = B1 v - LR g', w += B1 v - LR g'
	RuleAdam                    = UpdateRule(update.Adam)                    // m = B1 m + (1-B1) g', v = B2 v + (1-B2) g'², w = (1-Decay) w - LR m/(√v + Eps)
	RuleRMSProp                 = UpdateRule(update.RMSProp)                 // v = B2 v + (1-B2) g'², w -= LR g'/(√v + Eps)
	RuleRMSPropMomentum         = UpdateRule(update.RMSPropMomentum)         // the same v, b = B1 b + g'/(√v + Eps), w -= LR b
	RuleRMSPropCentered         = UpdateRule(update.RMSPropCentered)         // the same v, m = B2 m + (1-B2) g', w -= LR g'/(√(v - m²) + Eps)
	RuleRMSPropCenteredMomentum = UpdateRule(update.RMSPropCenteredMomentum) // v and m, and b = B1 b + g'/(√(v - m²) + Eps), w -= LR b
	RuleAdagrad                 = UpdateRule(update.Adagrad)                 // s += g'², w -= LR g'/(√s + Eps)
	RuleAdadelta                = UpdateRule(update.Adadelta)                // s = B2 s + (1-B2) g'², d = √(u + Eps)/√(s + Eps) g', u = B2 u + (1-B2) d², w -= LR d
	RuleAMSGrad                 = UpdateRule(update.AMSGrad)                 // m and v as RuleAdam, u = max(u, v), w = (1-Decay) w - LR m/(√u + Eps)
	RuleAdamax                  = UpdateRule(update.Adamax)                  // m as RuleAdam, u = max(B2 u, |g'| + Eps), w -= LR m/u
	RuleNadam                   = UpdateRule(update.Nadam)                   // m and v as RuleAdam, w -= (LR m + C g')/(√v + Eps)
	RuleAdamMean                = UpdateRule(update.AdamMean)                // m and v as RuleAdam, w -= LR m
	RuleYogi                    = UpdateRule(update.Yogi)                    // m as RuleAdam, v += (1-B2) sign(g'² - v) g'², w = (1-Decay) w - LR m/(√v + Eps)
	RuleLion                    = UpdateRule(update.Lion)                    // w = (1-Decay) w - LR sign(B1 m + (1-B1) g'), m = B2 m + (1-B2) g'
	RuleAdamDirection           = UpdateRule(update.AdamDirection)           // m and v as RuleAdam, d = LR m/(√v + Eps) + C w; w stays
	RuleFtrl                    = UpdateRule(update.Ftrl)                    // z += g' - (√(n + g'²) - √n)/LR w, n += g'², w = (clip(z, C) - z)/((Eps + √n)/LR + B1)
)

// UpdateStep holds the numbers of one update.
type UpdateStep struct {
	LR          float64 // step size
	WD          float64 // weight decay that is added to the gradient
	Scale       float64 // of the gradient, 1/batch
	Clip        float64 // bound of the scaled gradient's elements; 0: none
	B1, B2, Eps float64
	Decay       float64 // of the weights themselves, where the rule says so
	C           float64 // one number more, where the rule says so
}

// Update changes w and the states of the rule in place from the gradient g, in one pass over memory. Nothing is recorded; w may be a
// leaf. It panics unless all are contiguous float32 or float64 of one shape and the states are as many as the rule has.
func Update(r UpdateRule, w, g *tensor.Tensor, s UpdateStep, states ...*tensor.Tensor) {
	if int(r) >= int(update.Rules) || len(states) != update.States[r] {
		tensor.Misuse("update", fmt.Sprintf("%d states", len(states)), "RuleAdam has two, for example", w, g)
	}
	u := kernel.Update{Rule: update.Rule(r), Numbers: update.Numbers{LR: s.LR, WD: s.WD, Scale: s.Scale, Clip: s.Clip,
		B1: s.B1, B2: s.B2, Eps: s.Eps, Keep: 1 - s.Decay, C: s.C}}
	if s.Clip == 0 {
		u.Clip = math.Inf(1)
	}
	var views [3]kernel.View
	whole, from := w.View(), g.View()
	ok := w.IsContiguous() && alike(&whole, &from) && !g.Recorded()
	for k, t := range states {
		views[k] = t.View()
		ok = ok && alike(&whole, &views[k]) && !t.Recorded()
	}
	if !ok || whole.DT > kernel.Float64 {
		check("update", w, g, states...)
	}
	tensor.Write("update", w, nil, func(d kernel.Device, w kernel.View, _ []kernel.View) { d.Update(u, w, from, views) })
	runtime.KeepAlive(g)
	runtime.KeepAlive(states)
}

// SumSquares is the sum of the squares of x's elements, accumulated in float64. It panics unless x is float32 or float64.
func SumSquares(x *tensor.Tensor) float64 {
	if dt := x.DType(); dt != tensor.Float32 && dt != tensor.Float64 {
		tensor.Misuse("sumSquares", "wants float32 or float64, got "+dt.String(), "use AsType(tensor.Float32)", x)
	}
	return kernel.CPU{}.SumSquares(x.View())
}

// SGDStep holds the numbers of one update of stochastic gradient descent.
type SGDStep struct {
	LR    float64 // learning rate
	WD    float64 // weight decay
	Scale float64 // of the gradient, 1/batch
}

// SGD updates w in place: w -= LR (Scale g + WD w). Nothing is recorded; w may be a leaf.
func SGD(w, g *tensor.Tensor, s SGDStep) {
	Update(RuleSGD, w, g, UpdateStep{LR: s.LR, WD: s.WD, Scale: s.Scale})
}

// AdamStep holds the numbers of one Adam update. LR is the step size, already
// corrected for the bias of the averages: lr sqrt(1-B2^t)/(1-B1^t).
type AdamStep struct{ LR, B1, B2, Eps, WD, Scale float64 }

// Adam updates w and the averages m and v in place (11.10): with g' = Scale g + WD w,
// m = B1 m + (1-B1) g', v = B2 v + (1-B2) g'², w -= LR m / (sqrt(v) + Eps).
func Adam(w, m, v, g *tensor.Tensor, s AdamStep) {
	Update(RuleAdam, w, g, UpdateStep{LR: s.LR, WD: s.WD, Scale: s.Scale, B1: s.B1, B2: s.B2, Eps: s.Eps}, m, v)
}

// alike says whether two views have one dtype, shape and layout.
func alike(a, b *kernel.View) bool {
	return a.DT == b.DT && slices.Equal(a.Shape, b.Shape) && slices.Equal(a.Strides, b.Strides)
}

// check wants float32 or float64 of one shape in contiguous memory, and nothing recorded but w.
func check(op string, w, g *tensor.Tensor, states ...*tensor.Tensor) {
	fits := func(t *tensor.Tensor) bool {
		return t.DType() == w.DType() && t.IsContiguous() && slices.Equal(t.View().Shape, w.View().Shape)
	}
	ok := w.DType().IsFloat() && w.IsContiguous() && fits(g)
	recorded := g.Recorded()
	for _, t := range states {
		ok = ok && fits(t)
		recorded = recorded || t.Recorded()
	}
	if ok && !w.DType().IsHalf() && !recorded {
		return
	}
	all := append([]*tensor.Tensor{w, g}, states...)
	switch {
	case !ok:
		tensor.Misuse(op, "wants contiguous floats of one shape and dtype", "", all...)
	case recorded:
		tensor.Misuse(op, "in-place write of a recorded value", "Detach the value", all...)
	}
	tensor.Misuse(op, "does not update "+w.DType().String(), "keep the parameters in float32", all...)
}
