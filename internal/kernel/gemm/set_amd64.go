//go:build amd64 && !noasm

package gemm

//go:generate go run -C ../gen . -kernels gemm -pkg gemm -out ../gemm/gemm_amd64.s -stubs ../gemm/stubs_amd64.go

import "github.com/fathom-ml/fathom/internal/kernel/simd"

// A microKernel makes a tile of c, some rows by one or two vectors, as the sum over
// k of outer products; strides are in bytes, last is the number of columns in
// the last vector.
type microKernel = func(k int, a *float32, ars, acs int, b *float32, brs int, c *float32, crs, last, flags int, bias *float32)

// A dotKernel makes some rows by four or one columns of scalar products of
// contiguous numbers; acc is 0 or 1.
type dotKernel = func(k int, a *float32, ars int, b *float32, bcs int, c *float32, crs, ccs, acc int)

// The flags of a microKernel.
const (
	flagAcc   = 1 << iota // add to c
	flagReLU              // clip at zero in the end
	flagWhole             // all lanes of b may be read
)

// set is the kernels of one level.
type set struct {
	lanes  int              // numbers in a vector
	rows   int              // most rows of a tile
	direct int              // fewer rows than this do not pay for packing b
	micro  [2][]microKernel // by vectors less one, and rows less one
	dots   [2][]dotKernel   // four columns or one; by rows less one
}

var wide = set{
	lanes: 16, rows: 12, direct: 64,
	micro: [2][]microKernel{
		{micro1x1AVX512, micro2x1AVX512, micro3x1AVX512, micro4x1AVX512, micro5x1AVX512, micro6x1AVX512,
			micro7x1AVX512, micro8x1AVX512, micro9x1AVX512, micro10x1AVX512, micro11x1AVX512, micro12x1AVX512},
		{micro1x2AVX512, micro2x2AVX512, micro3x2AVX512, micro4x2AVX512, micro5x2AVX512, micro6x2AVX512,
			micro7x2AVX512, micro8x2AVX512, micro9x2AVX512, micro10x2AVX512, micro11x2AVX512, micro12x2AVX512},
	},
	dots: [2][]dotKernel{
		{dots1x4AVX512, dots2x4AVX512, dots3x4AVX512, dots4x4AVX512},
		{dots1x1AVX512, dots2x1AVX512, dots3x1AVX512, dots4x1AVX512},
	},
}

var narrow = set{
	lanes: 8, rows: 6, direct: 12,
	micro: [2][]microKernel{
		{micro1x1AVX2, micro2x1AVX2, micro3x1AVX2, micro4x1AVX2, micro5x1AVX2, micro6x1AVX2},
		{micro1x2AVX2, micro2x2AVX2, micro3x2AVX2, micro4x2AVX2, micro5x2AVX2, micro6x2AVX2},
	},
	dots: [2][]dotKernel{
		{dots1x4AVX2, dots2x4AVX2},
		{dots1x1AVX2, dots2x1AVX2},
	},
}

// active is the set in use, nil at level Go.
func active() *set {
	switch simd.Active {
	case simd.AVX512:
		return &wide
	case simd.AVX2:
		return &narrow
	}
	return nil
}
