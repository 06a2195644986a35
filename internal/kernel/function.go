package kernel

import (
	"math"

	"github.com/fathom-ml/fathom/internal/kernel/vec"
)

// function is a float function of one argument as float64 computes it; nil if op is none. The
// errors of package math are below one unit in the last place; those of the functions of this file and of special.go
// below four, so that the float32 results are rounded right but for rare ties. Most functions of float32 numbers are package
// vec's, with the errors stated there.
func function(op UnaryOp) func(x float64) float64 {
	switch op {
	case Exp2:
		return math.Exp2
	case Expm1:
		return math.Expm1
	case Log1p:
		return math.Log1p
	case Log2:
		return log2
	case Log10:
		return log10
	case Rsqrt:
		return func(x float64) float64 { return 1 / math.Sqrt(x) }
	case Cbrt:
		return math.Cbrt
	case Tan:
		return math.Tan
	case Asin: // by way of the angle of a point: 1-x*x would lose digits near 1
		return func(x float64) float64 { return math.Atan2(x, math.Sqrt((1-x)*(1+x))) }
	case Acos:
		return func(x float64) float64 { return math.Atan2(math.Sqrt((1-x)*(1+x)), x) }
	case Atan:
		return math.Atan
	case Sinh:
		return sinh
	case Cosh:
		return cosh
	case Asinh:
		return math.Asinh
	case Acosh:
		return math.Acosh
	case Atanh:
		return math.Atanh
	case Erf:
		return math.Erf
	case Erfc:
		return math.Erfc
	case ErfInv:
		return math.Erfinv
	case Lgamma:
		return lgamma
	case Softplus: // without overflow
		return func(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }
	case GELU:
		return vec.GELU64
	case GELUTanh:
		return vec.GELUTanh64
	case SiLU:
		return vec.SiLU64
	case Mish:
		return vec.Mish64
	case Floor:
		return math.Floor
	case Ceil:
		return math.Ceil
	case Trunc:
		return math.Trunc
	case Round:
		return math.RoundToEven
	}
	return nil
}

// ln is math.Log, also of denormal numbers, which that gets wrong on some processors.
func ln(x float64) float64 {
	if x < 0x1p-1022 && x > 0 {
		return math.Log(x*0x1p54) - 54*math.Ln2
	}
	return math.Log(x)
}

// log2 is exact at powers of two and keeps its digits near 1.
func log2(x float64) float64 {
	if x > 0.5 && x < 2 {
		return math.Log(x) / math.Ln2
	}
	return math.Log2(x)
}

// log10 is exact at powers of ten.
func log10(x float64) float64 {
	y := ln(x) / math.Ln10
	if r := math.Round(y); r != y && math.Abs(r-y) < 1e-12 && math.Pow10(int(r)) == x {
		return r
	}
	return y
}

// sinh and cosh go by halves where e^x overflows before them.

func sinh(x float64) float64 {
	if math.Abs(x) > 709 {
		return math.Copysign(cosh(x), x)
	}
	return math.Sinh(x)
}

func cosh(x float64) float64 {
	if math.Abs(x) > 709 {
		e := math.Exp(math.Abs(x) / 2)
		return e / 2 * e
	}
	return math.Cosh(x)
}

func lgamma(x float64) float64 {
	switch a := math.Abs(x); {
	case math.IsInf(x, 0):
		return math.Inf(1)
	case a < 0x1p-1000:
		return -ln(a)
	}
	y, _ := math.Lgamma(x)
	return y
}

// function2 is the same for two arguments.
func function2(op BinaryOp) func(a, b float64) float64 {
	switch op {
	case FloorDivide:
		return floorDivide
	case Remainder:
		return remainder
	case Fmod:
		return math.Mod
	case Atan2: // math.Atan2 loses the sign where the quotient underflows
		return func(a, b float64) float64 { return math.Copysign(math.Atan2(a, b), a) }
	case Hypot:
		return math.Hypot
	case LogAddExp:
		return func(a, b float64) float64 { return logAdd(a, b, 1) }
	case LogAddExp2:
		return func(a, b float64) float64 { return logAdd(a, b, math.Ln2) }
	case CopySign:
		return math.Copysign
	case Xlogy:
		return func(a, b float64) float64 {
			if a == 0 && b == b {
				return 0
			}
			return a * ln(b)
		}
	case Polygamma:
		return polygamma
	case GELUGrad:
		return slope(vec.GELUSlope)
	case GELUTanhGrad:
		return slope(vec.GELUTanhSlope)
	case SiLUGrad:
		return slope(vec.SiLUSlope)
	case MishGrad:
		return slope(vec.MishSlope)
	}
	return nil
}

// slope is a gradient: a times the derivative at b.
func slope(f func(x float64) float64) func(a, b float64) float64 {
	return func(a, b float64) float64 { return a * f(b) }
}

func remainder(a, b float64) float64 {
	m := math.Mod(a, b)
	if m != 0 && (m < 0) != (b < 0) {
		m += b
	}
	return m
}

// floorDivide is the floor of the true quotient, not of the rounded one: 1 by 0.1 is 9.
func floorDivide(a, b float64) float64 {
	if b == 0 {
		return a / b
	}
	m := math.Mod(a, b)
	q := (a - m) / b
	if m != 0 && (m < 0) != (b < 0) {
		q--
	}
	if q == 0 {
		return math.Copysign(0, a/b)
	}
	return math.Round(q) // whole but for the rounding of the division
}

// logAdd adds numbers that are given by their logarithms, to a base with the logarithm ln.
func logAdd(a, b, ln float64) float64 {
	if a == b { // also infinite
		return a + math.Ln2/ln
	}
	return max(a, b) + math.Log1p(math.Exp(-math.Abs(a-b)*ln))/ln
}

// functionInt is the same for integers.
func functionInt[T integer](op BinaryOp) func(a, b T) T {
	switch op {
	case Pow:
		return powInt[T]
	case And:
		return func(a, b T) T { return a & b }
	case Or:
		return func(a, b T) T { return a | b }
	case Xor:
		return func(a, b T) T { return a ^ b }
	case LeftShift:
		return func(a, b T) T {
			if b < 0 {
				return 0
			}
			return a << uint64(b)
		}
	case RightShift:
		return func(a, b T) T {
			if b < 0 {
				b = 64
			}
			return a >> uint64(b)
		}
	case Gcd:
		return gcd[T]
	case Lcm:
		return func(a, b T) T {
			if a == 0 || b == 0 {
				return 0
			}
			return absInt(a / gcd(a, b) * b)
		}
	case FloorDivide:
		return func(a, b T) T {
			if b == 0 {
				return 0
			}
			q := a / b
			if a%b != 0 && (a < 0) != (b < 0) {
				q--
			}
			return q
		}
	case Remainder:
		return func(a, b T) T {
			if b == 0 {
				return 0
			}
			m := a % b
			if m != 0 && (m < 0) != (b < 0) {
				m += b
			}
			return m
		}
	case Fmod:
		return func(a, b T) T {
			if b == 0 {
				return 0
			}
			return a % b
		}
	}
	return nil
}

func absInt[T integer](a T) T {
	if a < 0 {
		return -a
	}
	return a
}

func gcd[T integer](a, b T) T {
	for b != 0 {
		a, b = b, a%b
	}
	return absInt(a)
}
