//go:build amd64 && !noasm

package pooling

//go:generate go run -C ../gen . -kernels pooling -pkg pooling -out ../pooling/pooling_amd64.s -stubs ../pooling/stubs_amd64.go

import "github.com/fathom-ml/fathom/internal/kernel/simd"

// most is how many numbers one call looks at, about: assembly cannot be preempted.
const most = 1 << 16

// The functions below say whether there is assembly for this processor and this size.

func asmMaxRow(n, k, stride int, y []float32, arg []int32, x []float32, pad, last int) bool {
	if n*k > most {
		return false
	}
	p, l := int32(pad), int32(last)
	switch {
	case simd.Active == simd.AVX512 && stride == 1:
		maxRow1AVX512(n/16, k, &y[0], &arg[0], &x[0], p, l)
	case simd.Active == simd.AVX512:
		maxRow2AVX512(n/16, k, &y[0], &arg[0], &x[0], p, l)
	case simd.Active == simd.AVX2 && stride == 1:
		maxRow1AVX2(n/8, k, &y[0], &arg[0], &x[0], p, l)
	case simd.Active == simd.AVX2:
		maxRow2AVX2(n/8, k, &y[0], &arg[0], &x[0], p, l)
	default:
		return false
	}
	return true
}

func asmSumRow(n, k, stride int, y, x []float32) bool {
	if n*k > most {
		return false
	}
	switch {
	case simd.Active == simd.AVX512 && stride == 1:
		sumRow1AVX512(n/16, k, &y[0], &x[0])
	case simd.Active == simd.AVX512:
		sumRow2AVX512(n/16, k, &y[0], &x[0])
	case simd.Active == simd.AVX2 && stride == 1:
		sumRow1AVX2(n/8, k, &y[0], &x[0])
	case simd.Active == simd.AVX2:
		sumRow2AVX2(n/8, k, &y[0], &x[0])
	default:
		return false
	}
	return true
}

func asmMaxDown(rows, step int, y []float32, arg []int32, v []float32, at []int32, first, width int) bool {
	if len(y)*rows > most {
		return false
	}
	switch simd.Active {
	case simd.AVX512:
		maxDownAVX512(len(y), rows, step, &y[0], &arg[0], &v[0], &at[0], int32(first), int32(width))
	case simd.AVX2:
		maxDownAVX2(len(y), rows, step, &y[0], &arg[0], &v[0], &at[0], int32(first), int32(width))
	default:
		return false
	}
	return true
}

func asmSumDown(rows, step int, y, v, scale []float32, s float32) bool {
	if len(y)*rows > most {
		return false
	}
	switch simd.Active {
	case simd.AVX512:
		sumDownAVX512(len(y), rows, step, &y[0], &v[0], &scale[0], s)
	case simd.AVX2:
		sumDownAVX2(len(y), rows, step, &y[0], &v[0], &scale[0], s)
	default:
		return false
	}
	return true
}

func asmSums(n int, y, x []float32, s float32) bool {
	if simd.Active == simd.Go || n > most {
		return false
	}
	for len(y) > 0 {
		r := min(len(y), max(1, 8192/n))
		if simd.Active == simd.AVX512 {
			sumsAVX512(r, n, &y[0], &x[0], s)
		} else {
			sumsAVX2(r, n, &y[0], &x[0], s)
		}
		y, x = y[r:], x[r*n:]
	}
	return true
}
