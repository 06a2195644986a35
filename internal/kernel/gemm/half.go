package gemm

import (
	"sync"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/half"
	"github.com/fathom-ml/fathom/internal/pool"
)

// A Half says which floats of two bytes a product has.
type Half bool

// The halves; see package half.
const (
	BF16 Half = false
	F16  Half = true
)

func (h Half) widen(y []float32, x []uint16) {
	if h == F16 {
		half.FromF16(y, x)
	} else {
		half.FromBF16(y, x)
	}
}

func (h Half) round(y []uint16, x []float32) {
	if h == F16 {
		half.ToF16(y, x)
	} else {
		half.ToBF16(y, x)
	}
}

// The blocks of a product of halves: operands are widened a block at a time, while it comes into the cache.
const (
	mcHalf = 512
	kcHalf = 512
	ncHalf = 1024
)

// blocks holds widened operands and sums between products.
type blocks struct{ a, b, c, bias []float32 }

var halfBlocks = sync.Pool{New: func() any { return new(blocks) }}

// Gemm is Gemm32 for halves, a, b, c and bias alike. Sums are made in float32 and rounded once.
func (h Half) Gemm(m, n, k int, a unsafe.Pointer, ars, acs int, b unsafe.Pointer, brs, bcs int,
	c unsafe.Pointer, crs int, acc bool, bias unsafe.Pointer, act uint8) {
	s := halfBlocks.Get().(*blocks)
	defer halfBlocks.Put(s)
	if bias != nil {
		s.bias = grow(s.bias, n)
		h.widen(s.bias, unsafe.Slice((*uint16)(bias), n))
	}
	for j := 0; j < n; j += ncHalf {
		nc := min(ncHalf, n-j)
		for i := 0; i < m; i += mcHalf {
			mc := min(mcHalf, m-i)
			s.c = grow(s.c, mc*nc)
			rows := func(lo int) []uint16 { return unsafe.Slice((*uint16)(unsafe.Add(c, 2*((i+lo)*crs+j))), nc) }
			if acc {
				for r := range mc {
					h.widen(s.c[r*nc:(r+1)*nc], rows(r))
				}
			}
			g := job[float32]{m: mc, n: nc, c: &s.c[0], crs: nc, acc: acc}
			for p := 0; p == 0 || p < k; p += kcHalf {
				if g.k = min(kcHalf, k-p); g.k > 0 {
					s.a, g.a = h.block(s.a, unsafe.Add(a, 2*(i*ars+p*acs)), mc, g.k, ars, acs)
					s.b, g.b = h.block(s.b, unsafe.Add(b, 2*(p*brs+j*bcs)), g.k, nc, brs, bcs)
				}
				if p+kcHalf >= k {
					if g.act = act; bias != nil {
						g.bias = &s.bias[j]
					}
				}
				if !fast(&g) {
					split(g)
				}
				g.acc = true
			}
			pool.For(mc, 1+minPart/nc, func(lo, hi int) {
				for r := lo; r < hi; r++ {
					h.round(rows(r), s.c[r*nc:(r+1)*nc])
				}
			})
		}
	}
}

// block widens a matrix of m by n halves into buf, or a larger one, in the order in which it lies.
func (h Half) block(buf []float32, p unsafe.Pointer, m, n, rs, cs int) ([]float32, mat[float32]) {
	buf = grow(buf, m*n)
	lines, l, step, from := m, n, rs, mat[float32]{&buf[0], n, 1}
	if rs == 1 && cs != 1 {
		lines, l, step, from = n, m, cs, mat[float32]{&buf[0], 1, m}
	}
	switch {
	case rs != 1 && cs != 1:
		var line [64]uint16
		for i := range m {
			for j := 0; j < n; j += len(line) {
				part := line[:min(len(line), n-j)]
				for q := range part {
					part[q] = *(*uint16)(unsafe.Add(p, 2*(i*rs+(j+q)*cs)))
				}
				h.widen(buf[i*n+j:i*n+j+len(part)], part)
			}
		}
	case step == l: // no gaps
		pool.For(m*n, minPart, func(lo, hi int) {
			h.widen(buf[lo:hi], unsafe.Slice((*uint16)(unsafe.Add(p, 2*lo)), hi-lo))
		})
	default:
		pool.For(lines, 1+minPart/l, func(lo, hi int) {
			for i := lo; i < hi; i++ {
				h.widen(buf[i*l:(i+1)*l], unsafe.Slice((*uint16)(unsafe.Add(p, 2*i*step)), l))
			}
		})
	}
	return buf, from
}
