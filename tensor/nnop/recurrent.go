package nnop

import (
	"github.com/fathom-ml/fathom/internal/kernel"
	"github.com/fathom-ml/fathom/tensor"
)

// recurrent runs a cell over whole sequences. Operands: what the inputs add to the gates' arguments [t, n, gates*h],
// h0 [n, h], for the LSTM c0, the weights of the state [gates*h, h], and perhaps a bias [h] (see kernel.RNNData).
// Results: the states [t, n, h] and the last ones [n, h].
type recurrent struct{ kernel.RNN }

const plainCells = "compute the cell step by step with MatMul, Sigmoid and Tanh"

func (p recurrent) Name() string {
	switch p.Cell {
	case kernel.CellLSTM:
		return "lstm"
	case kernel.CellGRU, kernel.CellGRUBefore:
		return "gru"
	}
	return "rnn"
}

// Shape is not called.
func (recurrent) Shape(c *tensor.Call) []int { return nil }

func (p recurrent) Shapes(c *tensor.Call) [][]int {
	x, h := c.In(0), c.In(1)
	out := [][]int{{x[0], x[1], h[1]}, {h[0], h[1]}}
	if p.lstm() {
		out = append(out, out[1])
	}
	return out
}

func (p recurrent) lstm() bool { return p.Cell == kernel.CellLSTM }

// weights is the place of the weights among the operands.
func (p recurrent) weights() int {
	if p.lstm() {
		return 3
	}
	return 2
}

func (p recurrent) Run(c *tensor.Call) {
	w := p.weights()
	d := kernel.RNNData{P: c.X(0), H0: c.X(1), W: c.X(w), Y: c.YN(0), HN: c.YN(1)}
	if p.lstm() {
		d.C0, d.CN = c.X(2), c.YN(2)
	}
	if c.N() > w+1 {
		d.B = c.X(w + 1)
	}
	if c.Recorded() {
		t, n, h := d.Y.Shape[0], d.Y.Shape[1], d.Y.Shape[2]
		if k := p.Cell.Kept(); k > 0 {
			kept := c.Scratch(c.Operand(0).DType(), t, n, k*h)
			c.Save(kept)
			d.Kept = kept.View()
		}
		if p.lstm() {
			cs := c.Scratch(c.Operand(0).DType(), t, n, h)
			c.Save(cs)
			d.Cs = cs.View()
		}
	}
	c.Dev().RNN(p.RNN, d)
	for i := 1; i <= w; i++ {
		c.SaveIn(i)
	}
	c.SaveOuts()
}

// Grad is not called.
func (recurrent) Grad(*tensor.Node, int, *tensor.Tensor) *tensor.Tensor { return nil }

func (p recurrent) GradAll(n *tensor.Node, dys []*tensor.Tensor, want []bool) []*tensor.Tensor {
	n.NoSecond(plainCells)
	w := p.weights()
	g := recurrentGrad{recurrent: p, bias: len(want) > w+1}
	in := []*tensor.Tensor{n.OutN(0)}
	for i := 1; i <= w; i++ {
		in = append(in, n.In(i))
	}
	if p.Cell.Kept() > 0 {
		in = append(in, n.Saved(0, plainCells))
	}
	if p.lstm() {
		in = append(in, n.Saved(1, plainCells))
	}
	for k, dy := range dys {
		if dy != nil {
			g.given[k] = true
			in = append(in, dy.Contiguous())
		}
	}
	return tensor.DoN(g, in...)
}

// recurrentGrad is the gradient of recurrent for all operands. Its own operands: the states, then recurrent's from
// the second to the weights, what was kept, and the gradients of those results that have one.
type recurrentGrad struct {
	recurrent
	bias  bool
	given [3]bool
}

func (p recurrentGrad) Name() string { return p.recurrent.Name() + "Grad" }

func (p recurrentGrad) Shapes(c *tensor.Call) [][]int {
	y, w := c.In(0), p.weights()
	out := [][]int{{y[0], y[1], p.Cell.Gates() * y[2]}}
	for i := 1; i <= w; i++ {
		out = append(out, c.In(i))
	}
	if p.bias {
		out = append(out, []int{y[2]})
	}
	return out
}

func (p recurrentGrad) Run(c *tensor.Call) {
	w := p.weights()
	d := kernel.RNNData{Y: c.X(0), H0: c.X(1), W: c.X(w)}
	g := kernel.RNNGrads{DP: c.YN(0), DH0: c.YN(1), DW: c.YN(w)}
	if p.bias {
		g.DB = c.YN(w + 1)
	}
	next := w + 1
	take := func() kernel.View { next++; return c.X(next - 1) }
	if p.Cell.Kept() > 0 {
		d.Kept = take()
	}
	if p.lstm() {
		d.C0, g.DC0 = c.X(2), c.YN(2)
		d.Cs = take()
	}
	for k, v := range []*kernel.View{&g.DY, &g.DHN, &g.DCN} {
		if p.given[k] {
			*v = take()
		}
	}
	c.Dev().RNNGrad(p.RNN, d, g)
}

func (recurrentGrad) GradAll(_ *tensor.Node, _ []*tensor.Tensor, want []bool) []*tensor.Tensor {
	return make([]*tensor.Tensor, len(want))
}
