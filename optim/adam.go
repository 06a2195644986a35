package optim

import (
	"math"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// Adam follows running averages of the gradient and of its square (11.10;
// Kingma and Ba, 2014). With g' = g/n + wd w, in step t of the parameter,
//
//	m = b1 m + (1-b1) g'
//	v = b2 v + (1-b2) g'²
//	w -= lr sqrt(1-b2^t)/(1-b1^t) m / (sqrt(v) + eps)
//
// (Its eps is added to the uncorrected root, as in the book's framework; that of the others here to the corrected one, as in PyTorch.)
// The functions that return one say how its kin differ.
type Adam struct {
	Base
	kind        adamKind
	b1, b2, eps float64
	amsgrad     bool
	m, v, top   *Slot
	scratch     *tensor.Tensor // LAMB's direction

	last         int // the step of the corrections below
	mean, square float64
	now, next    float64 // Nadam's factors of the gradient and of its average
}

// adamKind is how the averages are used.
type adamKind struct {
	name      string
	decoupled bool // weight decay apart from the gradient
	update    func(o *Adam, u *Update)
}

// Betas are the factors of the two running averages, an option.
type Betas [2]float64

func (b Betas) adam(o *Adam) { o.b1, o.b2 = b[0], b[1] }

type amsgrad struct{}

// AMSGrad makes Adam and AdamW divide by the greatest average of the square so far, an option (Reddi et al., 2018).
var AMSGrad amsgrad

func (amsgrad) adam(o *Adam) {
	if o.kind.name != "adam" && o.kind.name != "adamW" {
		panic(&tensor.Error{Op: "optim." + o.kind.name, Msg: "AMSGrad is an option of Adam and AdamW"})
	}
	o.amsgrad = true
}

func newAdam(k adamKind, params []nn.Named, lr, b1, b2, eps float64, opts []AdamOption) *Adam {
	o := &Adam{Base: NewBase(k.name, params, lr), kind: k, b1: b1, b2: b2, eps: eps}
	o.m, o.v, o.top = o.NewSlot("m"), o.NewSlot("v"), o.NewSlot("vmax")
	for _, f := range opts {
		f.adam(o)
	}
	return o
}

// NewAdam returns an optimizer for params; the learning rate is 0.001 unless [LR] is given, [Betas] 0.9 and 0.999, [Eps] 1e-8.
func NewAdam(params []nn.Named, opts ...AdamOption) *Adam {
	return newAdam(adamKind{name: "adam", update: (*Adam).adam}, params, 0.001, 0.9, 0.999, 1e-8, opts)
}

// NewAdamW returns an Adam that decays weights apart from the gradient (Loshchilov and Hutter, 2019): g' = g/n, and
//
//	w = (1 - lr wd) w - lr/(1-b1^t) m / (sqrt(v/(1-b2^t)) + eps)
//
// [WD] is 0.01 unless given, the rest as in [NewAdam].
func NewAdamW(params []nn.Named, opts ...AdamOption) *Adam {
	k := adamKind{name: "adamW", decoupled: true, update: (*Adam).corrected}
	return newAdam(k, params, 0.001, 0.9, 0.999, 1e-8, append([]AdamOption{WD(0.01)}, opts...))
}

// NewAdamax returns an Adam with the greatest gradient in place of the root of the average square (Kingma and Ba, 2014, section 7.1):
//
//	u = max(b2 u, |g'| + eps),  w -= lr/(1-b1^t) m / u
//
// The learning rate is 0.002 unless [LR] is given, the rest as in [NewAdam].
func NewAdamax(params []nn.Named, opts ...AdamOption) *Adam {
	return newAdam(adamKind{name: "adamax", update: (*Adam).adamax}, params, 0.002, 0.9, 0.999, 1e-8, opts)
}

// NewNadam returns an Adam whose momentum looks one step ahead (Dozat, 2016). With mu(t) = b1 (1 - 0.96^(0.004 t)/2) and the product P(t) of
// all of them up to t,
//
//	w -= lr (mu(t+1)/(1-P(t+1)) m + (1-mu(t))/(1-P(t)) g') / (sqrt(v/(1-b2^t)) + eps)
//
// The learning rate is 0.002 unless [LR] is given, the rest as in [NewAdam].
func NewNadam(params []nn.Named, opts ...AdamOption) *Adam {
	return newAdam(adamKind{name: "nadam", update: (*Adam).nadam}, params, 0.002, 0.9, 0.999, 1e-8, opts)
}

// NewRAdam returns an Adam that corrects for the variance of its step size while few gradients are known (Liu et al., 2020). With
// R = 2/(1-b2) - 1 and r = R - 2 t b2^t/(1-b2^t), while r <= 5
//
//	w -= lr/(1-b1^t) m
//
// and then the step of Adam times sqrt((r-4)(r-2) R / ((R-4)(R-2) r)). Defaults as in [NewAdam].
func NewRAdam(params []nn.Named, opts ...AdamOption) *Adam {
	return newAdam(adamKind{name: "radam", update: (*Adam).radam}, params, 0.001, 0.9, 0.999, 1e-8, opts)
}

// NewYogi returns an Adam whose average square moves towards g'² by a step that does not grow with the distance (11.10; Zaheer et
// al., 2018):
//
//	v += (1-b2) sign(g'² - v) g'²,  w -= lr/(1-b1^t) m / (sqrt(v/(1-b2^t)) + eps)
//
// [Eps] is 0.001 unless given, the learning rate 0.01, the rest as in [NewAdam].
func NewYogi(params []nn.Named, opts ...AdamOption) *Adam {
	return newAdam(adamKind{name: "yogi", update: (*Adam).yogi}, params, 0.01, 0.9, 0.999, 1e-3, opts)
}

// NewLAMB returns an Adam that adapts the rate of each layer (You et al., 2020): with
//
//	d = m/(1-b1^t) / (sqrt(v/(1-b2^t)) + eps) + wd w,  w -= lr |w|/|d| d
//
// where |.| is the root of the sum of the squares (the ratio is 1 if one of them is zero). Defaults as in [NewAdam], but for [Eps], 1e-6.
func NewLAMB(params []nn.Named, opts ...AdamOption) *Adam {
	k := adamKind{name: "lamb", decoupled: true, update: (*Adam).lamb}
	return newAdam(k, params, 0.001, 0.9, 0.999, 1e-6, opts)
}

// NewLion returns an optimizer that steps by the sign alone (Chen et al., 2023):
//
//	w = (1 - lr wd) w - lr sign(b1 m + (1-b1) g/n),  m = b2 m + (1-b2) g/n
//
// The learning rate is 0.0001 unless [LR] is given, [Betas] 0.9 and 0.99.
func NewLion(params []nn.Named, opts ...AdamOption) *Adam {
	k := adamKind{name: "lion", decoupled: true, update: (*Adam).lion}
	return newAdam(k, params, 1e-4, 0.9, 0.99, 0, opts)
}

// Step updates the parameters once; see [Optimizer].
func (o *Adam) Step(batchSize int) {
	o.Each(batchSize, func(u *Update) {
		if u.T != o.last {
			o.last, o.mean, o.square = u.T, 1-math.Pow(o.b1, float64(u.T)), math.Sqrt(1-math.Pow(o.b2, float64(u.T)))
			o.now, o.next = ahead(o.b1, u.T)
		}
		u.B1, u.B2, u.Eps = o.b1, o.b2, o.eps
		if o.kind.decoupled {
			u.Decay, u.WD = u.LR*u.WD, 0
		}
		o.kind.update(o, u)
	})
}

// averages updates by a rule of two averages.
func (o *Adam) averages(r nnop.UpdateRule, u *Update) {
	nnop.Update(r, u.W, u.G, u.UpdateStep, u.Memory(o.m), u.Memory(o.v))
}

func (o *Adam) adam(u *Update) {
	u.LR *= o.square / o.mean
	if o.amsgrad {
		nnop.Update(nnop.RuleAMSGrad, u.W, u.G, u.UpdateStep, u.Memory(o.m), u.Memory(o.v), u.Memory(o.top))
		return
	}
	o.averages(nnop.RuleAdam, u)
}

// corrected adds eps to the corrected root.
func (o *Adam) corrected(u *Update) {
	u.Eps *= o.square
	o.adam(u)
}

func (o *Adam) adamax(u *Update) {
	u.LR /= o.mean
	o.averages(nnop.RuleAdamax, u)
}

func (o *Adam) nadam(u *Update) {
	lr := u.LR * o.square
	u.LR, u.C = lr*o.next, lr*o.now
	u.Eps *= o.square
	o.averages(nnop.RuleNadam, u)
}

// ahead is the factors of Nadam in step t.
func ahead(b1 float64, t int) (now, next float64) {
	mu := func(t int) float64 { return b1 * (1 - 0.5*math.Pow(0.96, 0.004*float64(t))) }
	product := 1.0
	for k := 1; k <= t && product > 1e-20; k++ { // after some hundred steps nothing is left of it
		product *= mu(k)
	}
	return (1 - mu(t)) / (1 - product), mu(t+1) / (1 - product*mu(t+1))
}

func (o *Adam) radam(u *Update) {
	t, b2t := float64(u.T), math.Pow(o.b2, float64(u.T))
	most := 2/(1-o.b2) - 1
	r := most - 2*t*b2t/(1-b2t)
	u.LR /= o.mean
	if r <= 5 {
		o.averages(nnop.RuleAdamMean, u)
		return
	}
	u.LR *= o.square * math.Sqrt((r-4)*(r-2)*most/((most-4)*(most-2)*r))
	o.averages(nnop.RuleAdam, u)
}

func (o *Adam) yogi(u *Update) {
	u.LR *= o.square / o.mean
	u.Eps *= o.square
	o.averages(nnop.RuleYogi, u)
}

func (o *Adam) lamb(u *Update) {
	lr, wd := u.LR, 0.0
	if lr != 0 {
		wd = u.Decay / lr
	}
	n := u.W.Size()
	if o.scratch == nil || o.scratch.Size() < n || o.scratch.DType() != u.W.DType() {
		o.scratch = tensor.ZerosOf(u.W.DType(), n)
	}
	d := o.scratch.Slice(tensor.R(0, n)).Reshape(u.W.Shape()...)
	u.LR, u.C, u.Decay = o.square/o.mean, wd, 0
	u.Eps *= o.square
	nnop.Update(nnop.RuleAdamDirection, u.W, u.G, u.UpdateStep, u.Memory(o.m), u.Memory(o.v), d)
	if a, b := math.Sqrt(nnop.SumSquares(u.W)), math.Sqrt(nnop.SumSquares(d)); a > 0 && b > 0 {
		lr *= a / b
	}
	nnop.Update(nnop.RuleSGD, u.W, d, nnop.UpdateStep{LR: lr, Scale: 1})
}

func (o *Adam) lion(u *Update) {
	nnop.Update(nnop.RuleLion, u.W, u.G, u.UpdateStep, u.Memory(o.m))
}
