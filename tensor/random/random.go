// Package random draws tensors of random numbers.
//
// The functions draw from the default stream of the process, which starts at
// seed 0 and gives the numbers that the book prints; [tensor.Seed] starts it
// afresh. The methods of a [Rand] draw the same way from a stream of its own.
// Both are safe for concurrent use, and each call draws its numbers in one go.
//
// A misused function panics with a *tensor.Error.
package random

import (
	"github.com/fathom-ml/fathom/internal/rng"
	"github.com/fathom-ml/fathom/tensor"
)

// Rand is a stream of random numbers: a Mersenne Twister behind a mutex.
type Rand struct{ stream *rng.Stream }

// New returns a stream that starts at the beginning of seed and that nobody
// else draws from. New(0) gives the numbers of the default stream.
func New(seed uint64) *Rand { return &Rand{&rng.NewStreams(seed).Default} }

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
