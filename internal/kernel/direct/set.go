// Package direct convolves float32 images without building a matrix of patches.
//
// An image is copied once into scratch with its padding (and, for strides, split
// into one plane per remainder). Tap (q, ky, kx) of the output pixel p, counted
// along the padded rows, then lies at p + tab[q, ky, kx]: every tap is a row
// that starts somewhere and runs on, for any stride and dilation. The gradient
// of the input is the convolution of dy with the flipped weights; the gradient
// of the weights is scalar products of such rows with dy.
package direct

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/simd"
)

// A pixelKernel makes some channels by one or two vectors of pixels:
//
//	c[i][j] = (acc ? c[i][j] : 0) + sum over l < k of a[l][i] * (b+tab[l])[j]
//
// a has as many columns as there are channels. Offsets and strides are in bytes; last
// is how many lanes of the last vector are written, but b is read in full.
type pixelKernel = func(k int, a, b *float32, tab *int64, c *float32, crs, last, acc int)

// A tapKernel adds scalar products of some rows of a with four rows of b to c, over
// n vectors:
//
//	c[i][j] += sum over l of a[i][l] * (b+tab[j])[l]
type tapKernel = func(n int, a *float32, ars int, b *float32, tab *int64, c *float32, crs int)

// set is the kernels of one level.
type set struct {
	lanes  int              // numbers in a vector
	pixels [2][]pixelKernel // by vectors less one, and channels less one
	taps   []tapKernel      // by rows less one

	depth     []depthKernel    // by vectors less one
	depthTaps []depthTapKernel // by vectors less one
	maskWords int              // words of the mask of one vector: a word for each lane, or one with a bit for each
}

// Fast says whether the processor has kernels for this package; the plain ones
// are a definition, slower than a matrix of patches.
func Fast() bool { return simd.Active == simd.AVX2 || simd.Active == simd.AVX512 }

// plain is the set in Go, with vectors of eight numbers.
var plain = set{
	lanes: 8,
	pixels: [2][]pixelKernel{
		{plainPixels(1, 1), plainPixels(2, 1), plainPixels(3, 1), plainPixels(4, 1)},
		{plainPixels(1, 2), plainPixels(2, 2), plainPixels(3, 2), plainPixels(4, 2)},
	},
	taps: []tapKernel{plainTaps(1, 8), plainTaps(2, 8)},

	depth:     []depthKernel{plainDepth(1), plainDepth(2)},
	depthTaps: []depthTapKernel{plainDepthTap(1), plainDepthTap(2)},
	maskWords: 8,
}

// at is p + off bytes.
func at(p *float32, off int) *float32 { return (*float32)(unsafe.Add(unsafe.Pointer(p), off)) }

// plainPixels is the loop of a pixelKernel of mr channels and nv vectors of 8.
func plainPixels(mr, nv int) pixelKernel {
	return func(k int, a, b *float32, tab *int64, c *float32, crs, last, acc int) {
		n := (nv-1)*8 + last
		w, offs := unsafe.Slice(a, k*mr), unsafe.Slice(tab, k)
		for i := range mr {
			row := unsafe.Slice(at(c, i*crs), n)
			var sum [16]float32
			for l, o := range offs {
				for j, v := range unsafe.Slice(at(b, int(o)), n) {
					sum[j] += w[l*mr+i] * v
				}
			}
			for j := range row {
				if acc != 0 {
					sum[j] += row[j]
				}
				row[j] = sum[j]
			}
		}
	}
}

// plainTaps is the loop of a tapKernel of mr rows and vectors of the given lanes.
func plainTaps(mr, lanes int) tapKernel {
	return func(n int, a *float32, ars int, b *float32, tab *int64, c *float32, crs int) {
		for i := range mr {
			u := unsafe.Slice(at(a, i*ars), n*lanes)
			sums := unsafe.Slice(at(c, i*crs), 4)
			for j, o := range unsafe.Slice(tab, 4) {
				var s float32
				for l, v := range unsafe.Slice(at(b, int(o)), n*lanes) {
					s += u[l] * v
				}
				sums[j] += s
			}
		}
	}
}
