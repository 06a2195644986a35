package random

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
)

func TestMisuse(t *testing.T) {
	leaf := tensor.Ones(3).RequireGrad()
	for _, c := range []struct {
		want string
		f    func()
	}{
		{"normal: no distribution", func() { Normal(0, -1, 2) }},
		{"normal: no distribution", func() { Normal(0, math.NaN(), 2) }},
		{"normal: a length is negative: [2 -1]", func() { Normal(0, 1, 2, -1) }},
		{"uniform: 0 and +Inf", func() { Uniform(0, math.Inf(1), 2) }},
		{"multinomial: the probabilities sum to 0.5", func() { Multinomial(1, []float64{0.25, 0.25}) }},
		{"multinomial: the probabilities sum to 0", func() { Multinomial(1, nil) }},
		{"multinomial: a probability is -0.5", func() { Multinomial(1, []float64{1.5, -0.5}) }},
		{"multinomial: -1 trials", func() { Multinomial(-1, []float64{1}) }},
		{"randInt: no integers from 3 to below 3", func() { RandInt(3, 3) }},
		{"randInt: no integers", func() { RandInt(math.MinInt, math.MaxInt) }},
		{"perm: ", func() { Perm(-1) }},
		{"shuffle: a 0-d tensor", func() { Shuffle(tensor.Scalar(1)) }},
		{"exponential: no distribution has the parameters [0]", func() { Exponential(0, 2) }},
		{"gamma: no distribution", func() { Gamma(1, math.Inf(1), 2) }},
		{"gamma: no distribution", func() { Gamma(math.NaN(), 1, 0) }},
		{"chiSquare: no", func() { ChiSquare(0) }},
		{"beta: no", func() { Beta(1, -1) }},
		{"dirichlet: no", func() { Dirichlet(nil, 2) }},
		{"dirichlet: no", func() { Dirichlet([]float64{1, 0}) }},
		{"laplace: no", func() { Laplace(0, 0) }},
		{"gumbel: no", func() { Gumbel(math.NaN(), 1) }},
		{"logistic: no", func() { Logistic(0, -1) }},
		{"logNormal: no", func() { LogNormal(0, -1) }},
		{"weibull: no", func() { Weibull(0) }},
		{"power: no", func() { Power(0) }},
		{"pareto: no", func() { Pareto(0) }},
		{"rayleigh: no", func() { Rayleigh(0) }},
		{"cauchy: no", func() { Cauchy(0, 0) }},
		{"studentT: no", func() { StudentT(0) }},
		{"truncatedNormal: no", func() { TruncatedNormal(0, 1, 2, 2) }},
		{"truncatedNormal: no", func() { TruncatedNormal(0, 1, math.NaN(), 2) }},
		{"bernoulli: no", func() { Bernoulli(1.1) }},
		{"bernoulliOf: no", func() { BernoulliOf(tensor.Of([]float32{0.5, float32(math.NaN())})) }},
		{"bernoulliOf: wants floats, got int64", func() { BernoulliOf(tensor.Of([]int{1})) }},
		{"binomial: no", func() { Binomial(-1, 0.5) }},
		{"poisson: no distribution has the parameters [1e+19]", func() { Poisson(1e19) }},
		{"poissonOf: no", func() { PoissonOf(tensor.Scalar(-1)) }},
		{"normalOf: no", func() { NormalOf(tensor.Zeros(2), tensor.Scalar(-1)) }},
		{"geometric: no", func() { Geometric(0) }},
		{"gamma: a length is negative", func() { Gamma(1, 1, -1) }},
		{"permutation: a 0-d tensor", func() { Permutation(tensor.Scalar(1)) }},
		{"choice: 3 numbers cannot be drawn from 2", func() { Choice(2, false, nil, 3) }},
		{"choice: 2 numbers cannot be drawn from 1", func() { Choice(3, false, []float64{0, 1, 0}, 2) }},
		{"choice: 1 numbers cannot be drawn from 0", func() { Choice(-4, true, nil, 1) }},
		{"choice: 2 probabilities for 3", func() { Choice(3, true, []float64{0.5, 0.5}, 1) }},
		{"choice: a probability is -1", func() { Choice(2, true, []float64{2, -1}, 1) }},
		{"choice: the probabilities sum to +Inf", func() { Choice(2, true, []float64{math.Inf(1), 0}, 1) }},
		{"multivariateNormal: wants a mean [d]", func() { MultivariateNormal(tensor.Zeros(2), tensor.Eye(3)) }},
		{"multivariateNormal: the covariance", func() { MultivariateNormal(tensor.Zeros(2), tensor.Eye(2).Neg()) }},
		{"multivariateNormal: the covariance", func() { MultivariateNormal(tensor.Zeros(2), tensor.Matrix([][]float32{{1, 0}, {0.5, 1}})) }},
		{"multivariateNormal: the covariance", func() { MultivariateNormal(tensor.Zeros(2), tensor.Matrix([][]float32{{1, 2}, {2, 1}})) }},
		{"multivariateNormal: the covariance", func() { MultivariateNormal(tensor.Zeros(2), tensor.Matrix([][]float32{{0, 1}, {1, 0}})) }},
		{"split: -1 streams", func() { Split(-1) }},
		{"shuffle: in-place write into a recorded value", func() { Shuffle(leaf.MulScalar(2)) }},
	} {
		err := tensor.Try(c.f)
		var e *tensor.Error
		if !errors.As(err, &e) || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestShapes(t *testing.T) {
	die := []float64{0.5, 0.5}
	for _, c := range []struct {
		x     *tensor.Tensor
		shape []int
		dt    tensor.DType
	}{
		{Normal(0, 1), nil, tensor.Float32},
		{Normal(0, 1, 0, 3), []int{0, 3}, tensor.Float32},
		{Uniform(-1, 1, 2, 3, 4), []int{2, 3, 4}, tensor.Float32},
		{Multinomial(3, die, 4, 5), []int{4, 5, 2}, tensor.Int64},
		{RandInt(0, 9, 2, 2), []int{2, 2}, tensor.Int64},
	} {
		if !slices.Equal(c.x.Shape(), c.shape) || c.x.DType() != c.dt {
			t.Errorf("%v %v, want %v %v", c.x.Shape(), c.x.DType(), c.shape, c.dt)
		}
	}
}

// The moments and the bounds of many numbers.
func TestDistributions(t *testing.T) {
	r := New(1)
	n := 100000
	x := r.Normal(3, 2, n).AsType(tensor.Float64)
	if mean, std := x.Mean().Item(), x.SubScalar(3).Square().Mean().Sqrt(); math.Abs(mean-3) > 0.03 || math.Abs(std.Item()-2) > 0.03 {
		t.Errorf("normal: mean %v, deviation %v", mean, std)
	}
	u := r.Uniform(-2, 6, n)
	if mean := u.Mean().Item(); math.Abs(mean-2) > 0.03 || u.Min().Item() < -2 || u.Max().Item() >= 6 {
		t.Errorf("uniform: mean %v in [%v, %v]", mean, u.Min(), u.Max())
	}
	i := r.RandInt(-3, 4, n)
	if mean := i.AsType(tensor.Float64).Mean().Item(); math.Abs(mean) > 0.03 || i.Min().Item() != -3 || i.Max().Item() != 3 {
		t.Errorf("integers: mean %v in [%v, %v]", mean, i.Min(), i.Max())
	}
	p := []float64{0.1, 0.2, 0.7}
	m := r.Multinomial(n, p)
	for k, v := range m.Float64s() {
		if math.Abs(v/float64(n)-p[k]) > 0.01 {
			t.Errorf("multinomial: %v", m)
		}
	}
}

// Shuffle keeps rows whole, works through views and on leaves.
func TestShuffle(t *testing.T) {
	x := tensor.Arange(30).Reshape(10, 3)
	Shuffle(x)
	first := x.Slice(tensor.All, tensor.I(0))
	if first.Sum().Item() != 135 || !x.Slice(tensor.All, tensor.I(2)).Sub(first).EqScalar(2).All() {
		t.Error(x)
	}
	whole := tensor.Arange(20).Reshape(2, 10)
	Shuffle(whole.T().Slice(tensor.Until(5)))
	if !slices.Equal(whole.Slice(tensor.All, tensor.From(5)).Ints(), []int{5, 6, 7, 8, 9, 15, 16, 17, 18, 19}) {
		t.Error("a view shuffled what it does not show:", whole)
	}
	leaf := tensor.Arange(4).RequireGrad()
	Shuffle(leaf)
	if !leaf.IsLeaf() || leaf.Detach().Sum().Item() != 6 {
		t.Error(leaf)
	}
}

func TestPermIsShuffle(t *testing.T) {
	x := tensor.Arange(50)
	New(9).Shuffle(x)
	if !slices.Equal(x.Ints(), New(9).Perm(50)) {
		t.Error("Perm and Shuffle differ")
	}
	a, b := New(5), New(5)
	if New(1<<40).Key() == New(1<<40+1).Key() || a.Key() != b.Key() {
		t.Error("keys")
	}
}
