//go:build amd64 && !noasm

package dropout

//go:generate go run -C ../gen . -kernels dropout -pkg dropout -out ../dropout/dropout_amd64.s -stubs ../dropout/stubs_amd64.go

import (
	"math"

	"github.com/fathom-ml/fathom/internal/kernel/simd"
	"github.com/fathom-ml/fathom/internal/rng"
)

// masked does what it can in assembly, from the start of a block, and returns
// how much that was.
func masked(y, x []float32, scale float32, limit uint32, stream rng.Philox, block uint64) int {
	const most = 8192 // numbers in one call, which cannot be preempted
	kernel, lanes := dropoutAVX512, 16
	switch simd.Active {
	case simd.Go:
		return 0
	case simd.AVX2:
		kernel, lanes = dropoutAVX2, 8
	}
	done := 0
	for len(y)-done >= 4*lanes {
		n := min(len(y)-done, most) / (4 * lanes)
		if block&math.MaxUint32+uint64(n*lanes) > math.MaxUint32 {
			break // the kernel counts in 32 bits
		}
		kernel(n, &y[done], &x[done], uint32(block), uint32(block>>32), uint32(stream), uint32(stream>>32), limit, scale)
		done += 4 * lanes * n
		block += uint64(lanes * n)
	}
	return done
}
