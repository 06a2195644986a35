package nn_test

import (
	"compress/gzip"
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// The sequence models of testdata/sequence.json.gz, which tools/oracle/sequence.py writes.
type sequenceCase struct {
	Params, Inputs, Grads map[string]*wide
	Y                     *wide
	Losses                []float64
}

// languageModel is an embedding, recurrent layers and a linear layer (8.6).
type languageModel struct {
	Embed *nn.Embedding
	RNN   *nn.Recurrent
	Out   *nn.Dense
}

func (m *languageModel) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	h, _ := m.RNN.Forward(c, m.Embed.Forward(c, x), nil)
	return m.Out.Forward(c, h)
}

type encoderDecoder struct {
	Encoder *nn.TransformerEncoder
	Decoder *nn.TransformerDecoder
}

type bert struct {
	Token, Segment *nn.Embedding
	Place          *nn.LearnedPositions
	Norm           *nn.LayerNorm
	Body           *nn.TransformerEncoder
	Pool, Next     *nn.Dense
	Mask           *nn.Dense
}

func (m *bert) Forward(c *nn.Ctx, x, s *tensor.Tensor) *tensor.Tensor {
	h := m.Norm.Forward(c, m.Place.Forward(c, m.Token.Forward(c, x).Add(m.Segment.Forward(c, s))))
	h = m.Body.Forward(c, h, nn.ValidLengths(x.NeScalar(0).AsType(tensor.Int32).Sum(1).AsType(tensor.Int32)))
	first := h.Slice(tensor.All, tensor.I(0))
	return tensor.Concat(1, m.Mask.Forward(c, h).Reshape(x.Dim(0), -1), m.Next.Forward(c, m.Pool.Forward(c, first).Tanh()))
}

// gpt has its output tied to its embedding.
type gpt struct {
	Token *nn.Embedding
	Place *nn.LearnedPositions
	Body  *nn.TransformerEncoder
}

func (m *gpt) Forward(c *nn.Ctx, x *tensor.Tensor, opts ...nn.AttendOption) *tensor.Tensor {
	begin := 0
	h := m.Body.Forward(c, m.Place.At(c, m.Token.Forward(c, x), begin), append(opts, nn.Causal)...)
	return h.MatMul(c.Param(m.Token.Weight).T())
}

// sequenceModel is a model with its loss.
type sequenceModel struct {
	model   any
	forward func(c *nn.Ctx, in map[string]*tensor.Tensor) *tensor.Tensor
	loss    func(y *tensor.Tensor, in map[string]*tensor.Tensor) *tensor.Tensor
	lr      float64
}

func sequenceModels() map[string]sequenceModel {
	type ins = map[string]*tensor.Tensor
	cross := func(y *tensor.Tensor, in ins) *tensor.Tensor {
		return nn.With(nn.AsMean).SoftmaxCrossEntropy(y.Reshape(-1, y.Dim(-1)), in["t"].Flatten())
	}
	square := func(y *tensor.Tensor, _ ins) *tensor.Tensor { return y.Square().Sum() }
	lm := func(r *nn.Recurrent) sequenceModel {
		m := &languageModel{nn.NewEmbedding(11, 5), r, nn.NewDense(11, nn.KeepAxes)}
		return sequenceModel{m, func(c *nn.Ctx, in ins) *tensor.Tensor { return m.Forward(c, in["x"]) }, cross, 1}
	}
	translator := func(opts ...nn.TransformerOption) sequenceModel {
		m := &encoderDecoder{nn.NewTransformerEncoder(2, 8, 12, 2, 0, opts...), nn.NewTransformerDecoder(2, 8, 12, 2, 0, opts...)}
		return sequenceModel{m, func(c *nn.Ctx, in ins) *tensor.Tensor {
			memory := m.Encoder.Forward(c, in["src"], nn.ValidLengths(in["lengths"]))
			return m.Decoder.Forward(c, in["tgt"], memory, nn.DecodeOptions{MemoryLengths: in["lengths"]})
		}, func(y *tensor.Tensor, _ ins) *tensor.Tensor { return y.SubScalar(0.5).Square().Mean() }, 0.5}
	}
	b := &bert{nn.NewEmbedding(13, 8), nn.NewEmbedding(2, 8), nn.NewLearnedPositions(10), nn.NewLayerNorm(), nn.NewTransformerEncoder(4, 8, 16, 2, 0, nn.GELU),
		nn.NewDense(8), nn.NewDense(2), nn.NewDense(13, nn.KeepAxes)}
	g := &gpt{nn.NewEmbedding(17, 8), nn.NewLearnedPositions(12), nn.NewTransformerEncoder(12, 8, 32, 2, 0, nn.PreNorm, nn.GELUTanh)}
	a, ac := nn.NewMultiHeadAttention(8, 2, 0), nn.NewMultiHeadAttention(8, 4, 0)
	turn := func(r *nn.Rotary) sequenceModel {
		return sequenceModel{struct{}{}, func(_ *nn.Ctx, in ins) *tensor.Tensor { return r.Apply(in["x"], 3) }, nil, 0}
	}
	return map[string]sequenceModel{
		"rnn":       lm(nn.NewRNN(6, nn.Stacked(2))),
		"gru both":  lm(nn.NewGRU(6, nn.Stacked(2), nn.Bidirectional)),
		"lstm":      lm(nn.NewLSTM(6, nn.Stacked(2))),
		"lstm both": lm(nn.NewLSTM(6, nn.Stacked(2), nn.Bidirectional)),
		"attention mask": {a, func(c *nn.Ctx, in ins) *tensor.Tensor {
			return a.Attend(c, in["x"], in["k"], in["k"], nn.AttentionMask(in["mask"].AsType(tensor.Bool)))
		}, square, 0.005},
		"attention causal":  {ac, func(c *nn.Ctx, in ins) *tensor.Tensor { return ac.Attend(c, in["x"], in["x"], in["x"], nn.Causal) }, square, 0.005},
		"transformer":       translator(),
		"transformer pre":   translator(nn.PreNorm, nn.GELU),
		"bert":              {b, func(c *nn.Ctx, in ins) *tensor.Tensor { return b.Forward(c, in["x"], in["s"]) }, func(y *tensor.Tensor, _ ins) *tensor.Tensor { return y.Square().Mean() }, 0.2},
		"gpt":               {g, func(c *nn.Ctx, in ins) *tensor.Tensor { return g.Forward(c, in["x"]) }, cross, 0.05},
		"rotary":            turn(&nn.Rotary{}),
		"rotary neighbours": turn(&nn.Rotary{Interleaved: true}),
	}
}

func TestSequenceModelsAgainstPyTorch(t *testing.T) {
	f, err := os.Open("testdata/sequence.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var cases map[string]sequenceCase
	if err := json.NewDecoder(z).Decode(&cases); err != nil {
		t.Fatal(err)
	}
	models := sequenceModels()
	if len(cases) != len(models) {
		t.Errorf("%d models, PyTorch has %d", len(models), len(cases))
	}
	for name, c := range cases {
		for _, dt := range []tensor.DType{tensor.Float64, tensor.Float32} {
			t.Run(name+"/"+dt.String(), func(t *testing.T) {
				m, ok := sequenceModels()[name]
				if !ok {
					t.Fatal("no such model")
				}
				tol := map[tensor.DType]float64{tensor.Float64: 1e-6, tensor.Float32: 1e-4}[dt]
				state, in := map[string]*tensor.Tensor{}, map[string]*tensor.Tensor{}
				for k, v := range c.Params {
					state[k] = v.tensor().AsType(dt)
				}
				for k, v := range c.Inputs {
					if in[k] = v.tensor(); !v.Int {
						in[k] = in[k].AsType(dt)
					}
				}
				if err := nn.SetState(m.model, state); err != nil {
					t.Fatal(err)
				}
				y := m.forward(nn.Train(), in)
				if want := c.Y.tensor().AsType(dt); !tensor.AllClose(y.Detach(), want, tol, tol) {
					t.Fatalf("%v\nPyTorch:\n%v", y, want)
				}
				if m.loss == nil {
					return
				}
				m.loss(y, in).Backward()
				for _, p := range nn.Parameters(m.model) {
					want := c.Grads[p.Path].tensor().AsType(dt)
					if scale := want.Abs().Max().Item(); !tensor.AllClose(p.Grad().Detach(), want, tol, tol*math.Max(scale, 1e-2)) {
						t.Errorf("gradient of %s:\n%v\nPyTorch:\n%v", p.Path, p.Grad(), want)
					}
				}
				opt := optim.NewSGD(nn.Parameters(m.model), optim.LR(m.lr))
				for k, want := range c.Losses {
					l := m.loss(m.forward(nn.Train(), in), in)
					if got := l.Item(); math.Abs(got-want) > 1e-4*math.Abs(want) {
						t.Errorf("loss %v in step %d, PyTorch's %v", got, k+1, want)
					}
					l.Backward()
					opt.Step(1)
				}
			})
		}
	}
}

func TestCellsAreOneStep(t *testing.T) {
	x := random.Normal(0, 1, 5, 3, 4)
	for name, pair := range map[string][2]func(int, ...nn.RecurrentOption) any{
		"rnn":  {func(n int, o ...nn.RecurrentOption) any { return nn.NewRNNCell(n, o...) }, func(n int, o ...nn.RecurrentOption) any { return nn.NewRNN(n, o...) }},
		"gru":  {func(n int, o ...nn.RecurrentOption) any { return nn.NewGRUCell(n, append(o, nn.ResetBefore)...) }, func(n int, o ...nn.RecurrentOption) any { return nn.NewGRU(n, append(o, nn.ResetBefore)...) }},
		"lstm": {func(n int, o ...nn.RecurrentOption) any { return nn.NewLSTMCell(n, o...) }, func(n int, o ...nn.RecurrentOption) any { return nn.NewLSTM(n, o...) }},
	} {
		cell, layer := pair[0](6).(*nn.Cell), pair[1](6).(*nn.Recurrent)
		nn.Init(layer, nn.Normal(0.3))
		want, _ := layer.Forward(nn.Eval(), x, nil)
		s := map[string]*tensor.Tensor{}
		for path, v := range nn.State(layer) {
			s[path[len("Layers.0."):]] = v
		}
		if err := nn.SetState(cell, s); err != nil {
			t.Fatal(err)
		}
		state := cell.Begin(3)
		for i := range 5 {
			var y *tensor.Tensor
			y, state = cell.Forward(nn.Eval(), x.Index(i), state)
			if !tensor.AllClose(y, want.Index(i), 1e-6, 1e-6) {
				t.Errorf("%s: step %d gives %v, the layer %v", name, i, y, want.Index(i))
			}
		}
		all, last := cell.Unroll(nn.Eval(), x, nil)
		if !tensor.AllClose(all, want, 1e-6, 1e-6) || !tensor.AllClose(last[0], state[0], 1e-6, 1e-6) {
			t.Errorf("%s: Unroll is another thing", name)
		}
	}
	if err := tensor.Try(func() { nn.NewGRUCell(3, nn.Bidirectional) }); err == nil {
		t.Error("a cell in both directions was accepted")
	}
}

// TestDecodingWithACache wants place after place, and in pieces, what the whole sequence gives.
func TestDecodingWithACache(t *testing.T) {
	for _, opts := range [][]nn.TransformerOption{nil, {nn.PreNorm}} {
		m := &encoderDecoder{nn.NewTransformerEncoder(1, 8, 12, 2, 0, opts...), nn.NewTransformerDecoder(3, 8, 12, 2, 0, opts...)}
		nn.Init(m, nn.Normal(0.4))
		src, tgt, lengths := random.Normal(0, 1, 2, 5, 8), random.Normal(0, 1, 2, 6, 8), tensor.Of([]int32{5, 2})
		memory := m.Encoder.Forward(nil, src, nn.ValidLengths(lengths))
		for _, rotary := range []*nn.Rotary{nil, {}} {
			o := nn.DecodeOptions{MemoryLengths: lengths}
			if rotary != nil {
				o.Self = []nn.AttendOption{nn.WithRotary(rotary)}
			}
			want := m.Decoder.Forward(nil, tgt, memory, o)
			for _, pieces := range [][]int{{1, 1, 1, 1, 1, 1}, {2, 1, 3}, {6}} {
				o.Cache = new(nn.DecoderCache)
				var parts []*tensor.Tensor
				at := 0
				for _, n := range pieces {
					if o.Cache.Len() != at {
						t.Errorf("the cache holds %d places, want %d", o.Cache.Len(), at)
					}
					parts = append(parts, m.Decoder.Forward(nil, tgt.Narrow(1, at, n), memory, o))
					at += n
				}
				if got := tensor.Concat(1, parts...); !tensor.AllClose(got, want, 1e-5, 1e-5) {
					t.Errorf("in pieces %v:\n%v\nwhole:\n%v", pieces, got, want)
				}
			}
		}
	}
}

func TestWeightsOnRequest(t *testing.T) {
	l := nn.NewMultiHeadAttention(8, 2, 0)
	nn.Init(l, nn.Normal(0.5))
	q, k := random.Normal(0, 1, 2, 3, 8), random.Normal(0, 1, 2, 5, 8)
	mask := random.Normal(0, 1, 3, 5)
	for name, opts := range map[string][]nn.AttendOption{
		"lengths":     {nn.ValidLengths(tensor.Of([]int32{2, 5}))},
		"of queries":  {nn.ValidLengths(tensor.Matrix([][]int32{{1, 2, 3}, {4, 5, 1}}))},
		"causal":      {nn.Causal},
		"mask":        {nn.AttentionMask(mask.GtScalar(-0.5))},
		"added":       {nn.AttentionMask(mask)},
		"all of them": {nn.Causal, nn.ValidLengths(tensor.Of([]int32{2, 5})), nn.AttentionMask(mask)},
	} {
		plain := l.Attend(nil, q, k, k, opts...)
		var w *tensor.Tensor
		seen := l.Attend(nil, q, k, k, append(opts, nn.WithWeights(func(v *tensor.Tensor) { w = v }))...)
		if !tensor.AllClose(plain, seen, 1e-5, 1e-5) {
			t.Errorf("%s: with weights %v, without %v", name, seen, plain)
		}
		if s := w.Sum(-1); w.NDim() != 4 || !tensor.AllClose(s, tensor.OnesLike(s), 1e-5, 0) {
			t.Errorf("%s: weights of shape %v with sums %v", name, w.Shape(), s)
		}
	}
}

// TestAttentionOfTheBook holds 10.3: equal keys, so even weights over those that are seen.
func TestAttentionOfTheBook(t *testing.T) {
	tensor.Seed(0)
	w := nn.MaskedSoftmax(random.Uniform(0, 1, 2, 2, 4), tensor.Of([]int{2, 3}))
	near(t, "masked softmax", w, 0.488994, 0.511006, 0, 0, 0.4365484, 0.56345165, 0, 0, 0.288171, 0.3519408, 0.3598882, 0, 0.29034296, 0.25239873, 0.45725837, 0)
	w = nn.MaskedSoftmax(random.Uniform(0, 1, 2, 2, 4), tensor.Matrix([][]int{{1, 3}, {2, 4}}))
	near(t, "masked softmax", w, 1, 0, 0, 0, 0.35848376, 0.3658879, 0.27562833, 0, 0.54370314, 0.45629686, 0, 0, 0.19598778, 0.25580427, 0.19916739, 0.3490406)

	values := tensor.Arange(40).Reshape(1, 10, 4).Repeat(2, 0)
	keys, lengths := tensor.Ones(2, 10, 2), tensor.Of([]int32{2, 6})
	add := nn.NewAdditiveAttention(8, 0.1)
	nn.Init(add, nn.Uniform(0.07))
	y, weights := add.Forward(nn.Eval(), random.Normal(0, 1, 2, 1, 20), keys, values, lengths)
	near(t, "additive", y, 2, 3, 4, 5, 10, 11, 12, 13)
	near(t, "its weights", weights, 0.5, 0.5, 0, 0)
	dot := nn.NewDotProductAttention(0.5)
	near(t, "dot product", dot.Forward(nn.Eval(), random.Normal(0, 1, 2, 1, 2), keys, values, nn.ValidLengths(lengths)), 2, 3, 4, 5, 10, 11, 12, 13)
}

func TestPositions(t *testing.T) {
	p := nn.NewPositionalEncoding(4, 0.5, 10)
	y := p.Forward(nn.Eval(), tensor.Zeros(1, 3, 4))
	for i := range 3 {
		for j := range 2 {
			a := float64(i) / math.Pow(10000, float64(2*j)/4)
			if math.Abs(y.At(0, i, 2*j)-math.Sin(a)) > 1e-6 || math.Abs(y.At(0, i, 2*j+1)-math.Cos(a)) > 1e-6 {
				t.Errorf("place %d: %v", i, y.Index(0).Index(i))
			}
		}
	}
	if !tensor.Equal(p.At(nil, tensor.Zeros(1, 2, 4), 1), y.Narrow(1, 1, 2)) {
		t.Error("from place 1 on something else is added")
	}
	for _, f := range []func(){
		func() { p.Forward(nil, tensor.Zeros(1, 11, 4)) }, func() { p.Forward(nil, tensor.Zeros(1, 3, 5)) },
		func() { nn.NewLearnedPositions(0) }, func() { (&nn.Rotary{}).Apply(tensor.Zeros(3, 5), 0) },
		func() { nn.NewMultiHeadAttention(4, 2, 0).Attend(nil, tensor.Zeros(1, 2, 4), nil, nil) },
	} {
		if err := tensor.Try(f); err == nil {
			t.Error("no panic")
		}
	}
	// the product of turned queries and keys depends on the distance of their places
	q, k, r := random.Normal(0, 1, 1, 8), random.Normal(0, 1, 1, 8), &nn.Rotary{}
	dot := func(i, j int) float64 { return r.Apply(q, i).Mul(r.Apply(k, j)).Sum().Item() }
	if math.Abs(dot(7, 4)-dot(13, 10)) > 1e-4 || math.Abs(dot(7, 4)-dot(7, 5)) < 1e-4 {
		t.Errorf("products %v, %v, %v", dot(7, 4), dot(13, 10), dot(7, 5))
	}
}
