package nn

import (
	"fmt"
	"slices"

	"github.com/fathom-ml/fathom/tensor"
)

// LossOption is an option of the losses; see [With].
type LossOption func(o *LossOptions)

// With gives options to a loss: nn.With(nn.LabelSmoothing(0.1)).SoftmaxCrossEntropy is a function like nn.SoftmaxCrossEntropy. All losses have
// [SampleWeight], [Mask], [AsMean] and [AsSum]; which others one has stands beside it.
//
// Without AsMean or AsSum a loss is one number an example, the mean over all axes but the first, as in Gluon: call Backward on it and divide by
// the size of the batch in the optimizer's Step. With AsMean it is one number, as PyTorch's losses are: Step(1) then.
func With(opts ...LossOption) *LossOptions {
	o := &LossOptions{axis: -1, set: len(opts) > 0}
	for _, f := range opts {
		f(o)
	}
	return o
}

var noOptions = With()

// LossOptions is the losses with options; see [With].
type LossOptions struct {
	op      string
	set     bool           // there is an option
	weight  *tensor.Tensor // of examples or elements
	mask    *tensor.Tensor // which elements count
	sum     bool
	mean    bool
	classes *tensor.Tensor // weight of each class
	smooth  float64
	ignore  *int
	axis    int
	logp    bool // predictions are logarithms of probabilities
	prob    bool // predictions are probabilities
	logits  bool // predictions are logits where probabilities are usual
	pos     *tensor.Tensor
	margin  *float64
	full    bool
	binary  bool
}

// SampleWeight multiplies the losses by w before they are averaged: one weight an example [n], or a shape that broadcasts to that of the
// predictions from the left, such as [n, steps]. (The masked loss of 9.7 is one with weights 0 and 1.)
func SampleWeight(w *tensor.Tensor) LossOption { return func(o *LossOptions) { o.weight = w } }

// Mask leaves out where m is 0 or false; the mean is over what is left, 0 where nothing is. Shapes as in [SampleWeight].
func Mask(m *tensor.Tensor) LossOption { return func(o *LossOptions) { o.mask = m } }

var (
	// AsMean makes a loss the mean over all that counts, one number: PyTorch's reduction="mean".
	AsMean LossOption = func(o *LossOptions) { o.mean = true }
	// AsSum makes a loss the sum over all elements, one number: PyTorch's reduction="sum".
	AsSum LossOption = func(o *LossOptions) { o.sum = true }
)

// of is the options in a loss of that name.
func (l *LossOptions) of(op string) *LossOptions {
	o := *l
	o.op = op
	return &o
}

// pair checks that predictions and labels fit, and gives the labels the shape and dtype of the predictions.
func pair(op string, pred, label *tensor.Tensor) *tensor.Tensor {
	if pred.NDim() == 0 || label.Size() != pred.Size() || label.NDim() == 0 || label.Dim(0) != pred.Dim(0) {
		tensor.Misuse(op, "predictions and labels do not match", "one label a prediction, examples on axis 0", pred, label)
	}
	if shape := pred.Shape(); !slices.Equal(shape, label.Shape()) {
		label = label.Reshape(shape...)
	}
	return label.AsType(pred.DType())
}

// spread gives a weight the shape of losses: its axes are the first ones of theirs.
func (o *LossOptions) spread(w, e *tensor.Tensor) *tensor.Tensor {
	shape := w.Shape()
	for len(shape) < e.NDim() {
		shape = append(shape, 1)
	}
	ok := len(shape) == e.NDim()
	for i := 0; ok && i < len(shape); i++ {
		ok = shape[i] == 1 || shape[i] == e.Dim(i)
	}
	if !ok {
		tensor.Misuse(o.op, "the weights do not fit the losses", "one an example, or one an element", w, e)
	}
	return w.AsType(e.DType()).Reshape(shape...)
}

// reduce turns the losses of all elements into what is asked for. counts says how much each counts in the mean of [AsMean]; nil: 1.
func (o *LossOptions) reduce(e, counts *tensor.Tensor) *tensor.Tensor {
	if o.weight != nil {
		e = e.Mul(o.spread(o.weight, e))
	}
	if o.mask != nil {
		m := o.spread(o.mask, e).NeScalar(0).AsType(e.DType())
		if !slices.Equal(m.Shape(), e.Shape()) {
			m = m.Expand(e.Shape()...)
		}
		e = tensor.Where(m.AsType(tensor.Bool), e, tensor.ZerosLike(e)) // what is left out may be anything, NaN too
		if counts = m; o.sum {
			counts = nil
		}
		if !o.mean && !o.sum {
			if e.NDim() < 2 {
				return e
			}
			axes := allBut(e)
			return e.Sum(axes...).Div(m.Sum(axes...).MaximumScalar(1))
		}
	}
	switch {
	case o.sum:
		return e.Sum()
	case o.mean && counts != nil:
		return e.Sum().Div(counts.Sum().MaximumScalar(1e-30))
	case o.mean:
		return e.Mean()
	}
	return perExample(e)
}

// plain says whether nothing but one loss an example is asked for.
func (o *LossOptions) plain() bool { return o.weight == nil && o.mask == nil && !o.sum && !o.mean }

// allBut is all axes but the first.
func allBut(x *tensor.Tensor) []int {
	axes := make([]int, x.NDim()-1)
	for i := range axes {
		axes[i] = i + 1
	}
	return axes
}

// perExample averages over all axes but the first.
func perExample(x *tensor.Tensor) *tensor.Tensor {
	if x.NDim() < 2 {
		return x
	}
	return x.Mean(allBut(x)...)
}

func (o *LossOptions) marginOr(v float64) float64 {
	if o.margin != nil {
		return *o.margin
	}
	return v
}

// Margin is the margin of the losses that have one.
func Margin(m float64) LossOption { return func(o *LossOptions) { o.margin = &m } }

func wantPositive(op, what string, v float64) {
	if !(v > 0) {
		panic(&tensor.Error{Op: op, Msg: fmt.Sprintf("%s is %v, not positive", what, v)})
	}
}
