package nn

import (
	"math"

	"github.com/fathom-ml/fathom/tensor"
)

// HingeLoss is max(0, margin - pred label) for labels 1 and -1; [Margin] is 1 unless given.
func HingeLoss(pred, label *tensor.Tensor) *tensor.Tensor { return noOptions.HingeLoss(pred, label) }

// HingeLoss is [HingeLoss] with options.
func (l *LossOptions) HingeLoss(pred, label *tensor.Tensor) *tensor.Tensor {
	label = pair("nn.HingeLoss", pred, label)
	o := l.of("nn.HingeLoss")
	return o.reduce(pred.Mul(label).RSubScalar(o.marginOr(1)).ReLU(), nil)
}

// SquaredHingeLoss is max(0, margin - pred label)² for labels 1 and -1; [Margin] is 1 unless given.
func SquaredHingeLoss(pred, label *tensor.Tensor) *tensor.Tensor {
	return noOptions.SquaredHingeLoss(pred, label)
}

// SquaredHingeLoss is [SquaredHingeLoss] with options.
func (l *LossOptions) SquaredHingeLoss(pred, label *tensor.Tensor) *tensor.Tensor {
	label = pair("nn.SquaredHingeLoss", pred, label)
	o := l.of("nn.SquaredHingeLoss")
	return o.reduce(pred.Mul(label).RSubScalar(o.marginOr(1)).ReLU().Square(), nil)
}

// BinaryLabels says that the labels of [LogisticLoss] are 0 and 1.
var BinaryLabels LossOption = func(o *LossOptions) { o.binary = true }

// LogisticLoss is log(1 + exp(-pred label)) for labels 1 and -1, or 1 and 0 with [BinaryLabels].
func LogisticLoss(pred, label *tensor.Tensor) *tensor.Tensor {
	return noOptions.LogisticLoss(pred, label)
}

// LogisticLoss is [LogisticLoss] with options.
func (l *LossOptions) LogisticLoss(pred, label *tensor.Tensor) *tensor.Tensor {
	label = pair("nn.LogisticLoss", pred, label)
	o := l.of("nn.LogisticLoss")
	if o.binary {
		label = label.MulScalar(2).SubScalar(1)
	}
	return o.reduce(pred.Mul(label).Neg().Softplus(), nil)
}

// three checks that operands have one shape with examples on axis 0.
func three(op string, a, b, c *tensor.Tensor) (*tensor.Tensor, *tensor.Tensor) {
	return pair(op, a, b), pair(op, a, c)
}

// TripletLoss is max(0, |anchor - positive|² - |anchor - negative|² + margin), one value an example, where the squares are summed over all axes but the
// first, as in Gluon; [Margin] is 1 unless given.
func TripletLoss(anchor, positive, negative *tensor.Tensor) *tensor.Tensor {
	return noOptions.TripletLoss(anchor, positive, negative)
}

// TripletLoss is [TripletLoss] with options.
func (l *LossOptions) TripletLoss(anchor, positive, negative *tensor.Tensor) *tensor.Tensor {
	positive, negative = three("nn.TripletLoss", anchor, positive, negative)
	o := l.of("nn.TripletLoss")
	d := anchor.Sub(positive).Square().Sub(anchor.Sub(negative).Square())
	if d.NDim() > 1 {
		d = d.Sum(allBut(d)...)
	}
	return o.reduce(d.AddScalar(o.marginOr(1)).ReLU(), nil)
}

// TripletMarginLoss is [TripletLoss] with distances in place of their squares (Balntas et al., 2016; PyTorch's TripletMarginLoss, which adds 1e-6 to
// the differences): operands [n, d], distances over the last axis.
func TripletMarginLoss(anchor, positive, negative *tensor.Tensor) *tensor.Tensor {
	return noOptions.TripletMarginLoss(anchor, positive, negative)
}

// TripletMarginLoss is [TripletMarginLoss] with options.
func (l *LossOptions) TripletMarginLoss(anchor, positive, negative *tensor.Tensor) *tensor.Tensor {
	positive, negative = three("nn.TripletMarginLoss", anchor, positive, negative)
	o := l.of("nn.TripletMarginLoss")
	distance := func(x *tensor.Tensor) *tensor.Tensor { return anchor.Sub(x).AddScalar(1e-6).NormP(2, -1) }
	return o.reduce(distance(positive).Sub(distance(negative)).AddScalar(o.marginOr(1)).ReLU(), nil)
}

// CosineEmbeddingLoss is 1 - cos(a, b) of the pairs [n, d] with label 1, and max(0, cos(a, b) - margin) of those with label -1; labels [n]; [Margin] is 0
// unless given.
func CosineEmbeddingLoss(a, b, label *tensor.Tensor) *tensor.Tensor {
	return noOptions.CosineEmbeddingLoss(a, b, label)
}

// CosineEmbeddingLoss is [CosineEmbeddingLoss] with options.
func (l *LossOptions) CosineEmbeddingLoss(a, b, label *tensor.Tensor) *tensor.Tensor {
	const op = "nn.CosineEmbeddingLoss"
	b = pair(op, a, b)
	if a.NDim() < 2 || label.Size() != a.Size()/a.Dim(-1) {
		tensor.Misuse(op, "one label a pair is wanted", "a and b [n, d], labels [n]", a, b, label)
	}
	o := l.of(op)
	cos := CosineSimilarity(a, b)
	label = label.Reshape(cos.Shape()...)
	return o.reduce(tensor.Where(label.GtScalar(0), cos.RSubScalar(1), cos.SubScalar(o.marginOr(0)).ReLU()), nil)
}

// CosineSimilarity is the cosine of the angle between a and b over the last axis, a·b / sqrt(a·a b·b), 0 where one of them is 0.
func CosineSimilarity(a, b *tensor.Tensor) *tensor.Tensor {
	norms := a.Square().Sum(-1).Mul(b.Square().Sum(-1)).MaximumScalar(math.SmallestNonzeroFloat32 * 1e8).Sqrt()
	return a.Mul(b).Sum(-1).Div(norms)
}

// MarginRankingLoss is max(0, -label (a - b) + margin) for labels 1, where a is to be greater, and -1; [Margin] is 0 unless given.
func MarginRankingLoss(a, b, label *tensor.Tensor) *tensor.Tensor {
	return noOptions.MarginRankingLoss(a, b, label)
}

// MarginRankingLoss is [MarginRankingLoss] with options.
func (l *LossOptions) MarginRankingLoss(a, b, label *tensor.Tensor) *tensor.Tensor {
	b, label = three("nn.MarginRankingLoss", a, b, label)
	o := l.of("nn.MarginRankingLoss")
	return o.reduce(a.Sub(b).Mul(label).RSubScalar(o.marginOr(0)).ReLU(), nil)
}

// BPRLoss is -log sigmoid(positive - negative), Bayesian personalised ranking (16.5; Rendle et al., 2009).
func BPRLoss(positive, negative *tensor.Tensor) *tensor.Tensor {
	return noOptions.BPRLoss(positive, negative)
}

// BPRLoss is [BPRLoss] with options.
func (l *LossOptions) BPRLoss(positive, negative *tensor.Tensor) *tensor.Tensor {
	negative = pair("nn.BPRLoss", positive, negative)
	return l.of("nn.BPRLoss").reduce(negative.Sub(positive).Softplus(), nil)
}
