package nn

import (
	"fmt"
	"math"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// fan is an initialiser whose variance follows from how many numbers a weight adds up, fan_in, and to how many results each number
// goes, fan_out: the lengths of axis 1 and axis 0, times the area of the window.
type fan struct {
	name      string
	normal    bool
	of        func(in, out int) float64
	gain      float64
	magnitude float64 // 0: the gain says
}

// FanOption is an option of [Xavier], [Kaiming] and [MSRAPReLU]: [FanAvg], [FanIn] or [FanOut], [DrawUniform] or [DrawNormal],
// [Magnitude], [WithGain] or [Slope].
type FanOption func(f *fan)

// FanAvg divides by the mean of fan_in and fan_out.
func FanAvg(f *fan) { f.of = func(in, out int) float64 { return float64(in+out) / 2 } }

// FanIn divides by fan_in, which keeps the size of signals on the way forward.
func FanIn(f *fan) { f.of = func(in, out int) float64 { return float64(in) } }

// FanOut divides by fan_out, which keeps the size of gradients on the way back.
func FanOut(f *fan) { f.of = func(in, out int) float64 { return float64(out) } }

// DrawUniform draws from a uniform distribution.
func DrawUniform(f *fan) { f.normal = false }

// DrawNormal draws from a normal distribution.
func DrawNormal(f *fan) { f.normal = true }

// Magnitude is Gluon's: m = 3 unless set, U(-c, c) or N(0, c²) with c = √(m/fan).
func Magnitude(m float64) FanOption {
	positive("nn.Magnitude", m)
	return func(f *fan) { f.magnitude = m }
}

// WithGain makes the standard deviation gain/√fan, whatever the distribution, as PyTorch does; see [Gain].
func WithGain(gain float64) FanOption {
	positive("nn.WithGain", gain)
	return func(f *fan) { f.gain, f.magnitude = gain, 0 }
}

// Slope is WithGain for a [LeakyReLU] of that slope, 0 for [ReLU]: √(2/(1+slope²)).
func Slope(slope float64) FanOption { return WithGain(leakyGain(slope)) }

// Xavier draws from U(-c, c) with c = √(6/(fan_in + fan_out)), where fan_in is the length of axis 1 times the area of
// the window and fan_out that of axis 0 (4.8; Glorot and Bengio, 2010). Options change that: nn.Xavier(nn.DrawNormal, nn.FanIn,
// nn.Magnitude(2)) as in Gluon; nn.Xavier(nn.DrawNormal, nn.WithGain(1)) is PyTorch's xavier_normal_. It panics on vectors.
func Xavier(opts ...FanOption) Initialiser {
	return newFan(fan{name: "Xavier", magnitude: 3}, FanAvg, opts)
}

// Kaiming draws from N(0, 2/fan_in), which suits [ReLU] (He et al., 2015). Options change that: nn.Kaiming(nn.DrawUniform,
// nn.FanOut, nn.Slope(0.1)), nn.Kaiming(nn.WithGain(nn.Gain(nn.Tanh))). It panics on vectors.
func Kaiming(opts ...FanOption) Initialiser {
	return newFan(fan{name: "Kaiming", normal: true, gain: math.Sqrt2}, FanIn, opts)
}

// MSRAPReLU is Gluon's form of [Kaiming]: the mean of fan_in and fan_out, and the slope of a [PReLU], 1/4, unless options say otherwise.
func MSRAPReLU(opts ...FanOption) Initialiser {
	return newFan(fan{name: "MSRAPReLU", normal: true, gain: leakyGain(0.25)}, FanAvg, opts)
}

func newFan(f fan, of FanOption, opts []FanOption) Initialiser {
	of(&f)
	for _, o := range opts {
		o(&f)
	}
	return &f
}

// Init draws the values of w.
func (f *fan) Init(path string, w *tensor.Tensor) {
	in, out := fans(path, f.name, w.Shape())
	m := f.magnitude
	if m == 0 {
		m = f.gain * f.gain
		if !f.normal { // the variance of U(-c, c) is c²/3
			m *= 3
		}
	}
	c := math.Sqrt(m / f.of(in, out))
	if f.normal {
		w.CopyFrom(random.Normal(0, c, w.Shape()...))
	} else {
		w.CopyFrom(random.Uniform(-c, c, w.Shape()...))
	}
}

// fans are fan_in and fan_out of a weight.
func fans(path, name string, s []int) (in, out int) {
	if len(s) < 2 {
		panic(&tensor.Error{Op: path, Msg: name + " wants at least two axes", Shapes: [][]int{s}, Hint: "give the parameter an initialiser of its own: nn.NewParam(nn.InitWith(nn.Zeros))"})
	}
	area := length(s[2:])
	return s[1] * area, s[0] * area
}

func positive(op string, v float64) {
	if !(v > 0) {
		panic(&tensor.Error{Op: op, Msg: fmt.Sprintf("%v is not positive", v)})
	}
}

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
