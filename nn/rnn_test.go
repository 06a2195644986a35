package nn_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
	"github.com/fathom-ml/fathom/tensor/optest/oracle"
	"github.com/fathom-ml/fathom/tensor/random"
)

// TestRecurrentLayersAgainstPyTorch: the parameters are PyTorch's in number, order and shape.
func TestRecurrentLayersAgainstPyTorch(t *testing.T) {
	of := func(states int, make func(hidden int, opts ...nn.RecurrentOption) *nn.Recurrent, more ...nn.RecurrentOption) oracle.Funcs {
		return func(c oracle.Case, in []*tensor.Tensor) []*tensor.Tensor {
			opts := append(slices.Clone(more), nn.Stacked(c.Ints[1]))
			if c.Keep {
				opts = append(opts, nn.Bidirectional)
			}
			if c.Name == "batch first" {
				opts = append(opts, nn.BatchFirst)
			}
			if c.Name == "no bias" {
				opts = append(opts, nn.NoBias)
			}
			l := make(c.Ints[0], opts...)
			params := in[1+states:]
			ps := nn.Parameters(l)
			if len(ps) != len(params) {
				t.Fatalf("%v has %d parameters, PyTorch's %d", l, len(ps), len(params))
			}
			for i, p := range ps {
				p.SetValue(params[i])
			}
			y, next := l.Forward(nn.Train(), in[0], in[1:1+states])
			return append([]*tensor.Tensor{y}, next...)
		}
	}
	oracle.RunAll(t, "testdata/rnn.json.gz", map[string]oracle.Funcs{
		"rnn": of(1, nn.NewRNN), "relu": of(1, nn.NewRNN, nn.ReLU), "gru": of(1, nn.NewGRU), "lstm": of(2, nn.NewLSTM),
	})
}

// Deep, in both directions, with dropout: shapes, names, and the state of one run as the start of the next.
func TestRecurrentLayers(t *testing.T) {
	l := nn.NewLSTM(8, nn.Stacked(2), nn.Bidirectional, nn.DropoutBetween(0.5))
	nn.Init(l, nn.Uniform(0.5))
	x := random.Uniform(-1, 1, 6, 3, 4)
	y, state := l.Forward(nn.Eval(), x, l.Begin(3))
	if fmt.Sprint(y.Shape(), state[0].Shape(), state[1].Shape(), l) != "[6 3 16] [4 3 8] [4 3 8] LSTM(4 -> 8, TNC, num_layers=2, dropout=0.5, bidirectional)" {
		t.Error(y.Shape(), state[0].Shape(), state[1].Shape(), l)
	}
	var paths []string
	for _, p := range nn.Parameters(l)[:9] {
		paths = append(paths, p.Path)
	}
	want := []string{"Layers.0.WeightIH", "Layers.0.WeightHH", "Layers.0.BiasIH", "Layers.0.BiasHH", "Layers.0.Reverse.WeightIH",
		"Layers.0.Reverse.WeightHH", "Layers.0.Reverse.BiasIH", "Layers.0.Reverse.BiasHH", "Layers.1.WeightIH"}
	if !slices.Equal(paths, want) {
		t.Error(paths)
	}
	a, _ := l.Forward(nn.Train(), x, nil)
	b, _ := l.Forward(nn.Train(), x, nil)
	if tensor.AllClose(a.Detach(), b.Detach(), 0, 0) {
		t.Error("no dropout in training")
	}

	g := nn.NewGRU(5, nn.ResetBefore)
	nn.Init(g, nn.Uniform(0.5))
	whole, _ := g.Forward(nn.Eval(), x, nil)
	first, s := g.Forward(nn.Eval(), x.Narrow(0, 0, 2), nil)
	rest, _ := g.Forward(nn.Eval(), x.Narrow(0, 2, 4), s)
	if !tensor.AllClose(whole, tensor.Concat(0, first, rest), 1e-6, 1e-6) {
		t.Error("a run in two parts differs")
	}
	ended, s := g.Forward(nn.Eval(), x, nil, nnop.Lengths(6, 2, 1))
	if !tensor.AllClose(s[0].Slice(tensor.I(0), tensor.I(1)), whole.Slice(tensor.I(1), tensor.I(1)), 1e-6, 1e-6) || ended.Slice(tensor.From(2), tensor.I(1)).Abs().Sum().Item() != 0 {
		t.Error("lengths")
	}
}

func TestRecurrentLayersRefuse(t *testing.T) {
	l := nn.NewLSTM(4)
	nn.Init(l, nn.Uniform(0.1))
	x := tensor.Zeros(3, 2, 5)
	for name, f := range map[string]func(){
		"hidden":     func() { nn.NewGRU(0) },
		"layers":     func() { nn.Stacked(0) },
		"dropout":    func() { nn.DropoutBetween(2) },
		"activation": func() { nn.NewLSTM(3, nn.ReLU) },
		"sigmoid":    func() { nn.NewRNN(3, nn.Sigmoid) },
		"reset":      func() { nn.NewRNN(3, nn.ResetBefore) },
		"matrix":     func() { l.Forward(nil, tensor.Zeros(3, 5), nil) },
		"states":     func() { l.Forward(nil, x, []*tensor.Tensor{tensor.Zeros(1, 2, 4)}) },
		"state":      func() { l.Forward(nil, x, []*tensor.Tensor{tensor.Zeros(2, 2, 4), tensor.Zeros(2, 2, 4)}) },
		"batch":      func() { l.Forward(nil, x, l.Begin(3)) },
	} {
		if err := tensor.Try(f); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// The layer of section 9.3 and what it returns.
func ExampleNewLSTM() {
	l := nn.NewLSTM(256, nn.Stacked(2))
	nn.Init(l, nn.Normal(0.01))
	x := tensor.Zeros(35, 32, 28) // steps, batch, one-hot characters
	y, state := l.Forward(nn.Eval(), x, l.Begin(32))
	fmt.Println(y.Shape(), state[0].Shape(), state[1].Shape())
	fmt.Println(l)
	// Output:
	// [35 32 256] [2 32 256] [2 32 256]
	// LSTM(28 -> 256, TNC, num_layers=2)
}

// A GRU with the book's reset gate, over sequences of different lengths.
func ExampleNewGRU() {
	l := nn.NewGRU(8, nn.ResetBefore, nn.BatchFirst)
	nn.Init(l, nn.Xavier())
	x := tensor.Ones(2, 5, 3)
	y, state := l.Forward(nn.Eval(), x, nil, nnop.Lengths(5, 2))
	fmt.Println(y.Shape(), state[0].Shape(), y.Slice(tensor.I(1), tensor.I(4)).Sum().Item())
	// Output: [2 5 8] [1 2 8] 0
}

// A bidirectional layer gives two outputs a step.
func ExampleNewRNN() {
	l := nn.NewRNN(16, nn.Bidirectional)
	nn.Init(l, nn.Uniform(0.1))
	y, state := l.Forward(nn.Eval(), tensor.Ones(7, 2, 3), l.Begin(2))
	fmt.Println(y.Shape(), state[0].Shape())
	// Output: [7 2 32] [2 2 16]
}
