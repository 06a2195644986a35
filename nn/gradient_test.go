package nn_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// smooth draws numbers of float64 whose size is from 0.3 to 1, so that finite differences do not cross a corner at 0.
func smooth(shape ...int) *tensor.Tensor {
	size := random.Uniform(0.3, 1, shape...)
	return size.Mul(random.RandInt(0, 2, shape...).AsType(tensor.Float32).Affine(2, -1)).AsType(tensor.Float64)
}

// checkLayer compares the gradients of the input and of all parameters with finite differences, in float64.
func checkLayer(t *testing.T, l nn.Layer, x *tensor.Tensor) {
	t.Helper()
	nn.Init(l, nn.Ones)
	run := func() *tensor.Tensor {
		tensor.Seed(3) // the same masks each time
		if b, ok := l.(*nn.BatchNorm); ok {
			b.RunningMean, b.RunningVar = nil, nil
		}
		return l.Forward(nn.Train(), x)
	}
	if p := nn.Parameters(l); len(p) > 0 { // shapes; the values are of float32
		l.Forward(nn.Eval(), x.AsType(tensor.Float32))
	}
	leaves := map[string]*tensor.Tensor{"the input": x.RequireGrad()}
	for _, p := range nn.Parameters(l) {
		v := smooth(p.Shape()...).RequireGrad()
		nn.Put(p.Param, v)
		leaves[p.Path] = v
	}
	w := random.Uniform(-1, 1, run().Shape()...).AsType(tensor.Float64)
	run().Mul(w).Sum().Backward()
	for name, v := range leaves {
		g := v.Grad().Float64s()
		d := tensor.Data[float64](v.Detach())
		for i, old := range d {
			const h = 1e-6
			d[i] = old + h
			a := run().Mul(w).Sum().Item()
			d[i] = old - h
			b := run().Mul(w).Sum().Item()
			d[i] = old
			if want := (a - b) / (2 * h); math.Abs(g[i]-want) > 1e-6*(1+math.Abs(want)) {
				t.Errorf("%v: the gradient of %s, number %d, is %v, finite differences %v", l, name, i, g[i], want)
				return
			}
		}
	}
}

// layersFor are layers of one input for inputs of a shape.
type layersFor struct {
	x  []int
	ls []nn.Layer
}

// everyLayer makes all layers anew.
func everyLayer() []layersFor {
	row, sequence, image, volume := []int{2, 4}, []int{2, 4, 5}, []int{2, 4, 4, 4}, []int{1, 2, 3, 4, 2}
	return []layersFor{
		{row, []nn.Layer{
			nn.NewDense(3, nn.Tanh), nn.NewDense(3, nn.GELU), nn.NewBatchNorm(), nn.NewLayerNorm(), nn.NewRMSNorm(), nn.NewDropout(0.4), nn.NewAlphaDropout(0.3),
			nn.NewPReLU(), nn.NewPReLU(nn.PerChannel), nn.NewRReLU(0.1, 0.3), nn.NewReshape(4, 2), nn.NewUnflatten(1, 2, 2),
			nn.Sigmoid, nn.Tanh, nn.ReLU, nn.GELU, nn.GELUTanh, nn.SiLU, nn.Mish, nn.SELU, nn.LogSigmoid, nn.Softsign, nn.Tanhshrink, nn.ReLU6,
			nn.Hardsigmoid, nn.Hardswish, nn.LeakyReLU(0.1), nn.ELU(0.5), nn.CELU(2), nn.Swish(2), nn.Softplus(3), nn.Hardtanh(-0.2, 5),
			nn.Hardshrink(0.1), nn.Softshrink(0.1), nn.Threshold(0.1, 3), nn.Softmax(0), nn.LogSoftmax(1), nn.Softmin(-1), nn.GLU(1),
			nn.NewResidual(nn.NewDense(4, nn.SiLU)), nn.NewResidual(nn.NewDense(2), nn.NewDense(2, nn.NoBias)),
			nn.NewLambda("cube", func(x *tensor.Tensor) *tensor.Tensor { return x.Mul(x.Square()) }), nn.Identity,
		}},
		{sequence, []nn.Layer{
			nn.NewConv1D(2, 2, nn.Stride(2), nn.Pad(1), nn.Groups(2), nn.SiLU), nn.NewConvTranspose1D(2, 3, nn.Stride(2), nn.OutputPad(1), nn.Groups(2)),
			nn.NewMaxPool1D(2), nn.NewAvgPool1D(3, nn.Pad(1)), nn.NewLpPool1D(2, 2), nn.NewGlobalAvgPool1D(), nn.NewGlobalMaxPool1D(),
			nn.NewAdaptiveAvgPool1D(3), nn.NewAdaptiveMaxPool1D(2), nn.NewBatchNorm(), nn.NewInstanceNorm(), nn.NewGroupNorm(2), nn.NewLayerNorm(nn.LastAxes(2)),
			nn.NewDropout1D(0.4), nn.NewUpsample(1.5, nn.LinearMode), nn.Flatten, nn.NewPadding(tensor.PadSymmetric, [2]int{2, 1}),
		}},
		{image, []nn.Layer{
			nn.NewConv2D(2, 3, nn.Dilation(1), nn.Pad(1), nn.Tanh), nn.NewConvTranspose2D(2, 2, nn.Stride(2), nn.Dilation(2)),
			nn.NewMaxPool2D(2), nn.NewAvgPool2D(2), nn.NewLpPool2D(2, 2), nn.NewGlobalAvgPool2D(), nn.NewAdaptiveMaxPool2D(3), nn.NewAdaptiveAvgPool2D(3),
			nn.NewBatchNorm(), nn.NewDropout2D(0.4), nn.NewUpsample(2), nn.NewUpsampleTo(3, nn.LinearMode, nn.AlignCorners), nn.NewUpsampleTo(6, nn.CubicMode),
			nn.NewPixelShuffle(2), nn.NewPixelUnshuffle(2), nn.NewZeroPad2D(1), nn.NewReflectionPad2D(1), nn.NewReplicationPad2D(1), nn.NewFlatten(1, 2),
			nn.NewConcat(1, nn.NewConv2D(2, 1), nn.Identity, nn.Sequential{nn.NewConv2D(1, 1), nn.Tanh}),
		}},
		{volume, []nn.Layer{
			nn.NewConv3D(2, 2, nn.Pad(1), nn.Tanh), nn.NewConvTranspose3D(2, 2, nn.Stride(2)), nn.NewMaxPool3D(2), nn.NewAvgPool3D([3]int{1, 2, 2}),
			nn.NewLpPool3D(2, 2), nn.NewGlobalAvgPool3D(), nn.NewGlobalMaxPool3D(), nn.NewAdaptiveAvgPool3D(2), nn.NewAdaptiveMaxPool3D([3]int{2, 3, 1}),
			nn.NewBatchNorm(), nn.NewDropout3D(0.4), nn.NewUpsample(2, nn.LinearMode),
		}},
	}
}

// TestGradients checks every layer of one input.
func TestGradients(t *testing.T) {
	for i, c := range everyLayer() {
		for _, l := range c.ls {
			t.Run(fmt.Sprintf("%d/%s", i, nn.Name(l)), func(t *testing.T) {
				tensor.Seed(1)
				checkLayer(t, l, smooth(c.x...))
			})
		}
	}
}

// TestLayersInScopes: a step in a scope, whose memory is used again, gives the gradients of a step without.
func TestLayersInScopes(t *testing.T) {
	for _, c := range everyLayer() {
		tensor.Seed(1)
		x := smooth(c.x...).AsType(tensor.Float32)
		for _, l := range c.ls {
			nn.Init(l, nn.Ones)
			var want []*tensor.Tensor
			for k := range 3 {
				tensor.Seed(2)
				s := tensor.NewScope()
				leaf := x.Clone().RequireGrad()
				in, opts := leaf, []nn.CtxOption{}
				if k > 0 {
					in, opts = s.In(leaf), append(opts, nn.In(s))
				}
				l.Forward(nn.Train(opts...), in).Square().Sum().Backward()
				s.Close()
				grads := []*tensor.Tensor{leaf.Grad()}
				for _, p := range nn.Parameters(l) {
					grads = append(grads, p.Grad())
				}
				for i, g := range grads {
					if k == 0 {
						want = append(want, g.Clone())
					} else if !tensor.Equal(g, want[i]) {
						t.Errorf("%v: in a scope gradient %d is %v, want %v", l, i, g, want[i])
					}
				}
			}
		}
	}
}

// TestGradientsOfPairs checks the layer of two inputs, one after the other.
func TestGradientsOfPairs(t *testing.T) {
	tensor.Seed(1)
	a, b := smooth(2, 3), smooth(2, 4)
	for _, first := range []bool{true, false} {
		l := nn.NewBilinear(2, nn.Tanh)
		x := b
		f := func(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor { return l.Forward(c, a.AsType(x.DType()), x) }
		if first {
			x = a
			f = func(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor { return l.Forward(c, x, b.AsType(x.DType())) }
		}
		checkLayer(t, &half{l, f}, x.Detach().Clone())
	}
}

// half is a layer of two inputs of which one is fixed.
type half struct {
	Layer *nn.Bilinear
	f     func(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor
}

func (h *half) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor { return h.f(c, x) }
