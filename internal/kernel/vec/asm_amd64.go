//go:build amd64 && !noasm

package vec

//go:generate go run -C ../gen . -kernels vec -pkg vec -out ../vec/vec_amd64.s -stubs ../vec/stubs_amd64.go -calls ../vec/calls_amd64.go

import (
	"math"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/simd"
)

// chunk is the number of elements that one call of an assembly routine does at most:
// such code cannot be preempted, and 16384 elements take some ten microseconds.
const chunk = 16384

// short is the number of elements below which the call of a routine costs more than it saves.
const short = 8

// The functions below run a routine over whole slices and say whether they did:
// at level Go the caller's loop follows. Slices are at least as long as the first.

func asmBinary(op opBinary, y, a, b []float32) bool {
	if simd.Active == simd.Go || len(y) < short {
		return false
	}
	for len(y) > chunk {
		callBinary(op, chunk, &y[0], &a[0], &b[0])
		y, a, b = y[chunk:], a[chunk:], b[chunk:]
	}
	callBinary(op, len(y), unsafe.SliceData(y), unsafe.SliceData(a), unsafe.SliceData(b))
	return true
}

func asmUnary(op opUnary, y, x []float32) bool {
	if simd.Active == simd.Go {
		return false
	}
	for len(y) > chunk {
		callUnary(op, chunk, &y[0], &x[0])
		y, x = y[chunk:], x[chunk:]
	}
	callUnary(op, len(y), unsafe.SliceData(y), unsafe.SliceData(x))
	return true
}

// A partial routine stops at the first vector with an argument that it does not know. Then that vector, or what there is of
// it, is done once more with these arguments replaced, and they by themselves in Go: no result depends on its neighbours.
const vector = 16

func asmAngle(op opAngle, y, x []float32) bool {
	if simd.Active == simd.Go {
		return false
	}
	for len(y) > 0 {
		n := min(len(y), chunk)
		if left := callAngle(op, n, &y[0], &x[0]); left > 0 {
			from := n - left
			n = min(from+vector, len(y))
			var in, out [vector]float32
			for i, v := range x[from:n] {
				if !largeAngle(v) {
					in[i] = v
				}
			}
			callAngle(op, vector, &out[0], &in[0])
			for i, v := range x[from:n] {
				if largeAngle(v) {
					out[i] = float32(angles[op](float64(v)))
				}
			}
			copy(y[from:n], out[:])
		}
		y, x = y[n:], x[n:]
	}
	return true
}

// largeAngle is the test that stops the routine: angles of 65536 and more, infinite ones and NaN.
func largeAngle(x float32) bool { return !(x > -65536 && x < 65536) }

func asmPow(y, a, b []float32) bool {
	if simd.Active == simd.Go {
		return false
	}
	for len(y) > 0 {
		n := min(len(y), chunk)
		if left := callPow(n, &y[0], &a[0], &b[0]); left > 0 {
			from := n - left
			n = min(from+vector, len(y))
			var base, exponent, out [vector]float32
			for i := range n - from {
				if u, v := a[from+i], b[from+i]; !strangePower(u, v) {
					base[i], exponent[i] = u, v
				}
			}
			callPow(vector, &out[0], &base[0], &exponent[0])
			for i := range n - from {
				if u, v := a[from+i], b[from+i]; strangePower(u, v) {
					out[i] = float32(math.Pow(float64(u), float64(v)))
				}
			}
			copy(y[from:n], out[:])
		}
		y, a, b = y[n:], a[n:], b[n:]
	}
	return true
}

func callPow(n int, y, a, b *float32) int {
	if simd.Active == simd.AVX512 {
		return powAVX512(n, y, a, b)
	}
	return powAVX2(n, y, a, b)
}

// strangePower is the test that stops the routine.
func strangePower(a, b float32) bool {
	size := math.Abs(float64(b))
	return a != a || !(size < 1<<23) || size < 0x1p-90 && size > 0 || a < 0 && math.RoundToEven(float64(b)) != float64(b)
}

func asmScalar(op opScalar, y, a []float32, s, t float32) bool {
	if simd.Active == simd.Go {
		return false
	}
	for len(y) > chunk {
		callScalar(op, chunk, &y[0], &a[0], s, t)
		y, a = y[chunk:], a[chunk:]
	}
	callScalar(op, len(y), unsafe.SliceData(y), unsafe.SliceData(a), s, t)
	return true
}

func asmFill(y []float32, v float32) bool {
	if simd.Active == simd.Go {
		return false
	}
	for len(y) > 0 {
		n := min(len(y), chunk)
		if simd.Active == simd.AVX512 {
			fillAVX512(n, &y[0], v)
		} else {
			fillAVX2(n, &y[0], v)
		}
		y = y[n:]
	}
	return true
}

func asmMulAdd(y, x, a, b []float32, s float32) bool {
	if simd.Active == simd.Go {
		return false
	}
	for len(y) > 0 {
		n := min(len(y), chunk)
		if simd.Active == simd.AVX512 {
			mulAddAVX512(n, &y[0], &x[0], &a[0], &b[0], s)
		} else {
			mulAddAVX2(n, &y[0], &x[0], &a[0], &b[0], s)
		}
		y, x, a, b = y[n:], x[n:], a[n:], b[n:]
	}
	return true
}

// asmSum and asmDot do one block, asmMax and asmMin one chunk.

func asmSum(x []float32) (float32, bool) {
	switch simd.Active {
	case simd.AVX512:
		return sumAVX512(len(x), unsafe.SliceData(x)), true
	case simd.AVX2:
		return sumAVX2(len(x), unsafe.SliceData(x)), true
	}
	return 0, false
}

func asmDot(a, b []float32) (float32, bool) {
	switch simd.Active {
	case simd.AVX512:
		return dotAVX512(len(a), unsafe.SliceData(a), unsafe.SliceData(b)), true
	case simd.AVX2:
		return dotAVX2(len(a), unsafe.SliceData(a), unsafe.SliceData(b)), true
	}
	return 0, false
}

func asmMax(x []float32) (float32, bool) {
	switch simd.Active {
	case simd.AVX512:
		return maxOfAVX512(len(x), unsafe.SliceData(x)), true
	case simd.AVX2:
		return maxOfAVX2(len(x), unsafe.SliceData(x)), true
	}
	return 0, false
}

func asmMin(x []float32) (float32, bool) {
	switch simd.Active {
	case simd.AVX512:
		return minOfAVX512(len(x), unsafe.SliceData(x)), true
	case simd.AVX2:
		return minOfAVX2(len(x), unsafe.SliceData(x)), true
	}
	return 0, false
}

func asmExpSum(y, x []float32, c float32) (float32, bool) {
	if simd.Active == simd.Go {
		return 0, false
	}
	var total float64
	for len(y) > 0 {
		n := min(len(y), block)
		if simd.Active == simd.AVX512 {
			total += float64(expSumAVX512(n, &y[0], &x[0], c))
		} else {
			total += float64(expSumAVX2(n, &y[0], &x[0], c))
		}
		y, x = y[n:], x[n:]
	}
	return float32(total), true
}
