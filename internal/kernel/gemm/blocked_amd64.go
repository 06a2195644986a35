//go:build amd64 && !noasm

package gemm

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/pool"
)

// The blocks: kcMax terms of each sum at a time, so that a panel of b and one of
// a stay in the first-level cache; mcMax rows of a and ncMax columns of b, so that
// they stay in the second and third.
const (
	kcMax = 512
	mcMax = 192
	ncMax = 2048
)

// Two rows of a or fewer stream b once from memory: rows of b in full, kcFew at a
// time, if b is larger than the second-level cache.
const (
	kcFew     = 16
	streaming = 512 << 10 // numbers of b
)

// fast computes a product with the active kernels, or says that there are none.
func fast(g *job[float32]) bool {
	s := active()
	if s == nil || g.k <= 0 {
		return false
	}
	if g.m <= 2*s.rows && g.n <= 2*s.lanes && g.k <= kcMax && g.b.cs == 1 && g.act <= relu {
		s.small(g)
		return true
	}
	work := float64(g.m) * float64(g.n) * float64(g.k)
	switch alone := work < threadWork || pool.Workers() == 1; {
	case !alone:
		s.parallel(*g)
	case s.dotForm(g):
		s.products(g)
	default:
		s.serial(g, s.packsB(g))
	}
	return true
}

// parallel splits a product among the workers. It takes a copy, so that products
// made by one worker stay off the heap.
func (s *set) parallel(g job[float32]) {
	packs, dots := s.packsB(&g), s.dotForm(&g)
	run := func(p job[float32]) {
		if dots {
			s.products(&p)
		} else {
			s.serial(&p, packs)
		}
	}
	unit := 2 * s.lanes
	switch byColumns := g.m < 48 || g.n >= 8*g.m; {
	case dots && g.n >= g.m || !dots && byColumns:
		if dots {
			unit = 4
		}
		pool.For((g.n+unit-1)/unit, minPart/(g.m*g.k*unit)+1, func(lo, hi int) {
			run(g.part(0, g.m, lo*unit, min(hi*unit, g.n)))
		})
	case dots || !packs:
		unit = s.rows
		if dots {
			unit = len(s.dots[0])
		}
		pool.For((g.m+unit-1)/unit, minPart/(g.n*g.k*unit)+1, func(lo, hi int) {
			run(g.part(lo*unit, min(hi*unit, g.m), 0, g.n))
		})
	default:
		s.shared(&g)
	}
}

// small makes a product of one or two tiles.
func (s *set) small(g *job[float32]) {
	flags, v, last := 0, 0, g.n
	if g.acc {
		flags = flagAcc
	}
	if g.act == relu {
		flags |= flagReLU
	}
	if last > s.lanes {
		v, last = 1, last-s.lanes
	}
	m, r := g.m, 0
	if m > s.rows {
		m, r = m-m/2, m/2
	}
	s.micro[v][m-1](g.k, g.a.p, 4*g.a.rs, 4*g.a.cs, g.b.p, 4*g.b.rs, g.c, 4*g.crs, last, flags, g.bias)
	if r > 0 {
		s.micro[v][r-1](g.k, g.a.at(m, 0).p, 4*g.a.rs, 4*g.a.cs, g.b.p, 4*g.b.rs, ptr(g.c, m*g.crs), 4*g.crs, last, flags, g.bias)
	}
}

// packsB says whether panels of b are to be copied: always if the columns of b are not
// contiguous; else if enough rows of a make up for it and b is neither small nor
// narrow. Rows a multiple of a page apart fall on the same lines of the
// first-level cache.
func (s *set) packsB(g *job[float32]) bool {
	switch {
	case g.b.cs != 1:
		return true
	case g.m < s.direct:
		return false
	case s.lanes == 8:
		return g.k*g.n*4 > 24<<10 || g.n%8 != 0
	}
	return g.k*g.n*4 > 24<<10 && (g.n > 64 || g.b.rs%1024 == 0)
}

// pass is one block of terms and columns of a product.
type pass struct {
	set   *set
	g     job[float32]
	p, kc int // terms p to p+kc
	j, nc int // columns j to j+nc
	flags int
	last  bool // no terms follow

	b       *float32
	brs     int // stride of b's rows
	panel   int // and of its panels
	packed  []float32
	packedA bool
}

// begin describes the block of columns from j and terms from p.
func (s *set) begin(g *job[float32], j, p, kc int) pass {
	x := pass{set: s, g: *g, p: p, kc: kc, j: j, nc: min(ncMax, g.n-j), last: p+kc >= g.k}
	if g.acc || p > 0 {
		x.flags |= flagAcc
	}
	if x.last && g.act == relu {
		x.flags |= flagReLU
	}
	x.b, x.brs, x.panel = g.b.at(p, j).p, g.b.rs, 2*s.lanes
	x.packedA = x.nc >= 256 && g.m >= s.rows || x.nc >= 64 && (g.a.cs != 1 || g.a.rs%256 == 0)
	return x
}

// blockOf cuts n into equal blocks of at most limit, a multiple of unit each.
func blockOf(n, limit, unit int) int {
	parts := (n + limit - 1) / limit
	return ((n+parts-1)/parts + unit - 1) / unit * unit
}

// serial computes a product on this goroutine.
func (s *set) serial(g *job[float32], packs bool) {
	buf := panels32.Get().(*panels[float32])
	limit := kcMax
	if !packs && g.m <= 2 && g.k*g.b.rs >= streaming {
		limit = kcFew
	}
	kc := blockOf(g.k, limit, 4)
	for j := 0; j < g.n; j += ncMax {
		for p := 0; p < g.k; p += kc {
			x := s.begin(g, j, p, min(kc, g.k-p))
			if packs {
				x.reserve(buf)
				x.packB(0, x.panels())
			}
			x.rows(0, g.m, buf)
		}
	}
	panels32.Put(buf)
}

// shared computes a product on all workers, who share the panels of b.
func (s *set) shared(g *job[float32]) {
	buf := panels32.Get().(*panels[float32])
	kc := blockOf(g.k, kcMax, 4)
	units := (g.m + s.rows - 1) / s.rows
	for j := 0; j < g.n; j += ncMax {
		for p := 0; p < g.k; p += kc {
			x := s.begin(g, j, p, min(kc, g.k-p))
			x.reserve(buf)
			pool.For(x.panels(), 2, x.packB)
			pool.For(units, 1, func(lo, hi int) {
				own := panels32.Get().(*panels[float32])
				x.rows(lo*s.rows, min(hi*s.rows, g.m), own)
				panels32.Put(own)
			})
		}
	}
	panels32.Put(buf)
}

// rows makes rows i0 to i1 of this block of c, for packed or unpacked b.
func (x *pass) rows(i0, i1 int, buf *panels[float32]) {
	g, s := &x.g, x.set
	mc := blockOf(i1-i0, mcMax, s.rows)
	for i := i0; i < i1; i += mc {
		m := min(mc, i1-i)
		a := g.a.at(i, x.p)
		if x.packedA {
			a = packA(a, m, x.kc, buf)
		}
		high := blockOf(m, s.rows, 1)
		if x.packed != nil && (x.nc > 512 || x.nc*x.kc > 16<<10 && m > high) {
			// A panel of b stays in the first-level cache, the block of a in the second.
			for j := 0; j < x.nc; j += 2 * s.lanes {
				for r := 0; r < m; r += high {
					x.tile(a, i, r, min(high, m-r), j)
				}
			}
		} else {
			for r := 0; r < m; r += high {
				for j := 0; j < x.nc; j += 2 * s.lanes {
					x.tile(a, i, r, min(high, m-r), j)
				}
			}
		}
		if x.last && g.act > relu {
			p := g.part(i, i+m, x.j, x.j+x.nc)
			p.bias = nil // the kernels have added it
			finish32(p)
		}
	}
}

// tile makes m rows from row i+r, and up to two vectors from column j of the block; a
// starts at row i.
func (x *pass) tile(a mat[float32], i, r, m, j int) {
	g, s := &x.g, x.set
	v, last := 0, x.nc-j
	if last > s.lanes {
		v, last = 1, min(last, 2*s.lanes)-s.lanes
	}
	var bias *float32
	if x.last && g.bias != nil {
		bias = ptr(g.bias, x.j+j)
	}
	s.micro[v][m-1](x.kc, ptr(a.p, r*a.rs), 4*a.rs, 4*a.cs, ptr(x.b, j/(2*s.lanes)*x.panel), 4*x.brs,
		ptr(g.c, (i+r)*g.crs+x.j+j), 4*g.crs, last, x.flags, bias)
}

// dotForm says whether the product is made of scalar products: both operands
// run along k, and transposing b, or leaving most lanes empty, costs more than
// folding the lanes of each number of c.
func (s *set) dotForm(g *job[float32]) bool {
	switch {
	case g.a.cs != 1 || g.b.rs != 1:
		return false
	case g.n <= 4:
		return g.k >= 16*g.n || g.m*g.n*g.k <= 64
	}
	return g.b.cs != 1 && g.m <= 8 && g.k >= 8*g.m
}

// dotTerms is the number of terms that one call of a dotKernel takes.
const dotTerms = 4096

// products makes c of scalar products.
func (s *set) products(g *job[float32]) {
	high := len(s.dots[0])
	for p := 0; p < g.k; p += dotTerms {
		kc := min(dotTerms, g.k-p)
		acc := 0
		if g.acc || p > 0 {
			acc = 1
		}
		for j := 0; j < g.n; {
			f, width := s.dots[0], 4
			if g.n-j < 4 {
				f, width = s.dots[1], 1
			}
			b := g.b.at(p, j)
			for i := 0; i < g.m; i += high {
				m := min(high, g.m-i)
				f[m-1](kc, g.a.at(i, p).p, 4*g.a.rs, b.p, 4*b.cs, ptr(g.c, i*g.crs+j), 4*g.crs, 4, acc)
			}
			j += width
		}
	}
	finish32(*g)
}

// panels is the number of panels of b in this block.
func (x *pass) panels() int { return (x.nc + 2*x.set.lanes - 1) / (2 * x.set.lanes) }

// reserve makes room for the packed panels of b and points the block at them. A
// panel is two vectors wide, or one if that is all there is.
func (x *pass) reserve(buf *panels[float32]) {
	x.brs = 2 * x.set.lanes
	if x.nc <= x.set.lanes {
		x.brs = x.set.lanes
	}
	x.panel = x.kc * x.brs
	buf.b = grow(buf.b, x.panels()*x.panel)
	x.packed, x.b = buf.b, unsafe.SliceData(buf.b)
	x.flags |= flagWhole
}
