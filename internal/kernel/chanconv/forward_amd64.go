//go:build amd64 && !noasm

package chanconv

import (
	"github.com/fathom-ml/fathom/internal/kernel/vec"
	"github.com/fathom-ml/fathom/internal/pool"
)

// Forward sets y = act(convolution of x with w, plus bias); bias holds one number
// per channel of y, or is nil.
func Forward(s Shape, y, x, w, bias []float32, act uint8) bool {
	k := active()
	if k == nil || s.CO < minChannels || s.taps() == 0 || len(y) == 0 {
		return false
	}
	if s.winograd() {
		s.winogradForward(k, y, x, w, bias, act)
		return true
	}
	if s.overTaps() {
		s.tapsForward(k, y, x, w, bias, act)
		return true
	}
	buf := scratches.Get().(*scratch)
	defer scratches.Put(buf)
	f := forward{kernels: k, Shape: &s, y: y, x: x, w: w, bias: bias, act: act}
	buf.tab = s.tapTable(buf.tab)
	f.tab = buf.tab
	f.packWeights(buf)
	bands := s.bands()
	work := s.Groups * s.CO * s.taps() * s.OH * s.OW / bands
	pool.For(s.N*bands, minWork/max(work, 1)+1, func(lo, hi int) {
		own := scratches.Get().(*scratch)
		s.frame(own)
		for i := lo; i < hi; i++ {
			b := i % bands
			f.image(own, i/bands, b*s.OH/bands, (b+1)*s.OH/bands)
		}
		scratches.Put(own)
	})
	return true
}

// forward is one call of Forward.
type forward struct {
	*kernels
	*Shape
	y, x, w, bias []float32
	act           uint8
	tab           []int

	packed    []float32 // weights as [block of channels][tap of tab][lane]
	lanesBias []float32 // bias with room for whole blocks, or nil
	group     int       // numbers of a group's packed weights
}

// block is the number of lanes for n channels that are left.
func (k *kernels) block(n int) int {
	if n > k.lanes {
		return 2 * k.lanes
	}
	return k.lanes
}

// packWeights lays the weights out with channels side by side; lanes without a
// channel get zeros.
func (f *forward) packWeights(buf *scratch) {
	taps := f.taps()
	wide := 2 * f.lanes
	rounded := f.CO/wide*wide + f.block(f.CO%wide)
	f.group = rounded * taps
	buf.weights = grow(buf.weights, f.Groups*f.group)
	f.packed = buf.weights
	clear(f.packed)
	for g := range f.Groups {
		for m := 0; m < f.CO; m += wide {
			l := f.block(f.CO - m)
			dst := f.packed[g*f.group+m*taps:]
			for o := range min(l, f.CO-m) {
				w := f.w[(g*f.CO+m+o)*taps:]
				for q := range f.CI {
					for y := range f.KH {
						for x, v := range w[(q*f.KH+y)*f.KW:][:f.KW] {
							dst[((y*f.CI+q)*f.KW+x)*l+o] = v
						}
					}
				}
			}
		}
	}
	if f.bias != nil {
		buf.bias = grow(buf.bias, f.Groups*f.CO+wide)
		copy(buf.bias, f.bias)
		f.lanesBias = buf.bias
	}
}

// image makes rows lo to hi of image n of y.
func (f *forward) image(own *scratch, n, lo, hi int) {
	plane, pixels := f.H*f.W, f.OH*f.OW
	for g := range f.Groups {
		x := f.pad(own, f.x[(n*f.Groups+g)*f.CI*plane:][:f.CI*plane])
		y := f.y[(n*f.Groups+g)*f.CO*pixels:][:f.CO*pixels]
		f.rowsOf(own, y, x, g, lo, hi)
		if f.act <= relu {
			continue
		}
		for o := range f.CO {
			row := y[o*pixels+lo*f.OW : o*pixels+hi*f.OW]
			if f.act == sigmoid {
				vec.Sigmoid(row, row)
			} else {
				vec.Tanh(row, row)
			}
		}
	}
}

// rowsOf makes rows lo to hi of one image and group, in tiles that are stored
// transposed.
func (f *forward) rowsOf(own *scratch, y, x []float32, g, lo, hi int) {
	_, width := f.padded()
	taps, pixels, wide := f.taps(), f.OH*f.OW, 2*f.lanes
	own.tile = grow(own.tile, 16*wide)
	parts := (f.OW + f.rows - 1) / f.rows
	high := (f.OW + parts - 1) / parts
	for m := 0; m < f.CO; m += wide {
		l := f.block(f.CO - m)
		kernel := f.channels[l/f.lanes-1]
		w := f.packed[g*f.group+m*taps:]
		var bias *float32
		if f.lanesBias != nil {
			bias = &f.lanesBias[g*f.CO+m]
		}
		for oy := lo; oy < hi; oy++ {
			first, end := f.alive(oy)
			for ox := 0; ox < f.OW; ox += high {
				r := min(high, f.OW-ox)
				f.tile(kernel[r-1], own.tile, x[oy*f.StrideH*width+ox*f.StrideW:], w, first, end, l, bias)
				for h := 0; h < min(l, f.CO-m); h += f.lanes {
					f.scatter(min(f.lanes, f.CO-m-h), &own.tile[h], 4*l, &y[(m+h)*pixels+oy*f.OW+ox], 4*pixels, r)
				}
			}
		}
	}
}

// maxTaps is how many terms one call of a kernel takes: it cannot be preempted.
const maxTaps = 4096

// tile makes one tile of l lanes from the pixels at x and the terms first to end, bias
// and ReLU last.
func (f *forward) tile(kernel channelKernel, tile, x, w []float32, first, end, l int, bias *float32) {
	if first == end { // one term of zeros
		first, end = 0, 1
	}
	for k := first; k < end; k += maxTaps {
		flags, b := 0, bias
		if k > first {
			flags = flagAcc
		}
		if end-k > maxTaps {
			b = nil
		} else if f.act == relu {
			flags |= flagReLU
		}
		kernel(min(maxTaps, end-k), &x[0], 4*f.StrideW, &f.tab[k], &w[k*l], 4*l, &tile[0], 4*l, f.lanes, flags, b)
	}
}

// GradX sets dx from dy and w; it knows strides other than 1 for many images only.
func GradX(s Shape, dx, dy, w []float32) bool {
	k := active()
	if k != nil && s.winograd() && len(dx) > 0 {
		s.winogradGradX(k, dx, dy, w)
		return true
	}
	if k != nil && s.overTaps() && len(dx) > 0 && len(w) > 0 {
		s.tapsGradX(k, dx, dy, w)
		return true
	}
	t := s.turned()
	if k == nil || s.StrideH != 1 || s.StrideW != 1 || t.CO < minChannels || t.PadH < 0 || t.PadW < 0 || len(dx) == 0 || len(w) == 0 {
		return false
	}
	buf := scratches.Get().(*scratch)
	defer scratches.Put(buf)
	buf.weights = grow(buf.weights, len(w))
	s.turn(buf.weights, w)
	return Forward(t, dx, dy, buf.weights, nil, none)
}
