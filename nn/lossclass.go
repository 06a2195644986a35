package nn

import (
	"fmt"
	"slices"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// ClassWeights multiplies the loss of each example by the weight of its class, [classes]; the mean of [AsMean] is then divided by the sum of these
// weights, as in PyTorch. For [SoftmaxCrossEntropy].
func ClassWeights(w *tensor.Tensor) LossOption { return func(o *LossOptions) { o.classes = w } }

// LabelSmoothing takes the part eps from the label's class and gives it to all classes evenly (Szegedy et al., 2016). For [SoftmaxCrossEntropy].
func LabelSmoothing(eps float64) LossOption { return func(o *LossOptions) { o.smooth = eps } }

// IgnoreIndex leaves out the examples with this label. For [SoftmaxCrossEntropy].
func IgnoreIndex(label int) LossOption { return func(o *LossOptions) { o.ignore = &label } }

// Axis is the axis of the classes, the last one unless given; PyTorch's is 1. For [SoftmaxCrossEntropy] and [KLDivLoss].
func Axis(a int) LossOption { return func(o *LossOptions) { o.axis = a } }

// LogProbabilities says that the predictions of [SoftmaxCrossEntropy] are logarithms of probabilities already (PyTorch's NLLLoss).
var LogProbabilities LossOption = func(o *LossOptions) { o.logp = true }

// SoftmaxCrossEntropy is the negative logarithm of the softmax probability of
// each label, computed from the logits without overflow: one value an example (3.7).
//
// Shapes: logits [n, ..., classes], integer labels [n, ...]; axes between the first and the
// last are averaged over. Labels of floats, of the shape of the logits, are probabilities p: -sum p log softmax. Options:
// [ClassWeights], [LabelSmoothing], [IgnoreIndex], [Axis], [LogProbabilities].
func SoftmaxCrossEntropy(logits, labels *tensor.Tensor) *tensor.Tensor {
	return noOptions.SoftmaxCrossEntropy(logits, labels)
}

// SoftmaxCrossEntropy is [SoftmaxCrossEntropy] with options.
func (l *LossOptions) SoftmaxCrossEntropy(logits, labels *tensor.Tensor) *tensor.Tensor {
	const op = "nn.SoftmaxCrossEntropy"
	o := l.of(op)
	if o.set {
		if k := logits.NDim(); o.axis != -1 && o.axis != k-1 {
			if o.axis >= k || o.axis < -k {
				tensor.Misuse(op, fmt.Sprintf("there is no axis %d", o.axis), "", logits)
			}
			logits = logits.MoveAxis(o.axis, -1)
			if labels.NDim() == k {
				labels = labels.MoveAxis(o.axis, -1)
			}
		}
	}
	k := logits.NDim()
	if k >= 1 && labels.DType().IsFloat() && slices.Equal(logits.Shape(), labels.Shape()) {
		return crossProbabilities(logits, labels, o)
	}
	if k < 2 || !slices.Equal(logits.Shape()[:k-1], labels.Shape()) {
		tensor.Misuse(op, "logits and labels do not match", "logits [n, ..., classes], labels [n, ...]; the option nn.Axis says where the classes are", logits, labels)
	}
	if dt := labels.DType(); dt == tensor.Uint8 || dt == tensor.Int8 {
		labels = labels.AsType(tensor.Int32)
	}
	if !o.set && k == 2 {
		return nnop.SoftmaxCrossEntropy(logits, labels)
	}
	return crossIndices(logits, labels, o)
}

// crossIndices is cross-entropy with integer labels.
func crossIndices(logits, labels *tensor.Tensor, o *LossOptions) *tensor.Tensor {
	shape, classes := labels.Shape(), logits.Dim(-1)
	x, y := logits.Reshape(-1, classes), labels.Flatten()
	var counts *tensor.Tensor // of each label
	if o.ignore != nil {
		left := y.EqScalar(float64(*o.ignore))
		counts = left.LogicalNot().AsType(x.DType())
		y = tensor.Where(left, tensor.ZerosOf(y.DType(), y.Shape()...), y)
	}
	if o.classes != nil {
		if !slices.Equal(o.classes.Shape(), []int{classes}) {
			tensor.Misuse(o.op, "one weight a class is wanted", "", o.classes, logits)
		}
		w := o.classes.AsType(x.DType()).Take(y)
		if counts != nil {
			w = w.Mul(counts)
		}
		counts = w
	}
	var e *tensor.Tensor
	switch {
	case o.smooth == 0 && !o.logp:
		e = nnop.SoftmaxCrossEntropy(x, y)
	default:
		if !o.logp {
			x = nnop.LogSoftmax(x)
		}
		e = x.Pick(y).Neg()
	}
	smooth := o.smoothed(x, counts)
	if counts != nil {
		e = e.Mul(counts)
	}
	if smooth != nil {
		e = e.MulScalar(1 - o.smooth).Add(smooth)
	}
	if counts != nil {
		counts = counts.Reshape(shape...)
	}
	return o.reduce(e.Reshape(shape...), counts)
}

// smoothed is the share of all classes, nil without smoothing: eps/K sum of w (-log p). Examples that do not count have none.
func (o *LossOptions) smoothed(logp, counts *tensor.Tensor) *tensor.Tensor {
	if o.smooth == 0 {
		return nil
	}
	all := logp
	if o.classes != nil {
		all = logp.Mul(o.classes.AsType(logp.DType()))
	}
	s := all.Sum(-1).MulScalar(-o.smooth / float64(logp.Dim(-1)))
	if o.ignore != nil {
		s = s.Mul(counts.NeScalar(0).AsType(s.DType()))
	}
	return s
}

// crossProbabilities is cross-entropy with probabilities.
func crossProbabilities(logits, p *tensor.Tensor, o *LossOptions) *tensor.Tensor {
	x := logits
	if !o.logp {
		x = nnop.LogSoftmax(logits)
	}
	p = p.AsType(x.DType())
	if o.smooth != 0 {
		p = p.MulScalar(1 - o.smooth).AddScalar(o.smooth / float64(x.Dim(-1)))
	}
	if o.classes != nil {
		p = p.Mul(o.classes.AsType(x.DType()))
	}
	return o.reduce(p.Mul(x).Sum(-1).Neg(), nil)
}

// Probabilities says that the predictions of [SigmoidBCELoss] are probabilities, not logits.
var Probabilities LossOption = func(o *LossOptions) { o.prob = true }

// PosWeight multiplies the loss of the positive labels of [SigmoidBCELoss] by w, which broadcasts to the predictions.
func PosWeight(w *tensor.Tensor) LossOption { return func(o *LossOptions) { o.pos = w } }

// SigmoidBCELoss is the binary cross-entropy of labels in [0, 1] under the sigmoid of pred, without overflow (14.4, 17.1): with q = sigmoid(pred),
// -(label log q + (1-label) log(1-q)). Options: [PosWeight], [Probabilities] (logarithms are -100 at least then, as in PyTorch).
func SigmoidBCELoss(pred, label *tensor.Tensor) *tensor.Tensor {
	return noOptions.SigmoidBCELoss(pred, label)
}

// SigmoidBCELoss is [SigmoidBCELoss] with options.
func (l *LossOptions) SigmoidBCELoss(pred, label *tensor.Tensor) *tensor.Tensor {
	label = pair("nn.SigmoidBCELoss", pred, label)
	o := l.of("nn.SigmoidBCELoss")
	yes, no := label, label.RSubScalar(1)
	if o.pos != nil {
		yes = yes.Mul(o.pos.AsType(pred.DType()))
	}
	if o.prob {
		log := func(x *tensor.Tensor) *tensor.Tensor { return x.Log().MaximumScalar(-100) }
		return o.reduce(yes.Mul(log(pred)).Add(no.Mul(log(pred.RSubScalar(1)))).Neg(), nil)
	}
	// log(1 + exp(-x)) for yes, x + log(1 + exp(-x)) for no
	soft := pred.Neg().Softplus()
	return o.reduce(yes.Add(no).Mul(soft).Add(no.Mul(pred)), nil)
}

// FocalLoss is [SigmoidBCELoss] in which what is classified well already counts little: with q the probability of the right answer, -a (1-q)^gamma log q, where a
// is alpha for positive labels and 1-alpha for negative ones; alpha < 0 means no such weight (Lin et al., 2017).
func FocalLoss(pred, label *tensor.Tensor, alpha, gamma float64) *tensor.Tensor {
	return noOptions.FocalLoss(pred, label, alpha, gamma)
}

// FocalLoss is [FocalLoss] with options.
func (l *LossOptions) FocalLoss(pred, label *tensor.Tensor, alpha, gamma float64) *tensor.Tensor {
	label = pair("nn.FocalLoss", pred, label)
	o := l.of("nn.FocalLoss")
	no := label.RSubScalar(1)
	ce := pred.Neg().Softplus().Add(no.Mul(pred))
	q := pred.Sigmoid()
	right := q.Mul(label).Add(q.RSubScalar(1).Mul(no))
	e := right.RSubScalar(1).PowScalar(gamma).Mul(ce)
	if alpha >= 0 {
		e = e.Mul(label.MulScalar(alpha).Add(no.MulScalar(1 - alpha)))
	}
	return o.reduce(e, nil)
}

// FromLogits says that the predictions of [KLDivLoss] are logits, of which the log-softmax over [Axis] is taken.
var FromLogits LossOption = func(o *LossOptions) { o.logits = true }

// KLDivLoss is the summand of the Kullback-Leibler divergence of label from pred, label (log label - pred), where pred are logarithms of probabilities, or
// logits with [FromLogits]; 0 where the label is 0 (18.11). It is averaged over all axes but the first, as in Gluon; the divergence itself is the sum over
// the classes.
func KLDivLoss(pred, label *tensor.Tensor) *tensor.Tensor { return noOptions.KLDivLoss(pred, label) }

// KLDivLoss is [KLDivLoss] with options.
func (l *LossOptions) KLDivLoss(pred, label *tensor.Tensor) *tensor.Tensor {
	label = pair("nn.KLDivLoss", pred, label)
	o := l.of("nn.KLDivLoss")
	if o.logits {
		if o.axis >= pred.NDim() || o.axis < -pred.NDim() {
			tensor.Misuse(o.op, fmt.Sprintf("there is no axis %d", o.axis), "", pred)
		}
		pred = nnop.LogSoftmax(pred.MoveAxis(o.axis, -1)).MoveAxis(-1, o.axis)
	}
	return o.reduce(label.Xlogy(label).Sub(label.Mul(pred)), nil)
}
