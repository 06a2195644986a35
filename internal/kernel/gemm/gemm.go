// Package gemm multiplies matrices: c = act(a*b + bias), or the same added to c.
//
// Operands are pointers with a row stride and a column stride, counted in
// elements, so that transposed operands are the same call with the strides
// swapped; only the rows of c must be contiguous. Large products are split among the
// workers of package pool by rows or by columns of c, by shape and GOMAXPROCS
// alone. Each element of c is one chain of sums over k, cut where k is blocked
// and nowhere else: threads do not change a single bit.
package gemm

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/pool"
)

// The activations of an epilogue, numbered as kernel.Activation.
const (
	none uint8 = iota
	relu
	sigmoid
	tanh
	gelu
	geluTanh
)

// float is what a matrix holds.
type float interface{ float32 | float64 }

// mat is an operand: element (i, j) is at p + i*rs + j*cs.
type mat[T float] struct {
	p      *T
	rs, cs int
}

// at is the operand that starts at element (i, j) of m.
func (m mat[T]) at(i, j int) mat[T] {
	return mat[T]{ptr(m.p, i*m.rs+j*m.cs), m.rs, m.cs}
}

// from is the operand that starts i elements after m.
func (m mat[T]) from(i int) mat[T] {
	m.p = ptr(m.p, i)
	return m
}

// ptr is p + i elements.
func ptr[T float](p *T, i int) *T {
	var t T
	return (*T)(unsafe.Add(unsafe.Pointer(p), i*int(unsafe.Sizeof(t))))
}

// job is one product: c is m by n, a is m by k, b is k by n.
type job[T float] struct {
	m, n, k int
	a, b    mat[T]
	c       *T
	crs     int
	acc     bool
	bias    *T // one number per column of c, or nil
	act     uint8
}

// part is the product for rows [i0, i1) and columns [j0, j1) of c.
func (g job[T]) part(i0, i1, j0, j1 int) job[T] {
	g.m, g.n = i1-i0, j1-j0
	g.a, g.b = g.a.at(i0, 0), g.b.at(0, j0)
	g.c = ptr(g.c, i0*g.crs+j0)
	if g.bias != nil {
		g.bias = ptr(g.bias, j0)
	}
	return g
}

// A Product is one product, or many of one shape that lie in memory in one way.
type Product[T float] struct{ g job[T] }

// New describes the product that sets c (m by n, row stride crs, columns contiguous) to a (m by k) times b (k by n),
// or adds it to c if acc; then adds bias (n numbers, may be nil) to every row and applies act (0 none, 1 ReLU,
// 2 sigmoid, 3 tanh, 4 GELU, 5 its tanh form). If k is 0 the product is zero. c must not overlap the operands.
func New[T float](m, n, k int, a unsafe.Pointer, ars, acs int, b unsafe.Pointer, brs, bcs int,
	c unsafe.Pointer, crs int, acc bool, bias unsafe.Pointer, act uint8) Product[T] {
	return Product[T]{job[T]{m, n, k, mat[T]{(*T)(a), ars, acs}, mat[T]{(*T)(b), brs, bcs}, (*T)(c), crs, acc, (*T)(bias), act}}
}

// At computes the product whose matrices begin a, b and c elements after those given to New.
func (p *Product[T]) At(a, b, c int) {
	g := p.g
	if g.m <= 0 || g.n <= 0 {
		return
	}
	if g.k > 0 {
		g.a, g.b = g.a.from(a), g.b.from(b)
	}
	g.c = ptr(g.c, c)
	if !fast(&g) {
		split(g)
	}
}

// Gemm32 computes one product of float32; see New.
func Gemm32(m, n, k int, a unsafe.Pointer, ars, acs int, b unsafe.Pointer, brs, bcs int,
	c unsafe.Pointer, crs int, acc bool, bias unsafe.Pointer, act uint8) {
	g := job[float32]{m, n, k, mat[float32]{(*float32)(a), ars, acs}, mat[float32]{(*float32)(b), brs, bcs}, (*float32)(c), crs, acc, (*float32)(bias), act}
	if m > 0 && n > 0 && !fast(&g) {
		split(g)
	}
}

// Gemm64 computes one product of float64; see New.
func Gemm64(m, n, k int, a unsafe.Pointer, ars, acs int, b unsafe.Pointer, brs, bcs int,
	c unsafe.Pointer, crs int, acc bool, bias unsafe.Pointer, act uint8) {
	g := job[float64]{m, n, k, mat[float64]{(*float64)(a), ars, acs}, mat[float64]{(*float64)(b), brs, bcs}, (*float64)(c), crs, acc, (*float64)(bias), act}
	if m > 0 && n > 0 && !fast(&g) {
		split(g)
	}
}

// run computes a product on the caller's goroutine, in plain Go.
func run[T float](g job[T]) {
	multiply(g)
	finish(g)
}

// A product is split among workers from threadWork multiplications on; a part is at
// least minPart of them.
const (
	threadWork = 200_000
	minPart    = 64_000
)

// split runs g in parts: by columns where c is flat and wide, else by rows.
func split[T float](g job[T]) {
	if work := float64(g.m) * float64(g.n) * float64(g.k); work < threadWork || pool.Workers() == 1 {
		run(g)
		return
	}
	const unit = 32 // columns, or rows/2, that stay together
	if g.m < 48 || g.n >= 8*g.m {
		units := (g.n + unit - 1) / unit
		grain := minPart/(g.m*max(g.k, 1)*unit) + 1
		if units > 1 {
			pool.For(units, grain, func(lo, hi int) {
				run(g.part(0, g.m, lo*unit, min(hi*unit, g.n)))
			})
			return
		}
	}
	grain := minPart/(g.n*max(g.k, 1)) + 1
	pool.For(g.m, grain, func(lo, hi int) { run(g.part(lo, hi, 0, g.n)) })
}
