package kernel

import (
	"math"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/vec"
)

// Unary sets y to op(x).
func (CPU) Unary(op UnaryOp, y, x View) {
	grain := grainCheap
	switch {
	case op == Exp, op == Log, op == Sin, op == Cos, op == Tanh, op == Sigmoid, op >= Exp2 && op < Floor:
		grain = grainDear
	}
	if n := y.Size(); n < 2*grain && contiguous(y) && contiguous(x) {
		unaryRun(op, y.DT, y.P, x.P, n)
		return
	}
	l := loop{do: doUnary, op: uint8(op), dt: y.DT, v: [4]View{y, x}, nv: 2}
	l.each(grain)
}

func unaryRun(op UnaryOp, dt DType, y, x unsafe.Pointer, n int) {
	switch dt {
	case Float32:
		unary32(op, vecOf[float32](y, n), vecOf[float32](x, n))
	case Float64:
		unaryFloat(op, vecOf[float64](y, n), vecOf[float64](x, n))
	case Int32:
		unaryInt(op, dt, vecOf[int32](y, n), vecOf[int32](x, n))
	case Int64:
		unaryInt(op, dt, vecOf[int64](y, n), vecOf[int64](x, n))
	case Uint8:
		unaryInt(op, dt, vecOf[uint8](y, n), vecOf[uint8](x, n))
	case Int8:
		unaryInt(op, dt, vecOf[int8](y, n), vecOf[int8](x, n))
	case Complex64:
		unaryComplex(op, dt, vecOf[complex64](y, n), vecOf[complex64](x, n))
	case Complex128:
		unaryComplex(op, dt, vecOf[complex128](y, n), vecOf[complex128](x, n))
	case Bool:
		if op != Not {
			unsupported("this unary function", dt)
		}
		b := vecOf[uint8](y, n)
		for i, v := range vecOf[uint8](x, n) {
			b[i] = v ^ 1
		}
	}
}

// unary32 hands what package vec has to it.
func unary32(op UnaryOp, y, x []float32) {
	switch op {
	case Neg:
		vec.Neg(y, x)
	case Abs:
		vec.Abs(y, x)
	case Exp:
		vec.Exp(y, x)
	case Log:
		vec.Log(y, x)
	case Sqrt:
		vec.Sqrt(y, x)
	case Square:
		vec.Square(y, x)
	case Reciprocal:
		vec.Reciprocal(y, x)
	case Tanh:
		vec.Tanh(y, x)
	case Sigmoid:
		vec.Sigmoid(y, x)
	case ReLU:
		vec.ReLU(y, x)
	case Sign:
		vec.Sign(y, x)
	case Sin:
		vec.Sin(y, x)
	case Cos:
		vec.Cos(y, x)
	case Exp2:
		vec.Exp2(y, x)
	case Expm1:
		vec.Expm1(y, x)
	case Log1p:
		vec.Log1p(y, x)
	case Log2:
		vec.Log2(y, x)
	case Log10:
		vec.Log10(y, x)
	case Rsqrt:
		vec.Rsqrt(y, x)
	case Tan:
		vec.Tan(y, x)
	case Sinh:
		vec.Sinh(y, x)
	case Cosh:
		vec.Cosh(y, x)
	case Erf:
		vec.Erf(y, x)
	case Erfc:
		vec.Erfc(y, x)
	case Softplus:
		vec.Softplus(y, x)
	case GELU:
		vec.GELU(y, x)
	case GELUTanh:
		vec.GELUTanh(y, x)
	case SiLU:
		vec.SiLU(y, x)
	case Mish:
		vec.Mish(y, x)
	case Floor:
		vec.Floor(y, x)
	case Ceil:
		vec.Ceil(y, x)
	case Trunc:
		vec.Trunc(y, x)
	case Round:
		vec.Round(y, x)
	default:
		unaryFloat(op, y, x)
	}
}

func unaryFloat[T float](op UnaryOp, y, x []T) {
	x = x[:len(y)]
	switch op {
	case Neg:
		for i, v := range x {
			y[i] = -v
		}
	case Abs:
		for i, v := range x {
			y[i] = T(math.Abs(float64(v)))
		}
	case Sign:
		for i, v := range x {
			switch {
			case v > 0:
				v = 1
			case v < 0:
				v = -1
			}
			y[i] = v
		}
	case Exp:
		for i, v := range x {
			y[i] = T(math.Exp(float64(v)))
		}
	case Log:
		for i, v := range x {
			y[i] = T(ln(float64(v)))
		}
	case Sqrt:
		for i, v := range x {
			y[i] = T(math.Sqrt(float64(v)))
		}
	case Square:
		for i, v := range x {
			y[i] = v * v
		}
	case Reciprocal:
		for i, v := range x {
			y[i] = 1 / v
		}
	case Sin:
		for i, v := range x {
			y[i] = T(math.Sin(float64(v)))
		}
	case Cos:
		for i, v := range x {
			y[i] = T(math.Cos(float64(v)))
		}
	case Tanh:
		for i, v := range x {
			y[i] = T(math.Tanh(float64(v)))
		}
	case Sigmoid:
		for i, v := range x {
			y[i] = T(sigmoid(float64(v)))
		}
	case ReLU:
		for i, v := range x {
			y[i] = max(v, 0)
		}
	default:
		f := function(op)
		if f == nil {
			unsupported("this unary function", Float32)
		}
		for i, v := range x {
			y[i] = T(f(float64(v)))
		}
	}
}

// sigmoid is 1/(1+e^-x) without overflow.
func sigmoid(x float64) float64 {
	if x < 0 {
		e := math.Exp(x)
		return e / (1 + e)
	}
	return 1 / (1 + math.Exp(-x))
}

func unaryComplex[T complexes](op UnaryOp, dt DType, y, x []T) {
	x = x[:len(y)]
	switch op {
	case Neg:
		for i, v := range x {
			y[i] = -v
		}
	case Square:
		for i, v := range x {
			y[i] = v * v
		}
	case Reciprocal:
		for i, v := range x {
			y[i] = 1 / v
		}
	default:
		unsupported("this unary function", dt)
	}
}

func unaryInt[T integer](op UnaryOp, dt DType, y, x []T) {
	x = x[:len(y)]
	switch op {
	case Neg:
		for i, v := range x {
			y[i] = -v
		}
	case Abs:
		for i, v := range x {
			y[i] = max(v, -v)
			if dt == Uint8 {
				y[i] = v
			}
		}
	case Sign:
		for i, v := range x {
			switch {
			case v > 0:
				y[i] = 1
			case v < 0:
				y[i] = 0
				y[i]--
			default:
				y[i] = 0
			}
		}
	case Square:
		for i, v := range x {
			y[i] = v * v
		}
	case ReLU:
		for i, v := range x {
			y[i] = max(v, 0)
		}
	case Not:
		for i, v := range x {
			y[i] = ^v
		}
	default:
		unsupported("this unary function", dt)
	}
}

// Affine sets y to m*x + c: m*x alone if c is 0, x + c alone if m is 1, so that
// signed zeros survive.
func (CPU) Affine(y, x View, m, c float64) {
	l := loop{do: doAffine, dt: y.DT, v: [4]View{y, x}, nv: 2, m: m, c: c}
	l.each(grainCheap)
}

func affineRun(dt DType, y, x unsafe.Pointer, n int, m, c float64) {
	switch dt {
	case Float32:
		affine32(vecOf[float32](y, n), vecOf[float32](x, n), float32(m), float32(c))
	case Float64:
		affine(vecOf[float64](y, n), vecOf[float64](x, n), m, c)
	case Int32:
		affineInt(vecOf[int32](y, n), vecOf[int32](x, n), m, c)
	case Int64:
		affineInt(vecOf[int64](y, n), vecOf[int64](x, n), m, c)
	case Uint8:
		affineInt(vecOf[uint8](y, n), vecOf[uint8](x, n), m, c)
	case Int8:
		affineInt(vecOf[int8](y, n), vecOf[int8](x, n), m, c)
	case Complex64:
		affine(vecOf[complex64](y, n), vecOf[complex64](x, n), complex(float32(m), 0), complex(float32(c), 0))
	case Complex128:
		affine(vecOf[complex128](y, n), vecOf[complex128](x, n), complex(m, 0), complex(c, 0))
	default:
		unsupported("affine", dt)
	}
}

func affine32(y, x []float32, m, c float32) {
	switch {
	case c == 0:
		vec.MulS(y, x, m)
	case m == 1:
		vec.AddS(y, x, c)
	default:
		vec.Affine(y, x, m, c)
	}
}

func affine[T number | complexes](y, x []T, m, c T) {
	x = x[:len(y)]
	switch {
	case c == 0:
		for i, v := range x {
			y[i] = m * v
		}
	case m == 1:
		for i, v := range x {
			y[i] = v + c
		}
	default:
		for i, v := range x {
			y[i] = m*v + c
		}
	}
}

// affineInt computes in integers if m and c are whole, else in float64 and
// rounds toward zero.
func affineInt[T integer](y, x []T, m, c float64) {
	if m == math.Trunc(m) && c == math.Trunc(c) {
		affine(y, x, T(int64(m)), T(int64(c)))
		return
	}
	for i, v := range x[:len(y)] {
		y[i] = T(int64(m*float64(v) + c))
	}
}
