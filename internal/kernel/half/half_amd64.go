//go:build amd64 && !noasm

package half

//go:generate go run -C ../gen . -kernels half -pkg half -out ../half/half_amd64.s -stubs ../half/stubs_amd64.go

import "github.com/fathom-ml/fathom/internal/kernel/simd"

// most is how many vectors one call converts: a call cannot be preempted.
const most = 4096

// f16c says whether the level AVX2 has F16; AVX-512 always has.
var f16c = simd.Best >= simd.AVX2 && hasF16C()

// lanes is the length of the vectors that convert f, 0 if there are none.
func lanes(f form) int {
	switch {
	case simd.Active == simd.AVX512:
		return 16
	case simd.Active == simd.AVX2 && (f == bf16 || f16c):
		return 8
	}
	return 0
}

// widened converts as many numbers as whole vectors hold, and returns how many these are.
func widened(y []float32, x []uint16, f form) (done int) {
	l := lanes(f)
	if l == 0 {
		return 0
	}
	x = x[:len(y)]
	for n := len(y) / l; n > 0; {
		k := min(n, most)
		yp, xp := &y[done], &x[done]
		switch {
		case l == 16 && f == bf16:
			fromBF16AVX512(k, yp, xp)
		case l == 16:
			fromF16AVX512(k, yp, xp)
		case f == bf16:
			fromBF16AVX2(k, yp, xp)
		default:
			fromF16AVX2(k, yp, xp)
		}
		done, n = done+k*l, n-k
	}
	return done
}

// rounded is widened the other way.
func rounded(y []uint16, x []float32, f form) (done int) {
	l := lanes(f)
	if l == 0 {
		return 0
	}
	x = x[:len(y)]
	for n := len(y) / l; n > 0; {
		k := min(n, most)
		yp, xp := &y[done], &x[done]
		switch {
		case l == 16 && f == bf16:
			toBF16AVX512(k, yp, xp)
		case l == 16:
			toF16AVX512(k, yp, xp)
		case f == bf16:
			toBF16AVX2(k, yp, xp)
		default:
			toF16AVX2(k, yp, xp)
		}
		done, n = done+k*l, n-k
	}
	return done
}
