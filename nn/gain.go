package nn

import "math"

// Gain is by how much weights should be larger before an activation so that signals keep their size (4.8; He et al.,
// 2015): √2 for ReLU, √(2/(1+slope²)) for a leaky one, 5/3 for tanh, 3/4 for SELU, 1 for others and for nil, none. These are
// PyTorch's numbers.
func Gain(a *Activation) float64 {
	if a == nil || a.gain == 0 {
		return 1
	}
	return a.gain
}

func leakyGain(slope float64) float64 { return math.Sqrt(2 / (1 + slope*slope)) }
