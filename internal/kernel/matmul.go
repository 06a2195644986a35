package kernel

import (
	"math"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/pool"
)

// gemmParallel is the number of multiplications from which a product is split.
const gemmParallel = 200_000

// Gemm sets c to a times b, or adds it if acc, then applies the epilogue.
func (CPU) Gemm(c, a, b View, acc bool, ep Epilogue) {
	d := len(c.Shape) - 2
	m, n, k := c.Shape[d], c.Shape[d+1], a.Shape[d+1]
	var w walker
	for i, l := range c.Shape[:d] {
		w.axis(l, c.Strides[i], a.Strides[i], b.Strides[i])
	}
	batches := w.size()
	if batches*m*n == 0 {
		return
	}
	pool.For(batches, max(1, gemmParallel/2/max(1, m*n*k)), func(lo, hi int) {
		w := w
		w.seek(lo)
		for range hi - lo {
			switch c.DT {
			case Float32:
				gemm(m, n, k, mat[float32](a, d, w.off[1]), mat[float32](b, d, w.off[2]),
					at[float32](c, w.off[0]), c.Strides[d], acc, (*float32)(ep.Bias), ep.Act)
			case Float64:
				gemm(m, n, k, mat[float64](a, d, w.off[1]), mat[float64](b, d, w.off[2]),
					at[float64](c, w.off[0]), c.Strides[d], acc, (*float64)(ep.Bias), ep.Act)
			default:
				unsupported("matrix product", c.DT)
			}
			w.next()
		}
	})
}

// A matrix is a pointer with a row and a column stride, in elements.
type matrix[T float] struct {
	p      *T
	rs, cs int
}

func mat[T float](v View, d, off int) matrix[T] {
	if v.Size() == 0 {
		return matrix[T]{}
	}
	return matrix[T]{at[T](v, off), v.Strides[d], v.Strides[d+1]}
}

func (m matrix[T]) at(i, j int) unsafe.Pointer {
	return unsafe.Add(unsafe.Pointer(m.p), (i*m.rs+j*m.cs)*int(unsafe.Sizeof(*m.p)))
}

// gemm is the plain-Go product
//
//	c[i, j] = act((acc ? c[i, j] : 0) + sum over l of a[i, l]*b[l, j] + bias[j])
//
// four rows of b at a time. c has contiguous rows, crs apart.
func gemm[T float](m, n, k int, a, b matrix[T], c *T, crs int, acc bool, bias *T, act Activation) {
	if b.cs != 1 && n > 1 && k > 0 {
		rows := make([]T, k*n)
		for l := range k {
			gatherT[T](unsafe.Pointer(&rows[l*n]), b.at(l, 0), n, b.cs)
		}
		b = matrix[T]{&rows[0], n, 1}
	}
	cm := matrix[T]{c, crs, 1}
	pool.For(m, max(1, gemmParallel/2/max(1, n*k)), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			y := vecOf[T](cm.at(i, 0), n)
			if !acc {
				clear(y)
			}
			l := 0
			for ; l+4 <= k; l += 4 {
				a0, a1, a2, a3 := *(*T)(a.at(i, l)), *(*T)(a.at(i, l+1)), *(*T)(a.at(i, l+2)), *(*T)(a.at(i, l+3))
				b0, b1, b2, b3 := vecOf[T](b.at(l, 0), n), vecOf[T](b.at(l+1, 0), n), vecOf[T](b.at(l+2, 0), n), vecOf[T](b.at(l+3, 0), n)
				b0, b1, b2, b3 = b0[:len(y)], b1[:len(y)], b2[:len(y)], b3[:len(y)]
				for j := range y {
					y[j] += (a0*b0[j] + a1*b1[j]) + (a2*b2[j] + a3*b3[j])
				}
			}
			for ; l < k; l++ {
				u := *(*T)(a.at(i, l))
				for j, v := range vecOf[T](b.at(l, 0), n) {
					y[j] += u * v
				}
			}
			if bias != nil {
				for j, v := range vecOf[T](unsafe.Pointer(bias), n) {
					y[j] += v
				}
			}
			activate(act, y)
		}
	})
}

// activate applies an activation in place.
func activate[T float](act Activation, y []T) {
	switch act {
	case ActReLU:
		for i, v := range y {
			y[i] = max(v, 0)
		}
	case ActSigmoid:
		for i, v := range y {
			y[i] = T(sigmoid(float64(v)))
		}
	case ActTanh:
		for i, v := range y {
			y[i] = T(math.Tanh(float64(v)))
		}
	}
}
