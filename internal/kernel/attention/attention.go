// Package attention holds the loops over blocks of scores that attention needs beside matrix products. A block
// is m rows of n numbers, ld apart; for float32 n is a multiple of [Lanes]. Row i of the block sees the columns of
// which the number is below limit[i], the first of the block having the number first.
package attention

import (
	"math"
	"unsafe"
)

// Lanes is what the width of a block of scores is a multiple of.
const Lanes = 16

type float interface{ float32 | float64 }

// A Block is m rows of n numbers, the first number of a row ld numbers after that of the last row.
type Block struct {
	M, N, LD int
	First    int // number of the first column
	Limit    []int32
}

// Keep is the mask of dropout, of the rows of a block LD apart: what each weight is multiplied by. Without S nothing is dropped. Rows
// of float32 have room up to the block's width.
type Keep[T float] struct {
	S  []T
	LD int
}

// Lowest is what top holds before the first block of a row: all scores are larger, but for those of -Inf, which
// have no weight.
const Lowest = -math.MaxFloat32

// Weights turns the scores s of a block into weights and puts their sums into sum: with t = max(top, max scale*s) over
// the columns that row i sees,
//
//	s = e^(scale*s - t), 0 in the other columns;  sum = the sum of s;  s = s*keep;  top = t
func Weights[T float](b Block, s []T, scale T, top, sum []T, keep Keep[T]) {
	if s32, ok := any(s).([]float32); ok && asmWeights(b, s32, float32(scale), any(top).([]float32), any(sum).([]float32), any(keep.S).([]float32), keep.LD) {
		return
	}
	for i := range b.M {
		row, n, t := s[i*b.LD:i*b.LD+b.N], b.seen(i), top[i]
		for _, v := range row[:n] {
			if v = scale * v; v > t {
				t = v
			}
		}
		var total T
		for j, v := range row[:n] {
			row[j] = T(math.Exp(float64(T(scale*v) - t)))
			total += row[j]
		}
		clear(row[n:])
		top[i], sum[i] = t, total
		if keep.S != nil {
			for j, k := range keep.S[i*keep.LD:][:n] {
				row[j] *= k
			}
		}
	}
}

// seen is the number of columns that row i sees.
func (b Block) seen(i int) int { return max(0, min(b.N, int(b.Limit[i])-b.First)) }

// Grads turns the scores s into weights and the gradients d of the weights into those of the scores:
//
//	s = e^(scale*s - lse),  d = scale*s*(d*keep - dot),  s = s*keep;  0 in the columns that a row does not see
func Grads[T float](b Block, s, d []T, scale T, lse, dot []T, keep Keep[T]) {
	if s32, ok := any(s).([]float32); ok && asmGrads(b, s32, any(d).([]float32), float32(scale), any(lse).([]float32), any(dot).([]float32), any(keep.S).([]float32), keep.LD) {
		return
	}
	for i := range b.M {
		p, g, n := s[i*b.LD:i*b.LD+b.N], d[i*b.LD:i*b.LD+b.N], b.seen(i)
		for j, v := range p[:n] {
			k := T(1)
			if keep.S != nil {
				k = keep.S[i*keep.LD+j]
			}
			w := T(math.Exp(float64(T(scale*v) - lse[i])))
			p[j], g[j] = w*k, scale*(w*(T(g[j]*k)-dot[i]))
		}
		clear(p[n:])
		clear(g[n:])
	}
}

// RowDots sets y to the scalar products of m pairs of rows of n numbers, lda and ldb apart.
func RowDots[T float](m, n int, a *T, lda int, b *T, ldb int, y []T) {
	if y32, ok := any(y).([]float32); ok && asmRowDots(m, n, any(a).(*float32), lda, any(b).(*float32), ldb, y32) {
		return
	}
	for i := range m {
		p, q := unsafe.Slice(at(a, i*lda), n), unsafe.Slice(at(b, i*ldb), n)
		var sum T
		for j, v := range p {
			sum += v * q[j]
		}
		y[i] = sum
	}
}

// ScaleRows multiplies m rows of n numbers, ld apart, by c[i].
func ScaleRows[T float](m, n int, y *T, ld int, c []T) {
	if c32, ok := any(c).([]float32); ok && asmScaleRows(m, n, any(y).(*float32), ld, c32) {
		return
	}
	for i := range m {
		row := unsafe.Slice(at(y, i*ld), n)
		for j := range row {
			row[j] *= c[i]
		}
	}
}

// Columns copies the columns of x, m rows by n columns with any strides, as rows: y[j*ld+i] = x[i*rs+j*cs]. Rows of y have room up to a
// multiple of Lanes numbers, where anything may be written.
func Columns[T float](m, n int, x *T, rs, cs int, y []T, ld int) {
	if y32, ok := any(y).([]float32); ok && asmColumns(m, n, any(x).(*float32), rs, cs, y32, ld) {
		return
	}
	for j := range n {
		row := y[j*ld : j*ld+m]
		for i := range row {
			row[i] = *at(x, i*rs+j*cs)
		}
	}
}

// at is p + i numbers.
func at[T float](p *T, i int) *T {
	var t T
	return (*T)(unsafe.Add(unsafe.Pointer(p), i*int(unsafe.Sizeof(t))))
}
