//go:build amd64 && !noasm

package norm

//go:generate go run -C ../gen . -kernels norm -pkg norm -out ../norm/norm_amd64.s -stubs ../norm/stubs_amd64.go

import "github.com/fathom-ml/fathom/internal/kernel/simd"

// chunk is the number of elements that one call does at most: assembly cannot be preempted. Sums
// of a chunk are float32 in 32 or 64 lanes and go on in float64.
const chunk = 4096

// fast says whether there is assembly for this processor.
func fast() bool { return simd.Active != simd.Go }

func wide() bool { return simd.Active == simd.AVX512 }

func asmMoments(x []float32, shift float32) (s, q float64) {
	for len(x) > 0 {
		n := min(len(x), chunk)
		var a, b float32
		if wide() {
			a, b = momentsAVX512(n, &x[0], shift)
		} else {
			a, b = momentsAVX2(n, &x[0], shift)
		}
		s, q = s+float64(a), q+float64(b)
		x = x[n:]
	}
	return s, q
}

func asmCenter(y, x []float32, mean, scale, bias float32) {
	for len(x) > 0 {
		n := min(len(x), 4*chunk)
		if wide() {
			centerAVX512(n, &y[0], &x[0], mean, scale, bias)
		} else {
			centerAVX2(n, &y[0], &x[0], mean, scale, bias)
		}
		y, x = y[n:], x[n:]
	}
}

func asmDots(dy, x []float32, mean float32) (s, q float64) {
	for len(x) > 0 {
		n := min(len(x), chunk)
		var a, b float32
		if wide() {
			a, b = dotsAVX512(n, &dy[0], &x[0], mean)
		} else {
			a, b = dotsAVX2(n, &dy[0], &x[0], mean)
		}
		s, q = s+float64(a), q+float64(b)
		dy, x = dy[n:], x[n:]
	}
	return s, q
}

func asmBack(dx, dy, x []float32, mean, a, b, c float32) {
	for len(x) > 0 {
		n := min(len(x), 4*chunk)
		if wide() {
			backAVX512(n, &dx[0], &dy[0], &x[0], mean, a, b, c)
		} else {
			backAVX2(n, &dx[0], &dy[0], &x[0], mean, a, b, c)
		}
		dx, dy, x = dx[n:], dy[n:], x[n:]
	}
}

func asmRow(y, x, gamma, beta []float32, eps float32) (mean, variance float32) {
	inv := 1 / float32(len(x))
	if wide() {
		return rowNormAVX512(len(x), &y[0], &x[0], &gamma[0], &beta[0], inv, eps)
	}
	return rowNormAVX2(len(x), &y[0], &x[0], &gamma[0], &beta[0], inv, eps)
}

func asmRowApply(y, x, gamma, beta []float32, mean, scale float32) {
	for len(x) > 0 {
		n := min(len(x), 2*chunk)
		if wide() {
			rowApplyAVX512(n, &y[0], &x[0], &gamma[0], &beta[0], mean, scale)
		} else {
			rowApplyAVX2(n, &y[0], &x[0], &gamma[0], &beta[0], mean, scale)
		}
		y, x, gamma, beta = y[n:], x[n:], gamma[n:], beta[n:]
	}
}

func asmRowDots(dy, x, gamma, dgamma, dbeta []float32, mean, scale float32) (s, q float64) {
	for len(x) > 0 {
		n := min(len(x), chunk)
		var a, b float32
		if wide() {
			a, b = rowDotsAVX512(n, &dy[0], &x[0], &gamma[0], &dgamma[0], &dbeta[0], mean, scale)
		} else {
			a, b = rowDotsAVX2(n, &dy[0], &x[0], &gamma[0], &dgamma[0], &dbeta[0], mean, scale)
		}
		s, q = s+float64(a), q+float64(b)
		dy, x, gamma, dgamma, dbeta = dy[n:], x[n:], gamma[n:], dgamma[n:], dbeta[n:]
	}
	return s, q
}

func asmRowBack(dx, dy, x, gamma []float32, mean, a, b, c float32) {
	for len(x) > 0 {
		n := min(len(x), 2*chunk)
		if wide() {
			rowBackAVX512(n, &dx[0], &dy[0], &x[0], &gamma[0], mean, a, b, c)
		} else {
			rowBackAVX2(n, &dx[0], &dy[0], &x[0], &gamma[0], mean, a, b, c)
		}
		dx, dy, x, gamma = dx[n:], dy[n:], x[n:], gamma[n:]
	}
}

// bands cuts a table into rows for one call each. Callers keep rows to a few thousand numbers.
func bands(rows, stride, n int, f func(r, o int)) {
	for o, r := 0, max(1, 2*chunk/n); rows > 0; rows -= r {
		r = min(r, rows)
		f(r, o)
		o += r * stride
	}
}

func asmColMoments(rows, stride int, x, shift, s, q []float32) {
	bands(rows, stride, len(s), func(r, o int) {
		if wide() {
			colMomentsAVX512(r, stride, len(s), &x[o], &shift[0], &s[0], &q[0])
		} else {
			colMomentsAVX2(r, stride, len(s), &x[o], &shift[0], &s[0], &q[0])
		}
	})
}

func asmColApply(rows, stride int, y, x, mean, scale, bias []float32) {
	bands(rows, stride, len(mean), func(r, o int) {
		if wide() {
			colApplyAVX512(r, stride, len(mean), &y[o], &x[o], &mean[0], &scale[0], &bias[0])
		} else {
			colApplyAVX2(r, stride, len(mean), &y[o], &x[o], &mean[0], &scale[0], &bias[0])
		}
	})
}

func asmColDots(rows, stride int, dy, x, mean, s, q []float32) {
	bands(rows, stride, len(s), func(r, o int) {
		if wide() {
			colDotsAVX512(r, stride, len(s), &dy[o], &x[o], &mean[0], &s[0], &q[0])
		} else {
			colDotsAVX2(r, stride, len(s), &dy[o], &x[o], &mean[0], &s[0], &q[0])
		}
	})
}

func asmColBack(rows, stride int, dx, dy, x, mean, a, b, c []float32) {
	bands(rows, stride, len(mean), func(r, o int) {
		if wide() {
			colBackAVX512(r, stride, len(mean), &dx[o], &dy[o], &x[o], &mean[0], &a[0], &b[0], &c[0])
		} else {
			colBackAVX2(r, stride, len(mean), &dx[o], &dy[o], &x[o], &mean[0], &a[0], &b[0], &c[0])
		}
	})
}
