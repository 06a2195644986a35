// Package random draws tensors of random numbers.
//
// The functions draw from the default stream of the process, which starts at
// seed 0 and gives the numbers that the book prints; [tensor.Seed] starts it
// afresh. The methods of a [Rand] draw the same way from a stream of its own.
// Both are safe for concurrent use, and each call draws its numbers in one go.
//
// Goroutines that share a stream get its numbers in the order in which they happen to call. For
// results that do not depend on that, nor on the number of goroutines, [Split] off a stream for
// each piece of the work.
//
// The distributions beyond the book's hold their parameters in NumPy's order and their numbers in
// float32, counts in int64.
//
// A misused function panics with a *tensor.Error.
package random

import (
	"fmt"

	"github.com/fathom-ml/fathom/internal/rng"
	"github.com/fathom-ml/fathom/tensor"
)

// Rand is a stream of random numbers: a Mersenne Twister behind a mutex.
type Rand struct{ stream *rng.Stream }

// New returns a stream that starts at the beginning of seed and that nobody
// else draws from. New(0) gives the numbers of the default stream.
func New(seed uint64) *Rand { return &Rand{&rng.NewStreams(seed).Default} }

// Split returns n streams that do not depend on each other; it draws one key from r. Stream i
// depends only on r's state and on i, not on n. Give one to each piece of a job, not to each goroutine: then
// the results are the same for any number of goroutines.
func (r *Rand) Split(n int) []*Rand {
	if n < 0 {
		tensor.Misuse("split", fmt.Sprintf("%d streams", n), "")
	}
	out := make([]*Rand, n)
	for i, s := range rng.SplitStreams(r.Key(), n) {
		out[i] = &Rand{s}
	}
	return out
}

// MarshalBinary returns the state of the stream: the numbers that come next.
func (r *Rand) MarshalBinary() (b []byte, err error) {
	r.stream.With(func(m *rng.MT) { b, err = m.MarshalBinary() })
	return b, err
}

// UnmarshalBinary puts the stream in the state that MarshalBinary returned; on an error it has not changed.
func (r *Rand) UnmarshalBinary(b []byte) (err error) {
	if r.stream == nil {
		r.stream = rng.NewStream(0)
	}
	r.stream.With(func(m *rng.MT) { err = m.UnmarshalBinary(b) })
	return err
}

// Default returns the default stream of the process, for what wants a *Rand and for saving its state.
func Default() *Rand { return global }

var global = &Rand{&rng.Global.Default}

// Normal returns float32 numbers of the normal distribution with mean mu and
// standard deviation sigma (2.1).
func Normal(mu, sigma float64, shape ...int) *tensor.Tensor {
	return global.Normal(mu, sigma, shape...)
}

// Uniform returns float32 numbers of the uniform distribution on [a, b):
// Uniform(0, 1, 2, 3) is a 2 x 3 matrix of numbers below 1.
func Uniform(a, b float64, shape ...int) *tensor.Tensor { return global.Uniform(a, b, shape...) }

// Multinomial throws a die with the probabilities p n times and counts the
// outcomes (2.6). The result holds int64 and has the axes of size, then one of
// length len(p): Multinomial(10, p) is a vector, Multinomial(10, p, 500) has 500 rows.
func Multinomial(n int, p []float64, size ...int) *tensor.Tensor {
	return global.Multinomial(n, p, size...)
}

// Shuffle permutes the rows of x, the entries of its first axis, in place.
func Shuffle(x *tensor.Tensor) { global.Shuffle(x) }

// Perm returns a random permutation of 0 ... n-1.
func Perm(n int) []int { return global.Perm(n) }

// RandInt returns int64 numbers, each of low ... high-1 equally likely.
func RandInt(low, high int, shape ...int) *tensor.Tensor { return global.RandInt(low, high, shape...) }
