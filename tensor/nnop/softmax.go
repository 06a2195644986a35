package nnop

import (
	"fmt"
	"slices"

	"github.com/fathom-ml/fathom/internal/kernel"
	"github.com/fathom-ml/fathom/tensor"
)

// softmax over the last axis, or its logarithm
type softmax struct{ Log bool }

func (p softmax) Name() string {
	if p.Log {
		return "logSoftmax"
	}
	return "softmax"
}

func (softmax) Shape(c *tensor.Call) []int {
	c.Float(0)
	if s := c.In(0); len(s) == 0 || s[len(s)-1] == 0 {
		return c.Fail("wants at least one element on the last axis", "")
	}
	return c.In(0)
}

func (p softmax) Run(c *tensor.Call) {
	c.Dev().Softmax(c.Y(), c.X(0), p.Log)
	c.SaveOut()
}

func (p softmax) Grad(n *tensor.Node, i int, dy *tensor.Tensor) *tensor.Tensor {
	y := n.Out()
	if !n.Recording() {
		return tensor.Do(softmaxGrad(p), dy.Contiguous(), y)
	}
	if p.Log { // dy - softmax * sum dy
		return dy.Sub(y.Exp().Mul(dy.SumKeep(-1)))
	}
	return dy.Sub(dy.Mul(y).SumKeep(-1)).Mul(y) // y (dy - sum dy y)
}

// softmaxGrad is the fused rule; it is used only where nothing is recorded.
type softmaxGrad struct{ Log bool }

func (softmaxGrad) Name() string               { return "softmaxGrad" }
func (softmaxGrad) Shape(c *tensor.Call) []int { return c.In(0) }
func (p softmaxGrad) Run(c *tensor.Call)       { c.Dev().SoftmaxGrad(c.Y(), c.X(0), c.X(1), p.Log) }
func (softmaxGrad) Grad(n *tensor.Node, i int, g *tensor.Tensor) *tensor.Tensor {
	return nil
}

// Softmax returns exp(x) / sum(exp(x)) over the last axis, computed without overflow (3.6).
func Softmax(x *tensor.Tensor) *tensor.Tensor { return tensor.Do(softmax{}, x.Contiguous()) }

// LogSoftmax returns x - log(sum(exp(x))) over the last axis, computed without overflow (3.7).
func LogSoftmax(x *tensor.Tensor) *tensor.Tensor {
	return tensor.Do(softmax{Log: true}, x.Contiguous())
}

func softmaxCases(f func(x *tensor.Tensor) *tensor.Tensor) []tensor.Case {
	call := func(in []*tensor.Tensor) *tensor.Tensor { return f(in[0]) }
	return []tensor.Case{
		{F: call, In: [][]int{{2, 3}}},
		{Name: "axes", F: call, In: [][]int{{2, 2, 3}}},
		{Name: "wrong", F: call, In: [][]int{{}}, Wrong: true},
	}
}

var _ = tensor.Register(softmax{}, softmaxCases(Softmax)...)
var _ = tensor.Register(softmax{Log: true}, softmaxCases(LogSoftmax)...)

// crossEntropy: loss[i] = log(sum(exp(x[i]))) - x[i, label[i]]
type crossEntropy struct{}

func (crossEntropy) Name() string { return "softmaxCrossEntropy" }

func (crossEntropy) Shape(c *tensor.Call) []int {
	c.Float(0)
	return c.Dims(c.In(0)[0])
}

func (crossEntropy) Run(c *tensor.Call) {
	var prob kernel.View
	if c.Recorded() {
		p := c.Scratch(c.Operand(0).DType(), c.In(0)...)
		prob = p.View()
		c.Save(p)
	}
	c.Dev().CrossEntropy(c.Y(), prob, c.X(0), c.X(1))
	c.SaveIn(1)
}

func (crossEntropy) Grad(n *tensor.Node, i int, dy *tensor.Tensor) *tensor.Tensor {
	if i == 1 {
		return nil
	}
	prob := n.Saved(0, "use LogSoftmax and Pick")
	return tensor.Do(crossEntropyGrad{}, dy.Contiguous(), prob, n.In(1))
}

// crossEntropyGrad: dx[i] = dy[i] (softmax(x[i]) - onehot(label[i]))
type crossEntropyGrad struct{}

func (crossEntropyGrad) Name() string               { return "softmaxCrossEntropyGrad" }
func (crossEntropyGrad) Shape(c *tensor.Call) []int { return c.In(1) }
func (crossEntropyGrad) Run(c *tensor.Call) {
	c.Dev().CrossEntropyGrad(c.Y(), c.X(0), c.X(1), c.X(2))
}
func (crossEntropyGrad) Grad(*tensor.Node, int, *tensor.Tensor) *tensor.Tensor { return nil }

// SoftmaxCrossEntropy returns one loss a row: the negative logarithm of the softmax
// probability of the row's label, computed from the logits without overflow (3.7).
// Shapes: logits [n, classes], labels [n] of int32 or int64 in [0, classes);
// the result is [n]. It has no second derivative: LogSoftmax and Pick have.
func SoftmaxCrossEntropy(logits, labels *tensor.Tensor) *tensor.Tensor {
	const op = "softmaxCrossEntropy"
	if logits.NDim() != 2 || !slices.Equal(labels.Shape(), logits.Shape()[:1]) {
		tensor.Misuse(op, "wants logits [n, classes] and labels [n]", "", logits, labels)
	}
	if dt := labels.DType(); dt != tensor.Int32 && dt != tensor.Int64 {
		tensor.Misuse(op, "labels must be int32 or int64, not "+dt.String(), "use AsType(tensor.Int32)", logits, labels)
	}
	labels = labels.Contiguous()
	if k, ok := tensor.OutOfRange(labels, logits.Dim(1)); ok {
		tensor.Misuse(op, fmt.Sprintf("label %d is out of range for %d classes", k, logits.Dim(1)), "", logits, labels)
	}
	return tensor.Do(crossEntropy{}, logits.Contiguous(), labels)
}

var _ = tensor.Register(crossEntropy{},
	tensor.Case{F: func(in []*tensor.Tensor) *tensor.Tensor {
		return SoftmaxCrossEntropy(in[0], tensor.Of([]int32{2, 0}))
	}, In: [][]int{{2, 3}}, Once: true},
	tensor.Case{Name: "wrong", F: func(in []*tensor.Tensor) *tensor.Tensor {
		return SoftmaxCrossEntropy(in[0], in[1].AsType(tensor.Int32))
	}, In: [][]int{{2, 3}, {3}}, Wrong: true})
