//go:build amd64 && !noasm

package chanconv

import "github.com/fathom-ml/fathom/internal/pool"

// A run is pixels of y following each other, n of them from y on, and the pixels of x, from
// x on, that they meet at one tap.
type run struct{ tap, y, x, n int }

// runs is what meets what in a band of rows, tap by tap. Taps outside of the image have
// no run, and strides and dilation only choose pixels. If alone is set, the pixels of x in a run lie a
// stride apart: a mesh of one image has its rows at equal distances then, too.
func (s *Shape) runs(bands int, byX, alone bool) [][]run {
	step := 1
	if alone {
		step = s.StrideW
	}
	all := make([][]run, bands)
	for ky := range s.KH {
		for kx := range s.KW {
			for oy := range s.OH {
				iy := oy*s.StrideH - s.PadH + ky*s.DilationH
				if iy < 0 || iy >= s.H {
					continue
				}
				band := oy * bands / s.OH
				if byX {
					band = iy * bands / s.H
				}
				for ox := range s.OW {
					ix := ox*s.StrideW - s.PadW + kx*s.DilationW
					if ix < 0 || ix >= s.W {
						continue
					}
					r := run{ky*s.KW + kx, oy*s.OW + ox, iy*s.W + ix, 1}
					if k := len(all[band]) - 1; k >= 0 {
						if last := &all[band][k]; last.tap == r.tap && last.y+last.n == r.y && last.x+last.n*step == r.x {
							last.n++
							continue
						}
					}
					all[band] = append(all[band], r)
				}
			}
		}
	}
	return all
}

// bandRows is about how many rows of a mesh make a band: with all taps of the weights of
// a block they stay in the second-level cache.
const bandRows = 768

// bandsOf is the number of bands of images with h rows of w pixels.
func (s *Shape) bandsOf(h, w, blocks int) int {
	least := (2*pool.Workers() + blocks - 1) / blocks
	return max(1, min(h, max(least, (s.N*w*h+bandRows-1)/bandRows)))
}

// overTaps says whether products over the taps are the best way: strides, or many images so
// small that much of the padding would be computed.
func (s *Shape) overTaps() bool {
	if s.Groups != 1 || s.CI < 16 || s.CO < 16 || s.OH*s.OW == 0 {
		return false
	}
	if s.StrideH > 1 || s.StrideW > 1 {
		return s.N >= 8 || s.OW >= 8
	}
	return s.N >= 8 && s.PadH+s.PadW > 0 && s.W <= 8
}

// groups is in how many parts the images are cut. Small ones stay together, so that many rows
// meet the same weights; of larger ones a worker takes as many as a kernel has rows, or one
// whose own rows are long enough.
func (s *Shape) groups() int {
	switch {
	case s.OW >= 10 && s.StrideW > 1:
		return s.N
	case s.H*s.W < 64:
		return 1
	}
	return parts(s.N, 12)
}

// tapsForward is Forward by products over the taps.
func (s *Shape) tapsForward(k *kernels, y, x, w, bias []float32, act uint8) {
	ws := workspaces.Get().(*workspace)
	defer workspaces.Put(ws)
	if s.sparse() {
		x = s.pick(&ws.tmp, x)
		d := s.dense()
		s = &d
	}
	wp := k.packedOf(&ws.w, s.CO, s.KH*s.KW, s.CI)
	wp.loadForward(w)
	all := s.runs(s.bandsOf(s.OH, s.OW, wp.blocks()), false, s.step() > 1)
	s.eachGroup(k, func(xm, ym *mesh, first int) {
		xm.load(x[first*xm.c*xm.p:])
		ym.fill(bias)
		overTaps(ym, xm, &wp, all, func(r run) (int, int) { return r.y, r.x }, 1, s.step())
		ym.unload(y[first*ym.c*ym.p:], nil, act)
	})
}

// tapsGradX is GradX by products over the taps.
func (s *Shape) tapsGradX(k *kernels, dx, dy, w []float32) {
	ws := workspaces.Get().(*workspace)
	defer workspaces.Put(ws)
	if s.sparse() {
		d := s.dense()
		ws.tmp = grow(ws.tmp, s.N*s.CI*s.OH*s.OW)
		d.tapsGradX(k, ws.tmp, dy, w)
		s.put(dx, ws.tmp)
		return
	}
	wp := k.packedOf(&ws.w, s.CI, s.KH*s.KW, s.CO)
	wp.loadBackward(w)
	all := s.runs(s.bandsOf(s.H, s.W, wp.blocks()), true, s.step() > 1)
	s.eachGroup(k, func(xm, ym *mesh, first int) {
		ym.load(dy[first*ym.c*ym.p:])
		xm.fill(nil)
		overTaps(xm, ym, &wp, all, func(r run) (int, int) { return r.x, r.y }, s.step(), 1)
		xm.unload(dx[first*xm.c*xm.p:], nil, none)
	})
}

// eachGroup calls f with meshes for x and y of each group of images, the first of which is given.
func (s *Shape) eachGroup(k *kernels, f func(xm, ym *mesh, first int)) {
	n := s.groups()
	pool.For(n, 1, func(lo, hi int) {
		ws := workspaces.Get().(*workspace)
		for i := lo; i < hi; i++ {
			first, end := i*s.N/n, (i+1)*s.N/n
			xm, ym := k.meshOf(&ws.x, end-first, s.CI, s.H*s.W), k.meshOf(&ws.y, end-first, s.CO, s.OH*s.OW)
			f(&xm, &ym, first)
		}
		workspaces.Put(ws)
	})
}

// step is how far apart the pixels of x in a run lie.
func (s *Shape) step() int {
	if s.groups() == s.N {
		return s.StrideW
	}
	return 1
}

// overTaps adds the products of all runs to dst; places says where a run lies in dst and src, and steps how far its pixels
// lie apart.
func overTaps(dst, src *mesh, w *packed, all [][]run, places func(run) (dst, src int), dstStep, srcStep int) {
	tab := src.channelTable()
	bands := len(all)
	pool.For(dst.blocks()*bands, 1, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			b, runs := i/bands, all[i%bands]
			l := w.lanesOf(b)
			for len(runs) > 0 {
				same := 1
				for same < len(runs) && runs[same].tap == runs[0].tap {
					same++
				}
				weights := w.at(b, runs[0].tap)
				for k := 0; k < w.k; k += maxTerms {
					for _, r := range runs[:same] {
						d, s := places(r)
						dst.product(src, b, d*dst.n, s*src.n, r.n*dst.n, dstStep, srcStep, tab[k:min(k+maxTerms, w.k)], weights[k*l:], l, flagAcc)
					}
				}
				runs = runs[same:]
			}
		}
	})
}

// tapsGradW is GradW by products over the taps.
func (s *Shape) tapsGradW(k *kernels, dw, dy, x []float32) {
	ws := workspaces.Get().(*workspace)
	defer workspaces.Put(ws)
	if s.sparse() {
		x = s.pick(&ws.tmp, x)
		d := s.dense()
		s = &d
	}
	wp := k.packedOf(&ws.w, s.CO, s.KH*s.KW, s.CI)
	clear(wp.data)
	step := s.StrideW
	if s.N > maxTerms {
		step = 1
	}
	all := s.runs(s.bandsOf(s.OH, s.OW, 1<<30), false, step > 1)
	xm, ym := k.meshOf(&ws.x, s.N, s.CI, s.H*s.W), k.meshOf(&ws.y, s.N, s.CO, s.OH*s.OW)
	xm.load(x)
	ym.load(dy)
	p := xm.pairsFor(step)
	bx := xm.blocks()
	pool.For(ym.blocks()*bx, 1, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			by, bx := i/bx, i%bx
			l := wp.lanesOf(by)
			for _, runs := range all {
				for _, r := range runs {
					ym.outer(&xm, wp.at(by, r.tap)[bx*xm.wide*l:], bx, r.x*s.N, by, r.y*s.N, r.n*s.N, p, l)
				}
			}
		}
	})
	wp.unload(dw)
}
