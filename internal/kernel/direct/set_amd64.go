//go:build amd64 && !noasm

package direct

//go:generate go run -C ../gen . -kernels direct -pkg direct -out ../direct/direct_amd64.s -stubs ../direct/stubs_amd64.go

import "github.com/fathom-ml/fathom/internal/kernel/simd"

var wide = set{
	lanes: 16,
	pixels: [2][]pixelKernel{
		{pixels1x1AVX512, pixels2x1AVX512, pixels3x1AVX512, pixels4x1AVX512, pixels5x1AVX512, pixels6x1AVX512,
			pixels7x1AVX512, pixels8x1AVX512, pixels9x1AVX512, pixels10x1AVX512, pixels11x1AVX512, pixels12x1AVX512},
		{pixels1x2AVX512, pixels2x2AVX512, pixels3x2AVX512, pixels4x2AVX512, pixels5x2AVX512, pixels6x2AVX512,
			pixels7x2AVX512, pixels8x2AVX512, pixels9x2AVX512, pixels10x2AVX512, pixels11x2AVX512, pixels12x2AVX512},
	},
	taps: []tapKernel{taps1AVX512, taps2AVX512, taps3AVX512, taps4AVX512, taps5AVX512, taps6AVX512},

	depth:     []depthKernel{depth1AVX512, depth2AVX512, depth3AVX512, depth4AVX512},
	depthTaps: []depthTapKernel{depthTap1AVX512, depthTap2AVX512, depthTap3AVX512, depthTap4AVX512},
	maskWords: 1,
}

var narrow = set{
	lanes: 8,
	pixels: [2][]pixelKernel{
		{pixels1x1AVX2, pixels2x1AVX2, pixels3x1AVX2, pixels4x1AVX2, pixels5x1AVX2, pixels6x1AVX2},
		{pixels1x2AVX2, pixels2x2AVX2, pixels3x2AVX2, pixels4x2AVX2, pixels5x2AVX2, pixels6x2AVX2},
	},
	taps: []tapKernel{taps1AVX2, taps2AVX2, taps3AVX2},

	depth:     []depthKernel{depth1AVX2, depth2AVX2, depth3AVX2, depth4AVX2},
	depthTaps: []depthTapKernel{depthTap1AVX2, depthTap2AVX2, depthTap3AVX2, depthTap4AVX2},
	maskWords: 8,
}

// active is the set in use.
func active() *set {
	switch simd.Active {
	case simd.AVX512:
		return &wide
	case simd.AVX2:
		return &narrow
	}
	return &plain
}
