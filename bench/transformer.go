package main

import (
	"math"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// The encoder of 10.3: 2 blocks of width 32 with 4 heads and 64 units in between, for 64 sentences of 10 words.
const (
	words    = 200
	width    = 32
	heads    = 4
	sentence = 10
)

type encoderBlock struct {
	Attention  *nn.MultiHeadAttention
	Norm1      *nn.LayerNorm
	FFN1, FFN2 *nn.Dense
	Norm2      *nn.LayerNorm
}

// Forward sees the first lengths words of each sentence.
func (b *encoderBlock) Forward(c *nn.Ctx, drop *nn.Dropout, x, lengths *tensor.Tensor) *tensor.Tensor {
	x = b.Norm1.Forward(c, x.Add(drop.Forward(c, b.Attention.Forward(c, x, x, x, lengths))))
	return b.Norm2.Forward(c, x.Add(drop.Forward(c, c.Chain(x, b.FFN1, b.FFN2))))
}

type encoder struct {
	Embedding *nn.Embedding
	Blocks    []*encoderBlock
	Out       *nn.Dense
}

func transformer() *training {
	const p = 0.1
	net := &encoder{Embedding: nn.NewEmbedding(words, width)}
	net.Embedding.Weight = nn.NewParam(nn.Shape(words, width), nn.InitWith(nn.Normal(1)))
	drop := nn.NewDropout(p)
	probabilities := []*float64{&drop.P}
	for range 2 {
		a := nn.NewMultiHeadAttention(width, heads, p, nn.NoBias)
		probabilities = append(probabilities, &a.P)
		net.Blocks = append(net.Blocks, &encoderBlock{
			a, nn.NewLayerNorm(), nn.NewDense(64, nn.ReLU, nn.KeepAxes), nn.NewDense(width, nn.KeepAxes), nn.NewLayerNorm()})
	}
	net.Out = nn.NewDense(words, nn.KeepAxes)
	at := positions()
	return &training{
		model: net, dropout: probabilities,
		// With the usual eps, 1e-8, a weight whose gradient is nothing but rounding moves as far as any other.
		opt: func(ps []nn.Named) optim.Optimizer { return optim.NewAdam(ps, optim.LR(0.001), optim.Eps(1e-4)) },
		loss: func(c *nn.Ctx, in []*tensor.Tensor) *tensor.Tensor {
			h := net.Embedding.Forward(c, in[0]).MulScalar(math.Sqrt(width)).Add(at)
			h = drop.Forward(c, h)
			for _, b := range net.Blocks {
				h = b.Forward(c, drop, h, in[2])
			}
			return nn.SoftmaxCrossEntropy(net.Out.Forward(c, h).Reshape(-1, words), in[1])
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
