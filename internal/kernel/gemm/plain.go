package gemm

import (
	"math/bits"
	"sync"
	"unsafe"
)

// Blocking of the plain-Go product: kcPlain terms of each sum at a time, and
// mcPlain rows of a against all packed columns of b.
const (
	kcPlain = 256
	mcPlain = 64
)

// panels holds packed operands, and a product that is to be transposed, between products.
type panels[T float] struct{ a, b, c []T }

var (
	panels32 = sync.Pool{New: func() any { return new(panels[float32]) }}
	panels64 = sync.Pool{New: func() any { return new(panels[float64]) }}
)

// scratch is the pool of panels for elements of type T.
func scratch[T float]() *sync.Pool {
	if unsafe.Sizeof(T(0)) == 4 {
		return &panels32
	}
	return &panels64
}

// grow returns s with room for n elements, whatever they are; it grows by doubling, since products of many
// shapes share few buffers.
func grow[T float](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, 1<<bits.Len(uint(n-1)))
	}
	return s[:n]
}

// multiply sets c to a*b, or adds it: for each block of kcPlain terms, b is packed in
// panels of four columns and a in panels of four rows, and each pair of panels
// makes 4 by 4 numbers of c in registers. Tiny products are made without
// packing.
func multiply[T float](g job[T]) {
	if !g.acc {
		for i := range g.m {
			clear(unsafe.Slice(ptr(g.c, i*g.crs), g.n))
		}
	}
	if g.m*g.n*g.k <= 1024 || g.m < 3 {
		tiny(g)
		return
	}
	pool := scratch[T]()
	s := pool.Get().(*panels[T])
	defer pool.Put(s)
	for p := 0; p < g.k; p += kcPlain {
		kc := min(kcPlain, g.k-p)
		s.b = grow(s.b, (g.n+3)/4*4*kc)
		pack(s.b, g.b.at(p, 0), g.n, kc, true)
		for i := 0; i < g.m; i += mcPlain {
			mc := min(mcPlain, g.m-i)
			s.a = grow(s.a, (mc+3)/4*4*kc)
			pack(s.a, g.a.at(i, p), mc, kc, false)
			for j := tiles(&g, s, i, mc, kc); j < g.n; j += 4 {
				pb := s.b[j*kc : (j+4)*kc]
				for r := 0; r < mc; r += 4 {
					tile(s.a[r*kc:(r+4)*kc], pb, ptr(g.c, (i+r)*g.crs+j), g.crs, min(4, mc-r), min(4, g.n-j))
				}
			}
		}
	}
}

// tiny adds a*b to c by the definition, row by row of b if b's columns are
// contiguous, by scalar products otherwise.
func tiny[T float](g job[T]) {
	for i := range g.m {
		row := unsafe.Slice(ptr(g.c, i*g.crs), g.n)
		if g.b.cs == 1 {
			for p := range g.k {
				v := *g.a.at(i, p).p
				for j, w := range unsafe.Slice(g.b.at(p, 0).p, g.n) {
					row[j] += v * w
				}
			}
			continue
		}
		for j := range row {
			var sum T
			for p := range g.k {
				sum += *g.a.at(i, p).p * *g.b.at(p, j).p
			}
			row[j] += sum
		}
	}
}

// pack copies width lines of kc terms into panels of four lines: dst[4*(q*kc+p)+l] is
// term p of line 4q+l, or zero beyond the last line. Lines are the columns of m if
// columns, else its rows.
func pack[T float](dst []T, m mat[T], width, kc int, columns bool) {
	line, term := m.rs, m.cs
	if columns {
		line, term = m.cs, m.rs
	}
	for q := 0; q < width; q += 4 {
		d := dst[q*kc : (q+4)*kc]
		if width-q < 4 {
			clear(d)
		}
		for l := range min(4, width-q) {
			o := (q + l) * line
			for x := l; x < len(d); x += 4 {
				d[x] = *ptr(m.p, o)
				o += term
			}
		}
	}
}

// tile adds the product of a panel of a and a panel of b to m by n numbers of c.
func tile[T float](a, b []T, c *T, crs, m, n int) {
	var c00, c01, c02, c03, c10, c11, c12, c13 T
	var c20, c21, c22, c23, c30, c31, c32, c33 T
	for len(a) >= 4 && len(b) >= 4 {
		a0, a1, a2, a3 := a[0], a[1], a[2], a[3]
		b0, b1, b2, b3 := b[0], b[1], b[2], b[3]
		c00 += a0 * b0
		c01 += a0 * b1
		c02 += a0 * b2
		c03 += a0 * b3
		c10 += a1 * b0
		c11 += a1 * b1
		c12 += a1 * b2
		c13 += a1 * b3
		c20 += a2 * b0
		c21 += a2 * b1
		c22 += a2 * b2
		c23 += a2 * b3
		c30 += a3 * b0
		c31 += a3 * b1
		c32 += a3 * b2
		c33 += a3 * b3
		a, b = a[4:], b[4:]
	}
	sums := [4][4]T{{c00, c01, c02, c03}, {c10, c11, c12, c13}, {c20, c21, c22, c23}, {c30, c31, c32, c33}}
	for i := range m {
		for j, v := range unsafe.Slice(ptr(c, i*crs), n) {
			*ptr(c, i*crs+j) = v + sums[i][j]
		}
	}
}
