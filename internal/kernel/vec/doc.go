// Package vec holds the loops over contiguous float32 slices: arithmetic,
// transcendental functions and reductions.
//
// The result comes first and its length is the length of the loop; operands may
// be longer, and may be the very slice of the result, but must not overlap it
// otherwise. Nothing here starts a goroutine.
//
// Every routine is written in assembly for AVX-512 and for AVX2, most for NEON too, chosen
// when the program starts (package simd), and as the Go loop that stands below
// its documentation. The loop is the definition. Arithmetic and sums
// give the very same bits in all versions; Exp, Log, Erf and the other smooth functions are off
// by the units in the last place (ulp) stated with them at most, and agree on NaN, the
// infinities, zeros and subnormal numbers. The errors were measured at AVX-512 and AVX2 with
//
//	FATHOM_LONG=dense go test -run Ulps -v ./internal/kernel/vec
//
// over all float32 numbers, but one in sixteen next to 0 and where a function has reached its limit; without "dense"
// no number is left out there. Those of Exp2, Rsqrt, Log, Log2, Log10, Pow and the gradients of activations are bounds above samples, one
// number in some thousands.
package vec
