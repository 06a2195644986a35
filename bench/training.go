package main

import (
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
)

// training is a model, its loss and its optimizer, as one writes them with nn and optim.
type training struct {
	model any // its parameters come in the order in which the peers have them
	// loss returns one number an example.
	loss    func(c *nn.Ctx, in []*tensor.Tensor) *tensor.Tensor
	opt     func(ps []nn.Named) optim.Optimizer
	dropout []*float64 // the probabilities that must be 0 while results are compared
}

// sgd makes optimizers of 3.2.
func sgd(lr float64, opts ...optim.SGDOption) func(ps []nn.Named) optim.Optimizer {
	return func(ps []nn.Named) optim.Optimizer { return optim.NewSGD(ps, append(opts, optim.LR(lr))...) }
}

// stepRows are training steps: forward, loss, backward, update.
func stepRows() []row {
	return []row{
		stepRow("linreg", linregData, linreg),
		stepRow("mlp", imageData, mlp),
		stepRow("lenet", imageData, lenet),
		stepRow("rnn", textData, func() *training { return recurrent(nn.NewRNN(hidden)) }),
		stepRow("gru", textData, func() *training { return recurrent(nn.NewGRU(hidden)) }),
		stepRow("lstm", textData, func() *training { return recurrent(nn.NewLSTM(hidden)) }),
		stepRow("transformer", sentenceData, transformer),
		stepRow("resnet18", largeImageData, resnet18),
		stepRow("densenet", mapData, densenet),
		stepRow("embeddingbag", bagData, embeddingBag),
	}
}

// stepRow is the row of a model. Its arrays are the inputs, then the first weights.
func stepRow(name string, inputs func() []*tensor.Tensor, build func() *training) row {
	return row{
		name: name,
		data: func() []*tensor.Tensor {
			in, t := inputs(), build()
			nn.Init(t.model, nn.Xavier())
			t.loss(nn.Eval(), in)
			for _, p := range nn.Parameters(t.model) {
				in = append(in, p.Value().Detach())
			}
			return in
		},
		make: func(in []*tensor.Tensor) work { return build().work(in) },
	}
}

// checked is how many steps both sides take before their weights are compared.
const checked = 10

// work is the step on inputs and weights that follow one another in arrays.
func (t *training) work(arrays []*tensor.Tensor) work {
	ps := nn.Parameters(t.model)
	in, weights := arrays[:len(arrays)-len(ps)], arrays[len(arrays)-len(ps):]
	for i, p := range ps {
		p.SetValue(weights[i])
	}
	opt := t.opt(ps)
	run := func() {
		s := tensor.NewScope()
		defer s.Close()
		scoped := make([]*tensor.Tensor, len(in))
		for i, x := range in {
			scoped[i] = s.In(x)
		}
		l := t.loss(nn.Train(nn.In(s)), scoped)
		l.Backward()
		opt.Step(l.Len())
	}
	return work{run: run, result: func() []*tensor.Tensor {
		wake := t.still()
		for range checked {
			run()
		}
		wake()
		var ws []*tensor.Tensor
		for _, p := range ps {
			ws = append(ws, p.Value().Detach())
		}
		return ws
	}}
}

// still switches dropout off, and the function it returns on again.
func (t *training) still() (wake func()) {
	was := make([]float64, len(t.dropout))
	for i, d := range t.dropout {
		was[i], *d = *d, 0
	}
	return func() {
		for i, d := range t.dropout {
			*d = was[i]
		}
	}
}
