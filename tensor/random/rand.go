package random

import (
	"fmt"
	"math"

	"github.com/fathom-ml/fathom/internal/rng"
	"github.com/fathom-ml/fathom/tensor"
)

// Normal returns float32 numbers of the normal distribution with mean mu and
// standard deviation sigma, drawn in pairs by the polar method; an odd number
// of them throws the last half pair away. It panics if sigma is negative.
func (r *Rand) Normal(mu, sigma float64, shape ...int) *tensor.Tensor {
	if !(sigma >= 0) || math.IsInf(sigma, 0) || math.IsNaN(mu) {
		tensor.Misuse("normal", fmt.Sprintf("no distribution has mean %v and standard deviation %v", mu, sigma), "")
	}
	x := empty("normal", tensor.Float32, shape)
	r.stream.FillNormal(tensor.Data[float32](x), float32(mu), float32(sigma))
	return x
}

// Uniform returns float32 numbers u*(b-a)+a with u uniform on [0, 1). It panics
// if a or b is not finite.
func (r *Rand) Uniform(a, b float64, shape ...int) *tensor.Tensor {
	if d := b - a; math.IsNaN(d) || math.IsInf(d, 0) {
		tensor.Misuse("uniform", fmt.Sprintf("%v and %v do not bound an interval", a, b), "")
	}
	x := empty("uniform", tensor.Float32, shape)
	r.stream.FillUniform(tensor.Data[float32](x), float32(a), float32(b))
	return x
}

// Multinomial throws a die with the probabilities p n times and counts the
// outcomes: int64, with the axes of size, then one of length len(p). It panics
// if n is negative or p is not a distribution: each at least 0, the sum 1 to
// five digits.
func (r *Rand) Multinomial(n int, p []float64, size ...int) *tensor.Tensor {
	if n < 0 {
		tensor.Misuse("multinomial", fmt.Sprintf("%d trials", n), "")
	}
	distribution("multinomial", p)
	x := empty("multinomial", tensor.Int64, append(size[:len(size):len(size)], len(p)))
	r.stream.With(func(m *rng.MT) { m.Multinomial(tensor.Data[int64](x), n, p) })
	return x
}

// Shuffle permutes the rows of x, the entries of its first axis, in place: for i
// from the last row down to 1 it swaps row i with row j, uniform in 0 ... i. It
// panics on a 0-d tensor and on a value that was computed from leaves.
func (r *Rand) Shuffle(x *tensor.Tensor) {
	if x.NDim() == 0 {
		tensor.Misuse("shuffle", "a 0-d tensor has no rows", "", x)
	}
	if x.Recorded() && !x.IsLeaf() {
		tensor.Misuse("shuffle", "in-place write into a recorded value", "Detach it first, or Take(random.Perm(n))", x)
	}
	x.CopyFrom(x.Detach().Take(tensor.Of(r.Perm(x.Len()))))
}

// Perm returns a random permutation of 0 ... n-1, drawn as Shuffle draws. It
// panics if n is negative.
func (r *Rand) Perm(n int) []int {
	if n < 0 {
		tensor.Misuse("perm", fmt.Sprintf("a permutation of %d numbers", n), "")
	}
	return r.stream.Perm(n)
}

// RandInt returns int64 numbers, each of low ... high-1 equally likely. It
// panics if there are none.
func (r *Rand) RandInt(low, high int, shape ...int) *tensor.Tensor {
	n := high - low
	if high <= low || n <= 0 {
		tensor.Misuse("randInt", fmt.Sprintf("no integers from %d to below %d", low, high), "")
	}
	x := empty("randInt", tensor.Int64, shape)
	d := tensor.Data[int64](x)
	r.stream.With(func(m *rng.MT) {
		for i := range d {
			d[i] = int64(low + m.Intn(n))
		}
	})
	return x
}

// Key draws a key for the masks of layers: see nn.Rand.
func (r *Rand) Key() (key uint64) {
	r.stream.With(func(m *rng.MT) { key = m.Uint64() })
	return key
}

// empty makes a tensor to be filled.
func empty(op string, dt tensor.DType, shape []int) *tensor.Tensor {
	for _, d := range shape {
		if d < 0 {
			panic(&tensor.Error{Op: op, Msg: "a length is negative", Shapes: [][]int{append([]int(nil), shape...)}})
		}
	}
	return tensor.ZerosOf(dt, shape...)
}
