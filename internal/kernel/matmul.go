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
	if c.Size() == 0 {
		return
	}
	switch c.DT {
	case Float32:
		floatProducts[float32](c, a, b, acc, ep)
	case Float64:
		floatProducts[float64](c, a, b, acc, ep)
	case BFloat16:
		halfProducts(gemm.BF16, c, a, b, acc, ep)
	case Float16:
		halfProducts(gemm.F16, c, a, b, acc, ep)
	case Int32:
		integerProducts[int32](c, a, b, acc)
	case Int64:
		integerProducts[int64](c, a, b, acc)
	case Uint8:
		integerProducts[uint8](c, a, b, acc)
	case Int8:
		integerProducts[int8](c, a, b, acc)
	default:
		unsupported("matrix product", c.DT)
	}
}

func floatProducts[T float](c, a, b View, acc bool, ep Epilogue) {
	ars, acs := a.steps()
	brs, bcs := b.steps()
	crs, _ := c.steps()
	if d := len(c.Shape); d == 2 {
		p := gemm.New[T](c.Shape[0], c.Shape[1], a.Shape[1], a.P, ars, acs, b.P, brs, bcs, c.P, crs, acc, ep.Bias, uint8(ep.Act))
		p.At(0, 0, 0)
		return
	}
	s := stackOf(c, a, b)
	p := gemm.New[T](s.m, s.n, s.k, a.P, ars, acs, b.P, brs, bcs, c.P, crs, acc, ep.Bias, uint8(ep.Act))
	s.each(func(c, a, b int) { p.At(a, b, c) })
}

func halfProducts(h gemm.Half, c, a, b View, acc bool, ep Epilogue) {
	ars, acs := a.steps()
	brs, bcs := b.steps()
	crs, _ := c.steps()
	s := stackOf(c, a, b)
	at := func(v View, off int) unsafe.Pointer {
		if v.P == nil {
			return nil
		}
		return unsafe.Add(v.P, 2*off)
	}
	s.each(func(oc, oa, ob int) {
		h.Gemm(s.m, s.n, s.k, at(a, oa), ars, acs, at(b, ob), brs, bcs, at(c, oc), crs, acc, ep.Bias, uint8(ep.Act))
	})
}

func integerProducts[T integer](c, a, b View, acc bool) {
	s := stackOf(c, a, b)
	s.each(func(oc, oa, ob int) {
		integerProduct[T](s.m, s.n, s.k, tail(a, oa), tail(b, ob), tail(c, oc), acc)
	})
}

// A stack is products of one shape and a walk over where their matrices lie.
type stack struct {
	m, n, k int
	batches walker
}

// stackOf takes the axes before the last two apart. Where b stays and the rows of a and c go on as if there were no
// such axis, it counts as more rows of one product.
func stackOf(c, a, b View) stack {
	d := len(c.Shape) - 2
	s := stack{m: c.Shape[d], n: c.Shape[d+1], k: a.Shape[d+1]}
	last := d
	for ; last > 0; last-- {
		i := last - 1
		if l := c.Shape[i]; l != 1 && (b.Strides[i] != 0 || a.Strides[i] != s.m*a.Strides[d] || c.Strides[i] != s.m*c.Strides[d]) {
			break
		}
		s.m *= c.Shape[i]
	}
	for i, l := range c.Shape[:last] {
		s.batches.axis(l, c.Strides[i], a.Strides[i], b.Strides[i])
	}
	return s
}

// each calls f with the offsets, in elements, of the matrices of each product.
func (s *stack) each(f func(c, a, b int)) {
	pool.For(s.batches.size(), max(1, gemmParallel/2/max(1, s.m*s.n*s.k)), func(lo, hi int) {
		w := s.batches
		w.seek(lo)
		for range hi - lo {
			f(w.off[0], w.off[1], w.off[2])
			w.next()
		}
	})
}

// steps is the strides of a view's last two axes.
func (v View) steps() (rows, columns int) {
	d := len(v.Strides) - 2
	return v.Strides[d], v.Strides[d+1]
}

// tail is the last two axes of v, off elements after its first one.
func tail(v View, off int) View {
	d := len(v.Shape) - 2
	if v.P != nil {
		v.P = unsafe.Add(v.P, off*v.DT.Size())
	}
	return View{P: v.P, DT: v.DT, Shape: v.Shape[d:], Strides: v.Strides[d:]}
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
