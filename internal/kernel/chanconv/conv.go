// Package chanconv holds direct convolutions of float32 images whose output has many
// channels; package direct takes those with few.
//
// No matrix of patches is built: an image is padded into scratch memory, and a
// table holds the offset of each of the K = CI*KH*KW taps from the first one. A
// micro-kernel walks along the table and makes up to twelve output pixels of a row
// times one or two vectors of output channels, with the weights packed as
// [K][lanes]; the tile is transposed as it is stored.
//
// The gradient for x is a convolution of dy with the weights turned around; the
// gradient for w is the same kernel run along the pixels.
//
// Each function says whether it did the work; if it did not, the caller has
// another way.
package chanconv

import (
	"sync"

	"github.com/fathom-ml/fathom/internal/pool"
)

// Shape is the sizes of a convolution: x is [N, Groups*CI, H, W], w is
// [Groups*CO, CI, KH, KW], y is [N, Groups*CO, OH, OW], all contiguous.
type Shape struct {
	N, Groups            int
	CI, H, W             int // channels of x in a group
	CO, KH, KW           int // channels of y in a group
	OH, OW               int
	StrideH, StrideW     int
	PadH, PadW           int
	DilationH, DilationW int
}

// taps is the number of terms of each sum.
func (s *Shape) taps() int { return s.CI * s.KH * s.KW }

// The activations, numbered as kernel.Activation.
const (
	none uint8 = iota
	relu
	sigmoid
	tanh
)

// minChannels is the number of output channels from which lanes are well filled.
const minChannels = 12

// minWork is the number of multiplications that are worth a worker's while.
const minWork = 100_000

// scratch is memory between calls.
type scratch struct {
	image, weights, tile, bias []float32
	tab                        []int
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// grow returns s with n elements, whatever they are.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// padded is the size of a padded plane.
func (s *Shape) padded() (h, w int) { return s.H + 2*s.PadH, s.W + 2*s.PadW }

// slack is how far beyond its end a padded image may be read.
const slack = 32

// frame makes room for one padded image in buf and clears it, borders included.
func (s *Shape) frame(buf *scratch) {
	h, w := s.padded()
	buf.image = grow(buf.image, s.CI*h*w+slack)
	clear(buf.image)
}

// pad returns image x, of CI planes, with its borders: a copy inside the frame,
// or x itself if there are none.
func (s *Shape) pad(buf *scratch, x []float32) []float32 {
	if s.PadH == 0 && s.PadW == 0 {
		return x
	}
	h, w := s.padded()
	for q := range s.CI {
		plane := buf.image[q*h*w+s.PadH*w+s.PadW:]
		for y := range s.H {
			copy(plane[y*w:y*w+s.W], x[(q*s.H+y)*s.W:])
		}
	}
	return buf.image
}

// tapTable is the offsets of the taps in a padded image, in bytes, row of the kernel by
// row: the taps that fall on a range of the image's rows follow each other.
func (s *Shape) tapTable(tab []int) []int {
	h, w := s.padded()
	tab = grow(tab, s.taps())[:0]
	for y := range s.KH {
		for q := range s.CI {
			for x := range s.KW {
				tab = append(tab, 4*(q*h*w+y*s.DilationH*w+x*s.DilationW))
			}
		}
	}
	return tab
}

// alive is the range of the table that counts for row oy of the output: the taps of
// rows outside of the image only add zeros.
func (s *Shape) alive(oy int) (lo, hi int) {
	first := oy*s.StrideH - s.PadH // where the kernel's first row falls
	y0, y1 := 0, s.KH
	for y0 < y1 && first+y0*s.DilationH < 0 {
		y0++
	}
	for y1 > y0 && first+(y1-1)*s.DilationH >= s.H {
		y1--
	}
	return y0 * s.CI * s.KW, y1 * s.CI * s.KW
}

// pixelTable is the offsets of the pixels that meet the first tap, in bytes.
func (s *Shape) pixelTable(tab []int) []int {
	_, w := s.padded()
	tab = grow(tab, s.OH*s.OW)[:0]
	for y := range s.OH {
		for x := range s.OW {
			tab = append(tab, 4*(y*s.StrideH*w+x*s.StrideW))
		}
	}
	return tab
}

// turned is the convolution that leads from dy to dx: the channels change places, and
// each kernel is turned around. The stride is 1.
func (s *Shape) turned() Shape {
	t := *s
	t.CI, t.CO = s.CO, s.CI
	t.H, t.W, t.OH, t.OW = s.OH, s.OW, s.H, s.W
	t.PadH, t.PadW = s.DilationH*(s.KH-1)-s.PadH, s.DilationW*(s.KW-1)-s.PadW
	return t
}

// turn writes the weights of the turned convolution.
func (s *Shape) turn(dst, w []float32) {
	k := s.KH * s.KW
	for g := range s.Groups {
		for o := range s.CO {
			for q := range s.CI {
				from := w[((g*s.CO+o)*s.CI+q)*k:][:k]
				to := dst[((g*s.CI+q)*s.CO+o)*k:][:k]
				for i, v := range from {
					to[k-1-i] = v
				}
			}
		}
	}
}

// bands is how many parts each image's rows are cut into, so that there is work for
// all workers even if there are few images.
func (s *Shape) bands() int {
	w := pool.Workers()
	if s.N >= 2*w {
		return 1
	}
	return min(s.OH, (2*w+s.N-1)/s.N)
}
