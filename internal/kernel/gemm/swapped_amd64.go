//go:build amd64 && !noasm

package gemm

import "unsafe"

// The swapped forms make the transposed product, cᵀ = bᵀaᵀ, a part at a time, and turn it round.
//
// It pays for a c of few columns whose a runs down its columns: read as it lies, aᵀ fills the lanes that the columns
// of c leave empty. And it pays for a c of few rows, fewer than there are terms, whose b runs down its columns:
// the rows of bᵀ are read as they lie, and there is less of c to turn than there is of b.

const (
	narrowC = 16  // most columns for which roles are swapped
	lowC    = 128 // most rows
)

// swapsColumns says whether the swapped form pays for a product of few columns.
func (s *setOf[T]) swapsColumns(g *job[T]) bool {
	return g.a.rs == 1 && g.a.cs != 1 && g.n <= narrowC && g.m >= 4*s.lanes
}

// swapsRows says whether the swapped form pays for a product of few rows.
func (s *setOf[T]) swapsRows(g *job[T]) bool {
	return g.b.rs == 1 && g.b.cs != 1 && !g.acc && g.m >= s.lanes && g.m <= lowC && 2*g.k >= 3*g.m && g.n >= 4*s.lanes
}

// turnedPart makes the transposed product for m rows of c from row i and n columns from column j.
func (s *setOf[T]) turnedPart(g *job[T], i, m, j, n int, c []T) {
	t := job[T]{m: n, n: m, k: g.k, a: g.b.at(0, j).turned(), b: g.a.at(i, 0).turned(), c: &c[0], crs: m}
	s.serial(&t, s.packsB(&t))
}

// byColumns computes a product of few columns, some rows at a time.
func (s *setOf[T]) byColumns(g *job[T]) {
	const most = 1024
	buf := scratch[T]().Get().(*panels[T])
	width := (g.n + s.lanes - 1) / s.lanes * s.lanes
	for i := 0; i < g.m; i += most {
		m := min(most, g.m-i)
		if m < s.lanes {
			p := g.part(i, i+m, 0, g.n)
			p.bias, p.act = nil, none
			s.serial(&p, s.packsB(&p))
			break
		}
		buf.c = grow(buf.c, (g.n+width)*m)
		turned, rows := buf.c[:g.n*m], buf.c[g.n*m:]
		s.turnedPart(g, i, m, 0, g.n, turned)
		done := 0
		if g.crs == g.n && width == s.lanes && !g.acc {
			// Rows without gaps are written in order, each in full vectors, as long as what goes beyond stays in c.
			if done = (m + 1 - (s.lanes+g.n-1)/g.n) / s.lanes * s.lanes; done > 0 {
				s.packTransposed(unsafe.Slice(ptr(g.c, i*g.crs), done*g.n), mat[T]{&turned[0], 1, m}, g.n, done, g.n)
			}
		}
		if rest := m - done; rest < s.lanes {
			done = max(0, m-s.lanes)
		}
		s.packTransposed(rows[done*width:], mat[T]{&turned[done], 1, m}, g.n, m-done, width)
		for r := done; r < m; r++ {
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

// byRows computes a product of few rows, some columns at a time.
func (s *setOf[T]) byRows(g *job[T]) {
	const most = 32 << 10 // numbers of c
	if g.n < s.lanes {
		s.serial(g, s.packsB(g))
		return
	}
	buf := scratch[T]().Get().(*panels[T])
	part := blockOf(g.n, most/g.m, s.lanes)
	for j := 0; j < g.n; j += part {
		n := min(part, g.n-j)
		if n < s.lanes { // the last ones are made again with some before
			j, n = j-(s.lanes-n), s.lanes
		}
		buf.c = grow(buf.c, g.m*n)
		s.turnedPart(g, 0, g.m, j, n, buf.c)
		for q := 0; q < n; q += s.lanes {
			at := min(q, n-s.lanes)
			var rows [16]*T
			for l := range s.lanes {
				rows[l] = &buf.c[(at+l)*g.m]
			}
			s.transpose(g.m, &rows[0], ptr(g.c, j+at), s.size()*g.crs)
		}
		finish(g.part(0, g.m, j, j+n))
	}
	scratch[T]().Put(buf)
}

// turned is the operand transposed.
func (m mat[T]) turned() mat[T] { return mat[T]{m.p, m.cs, m.rs} }
