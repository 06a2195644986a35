//go:build amd64 && !noasm

package gemm

import "unsafe"

// The swapped form makes the transposed product, cᵀ = bᵀaᵀ, and turns it round. It pays for a c of few columns
// whose a runs down its columns: read as it lies, aᵀ fills the lanes that the columns of c leave empty. It pays
// for a c of few rows whose b runs down its columns, too: packing a costs less than packing b.

// narrowC is the most columns, or rows, of c for which roles are swapped.
const narrowC = 16

// swaps says whether the swapped form pays.
func (s *setOf[T]) swaps(g *job[T]) bool {
	if g.a.rs == 1 && g.a.cs != 1 && g.n <= narrowC && g.m >= 4*s.lanes {
		return true
	}
	return false
}

// swapped computes a product of few columns by the transposed one, some rows at a time.
func (s *setOf[T]) swapped(g *job[T]) {
	const most = 1024 // rows at a time
	buf := scratch[T]().Get().(*panels[T])
	width := (g.n + s.lanes - 1) / s.lanes * s.lanes
	for i := 0; i < g.m; i += most {
		m := min(most, g.m-i)
		if m < s.lanes {
			p := g.part(i, i+m, 0, g.n)
			s.serial(&p, s.packsB(&p))
			break
		}
		buf.c = grow(buf.c, (g.n+width)*m)
		turned, rows := buf.c[:g.n*m], buf.c[g.n*m:]
		t := job[T]{m: g.n, n: m, k: g.k, a: g.b.turned(), b: g.a.at(i, 0).turned(), c: &turned[0], crs: m}
		s.serial(&t, s.packsB(&t))
		s.packTransposed(rows, mat[T]{&turned[0], 1, m}, g.n, m, width)
		for r := range m {
			row, sum := unsafe.Slice(ptr(g.c, (i+r)*g.crs), g.n), rows[r*width:]
			if !g.acc {
				copy(row, sum)
				continue
			}
			for j := range row {
				row[j] += sum[j]
			}
		}
	}
	scratch[T]().Put(buf)
	finish(*g)
}

// turned is the operand transposed.
func (m mat[T]) turned() mat[T] { return mat[T]{m.p, m.cs, m.rs} }
