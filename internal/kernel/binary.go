package kernel

import (
	"math"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/mixed"
	"github.com/fathom-ml/fathom/internal/kernel/vec"
)

// Binary sets y to op(a, b).
func (CPU) Binary(op BinaryOp, y, a, b View) {
	grain := grainCheap
	if op == Pow || op >= Gcd {
		grain = grainDear
	}
	if n := y.Size(); n < 2*grain && contiguous(y) && contiguous(a) && contiguous(b) {
		CPU{}.BinaryRun(op, a.DT, y.P, a.P, b.P, n)
		return
	}
	l := loop{do: doBinary, op: uint8(op), dt: a.DT, v: [4]View{y, a, b}, nv: 3}
	l.each(grain)
}

// BinaryRun sets n elements of y to op(a, b), on the caller's goroutine.
func (CPU) BinaryRun(op BinaryOp, dt DType, y, a, b unsafe.Pointer, n int) {
	switch dt {
	case Float32:
		binary32(op, y, vecOf[float32](a, n), vecOf[float32](b, n))
	case Float64:
		binaryFloat[float64](op, y, vecOf[float64](a, n), vecOf[float64](b, n))
	case Int32:
		binaryInt(op, dt, y, vecOf[int32](a, n), vecOf[int32](b, n))
	case Int64:
		binaryInt(op, dt, y, vecOf[int64](a, n), vecOf[int64](b, n))
	case Uint8:
		binaryInt(op, dt, y, vecOf[uint8](a, n), vecOf[uint8](b, n))
	case Int8:
		binaryInt(op, dt, y, vecOf[int8](a, n), vecOf[int8](b, n))
	case Complex64:
		binaryComplex(op, dt, y, vecOf[complex64](a, n), vecOf[complex64](b, n))
	case Complex128:
		binaryComplex(op, dt, y, vecOf[complex128](a, n), vecOf[complex128](b, n))
	case Bool:
		u, v, z := vecOf[uint8](a, n), vecOf[uint8](b, n), vecOf[uint8](y, n)
		switch {
		case op == And:
			for i := range z {
				z[i] = u[i] & v[i]
			}
		case op == Or:
			for i := range z {
				z[i] = u[i] | v[i]
			}
		case op.IsCompare():
			compare(op, z, u, v)
		default:
			unsupported("arithmetic", dt)
		}
	}
}

// ring does the ops that all numbers share, complex ones too; false if op is another one.
func ring[T number | complexes](op BinaryOp, y, a, b []T) bool {
	a, b = a[:len(y)], b[:len(y)]
	switch op {
	case Add:
		for i := range y {
			y[i] = a[i] + b[i]
		}
	case Sub:
		for i := range y {
			y[i] = a[i] - b[i]
		}
	case Mul:
		for i := range y {
			y[i] = a[i] * b[i]
		}
	default:
		return false
	}
	return true
}

// arithmetic does the ops that all real numbers share; false if op is another one.
func arithmetic[T number](op BinaryOp, y, a, b []T) bool {
	a, b = a[:len(y)], b[:len(y)]
	switch op {
	case Maximum:
		for i := range y {
			y[i] = max(a[i], b[i])
		}
	case Minimum:
		for i := range y {
			y[i] = min(a[i], b[i])
		}
	case ReLUGrad:
		for i := range y {
			v := a[i]
			if !(b[i] > 0) {
				v = 0
			}
			y[i] = v
		}
	default:
		return ring(op, y, a, b)
	}
	return true
}

func compare[T number](op BinaryOp, y []uint8, a, b []T) { mixed.CompareGo(mixed.Op(op-Eq), y, a, b) }

// binary32 hands what package vec has to it.
func binary32(op BinaryOp, dst unsafe.Pointer, a, b []float32) {
	if op.IsCompare() {
		mixed.Compare(mixed.Op(op-Eq), vecOf[uint8](dst, len(a)), a, b)
		return
	}
	y := vecOf[float32](dst, len(a))
	switch op {
	case Add:
		vec.Add(y, a, b)
	case Sub:
		vec.Sub(y, a, b)
	case Mul:
		vec.Mul(y, a, b)
	case Div:
		vec.Div(y, a, b)
	case Maximum:
		vec.Max(y, a, b)
	case Minimum:
		vec.Min(y, a, b)
	case ReLUGrad:
		vec.ReLUGrad(y, a, b)
	case SigmoidGrad:
		vec.SigmoidGrad(y, a, b)
	case TanhGrad:
		vec.TanhGrad(y, a, b)
	case GELUGrad:
		vec.GELUGrad(y, a, b)
	case GELUTanhGrad:
		vec.GELUTanhGrad(y, a, b)
	case SiLUGrad:
		vec.SiLUGrad(y, a, b)
	case MishGrad:
		vec.MishGrad(y, a, b)
	case Pow:
		vec.Pow(y, a, b)
	default:
		binaryFloat[float32](op, dst, a, b)
	}
}

func binaryFloat[T float](op BinaryOp, dst unsafe.Pointer, a, b []T) {
	n := len(a)
	if op.IsCompare() {
		compare(op, vecOf[uint8](dst, n), a, b)
		return
	}
	y := vecOf[T](dst, n)
	if arithmetic(op, y, a, b) {
		return
	}
	b = b[:n]
	y = y[:n]
	switch op {
	case Div:
		for i := range a {
			y[i] = a[i] / b[i]
		}
	case Pow:
		for i := range a {
			if b[i] == 2 {
				y[i] = a[i] * a[i]
				continue
			}
			y[i] = T(math.Pow(float64(a[i]), float64(b[i])))
		}
	case SigmoidGrad:
		for i := range a {
			y[i] = a[i] * b[i] * (1 - b[i])
		}
	case TanhGrad:
		for i := range a {
			y[i] = a[i] * (1 - b[i]*b[i])
		}
	default:
		f := function2(op)
		if f == nil {
			unsupported("logic", Float32)
		}
		for i := range a {
			y[i] = T(f(float64(a[i]), float64(b[i])))
		}
	}
}

func binaryComplex[T complexes](op BinaryOp, dt DType, dst unsafe.Pointer, a, b []T) {
	b = b[:len(a)]
	if op == Eq || op == Ne {
		y := vecOf[uint8](dst, len(a))
		for i := range a {
			y[i] = bit((a[i] == b[i]) == (op == Eq))
		}
		return
	}
	y := vecOf[T](dst, len(a))
	if ring(op, y, a, b) {
		return
	}
	if op != Div {
		unsupported("this binary function", dt)
	}
	for i := range a {
		y[i] = a[i] / b[i]
	}
}

func binaryInt[T integer](op BinaryOp, dt DType, dst unsafe.Pointer, a, b []T) {
	n := len(a)
	if op.IsCompare() {
		compare(op, vecOf[uint8](dst, n), a, b)
		return
	}
	y := vecOf[T](dst, n)
	if arithmetic(op, y, a, b) {
		return
	}
	b = b[:n]
	f := functionInt[T](op)
	if f == nil {
		unsupported("this binary function", dt)
	}
	for i := range a {
		y[i] = f(a[i], b[i])
	}
}

// powInt is a to the b by squaring; a negative b gives the integer part of the
// true result (division by zero gives 0).
func powInt[T integer](a, b T) T {
	if b < 0 {
		switch {
		case a == 1:
			return 1
		case a+1 == 0 && b&1 == 0:
			return 1
		case a+1 == 0:
			return a
		}
		return 0
	}
	r := T(1)
	for ; b > 0; b >>= 1 {
		if b&1 == 1 {
			r *= a
		}
		a *= a
	}
	return r
}

// AddScaled adds a*x to y.
func (CPU) AddScaled(y, x View, a float64) {
	l := loop{do: doAddScaled, dt: y.DT, v: [4]View{y, y, x}, nv: 3, m: a}
	l.each(grainCheap)
}

func addScaledRun(dt DType, y, u, x unsafe.Pointer, n int, a float64) {
	switch dt {
	case Float32:
		if y != u {
			vec.Copy(vecOf[float32](y, n), vecOf[float32](u, n))
		}
		vec.AddScaled(vecOf[float32](y, n), vecOf[float32](x, n), float32(a))
	case Float64:
		addScaled(vecOf[float64](y, n), vecOf[float64](u, n), vecOf[float64](x, n), a)
	case Int32:
		addScaled(vecOf[int32](y, n), vecOf[int32](u, n), vecOf[int32](x, n), int32(int64(a)))
	case Int64:
		addScaled(vecOf[int64](y, n), vecOf[int64](u, n), vecOf[int64](x, n), int64(a))
	case Uint8:
		addScaled(vecOf[uint8](y, n), vecOf[uint8](u, n), vecOf[uint8](x, n), uint8(int64(a)))
	case Int8:
		addScaled(vecOf[int8](y, n), vecOf[int8](u, n), vecOf[int8](x, n), int8(int64(a)))
	case Complex64:
		addScaled(vecOf[complex64](y, n), vecOf[complex64](u, n), vecOf[complex64](x, n), complex(float32(a), 0))
	case Complex128:
		addScaled(vecOf[complex128](y, n), vecOf[complex128](u, n), vecOf[complex128](x, n), complex(a, 0))
	default:
		unsupported("add scaled", dt)
	}
}

// addScaled: y = u + a*x; y and u are the same memory or do not overlap.
func addScaled[T number | complexes](y, u, x []T, a T) {
	u, x = u[:len(y)], x[:len(y)]
	for i := range y {
		y[i] = u[i] + a*x[i]
	}
}
