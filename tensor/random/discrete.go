package random

import (
	"fmt"
	"math"

	"github.com/fathom-ml/fathom/internal/rng"
	"github.com/fathom-ml/fathom/tensor"
)

// counts draws int64 numbers one after the other.
func (r *Rand) counts(op string, ok bool, params []float64, shape []int, draw func(m *rng.MT) int64) *tensor.Tensor {
	check(op, ok, params)
	x := empty(op, tensor.Int64, shape)
	d := tensor.Data[int64](x)
	r.stream.With(func(m *rng.MT) {
		for i := range d {
			d[i] = draw(m)
		}
	})
	return x
}

// bernoulli is 1 with probability p.
func bernoulli(m *rng.MT, p float64) float64 {
	if m.Float64() < p {
		return 1
	}
	return 0
}

func probability(p float64) bool { return p >= 0 && p <= 1 }

// maxMean bounds the mean of counts: they must fit int64.
const maxMean = 9.2e18

// Bernoulli returns float32 numbers that are 1 with probability p, else 0.
func (r *Rand) Bernoulli(p float64, shape ...int) *tensor.Tensor {
	return r.fill("bernoulli", probability(p), []float64{p}, shape, func(m *rng.MT) float64 { return bernoulli(m, p) })
}

// BernoulliOf returns a number for each element of p, a tensor of floats: 1 with that probability, else 0, in its dtype.
// It panics if one lies outside [0, 1].
func (r *Rand) BernoulliOf(p *tensor.Tensor) *tensor.Tensor {
	if !p.DType().IsFloat() {
		tensor.Misuse("bernoulliOf", "wants floats, got "+p.DType().String(), "AsType", p)
	}
	return each(r, "bernoulliOf", p, probability, bernoulli).AsType(p.DType())
}

// Binomial returns how many of n trials succeed, each with probability p, as int64.
func (r *Rand) Binomial(n int, p float64, shape ...int) *tensor.Tensor {
	return r.counts("binomial", n >= 0 && probability(p), []float64{float64(n), p}, shape,
		func(m *rng.MT) int64 { return m.Binomial(int64(n), p) })
}

// Poisson returns int64 counts k with probability mean^k exp(-mean) / k!.
func (r *Rand) Poisson(mean float64, shape ...int) *tensor.Tensor {
	return r.counts("poisson", mean >= 0 && mean <= maxMean, []float64{mean}, shape, func(m *rng.MT) int64 { return m.Poisson(mean) })
}

// PoissonOf returns an int64 count for each element of mean.
func (r *Rand) PoissonOf(mean *tensor.Tensor) *tensor.Tensor {
	return each(r, "poissonOf", mean, func(v float64) bool { return v >= 0 && v <= maxMean }, (*rng.MT).Poisson)
}

// Geometric returns how many trials it takes to succeed, each with probability p, as int64: k with
// probability (1-p)^(k-1) p. It panics unless 0 < p <= 1.
func (r *Rand) Geometric(p float64, shape ...int) *tensor.Tensor {
	return r.counts("geometric", p > 0 && p <= 1, []float64{p}, shape, func(m *rng.MT) int64 { return m.Geometric(p) })
}

// each draws one number for each element of a parameter.
func each[T int64 | float64](r *Rand, op string, param *tensor.Tensor, ok func(float64) bool, draw func(*rng.MT, float64) T) *tensor.Tensor {
	values := param.Float64s()
	for i, v := range values {
		check(op, ok(v), values[i:i+1])
	}
	out := make([]T, len(values))
	r.stream.With(func(m *rng.MT) {
		for i, v := range values {
			out[i] = draw(m, v)
		}
	})
	return tensor.Of(out).Reshape(param.Shape()...)
}

// Permutation returns a copy of x with its rows in random order, as Shuffle would leave them.
func (r *Rand) Permutation(x *tensor.Tensor) *tensor.Tensor {
	if x.NDim() == 0 {
		tensor.Misuse("permutation", "a 0-d tensor has no rows", "", x)
	}
	return x.Take(tensor.Of(r.Perm(x.Len())))
}

// Choice draws int64 numbers of 0 ... n-1, again and again the same (replace) or each at most once. p holds
// their probabilities; nil means equal ones. It panics if p is not a distribution or if there are
// not as many numbers as are to be drawn. x.Take(random.Choice(...)) draws rows of x.
func (r *Rand) Choice(n int, replace bool, p []float64, shape ...int) *tensor.Tensor {
	const op = "choice"
	x := empty(op, tensor.Int64, shape)
	d := tensor.Data[int64](x)
	able := max(n, 0) // the numbers that can be drawn
	if p != nil {
		if able = distribution(op, p); len(p) != n {
			tensor.Misuse(op, fmt.Sprintf("%d probabilities for %d numbers", len(p), n), "")
		}
	}
	if want := len(d); want > 0 && able == 0 || !replace && want > able {
		tensor.Misuse(op, fmt.Sprintf("%d numbers cannot be drawn from %d", want, able), "with replacement they can, if there is one")
	}
	r.stream.With(func(m *rng.MT) { m.Choice(d, n, replace, p) })
	return x
}

// distribution panics unless p is one: each at least 0, the sum 1 to five digits. It counts those above 0.
func distribution(op string, p []float64) (able int) {
	sum := 0.0
	for _, v := range p {
		if !(v >= 0) {
			tensor.Misuse(op, fmt.Sprintf("a probability is %v", v), "probabilities lie between 0 and 1")
		}
		if sum += v; v > 0 {
			able++
		}
	}
	if !(math.Abs(sum-1) <= 1e-5) {
		tensor.Misuse(op, fmt.Sprintf("the probabilities sum to %v", sum), "divide them by their sum")
	}
	return able
}
