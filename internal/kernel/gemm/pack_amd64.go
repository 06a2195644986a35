//go:build amd64 && !noasm

package gemm

import "unsafe"

// packB copies panels lo to hi of b: panel q holds the columns from q times its
// width, row by row.
func (x *passOf[T]) packB(lo, hi int) {
	for q := lo; q < hi; q++ {
		j := q * 2 * x.set.lanes
		x.set.packPanel(x.packed[q*x.panel:(q+1)*x.panel], x.g.b.at(x.p, x.j+j), min(x.brs, x.nc-j), x.kc, x.brs)
	}
}

// packPanel copies kc rows of n columns each to a panel of some width. What stands beyond the columns does
// not matter: the lanes that read it are not stored.
func (s *setOf[T]) packPanel(d []T, b mat[T], n, kc, width int) {
	switch {
	case b.cs == 1 && n == 2*s.lanes:
		s.packRows(kc, b.p, s.size()*b.rs, &d[0])
	case b.cs == 1 && n <= s.lanes:
		s.packColumns(kc, b.p, s.size()*b.rs, &d[0], n, s.size()*width)
	case b.cs == 1:
		for p := range kc {
			copy(d[p*width:(p+1)*width], unsafe.Slice(b.at(p, 0).p, n))
		}
	case b.rs == 1 && kc >= s.lanes:
		s.packTransposed(d, b, n, kc, width)
	case b.rs == 1:
		for l := range n {
			o := l
			for _, v := range unsafe.Slice(b.at(0, l).p, kc) {
				d[o] = v
				o += width
			}
		}
	default:
		for p := range kc {
			for l := range n {
				d[p*width+l] = *b.at(p, l).p
			}
		}
	}
}

// packTransposed packs n columns of b that run along k, a vector of columns at a
// time; the last column stands in for those beyond.
func (s *setOf[T]) packTransposed(d []T, b mat[T], n, kc, width int) {
	for h := 0; h < n; h += s.lanes {
		var rows [16]*T
		for l := range s.lanes {
			rows[l] = b.at(0, min(h+l, n-1)).p
		}
		s.transpose(kc, &rows[0], &d[h], s.size()*width)
	}
}

// packA copies m rows of kc terms, so that rows do not fall on the same lines of the
// cache and pages are few; each r-th row begins r times step after the first. Columns that are
// contiguous are cut into panels of high rows, other rows stay in one piece.
func (s *setOf[T]) packA(a mat[T], m, kc, high int, buf *panels[T]) (packed mat[T], step int) {
	if a.rs == 1 && a.cs != 1 {
		buf.a = grow(buf.a, (m+high-1)/high*high*kc+2*s.lanes)
		for r := 0; r < m; r += high {
			s.packColumns(kc, a.at(r, 0).p, s.size()*a.cs, &buf.a[r*kc], min(high, m-r), s.size()*high)
		}
		return mat[T]{&buf.a[0], 1, high}, kc
	}
	ld := kc + 64/s.size()
	buf.a = grow(buf.a, m*ld)
	for i := range m {
		row := buf.a[i*ld : i*ld+kc]
		if a.cs == 1 {
			copy(row, unsafe.Slice(a.at(i, 0).p, kc))
			continue
		}
		for p := range row {
			row[p] = *a.at(i, p).p
		}
	}
	return mat[T]{&buf.a[0], ld, 1}, ld
}
