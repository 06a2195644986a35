//go:build amd64 && !noasm

package chanconv

import (
	"sync"

	"github.com/fathom-ml/fathom/internal/pool"
)

// GradW sets dw from dy and x. The workers sum over images of their own, and the sums
// are added in the order of the images.
func GradW(s Shape, dw, dy, x []float32) bool {
	k := active()
	if k == nil || s.CO < minChannels || len(dw) == 0 || len(dy) == 0 {
		return false
	}
	if s.winograd() {
		s.winogradGradW(k, dw, dy, x)
		return true
	}
	if s.N >= 8 && s.overTaps() {
		s.tapsGradW(k, dw, dy, x)
		return true
	}
	work := s.Groups * s.CO * s.taps() * s.OH * s.OW
	grain := minWork/max(work, 1) + 1
	parts := max(1, min(pool.Workers(), s.N/grain))
	f := gradient{kernels: k, Shape: &s, dy: dy, x: x, tab: s.pixelTable(nil), sums: make([][]float32, parts)}
	wide := 2 * k.lanes
	f.group = (s.CO/wide*wide + k.block(s.CO%wide)) * s.taps()
	all := sums.Get().(*[]float32) // of all parts
	size := s.Groups * f.group
	*all = grow(*all, parts*size)
	clear(*all)
	pool.For(parts, 1, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			f.sums[i] = (*all)[i*size : (i+1)*size]
			f.images(f.sums[i], i*s.N/parts, (i+1)*s.N/parts)
		}
	})
	f.collect(dw)
	sums.Put(all)
	return true
}

var sums = sync.Pool{New: func() any { return new([]float32) }}

// gradient is one call of GradW.
type gradient struct {
	*kernels
	*Shape
	dy, x []float32
	tab   []int
	group int         // numbers of a group's sums
	sums  [][]float32 // by part: [group][block of channels][tap][lane]
}

// pixelBlock is the number of pixels whose dy stays in the first-level cache.
const pixelBlock = 256

// images adds the gradients of images lo to hi to sum.
func (f *gradient) images(sum []float32, lo, hi int) {
	own := scratches.Get().(*scratch)
	f.frame(own)
	plane, count, taps, wide := f.H*f.W, f.OH*f.OW, f.taps(), 2*f.lanes
	own.tile = grow(own.tile, count*wide)
	for n := lo; n < hi; n++ {
		for g := range f.Groups {
			x := f.pad(own, f.x[(n*f.Groups+g)*f.CI*plane:][:f.CI*plane])
			dy := f.dy[(n*f.Groups+g)*f.CO*count:][:f.CO*count]
			for m := 0; m < f.CO; m += wide {
				l := f.block(f.CO - m)
				f.packChannels(own.tile, dy[m*count:], min(l, f.CO-m), l)
				for p := 0; p < count; p += pixelBlock {
					f.pixels(sum[g*f.group+m*taps:], x, own.tile[p*l:], p, min(pixelBlock, count-p), l)
				}
			}
		}
	}
	scratches.Put(own)
}

// pixels adds the products of n pixels from p on, for a block of l channels.
func (f *gradient) pixels(sum, x, dy []float32, p, n, l int) {
	h, w := f.padded()
	kernel := f.channels[l/f.lanes-1]
	for q := range f.CI {
		for ky := range f.KH {
			for kx := 0; kx < f.KW; kx += f.rows {
				r := min(f.rows, f.KW-kx)
				tap := (q*f.KH+ky)*f.KW + kx
				kernel[r-1](n, &x[q*h*w+ky*f.DilationH*w+kx*f.DilationW], 4*f.DilationW, &f.tab[p],
					&dy[0], 4*l, &sum[tap*l], 4*l, f.lanes, flagAcc, nil)
			}
		}
	}
}

// packChannels lays dy out with n channels side by side in l lanes; lanes without a
// channel repeat the last one, and nobody reads their sums.
func (f *gradient) packChannels(dst, dy []float32, n, l int) {
	pixels := f.OH * f.OW
	for p := 0; p < pixels; {
		c := min(packPixels, pixels-p)
		if left := pixels - p - c; left > 0 && left < f.lanes {
			c -= f.lanes // so that the rest is a whole vector too
		}
		f.packPixels(dst[p*l:], dy[p:], n, l, c)
		p += c
	}
}

// packPixels is the number of pixels of a channel that one call of a kernel packs.
const packPixels = 2048

func (f *gradient) packPixels(dst, dy []float32, n, l, count int) {
	pixels := f.OH * f.OW
	if count < f.lanes {
		for p := range count {
			for o := range l {
				dst[p*l+o] = dy[min(o, n-1)*pixels+p]
			}
		}
		return
	}
	for h := 0; h < l; h += f.lanes {
		var rows [16]*float32
		for o := range f.lanes {
			rows[o] = &dy[min(h+o, n-1)*pixels]
		}
		f.transpose(count, &rows, &dst[h], 4*l)
	}
}

// collect adds the parts and brings them into the order of dw.
func (f *gradient) collect(dw []float32) {
	taps, wide := f.taps(), 2*f.lanes
	for g := range f.Groups {
		for o := range f.CO {
			m := o / wide * wide
			l := f.block(f.CO - m)
			row := dw[(g*f.CO+o)*taps:][:taps]
			clear(row)
			for _, sum := range f.sums {
				src := sum[g*f.group+m*taps+o-m:]
				for i := range row {
					row[i] += src[i*l]
				}
			}
		}
	}
}
