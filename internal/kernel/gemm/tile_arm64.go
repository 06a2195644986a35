//go:build arm64 && !noasm

package gemm

import "github.com/fathom-ml/fathom/internal/kernel/simd"

// tile4x16 adds four rows of sixteen numbers to c: the products of a panel of a and four panels of b, panel bytes
// apart; rows of c are crs bytes apart. k is at least 1.
//
//go:noescape
func tile4x16(k int, a, b *float32, panel int, c *float32, crs int)

// tiles makes whole tiles of sixteen columns with NEON, for mc rows of c from row i, and returns the number of
// columns that are done. Rows that do not fill a tile are made in plain Go.
func tiles[T float](g *job[T], s *panels[T], i, mc, kc int) int {
	a, ok := any(s.a).([]float32)
	if !ok || simd.Active == simd.Go {
		return 0
	}
	b := any(s.b).([]float32)
	c := any(ptr(g.c, i*g.crs)).(*float32)
	done := g.n / 16 * 16
	for j := 0; j < done; j += 16 {
		for r := 0; r < mc; r += 4 {
			if mc-r >= 4 {
				tile4x16(kc, &a[r*kc], &b[j*kc], 16*kc, ptr(c, r*g.crs+j), 4*g.crs)
				continue
			}
			for q := j; q < j+16; q += 4 {
				tile(a[r*kc:(r+4)*kc], b[q*kc:(q+4)*kc], ptr(c, r*g.crs+q), g.crs, mc-r, 4)
			}
		}
	}
	return done
}
