package kernel

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/pool"
	"github.com/fathom-ml/fathom/internal/rng"
)

// Dropout sets y[i] to x[i]/(1-p) if word i of the Philox stream of key is at
// least p*2^32, and to 0 otherwise, i counting in row-major order.
func (CPU) Dropout(y, x View, p float64, key uint64) {
	if y.Size() == 0 {
		return
	}
	if p >= 1 {
		CPU{}.Fill(y, 0)
		return
	}
	x = densed(x)
	densely(y, func(y View) {
		pool.For(y.Size(), grainDear, func(lo, hi int) {
			switch y.DT {
			case Float32:
				dropout(vecAt[float32](y, lo, hi), vecAt[float32](x, lo, hi), p, key, lo)
			case Float64:
				dropout(vecAt[float64](y, lo, hi), vecAt[float64](x, lo, hi), p, key, lo)
			default:
				unsupported("dropout", y.DT)
			}
		})
	})
}

// vecAt is elements [lo, hi) of a contiguous view.
func vecAt[T any](v View, lo, hi int) []T {
	return vecOf[T](unsafe.Pointer(at[T](v, lo)), hi-lo)
}

func dropout[T float](y, x []T, p float64, key uint64, first int) {
	scale := T(1 / (1 - p))
	limit := uint64(max(p, 0) * (1 << 32))
	stream := rng.Philox(key)
	for i := 0; i < len(y); {
		words := stream.Block(uint64(first+i) / 4)
		skip := (first + i) % 4
		n := min(4-skip, len(y)-i)
		d, s := y[i:i+n], x[i:i+n]
		for j, v := range s { // without a branch, which would be guessed wrong half the time
			d[j] = [2]T{0, v * scale}[bit(uint64(words[(skip+j)&3]) >= limit)]
		}
		i += n
	}
}
