package nn_test

import (
	"fmt"
	"strings"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
)

// A language model of characters (9.2): an LSTM learns a rhyme and goes on from its beginning.
func ExampleNewLSTM_languageModel() {
	tensor.Seed(0)
	text := strings.Repeat("row row row your boat gently down the stream ", 4)
	letters := "abcdefghijklmnopqrstuvwxyz "
	codes := make([]int, len(text))
	for i, r := range text {
		codes[i] = strings.IndexRune(letters, r)
	}
	m := &languageModel{nn.NewEmbedding(len(letters), 16), nn.NewLSTM(64), nn.NewDense(len(letters), nn.KeepAxes)}
	nn.Init(m, nn.Xavier())
	x, y := tensor.Of(codes[:len(codes)-1]).Reshape(-1, 1), tensor.Of(codes[1:]).Reshape(-1, 1)
	opt := optim.NewAdam(nn.Parameters(m), optim.LR(0.01), optim.ClipNorm(1))
	for range 60 {
		nn.With(nn.AsMean).SoftmaxCrossEntropy(m.Forward(nn.Train(), x), y).Backward()
		opt.Step(1)
	}
	out := "row row"
	var state []*tensor.Tensor
	var h *tensor.Tensor
	feed := func(r byte) {
		e := m.Embed.Forward(nil, tensor.Of([]int{strings.IndexByte(letters, r)}).Reshape(1, 1))
		h, state = m.RNN.Forward(nil, e, state)
	}
	for i := range out {
		feed(out[i])
	}
	for range 30 {
		next := letters[int(m.Out.Forward(nil, h).ArgMax(2).At(0, 0))]
		out += string(next)
		feed(next)
	}
	fmt.Println(out)
	// Output: row row row your boat gently down the
}

// Queries of one length see only some keys: the first two of the first example, the first of the second; then, causally, those up to their place.
func ExampleMultiHeadAttention_Attend() {
	tensor.Seed(0)
	l := nn.NewMultiHeadAttention(4, 1, 0)
	nn.Init(l, nn.Xavier())
	x := tensor.Ones(2, 3, 4)
	show := func(w *tensor.Tensor) { fmt.Println(w.Flatten().StringWith(tensor.PrintOptions{Precision: 2})) }
	l.Attend(nn.Eval(), x, x, x, nn.ValidLengths(tensor.Of([]int32{2, 1})), nn.WithWeights(func(w *tensor.Tensor) { show(w.Slice(tensor.All, tensor.I(0), tensor.I(0))) }))
	l.Attend(nn.Eval(), x, x, x, nn.Causal, nn.WithWeights(func(w *tensor.Tensor) { show(w.Index(0)) }))
	// Output:
	// [0.5 0.5 0.  1.  0.  0. ]
	// [1.   0.   0.   0.5  0.5  0.   0.33 0.33 0.33]
}

// Three steps by hand are what the layer does in one go.
func ExampleCell() {
	tensor.Seed(0)
	cell := nn.NewGRUCell(2)
	nn.Init(cell, nn.Xavier())
	state := cell.Begin(1)
	var y *tensor.Tensor
	for range 3 {
		y, state = cell.Forward(nn.Eval(), tensor.Ones(1, 3), state)
	}
	all, _ := cell.Unroll(nn.Eval(), tensor.Ones(3, 1, 3), nil)
	fmt.Println(tensor.AllClose(y, all.Index(2), 1e-6, 0))
	// Output: true
}

// A sequence is decoded one place at a time, the keys and values of those before being kept.
func ExampleDecoderCache() {
	tensor.Seed(0)
	decoder := nn.NewTransformerDecoder(2, 8, 16, 2, 0)
	nn.Init(decoder, nn.Xavier())
	memory, x := tensor.Ones(1, 5, 8), tensor.Ones(1, 4, 8)
	whole := decoder.Forward(nn.Eval(), x, memory, nn.DecodeOptions{})
	cache := new(nn.DecoderCache)
	for i := range 4 {
		y := decoder.Forward(nn.Eval(), x.Narrow(1, i, 1), memory, nn.DecodeOptions{Cache: cache})
		fmt.Println(cache.Len(), tensor.AllClose(y, whole.Narrow(1, i, 1), 1e-5, 1e-6))
	}
	// Output:
	// 1 true
	// 2 true
	// 3 true
	// 4 true
}
