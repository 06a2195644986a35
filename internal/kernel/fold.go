package kernel

import (
	"math"

	"github.com/fathom-ml/fathom/internal/kernel/vec"
)

// accumulator is what folds run in: float64 for floats, int64 for the rest.
type accumulator interface{ float64 | int64 }

// identity is the fold of nothing. Max and Min have none but their limits.
func identity[A accumulator](op ReduceOp) A {
	var z A
	_, real := any(z).(float64)
	switch op {
	case ReduceProd, ReduceAll:
		return 1
	case ReduceMax, ReduceMin:
		v := math.Inf(1)
		if op == ReduceMax {
			v = -v
		}
		if real {
			return A(v)
		}
		if op == ReduceMax {
			return A(math.MinInt64 + int64(z))
		}
		return A(math.MaxInt64 + int64(z))
	}
	return 0
}

// combine is op of two partial results.
func combine[A accumulator](op ReduceOp, a, b A) A {
	switch op {
	case ReduceSum:
		return a + b
	case ReduceProd:
		return a * b
	case ReduceMax, ReduceAny:
		return max(a, b)
	default:
		return min(a, b)
	}
}

// foldRun folds a contiguous run.
func foldRun[A accumulator, T number](op ReduceOp, x []T) A {
	if v, ok := any(x).([]float32); ok && len(x) > 0 {
		switch op {
		case ReduceSum:
			return A(vec.Sum(v))
		case ReduceMax:
			return A(vec.MaxOf(v))
		case ReduceMin:
			return A(vec.MinOf(v))
		}
	}
	switch op {
	case ReduceSum:
		return sumRun[A](x)
	case ReduceProd:
		p := A(1)
		for _, v := range x {
			p *= A(v)
		}
		return p
	case ReduceMax, ReduceAny:
		if len(x) == 0 {
			return identity[A](op)
		}
		m := x[0]
		for _, v := range x[1:] {
			m = max(m, v)
		}
		return A(m)
	default:
		if len(x) == 0 {
			return identity[A](op)
		}
		m := x[0]
		for _, v := range x[1:] {
			m = min(m, v)
		}
		return A(m)
	}
}

// sumRun adds pairwise: runs of up to 128 in four lanes, longer ones by halves.
func sumRun[A accumulator, T number](x []T) A {
	if len(x) > 128 {
		h := len(x) / 2 &^ 63
		if h == 0 {
			h = 64
		}
		return sumRun[A](x[:h]) + sumRun[A](x[h:])
	}
	var a, b, c, d A
	for len(x) >= 4 {
		a += A(x[0])
		b += A(x[1])
		c += A(x[2])
		d += A(x[3])
		x = x[4:]
	}
	for _, v := range x {
		a += A(v)
	}
	return a + b + (c + d)
}
