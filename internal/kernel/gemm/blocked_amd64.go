//go:build amd64 && !noasm

package gemm

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/pool"
)

// The blocks, beside the kc terms of a set, for which a panel of b and one of a come from
// the first-level cache or soon from the second: mcMax rows of a and ncMax columns of b
// stay in the second and third.
const (
	mcMax = 192
	ncMax = 2048
)

// Two rows of a or fewer stream b once from memory: rows of b in full, kcFew at a
// time, if b is larger than the second-level cache.
const (
	kcFew     = 16
	streaming = 2 << 20 // bytes of b
)

// fast computes a product with the active kernels, or says that there are none.
func fast[T float](g *job[T]) bool {
	s := activeFor[T]()
	if s == nil || g.k <= 0 {
		return false
	}
	if g.m <= 2*s.rows && g.n <= 2*s.lanes && g.k <= s.kc && g.act <= relu {
		if g.b.cs == 1 {
			s.small(g, 0)
			return true
		}
		if !s.dotForm(g) {
			s.smallPacked(g)
			return true
		}
	}
	work := float64(g.m) * float64(g.n) * float64(g.k)
	switch alone := work < threadWork || pool.Workers() == 1; {
	case !alone:
		s.parallel(*g)
	default:
		s.make(s.formOf(g), g)
	}
	return true
}

// A form is a way to make a product on one goroutine.
type form int

const (
	inPlace   form = iota // b is read as it lies
	packed                // panels of b are copied
	dotForm               // scalar products
	byColumns             // the two swapped forms
	byRows
)

func (s *setOf[T]) formOf(g *job[T]) form {
	switch {
	case s.swapsColumns(g):
		return byColumns
	case s.dotForm(g):
		return dotForm
	case s.swapsRows(g):
		return byRows
	case s.packsB(g):
		return packed
	}
	return inPlace
}

func (s *setOf[T]) make(f form, g *job[T]) {
	switch f {
	case byColumns:
		s.byColumns(g)
	case byRows:
		s.byRows(g)
	case dotForm:
		s.products(g)
	default:
		s.serial(g, f == packed)
	}
}

// parallel splits a product among the workers. It takes a copy, so that products
// made by one worker stay off the heap.
func (s *setOf[T]) parallel(g job[T]) {
	f := s.formOf(&g)
	rows, columns := s.rows, 2*s.lanes // what stays together
	wide := g.m < 48 || g.n >= 8*g.m
	switch f {
	case inPlace:
		wide = wide || largestShare(g.n, columns) <= largestShare(g.m, rows)
	case dotForm:
		rows, columns = len(s.dots[0]), 4
		wide = g.n >= g.m
	case byColumns:
		rows, wide = 2*s.lanes, false
	case byRows:
		columns, wide = 4*s.lanes, true
	}
	switch {
	case wide:
		pool.For((g.n+columns-1)/columns, minPart/(g.m*g.k*columns)+1, func(lo, hi int) {
			p := g.part(0, g.m, lo*columns, min(hi*columns, g.n))
			s.make(f, &p)
		})
	case f == packed:
		s.shared(&g)
	default:
		pool.For((g.m+rows-1)/rows, minPart/(g.n*g.k*rows)+1, func(lo, hi int) {
			p := g.part(lo*rows, min(hi*rows, g.m), 0, g.n)
			s.make(f, &p)
		})
	}
}

// largestShare is the part of n lines that one worker gets, of the workers who share n in whole units.
func largestShare(n, unit int) float64 {
	w := pool.Workers()
	units := (n + unit - 1) / unit
	return float64(min(n, (units+w-1)/w*unit)) / float64(n)
}

// smallPacked is small for a b whose columns are not contiguous.
func (s *setOf[T]) smallPacked(g *job[T]) {
	buf := scratch[T]().Get().(*panels[T])
	width := 2 * s.lanes
	if g.n <= s.lanes {
		width = s.lanes
	}
	buf.b = grow(buf.b, g.k*width)
	s.packPanel(buf.b, g.b, g.n, g.k, width)
	p := *g
	p.b = mat[T]{&buf.b[0], width, 1}
	s.small(&p, flagWhole)
	scratch[T]().Put(buf)
}

// small makes a product of one or two tiles.
func (s *setOf[T]) small(g *job[T], flags int) {
	v, last, size := 0, g.n, s.size()
	if g.acc {
		flags |= flagAcc
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
	s.micro[v][m-1](g.k, g.a.p, size*g.a.rs, size*g.a.cs, g.b.p, size*g.b.rs, g.c, size*g.crs, last, flags, g.bias)
	if r > 0 {
		s.micro[v][r-1](g.k, g.a.at(m, 0).p, size*g.a.rs, size*g.a.cs, g.b.p, size*g.b.rs, ptr(g.c, m*g.crs), size*g.crs, last, flags, g.bias)
	}
}

// packsB says whether panels of b are to be copied: always if the columns of b are not
// contiguous; else if enough rows of a make up for it and b is neither small nor
// narrow. Rows a multiple of a page apart fall on the same lines of the
// first-level cache.
func (s *setOf[T]) packsB(g *job[T]) bool {
	switch {
	case g.b.cs != 1:
		return true
	case g.n < s.lanes && g.m >= 4*s.rows:
		return true
	case g.m < s.direct:
		return false
	case !s.avx512():
		return g.k*g.n*s.size() > 24<<10 || g.n%s.lanes != 0
	}
	return g.k*g.n*s.size() > 24<<10 && (g.n > 4*s.lanes || g.b.rs*s.size()%4096 == 0)
}

// pass is one block of terms and columns of a product.
type passOf[T float] struct {
	set   *setOf[T]
	g     job[T]
	p, kc int // terms p to p+kc
	j, nc int // columns j to j+nc
	flags int
	last  bool // no terms follow

	b       *T
	brs     int // stride of b's rows
	panel   int // and of its panels
	packed  []T
	packedA bool
}

// pass is a block for float32.
type pass = passOf[float32]

// begin describes the block of columns from j and terms from p.
func (s *setOf[T]) begin(g *job[T], j, p, kc int) passOf[T] {
	x := passOf[T]{set: s, g: *g, p: p, kc: kc, j: j, nc: min(ncMax, g.n-j), last: p+kc >= g.k}
	if g.acc || p > 0 {
		x.flags |= flagAcc
	}
	if x.last && g.act == relu {
		x.flags |= flagReLU
	}
	x.b, x.brs, x.panel = g.b.at(p, j).p, g.b.rs, 2*s.lanes
	x.packedA = s.packsA(&x, g)
	return x
}

// packsA says whether blocks of a are to be copied: if b is wide enough to make up for it, and the rows of a
// fall on the same lines of the first-level cache or a, transposed and larger than that cache, on many pages.
func (s *setOf[T]) packsA(x *passOf[T], g *job[T]) bool {
	switch size := s.size(); {
	case x.nc >= 16*s.lanes:
		return g.m >= s.rows
	case x.nc < 4*s.lanes:
		return false
	case g.a.cs != 1:
		return g.m*x.kc*size > 24<<10 || g.a.cs*size%1024 == 0
	default:
		return g.a.rs*size%1024 == 0
	}
}

// blockOf cuts n into equal blocks of at most limit, a multiple of unit each.
func blockOf(n, limit, unit int) int {
	parts := (n + limit - 1) / limit
	return ((n+parts-1)/parts + unit - 1) / unit * unit
}

// serial computes a product on this goroutine.
func (s *setOf[T]) serial(g *job[T], packs bool) {
	buf := scratch[T]().Get().(*panels[T])
	limit := s.kc
	if !packs && g.m <= 2 && g.k*g.b.rs*s.size() >= streaming {
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
	scratch[T]().Put(buf)
}

// shared computes a product on all workers, who share the panels of b.
func (s *setOf[T]) shared(g *job[T]) {
	buf := scratch[T]().Get().(*panels[T])
	kc := blockOf(g.k, s.kc, 4)
	units := (g.m + s.rows - 1) / s.rows
	for j := 0; j < g.n; j += ncMax {
		for p := 0; p < g.k; p += kc {
			x := s.begin(g, j, p, min(kc, g.k-p))
			x.reserve(buf)
			pool.For(x.panels(), 2, x.packB)
			pool.For(units, 1, func(lo, hi int) {
				own := scratch[T]().Get().(*panels[T])
				x.rows(lo*s.rows, min(hi*s.rows, g.m), own)
				scratch[T]().Put(own)
			})
		}
	}
	scratch[T]().Put(buf)
}

// rows makes rows i0 to i1 of this block of c, for packed or unpacked b.
func (x *passOf[T]) rows(i0, i1 int, buf *panels[T]) {
	g, s := &x.g, x.set
	mc := blockOf(i1-i0, mcMax, s.rows)
	for i := i0; i < i1; i += mc {
		m := min(mc, i1-i)
		a := g.a.at(i, x.p)
		high, step := blockOf(m, s.rows, 1), a.rs
		if x.packedA {
			a, step = s.packA(a, m, x.kc, high, buf)
		}
		if (x.packed != nil && x.nc > 32*s.lanes) || x.nc*x.kc*s.size() > 64<<10 && m > high {
			// A panel of b stays in the first-level cache, the block of a in the second.
			for j := 0; j < x.nc; j += 2 * s.lanes {
				for r := 0; r < m; r += high {
					x.tile(a.from(r*step), i+r, min(high, m-r), j)
				}
			}
		} else {
			for r := 0; r < m; r += high {
				for j := 0; j < x.nc; j += 2 * s.lanes {
					x.tile(a.from(r*step), i+r, min(high, m-r), j)
				}
			}
		}
		if x.last && g.act > relu {
			p := g.part(i, i+m, x.j, x.j+x.nc)
			p.bias = nil // the kernels have added it
			finish(p)
		}
	}
}

// tile makes m rows from row i on, where a starts, and up to two vectors from column j of the block.
func (x *passOf[T]) tile(a mat[T], i, m, j int) {
	g, s, size := &x.g, x.set, x.set.size()
	v, last := 0, x.nc-j
	if last > s.lanes {
		v, last = 1, min(last, 2*s.lanes)-s.lanes
	}
	var bias *T
	if x.last && g.bias != nil {
		bias = ptr(g.bias, x.j+j)
	}
	s.micro[v][m-1](x.kc, a.p, size*a.rs, size*a.cs, ptr(x.b, j/(2*s.lanes)*x.panel), size*x.brs,
		ptr(g.c, i*g.crs+x.j+j), size*g.crs, last, x.flags, bias)
}

// dotForm says whether the product is made of scalar products: both operands
// run along k, and transposing b, or leaving most lanes empty, costs more than
// folding the lanes of each number of c.
func (s *setOf[T]) dotForm(g *job[T]) bool {
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
func (s *setOf[T]) products(g *job[T]) {
	high, size := len(s.dots[0]), s.size()
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
				f[m-1](kc, g.a.at(i, p).p, size*g.a.rs, b.p, size*b.cs, ptr(g.c, i*g.crs+j), size*g.crs, size, acc)
			}
			j += width
		}
	}
	finish(*g)
}

// panels is the number of panels of b in this block.
func (x *passOf[T]) panels() int { return (x.nc + 2*x.set.lanes - 1) / (2 * x.set.lanes) }

// reserve makes room for the packed panels of b and points the block at them. A
// panel is two vectors wide, or one if that is all there is.
func (x *passOf[T]) reserve(buf *panels[T]) {
	x.brs = 2 * x.set.lanes
	if x.nc <= x.set.lanes {
		x.brs = x.set.lanes
	}
	x.panel = x.kc * x.brs
	buf.b = grow(buf.b, x.panels()*x.panel)
	x.packed, x.b = buf.b, unsafe.SliceData(buf.b)
	x.flags |= flagWhole
}
