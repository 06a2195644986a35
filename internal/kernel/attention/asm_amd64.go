//go:build amd64 && !noasm

package attention

//go:generate go run -C ../gen . -kernels attention -pkg attention -out ../attention/attention_amd64.s -stubs ../attention/stubs_amd64.go

import (
	"math"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/simd"
)

// The functions below run a routine and say whether they did. A block is small: no call is long.

func asmWeights(b Block, s []float32, scale float32, top, sum, keep []float32, ldk int) bool {
	if simd.Active == simd.Go || b.M == 0 || b.N == 0 {
		return false
	}
	f := weightsAVX512
	if simd.Active == simd.AVX2 {
		f = weightsAVX2
	}
	f(b.M, 4*b.N, &s[0], 4*b.LD, uint32(b.First), &b.Limit[0], scale, &top[0], &sum[0], unsafe.SliceData(keep), 4*ldk)
	return true
}

func asmGrads(b Block, s, d []float32, scale float32, lse, dot, keep []float32, ldk int) bool {
	if simd.Active == simd.Go || b.M == 0 || b.N == 0 {
		return false
	}
	f := gradsAVX512
	if simd.Active == simd.AVX2 {
		f = gradsAVX2
	}
	f(b.M, 4*b.N, &s[0], &d[0], 4*b.LD, uint32(b.First), &b.Limit[0], scale, &lse[0], &dot[0], unsafe.SliceData(keep), 4*ldk)
	return true
}

func asmRowDots(m, n int, a *float32, lda int, b *float32, ldb int, y []float32) bool {
	if simd.Active == simd.Go || m == 0 {
		return false
	}
	f := rowDotsAVX512
	if simd.Active == simd.AVX2 {
		f = rowDotsAVX2
	}
	f(m, n, a, 4*lda, b, 4*ldb, &y[0])
	return true
}

func asmScaleRows(m, n int, y *float32, ld int, c []float32) bool {
	if simd.Active == simd.Go || m == 0 {
		return false
	}
	f := scaleRowsAVX512
	if simd.Active == simd.AVX2 {
		f = scaleRowsAVX2
	}
	f(m, n, y, 4*ld, &c[0])
	return true
}

// asmColumns takes a vector of rows at a time: eight columns by shuffles if they lie side by side, others by gathering,
// where the offsets of the lanes are numbers of 32 bits.
func asmColumns(m, n int, x *float32, rs, cs int, y []float32, ld int) bool {
	if simd.Active == simd.Go || m == 0 || n == 0 || rs > math.MaxInt32/64 || rs < -math.MaxInt32/64 {
		return false
	}
	lanes := 16
	if simd.Active == simd.AVX2 {
		lanes = 8
	}
	turned := 0
	if cs == 1 {
		turned = n &^ 7
	}
	for i := 0; i < m; i += lanes {
		if turned > 0 {
			turn(turned/8, m-i, at(x, i*rs), rs, &y[i], ld)
		}
		if turned < n {
			rows, from, to := min(lanes, m-i), at(x, i*rs+turned*cs), &y[i+turned*ld]
			if lanes == 16 {
				gatherAVX512(rows, n-turned, from, 4*rs, 4*cs, to, 4*ld)
			} else {
				gatherAVX2(rows, n-turned, from, 4*rs, 4*cs, to, 4*ld)
			}
		}
	}
	return true
}

// turn transposes n groups of eight columns of a vector of rows; the last of the m rows stands for those that are not there.
func turn(n, m int, x *float32, rs int, y *float32, ld int) {
	var rows [16]*float32
	for l := range rows {
		rows[l] = at(x, min(l, m-1)*rs)
	}
	if simd.Active == simd.AVX512 {
		turnAVX512(n, &rows, y, 4*ld)
	} else {
		turnAVX2(n, &rows, y, 4*ld)
	}
}
