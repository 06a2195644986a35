package random

import (
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
)

// One stream for each piece of the work: 1, 2 and 7 goroutines fill a tensor with the same numbers.
func TestSplitDoesNotSeeGoroutines(t *testing.T) {
	const rows, pieces = 1000, 24
	fill := func(workers int) []float32 {
		x := tensor.Zeros(rows)
		d, streams := tensor.Data[float32](x), New(3).Split(pieces)
		parallel(workers, pieces, func(i int) {
			lo, hi := i*rows/pieces, (i+1)*rows/pieces
			copy(d[lo:hi], streams[i].Gamma(0.7, 2, hi-lo).Float32s())
		})
		return d
	}
	one := fill(1)
	for _, workers := range []int{2, 7} {
		if !slices.Equal(fill(workers), one) {
			t.Errorf("%d goroutines fill otherwise than one", workers)
		}
	}
}

// parallel runs f(0) ... f(n-1) on a number of goroutines.
func parallel(workers, n int, f func(i int)) {
	next := make(chan int)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}

// The streams that are split off are distinct and uncorrelated, with each other and with their source; a
// longer list begins like a shorter one.
func TestSplitStreams(t *testing.T) {
	const n = 5000
	r := New(4)
	all := append(r.Split(6), r)
	all = append(all, all[0].Split(2)...)
	numbers := make([][]float64, len(all))
	for i, s := range all {
		numbers[i] = s.Randn(n).Float64s()
		if p := ks(numbers[i], normalCDF); p < reject {
			t.Errorf("stream %d is not normal: p = %v", i, p)
		}
		for j := range i {
			c := 0.0
			for k, v := range numbers[i] {
				c += v * numbers[j][k] / n
			}
			if math.Abs(c) > 5/math.Sqrt(n) {
				t.Errorf("streams %d and %d have the correlation %v", i, j, c)
			}
		}
	}
	if a, b := New(4).Split(9)[2].Random(1).Item(), New(4).Split(3)[2].Random(1).Item(); a != b {
		t.Error("a stream depends on how many are split off")
	}
}

// A saved state gives the numbers that would have come next.
func TestState(t *testing.T) {
	r := New(5)
	r.Gamma(1, 1, 10)
	saved, err := r.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	want := r.Binomial(100, 0.4, 50).Ints()
	var s Rand
	if err := s.UnmarshalBinary(saved); err != nil || !slices.Equal(s.Binomial(100, 0.4, 50).Ints(), want) {
		t.Error("a state does not come back:", err)
	}
	for _, bad := range [][]byte{nil, saved[1:], slices.Repeat([]byte{255}, len(saved))} {
		if s.UnmarshalBinary(bad) == nil {
			t.Error("a damaged state was taken")
		}
	}
	tensor.Seed(6)
	a := Randn(3).Float64s()
	tensor.Seed(6)
	if Default().Randn(3); !slices.Equal(a, New(6).Randn(3).Float64s()) {
		t.Error("the default stream is not that of its seed")
	}
	tensor.Seed(0)
}

func FuzzState(f *testing.F) {
	good, _ := New(1).MarshalBinary()
	f.Add(good)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		var r Rand
		if r.UnmarshalBinary(b) == nil {
			r.Random(700)
		}
	})
}

// The functions draw what the methods of the default stream draw.
func TestFunctions(t *testing.T) {
	p, die := tensor.Of([]float64{0.1, 0.9}), []float64{0.5, 0.5}
	cov, x := tensor.Eye(2), tensor.Arange(6).Reshape(3, 2)
	d := Default()
	for i, pair := range [][2]func() *tensor.Tensor{
		{func() *tensor.Tensor { return Randn(2) }, func() *tensor.Tensor { return d.Randn(2) }},
		{func() *tensor.Tensor { return Random(2) }, func() *tensor.Tensor { return d.Random(2) }},
		{func() *tensor.Tensor { return NormalOf(p, p) }, func() *tensor.Tensor { return d.NormalOf(p, p) }},
		{func() *tensor.Tensor { return Exponential(2, 2) }, func() *tensor.Tensor { return d.Exponential(2, 2) }},
		{func() *tensor.Tensor { return Gamma(2, 3, 2) }, func() *tensor.Tensor { return d.Gamma(2, 3, 2) }},
		{func() *tensor.Tensor { return ChiSquare(2, 2) }, func() *tensor.Tensor { return d.ChiSquare(2, 2) }},
		{func() *tensor.Tensor { return Beta(2, 3, 2) }, func() *tensor.Tensor { return d.Beta(2, 3, 2) }},
		{func() *tensor.Tensor { return Dirichlet(die, 2) }, func() *tensor.Tensor { return d.Dirichlet(die, 2) }},
		{func() *tensor.Tensor { return Laplace(1, 2, 2) }, func() *tensor.Tensor { return d.Laplace(1, 2, 2) }},
		{func() *tensor.Tensor { return Gumbel(1, 2, 2) }, func() *tensor.Tensor { return d.Gumbel(1, 2, 2) }},
		{func() *tensor.Tensor { return Logistic(1, 2, 2) }, func() *tensor.Tensor { return d.Logistic(1, 2, 2) }},
		{func() *tensor.Tensor { return LogNormal(1, 2, 2) }, func() *tensor.Tensor { return d.LogNormal(1, 2, 2) }},
		{func() *tensor.Tensor { return Weibull(2, 2) }, func() *tensor.Tensor { return d.Weibull(2, 2) }},
		{func() *tensor.Tensor { return Power(2, 2) }, func() *tensor.Tensor { return d.Power(2, 2) }},
		{func() *tensor.Tensor { return Pareto(2, 2) }, func() *tensor.Tensor { return d.Pareto(2, 2) }},
		{func() *tensor.Tensor { return Rayleigh(2, 2) }, func() *tensor.Tensor { return d.Rayleigh(2, 2) }},
		{func() *tensor.Tensor { return Cauchy(1, 2, 2) }, func() *tensor.Tensor { return d.Cauchy(1, 2, 2) }},
		{func() *tensor.Tensor { return StudentT(3, 2) }, func() *tensor.Tensor { return d.StudentT(3, 2) }},
		{func() *tensor.Tensor { return TruncatedNormal(1, 2, 0, 3, 2) }, func() *tensor.Tensor { return d.TruncatedNormal(1, 2, 0, 3, 2) }},
		{func() *tensor.Tensor { return MultivariateNormal(p, cov, 2) }, func() *tensor.Tensor { return d.MultivariateNormal(p, cov, 2) }},
		{func() *tensor.Tensor { return Bernoulli(0.5, 20) }, func() *tensor.Tensor { return d.Bernoulli(0.5, 20) }},
		{func() *tensor.Tensor { return BernoulliOf(p) }, func() *tensor.Tensor { return d.BernoulliOf(p) }},
		{func() *tensor.Tensor { return Binomial(9, 0.5, 9) }, func() *tensor.Tensor { return d.Binomial(9, 0.5, 9) }},
		{func() *tensor.Tensor { return Poisson(9, 9) }, func() *tensor.Tensor { return d.Poisson(9, 9) }},
		{func() *tensor.Tensor { return PoissonOf(p) }, func() *tensor.Tensor { return d.PoissonOf(p) }},
		{func() *tensor.Tensor { return Geometric(0.1, 9) }, func() *tensor.Tensor { return d.Geometric(0.1, 9) }},
		{func() *tensor.Tensor { return Permutation(x) }, func() *tensor.Tensor { return d.Permutation(x) }},
		{func() *tensor.Tensor { return Choice(9, true, nil, 9) }, func() *tensor.Tensor { return d.Choice(9, true, nil, 9) }},
		{func() *tensor.Tensor { return Split(3)[1].Randn(2) }, func() *tensor.Tensor { return d.Split(3)[1].Randn(2) }},
	} {
		tensor.Seed(8)
		a := pair[0]()
		tensor.Seed(8)
		if b := pair[1](); a.DType() != b.DType() || a.Repr() != b.Repr() {
			t.Errorf("pair %d: %v and %v", i, a, b)
		}
	}
	tensor.Seed(0)
}

// What the forms with a tensor of parameters promise.
func TestParametersPerElement(t *testing.T) {
	r := New(9)
	p := tensor.Of([]float32{0, 1, 0, 1}, 2, 2)
	if y := r.BernoulliOf(p.RequireGrad()); y.Recorded() || y.DType() != tensor.Float32 || !y.Eq(p.Detach()).All() {
		t.Error(y)
	}
	mu := tensor.Of([]float64{1, 100}, 2, 1).RequireGrad()
	y := r.NormalOf(mu, tensor.Of([]float64{0, 1e-3, 1e-3}))
	if y.Recorded() || y.DType() != tensor.Float64 || y.At(0, 0) != 1 || math.Abs(y.At(1, 2)-100) > 0.1 {
		t.Error(y)
	}
	if y := r.PoissonOf(tensor.Scalar(0)); y.NDim() != 0 || y.Item() != 0 || y.DType() != tensor.Int64 {
		t.Error(y)
	}
	if y := r.PoissonOf(tensor.Zeros(0, 3)); y.Size() != 0 || y.NDim() != 2 {
		t.Error(y)
	}
	if y := r.Permutation(tensor.Arange(6).Reshape(3, 2)); y.Slice(tensor.All, tensor.I(0)).Sum().Item() != 6 {
		t.Error(y)
	}
	if y := New(5).Permutation(tensor.Arange(9)); !slices.Equal(y.Ints(), New(5).Perm(9)) {
		t.Error(y)
	}
}
