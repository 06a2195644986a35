package nn

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// Recurrent is a stack of recurrent layers that runs over whole sequences: made by [NewRNN] (8.6), [NewGRU] (9.1) and
// [NewLSTM] (9.2), deep (9.3) and in both directions (9.4).
type Recurrent struct {
	Hidden     int
	Dropout    float64 // between layers, while training
	BatchFirst bool    // inputs and outputs are [n, steps, features], not [steps, n, features]
	Layers     []*RecurrentLayer

	kind    string // "RNN", "GRU" or "LSTM"
	relu    bool
	before  bool // the reset gate comes before the product
	inputs  int  // -1: the first use tells
	deep    int
	both    bool
	nothing bool // no biases
}

// RecurrentLayer is the parameters of one layer: those of the run forwards, and those of the run backwards if there is one. Layer k is
// weight_ih_lk, ... and weight_ih_lk_reverse, ... in PyTorch, lk_i2h_weight, ... and rk_i2h_weight, ... in Gluon.
type RecurrentLayer struct {
	RecurrentParams
	Reverse *RecurrentParams
}

// RecurrentParams is the parameters of one run. The gates lie in blocks of rows: r, z, n in a GRU; i, f, g, o in an LSTM.
type RecurrentParams struct {
	WeightIH *Param // [gates*hidden, inputs]
	WeightHH *Param // [gates*hidden, hidden]
	BiasIH   *Param // [gates*hidden], nil if there are none
	BiasHH   *Param
}

// RecurrentOption is an option of [NewRNN], [NewGRU] and [NewLSTM]: [Stacked], [Bidirectional], [DropoutBetween], [BatchFirst],
// [NoBias] or [Inputs]; of NewRNN also [ReLU] or [Tanh], of NewGRU [ResetBefore].
type RecurrentOption interface{ recurrent(r *Recurrent) }

type recurrentOption func(r *Recurrent)

func (f recurrentOption) recurrent(r *Recurrent) { f(r) }

func (noBias) recurrent(r *Recurrent)   { r.nothing = true }
func (n Inputs) recurrent(r *Recurrent) { r.inputs = int(n) }

func (a *Activation) recurrent(r *Recurrent) {
	if r.kind != "RNN" || a != ReLU && a != Tanh {
		panic(&tensor.Error{Op: "nn.New" + r.kind, Msg: "cannot have " + a.String(), Hint: "NewRNN takes ReLU or Tanh"})
	}
	r.relu = a == ReLU
}

// Bidirectional adds to every layer a run backwards, with parameters of its own; the outputs of both lie side by side (9.4).
// BatchFirst is for inputs and outputs [n, steps, features]. ResetBefore makes the reset gate of a GRU multiply the
// state, as in the book's formulas, not the product of the state.
var (
	Bidirectional = recurrentOption(func(r *Recurrent) { r.both = true })
	BatchFirst    = recurrentOption(func(r *Recurrent) { r.BatchFirst = true })
	ResetBefore   = recurrentOption(func(r *Recurrent) {
		if r.kind != "GRU" {
			panic(&tensor.Error{Op: "nn.New" + r.kind, Msg: "has no reset gate"})
		}
		r.before = true
	})
)

// Stacked is the number of layers, each fed with the outputs of the one before (9.3). It panics if n is not positive.
func Stacked(n int) RecurrentOption {
	if n < 1 {
		panic(&tensor.Error{Op: "nn.Stacked", Msg: fmt.Sprintf("%d layers", n)})
	}
	return recurrentOption(func(r *Recurrent) { r.deep = n })
}

// DropoutBetween drops outputs of every layer but the last with probability p while training (9.7). It panics unless 0 <= p <= 1.
func DropoutBetween(p float64) RecurrentOption {
	NewDropout(p)
	return recurrentOption(func(r *Recurrent) { r.Dropout = p })
}

// NewRNN returns recurrent layers h = act(x Wx + bx + h Wh + bh) with the given number of hidden units; act is tanh unless [ReLU]
// is an option (8.6). It panics if hidden is not positive.
func NewRNN(hidden int, opts ...RecurrentOption) *Recurrent {
	return newRecurrent("RNN", 1, hidden, opts)
}

// NewGRU returns layers of gated recurrent units (9.1), see [nnop.GRU].
func NewGRU(hidden int, opts ...RecurrentOption) *Recurrent {
	return newRecurrent("GRU", 3, hidden, opts)
}

// NewLSTM returns layers of long short-term memory (9.2), see [nnop.LSTM].
func NewLSTM(hidden int, opts ...RecurrentOption) *Recurrent {
	return newRecurrent("LSTM", 4, hidden, opts)
}

func newRecurrent(kind string, gates, hidden int, opts []RecurrentOption) *Recurrent {
	if hidden < 1 {
		panic(&tensor.Error{Op: "nn.New" + kind, Msg: fmt.Sprintf("%d hidden units", hidden)})
	}
	r := &Recurrent{Hidden: hidden, kind: kind, inputs: -1, deep: 1}
	for _, o := range opts {
		o.recurrent(r)
	}
	params := func(inputs int) RecurrentParams {
		p := RecurrentParams{WeightIH: NewParam(Shape(gates*hidden, inputs)), WeightHH: NewParam(Shape(gates*hidden, hidden))}
		if !r.nothing {
			p.BiasIH, p.BiasHH = NewParam(Shape(gates*hidden), InitWith(Zeros)), NewParam(Shape(gates*hidden), InitWith(Zeros))
		}
		return p
	}
	inputs := r.inputs
	for range r.deep {
		l := &RecurrentLayer{RecurrentParams: params(inputs)}
		if r.both {
			back := params(inputs)
			l.Reverse = &back
		}
		r.Layers = append(r.Layers, l)
		inputs = hidden * r.directions()
	}
	return r
}

func (r *Recurrent) directions() int {
	if r.both {
		return 2
	}
	return 1
}

// Begin is the state before the first step: zeros [layers*directions, batch, hidden], for an LSTM a pair of them (8.5).
func (r *Recurrent) Begin(batch int) []*tensor.Tensor {
	zeros := func() *tensor.Tensor { return tensor.Zeros(len(r.Layers)*r.directions(), batch, r.Hidden) }
	if r.kind == "LSTM" {
		return []*tensor.Tensor{zeros(), zeros()}
	}
	return []*tensor.Tensor{zeros()}
}

// Forward runs over x [steps, n, inputs] from the given state, nil for zeros, and returns the outputs of the last layer
// [steps, n, directions*hidden] and the state after the last step, shaped as that of [Recurrent.Begin]: layers in order, of each
// the run forwards first. [nnop.Lengths] is for sequences of several lengths.
func (r *Recurrent) Forward(c *Ctx, x *tensor.Tensor, state []*tensor.Tensor, opts ...nnop.RNNOption) (y *tensor.Tensor, next []*tensor.Tensor) {
	defer c.ran(r, x, &y)
	if x.NDim() != 3 {
		tensor.Misuse(r.kind, "wants x [steps, n, inputs]", "", x)
	}
	if r.BatchFirst {
		x = x.SwapAxes(0, 1)
	}
	parts := len(r.Begin(0))
	if state != nil && len(state) != parts {
		tensor.Misuse(r.kind, fmt.Sprintf("wants a state of %d tensors", parts), "see Begin", state...)
	}
	for _, s := range state {
		if s.NDim() != 3 || s.Dim(0) != len(r.Layers)*r.directions() {
			tensor.Misuse(r.kind, "wants a state [layers*directions, n, hidden]", "see Begin", state...)
		}
	}
	last := make([][]*tensor.Tensor, parts)
	run := func(x *tensor.Tensor, p *RecurrentParams, opts ...nnop.RNNOption) *tensor.Tensor {
		from := make([]*tensor.Tensor, 2)
		for i, s := range state {
			from[i] = s.Index(len(last[0]))
		}
		out := r.run(c, x, from, p, opts)
		for i := range last {
			last[i] = append(last[i], out[i+1])
		}
		return out[0]
	}
	for k, l := range r.Layers {
		if k > 0 && c.Training() && r.Dropout > 0 {
			x = nnop.Dropout(x, r.Dropout, c.Key())
		}
		y := run(x, &l.RecurrentParams, opts...)
		if l.Reverse != nil {
			y = tensor.Concat(2, y, run(x, l.Reverse, append(opts[:len(opts):len(opts)], nnop.Reversed())...))
		}
		x = y
	}
	for _, s := range last {
		next = append(next, tensor.Stack(0, s...))
	}
	if r.BatchFirst {
		x = x.SwapAxes(0, 1)
	}
	return x, next
}

// run runs one layer in one direction; it returns the outputs and the last states.
func (r *Recurrent) run(c *Ctx, x *tensor.Tensor, from []*tensor.Tensor, p *RecurrentParams, opts []nnop.RNNOption) []*tensor.Tensor {
	rows := p.WeightHH.Shape()[0]
	wIH, wHH := c.Param(p.WeightIH, rows, x.Dim(2)), c.Param(p.WeightHH, rows, r.Hidden)
	bIH, bHH := c.Param(p.BiasIH, rows), c.Param(p.BiasHH, rows)
	switch r.kind {
	case "GRU":
		v := nnop.ResetAfter
		if r.before {
			v = nnop.ResetBefore
		}
		y, h := nnop.GRU(x, from[0], wIH, wHH, bIH, bHH, v, opts...)
		return []*tensor.Tensor{y, h}
	case "LSTM":
		y, h, cell := nnop.LSTM(x, from[0], from[1], wIH, wHH, bIH, bHH, opts...)
		return []*tensor.Tensor{y, h, cell}
	}
	act := nnop.RNNTanh
	if r.relu {
		act = nnop.RNNReLU
	}
	y, h := nnop.RNN(x, from[0], wIH, wHH, bIH, bHH, act, opts...)
	return []*tensor.Tensor{y, h}
}

// String is e.g. "LSTM(28 -> 256, TNC, num_layers=2, bidirectional)", with -1 for an unknown number of inputs.
func (r *Recurrent) String() string {
	s := fmt.Sprintf("%s(%d -> %d, %s", r.kind, lengthOf(r.Layers[0].WeightIH, 1), r.Hidden, map[bool]string{true: "NTC", false: "TNC"}[r.BatchFirst])
	if len(r.Layers) > 1 {
		s += fmt.Sprintf(", num_layers=%d", len(r.Layers))
	}
	if r.Dropout > 0 {
		s += fmt.Sprintf(", dropout=%v", r.Dropout)
	}
	if r.both {
		s += ", bidirectional"
	}
	return s + ")"
}
