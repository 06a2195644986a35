package nnop

import (
	"fmt"
	"slices"

	"github.com/fathom-ml/fathom/internal/kernel"
	"github.com/fathom-ml/fathom/tensor"
)

// norm: y = (x-mean)/sqrt(variance+eps)*gamma + beta, the statistics taken from x. Its operands are x,
// then gamma and beta, as far as there are any.
type norm struct {
	name        string
	spec        kernel.Norm
	gamma, beta bool
	last        int // layer normalisation: how many axes a row has; 0: channels are axis 1
}

func (p norm) Name() string { return p.name }

func (p norm) Shape(c *tensor.Call) []int {
	c.SameDType()
	c.Float(0)
	x := c.In(0)
	if p.last > 0 {
		for i := 1; i < c.N(); i++ {
			if len(x) < p.last || !slices.Equal(c.In(i), x[len(x)-p.last:]) {
				return c.Fail("gamma and beta must have the shape of the last axes of x", "")
			}
		}
		return x
	}
	if len(x) < 2 {
		return c.Fail("wants [batch, channels, ...]", "")
	}
	for i := 1; i < c.N(); i++ {
		if !slices.Equal(c.In(i), x[1:2]) {
			return c.Fail("gamma and beta must have one number a channel", "")
		}
	}
	if !p.spec.Batch && (p.spec.Groups < 1 || x[1]%p.spec.Groups != 0) {
		return c.Fail(fmt.Sprintf("the channels do not make %d groups", p.spec.Groups), "")
	}
	return x
}

// sides is the shape as the kernel sees it, rows, channels, numbers.
func (p norm) sides(shape []int) []int {
	size := func(s []int) int {
		n := 1
		for _, d := range s {
			n *= d
		}
		return n
	}
	if p.last > 0 {
		k := len(shape) - p.last
		return []int{size(shape[:k]), size(shape[k:]), 1}
	}
	return []int{shape[0], shape[1], size(shape[2:])}
}

// groups is how many numbers a statistic has.
func (p norm) groups(sides []int) int {
	if p.spec.Batch {
		return sides[1]
	}
	return sides[0] * p.spec.Groups
}

// flat is a contiguous view with another shape.
func flat(v kernel.View, shape ...int) kernel.View {
	v.Shape, v.Strides = shape, make([]int, len(shape))
	n := 1
	for i := len(shape) - 1; i >= 0; i-- {
		v.Strides[i] = n
		n *= shape[i]
	}
	return v
}

// factors are the views of gamma and beta; x(i) is that of operand i.
func (p norm) factors(x func(i int) kernel.View) (gamma, beta kernel.View) {
	i := 1
	if p.gamma {
		gamma = flat(x(i), x(i).Size())
		i++
	}
	if p.beta {
		beta = flat(x(i), x(i).Size())
	}
	return gamma, beta
}

func (p norm) run(c *tensor.Call, y, mean, variance kernel.View) {
	sides := p.sides(c.In(0))
	gamma, beta := p.factors(c.X)
	c.Dev().Norm(p.spec, flat(y, sides...), flat(c.X(0), sides...), gamma, beta, mean, variance)
	c.SaveIn(0)
	if p.gamma {
		c.SaveIn(1)
	}
}

func (p norm) Run(c *tensor.Call) {
	n := p.groups(p.sides(c.In(0)))
	dt := c.Operand(0).DType()
	mean, variance := c.Scratch(dt, n), c.Scratch(dt, n)
	p.run(c, c.Y(), mean.View(), variance.View())
	if !c.Recorded() {
		c.Drop(mean)
		c.Drop(variance)
		return
	}
	c.Save(mean)
	c.Save(variance)
}

func (norm) Grad(*tensor.Node, int, *tensor.Tensor) *tensor.Tensor { return nil } // see GradAll

func (p norm) GradAll(n *tensor.Node, dys []*tensor.Tensor, want []bool) []*tensor.Tensor {
	x := n.In(0)
	var gamma *tensor.Tensor
	if p.gamma {
		gamma = n.In(1)
	}
	if n.Recording() {
		return p.composite(x, gamma, dys[0])
	}
	return p.grads(x, gamma, dys[0], n.Saved(0, ""), n.Saved(1, ""))
}

// grads computes the gradients of x, gamma and beta in one go.
func (p norm) grads(x, gamma, dy, mean, variance *tensor.Tensor) []*tensor.Tensor {
	in := []*tensor.Tensor{x, dy.Contiguous(), mean, variance}
	if p.gamma {
		in = append(in, gamma)
	}
	return p.pick(tensor.DoN(normGrad{p}, in...))
}

// pick are the gradients of the operands that there are, out of those of x, gamma and beta.
func (p norm) pick(g []*tensor.Tensor) []*tensor.Tensor {
	out := g[:1:1]
	if p.gamma {
		out = append(out, g[1])
	}
	if p.beta {
		out = append(out, g[2])
	}
	return out
}

// composite is grads made of recorded operations, for second derivatives.
func (p norm) composite(x, gamma, dy *tensor.Tensor) []*tensor.Tensor {
	shape, sides := x.Shape(), p.sides(x.Shape())
	parts, axes := p.spec.Groups, []int{2, 3}
	if p.spec.Batch {
		parts, axes = sides[1], []int{0, 2, 3}
	}
	four := func(t *tensor.Tensor) *tensor.Tensor {
		return t.Reshape(sides[0], parts, sides[1]/parts, sides[2])
	}
	mean := func(t *tensor.Tensor) *tensor.Tensor { return t.MeanKeep(axes...) }
	d, dy := four(x), four(dy)
	if !p.spec.RMS {
		d = d.Sub(mean(d))
	}
	r := mean(d.Square()).AddScalar(p.spec.Eps).Rsqrt()
	h, g := d.Mul(r), dy
	like := []int{sides[1]}
	if p.gamma {
		like = gamma.Shape()
		g = dy.Mul(gamma.Reshape(1, parts, sides[1]/parts, 1))
	}
	dx := g.Sub(h.Mul(mean(g.Mul(h))))
	if !p.spec.RMS {
		dx = dx.Sub(mean(g))
	}
	if p.last > 0 {
		like = shape[len(shape)-p.last:]
	}
	return p.pick([]*tensor.Tensor{dx.Mul(r).Reshape(shape...),
		dy.Mul(h).Sum(0, 3).Reshape(like...), dy.Sum(0, 3).Reshape(like...)})
}

// normGrad: the gradients of x, gamma and beta, from x, dy, mean, variance and gamma, if there is one. It is
// used only where nothing is recorded.
type normGrad struct{ norm }

func (p normGrad) Name() string { return p.name + "Grad" }
func (p normGrad) Shapes(c *tensor.Call) [][]int {
	x := c.In(0)
	like := x[1:2]
	if p.last > 0 {
		like = x[len(x)-p.last:]
	} else if len(x) < 2 {
		like = nil
	}
	if !slices.Equal(x, c.In(1)) || c.N() > 4 && !slices.Equal(c.In(4), like) {
		c.Fail("shapes do not belong to one normalisation", "")
	}
	return [][]int{x, like, like}
}
func (p normGrad) Run(c *tensor.Call) {
	sides := p.sides(c.In(0))
	var gamma kernel.View
	if c.N() > 4 {
		gamma = flat(c.X(4), sides[1])
	}
	c.Dev().NormGrad(p.spec, flat(c.YN(0), sides...), flat(c.YN(1), sides[1]), flat(c.YN(2), sides[1]),
		flat(c.X(1), sides...), flat(c.X(0), sides...), gamma, c.X(2), c.X(3))
}
func (normGrad) GradAll(*tensor.Node, []*tensor.Tensor, []bool) []*tensor.Tensor { return nil }

// batchNorm is norm with the statistics among the results.
type batchNorm struct{ norm }

func (p batchNorm) Shapes(c *tensor.Call) [][]int {
	x := p.Shape(c)
	return [][]int{x, x[1:2], x[1:2]}
}

func (p batchNorm) Run(c *tensor.Call) {
	p.run(c, c.YN(0), c.YN(1), c.YN(2))
	if !c.Recorded() {
		return
	}
	for k := 1; k < 3; k++ { // not SaveOuts: y is not needed
		s := c.Scratch(c.Operand(0).DType(), c.YN(k).Shape...)
		c.Dev().Copy(s.View(), c.YN(k))
		c.Save(s)
	}
}

// factored is the list of operands of p, which learns which factors there are.
func (p *norm) factored(x, gamma, beta *tensor.Tensor) []*tensor.Tensor {
	in := []*tensor.Tensor{x.Contiguous()}
	if p.gamma = gamma != nil; p.gamma {
		in = append(in, gamma.Contiguous())
	}
	if p.beta = beta != nil; p.beta {
		in = append(in, beta.Contiguous())
	}
	return in
}

// BatchNorm normalises each channel over all other axes (7.5):
//
//	y = (x - mean) / sqrt(variance + eps) * gamma + beta
//
// Shapes: x and y [n, c, ...], the others [c]; gamma and beta may be nil. mean and the biased
// variance of the batch are plain values, for running averages.
func BatchNorm(x, gamma, beta *tensor.Tensor, eps float64) (y, mean, variance *tensor.Tensor) {
	p := norm{name: "batchNorm", spec: kernel.Norm{Batch: true, Eps: eps}}
	in := p.factored(x, gamma, beta)
	ys := tensor.DoN(batchNorm{p}, in...)
	return ys[0], ys[1].Detach(), ys[2].Detach()
}

// LayerNorm normalises each row of x, which has the last axes of x, as many as gamma (or else beta) has:
//
//	y = (x - mean) / sqrt(variance + eps) * gamma + beta
//
// with the mean and the biased variance of the row (10.7). gamma and beta have the shape of a row; one of them
// may be nil, and if both are, a row is the last axis.
func LayerNorm(x, gamma, beta *tensor.Tensor, eps float64) *tensor.Tensor {
	p := norm{name: "layerNorm", spec: kernel.Norm{Groups: 1, Eps: eps}, last: 1}
	return p.rows(x, gamma, beta)
}

// RMSNorm is LayerNorm without the mean (Zhang and Sennrich, 2019):
//
//	y = x / sqrt(mean(x²) + eps) * gamma
//
// gamma may be nil: then a row is the last axis.
func RMSNorm(x, gamma *tensor.Tensor, eps float64) *tensor.Tensor {
	p := norm{name: "rmsNorm", spec: kernel.Norm{Groups: 1, RMS: true, Eps: eps}, last: 1}
	return p.rows(x, gamma, nil)
}

func (p *norm) rows(x, gamma, beta *tensor.Tensor) *tensor.Tensor {
	in := p.factored(x, gamma, beta)
	if len(in) > 1 {
		p.last = in[1].NDim()
	}
	if p.last == 0 || x.NDim() < p.last {
		tensor.Misuse(p.name, "x has fewer axes than a row, or a row has none", "", in...)
	}
	return tensor.Do(*p, in...)
}

// GroupNorm cuts the channels of each example into groups and normalises each group over its channels and all
// axes after them (Wu and He, 2018). Shapes: x [n, c, ...], gamma and beta [c] or nil; groups divides c.
func GroupNorm(x, gamma, beta *tensor.Tensor, groups int, eps float64) *tensor.Tensor {
	p := norm{name: "groupNorm", spec: kernel.Norm{Groups: groups, Eps: eps}}
	return tensor.Do(&p, p.factored(x, gamma, beta)...)
}

// InstanceNorm normalises each channel of each example by itself (Ulyanov et al., 2016). Shapes: x [n, c, ...],
// gamma and beta [c] or nil.
func InstanceNorm(x, gamma, beta *tensor.Tensor, eps float64) *tensor.Tensor {
	p := norm{name: "instanceNorm", spec: kernel.Norm{Groups: 1, Eps: eps}}
	in := p.factored(x, gamma, beta)
	if x.NDim() > 1 {
		p.spec.Groups = max(1, x.Dim(1))
	}
	return tensor.Do(p, in...)
}

// batchNormInfer: y = (x-mean)/sqrt(variance+eps)*gamma + beta with mean and variance as constants: operands 0
// and 1 are x and gamma, or what norm has, the last two mean and variance.
type batchNormInfer struct{ norm }

func (p batchNormInfer) Run(c *tensor.Call) {
	k := c.N()
	p.run(c, c.Y(), c.X(k-2), c.X(k-1))
	c.SaveIn(k-2, k-1)
}

func (p batchNormInfer) GradAll(n *tensor.Node, dys []*tensor.Tensor, want []bool) []*tensor.Tensor {
	k := len(want)
	x, mean, variance := n.In(0), n.In(k-2), n.In(k-1)
	var gamma *tensor.Tensor
	if p.gamma {
		gamma = n.In(1)
	}
	var gs []*tensor.Tensor
	if n.Recording() {
		gs = p.constant(x, gamma, dys[0], mean, variance)
	} else {
		gs = p.grads(x, gamma, dys[0], mean, variance)
	}
	return append(gs, nil, nil)
}

// constant is composite with mean and variance given.
func (p batchNormInfer) constant(x, gamma, dy, mean, variance *tensor.Tensor) []*tensor.Tensor {
	shape, sides := x.Shape(), p.sides(x.Shape())
	x, dy = x.Reshape(sides...), dy.Reshape(sides...)
	r := variance.AddScalar(p.spec.Eps).Rsqrt().Reshape(1, -1, 1)
	h := x.Sub(mean.Reshape(1, -1, 1)).Mul(r)
	g := dy
	if p.gamma {
		g = dy.Mul(gamma.Reshape(1, -1, 1))
	}
	return p.pick([]*tensor.Tensor{g.Mul(r).Reshape(shape...), dy.Mul(h).Sum(0, 2), dy.Sum(0, 2)})
}

// BatchNormInfer is BatchNorm with given statistics, as in prediction (7.5): mean and variance have one number
// a channel. They get no gradient, and must not be recorded.
func BatchNormInfer(x, gamma, beta, mean, variance *tensor.Tensor, eps float64) *tensor.Tensor {
	p := norm{name: "batchNormInfer", spec: kernel.Norm{Batch: true, Given: true, Eps: eps}}
	in := append(p.factored(x, gamma, beta), mean.Contiguous(), variance.Contiguous())
	if mean.Recorded() || variance.Recorded() {
		tensor.Misuse(p.name, "mean and variance are constants", "Detach them", in...)
	}
	return tensor.Do(batchNormInfer{p}, in...)
}

// normCases are the samples of a normalisation: with both factors, with one, with none.
func normCases(f func(x, gamma, beta *tensor.Tensor) *tensor.Tensor, factor []int, wrong []int, shapes ...[]int) (cases []tensor.Case) {
	both := func(in []*tensor.Tensor) *tensor.Tensor { return f(in[0], in[1], in[2]) }
	for _, s := range shapes {
		cases = append(cases, tensor.Case{Name: fmt.Sprint(s), F: both, In: [][]int{s, factor, factor}, Lo: -1, Hi: 2})
	}
	s := shapes[0]
	return append(cases,
		tensor.Case{Name: "gamma", F: func(in []*tensor.Tensor) *tensor.Tensor { return f(in[0], in[1], nil) }, In: [][]int{s, factor}},
		tensor.Case{Name: "beta", F: func(in []*tensor.Tensor) *tensor.Tensor { return f(in[0], nil, in[1]) }, In: [][]int{s, factor}},
		tensor.Case{Name: "plain", F: func(in []*tensor.Tensor) *tensor.Tensor { return f(in[0], nil, nil) }, In: [][]int{s}},
		tensor.Case{Name: "wrong", F: both, In: [][]int{s, wrong, factor}, Wrong: true})
}

func inferring(k int) func(x, gamma, beta *tensor.Tensor) *tensor.Tensor {
	return func(x, gamma, beta *tensor.Tensor) *tensor.Tensor {
		mean, variance := tensor.ZerosOf(x.DType(), k), tensor.ZerosOf(x.DType(), k)
		return BatchNormInfer(x, gamma, beta, mean.AddScalar(0.3), variance.AddScalar(2), 1e-2)
	}
}

var (
	_ = tensor.Register(batchNorm{norm{name: "batchNorm"}}, normCases(func(x, gamma, beta *tensor.Tensor) *tensor.Tensor {
		y, _, _ := BatchNorm(x, gamma, beta, 1e-2)
		return y
	}, []int{2}, []int{3}, []int{3, 2, 2}, []int{4, 2})...)
	_ = tensor.Register(norm{name: "layerNorm"}, normCases(func(x, gamma, beta *tensor.Tensor) *tensor.Tensor {
		return LayerNorm(x, gamma, beta, 1e-2)
	}, []int{4}, []int{3}, []int{2, 4}, []int{2, 1, 4})...)
	_ = tensor.Register(norm{name: "groupNorm"}, normCases(func(x, gamma, beta *tensor.Tensor) *tensor.Tensor {
		return GroupNorm(x, gamma, beta, 2, 1e-2)
	}, []int{4}, []int{3}, []int{2, 4, 2}, []int{2, 4})...)
	_ = tensor.Register(norm{name: "instanceNorm"}, normCases(func(x, gamma, beta *tensor.Tensor) *tensor.Tensor {
		return InstanceNorm(x, gamma, beta, 1e-2)
	}, []int{2}, []int{3}, []int{2, 2, 3})...)
	_ = tensor.Register(norm{name: "rmsNorm"},
		tensor.Case{Name: "gamma", F: func(in []*tensor.Tensor) *tensor.Tensor { return RMSNorm(in[0], in[1], 1e-2) }, In: [][]int{{3, 2, 2}, {2, 2}}, Lo: -1, Hi: 2},
		tensor.Case{Name: "plain", F: func(in []*tensor.Tensor) *tensor.Tensor { return RMSNorm(in[0], nil, 1e-2) }, In: [][]int{{3, 4}}},
		tensor.Case{Name: "wrong", F: func(in []*tensor.Tensor) *tensor.Tensor { return RMSNorm(in[0], in[1], 1e-2) }, In: [][]int{{3, 4}, {3}}, Wrong: true})
	_ = tensor.Register(batchNormInfer{norm{name: "batchNormInfer"}},
		normCases(inferring(2), []int{2}, []int{3}, []int{3, 2, 2})...)
)
