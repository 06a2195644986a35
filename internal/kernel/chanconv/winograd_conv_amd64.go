//go:build amd64 && !noasm

package chanconv

import (
	"github.com/fathom-ml/fathom/internal/kernel/vec"
	"github.com/fathom-ml/fathom/internal/pool"
)

// winogradForward is Forward by patches.
func (s *Shape) winogradForward(k *kernels, y, x, w, bias []float32, act uint8) {
	ws := workspaces.Get().(*workspace)
	defer workspaces.Put(ws)
	wp, u := k.packedOf(&ws.w, s.CO, 9, s.CI), k.packedOf(&ws.u, s.CO, places, s.CI)
	wp.loadForward(w)
	u.transformed(&wp, false)
	s.byPatches(k, &u, y, x, bias, act)
}

// winogradGradX is GradX by patches.
func (s *Shape) winogradGradX(k *kernels, dx, dy, w []float32) {
	ws := workspaces.Get().(*workspace)
	defer workspaces.Put(ws)
	wp, u := k.packedOf(&ws.w, s.CI, 9, s.CO), k.packedOf(&ws.u, s.CI, places, s.CO)
	wp.loadBackward(w)
	u.transformed(&wp, true)
	t := s.turned()
	t.byPatches(k, &u, dx, dy, nil, none)
}

// parts is in how many parts n images are cut, of about size, the same number for each worker.
func parts(n, size int) int {
	workers := pool.Workers()
	return min(n, ((n+size-1)/size+workers-1)/workers*workers)
}

// byPatches makes y of x and of the transformed weights u.
func (s *Shape) byPatches(k *kernels, u *packed, y, x, bias []float32, act uint8) {
	rows, images := s.rowsAtOnce(s.CI, 48)
	n := parts(s.N, images)
	pool.For(n, 1, func(lo, hi int) {
		ws := workspaces.Get().(*workspace)
		for i := lo; i < hi; i++ {
			first, end := i*s.N/n, (i+1)*s.N/n
			xm := k.meshOf(&ws.x, end-first, s.CI, s.H*s.W)
			ym := k.meshOf(&ws.y, end-first, s.CO, s.OH*s.OW)
			xm.loadImages(x[first*xm.c*xm.p:], 0, xm.n)
			s.tilesForward(ws, u, &ym, &xm, rows)
			ym.unloadImages(y[first*ym.c*ym.p:], bias, act, 0, ym.n)
		}
		workspaces.Put(ws)
	})
}

// tilesForward makes ym of xm, about rows patches at once.
func (s *Shape) tilesForward(ws *workspace, u *packed, ym, xm *mesh, rows int) {
	var p pointers
	k, n := xm.kernels, xm.n
	down, across := s.tiles()
	from, to := xm.cut(s.H, s.W, s.PadH, s.PadW, patch), ym.cut(s.OH, s.OW, 0, 0, tile)
	all := down * across
	chunks := (all*n + rows - 1) / rows
	for chunk := range min(chunks, all) {
		first, end := chunk*all/min(chunks, all), (chunk+1)*all/min(chunks, all)
		v := k.patchworkOf(&ws.u, n, s.CI, end-first)
		m := k.patchworkOf(&ws.v, n, s.CO, end-first)
		from.patches(&p, &v, k.patchX, across, first, end)
		tab := v.channelTable()
		to.b = -1
		for b := range m.blocks() {
			l := u.lanesOf(b)
			for f := range places {
				w := u.at(b, f)
				for q := 0; q < s.CI; q += maxTerms {
					m.product(&v.mesh, b, f*m.pitch, f*v.pitch, n*(end-first), 1, 1, tab[q:min(q+maxTerms, s.CI)], w[q*l:], l, min(q, 1)*flagAcc)
				}
			}
			m.pointers(&p.in, b)
			for i := first; i < end; i++ {
				shift := to.at(&p.out, b, i/across, i%across)
				p.apply(k.patchY, 2*n, k.lanes, 4*(i-first)*n*m.wide, shift)
			}
		}
	}
}

// patches sets v to the tiles first to end transformed by f.
func (c *cutter) patches(p *pointers, v *patchwork, f sandwich, across, first, end int) {
	c.b = -1
	for b := range v.blocks() {
		v.pointers(&p.out, b)
		for i := first; i < end; i++ {
			shift := c.at(&p.in, b, i/across, i%across)
			p.apply(f, 2*c.n, v.lanes, shift, 4*(i-first)*c.n*v.wide)
		}
	}
}

// winogradGradW is GradW by patches: the transforms of Forward, each turned to its adjoint. Each worker
// sums over images of its own, and the sums are added in the order of the images.
func (s *Shape) winogradGradW(k *kernels, dw, dy, x []float32) {
	ws := workspaces.Get().(*workspace)
	defer workspaces.Put(ws)
	wp, u := k.packedOf(&ws.w, s.CO, 9, s.CI), k.packedOf(&ws.u, s.CO, places, s.CI)
	rows, images := s.rowsAtOnce(s.CI+s.CO, 96)
	workers := min(pool.Workers(), s.N)
	size := len(u.data)
	ws.v = grow(ws.v, (workers-1)*size)
	pool.For(workers, 1, func(lo, hi int) {
		own := workspaces.Get().(*workspace)
		for i := lo; i < hi; i++ {
			sum := u
			if i > 0 {
				sum.data = ws.v[(i-1)*size : i*size]
			}
			clear(sum.data)
			from, end := i*s.N/workers, (i+1)*s.N/workers
			n := (end - from + images - 1) / images
			for j := range n {
				a, b := from+j*(end-from)/n, from+(j+1)*(end-from)/n
				xm := k.meshOf(&own.x, b-a, s.CI, s.H*s.W)
				ym := k.meshOf(&own.y, b-a, s.CO, s.OH*s.OW)
				xm.loadImages(x[a*xm.c*xm.p:], 0, xm.n)
				ym.loadImages(dy[a*ym.c*ym.p:], 0, ym.n)
				s.tilesGradW(own, &sum, &ym, &xm, rows)
			}
		}
		workspaces.Put(own)
	})
	pool.For(size, 1<<15, func(lo, hi int) {
		for i := range workers - 1 {
			vec.Add(u.data[lo:hi], u.data[lo:hi], ws.v[i*size:][lo:hi])
		}
	})
	u.folded(&wp)
	wp.unload(dw)
}

// tilesGradW adds the products of the patches of xm and ym to sum, about rows at once.
func (s *Shape) tilesGradW(ws *workspace, sum *packed, ym, xm *mesh, rows int) {
	var p pointers
	k, n := xm.kernels, xm.n
	down, across := s.tiles()
	from, to := xm.cut(s.H, s.W, s.PadH, s.PadW, patch), ym.cut(s.OH, s.OW, 0, 0, tile)
	pairs := xm.pairsFor(1)
	all := down * across
	chunks := min(all, (all*n+rows-1)/rows)
	for chunk := range chunks {
		first, end := chunk*all/chunks, (chunk+1)*all/chunks
		v := k.patchworkOf(&ws.u, n, s.CI, end-first)
		m := k.patchworkOf(&ws.v, n, s.CO, end-first)
		from.patches(&p, &v, k.patchX, across, first, end)
		to.patches(&p, &m, k.patchDY, across, first, end)
		for f := range places {
			for by := range m.blocks() {
				l, d := sum.lanesOf(by), sum.at(by, f)
				for bx := range v.blocks() {
					m.outer(&v.mesh, d[bx*v.wide*l:], bx, f*v.pitch, by, f*m.pitch, n*(end-first), pairs, l)
				}
			}
		}
	}
}
