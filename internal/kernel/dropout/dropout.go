// Package dropout multiplies by a random mask that depends on a key and on the index
// of an element alone (Philox4x32-10, see package rng).
package dropout

import "github.com/fathom-ml/fathom/internal/rng"

// Mask sets y[i] to x[i]*scale where word first+i of the stream is at least limit, and to
// 0 elsewhere: a NaN that is dropped is 0. y may be x.
func Mask(y, x []float32, scale float32, limit uint32, stream rng.Philox, first uint64) {
	n := min(len(y), int(-first&3)) // up to the start of a block
	Plain(y[:n], x[:n], scale, limit, stream, first)
	y, x, first = y[n:], x[n:len(y)], first+uint64(n)
	n = masked(y, x, scale, limit, stream, first/4)
	Plain(y[n:], x[n:], scale, limit, stream, first+uint64(n))
}

// Plain is Mask for both kinds of floats, and its definition.
func Plain[T float32 | float64](y, x []T, scale T, limit uint32, stream rng.Philox, first uint64) {
	for i := 0; i < len(y); {
		words := stream.Block((first + uint64(i)) / 4)
		skip := int((first + uint64(i)) % 4)
		n := min(4-skip, len(y)-i)
		d, s := y[i:i+n], x[i:i+n]
		for j, v := range s { // without a branch, which would be guessed wrong half the time
			keep := 0
			if words[(skip+j)&3] >= limit {
				keep = 1
			}
			d[j] = [2]T{0, v * scale}[keep]
		}
		i += n
	}
}
