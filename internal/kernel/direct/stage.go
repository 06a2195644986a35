package direct

import "sync"

// Shape is a convolution: x is [N, C, H, W], w is [O, C/Groups, KH, KW] and y is
// [N, O, OH, OW], all contiguous.
type Shape struct {
	N, C, H, W           int
	O, KH, KW            int
	OH, OW               int
	StrideH, StrideW     int
	PadH, PadW           int
	DilationH, DilationW int
	Groups               int
}

// slack is how many numbers a kernel may read beyond the last pixel.
const slack = 64

// stage is how one group of channels of some images lies in scratch: planes
// [channel, row remainder, column remainder, image, ph, pw].
type stage struct {
	Shape
	ci, co int // channels of a group
	k      int // taps: ci*KH*KW
	batch  int // images side by side
	ph, pw int // rows and columns of a plane of one image
	plane  int // batch*ph*pw
	tab    []int64
}

// newStage lays out as many images as there fit in about the given number of pixels.
func newStage(s Shape, pixels int) *stage {
	t := &stage{Shape: s, ci: s.C / s.Groups, co: s.O / s.Groups}
	t.k = t.ci * s.KH * s.KW
	t.ph = ((s.OH-1)*s.StrideH + (s.KH-1)*s.DilationH + s.StrideH) / s.StrideH
	t.pw = ((s.OW-1)*s.StrideW + (s.KW-1)*s.DilationW + s.StrideW) / s.StrideW
	t.batch = min(max(1, pixels/(t.ph*t.pw)), s.N)
	t.plane = t.batch * t.ph * t.pw
	t.tab = make([]int64, 0, t.k+3)
	for q := range t.ci {
		for ky := range s.KH {
			for kx := range s.KW {
				r, c := ky*s.DilationH, kx*s.DilationW
				o := t.planeOf(q, r%s.StrideH, c%s.StrideW) + r/s.StrideH*t.pw + c/s.StrideW
				t.tab = append(t.tab, int64(4*o))
			}
		}
	}
	return t
}

// byRows is the taps ordered by rows of the kernels, so that those which fall on
// a range of the image's rows follow each other: their numbers, and their offsets.
func (t *stage) byRows() (order []int, tab []int64) {
	order, tab = make([]int, 0, t.k), make([]int64, 0, t.k)
	for ky := range t.KH {
		for q := range t.ci {
			for kx := range t.KW {
				l := (q*t.KH+ky)*t.KW + kx
				order = append(order, l)
				tab = append(tab, t.tab[l])
			}
		}
	}
	return order, tab
}

// alive is the range of the kernels' rows that fall on the image for row r of the
// output, at least one: the others only add zeros.
func (t *stage) alive(r int) (first, end int) {
	top := r*t.StrideH - t.PadH
	end = t.KH
	for first < end-1 && top+first*t.DilationH < 0 {
		first++
	}
	for end > first+1 && top+(end-1)*t.DilationH >= t.H {
		end--
	}
	return first, end
}

// planeOf is where the plane of channel q and remainders r and c starts.
func (t *stage) planeOf(q, r, c int) int { return ((q*t.StrideH+r)*t.StrideW + c) * t.plane }

// size is the scratch that the images take.
func (t *stage) size() int { return t.ci*t.StrideH*t.StrideW*t.plane + slack }

// length is the run of pixels, along padded rows, from the first output to the last one of
// n images.
func (t *stage) length(n int) int { return (n-1)*t.ph*t.pw + (t.OH-1)*t.pw + t.OW }

// uses says whether some tap of k has remainder r.
func uses(r, k, dilation, stride int) bool {
	for i := range k {
		if i*dilation%stride == r {
			return true
		}
	}
	return false
}

// put copies channels of one image into place number slot. The margin of dst is zero
// and stays so.
func (t *stage) put(dst, x []float32, slot int) {
	for r := range t.StrideH {
		if !uses(r, t.KH, t.DilationH, t.StrideH) {
			continue
		}
		for c := range t.StrideW {
			if !uses(c, t.KW, t.DilationW, t.StrideW) {
				continue
			}
			lo, hi := inside(c, t.StrideW, t.PadW, t.pw, t.W)
			top, bottom := inside(r, t.StrideH, t.PadH, t.ph, t.H)
			if lo >= hi {
				continue
			}
			from := lo*t.StrideW + c - t.PadW
			for q := range t.ci {
				base := t.planeOf(q, r, c) + slot*t.ph*t.pw
				for i := top; i < bottom; i++ {
					row := x[(q*t.H+i*t.StrideH+r-t.PadH)*t.W:][:t.W]
					d := dst[base+i*t.pw+lo : base+i*t.pw+hi]
					if t.StrideW == 1 {
						copy(d, row[from:])
						continue
					}
					row = row[from : from+(hi-lo-1)*t.StrideW+1]
					if t.StrideW == 2 { // the usual one, which the compiler makes faster
						for j := range d {
							d[j] = row[2*j]
						}
						continue
					}
					for j := range d {
						d[j] = row[j*t.StrideW]
					}
				}
			}
		}
	}
}

// inside is the range of positions i < n of a plane for which i*stride+r-pad is one of the
// image's w.
func inside(r, stride, pad, n, w int) (lo, hi int) {
	lo = max(0, (pad-r+stride-1)/stride)
	if w-1+pad-r < 0 {
		return lo, lo
	}
	return min(lo, n), min((w-1+pad-r)/stride+1, n)
}

// buffer is scratch of one worker.
type buffer struct{ s []float32 }

var buffers = sync.Pool{New: func() any { return new(buffer) }}

// take returns a buffer and n zeros in it.
func take(n int) (*buffer, []float32) {
	b := buffers.Get().(*buffer)
	if cap(b.s) < n {
		b.s = make([]float32, n)
		return b, b.s
	}
	b.s = b.s[:n]
	clear(b.s)
	return b, b.s
}

func (b *buffer) release() { buffers.Put(b) }
