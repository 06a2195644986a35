package nn

import (
	"math"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// L2Loss is (pred - label)²/2, one value an example (3.3). A label of another shape with as many elements is
// reshaped to pred's.
func L2Loss(pred, label *tensor.Tensor) *tensor.Tensor { return noOptions.L2Loss(pred, label) }

// L2Loss is [L2Loss] with options.
func (l *LossOptions) L2Loss(pred, label *tensor.Tensor) *tensor.Tensor {
	label = pair("nn.L2Loss", pred, label)
	o := l.of("nn.L2Loss")
	if o.plain() {
		return nnop.SquaredError(pred, label)
	}
	return o.reduce(pred.Sub(label).Square().MulScalar(0.5), nil)
}

// MSELoss is (pred - label)², twice [L2Loss] (PyTorch's MSELoss).
func MSELoss(pred, label *tensor.Tensor) *tensor.Tensor { return noOptions.MSELoss(pred, label) }

// MSELoss is [MSELoss] with options.
func (l *LossOptions) MSELoss(pred, label *tensor.Tensor) *tensor.Tensor {
	label = pair("nn.MSELoss", pred, label)
	return l.of("nn.MSELoss").reduce(pred.Sub(label).Square(), nil)
}

// L1Loss is |pred - label|.
func L1Loss(pred, label *tensor.Tensor) *tensor.Tensor { return noOptions.L1Loss(pred, label) }

// L1Loss is [L1Loss] with options.
func (l *LossOptions) L1Loss(pred, label *tensor.Tensor) *tensor.Tensor {
	label = pair("nn.L1Loss", pred, label)
	return l.of("nn.L1Loss").reduce(pred.Sub(label).Abs(), nil)
}

// HuberLoss is d²/2 of the difference d where |d| <= delta, and delta (|d| - delta/2) beyond (Huber, 1964). It panics unless delta > 0.
func HuberLoss(pred, label *tensor.Tensor, delta float64) *tensor.Tensor {
	return noOptions.HuberLoss(pred, label, delta)
}

// HuberLoss is [HuberLoss] with options.
func (l *LossOptions) HuberLoss(pred, label *tensor.Tensor, delta float64) *tensor.Tensor {
	wantPositive("nn.HuberLoss", "delta", delta)
	label = pair("nn.HuberLoss", pred, label)
	return l.of("nn.HuberLoss").reduce(pred.Sub(label).Huber(delta), nil)
}

// SmoothL1Loss is d²/(2 beta) of the difference d where |d| <= beta, and |d| - beta/2 beyond: [HuberLoss] divided by beta. It is Gluon's HuberLoss with
// rho = beta, and PyTorch's SmoothL1Loss. It panics unless beta > 0.
func SmoothL1Loss(pred, label *tensor.Tensor, beta float64) *tensor.Tensor {
	return noOptions.SmoothL1Loss(pred, label, beta)
}

// SmoothL1Loss is [SmoothL1Loss] with options.
func (l *LossOptions) SmoothL1Loss(pred, label *tensor.Tensor, beta float64) *tensor.Tensor {
	wantPositive("nn.SmoothL1Loss", "beta", beta)
	label = pair("nn.SmoothL1Loss", pred, label)
	return l.of("nn.SmoothL1Loss").reduce(pred.Sub(label).Huber(beta).MulScalar(1/beta), nil)
}

// Full adds the terms that do not depend on the predictions: to [PoissonNLLLoss] Stirling's approximation of log(label!), to [GaussianNLLLoss]
// log(2 pi)/2.
var Full LossOption = func(o *LossOptions) { o.full = true }

// Rates says that the predictions of [PoissonNLLLoss] are rates, not their logarithms.
var Rates LossOption = func(o *LossOptions) { o.prob = true }

// PoissonNLLLoss is the negative log-likelihood of counts under a Poisson distribution whose rate has the logarithm pred: exp(pred) - label pred; with [Rates], pred -
// label log(pred + 1e-8). The term log(label!) is left out, but for [Full].
func PoissonNLLLoss(pred, label *tensor.Tensor) *tensor.Tensor {
	return noOptions.PoissonNLLLoss(pred, label)
}

// PoissonNLLLoss is [PoissonNLLLoss] with options.
func (l *LossOptions) PoissonNLLLoss(pred, label *tensor.Tensor) *tensor.Tensor {
	label = pair("nn.PoissonNLLLoss", pred, label)
	o := l.of("nn.PoissonNLLLoss")
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
func GaussianNLLLoss(mean, label, variance *tensor.Tensor) *tensor.Tensor {
	return noOptions.GaussianNLLLoss(mean, label, variance)
}

// GaussianNLLLoss is [GaussianNLLLoss] with options.
func (l *LossOptions) GaussianNLLLoss(mean, label, variance *tensor.Tensor) *tensor.Tensor {
	label = pair("nn.GaussianNLLLoss", mean, label)
	v := pair("nn.GaussianNLLLoss", mean, variance).MaximumScalar(1e-6)
	o := l.of("nn.GaussianNLLLoss")
	e := v.Log().Add(mean.Sub(label).Square().Div(v)).MulScalar(0.5)
	if o.full {
		e = e.AddScalar(math.Log(2*math.Pi) / 2)
	}
	return o.reduce(e, nil)
}
