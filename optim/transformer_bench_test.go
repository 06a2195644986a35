package optim_test

import (
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// encoderBlock is a block of the Transformer (10.7): attention and a network for each position, each added to its operand and
// normalised.
type encoderBlock struct {
	Attention    *nn.MultiHeadAttention
	Up, Down     *nn.Dense
	Norm1, Norm2 *nn.LayerNorm
}

func (b *encoderBlock) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	x = b.Norm1.Forward(c, x.Add(b.Attention.Forward(c, x, x, x, nil)))
	return b.Norm2.Forward(c, x.Add(b.Down.Forward(c, b.Up.Forward(c, x))))
}

// BenchmarkTransformer is a training step of an encoder: 2 blocks of width 32, 4 heads, 64 examples of length 10.
func BenchmarkTransformer(b *testing.B) {
	const n, length, width, heads, inner, classes = 64, 10, 32, 4, 64, 10
	var net nn.Sequential
	for range 2 {
		net = append(net, &encoderBlock{nn.NewMultiHeadAttention(width, heads, 0), nn.NewDense(inner, nn.KeepAxes, nn.ReLU),
			nn.NewDense(width, nn.KeepAxes), nn.NewLayerNorm(), nn.NewLayerNorm()})
	}
	net = append(net, nn.NewDense(classes))
	nn.Init(net, nn.Xavier())
	x, y := random.Normal(0, 1, n, length, width), random.RandInt(0, classes, n)
	net.Forward(nn.Eval(), x)
	opt := optim.NewAdam(nn.Parameters(net))
	b.ReportAllocs()
	for b.Loop() {
		s := tensor.NewScope()
		nn.SoftmaxCrossEntropy(net.Forward(nn.Train(nn.In(s)), s.In(x)), y).Backward()
		opt.Step(n)
		s.Close()
	}
}
