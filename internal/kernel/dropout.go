package kernel

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/dropout"
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
		limit, scale := uint32(max(p, 0)*(1<<32)), 1/(1-p)
		pool.For(y.Size(), grainDear, func(lo, hi int) {
			switch y.DT {
			case Float32:
				dropout.Mask(part[float32](y, lo, hi), part[float32](x, lo, hi), float32(scale), limit, rng.Philox(key), uint64(lo))
			case Float64:
				dropout.Plain(part[float64](y, lo, hi), part[float64](x, lo, hi), scale, limit, rng.Philox(key), uint64(lo))
			default:
				unsupported("dropout", y.DT)
			}
		})
	})
}

// part is elements [lo, hi) of a contiguous view.
func part[T any](v View, lo, hi int) []T {
	return vecOf[T](unsafe.Pointer(at[T](v, lo)), hi-lo)
}
