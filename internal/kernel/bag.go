package kernel

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/vec"
	"github.com/fathom-ml/fathom/internal/pool"
)

// GatherFold folds the rows that idx names in bags.
func (CPU) GatherFold(op ReduceOp, y, x, idx, first, arg View) {
	if y.DT == Float32 {
		gatherFold[float32](op, y, x, idx, first, arg)
		return
	}
	gatherFold[float64](op, y, x, idx, first, arg)
}

func gatherFold[T float](op ReduceOp, y, x, idx, first, arg View) {
	bags, n := y.Shape[0], y.Shape[1]
	if bags == 0 || n == 0 {
		return
	}
	work := max(1, idx.Size()*n/bags) // of one bag
	pool.For(bags, max(1, grainCheap/work), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			d := vecOf[T](unsafe.Pointer(at[T](y, i*y.Strides[0])), n)
			from, to := index(first, i), index(first, i+1)
			row := func(j int) []T { return vecOf[T](unsafe.Pointer(at[T](x, index(idx, j)*x.Strides[0])), n) }
			var won []int64
			if op == ReduceMax && arg.P != nil {
				won = vecOf[int64](unsafe.Pointer(at[int64](arg, i*n)), n)
				setAll(won, 0)
			}
			if from == to {
				setAll(d, 0)
				continue
			}
			copy(d, row(from))
			if won != nil {
				setAll(won, int64(index(idx, from)))
			}
			for j := from + 1; j < to; j++ {
				switch r := row(j); {
				case op == ReduceSum:
					addTo(d, r)
				case won == nil:
					for k, v := range r {
						d[k] = max(d[k], v)
					}
				default:
					number := int64(index(idx, j))
					for k, v := range r {
						if v > d[k] || v != v && d[k] == d[k] {
							d[k], won[k] = v, number
						}
					}
				}
			}
		}
	})
}

// addTo adds x to y.
func addTo[T float](y, x []T) {
	if a, ok := any(y).([]float32); ok {
		vec.Add(a, a, any(x).([]float32))
		return
	}
	for i, v := range x {
		y[i] += v
	}
}
