package nn

import (
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// Cell is one step of a recurrent layer, with the parameters of one layer of [Recurrent]: made by [NewRNNCell], [NewGRUCell] and [NewLSTMCell].
type Cell struct {
	RecurrentParams
	layer *Recurrent `nn:"-"`
}

func newCell(r *Recurrent) *Cell {
	if len(r.Layers) > 1 || r.both {
		panic(&tensor.Error{Op: "nn.New" + r.kind + "Cell", Msg: "a cell is one layer in one direction", Hint: "use nn.New" + r.kind})
	}
	return &Cell{r.Layers[0].RecurrentParams, r}
}

// NewRNNCell returns a cell h = act(x Wx + bx + h Wh + bh) (8.4); options as of [NewRNN].
func NewRNNCell(hidden int, opts ...RecurrentOption) *Cell { return newCell(NewRNN(hidden, opts...)) }

// NewGRUCell returns a gated recurrent unit (9.1); options as of [NewGRU].
func NewGRUCell(hidden int, opts ...RecurrentOption) *Cell { return newCell(NewGRU(hidden, opts...)) }

// NewLSTMCell returns a long short-term memory (9.2); options as of [NewLSTM].
func NewLSTMCell(hidden int, opts ...RecurrentOption) *Cell { return newCell(NewLSTM(hidden, opts...)) }

// Begin is the state before the first step: zeros [n, hidden], of an LSTM a pair of them.
func (l *Cell) Begin(n int) []*tensor.Tensor {
	state := l.layer.Begin(n)
	for i, s := range state {
		state[i] = s.Index(0)
	}
	return state
}

// Forward is one step: x [n, inputs] and a state, nil for zeros, give the output [n, hidden] and the next state, of which the output is the first.
func (l *Cell) Forward(c *Ctx, x *tensor.Tensor, state []*tensor.Tensor) (out *tensor.Tensor, next []*tensor.Tensor) {
	defer c.ran(l, x, &out)
	if x.NDim() != 2 {
		tensor.Misuse(l.layer.kind+"Cell", "wants x [n, inputs]", "Unroll takes sequences", x)
	}
	next = l.steps(c, x.Unsqueeze(0), state, nil)
	return next[0].Index(0), next[1:]
}

// Unroll runs over a sequence x [steps, n, inputs] and returns the outputs [steps, n, hidden] and the last state. [nnop.Lengths] is for sequences of several
// lengths.
func (l *Cell) Unroll(c *Ctx, x *tensor.Tensor, state []*tensor.Tensor, opts ...nnop.RNNOption) (out *tensor.Tensor, next []*tensor.Tensor) {
	defer c.ran(l, x, &out)
	if x.NDim() != 3 {
		tensor.Misuse(l.layer.kind+"Cell", "wants x [steps, n, inputs]", "", x)
	}
	next = l.steps(c, x, state, opts)
	return next[0], next[1:]
}

func (l *Cell) steps(c *Ctx, x *tensor.Tensor, state []*tensor.Tensor, opts []nnop.RNNOption) []*tensor.Tensor {
	from := make([]*tensor.Tensor, 2)
	if state != nil && len(state) != len(l.layer.Begin(0)) {
		tensor.Misuse(l.layer.kind+"Cell", "wants another number of tensors as its state", "see Begin", state...)
	}
	copy(from, state)
	return l.layer.run(c, x, from, &l.RecurrentParams, opts)
}

// String is e.g. "GRUCell(28 -> 256)".
func (l *Cell) String() string {
	s := l.layer.String()
	return l.layer.kind + "Cell" + s[len(l.layer.kind):]
}
