//go:build amd64 && !noasm

package gemm

import "unsafe"

// packB copies panels lo to hi of b: panel q holds the columns from q times its
// width, row by row.
func (x *pass) packB(lo, hi int) {
	for q := lo; q < hi; q++ {
		j := q * 2 * x.set.lanes
		d := x.packed[q*x.panel : (q+1)*x.panel]
		b, n := x.g.b.at(x.p, x.j+j), min(x.brs, x.nc-j)
		switch {
		case b.cs == 1 && n == 2*x.set.lanes:
			if x.set.lanes == 16 {
				packRowsAVX512(x.kc, b.p, 4*b.rs, &d[0])
			} else {
				packRowsAVX2(x.kc, b.p, 4*b.rs, &d[0])
			}
		case b.cs == 1:
			for p := range x.kc {
				row := d[p*x.brs : (p+1)*x.brs]
				copy(row, unsafe.Slice(b.at(p, 0).p, n))
				clear(row[n:])
			}
		case b.rs == 1 && x.kc >= x.set.lanes:
			x.set.packTransposed(d, b, n, x.kc, x.brs)
		default:
			for p := range x.kc {
				row := d[p*x.brs : (p+1)*x.brs]
				for l := range n {
					row[l] = *b.at(p, l).p
				}
				clear(row[n:])
			}
		}
	}
}

// packTransposed packs n columns of b that run along k, a vector of columns at a
// time; the last column stands in for those beyond.
func (s *set) packTransposed(d []float32, b mat[float32], n, kc, width int) {
	for h := 0; h < n; h += s.lanes {
		var rows [16]*float32
		for l := range s.lanes {
			rows[l] = b.at(0, min(h+l, n-1)).p
		}
		if s.lanes == 16 {
			transposeAVX512(kc, &rows[0], &d[h], 4*width)
		} else {
			transposeAVX2(kc, &rows[0], &d[h], 4*width)
		}
	}
}

// packA copies m rows of kc terms, so that rows do not fall on the same lines of the
// cache and pages are few; the result is in the order of a.
func packA(a mat[float32], m, kc int, buf *panels[float32]) mat[float32] {
	if a.rs == 1 && a.cs != 1 {
		ld := m
		if ld%64 == 0 {
			ld += 16
		}
		buf.a = grow(buf.a, kc*ld)
		for p := range kc {
			copy(buf.a[p*ld:], unsafe.Slice(a.at(0, p).p, m))
		}
		return mat[float32]{&buf.a[0], 1, ld}
	}
	ld := kc + 16
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
	return mat[float32]{&buf.a[0], ld, 1}
}
