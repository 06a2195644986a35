//go:build amd64 && !noasm

package cell

//go:generate go run -C ../gen . -kernels cell -pkg cell -out ../cell/cell_amd64.s -stubs ../cell/stubs_amd64.go

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/simd"
)

// most is the number of units in one call: assembly cannot be preempted.
const most = 8192

// plain says that a routine is to run in Go: for float64, at level Go, and for states of no length.
func plain[T Float](n int) bool {
	return simd.Active == simd.Go || unsafe.Sizeof(T(0)) != 4 || n == 0
}

// at is element i of s, for the assembly.
func at[T Float](s []T, i int) *float32 { return (*float32)(unsafe.Pointer(&s[i])) }

// pieces calls f for at most most of n units at a time; stride is what lies between gates, in bytes.
func pieces(n int, f func(i, n, stride int, wide bool)) bool {
	for i := 0; i < n; i += most {
		f(i, min(most, n-i), 4*n, simd.Active == simd.AVX512)
	}
	return true
}

func asm3[T Float](op op, y, p, u []T) bool {
	n := len(y)
	if plain[T](n) {
		return false
	}
	_, _ = p[n-1], u[n-1]
	return pieces(n, func(i, n, _ int, wide bool) {
		switch {
		case op == opTanh && wide:
			tanhAVX512(n, at(y, i), at(p, i), at(u, i))
		case op == opTanh:
			tanhAVX2(n, at(y, i), at(p, i), at(u, i))
		case wide:
			reluAVX512(n, at(y, i), at(p, i), at(u, i))
		default:
			reluAVX2(n, at(y, i), at(p, i), at(u, i))
		}
	})
}

func asm4[T Float](op op, dp, dy, dh, y []T) bool {
	n := len(y)
	if plain[T](n) {
		return false
	}
	_, _, _ = dp[n-1], dy[n-1], dh[n-1]
	return pieces(n, func(i, n, _ int, wide bool) {
		switch {
		case op == opTanhGrad && wide:
			tanhGradAVX512(n, at(dp, i), at(dy, i), at(dh, i), at(y, i))
		case op == opTanhGrad:
			tanhGradAVX2(n, at(dp, i), at(dy, i), at(dh, i), at(y, i))
		case wide:
			reluGradAVX512(n, at(dp, i), at(dy, i), at(dh, i), at(y, i))
		default:
			reluGradAVX2(n, at(dp, i), at(dy, i), at(dh, i), at(y, i))
		}
	})
}

// asm5 runs the routines of five operands; y is n units long.
func asm5[T Float](op op, y, g, p, u, h []T) bool {
	n := len(y)
	if plain[T](n) {
		return false
	}
	_ = h[n-1]
	return pieces(n, func(i, n, stride int, wide bool) {
		a, b, c, d, e := at(y, i), at(g, i), at(p, i), at(u, i), at(h, i)
		switch {
		case op == opGRU && wide:
			gruAVX512(n, stride, a, b, c, d, e)
		case op == opGRU:
			gruAVX2(n, stride, a, b, c, d, e)
		case op == opGRUGates && wide:
			gruGatesAVX512(n, stride, a, b, c, d, e)
		case op == opGRUGates:
			gruGatesAVX2(n, stride, a, b, c, d, e)
		case op == opGRUState && wide:
			gruStateAVX512(n, stride, a, b, c, d, e)
		case op == opGRUState:
			gruStateAVX2(n, stride, a, b, c, d, e)
		case wide: // opGRUStateGrad, whose dh comes second
			gruStateGradAVX512(n, stride, b, a, c, d, e)
		default:
			gruStateGradAVX2(n, stride, b, a, c, d, e)
		}
	})
}

func asmGRUGrad[T Float](dp, dq, dh, dy, g, h []T) bool {
	n := len(dh)
	if plain[T](n) {
		return false
	}
	_, _, _, _, _ = dp[3*n-1], dq[n-1], dy[n-1], g[4*n-1], h[n-1]
	return pieces(n, func(i, n, stride int, wide bool) {
		f := gruGradAVX2
		if wide {
			f = gruGradAVX512
		}
		f(n, stride, at(dp, i), at(dq, i), at(dh, i), at(dy, i), at(g, i), at(h, i))
	})
}

func asmGRUGatesGrad[T Float](dp, rh, dh, d, g, h []T) bool {
	n := len(dh)
	if plain[T](n) {
		return false
	}
	_, _, _, _, _ = dp[3*n-1], rh[n-1], d[n-1], g[3*n-1], h[n-1]
	return pieces(n, func(i, n, stride int, wide bool) {
		f := gruGatesGradAVX2
		if wide {
			f = gruGatesGradAVX512
		}
		f(n, stride, at(dp, i), at(rh, i), at(dh, i), at(d, i), at(g, i), at(h, i))
	})
}

func asmLSTM[T Float](y, c, g, p, u, c0 []T) bool {
	n := len(y)
	if plain[T](n) {
		return false
	}
	_, _, _, _, _ = c[n-1], g[4*n-1], p[4*n-1], u[4*n-1], c0[n-1]
	return pieces(n, func(i, n, stride int, wide bool) {
		f := lstmAVX2
		if wide {
			f = lstmAVX512
		}
		f(n, stride, at(y, i), at(c, i), at(g, i), at(p, i), at(u, i), at(c0, i))
	})
}

func asmLSTMGrad[T Float](dp, dc, dh, dy, g, c, c0 []T) bool {
	n := len(dc)
	if plain[T](n) {
		return false
	}
	_, _, _, _, _, _ = dp[4*n-1], dh[n-1], dy[n-1], g[4*n-1], c[n-1], c0[n-1]
	return pieces(n, func(i, n, stride int, wide bool) {
		f := lstmGradAVX2
		if wide {
			f = lstmGradAVX512
		}
		f(n, stride, at(dp, i), at(dc, i), at(dh, i), at(dy, i), at(g, i), at(c, i), at(c0, i))
	})
}
