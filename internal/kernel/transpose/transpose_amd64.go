//go:build amd64 && !noasm

package transpose

//go:generate go run -C ../gen . -kernels transpose -pkg transpose -out ../transpose/transpose_amd64.s -stubs ../transpose/stubs_amd64.go

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/simd"
)

// bandRows is how many rows one call does.
func bandRows() int {
	if simd.Active == simd.AVX2 {
		return 8
	}
	return 16
}

func band(cols, rows int, y unsafe.Pointer, ys int, x unsafe.Pointer, xs int) {
	switch simd.Active {
	case simd.AVX512:
		bandAVX512(cols, rows, (*uint32)(y), ys, (*uint32)(x), xs)
	case simd.AVX2:
		bandAVX2(cols, rows, (*uint32)(y), ys, (*uint32)(x), xs)
	default:
		plain(cols, rows, y, ys, x, xs)
	}
}
