//go:build amd64 && !noasm

package chanconv

import (
	"sync"

	"github.com/fathom-ml/fathom/internal/kernel/vec"
	"github.com/fathom-ml/fathom/internal/pool"
)

// A mesh is images laid out for products over many of them at once: [block of
// channels][pixel][image][lane], each block of two vectors. A pixel, or a run of pixels, is
// then a matrix whose rows are images and whose columns are channels.
type mesh struct {
	*kernels
	n, c, p int // images, channels, pixels
	wide    int // lanes of a block
	data    []float32
}

// meshOf returns a mesh in buf, whatever it holds.
func (k *kernels) meshOf(buf *[]float32, n, c, p int) mesh {
	m := mesh{kernels: k, n: n, c: c, p: p, wide: 2 * k.lanes}
	*buf = grow(*buf, m.blocks()*m.size()+16*n*m.wide) // scatter reads more than it writes
	m.data = *buf
	return m
}

// blocks is the number of blocks, size that of the numbers of a block.
func (m *mesh) blocks() int { return (m.c + m.wide - 1) / m.wide }
func (m *mesh) size() int   { return m.p * m.n * m.wide }

// rows is block b from row i on; there are n rows to a pixel.
func (m *mesh) rows(b, i int) []float32 { return m.data[b*m.size()+i*m.wide:] }

// channelTable is the offsets of the channels of a row from the first one, in bytes.
func (m *mesh) channelTable() []int {
	tab := make([]int, m.c)
	for q := range tab {
		tab[q] = 4 * (q/m.wide*m.size() + q%m.wide)
	}
	return tab
}

// load fills the mesh with the images of x, [n, c, p].
func (m *mesh) load(x []float32) {
	pool.For(m.n, minWork/2/(m.c*m.p)+1, func(lo, hi int) { m.loadImages(x, lo, hi) })
}

// loadImages is load for images lo to hi.
func (m *mesh) loadImages(x []float32, lo, hi int) {
	for i := lo; i < hi; i++ {
		for c := 0; c < m.c; c += m.lanes {
			m.loadLanes(x, i, c)
		}
	}
}

// loadLanes fills one vector of channels, from c on, of image i. Lanes without a channel
// repeat the last one; nobody reads what becomes of them.
func (m *mesh) loadLanes(x []float32, i, c int) {
	dst := m.rows(c/m.wide, i)[c%m.wide:]
	have, step := min(m.lanes, m.c-c), m.n*m.wide
	if m.p < m.lanes {
		for j := range m.lanes {
			for p, v := range x[(i*m.c+c+min(j, have-1))*m.p:][:m.p] {
				dst[p*step+j] = v
			}
		}
		return
	}
	var rows [16]*float32
	for p := 0; p < m.p; {
		count := min(packPixels, m.p-p)
		if left := m.p - p - count; left > 0 && left < m.lanes {
			count -= m.lanes // so that the rest is a whole vector too
		}
		for j := range m.lanes {
			rows[j] = &x[(i*m.c+c+min(j, have-1))*m.p+p]
		}
		m.transpose(count, &rows, &dst[p*step], 4*step)
		p += count
	}
}

// fill sets all rows to the bias, or to zero if there is none.
func (m *mesh) fill(bias []float32) {
	if bias == nil {
		clear(m.data[:m.blocks()*m.size()])
		return
	}
	for b := range m.blocks() {
		row := make([]float32, m.wide)
		copy(row, bias[b*m.wide:])
		d := m.rows(b, 0)[:m.size()]
		for i := 0; i < len(d); i += m.wide {
			copy(d[i:], row)
		}
	}
}

// unload writes the mesh to y, [n, c, p], plus bias if there is one, activated.
func (m *mesh) unload(y, bias []float32, act uint8) {
	pool.For(m.n, minWork/2/(m.c*m.p)+1, func(lo, hi int) { m.unloadImages(y, bias, act, lo, hi) })
}

// unloadImages is unload for images lo to hi.
func (m *mesh) unloadImages(y, bias []float32, act uint8, lo, hi int) {
	step := m.n * m.wide
	for i := lo; i < hi; i++ {
		for c := 0; c < m.c; c += m.lanes {
			src := m.rows(c/m.wide, i)[c%m.wide:]
			for p := 0; p < m.p; p += m.lanes {
				m.scatter(min(m.lanes, m.c-c), &src[p*step], 4*step, &y[(i*m.c+c)*m.p+p], 4*m.p, min(m.lanes, m.p-p))
			}
		}
		image := y[i*m.c*m.p : (i+1)*m.c*m.p]
		if bias != nil {
			for c := range m.c {
				plane := image[c*m.p : (c+1)*m.p]
				vec.AddS(plane, plane, bias[c])
			}
		}
		switch act {
		case relu:
			vec.ReLU(image, image)
		case sigmoid:
			vec.Sigmoid(image, image)
		case tanh:
			vec.Tanh(image, image)
		}
	}
}

// maxTerms is how many terms of a product one call of a kernel takes, so that
// the weights of a block stay in the first-level cache.
const maxTerms = 128

// product sets rows of dst, from d on in block b, to the products of rows of src, from i
// on, with the weights w, [term][lane], or adds them by the flags; tab holds the offsets of the terms in a row of src. The rows lie
// steps apart.
func (dst *mesh) product(src *mesh, b, d, i, rows, dstStep, srcStep int, tab []int, w []float32, l, flags int) {
	kernel := dst.channels[l/dst.lanes-1]
	parts := (rows + dst.kernels.rows - 1) / dst.kernels.rows
	to, from := dst.rows(b, d), src.rows(0, i)
	for part := range parts {
		lo, hi := part*rows/parts, (part+1)*rows/parts
		kernel[hi-lo-1](len(tab), &from[lo*src.wide*srcStep], 4*src.wide*srcStep, &tab[0], &w[0], 4*l,
			&to[lo*dst.wide*dstStep], 4*dst.wide*dstStep, dst.lanes, flags, nil)
	}
}

// pairs says which rows of two meshes meet: those of pixels in a run, step apart in x.
type pairs struct {
	step int
	tab  []int // the offsets of rows of x following each other, in bytes
}

// pairsFor returns the pairs of rows with pixels of x step apart. A table begins with a whole pixel, so that images are
// as many as maxTerms at most unless step is 1.
func (x *mesh) pairsFor(step int) pairs {
	tab := make([]int, maxTerms)
	if step > 1 {
		tab = tab[:maxTerms/x.n*x.n]
	}
	for i := range tab {
		tab[i] = 4 * x.wide * (i/x.n*step*x.n + i%x.n)
	}
	return pairs{step, tab}
}

// outer adds to sum, [channel of x][lane of y], the products over rows of block bx of x,
// from i on, and block by of y, from j on.
func (y *mesh) outer(x *mesh, sum []float32, bx, i, by, j, rows int, p pairs, l int) {
	kernel := y.channels[l/y.lanes-1]
	channels := min(x.wide, x.c-bx*x.wide)
	parts := (channels + y.kernels.rows - 1) / y.kernels.rows
	for r := 0; r < rows; r += len(p.tab) {
		n := min(len(p.tab), rows-r)
		a, b := x.rows(bx, i+r*p.step), y.rows(by, j+r)
		for part := range parts {
			lo, hi := part*channels/parts, (part+1)*channels/parts
			kernel[hi-lo-1](n, &a[lo], 4, &p.tab[0], &b[0], 4*y.wide, &sum[lo*l], 4*l, y.lanes, flagAcc, nil)
		}
	}
}

// workspace is the memory of one convolution over meshes.
type workspace struct{ x, y, w, u, v, tmp []float32 }

var workspaces = sync.Pool{New: func() any { return new(workspace) }}

// packed is weights for products: [block][tap][term][lane], with c lanes' channels and k
// terms. The lanes are the channels of y, and the terms those of x, or the other way.
type packed struct {
	*kernels
	c, taps, k int
	data       []float32
}

func (k *kernels) packedOf(buf *[]float32, c, taps, terms int) packed {
	p := packed{k, c, taps, terms, nil}
	*buf = grow(*buf, (c+2*k.lanes-1)/(2*k.lanes)*2*k.lanes*taps*terms)
	p.data = *buf
	return p
}

// at is the weights of a block's tap, and lanesOf the number of its lanes.
func (p *packed) at(block, tap int) []float32 {
	l := p.lanesOf(block)
	return p.data[(block*2*p.lanes*p.taps+tap*l)*p.k:][:p.k*l]
}
func (p *packed) lanesOf(block int) int { return p.block(p.c - block*2*p.lanes) }
func (p *packed) blocks() int           { return (p.c + 2*p.lanes - 1) / (2 * p.lanes) }

// loadForward packs w, [c, k, taps], with the channels of y as lanes.
func (p *packed) loadForward(w []float32) {
	vectors := (p.c + p.lanes - 1) / p.lanes
	n := p.k * p.taps
	pool.For(vectors, minWork/2/(n*p.lanes)+1, func(lo, hi int) {
		ws := workspaces.Get().(*workspace)
		ws.tmp = grow(ws.tmp, n*p.lanes)
		for v := lo; v < hi; v++ {
			c := v * p.lanes
			have := min(p.lanes, p.c-c)
			if n < p.lanes {
				for j := range p.lanes {
					for i, x := range w[(c+min(j, have-1))*n:][:n] {
						ws.tmp[i*p.lanes+j] = x
					}
				}
			} else {
				var rows [16]*float32
				for j := range p.lanes {
					rows[j] = &w[(c+min(j, have-1))*n]
				}
				p.transpose(n, &rows, &ws.tmp[0], 4*p.lanes)
			}
			p.exchange(ws.tmp, v, func(a, b []float32) { copy(b, a) })
		}
		workspaces.Put(ws)
	})
}

// unload writes the packed numbers to w, [c, k, taps]: the way back of loadForward.
func (p *packed) unload(w []float32) {
	vectors := (p.c + p.lanes - 1) / p.lanes
	n := p.k * p.taps
	pool.For(vectors, minWork/2/(n*p.lanes)+1, func(lo, hi int) {
		ws := workspaces.Get().(*workspace)
		ws.tmp = grow(ws.tmp, (n+16)*p.lanes)
		for v := lo; v < hi; v++ {
			c := v * p.lanes
			p.exchange(ws.tmp, v, func(a, b []float32) { copy(a, b) })
			for i := 0; i < n; i += p.lanes {
				p.scatter(min(p.lanes, p.c-c), &ws.tmp[i*p.lanes], 4*p.lanes, &w[c*n+i], 4*n, min(p.lanes, n-i))
			}
		}
		workspaces.Put(ws)
	})
}

// exchange calls move for each vector of tmp, [k, taps], with the place that vector v of
// the channels has for it.
func (p *packed) exchange(tmp []float32, v int, move func(tmp, place []float32)) {
	b, h := v/2, v%2*p.lanes
	l := p.lanesOf(b)
	for t := range p.taps {
		place := p.at(b, t)
		for q := range p.k {
			move(tmp[(q*p.taps+t)*p.lanes:][:p.lanes], place[q*l+h:][:p.lanes])
		}
	}
}

// loadBackward packs w, [k, c, taps], with the channels of x as lanes.
func (p *packed) loadBackward(w []float32) {
	blocks := p.blocks()
	pool.For(blocks*p.k, minWork/2/(2*p.lanes*p.taps)+1, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			b, o := i/p.k, i%p.k
			l := p.lanesOf(b)
			n := min(l, p.c-b*2*p.lanes)
			src := w[(o*p.c+b*2*p.lanes)*p.taps:][:n*p.taps]
			for t := range p.taps {
				dst := p.at(b, t)[o*l:][:l]
				at := t
				for j := range n {
					dst[j] = src[at]
					at += p.taps
				}
				clear(dst[n:])
			}
		}
	})
}
