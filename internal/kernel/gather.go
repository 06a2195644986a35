package kernel

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/pool"
)

// index is element i of a contiguous vector of Int64 or Int32.
func index(v View, i int) int {
	if v.DT == Int32 {
		return int(*at[int32](v, i))
	}
	return int(*at[int64](v, i))
}

// row is v[i].
func row(v View, i int) View {
	return View{
		P:  unsafe.Add(v.P, i*v.Strides[0]*v.DT.Size()),
		DT: v.DT, Shape: v.Shape[1:], Strides: v.Strides[1:],
	}
}

// Gather sets y[i, ...] to x[idx[i], ...].
func (CPU) Gather(y, x, idx View) {
	if y.Size() == 0 {
		return
	}
	n := y.Size() / y.Shape[0]
	size := y.DT.Size()
	flat := contiguous(row(y, 0)) && contiguous(row(x, 0))
	sy, sx := y.Strides[0]*size, x.Strides[0]*size
	pool.For(y.Shape[0], max(1, grainCheap/n), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			j := index(idx, i)
			if flat {
				copy(vecOf[byte](unsafe.Add(y.P, i*sy), n*size), vecOf[byte](unsafe.Add(x.P, j*sx), n*size))
			} else {
				CPU{}.Copy(row(y, i), row(x, j))
			}
		}
	})
}

// ScatterAdd adds x[i, ...] to y[idx[i], ...], in order. When it is worth
// threads, each worker owns a range of y's rows and looks for its indices.
func (CPU) ScatterAdd(y, x, idx View) {
	if x.Size() == 0 {
		return
	}
	rows, n, size := x.Shape[0], x.Size()/x.Shape[0], y.DT.Size()
	flat := contiguous(row(y, 0)) && contiguous(row(x, 0))
	grain := y.Shape[0]
	if n >= 16 {
		grain = max(1, y.Shape[0]*grainCheap/x.Size())
	}
	pool.For(y.Shape[0], grain, func(lo, hi int) {
		for i := range rows {
			t := index(idx, i)
			if t < lo || t >= hi {
				continue
			}
			if flat {
				d := unsafe.Add(y.P, t*y.Strides[0]*size)
				addScaledRun(y.DT, d, d, unsafe.Add(x.P, i*x.Strides[0]*size), n, 1)
			} else {
				CPU{}.AddScaled(row(y, t), row(x, i), 1)
			}
		}
	})
}

// Pick sets y[i] to x[i, idx[i]].
func (CPU) Pick(y, x, idx View) {
	size := y.DT.Size()
	for i := range y.Shape[0] {
		gather(unsafe.Add(y.P, i*y.Strides[0]*size),
			unsafe.Add(x.P, (i*x.Strides[0]+index(idx, i)*x.Strides[1])*size), 1, 1, size)
	}
}

// PickAdd adds x[i] to y[i, idx[i]].
func (CPU) PickAdd(y, x, idx View) {
	size := y.DT.Size()
	for i := range x.Shape[0] {
		d := unsafe.Add(y.P, (i*y.Strides[0]+index(idx, i)*y.Strides[1])*size)
		addScaledRun(y.DT, d, d, unsafe.Add(x.P, i*x.Strides[0]*size), 1, 1)
	}
}
