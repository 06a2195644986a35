// Package pooling holds the inner loops of pooling over float32 planes. A window is pooled along
// its rows first and down its columns then, so that both loops run over neighbours in memory. There is
// assembly for AVX-512 and AVX2; the Go loops are the definition, which gives the same bits (but for
// Sums, which rounds otherwise).
//
// Rows of windows are done in whole vectors: the slices of MaxRow and SumRow have room for Room(n)
// results, and their operand for as many windows; what lies beyond n means nothing.
package pooling

// Lanes is the number of results that are computed at a time.
const Lanes = 16

// Room is n rounded up to whole vectors.
func Room(n int) int { return (n + Lanes - 1) &^ (Lanes - 1) }

// Reach is how many numbers of a row Room(n) windows of k numbers see, and a little more, which
// may be loaded as well.
func Reach(n, k, stride int) int { return Room(n)*stride + k + Lanes }

// wins says whether v takes the place of best: it is larger, or the first NaN.
func wins(v, best float32) bool { return v > best || v != v && best == best }

// MaxRow sets y[j] to the largest of x[j*stride : j*stride+k] and arg[j] to its index less pad, cut to
// [0, last]: the first of equal ones, or the first NaN. It does Room(n) windows.
func MaxRow(n, k, stride int, y []float32, arg []int32, x []float32, pad, last int) {
	n = Room(n)
	if n == 0 {
		return
	}
	y, arg, x = y[:n], arg[:n], x[:Reach(n, k, stride)]
	if stride <= 2 && asmMaxRow(n, k, stride, y, arg, x, pad, last) {
		return
	}
	for j := range y {
		r := x[j*stride : j*stride+k]
		best, at := r[0], 0
		for t, v := range r[1:] {
			if wins(v, best) {
				best, at = v, t+1
			}
		}
		y[j], arg[j] = best, int32(min(max(j*stride+at-pad, 0), last))
	}
}

// SumRow sets y[j] to the sum of x[j*stride : j*stride+k], for Room(n) windows.
func SumRow(n, k, stride int, y, x []float32) {
	n = Room(n)
	if n == 0 {
		return
	}
	y, x = y[:n], x[:Reach(n, k, stride)]
	if stride <= 2 && asmSumRow(n, k, stride, y, x) {
		return
	}
	for j := range y {
		r := x[j*stride : j*stride+k]
		s := r[0]
		for _, v := range r[1:] {
			s += v
		}
		y[j] = s
	}
}

// MaxDown sets y[j] to the largest of the numbers v[i*step+j] of the given rows i and arg[j] to its place,
// at[i*step+j] + (first+i)*width: the first of equal ones, or the first NaN.
func MaxDown(rows, step int, y []float32, arg []int32, v []float32, at []int32, first, width int) {
	if len(y) == 0 {
		return
	}
	arg = arg[:len(y)]
	v, at = v[:(rows-1)*step+len(y)], at[:(rows-1)*step+len(y)]
	if asmMaxDown(rows, step, y, arg, v, at, first*width, width) {
		return
	}
	for j := range y {
		best, place := v[j], int(at[j])+first*width
		for i := 1; i < rows; i++ {
			if w := v[i*step+j]; wins(w, best) {
				best, place = w, int(at[i*step+j])+(first+i)*width
			}
		}
		y[j], arg[j] = best, int32(place)
	}
}

// SumDown sets y[j] to the sum of v[i*step+j] over the given rows i, times s and scale[j].
func SumDown(rows, step int, y, v, scale []float32, s float32) {
	if len(y) == 0 {
		return
	}
	v, scale = v[:(rows-1)*step+len(y)], scale[:len(y)]
	if asmSumDown(rows, step, y, v, scale, s) {
		return
	}
	for j := range y {
		sum := v[j]
		for i := 1; i < rows; i++ {
			sum += v[i*step+j]
		}
		y[j] = float32(sum*s) * scale[j]
	}
}

// Sums sets y[i] to the sum of the n numbers x[i*n : (i+1)*n], times s.
func Sums(n int, y, x []float32, s float32) {
	x = x[:n*len(y)]
	if n == 0 {
		clear(y)
		return
	}
	if asmSums(n, y, x, s) {
		return
	}
	for i := range y {
		var sum float64
		for _, v := range x[i*n : (i+1)*n] {
			sum += float64(v)
		}
		y[i] = float32(sum) * s
	}
}
