package nn

import (
	"math"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// L2Loss is (pred - label)²/2, one value an example (3.3). A label of another shape with as many elements is
// reshaped to pred's.
func L2Loss(pred, label *tensor.Tensor, opts ...LossOption) *tensor.Tensor {
	label = pair("nn.L2Loss", pred, label)
	o := lossOf("nn.L2Loss", opts)
	if o.plain() {
		return nnop.SquaredError(pred, label)
	}
	return o.reduce(pred.Sub(label).Square().MulScalar(0.5), nil)
}

// MSELoss is (pred - label)², twice [L2Loss] (PyTorch's MSELoss).
func MSELoss(pred, label *tensor.Tensor, opts ...LossOption) *tensor.Tensor {
	label = pair("nn.MSELoss", pred, label)
	return lossOf("nn.MSELoss", opts).reduce(pred.Sub(label).Square(), nil)
}

// L1Loss is |pred - label|.
func L1Loss(pred, label *tensor.Tensor, opts ...LossOption) *tensor.Tensor {
	label = pair("nn.L1Loss", pred, label)
	return lossOf("nn.L1Loss", opts).reduce(pred.Sub(label).Abs(), nil)
}

// HuberLoss is d²/2 of the difference d where |d| <= delta, and delta (|d| - delta/2) beyond (Huber, 1964). It panics unless delta > 0.
func HuberLoss(pred, label *tensor.Tensor, delta float64, opts ...LossOption) *tensor.Tensor {
	wantPositive("nn.HuberLoss", "delta", delta)
	label = pair("nn.HuberLoss", pred, label)
	return lossOf("nn.HuberLoss", opts).reduce(pred.Sub(label).Huber(delta), nil)
}

// SmoothL1Loss is d²/(2 beta) of the difference d where |d| <= beta, and |d| - beta/2 beyond: [HuberLoss] divided by beta. It is Gluon's HuberLoss with
// rho = beta, and PyTorch's SmoothL1Loss. It panics unless beta > 0.
func SmoothL1Loss(pred, label *tensor.Tensor, beta float64, opts ...LossOption) *tensor.Tensor {
	wantPositive("nn.SmoothL1Loss", "beta", beta)
	label = pair("nn.SmoothL1Loss", pred, label)
	return lossOf("nn.SmoothL1Loss", opts).reduce(pred.Sub(label).Huber(beta).MulScalar(1/beta), nil)
}

// Full adds the terms that do not depend on the predictions: to [PoissonNLLLoss] Stirling's approximation of log(label!), to [GaussianNLLLoss]
// log(2 pi)/2.
var Full LossOption = func(o *lossOptions) { o.full = true }

// Rates says that the predictions of [PoissonNLLLoss] are rates, not their logarithms.
var Rates LossOption = func(o *lossOptions) { o.prob = true }

// PoissonNLLLoss is the negative log-likelihood of counts under a Poisson distribution whose rate has the logarithm pred: exp(pred) - label pred; with [Rates], pred -
// label log(pred + 1e-8). The term log(label!) is left out, but for [Full].
func PoissonNLLLoss(pred, label *tensor.Tensor, opts ...LossOption) *tensor.Tensor {
	label = pair("nn.PoissonNLLLoss", pred, label)
	o := lossOf("nn.PoissonNLLLoss", opts)
	var e *tensor.Tensor
	if o.prob {
		e = pred.Sub(label.Mul(pred.AddScalar(1e-8).Log()))
	} else {
		e = pred.Exp().Sub(label.Mul(pred))
	}
	if o.full {
		at := label.MaximumScalar(1)
		stirling := at.Mul(at.Log()).Sub(at).Add(at.MulScalar(2 * math.Pi).Log().MulScalar(0.5))
		e = e.Add(tensor.Where(label.GtScalar(1), stirling, tensor.ZerosLike(stirling)))
	}
	return o.reduce(e, nil)
}

// GaussianNLLLoss is the negative log-likelihood of labels under normal distributions with the given means and variances, which are 1e-6 at least:
// (log(variance) + (mean - label)²/variance)/2, and log(2 pi)/2 more with [Full].
func GaussianNLLLoss(mean, label, variance *tensor.Tensor, opts ...LossOption) *tensor.Tensor {
	label = pair("nn.GaussianNLLLoss", mean, label)
	v := pair("nn.GaussianNLLLoss", mean, variance).MaximumScalar(1e-6)
	o := lossOf("nn.GaussianNLLLoss", opts)
	e := v.Log().Add(mean.Sub(label).Square().Div(v)).MulScalar(0.5)
	if o.full {
		e = e.AddScalar(math.Log(2*math.Pi) / 2)
	}
	return o.reduce(e, nil)
}
