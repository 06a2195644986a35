package nnop

import (
	"fmt"
	"slices"

	"github.com/fathom-ml/fathom/internal/kernel"
	"github.com/fathom-ml/fathom/tensor"
)

// RNNAct is the activation of [RNN].
type RNNAct uint8

// The activations.
const (
	RNNTanh RNNAct = iota
	RNNReLU
)

// GRUVariant says where the reset gate of a [GRU] acts.
type GRUVariant uint8

// ResetAfter multiplies the product of the state, as PyTorch, cuDNN and Gluon's layer do; ResetBefore the state itself, as
// the book's formulas do (9.1; Cho et al., 2014).
const (
	ResetAfter GRUVariant = iota
	ResetBefore
)

// RNNOption is an option of [RNN], [GRU] and [LSTM].
type RNNOption func(*kernel.RNN)

// Reversed runs from the last step to the first: the state after step t lies at t.
func Reversed() RNNOption { return func(s *kernel.RNN) { s.Reverse = true } }

// Lengths says how many steps each sequence has. After its end its outputs are 0 and its state stays; run backwards, it
// begins at its own last step.
func Lengths(n ...int) RNNOption {
	return func(s *kernel.RNN) { s.Lengths = slices.Clone(n) }
}

// RNN runs h[t] = act(x[t] wIHᵀ + bIH + h[t-1] wHHᵀ + bHH) over all steps (8.4, 8.6). Shapes: x [steps, n, in], h0 [n, h] or
// nil for zeros, wIH [h, in], wHH [h, h], the biases [h] or nil; the results are all states, y [steps, n, h], and the last one, hN [n, h].
// It panics with a *tensor.Error if shapes or dtypes do not fit. It has no second derivative.
func RNN(x, h0, wIH, wHH, bIH, bHH *tensor.Tensor, act RNNAct, opts ...RNNOption) (y, hN *tensor.Tensor) {
	s := kernel.RNN{Cell: kernel.CellTanh}
	if act == RNNReLU {
		s.Cell = kernel.CellReLU
	}
	out := run(s, opts, x, []*tensor.Tensor{h0}, wIH, wHH, bIH, bHH)
	return out[0], out[1]
}

// GRU runs gated recurrent units over all steps (9.1). With the rows of the weights and biases in three blocks, r, z and n:
//
//	r = sigmoid(x Wxr + bxr + h Whr + bhr)
//	z = sigmoid(x Wxz + bxz + h Whz + bhz)
//	n = tanh(x Wxn + bxn + r*(h Whn + bhn))    ResetAfter
//	n = tanh(x Wxn + bxn + (r*h) Whn + bhn)    ResetBefore
//	h = z*h + (1-z)*n
//
// Shapes: x [steps, n, in], h0 [n, h] or nil for zeros, wIH [3h, in], wHH [3h, h], the biases [3h] or nil; results and panics
// as [RNN]. It has no second derivative.
func GRU(x, h0, wIH, wHH, bIH, bHH *tensor.Tensor, v GRUVariant, opts ...RNNOption) (y, hN *tensor.Tensor) {
	s := kernel.RNN{Cell: kernel.CellGRU}
	if v == ResetBefore {
		s.Cell = kernel.CellGRUBefore
	}
	out := run(s, opts, x, []*tensor.Tensor{h0}, wIH, wHH, bIH, bHH)
	return out[0], out[1]
}

// LSTM runs long short-term memory over all steps (9.2). With the rows of the weights and biases in four blocks, i, f, g and o:
//
//	i, f, o = sigmoid(x Wx + bx + h Wh + bh), each with its own weights; g = tanh(the same)
//	c = f*c + i*g
//	h = o*tanh(c)
//
// Shapes: x [steps, n, in], h0 and c0 [n, h] or nil for zeros, wIH [4h, in], wHH [4h, h], the biases [4h] or nil; the
// results are y [steps, n, h], hN and cN [n, h]; panics as [RNN]. It has no second derivative.
func LSTM(x, h0, c0, wIH, wHH, bIH, bHH *tensor.Tensor, opts ...RNNOption) (y, hN, cN *tensor.Tensor) {
	out := run(kernel.RNN{Cell: kernel.CellLSTM}, opts, x, []*tensor.Tensor{h0, c0}, wIH, wHH, bIH, bHH)
	return out[0], out[1], out[2]
}

// run checks the operands, multiplies all inputs by their weights at once and runs the cell.
func run(s kernel.RNN, opts []RNNOption, x *tensor.Tensor, states []*tensor.Tensor, wIH, wHH, bIH, bHH *tensor.Tensor) []*tensor.Tensor {
	for _, o := range opts {
		o(&s)
	}
	op := recurrent{s}
	fit(op, x, states, wIH, wHH, bIH, bHH)
	n, h, gates := x.Dim(1), wHH.Dim(1), s.Cell.Gates()
	for i, v := range states {
		if v == nil {
			states[i] = tensor.ZerosOf(x.DType(), n, h)
		}
		states[i] = states[i].Contiguous()
	}
	var inside *tensor.Tensor // the bias that the reset gate multiplies
	if s.Cell == kernel.CellGRU && bHH != nil {
		inside = bHH.Narrow(0, 2*h, h).Contiguous()
		bHH = tensor.Concat(0, bHH.Narrow(0, 0, 2*h), tensor.ZerosOf(bHH.DType(), h))
	}
	bias := bIH
	switch {
	case bIH == nil:
		bias = bHH
	case bHH != nil:
		bias = bIH.Add(bHH)
	}
	p := Linear(x, wIH, bias)
	in := append([]*tensor.Tensor{p.Reshape(x.Dim(0), n, gates*h).Contiguous()}, states...)
	in = append(in, wHH.Contiguous())
	if inside != nil {
		in = append(in, inside)
	}
	return tensor.DoN(op, in...)
}

// fit panics unless shapes, dtypes and lengths fit.
func fit(op recurrent, x *tensor.Tensor, states []*tensor.Tensor, wIH, wHH, bIH, bHH *tensor.Tensor) {
	all := []*tensor.Tensor{x}
	for _, v := range append(slices.Clone(states), wIH, wHH, bIH, bHH) {
		if v != nil {
			all = append(all, v)
		}
	}
	fail := func(msg, hint string) { tensor.Misuse(op.Name(), msg, hint, all...) }
	if wIH == nil || wHH == nil {
		fail("the weights are nil", "")
	}
	gates := op.Cell.Gates()
	if x.NDim() != 3 || wIH.NDim() != 2 || wHH.NDim() != 2 || x.Dim(2) != wIH.Dim(1) ||
		wHH.Dim(0) != gates*wHH.Dim(1) || wIH.Dim(0) != wHH.Dim(0) {
		fail(fmt.Sprintf("wants x [steps, n, in], wIH [%d*h, in] and wHH [%[1]d*h, h]", gates), "batches come second: SwapAxes(0, 1)")
	}
	state, bias := []int{x.Dim(1), wHH.Dim(1)}, wHH.Shape()[:1]
	for _, v := range states {
		if v != nil && !slices.Equal(v.Shape(), state) {
			fail(fmt.Sprintf("the first state must be [n, h] = %v", state), "")
		}
	}
	for _, b := range []*tensor.Tensor{bIH, bHH} {
		if b != nil && !slices.Equal(b.Shape(), bias) {
			fail(fmt.Sprintf("the biases must be %v", bias), "")
		}
	}
	for _, v := range all {
		if v.DType() != x.DType() || !v.DType().IsFloat() {
			fail("wants floats of one dtype", "use AsType(tensor.Float32)")
		}
	}
	if op.Lengths != nil && len(op.Lengths) != x.Dim(1) {
		fail(fmt.Sprintf("%d lengths for %d sequences", len(op.Lengths), x.Dim(1)), "")
	}
	for _, l := range op.Lengths {
		if l < 0 || l > x.Dim(0) {
			fail(fmt.Sprintf("a length of %d in %d steps", l, x.Dim(0)), "")
		}
	}
}

// recurrentCases are samples of a cell: all results in one, so that each gets a gradient.
func recurrentCases(gates int, f func(x, h0, c0, wIH, wHH, bIH, bHH *tensor.Tensor, opts ...RNNOption) []*tensor.Tensor, lstm bool) []tensor.Case {
	call := func(opts ...RNNOption) func(in []*tensor.Tensor) *tensor.Tensor {
		return func(in []*tensor.Tensor) *tensor.Tensor {
			in = append(slices.Clone(in), nil, nil, nil)
			var c0 *tensor.Tensor
			if x := in[2:]; lstm {
				c0, in = x[0], append(in[:2:2], x[1:]...)
			}
			out := f(in[0], in[1], c0, in[2], in[3], in[4], in[5], opts...)
			for i, v := range out[1:] {
				out[i+1] = v.Unsqueeze(0)
			}
			return tensor.Concat(0, out...)
		}
	}
	const t, n, i, h = 3, 2, 2, 3
	shapes := func(last ...[]int) [][]int {
		s := [][]int{{t, n, i}, {n, h}}
		if lstm {
			s = append(s, []int{n, h})
		}
		return append(s, last...)
	}
	g := gates * h
	right := func(name string, f func(in []*tensor.Tensor) *tensor.Tensor, last ...[]int) tensor.Case {
		return tensor.Case{Name: name, F: f, In: shapes(append([][]int{{g, i}, {g, h}}, last...)...), Lo: -0.9, Hi: 1, Once: true}
	}
	return []tensor.Case{
		right("biases", call(), []int{g}, []int{g}),
		right("no bias", call()),
		right("reversed", call(Reversed()), []int{g}, []int{g}),
		right("lengths", call(Lengths(1, 3)), []int{g}, []int{g}),
		right("lengths reversed", call(Lengths(2, 0), Reversed()), []int{g}, []int{g}),
		{Name: "wrong", F: call(), In: shapes([]int{g, i}, []int{g + 1, h}), Wrong: true},
		{Name: "wrong bias", F: call(), In: shapes([]int{g, i}, []int{g, h}, []int{g}, []int{h + 1}), Wrong: true},
	}
}

var (
	_ = tensor.Register(recurrent{kernel.RNN{Cell: kernel.CellTanh}}, recurrentCases(1, func(x, h0, _, wIH, wHH, bIH, bHH *tensor.Tensor, opts ...RNNOption) []*tensor.Tensor {
		y, h := RNN(x, h0, wIH, wHH, bIH, bHH, RNNTanh, opts...)
		return []*tensor.Tensor{y, h}
	}, false)...)
	_ = tensor.Register(recurrent{kernel.RNN{Cell: kernel.CellReLU}}, recurrentCases(1, func(x, h0, _, wIH, wHH, bIH, bHH *tensor.Tensor, opts ...RNNOption) []*tensor.Tensor {
		y, h := RNN(x, h0, wIH, wHH, bIH, bHH, RNNReLU, opts...)
		return []*tensor.Tensor{y, h}
	}, false)...)
	_ = tensor.Register(recurrent{kernel.RNN{Cell: kernel.CellGRU}}, recurrentCases(3, func(x, h0, _, wIH, wHH, bIH, bHH *tensor.Tensor, opts ...RNNOption) []*tensor.Tensor {
		y, h := GRU(x, h0, wIH, wHH, bIH, bHH, ResetAfter, opts...)
		return []*tensor.Tensor{y, h}
	}, false)...)
	_ = tensor.Register(recurrent{kernel.RNN{Cell: kernel.CellGRUBefore}}, recurrentCases(3, func(x, h0, _, wIH, wHH, bIH, bHH *tensor.Tensor, opts ...RNNOption) []*tensor.Tensor {
		y, h := GRU(x, h0, wIH, wHH, bIH, bHH, ResetBefore, opts...)
		return []*tensor.Tensor{y, h}
	}, false)...)
	_ = tensor.Register(recurrent{kernel.RNN{Cell: kernel.CellLSTM}}, recurrentCases(4, func(x, h0, c0, wIH, wHH, bIH, bHH *tensor.Tensor, opts ...RNNOption) []*tensor.Tensor {
		y, h, c := LSTM(x, h0, c0, wIH, wHH, bIH, bHH, opts...)
		return []*tensor.Tensor{y, h, c}
	}, true)...)
)
