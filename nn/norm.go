package nn

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// Norm is what the normalising layers have in common: the factor Gamma and the summand Beta, learned,
// one for each channel or each number of a row.
type Norm struct {
	Eps    float64 // added to the variance
	Gamma  *Param  // nil if there is none
	Beta   *Param  // nil if there is none
	inputs int     // -1: the first use tells
	axes   int
	keep   float64
}

// NormOption is an option of the normalising layers: [Eps], [Momentum], [NoScale], [NoCenter], [LastAxes] or [Inputs].
type NormOption interface{ norm(n *Norm) }

type normOption func(n *Norm)

func (f normOption) norm(n *Norm) { f(n) }
func (n Inputs) norm(l *Norm)     { l.inputs = int(n) }

// Eps is what a normalisation adds to the variance, 1e-5 unless set.
func Eps(v float64) NormOption { return normOption(func(n *Norm) { n.Eps = v }) }

// Momentum is how much of its running averages a [BatchNorm] keeps at each step, 0.9 unless set, as in
// Gluon. PyTorch's momentum is what the new batch weighs: 0.1 there is 0.9 here.
func Momentum(m float64) NormOption { return normOption(func(n *Norm) { n.keep = m }) }

// LastAxes is how many axes make a row of a [LayerNorm] or [RMSNorm], 1 unless set.
func LastAxes(k int) NormOption { return normOption(func(n *Norm) { n.axes = k }) }

var (
	// NoScale leaves gamma out.
	NoScale NormOption = normOption(func(n *Norm) { n.Gamma = nil })
	// NoCenter leaves beta out.
	NoCenter NormOption = normOption(func(n *Norm) { n.Beta = nil })
)

func newNorm(op string, opts []NormOption) Norm {
	n := Norm{Eps: 1e-5, inputs: -1, axes: 1, keep: 0.9, Gamma: NewParam(InitWith(Ones)), Beta: NewParam(InitWith(Zeros))}
	for _, o := range opts {
		o.norm(&n)
	}
	if n.Eps < 0 || n.axes < 1 || n.keep < 0 || n.keep > 1 {
		panic(&tensor.Error{Op: op, Msg: fmt.Sprintf("eps %v, axes %d, momentum %v: wants eps >= 0, axes >= 1, momentum in [0, 1]", n.Eps, n.axes, n.keep)})
	}
	if n.inputs > 0 {
		for _, p := range []*Param{n.Gamma, n.Beta} {
			if p != nil {
				p.shape = []int{n.inputs}
			}
		}
	}
	return n
}

// factors are the values of gamma and beta.
func (n *Norm) factors(c *Ctx, shape ...int) (gamma, beta *tensor.Tensor) {
	return c.Param(n.Gamma, shape...), c.Param(n.Beta, shape...)
}

// channels is the length of axis 1.
func channels(op string, x *tensor.Tensor) int {
	if x.NDim() < 2 {
		tensor.Misuse(op, "wants [batch, channels, ...]", "", x)
	}
	return x.Dim(1)
}

// row is the shape of the last axes.
func (n *Norm) row(op string, x *tensor.Tensor) []int {
	if x.NDim() < n.axes {
		tensor.Misuse(op, fmt.Sprintf("a row has %d axes", n.axes), "", x)
	}
	return x.Shape()[x.NDim()-n.axes:]
}

// label is what the layers print, e.g. "(512, eps=1e-05)", with -1 for an unknown length.
func (n *Norm) label(more string) string {
	in := "-1"
	for _, p := range []*Param{n.Gamma, n.Beta} {
		if s := p.shapeOf(); s != nil {
			in = tuple(s)
			if len(s) == 1 {
				in = fmt.Sprint(s[0])
			}
		}
	}
	return fmt.Sprintf("(%s, eps=%v%s)", in, n.Eps, more)
}

// shapeOf is the shape of a parameter that may be absent.
func (p *Param) shapeOf() []int {
	if p == nil {
		return nil
	}
	return p.Shape()
}

// BatchNorm normalises each channel (7.5): in training by mean and variance of the batch, of which it keeps
// running averages, in evaluation by those averages.
//
// RunningMean and RunningVar are plain tensors, which [Save] writes and the optimizers leave alone; they are
// nil before the first step of training, and count as 0 and 1 then. The running variance
// is an average of biased variances, as in Gluon and the book; PyTorch's is unbiased.
type BatchNorm struct {
	Norm
	RunningMean *tensor.Tensor
	RunningVar  *tensor.Tensor
}

// NewBatchNorm returns a batch normalisation over axis 1. The number of channels comes with the first use.
func NewBatchNorm(opts ...NormOption) *BatchNorm {
	return &BatchNorm{Norm: newNorm("nn.NewBatchNorm", opts)}
}

// Forward normalises [n, channels, ...] and, in training, moves the running averages.
func (l *BatchNorm) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	k := channels("batchNorm", x)
	gamma, beta := l.factors(c, k)
	if !c.Training() {
		mean, variance := c.State(&l.RunningMean), c.State(&l.RunningVar)
		if mean == nil || variance == nil {
			mean, variance = tensor.ZerosOf(x.DType(), k), tensor.FullOf(x.DType(), 1, k)
		}
		return nnop.BatchNormInfer(x, gamma, beta, mean, variance, l.Eps)
	}
	y, mean, variance := nnop.BatchNorm(x, gamma, beta, l.Eps)
	if c.Recomputing() {
		return y
	}
	if c.State(&l.RunningMean) == nil || c.State(&l.RunningVar) == nil {
		l.RunningMean, l.RunningVar = tensor.ZerosOf(x.DType(), k), tensor.FullOf(x.DType(), 1, k)
	}
	move(c.State(&l.RunningMean), mean, l.keep)
	move(c.State(&l.RunningVar), variance, l.keep)
	return y
}

// move sets average to keep*average + (1-keep)*v.
func move(average, v *tensor.Tensor, keep float64) {
	average.MulScalarAssign(keep)
	average.AddScaled(1-keep, v)
}

// String is e.g. "BatchNorm(64, eps=1e-05, momentum=0.9)".
func (l *BatchNorm) String() string {
	return "BatchNorm" + l.label(fmt.Sprintf(", momentum=%v", l.keep))
}

// LayerNorm normalises each row, the numbers of the last axis or axes, by its own mean and variance (10.7).
type LayerNorm struct{ Norm }

// NewLayerNorm returns a layer normalisation over the last axis, or over as many as [LastAxes] says. The length of
// a row comes with the first use.
func NewLayerNorm(opts ...NormOption) *LayerNorm {
	return &LayerNorm{newNorm("nn.NewLayerNorm", opts)}
}

// Forward normalises the rows of x.
func (l *LayerNorm) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	row := l.row("layerNorm", x)
	gamma, beta := l.factors(c, row...)
	if gamma == nil && beta == nil && len(row) > 1 { // the operation cannot see what a row is
		shape := x.Shape()
		return nnop.LayerNorm(x.FlattenFrom(len(shape)-len(row)), nil, nil, l.Eps).Reshape(shape...)
	}
	return nnop.LayerNorm(x, gamma, beta, l.Eps)
}

// String is e.g. "LayerNorm(512, eps=1e-05)".
func (l *LayerNorm) String() string { return "LayerNorm" + l.label("") }

// RMSNorm divides each row by the root of its mean square (Zhang and Sennrich, 2019).
type RMSNorm struct{ Norm }

// NewRMSNorm returns an RMS normalisation; rows as in [NewLayerNorm]. It has no beta.
func NewRMSNorm(opts ...NormOption) *RMSNorm {
	return &RMSNorm{newNorm("nn.NewRMSNorm", append(opts, NoCenter))}
}

// Forward normalises the rows of x.
func (l *RMSNorm) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	row := l.row("rmsNorm", x)
	gamma, _ := l.factors(c, row...)
	if gamma == nil && len(row) > 1 {
		shape := x.Shape()
		return nnop.RMSNorm(x.FlattenFrom(len(shape)-len(row)), nil, l.Eps).Reshape(shape...)
	}
	return nnop.RMSNorm(x, gamma, l.Eps)
}

// String is e.g. "RMSNorm(512, eps=1e-05)".
func (l *RMSNorm) String() string { return "RMSNorm" + l.label("") }

// GroupNorm normalises groups of channels of each example (Wu and He, 2018).
type GroupNorm struct {
	Groups int
	Norm
}

// NewGroupNorm returns a group normalisation. The number of channels, which groups must divide, comes with the
// first use. It panics if groups is not positive.
func NewGroupNorm(groups int, opts ...NormOption) *GroupNorm {
	if groups < 1 {
		panic(&tensor.Error{Op: "nn.NewGroupNorm", Msg: fmt.Sprintf("%d groups", groups)})
	}
	return &GroupNorm{groups, newNorm("nn.NewGroupNorm", opts)}
}

// Forward normalises [n, channels, ...].
func (l *GroupNorm) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	gamma, beta := l.factors(c, channels("groupNorm", x))
	return nnop.GroupNorm(x, gamma, beta, l.Groups, l.Eps)
}

// String is e.g. "GroupNorm(64, eps=1e-05, groups=8)".
func (l *GroupNorm) String() string {
	return "GroupNorm" + l.label(fmt.Sprintf(", groups=%d", l.Groups))
}

// InstanceNorm normalises each channel of each example by itself (Ulyanov et al., 2016).
type InstanceNorm struct{ Norm }

// NewInstanceNorm returns an instance normalisation. The number of channels comes with the first use.
func NewInstanceNorm(opts ...NormOption) *InstanceNorm {
	return &InstanceNorm{newNorm("nn.NewInstanceNorm", opts)}
}

// Forward normalises [n, channels, ...].
func (l *InstanceNorm) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	gamma, beta := l.factors(c, channels("instanceNorm", x))
	return nnop.InstanceNorm(x, gamma, beta, l.Eps)
}

// String is e.g. "InstanceNorm(64, eps=1e-05)".
func (l *InstanceNorm) String() string { return "InstanceNorm" + l.label("") }
