package direct

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/pool"
)

// A depthKernel makes some rows of one or more vectors of a plane from one plane of x:
//
//	y[r][i] = sum over ky < kh, kx < kw of w[ky][kx] * (x + off + r*xrs + ky*xks + kx*xcs)[i]
//
// Offsets and strides are in bytes. mask says which pixels of x are read: the others count as zero, and need not exist. It
// holds the masks of the vectors for each kx, and behind them those of y.
type depthKernel = func(rows, kh, kw int, x *float32, off, xrs, xks, xcs int, y *float32, yrs int, w *float32, mask *int32)

// A depthTapKernel adds the scalar product of some rows of two planes to sum; mask says which pixels of both count.
type depthTapKernel = func(rows int, x *float32, off, xrs int, y *float32, yrs int, sum *float32, mask *int32)

// depthwise says whether each plane of y comes from one plane of x alone, pixel by pixel.
func (s *Shape) depthwise() bool {
	return s.Groups == s.C && s.Groups == s.O && s.StrideH == 1 && s.StrideW == 1 && s.Groups*s.KH*s.KW*s.OH*s.OW*s.H*s.W > 0
}

// A strip is the columns of an output plane that one call of a kernel makes, with its masks.
type strip struct {
	first, vectors int
	masks          []int32
}

// strips cuts the columns.
func (s *Shape) strips(set *set) []strip {
	var all []strip
	for first := 0; first < s.OW; {
		t := strip{first: first, vectors: min((s.OW-first+set.lanes-1)/set.lanes, len(set.depth))}
		n := t.vectors * set.lanes
		t.masks = make([]int32, (s.KW+1)*t.vectors*set.maskWords)
		for kx := range s.KW + 1 {
			for i := range min(n, s.OW-first) {
				if c := first + i - s.PadW + kx*s.DilationW; kx < s.KW && (c < 0 || c >= s.W) {
					continue
				}
				at := kx*n + i
				if set.maskWords == 1 {
					t.masks[at/set.lanes] |= 1 << (at % set.lanes)
				} else {
					t.masks[at] = -1
				}
			}
		}
		all = append(all, t)
		first += n
	}
	return all
}

// depthWork is about how many vectors one call of a kernel reads: it cannot be preempted.
const depthWork = 1 << 15

// live is the range of the window's rows that fall on the image for row r of the output.
func (s *Shape) live(r int) (first, end int) {
	top := r - s.PadH
	end = s.KH
	for first < end && top+first*s.DilationH < 0 {
		first++
	}
	for end > first && top+(end-1)*s.DilationH >= s.H {
		end--
	}
	return first, end
}

// depthForward is Forward for depthwise convolutions: the planes are read where they are.
func (s *Shape) depthForward(set *set, y, x, w []float32, finish func(channel int, plane []float32)) {
	strips := s.strips(set)
	in, out, win := s.H*s.W, s.OH*s.OW, s.KH*s.KW
	most := max(1, depthWork/(win*len(set.depth)))
	pool.For(s.N*s.C, work/(out*win)+1, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			x, y, w := x[i*in:][:in], y[i*out:][:out], w[i%s.C*win:][:win]
			for r := 0; r < s.OH; {
				first, end := s.live(r)
				n := 1
				for r+n < s.OH && n < most {
					if f, e := s.live(r + n); f != first || e != end {
						break
					}
					n++
				}
				if first == end {
					clear(y[r*s.OW : (r+n)*s.OW])
				} else {
					s.depthRows(set, strips, y[r*s.OW:], x[(r-s.PadH+first*s.DilationH)*s.W:], w[first*s.KW:], n, end-first)
				}
				r += n
			}
			if finish != nil {
				finish(i%s.C, y)
			}
		}
	})
}

// depthRows makes n rows from kh rows of the window.
func (s *Shape) depthRows(set *set, strips []strip, y, x, w []float32, n, kh int) {
	for i := range strips {
		t := &strips[i]
		set.depth[t.vectors-1](n, kh, s.KW, &x[0], 4*(t.first-s.PadW), 4*s.W, 4*s.DilationH*s.W, 4*s.DilationW,
			&y[t.first], 4*s.OW, &w[0], &t.masks[0])
	}
}

// depthGradW is GradW for depthwise convolutions. Each worker has channels of its own.
func (s *Shape) depthGradW(set *set, dw, dy, x []float32) {
	strips := s.strips(set)
	in, out, win := s.H*s.W, s.OH*s.OW, s.KH*s.KW
	clear(dw)
	pool.For(s.C, work/(s.N*out*win)+1, func(lo, hi int) {
		for c := lo; c < hi; c++ {
			for n := range s.N {
				x, dy := x[(n*s.C+c)*in:][:in], dy[(n*s.C+c)*out:][:out]
				for ky := range s.KH {
					o := ky*s.DilationH - s.PadH // row of x less row of y
					s.depthProducts(set, strips, dw[c*win+ky*s.KW:][:s.KW], dy, x, max(0, -o), min(s.OH, s.H-o), o)
				}
			}
		}
	})
}

// depthProducts adds the products of rows first to end of dy with those of x that lie o further down, for a row of
// the window.
func (s *Shape) depthProducts(set *set, strips []strip, sums, dy, x []float32, first, end, o int) {
	for r := first; r < end; r += depthWork {
		n := min(depthWork, end-r)
		for i := range strips {
			t := &strips[i]
			for kx := range sums {
				set.depthTaps[t.vectors-1](n, &x[(r+o)*s.W], 4*(t.first-s.PadW+kx*s.DilationW), 4*s.W,
					&dy[r*s.OW+t.first], 4*s.OW, &sums[kx], &t.masks[kx*t.vectors*set.maskWords])
			}
		}
	}
}

// plainDepth is the loop of a depthKernel of nv vectors of 8.
func plainDepth(nv int) depthKernel {
	return func(rows, kh, kw int, x *float32, off, xrs, xks, xcs int, y *float32, yrs int, w *float32, mask *int32) {
		n := 8 * nv
		weights, masks := unsafe.Slice(w, kh*kw), unsafe.Slice(mask, (kw+1)*n)
		for r := range rows {
			for i := range n {
				if masks[kw*n+i] == 0 {
					continue
				}
				var sum float32
				for k, v := range weights {
					if masks[k%kw*n+i] != 0 {
						sum += v * *at(x, off+r*xrs+k/kw*xks+k%kw*xcs+4*i)
					}
				}
				*at(y, r*yrs+4*i) = sum
			}
		}
	}
}

// plainDepthTap is the loop of a depthTapKernel of nv vectors of 8.
func plainDepthTap(nv int) depthTapKernel {
	return func(rows int, x *float32, off, xrs int, y *float32, yrs int, sum *float32, mask *int32) {
		for r := range rows {
			for i, m := range unsafe.Slice(mask, 8*nv) {
				if m != 0 {
					*sum += *at(x, off+r*xrs+4*i) * *at(y, r*yrs+4*i)
				}
			}
		}
	}
}
