package nn_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

var _ = add("shapes", map[string]nn.Layer{
	"flatten": nn.NewFlatten(2, 3), "flatten head": nn.NewFlatten(0, -2), "reshape": nn.NewReshape(0, 3, -1), "unflatten": nn.NewUnflatten(1, 3, -1),
	"pixel shuffle": nn.NewPixelShuffle(2), "pixel unshuffle": nn.NewPixelUnshuffle(3),
	"up": nn.NewUpsample(2), "up exact": nn.NewUpsample(1.5, nn.NearestExact), "up linear": nn.NewUpsample(1.5, nn.LinearMode),
	"up bilinear": nn.NewUpsample(2, nn.LinearMode, nn.AlignCorners), "up trilinear": nn.NewUpsample(2, nn.LinearMode),
	"up to":    nn.NewUpsampleTo([2]int{5, 7}, nn.CubicMode),
	"zero pad": nn.NewZeroPad2D([2]int{1, 2}), "reflection pad": nn.NewReflectionPad2D(2), "replication pad": nn.NewReplicationPad2D([2]int{3, 0}),
	"constant pad":        nn.NewPadding(tensor.PadConstant(2.5), [2]int{1, -1}),
	"residual":            nn.NewResidual(nn.NewDense(4, nn.ReLU)),
	"residual projection": nn.NewResidual(nn.NewDense(2), nn.NewDense(2, nn.NoBias), nn.Identity),
	"concat":              nn.NewConcat(1, nn.NewConv2D(2, 1), nn.Identity, nn.NewConv2D(1, 1, nn.NoBias)),
})

func init() {
	pairs["shapes"] = map[string]*nn.Bilinear{"bilinear": nn.NewBilinear(5), "bilinear softsign": nn.NewBilinear(1, nn.NoBias, nn.Softsign)}
}

func TestShapeNames(t *testing.T) {
	bilinear := nn.NewBilinear(3)
	nn.Init(bilinear, nn.Ones)
	before := fmt.Sprint(bilinear)
	bilinear.Forward(nil, tensor.Ones(1, 2), tensor.Ones(1, 4))
	for want, l := range map[string]any{
		"Bilinear(-1, -1 -> 3)": before, "Bilinear(2, 4 -> 3)": bilinear,
		"Flatten": nn.Flatten, "Flatten(2, -1)": nn.NewFlatten(2, -1), "Reshape(0, 3, -1)": nn.NewReshape(0, 3, -1),
		"Unflatten(1, [3, -1])": nn.NewUnflatten(1, 3, -1), "PixelShuffle(2)": nn.NewPixelShuffle(2), "PixelUnshuffle(2)": nn.NewPixelUnshuffle(2),
		"Upsample(1.5, nearest)": nn.NewUpsample(1.5), "Upsample((3, 4), linear, align_corners)": nn.NewUpsampleTo([2]int{3, 4}, nn.LinearMode, nn.AlignCorners),
		"ZeroPad2D([[1 1] [2 2]])": nn.NewZeroPad2D([2]int{1, 2}), "Padding([[0 3]])": nn.NewPadding(tensor.PadCircular, [2]int{0, 3}),
		"Lambda(double)": nn.NewLambda("double", func(x *tensor.Tensor) *tensor.Tensor { return x.Add(x) }), "Lambda(identity)": nn.Identity,
		"Dropout2D(p = 0.5)": nn.NewDropout2D(0.5), "AlphaDropout(p = 0.1)": nn.NewAlphaDropout(0.1),
		"Residual(\n  (Body): Sequential(\n    (0): Activation(relu)\n  )\n  (Projection): Dense(-1 -> 2, linear)\n)": nn.NewResidual(nn.Sequential{nn.ReLU}, nn.NewDense(2)),
		"Concat(axis=1)(\n  (0): Activation(tanh)\n  (1): nil\n)":                                                     nn.NewConcat(1, nn.Tanh, nil),
	} {
		if got := fmt.Sprint(l); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestShapesRefuse(t *testing.T) {
	for name, c := range map[string]struct {
		f    func()
		says string
	}{
		"flatten":       {func() { forward(nn.NewFlatten(2, 3), 1, 2, 3) }, "flatten: there are no axes 2 to 3"},
		"flatten order": {func() { forward(nn.NewFlatten(2, 1), 1, 2, 3) }, "there are no axes 2 to 1"},
		"reshape":       {func() { nn.NewReshape(-1, 2, -1) }, "cannot reshape to [-1 2 -1]"},
		"reshape 0":     {func() { forward(nn.NewReshape(1, 1, 0), 2, 3) }, "no axis 2 to keep"},
		"reshape size":  {func() { forward(nn.NewReshape(0, 4), 2, 3) }, "reshape"},
		"unflatten":     {func() { forward(nn.NewUnflatten(1, 4, -1), 2, 6) }, "one length may be -1"},
		"shuffle":       {func() { forward(nn.NewPixelShuffle(2), 1, 6, 2, 2) }, "pixelShuffle: wants [n, c*4, h, w]"},
		"unshuffle":     {func() { forward(nn.NewPixelUnshuffle(2), 1, 1, 2, 3) }, "pixelUnshuffle: wants"},
		"factor":        {func() { nn.NewUpsample(0) }, "not positive"},
		"corners":       {func() { nn.NewUpsample(2, nn.AlignCorners) }, "corners cannot be aligned"},
		"up axes":       {func() { forward(nn.NewUpsampleTo([2]int{2, 2}), 1, 1, 4) }, "upsample: wants"},
		"up none":       {func() { forward(nn.NewUpsample(2), 1, 4) }, "upsample: wants"},
		"down to none":  {func() { forward(nn.NewUpsample(0.1), 1, 1, 4) }, "cannot make a length of 0"},
		"pad":           {func() { nn.NewZeroPad2D(-1) }, "less than 0"},
		"pad axes":      {func() { forward(nn.NewZeroPad2D(1), 3) }, "2 pairs for 1 axes"},
		"residual":      {func() { forward(nn.NewResidual(nn.NewDense(2)), 3, 4) }, "residual: the body and what is added"},
		"residual nil":  {func() { forward(nn.NewResidual(nil), 3, 4) }, "layer 0 is nil"},
		"no branches":   {func() { nn.NewConcat(1) }, "no branches"},
		"concat":        {func() { forward(nn.NewConcat(1, nn.Identity, nn.NewFlatten(0, 1)), 2, 3, 4) }, "concat"},
		"units":         {func() { nn.NewBilinear(0) }, "0 units"},
		"bilinear":      {func() { nn.NewBilinear(1).Forward(nil, tensor.Ones(2, 3), tensor.Ones(3, 3)) }, "bilinear: wants"},
		"dropout axes":  {func() { forward(nn.NewDropout1D(0.5), 2, 3) }, "dropout1D: wants 3 axes"},
		"probability":   {func() { nn.NewDropout3D(-0.1) }, "not in [0, 1]"},
		"alpha":         {func() { nn.NewAlphaDropout(1) }, "nothing would be left"},
	} {
		if err := tensor.Try(c.f); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %s", name, err, c.says)
		}
	}
}

// TestSpatialDropout: a channel is dropped as a whole, one in four of them; what is left keeps the mean.
func TestSpatialDropout(t *testing.T) {
	tensor.Seed(5)
	for axes, l := range []nn.Layer{nn.NewDropout1D(0.25), nn.NewDropout2D(0.25), nn.NewDropout3D(0.25)} {
		shape := append([]int{100, 40}, []int{3, 2, 2}[:axes+1]...)
		x := tensor.Ones(shape...)
		y := l.Forward(nn.Train(), x).Reshape(4000, -1)
		first := y.Slice(tensor.All, tensor.R(0, 1))
		if !tensor.Equal(y, first.Expand(y.Shape()...)) {
			t.Errorf("%v does not drop whole channels", l)
		}
		kept := first.GtScalar(0).AsType(tensor.Float32).Mean().Item()
		if largest := y.Max().Item(); math.Abs(kept-0.75) > 4*math.Sqrt(0.75*0.25/4000) || math.Abs(largest-4./3) > 1e-6 {
			t.Errorf("%v keeps %v of the channels, as %v", l, kept, largest)
		}
		if !tensor.Equal(l.Forward(nn.Eval(), x), x) {
			t.Errorf("%v acts in evaluation", l)
		}
	}
}

// TestAlphaDropout: mean 0 and variance 1 stay; there is one value for what is dropped.
func TestAlphaDropout(t *testing.T) {
	tensor.Seed(5)
	x := random.Normal(0, 1, 300, 300)
	for _, p := range []float64{0.1, 0.5} {
		l := nn.NewAlphaDropout(p)
		y := l.Forward(nn.Train(), x)
		if m, v := y.Mean().Item(), y.Var(1).Item(); math.Abs(m) > 0.02 || math.Abs(v-1) > 0.02 {
			t.Errorf("%v: mean %v, variance %v", l, m, v)
		}
		const dropped = -1.7580993408473766
		a := 1 / math.Sqrt((1-p)*(1+p*dropped*dropped))
		low := a*dropped - a*p*dropped
		n := y.Sub(tensor.Scalar(low)).Abs().LtScalar(1e-6).AsType(tensor.Float32).Mean().Item()
		if math.Abs(n-p) > 0.01 {
			t.Errorf("%v: %v of the numbers are %v", l, n, low)
		}
		if !tensor.Equal(l.Forward(nn.Eval(), x), x) {
			t.Errorf("%v acts in evaluation", l)
		}
	}
}

// TestEmbeddingPadding: the entry that stands for nothing has no gradient, rows that are read twice have the sum.
func TestEmbeddingPadding(t *testing.T) {
	l := nn.NewEmbedding(5, 2, nn.PaddingIndex(0))
	nn.Init(l, nn.Ones)
	l.Forward(nn.Train(), tensor.Of([]int64{0, 3, 3, 1}, 2, 2)).Sum().Backward()
	want := tensor.Matrix([][]float32{{0, 0}, {1, 1}, {0, 0}, {2, 2}, {0, 0}})
	if got := l.Weight.Grad(); !tensor.Equal(got, want) {
		t.Errorf("gradient %v", got)
	}
}
