//go:build amd64 && !noasm

package gemm

//go:generate go run -C ../gen . -kernels gemm -pkg gemm -out ../gemm/gemm_amd64.s -stubs ../gemm/stubs_amd64.go

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/simd"
)

// A microKernel makes a tile of c, some rows by one or two vectors, as the sum over
// k of outer products; strides are in bytes, last is the number of columns in
// the last vector.
type microKernel[T float] = func(k int, a *T, ars, acs int, b *T, brs int, c *T, crs, last, flags int, bias *T)

// A dotKernel makes some rows by four or one columns of scalar products of
// contiguous numbers; acc is 0 or 1.
type dotKernel[T float] = func(k int, a *T, ars int, b *T, bcs int, c *T, crs, ccs, acc int)

// The flags of a microKernel.
const (
	flagAcc   = 1 << iota // add to c
	flagReLU              // clip at zero in the end
	flagWhole             // all lanes of b may be read
)

// setOf is the kernels of one level for one type.
type setOf[T float] struct {
	lanes  int                 // numbers in a vector
	rows   int                 // most rows of a tile
	direct int                 // fewer rows than this do not pay for packing b
	kc     int                 // terms of each sum at a time
	micro  [2][]microKernel[T] // by vectors less one, and rows less one
	dots   [2][]dotKernel[T]   // four columns or one; by rows less one

	packRows    func(k int, b *T, brs int, dst *T)
	packColumns func(k int, a *T, acs int, dst *T, rows, step int)
}

// set is the kernels for float32.
type set = setOf[float32]

var wide = setOf[float32]{
	lanes: 16, rows: 12, direct: 128, kc: 512,
	micro: [2][]microKernel[float32]{
		{
			micro1x1AVX512, micro2x1AVX512, micro3x1AVX512, micro4x1AVX512, micro5x1AVX512, micro6x1AVX512,
			micro7x1AVX512, micro8x1AVX512, micro9x1AVX512, micro10x1AVX512, micro11x1AVX512, micro12x1AVX512,
		},
		{
			micro1x2AVX512, micro2x2AVX512, micro3x2AVX512, micro4x2AVX512, micro5x2AVX512, micro6x2AVX512,
			micro7x2AVX512, micro8x2AVX512, micro9x2AVX512, micro10x2AVX512, micro11x2AVX512, micro12x2AVX512,
		},
	},
	dots: [2][]dotKernel[float32]{
		{dots1x4AVX512, dots2x4AVX512, dots3x4AVX512, dots4x4AVX512},
		{dots1x1AVX512, dots2x1AVX512, dots3x1AVX512, dots4x1AVX512},
	},
	packRows: packRowsAVX512, packColumns: packColumnsAVX512,
}

var narrow = setOf[float32]{
	lanes: 8, rows: 6, direct: 18, kc: 512,
	micro: [2][]microKernel[float32]{
		{
			micro1x1AVX2, micro2x1AVX2, micro3x1AVX2, micro4x1AVX2, micro5x1AVX2, micro6x1AVX2,
		},
		{
			micro1x2AVX2, micro2x2AVX2, micro3x2AVX2, micro4x2AVX2, micro5x2AVX2, micro6x2AVX2,
		},
	},
	dots: [2][]dotKernel[float32]{
		{dots1x4AVX2, dots2x4AVX2},
		{dots1x1AVX2, dots2x1AVX2},
	},
	packRows: packRowsAVX2, packColumns: packColumnsAVX2,
}

var wide64 = setOf[float64]{
	lanes: 8, rows: 12, direct: 128, kc: 256,
	micro: [2][]microKernel[float64]{
		{
			micro1x1F64AVX512, micro2x1F64AVX512, micro3x1F64AVX512, micro4x1F64AVX512, micro5x1F64AVX512, micro6x1F64AVX512,
			micro7x1F64AVX512, micro8x1F64AVX512, micro9x1F64AVX512, micro10x1F64AVX512, micro11x1F64AVX512, micro12x1F64AVX512,
		},
		{
			micro1x2F64AVX512, micro2x2F64AVX512, micro3x2F64AVX512, micro4x2F64AVX512, micro5x2F64AVX512, micro6x2F64AVX512,
			micro7x2F64AVX512, micro8x2F64AVX512, micro9x2F64AVX512, micro10x2F64AVX512, micro11x2F64AVX512, micro12x2F64AVX512,
		},
	},
	dots: [2][]dotKernel[float64]{
		{dots1x4F64AVX512, dots2x4F64AVX512, dots3x4F64AVX512, dots4x4F64AVX512},
		{dots1x1F64AVX512, dots2x1F64AVX512, dots3x1F64AVX512, dots4x1F64AVX512},
	},
	packRows: packRowsF64AVX512, packColumns: packColumnsF64AVX512,
}

var narrow64 = setOf[float64]{
	lanes: 4, rows: 6, direct: 18, kc: 256,
	micro: [2][]microKernel[float64]{
		{
			micro1x1F64AVX2, micro2x1F64AVX2, micro3x1F64AVX2, micro4x1F64AVX2, micro5x1F64AVX2, micro6x1F64AVX2,
		},
		{
			micro1x2F64AVX2, micro2x2F64AVX2, micro3x2F64AVX2, micro4x2F64AVX2, micro5x2F64AVX2, micro6x2F64AVX2,
		},
	},
	dots: [2][]dotKernel[float64]{
		{dots1x4F64AVX2, dots2x4F64AVX2},
		{dots1x1F64AVX2, dots2x1F64AVX2},
	},
	packRows: packRowsF64AVX2, packColumns: packColumnsF64AVX2,
}

// active is the set in use for float32, nil at level Go.
func active() *set { return activeFor[float32]() }

// activeFor is the set in use for T, nil at level Go.
func activeFor[T float]() *setOf[T] {
	best, other := any(&wide), any(&narrow)
	if unsafe.Sizeof(T(0)) == 8 {
		best, other = &wide64, &narrow64
	}
	switch simd.Active {
	case simd.AVX512:
		return best.(*setOf[T])
	case simd.AVX2:
		return other.(*setOf[T])
	}
	return nil
}

// size is the number of bytes of an element.
func (s *setOf[T]) size() int { return int(unsafe.Sizeof(T(0))) }

// avx512 says whether vectors are those of AVX-512.
func (s *setOf[T]) avx512() bool { return s.lanes*s.size() == 64 }

// transpose writes number p of all rows, as many as there are lanes, to dst[p*drs]; drs is in bytes. It is no
// field: through one the table of rows would escape to the heap.
func (s *setOf[T]) transpose(k int, rows **T, dst *T, drs int) {
	switch dst := any(dst).(type) {
	case *float32:
		rows := (**float32)(unsafe.Pointer(rows))
		if s.avx512() {
			transposeAVX512(k, rows, dst, drs)
		} else {
			transposeAVX2(k, rows, dst, drs)
		}
	case *float64:
		rows := (**float64)(unsafe.Pointer(rows))
		if s.avx512() {
			transposeF64AVX512(k, rows, dst, drs)
		} else {
			transposeF64AVX2(k, rows, dst, drs)
		}
	}
}
