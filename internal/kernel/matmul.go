package kernel

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/gemm"
	"github.com/fathom-ml/fathom/internal/pool"
)

// gemmParallel is the number of multiplications from which a product is split.
const gemmParallel = 200_000

// Gemm sets c to a times b, or adds it if acc, then applies the epilogue.
func (CPU) Gemm(c, a, b View, acc bool, ep Epilogue) {
	if c.DT == Bool || c.DT.IsHalf() || c.DT.IsComplex() {
		unsupported("matrix product", c.DT)
	}
	d := len(c.Shape) - 2
	m, n, k := c.Shape[d], c.Shape[d+1], a.Shape[d+1]
	if c.Size() == 0 {
		return
	}
	if d == 0 {
		product(c.DT, m, n, k, a, b, c, acc, ep)
		return
	}
	var batches walker
	for i, l := range c.Shape[:d] {
		batches.axis(l, c.Strides[i], a.Strides[i], b.Strides[i])
	}
	size := c.DT.Size()
	pool.For(batches.size(), max(1, gemmParallel/2/max(1, m*n*k)), func(lo, hi int) {
		w := batches
		w.seek(lo)
		for range hi - lo {
			product(c.DT, m, n, k, tail(a, w.off[1]*size), tail(b, w.off[2]*size), tail(c, w.off[0]*size), acc, ep)
			w.next()
		}
	})
}

// tail is the last two axes of v, off bytes after its first element.
func tail(v View, off int) View {
	d := len(v.Shape) - 2
	if v.P != nil {
		v.P = unsafe.Add(v.P, off)
	}
	return View{P: v.P, DT: v.DT, Shape: v.Shape[d:], Strides: v.Strides[d:]}
}

func product(dt DType, m, n, k int, a, b, c View, acc bool, ep Epilogue) {
	f := gemm.Gemm32
	switch dt {
	case Float64:
		f = gemm.Gemm64
	case Int32:
		integerProduct[int32](m, n, k, a, b, c, acc)
		return
	case Int64:
		integerProduct[int64](m, n, k, a, b, c, acc)
		return
	case Uint8:
		integerProduct[uint8](m, n, k, a, b, c, acc)
		return
	case Int8:
		integerProduct[int8](m, n, k, a, b, c, acc)
		return
	}
	f(m, n, k, a.P, a.Strides[0], a.Strides[1], b.P, b.Strides[0], b.Strides[1],
		c.P, c.Strides[0], acc, ep.Bias, uint8(ep.Act))
}

// integerProduct adds multiples of the rows of b, which are made contiguous, to each row of c.
func integerProduct[T integer](m, n, k int, a, b, c View, acc bool) {
	if k > 0 {
		b = densed(b)
	}
	pool.For(m, max(1, gemmParallel/max(1, n*k)), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			row := vecOf[T](unsafe.Pointer(at[T](c, i*c.Strides[0])), n)
			if !acc {
				clear(row)
			}
			for l := range k {
				v := *at[T](a, i*a.Strides[0]+l*a.Strides[1])
				for j, w := range vecOf[T](unsafe.Pointer(at[T](b, l*n)), n) {
					row[j] += v * w
				}
			}
		}
	})
}

// A matrix is a pointer with a row and a column stride, in elements.
type matrix[T float] struct {
	p      *T
	rs, cs int
}

// multiply sets c, with contiguous rows crs apart, to a times b, or adds it.
func multiply[T float](m, n, k int, a, b matrix[T], c *T, crs int, acc bool) {
	f := gemm.Gemm32
	if unsafe.Sizeof(*c) == 8 {
		f = gemm.Gemm64
	}
	f(m, n, k, unsafe.Pointer(a.p), a.rs, a.cs, unsafe.Pointer(b.p), b.rs, b.cs, unsafe.Pointer(c), crs, acc, nil, 0)
}

// activate applies an activation in place.
func activate[T float](act Activation, y []T) {
	if act == NoActivation {
		return
	}
	op := [...]UnaryOp{ActReLU: ReLU, ActSigmoid: Sigmoid, ActTanh: Tanh, ActGELU: GELU, ActGELUTanh: GELUTanh}[act]
	if v, ok := any(y).([]float32); ok {
		unary32(op, v, v)
		return
	}
	unaryFloat(op, y, y)
}
