package main

import (
	"math"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
	"github.com/fathom-ml/fathom/tensor/random"
)

// The encoder of 10.3: 2 blocks of width 32 with 4 heads and 64 units in between, for 64 sentences of 10 words.
const (
	words    = 200
	width    = 32
	heads    = 4
	sentence = 10
)

type attention struct{ Q, K, V, O *nn.Dense }

// Forward attends from x to x. mask is true at the words that are hidden.
func (a *attention) Forward(c *nn.Ctx, drop *nn.Dropout, x, mask *tensor.Tensor) *tensor.Tensor {
	n, t := x.Dim(0), x.Dim(1)
	split := func(y *tensor.Tensor) *tensor.Tensor { // [n, t, width] -> [n, heads, t, width/heads]
		return y.Reshape(n, t, heads, width/heads).Transpose(0, 2, 1, 3)
	}
	q, k, v := split(a.Q.Forward(c, x)), split(a.K.Forward(c, x)), split(a.V.Forward(c, x))
	scores := q.MatMul(k.SwapAxes(2, 3)).MulScalar(1 / math.Sqrt(width/heads))
	w := nnop.Softmax(scores.MaskedFill(mask, -1e6))
	y := drop.Forward(c, w).MatMul(v).Transpose(0, 2, 1, 3).Reshape(n, t, width)
	return a.O.Forward(c, y)
}

type norm struct{ Gamma, Beta *nn.Param }

func newNorm(n int) *norm {
	return &norm{nn.NewParam(nn.Shape(n), nn.InitWith(nn.Ones)), nn.NewParam(nn.Shape(n), nn.InitWith(nn.Zeros))}
}

type encoderBlock struct {
	Attention  *attention
	Norm1      *norm
	FFN1, FFN2 *nn.Dense
	Norm2      *norm
}

func (b *encoderBlock) Forward(c *nn.Ctx, drop *nn.Dropout, x, mask *tensor.Tensor) *tensor.Tensor {
	add := func(n *norm, x, y *tensor.Tensor) *tensor.Tensor {
		return layerNorm(x.Add(drop.Forward(c, y)), c.Param(n.Gamma), c.Param(n.Beta))
	}
	x = add(b.Norm1, x, b.Attention.Forward(c, drop, x, mask))
	return add(b.Norm2, x, c.Chain(x, b.FFN1, b.FFN2))
}

type encoder struct {
	Embedding *nn.Param
	Blocks    []*encoderBlock
	Out       *nn.Dense
}

func transformer() *training {
	net := &encoder{Embedding: nn.NewParam(nn.Shape(words, width), nn.InitWith(nn.Normal(1)))}
	dense := func(units int, opts ...nn.DenseOption) *nn.Dense {
		return nn.NewDense(units, append(opts, nn.KeepAxes)...)
	}
	for range 2 {
		a := &attention{dense(width, nn.NoBias), dense(width, nn.NoBias), dense(width, nn.NoBias), dense(width, nn.NoBias)}
		net.Blocks = append(net.Blocks, &encoderBlock{a, newNorm(width), dense(64, nn.ReLU), dense(width), newNorm(width)})
	}
	net.Out = dense(words)
	drop, at := nn.NewDropout(0.1), positions()
	return &training{
		model: net, dropout: []*nn.Dropout{drop},
		opt: func(ps []nn.Named) optim.Optimizer { return optim.NewAdam(ps, optim.LR(0.001)) },
		loss: func(c *nn.Ctx, in []*tensor.Tensor) *tensor.Tensor {
			x, labels, lengths := in[0], in[1], in[2]
			mask := tensor.ArangeOf(tensor.Int32, sentence).Ge(lengths.Reshape(-1, 1, 1, 1))
			h := c.Param(net.Embedding).Take(x).MulScalar(math.Sqrt(width)).Add(at)
			h = drop.Forward(c, h)
			for _, b := range net.Blocks {
				h = b.Forward(c, drop, h, mask)
			}
			return nn.SoftmaxCrossEntropy(net.Out.Forward(c, h).Reshape(-1, words), labels)
		},
	}
}

// positions are the sines and cosines of 10.3, [sentence, width].
func positions() *tensor.Tensor {
	return tensor.FromFunc(func(at []int) float64 {
		a := float64(at[0]) / math.Pow(10000, float64(at[1]/2*2)/width)
		if at[1]%2 == 0 {
			return math.Sin(a)
		}
		return math.Cos(a)
	}, sentence, width)
}

// sentenceData are words, the words to say, and how long each sentence is.
func sentenceData() []*tensor.Tensor {
	n := 64
	return []*tensor.Tensor{random.RandInt(0, words, n, sentence), random.RandInt(0, words, n*sentence), random.RandInt(5, sentence+1, n)}
}
