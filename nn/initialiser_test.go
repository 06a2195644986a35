package nn_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
	"github.com/fathom-ml/fathom/tensor/random"
)

// drawn is what an initialiser writes into a tensor of the given shape.
func drawn(in nn.Initialiser, shape ...int) *tensor.Tensor {
	w := tensor.Zeros(shape...)
	in.Init("w", w)
	return w
}

// TestVariances: mean and variance of 12,000 numbers and more lie within four standard errors, uniform ones inside their bounds, which
// they nearly reach; normal ones go beyond those.
func TestVariances(t *testing.T) {
	tensor.Seed(11)
	const in, out = 30 * 4, 100 * 4 // of a weight [100, 30, 2, 2]
	for name, c := range map[string]struct {
		in       nn.Initialiser
		variance float64
		normal   bool
	}{
		"uniform":                    {nn.Uniform(0.07), 0.07 * 0.07 / 3, false},
		"normal":                     {nn.Normal(0.3), 0.09, true},
		"xavier":                     {nn.Xavier(), 2. / (in + out), false},
		"xavier in":                  {nn.Xavier(nn.FanIn), 1. / in, false},
		"xavier out":                 {nn.Xavier(nn.FanOut), 1. / out, false},
		"xavier magnitude":           {nn.Xavier(nn.Magnitude(2.24)), 2.24 / 3 * 2 / (in + out), false},
		"xavier of Gluon, gaussian":  {nn.Xavier(nn.DrawNormal, nn.FanIn, nn.Magnitude(2)), 2. / in, true},
		"xavier of Gluon, default":   {nn.Xavier(nn.DrawNormal), 3 * 2. / (in + out), true},
		"xavier_normal_ of PyTorch":  {nn.Xavier(nn.DrawNormal, nn.WithGain(5./3)), 25. / 9 * 2 / (in + out), true},
		"xavier_uniform_ of PyTorch": {nn.Xavier(nn.WithGain(5. / 3)), 25. / 9 * 2 / (in + out), false},
		"kaiming_normal_":            {nn.Kaiming(), 2. / in, true},
		"kaiming_uniform_":           {nn.Kaiming(nn.DrawUniform, nn.Slope(math.Sqrt(5))), 1. / (3 * in), false},
		"kaiming out, tanh":          {nn.Kaiming(nn.FanOut, nn.WithGain(nn.Gain(nn.Tanh))), 25. / 9 / out, true},
		"MSRAPReLU":                  {nn.MSRAPReLU(), 2 / (1 + 1./16) * 2 / (in + out), true},
		"MSRAPReLU in":               {nn.MSRAPReLU(nn.FanIn, nn.Slope(0)), 2. / in, true},
	} {
		w := drawn(c.in, 100, 30, 2, 2).AsType(tensor.Float64)
		n, kurtosis := float64(w.Size()), 9./5
		if c.normal {
			kurtosis = 3
		}
		if m := w.Mean().Item(); math.Abs(m) > 4*math.Sqrt(c.variance/n) {
			t.Errorf("%s: mean %v", name, m)
		}
		if v := w.Square().Mean().Item(); math.Abs(v/c.variance-1) > 4*math.Sqrt((kurtosis-1)/n) {
			t.Errorf("%s: variance %v, want %v", name, v, c.variance)
		}
		bound, most := math.Sqrt(3*c.variance), w.Abs().Max().Item()
		if !c.normal && (most > bound*(1+1e-6) || most < 0.999*bound) || c.normal && most < 1.5*bound {
			t.Errorf("%s: the largest number is %v, the bound of a uniform distribution %v", name, most, bound)
		}
	}
}

func TestRanges(t *testing.T) {
	tensor.Seed(2)
	w := drawn(nn.UniformRange(2, 5), 100, 100)
	if lo, hi, m := w.Min().Item(), w.Max().Item(), w.Mean().Item(); lo < 2 || lo > 2.01 || hi > 5 || hi < 4.99 || math.Abs(m-3.5) > 0.04 {
		t.Errorf("uniform from %v to %v, mean %v", lo, hi, m)
	}
	w = drawn(nn.TruncatedNormal(1, 0.5, 0, 2), 200, 100).AsType(tensor.Float64)
	// the variance of the standard normal between -2 and 2 is 1 - 4 φ(2)/(2 Φ(2) - 1)
	want := 0.25 * (1 - 4*0.05399096651318806/0.9544997361036416)
	if lo, hi, m, v := w.Min().Item(), w.Max().Item(), w.Mean().Item(), w.Var(1).Item(); lo < 0 || hi > 2 || math.Abs(m-1) > 0.013 || math.Abs(v/want-1) > 0.04 {
		t.Errorf("truncated normal from %v to %v, mean %v, variance %v, want %v", lo, hi, m, v, want)
	}
}

// TestGains are the numbers of torch.nn.init.calculate_gain.
func TestGains(t *testing.T) {
	for _, c := range []struct {
		a    *nn.Activation
		want float64
	}{{nil, 1}, {nn.Sigmoid, 1}, {nn.Tanh, 1.6666666666666667}, {nn.ReLU, 1.4142135623730951}, {nn.LeakyReLU(0.1), 1.4071950894605838}, {nn.SELU, 0.75}, {nn.GELU, 1}} {
		if got := nn.Gain(c.a); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("%v: %v, want %v", c.a, got, c.want)
		}
	}
}

// TestOrthogonal: rows or columns are orthonormal, and the matrix is the orthogonal factor of what was drawn: the other one is
// triangular with a positive diagonal.
func TestOrthogonal(t *testing.T) {
	for _, shape := range [][]int{{1, 1}, {5, 5}, {3, 80}, {100, 70}, {64, 4, 3, 3}, {12, 2, 5}, {33, 33}} {
		rows, columns := shape[0], tensor.Ones(shape[1:]...).Size()
		tensor.Seed(8)
		q := drawn(nn.Orthogonal(3), shape...).Reshape(rows, columns).AsType(tensor.Float64).DivScalar(3)
		tensor.Seed(8)
		a := random.Normal(0, 1, rows, columns).AsType(tensor.Float64)
		if rows < columns {
			q, a = q.T(), a.T()
		}
		n := q.Dim(1)
		eye := tensor.EyeOf(tensor.Float64, n, n, 0)
		if d := q.T().MatMul(q).Sub(eye).Abs().Max().Item(); d > 1e-6 {
			t.Errorf("%v: off by %v", shape, d)
		}
		r := q.T().MatMul(a)
		if low := r.Tril(-1).Abs().Max().Item(); low > 1e-5 {
			t.Errorf("%v: the other factor has %v below its diagonal", shape, low)
		}
		if least := r.Diagonal(0, 0, 1).Min().Item(); least <= 0 {
			t.Errorf("%v: %v on the diagonal", shape, least)
		}
	}
}

// TestBilinearFilter: a transposed convolution with these weights is bilinear interpolation, but at the border.
func TestBilinearFilter(t *testing.T) {
	tensor.Seed(4)
	x := random.Normal(0, 1, 2, 3, 5, 6)
	for _, stride := range []int{1, 2, 3, 4} {
		for _, groups := range []int{1, 3} {
			l := nn.NewConvTranspose2D(3, 2*stride-stride%2, nn.Stride(stride), nn.Pad(stride/2), nn.Groups(groups), nn.NoBias)
			nn.Init(l, nn.BilinearFilter())
			y := l.Forward(nil, x)
			want := nnop.Interpolate(x, nnop.Interpolation{Mode: nnop.ResampleLinear}, 5*stride, 6*stride)
			inner := func(x *tensor.Tensor) *tensor.Tensor {
				return x.Slice(tensor.All, tensor.All, tensor.R(stride, -stride), tensor.R(stride, -stride))
			}
			if !tensor.AllClose(inner(y), inner(want), 1e-5, 1e-6) {
				t.Errorf("stride %d, groups %d: %v, want %v", stride, groups, inner(y), inner(want))
			}
		}
	}
}

func TestConstants(t *testing.T) {
	v := tensor.Matrix([][]float32{{1, 2}, {3, 4}})
	p := nn.NewParam(nn.Shape(2, 2))
	nn.Init(p, nn.ConstantOf(v))
	if !tensor.Equal(p.Value().Detach(), v) || p.Value().SharesMemory(v) {
		t.Errorf("%v", p.Value())
	}
	if b := drawn(nn.LSTMForgetBias(2), 8); !tensor.Equal(b, tensor.Of([]float32{0, 0, 2, 2, 0, 0, 0, 0})) {
		t.Errorf("%v", b)
	}
}

// TestForgetBias: where all weights are 0, an LSTM keeps its memory by the sigmoid of the bias.
func TestForgetBias(t *testing.T) {
	l := nn.NewLSTM(2)
	nn.Init(l, nn.Mixed(nn.Zeros, nn.For("*.BiasIH", nn.LSTMForgetBias(1))))
	_, state := l.Forward(nil, tensor.Ones(1, 1, 3), []*tensor.Tensor{tensor.Zeros(1, 1, 2), tensor.Ones(1, 1, 2)})
	want := 1 / (1 + math.Exp(-1))
	for _, v := range state[1].Float64s() {
		if math.Abs(v-want) > 1e-6 {
			t.Errorf("the memory is %v, want %v", v, want)
		}
	}
}

// TestMixed: the first rule that fits, before the parameter's own; then the parameter's own; then the rest.
func TestMixed(t *testing.T) {
	net := nn.Sequential{nn.NewDense(3, nn.Inputs(2)), nn.Sequential{nn.NewDense(3), nn.NewBatchNorm()}, nn.NewDense(1)}
	nn.Init(net, nn.Mixed(nn.Constant(7),
		nn.For("1.*.Bias", nn.Constant(1)),
		nn.ForRegexp(`^[0-9]+\.Bias$`, nn.Constant(2)),
		nn.For("?.Weight", nn.Constant(3)),
		nn.For("*.Weight", nn.Constant(4)),
		nn.For("0.Bias", nn.Constant(5)), // comes too late
	))
	net.Forward(nn.Eval(), tensor.Ones(4, 2))
	want := map[string]float64{"0.Weight": 3, "0.Bias": 2, "1.0.Weight": 4, "1.0.Bias": 1, "1.1.Gamma": 1, "1.1.Beta": 0, "2.Weight": 3, "2.Bias": 2}
	ps := nn.Parameters(net)
	if len(ps) != len(want) {
		t.Fatalf("%d parameters", len(ps))
	}
	for _, p := range ps {
		if lo, hi := p.Value().Min().Item(), p.Value().Max().Item(); lo != want[p.Path] || hi != lo {
			t.Errorf("%s from %v to %v, want %v", p.Path, lo, hi, want[p.Path])
		}
	}
}

// TestMixedAsInitialiser: given a tensor, as by a rule of another one, it looks at the path alone.
func TestMixedAsInitialiser(t *testing.T) {
	m := nn.Mixed(nn.Constant(7), nn.For("w", nn.Mixed(nn.Constant(8))))
	for path, want := range map[string]float64{"w": 8, "v": 7} {
		w := tensor.Zeros(1)
		m.Init(path, w)
		if w.Item() != want {
			t.Errorf("%s is %v, want %v", path, w.Item(), want)
		}
	}
}

// TestInitTorch: bounds 1/√fan_in for weight and bias, which are all but reached; what is no such layer stays.
func TestInitTorch(t *testing.T) {
	tensor.Seed(6)
	net := nn.Sequential{nn.NewConv2D(300, [2]int{3, 1}), nn.NewBatchNorm(), nn.NewDense(400), nn.NewPReLU()}
	nn.Init(net, nn.Zeros)
	net.Forward(nil, tensor.Ones(1, 5, 4, 1))
	nn.InitTorch(net)
	bounds := map[string]float64{"0.Weight": 1 / math.Sqrt(15), "0.Bias": 1 / math.Sqrt(15), "2.Weight": 1 / math.Sqrt(600), "2.Bias": 1 / math.Sqrt(600)}
	for _, p := range nn.Parameters(net) {
		lo, hi := p.Value().Min().Item(), p.Value().Max().Item()
		if b, ok := bounds[p.Path]; ok && (lo < -b || lo > -0.97*b || hi > b || hi < 0.97*b) || !ok && lo != hi {
			t.Errorf("%s from %v to %v, bound %v", p.Path, lo, hi, b)
		}
	}
}

func TestInitialisersRefuse(t *testing.T) {
	for name, c := range map[string]struct {
		f    func()
		says string
	}{
		"xavier":     {func() { drawn(nn.Xavier(), 3) }, "w: Xavier wants at least two axes: [3]"},
		"kaiming":    {func() { drawn(nn.Kaiming(), 3) }, "w: Kaiming wants at least two axes"},
		"prelu":      {func() { drawn(nn.MSRAPReLU(), 3) }, "w: MSRAPReLU wants at least two axes"},
		"orthogonal": {func() { drawn(nn.Orthogonal(1), 3) }, "w: Orthogonal wants at least two axes"},
		"constant":   {func() { drawn(nn.ConstantOf(tensor.Ones(2)), 3) }, "another shape than the parameter: [2] x [3]"},
		"filter":     {func() { drawn(nn.BilinearFilter(), 3, 3) }, "BilinearFilter wants"},
		"forget":     {func() { drawn(nn.LSTMForgetBias(1), 6) }, "four gates"},
		"truncated":  {func() { drawn(nn.TruncatedNormal(0, 1, 2, 1), 6) }, "truncatedNormal"},
		"magnitude":  {func() { nn.Magnitude(0) }, "not positive"},
		"gain":       {func() { nn.WithGain(-1) }, "not positive"},
		"expression": {func() { nn.ForRegexp("(", nn.Ones) }, "missing closing )"},
		"no rule":    {func() { nn.For("*", nil) }, "no initialiser"},
		"no rest":    {func() { nn.Mixed(nil) }, "no initialiser for the other"},
		"torch":      {func() { nn.InitTorch(nn.NewDense(2)) }, "no value yet"},
	} {
		if err := tensor.Try(c.f); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %s", name, err, c.says)
		}
	}
}

// TestStreamOfInitialisers: each draws from the default stream, as many numbers as the weight has.
func TestStreamOfInitialisers(t *testing.T) {
	bound := math.Sqrt(6. / 7)
	for name, c := range map[string]struct {
		in   nn.Initialiser
		want func() *tensor.Tensor
	}{
		"xavier":    {nn.Xavier(), func() *tensor.Tensor { return random.Uniform(-bound, bound, 3, 4) }},
		"kaiming":   {nn.Kaiming(), func() *tensor.Tensor { return random.Normal(0, math.Sqrt(0.5), 3, 4) }},
		"range":     {nn.UniformRange(-1, 2), func() *tensor.Tensor { return random.Uniform(-1, 2, 3, 4) }},
		"truncated": {nn.TruncatedNormal(0, 1, -1, 2), func() *tensor.Tensor { return random.TruncatedNormal(0, 1, -1, 2, 3, 4) }},
	} {
		tensor.Seed(9)
		got, after := drawn(c.in, 3, 4), random.Uniform(0, 1, 1).Item()
		tensor.Seed(9)
		if want := c.want(); !tensor.Equal(got, want) || after != random.Uniform(0, 1, 1).Item() {
			t.Errorf("%s: %v, want %v", name, fmt.Sprint(got), want)
		}
	}
}
