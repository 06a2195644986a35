//go:build amd64 && !noasm

package chanconv

//go:generate go run -C ../gen . -kernels chanconv -pkg chanconv -out ../chanconv/chanconv_amd64.s -stubs ../chanconv/stubs_amd64.go

import "github.com/fathom-ml/fathom/internal/kernel/simd"

// A channelKernel makes a tile whose rows are pixels, ars bytes apart in a, and whose
// lanes are columns of b; tab holds the offsets in a of the k terms.
type channelKernel = func(k int, a *float32, ars int, tab *int, b *float32, brs int, c *float32, crs, last, flags int, bias *float32)

// The flags of a channelKernel.
const (
	flagAcc  = 1 << iota // add to c
	flagReLU             // clip at zero in the end
)

// kernels is the kernels of one level.
type kernels struct {
	lanes    int                // numbers in a vector
	rows     int                // most rows of a tile
	channels [2][]channelKernel // by vectors less one, and rows less one

	patchX, patchY, patchW, patchDY, patchDW sandwich
}

var wide = kernels{
	lanes: 16, rows: 12,
	channels: [2][]channelKernel{
		{channels1x1AVX512, channels2x1AVX512, channels3x1AVX512, channels4x1AVX512, channels5x1AVX512, channels6x1AVX512,
			channels7x1AVX512, channels8x1AVX512, channels9x1AVX512, channels10x1AVX512, channels11x1AVX512, channels12x1AVX512},
		{channels1x2AVX512, channels2x2AVX512, channels3x2AVX512, channels4x2AVX512, channels5x2AVX512, channels6x2AVX512,
			channels7x2AVX512, channels8x2AVX512, channels9x2AVX512, channels10x2AVX512, channels11x2AVX512, channels12x2AVX512},
	},
	patchX: patchXAVX512, patchY: patchYAVX512, patchW: patchWAVX512, patchDY: patchDYAVX512, patchDW: patchDWAVX512,
}

var narrow = kernels{
	lanes: 8, rows: 6,
	channels: [2][]channelKernel{
		{channels1x1AVX2, channels2x1AVX2, channels3x1AVX2, channels4x1AVX2, channels5x1AVX2, channels6x1AVX2},
		{channels1x2AVX2, channels2x2AVX2, channels3x2AVX2, channels4x2AVX2, channels5x2AVX2, channels6x2AVX2},
	},
	patchX: patchXAVX2, patchY: patchYAVX2, patchW: patchWAVX2, patchDY: patchDYAVX2, patchDW: patchDWAVX2,
}

// active is the kernels in use, nil at level Go.
func active() *kernels {
	switch simd.Active {
	case simd.AVX512:
		return &wide
	case simd.AVX2:
		return &narrow
	}
	return nil
}

// scatter stores n columns of a tile as rows of dst, the first last numbers of each.
func (k *kernels) scatter(n int, src *float32, srs int, dst *float32, drs, last int) {
	if k.lanes == 16 {
		scatterAVX512(n, src, srs, dst, drs, last)
	} else {
		scatterAVX2(n, src, srs, dst, drs, last)
	}
}

// transpose writes n numbers of all rows side by side.
func (k *kernels) transpose(n int, rows *[16]*float32, dst *float32, drs int) {
	if k.lanes == 16 {
		transposeAVX512(n, &rows[0], dst, drs)
	} else {
		transposeAVX2(n, &rows[0], dst, drs)
	}
}
