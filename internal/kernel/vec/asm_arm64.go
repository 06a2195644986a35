//go:build arm64 && !noasm

package vec

//go:generate go run -C ../gen . -kernels vec -neon ../vec

import "github.com/fathom-ml/fathom/internal/kernel/simd"

// chunk is the number of elements that one call of an assembly routine does at most: such code cannot be preempted.
const chunk = 16384

// short is the number of elements below which the call of a routine costs more than it saves.
const short = 8

// vector is the number of elements in a vector. Routines run over whole vectors; what is left at the end is done in a
// vector of its own, so that no result depends on where it stands.
const vector = 4

// whole is how many of n elements the next call does.
func whole(n int) int { return min(n, chunk) / vector * vector }

// The functions below run a routine over whole slices and say whether they did: at level Go, and where there is no
// routine, the caller's loop follows. Slices are at least as long as the first.

func asmBinary(op opBinary, y, a, b []float32) bool {
	if simd.Active == simd.Go || len(y) < short {
		return false
	}
	for len(y) >= vector {
		n := whole(len(y))
		if !callBinary(op, n, &y[0], &a[0], &b[0]) {
			return false
		}
		y, a, b = y[n:], a[n:], b[n:]
	}
	if len(y) > 0 {
		var u, v [vector]float32
		copy(u[:], a)
		copy(v[:], b)
		callBinary(op, vector, &u[0], &u[0], &v[0])
		copy(y, u[:])
	}
	return true
}

func asmUnary(op opUnary, y, x []float32) bool {
	if simd.Active == simd.Go {
		return false
	}
	for len(y) >= vector {
		n := whole(len(y))
		if !callUnary(op, n, &y[0], &x[0]) {
			return false
		}
		y, x = y[n:], x[n:]
	}
	if len(y) > 0 {
		var u [vector]float32
		copy(u[:], x)
		if !callUnary(op, vector, &u[0], &u[0]) {
			return false
		}
		copy(y, u[:])
	}
	return true
}

func asmScalar(op opScalar, y, a []float32, s, t float32) bool {
	if simd.Active == simd.Go || len(y) < short {
		return false
	}
	for len(y) >= vector {
		n := whole(len(y))
		if !callScalar(op, n, &y[0], &a[0], s, t) {
			return false
		}
		y, a = y[n:], a[n:]
	}
	if len(y) > 0 {
		var u, v [vector]float32
		copy(u[:], a)
		copy(v[:], y) // opAddScaled reads it
		callScalar(op, vector, &v[0], &u[0], s, t)
		copy(y, v[:])
	}
	return true
}

func asmFill(y []float32, v float32) bool {
	if simd.Active == simd.Go || len(y) < short {
		return false
	}
	for len(y) >= vector {
		n := whole(len(y))
		fillNEON(n, &y[0], v)
		y = y[n:]
	}
	for i := range y {
		y[i] = v
	}
	return true
}

func asmMulAdd(y, x, a, b []float32, s float32) bool {
	if simd.Active == simd.Go || len(y) < short {
		return false
	}
	for len(y) >= vector {
		n := whole(len(y))
		mulAddNEON(n, &y[0], &x[0], &a[0], &b[0], s)
		y, x, a, b = y[n:], x[n:], a[n:], b[n:]
	}
	for i := range y {
		y[i] = x[i] + float32(s*float32(a[i]*b[i]))
	}
	return true
}

// asmSum and asmDot do one block, asmMax and asmMin one chunk. The routines fold whole groups of elements; the rest and
// the running values are folded here.

func asmSum(x []float32) (float32, bool) {
	if simd.Active == simd.Go || len(x) < lanes {
		return 0, false
	}
	var s [lanes]float32
	n := len(x) / lanes * lanes
	sumNEON(n, &s[0], &x[0])
	for l, v := range x[n:] {
		s[l] += v
	}
	return fold(&s), true
}

func asmDot(a, b []float32) (float32, bool) {
	if simd.Active == simd.Go || len(a) < lanes {
		return 0, false
	}
	var s [lanes]float32
	n := len(a) / lanes * lanes
	dotNEON(n, &s[0], &a[0], &b[0])
	b = b[n:]
	for l, v := range a[n:] {
		s[l] += float32(v * b[l])
	}
	return fold(&s), true
}

// peaks is the number of running values of a largest or smallest element.
const peaks = 4 * vector

func asmMax(x []float32) (float32, bool) {
	if simd.Active == simd.Go || len(x) < 2*peaks {
		return 0, false
	}
	s := [peaks]float32(x)
	n := len(x) / peaks * peaks
	maxOfNEON(n, &s[0], &x[0])
	r := s[0]
	for _, v := range s {
		r = maxOf2(v, r)
	}
	for _, v := range x[n:] {
		r = maxOf2(v, r)
	}
	return r, true
}

func asmMin(x []float32) (float32, bool) {
	if simd.Active == simd.Go || len(x) < 2*peaks {
		return 0, false
	}
	s := [peaks]float32(x)
	n := len(x) / peaks * peaks
	minOfNEON(n, &s[0], &x[0])
	r := s[0]
	for _, v := range s {
		r = minOf2(v, r)
	}
	for _, v := range x[n:] {
		r = minOf2(v, r)
	}
	return r, true
}

func asmExpSum(y, x []float32, c float32) (float32, bool) {
	if simd.Active == simd.Go {
		return 0, false
	}
	AddS(y, x, -c)
	Exp(y, y)
	return Sum(y), true
}

// The other functions have no routine yet.

func asmAngle(opAngle, []float32, []float32) bool { return false }
func asmPow(y, a, b []float32) bool               { return false }
