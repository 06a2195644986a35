//go:build amd64 && !noasm

package softmax

//go:generate go run -C ../gen . -kernels softmax -pkg softmax -out ../softmax/softmax_amd64.s -stubs ../softmax/stubs_amd64.go

import "github.com/fathom-ml/fathom/internal/kernel/simd"

// chunk is the number of elements that one call does at most: assembly cannot be preempted.
const chunk = 16384

// The functions below say whether there is assembly for this processor. asmRow and asmSumExp do
// at most long numbers.

func asmRow(y, x []float32) (m, s float32, ok bool) {
	switch simd.Active {
	case simd.AVX512:
		m, s = rowAVX512(len(x), &y[0], &x[0])
	case simd.AVX2:
		m, s = rowAVX2(len(x), &y[0], &x[0])
	default:
		return 0, 0, false
	}
	return m, s, true
}

func asmSumExp(x []float32) (m, s float32, ok bool) {
	switch simd.Active {
	case simd.AVX512:
		m, s = sumExpAVX512(len(x), &x[0])
	case simd.AVX2:
		m, s = sumExpAVX2(len(x), &x[0])
	default:
		return 0, 0, false
	}
	return m, s, true
}

func asmGrad(d, g, p []float32, s float32) bool {
	if simd.Active == simd.Go {
		return false
	}
	for len(d) > 0 {
		n := min(len(d), chunk)
		if simd.Active == simd.AVX512 {
			gradAVX512(n, &d[0], &g[0], &p[0], s)
		} else {
			gradAVX2(n, &d[0], &g[0], &p[0], s)
		}
		d, g, p = d[n:], g[n:], p[n:]
	}
	return true
}

func asmLogGrad(d, g, y []float32, s float32) bool {
	if simd.Active == simd.Go {
		return false
	}
	for len(d) > 0 {
		n := min(len(d), chunk)
		if simd.Active == simd.AVX512 {
			logGradAVX512(n, &d[0], &g[0], &y[0], s)
		} else {
			logGradAVX2(n, &d[0], &g[0], &y[0], s)
		}
		d, g, y = d[n:], g[n:], y[n:]
	}
	return true
}

func asmMinus(y, x []float32, a, b float32) bool {
	if simd.Active == simd.Go {
		return false
	}
	for len(y) > 0 {
		n := min(len(y), chunk)
		if simd.Active == simd.AVX512 {
			minusAVX512(n, &y[0], &x[0], a, b)
		} else {
			minusAVX2(n, &y[0], &x[0], a, b)
		}
		y, x = y[n:], x[n:]
	}
	return true
}
