//go:build amd64 && !noasm

package gemm

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/pool"
)

// packPanels fills the panels if there are kernels for them.
func packPanels[T float](w *Packed[T]) {
	w32, ok := any(w).(*Packed[float32])
	s := active()
	if !ok || s == nil {
		return
	}
	w32.width = 2 * s.lanes
	if w.n <= s.lanes {
		w32.width = s.lanes
	}
	x := pass{set: s, g: job[float32]{n: w.n, k: w.k, b: w32.b}, kc: w.k, nc: w.n, brs: w32.width, panel: w.k * w32.width}
	w32.reserve(x.panels() * x.panel)
	x.packed = w32.panels
	pool.For(x.panels(), 1+minPart/x.panel, x.packB)
}

// kcPacked is the number of terms after which the next rows of a use the same part of a panel,
// so that it comes from the first-level cache.
const kcPacked = 256

// mulPanels multiplies panel by panel, all rows of a against a part of one.
func mulPanels[T float](v *Packed[T], g32 *job[T]) {
	w := any(v).(*Packed[float32])
	g := (*job[float32])(unsafe.Pointer(g32))
	s := active()
	high := blockOf(g.m, s.rows, 1)
	kc := blockOf(g.k, kcPacked, 4)
	for j := 0; j < g.n; j += w.width {
		nv, last := 0, g.n-j
		if last > s.lanes {
			nv, last = 1, min(last, w.width)-s.lanes
		}
		for p := 0; p < g.k; p += kc {
			terms, flags := min(kc, g.k-p), flagWhole
			var bias *float32
			if g.acc || p > 0 {
				flags |= flagAcc
			}
			if p+terms == g.k && g.bias != nil {
				bias = ptr(g.bias, j)
			}
			b := &w.panels[j*g.k+p*w.width]
			for i := 0; i < g.m; i += high {
				m := min(high, g.m-i)
				s.micro[nv][m-1](terms, g.a.at(i, p).p, 4*g.a.rs, 4, b, 4*w.width, ptr(g.c, i*g.crs+j), 4*g.crs, last, flags, bias)
			}
		}
	}
}
