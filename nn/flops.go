package nn

import "github.com/fathom-ml/fathom/tensor"

// Counter is a layer that knows how many floating-point operations it does to make y of x. [Summary] asks layers of your own; it knows the
// built-in ones.
type Counter interface {
	FLOPs(x, y *tensor.Tensor) int
}

// flops counts a multiplication and an addition as two in matrix products, convolutions, recurrent layers and attention; of activations one for each
// element, of normalisations two, of pooling one for each element of a window where there is one. Everything else moves data and counts nothing.
func flops(layer any, x, y *tensor.Tensor) int {
	each := func(p *Param) int { return p.Value().Size() / p.Value().Dim(0) }
	bias := func(p *Param) int {
		if p == nil {
			return 0
		}
		return y.Size()
	}
	switch l := layer.(type) {
	case Counter:
		return l.FLOPs(x, y)
	case *Dense:
		return 2*y.Size()*each(l.Weight) + bias(l.Bias)
	case *Conv1D:
		return 2*y.Size()*each(l.Weight) + bias(l.Bias)
	case *Conv2D:
		return 2*y.Size()*each(l.Weight) + bias(l.Bias)
	case *Conv3D:
		return 2*y.Size()*each(l.Weight) + bias(l.Bias)
	case *ConvTranspose1D:
		return 2*x.Size()*each(l.Weight) + bias(l.Bias)
	case *ConvTranspose2D:
		return 2*x.Size()*each(l.Weight) + bias(l.Bias)
	case *ConvTranspose3D:
		return 2*x.Size()*each(l.Weight) + bias(l.Bias)
	case *Bilinear:
		return 2 * y.Size() * (each(l.Weight) + x.Dim(-1))
	case *Recurrent:
		n := 0
		for _, k := range l.Layers {
			for _, p := range []*RecurrentParams{&k.RecurrentParams, k.Reverse} {
				if p != nil {
					n += p.WeightIH.Value().Size() + p.WeightHH.Value().Size()
				}
			}
		}
		return 2 * n * y.Dim(0) * y.Dim(1)
	case *Activation:
		return y.Size()
	case *BatchNorm, *LayerNorm, *GroupNorm, *InstanceNorm, *RMSNorm:
		return 2 * y.Size()
	case *MaxPool2D:
		return y.Size() * l.Spec.Kernel[0] * l.Spec.Kernel[1]
	case *AvgPool2D:
		return y.Size() * l.Spec.Kernel[0] * l.Spec.Kernel[1]
	case *GlobalPool, *AdaptivePool:
		return x.Size()
	}
	return 0
}
