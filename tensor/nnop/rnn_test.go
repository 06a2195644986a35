package nnop_test

import (
	"fmt"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
	"github.com/fathom-ml/fathom/tensor/optest/oracle"
	"github.com/fathom-ml/fathom/tensor/random"
)

// together is the outputs with the last states behind them.
func together(y *tensor.Tensor, states ...*tensor.Tensor) *tensor.Tensor {
	all := []*tensor.Tensor{y}
	for _, s := range states {
		all = append(all, s.Unsqueeze(0))
	}
	return tensor.Concat(0, all...)
}

// TestRecurrentOracle holds the recurrent operations against PyTorch, and the GRU of the book's formulas against a loop.
func TestRecurrentOracle(t *testing.T) {
	options := func(c oracle.Case) (opts []nnop.RNNOption) {
		if c.Keep {
			opts = append(opts, nnop.Reversed())
		}
		if len(c.Ints) > 0 {
			opts = append(opts, nnop.Lengths(c.Ints...))
		}
		return opts
	}
	rnn := func(act nnop.RNNAct) oracle.Func {
		return func(c oracle.Case, in []*tensor.Tensor) *tensor.Tensor {
			in = append(in, nil, nil)
			return together(nnop.RNN(in[0], in[1], in[2], in[3], in[4], in[5], act, options(c)...))
		}
	}
	gru := func(v nnop.GRUVariant) oracle.Func {
		return func(c oracle.Case, in []*tensor.Tensor) *tensor.Tensor {
			in = append(in, nil, nil)
			return together(nnop.GRU(in[0], in[1], in[2], in[3], in[4], in[5], v, options(c)...))
		}
	}
	oracle.Run(t, "testdata/rnn.json.gz", map[string]oracle.Func{
		"rnn_tanh":   rnn(nnop.RNNTanh),
		"rnn_relu":   rnn(nnop.RNNReLU),
		"gru":        gru(nnop.ResetAfter),
		"gru_before": gru(nnop.ResetBefore),
		"lstm": func(c oracle.Case, in []*tensor.Tensor) *tensor.Tensor {
			in = append(in, nil, nil)
			return together(nnop.LSTM(in[0], in[1], in[2], in[3], in[4], in[5], in[6], options(c)...))
		},
	})
}

// TestRecurrentIsItsSteps compares each cell with a loop of plain operations: values and gradients.
func TestRecurrentIsItsSteps(t *testing.T) {
	const steps, n, inputs, h = 4, 3, 5, 33
	// parts are the gates' arguments without and with the state.
	type parts func(k int) (x, u *tensor.Tensor)
	cells := map[string]struct {
		gates int
		fused func(x, h0, c0, wx, wh, bx, bh *tensor.Tensor) (y *tensor.Tensor)
		step  func(p parts, h, c, whn, bn *tensor.Tensor) (newH, newC *tensor.Tensor)
	}{
		"rnn": {1, func(x, h0, c0, wx, wh, bx, bh *tensor.Tensor) *tensor.Tensor {
			return together(nnop.RNN(x, h0, wx, wh, bx, bh, nnop.RNNTanh))
		}, func(p parts, h, c, _, _ *tensor.Tensor) (*tensor.Tensor, *tensor.Tensor) {
			x, u := p(0)
			return x.Add(u).Tanh(), c
		}},
		"relu": {1, func(x, h0, c0, wx, wh, bx, bh *tensor.Tensor) *tensor.Tensor {
			return together(nnop.RNN(x, h0, wx, wh, bx, bh, nnop.RNNReLU))
		}, func(p parts, h, c, _, _ *tensor.Tensor) (*tensor.Tensor, *tensor.Tensor) {
			x, u := p(0)
			return x.Add(u).ReLU(), c
		}},
		"gru after": {3, func(x, h0, c0, wx, wh, bx, bh *tensor.Tensor) *tensor.Tensor {
			return together(nnop.GRU(x, h0, wx, wh, bx, bh, nnop.ResetAfter))
		}, func(p parts, h, c, _, _ *tensor.Tensor) (*tensor.Tensor, *tensor.Tensor) {
			xr, ur := p(0)
			xz, uz := p(1)
			xn, un := p(2)
			z := xz.Add(uz).Sigmoid()
			n := xn.Add(xr.Add(ur).Sigmoid().Mul(un)).Tanh()
			return n.Add(z.Mul(h.Sub(n))), c
		}},
		"gru before": {3, func(x, h0, c0, wx, wh, bx, bh *tensor.Tensor) *tensor.Tensor {
			return together(nnop.GRU(x, h0, wx, wh, bx, bh, nnop.ResetBefore))
		}, func(p parts, h, c, whn, bn *tensor.Tensor) (*tensor.Tensor, *tensor.Tensor) {
			xr, ur := p(0)
			xz, uz := p(1)
			xn, _ := p(2)
			z := xz.Add(uz).Sigmoid()
			n := xn.Add(nnop.Linear(xr.Add(ur).Sigmoid().Mul(h), whn, bn)).Tanh()
			return n.Add(z.Mul(h.Sub(n))), c
		}},
		"lstm": {4, func(x, h0, c0, wx, wh, bx, bh *tensor.Tensor) *tensor.Tensor {
			return together(nnop.LSTM(x, h0, c0, wx, wh, bx, bh))
		}, func(p parts, h, c, _, _ *tensor.Tensor) (*tensor.Tensor, *tensor.Tensor) {
			gate := func(k int) *tensor.Tensor { x, u := p(k); return x.Add(u) }
			c = gate(1).Sigmoid().Mul(c).Add(gate(0).Sigmoid().Mul(gate(2).Tanh()))
			return gate(3).Sigmoid().Mul(c.Tanh()), c
		}},
	}
	for name, cell := range cells {
		t.Run(name, func(t *testing.T) {
			g := cell.gates * h
			var in, same []*tensor.Tensor
			for _, s := range [][]int{{steps, n, inputs}, {n, h}, {n, h}, {g, inputs}, {g, h}, {g}, {g}} {
				x := random.Uniform(-0.5, 0.5, s...)
				in, same = append(in, x.Clone().RequireGrad()), append(same, x.Clone().RequireGrad())
			}
			y := cell.fused(in[0], in[1], in[2], in[3], in[4], in[5], in[6])

			state, c := same[1], same[2]
			var ys []*tensor.Tensor
			for k := range steps {
				x := nnop.Linear(same[0].Slice(tensor.I(k)), same[3], same[5])
				u := nnop.Linear(state, same[4], same[6])
				p := func(k int) (*tensor.Tensor, *tensor.Tensor) { return x.Narrow(1, k*h, h), u.Narrow(1, k*h, h) }
				var whn, bn *tensor.Tensor
				if cell.gates == 3 {
					whn, bn = same[4].Narrow(0, 2*h, h), same[6].Narrow(0, 2*h, h)
				}
				state, c = cell.step(p, state, c, whn, bn)
				ys = append(ys, state.Unsqueeze(0))
			}
			ys = append(ys, state.Unsqueeze(0))
			if cell.gates == 4 {
				ys = append(ys, c.Unsqueeze(0))
			}
			want := tensor.Concat(0, ys...)
			if !tensor.AllClose(y.Detach(), want.Detach(), 1e-5, 1e-5) {
				t.Fatal("the fused cell and the plain one differ")
			}
			w := random.Uniform(-1, 1, y.Shape()...)
			y.Mul(w).Sum().Backward()
			want.Mul(w).Sum().Backward()
			for i := range in {
				if !tensor.AllClose(in[i].Grad(), same[i].Grad(), 1e-4, 1e-5) {
					t.Errorf("gradients of operand %d differ", i)
				}
			}
		})
	}
}

// A unit that forgets half of its state at each step and takes the inputs as they are, while they are positive.
func ExampleRNN() {
	x := tensor.Of([]float32{8, 0, 0, 4}, 4, 1, 1) // four steps, one sequence, one input
	y, last := nnop.RNN(x, nil, tensor.Of([]float32{1}, 1, 1), tensor.Of([]float32{0.5}, 1, 1), nil, nil, nnop.RNNReLU)
	fmt.Println(y.Squeeze(), last.Squeeze())
	y, _ = nnop.RNN(x, nil, tensor.Of([]float32{1}, 1, 1), tensor.Of([]float32{0.5}, 1, 1), nil, nil, nnop.RNNReLU, nnop.Reversed())
	fmt.Println(y.Squeeze())
	// Output:
	// [8. 4. 2. 5.] 5.0
	// [8.5 1.  2.  4. ]
}

// With all weights 0, both gates are 1/2 and the candidate is tanh(bias): the state goes half way to it.
func ExampleGRU() {
	zeros := tensor.Zeros(3, 1)
	bias := tensor.Of([]float32{0, 0, 100})
	y, _ := nnop.GRU(tensor.Zeros(3, 1, 1), nil, zeros, zeros, bias, nil, nnop.ResetBefore)
	fmt.Println(y.Squeeze())
	// Output: [0.5   0.75  0.875]
}

// Gates that are open: the cell counts the steps of each sequence; the first ends early.
func ExampleLSTM() {
	zeros := tensor.Zeros(4, 1)
	open := tensor.Of([]float32{100, 100, 100, 100})
	_, _, c := nnop.LSTM(tensor.Zeros(5, 2, 1), nil, nil, zeros, zeros, open, nil, nnop.Lengths(2, 5))
	fmt.Println(c.Squeeze())
	// Output: [2. 5.]
}

// Without sequences, without steps, and recorded in some operands only.
func TestRecurrentEdges(t *testing.T) {
	w, v := random.Uniform(-1, 1, 12, 2), random.Uniform(-1, 1, 12, 3).RequireGrad()
	for _, shape := range [][]int{{0, 2, 2}, {4, 0, 2}, {4, 1, 2}} {
		y, h, c := nnop.LSTM(tensor.Zeros(shape...), nil, nil, w, v, nil, nil)
		tensor.Concat(0, y, h.Unsqueeze(0)).Sum().Add(c.Sum()).Backward()
		if !v.Grad().IsFinite().All() {
			t.Errorf("%v: gradient %v", shape, v.Grad())
		}
	}
	x := random.Uniform(-1, 1, 4, 2, 2)
	_, h := nnop.GRU(x, nil, w.Narrow(0, 0, 9), v.Narrow(0, 0, 9), nil, nil, nnop.ResetAfter)
	h.Sum().Backward() // the outputs have no gradient
	first := v.Grad().Clone()
	y, _ := nnop.GRU(x, nil, w.Narrow(0, 0, 9), v.Narrow(0, 0, 9), nil, nil, nnop.ResetAfter)
	y.Slice(tensor.I(3)).Sum().Backward()
	if !tensor.AllClose(first, v.Grad(), 1e-5, 1e-6) {
		t.Error("the last output and the last state give two gradients")
	}
}
