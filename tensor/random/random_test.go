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
