package kernel_test

import (
	"fmt"
	"slices"
	"testing"
	"time"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// typed is a contiguous view of small numbers.
func typed(dt kernel.DType, shape ...int) kernel.View {
	v := tensor(shape...)
	v.DT, v.P = dt, dev.Alloc(v.Size()*dt.Size())
	dev.Fill(v, 1)
	return v
}

// permuted is v with its axes in another order.
func permuted(v kernel.View, axes ...int) kernel.View {
	p := v
	p.Shape, p.Strides = nil, nil
	for _, a := range axes {
		p.Shape, p.Strides = append(p.Shape, v.Shape[a]), append(p.Strides, v.Strides[a])
	}
	return p
}

// bench also reports the shortest run, which other work on the machine disturbs least.
func bench(b *testing.B, name string, f func()) {
	b.Run(name, func(b *testing.B) {
		best := time.Hour
		for b.Loop() {
			t := time.Now()
			f()
			best = min(best, time.Since(t))
		}
		b.ReportMetric(float64(best), "best-ns")
	})
}

// BenchmarkFold folds a million numbers or more over every kind of axis.
func BenchmarkFold(b *testing.B) {
	ops := []struct {
		name string
		op   kernel.ReduceOp
	}{{"sum", kernel.ReduceSum}, {"max", kernel.ReduceMax}, {"prod", kernel.ReduceProd}}
	for _, c := range []struct {
		shape []int
		axes  [][]int
	}{
		{[]int{1 << 20}, [][]int{{0}}},
		{[]int{8 << 20}, [][]int{{0}}},
		{[]int{1000, 1000}, [][]int{{0}, {1}}},
		{[]int{100, 100, 100}, [][]int{{0}, {1}, {2}, {0, 1}, {1, 2}, {0, 2}}},
		{[]int{256, 6, 28, 28}, [][]int{{0, 2, 3}}},
		{[]int{32, 64, 56, 56}, [][]int{{0, 2, 3}, {2, 3}}},
		{[]int{100000, 10}, [][]int{{0}, {1}}},
		{[]int{256, 784}, [][]int{{0}, {1}}},
	} {
		x := tensor(c.shape...)
		for _, o := range ops {
			for _, axes := range c.axes {
				shape := slices.Clone(c.shape)
				for _, a := range axes {
					shape[a] = 1
				}
				y := tensor(shape...)
				bench(b, fmt.Sprintf("%s/%v/%v", o.name, c.shape, axes), func() { dev.Reduce(o.op, y, x) })
			}
		}
	}
	for _, dt := range []kernel.DType{kernel.Float64, kernel.Int64, kernel.Int32, kernel.Uint8, kernel.Bool} {
		x := typed(dt, 1000, 1000)
		for k, shape := range [][]int{{1, 1}, {1, 1000}, {1000, 1}} {
			y := typed(dt, shape...)
			name := []string{"all", "[0]", "[1]"}[k]
			bench(b, fmt.Sprintf("sum/%v/%s", dt, name), func() { dev.Reduce(kernel.ReduceSum, y, x) })
			if dt == kernel.Bool {
				bench(b, fmt.Sprintf("alltrue/%v/%s", dt, name), func() { dev.Reduce(kernel.ReduceAll, y, x) })
			}
		}
	}
	for _, shape := range [][]int{{1, 1000000}, {1000, 1000}, {256, 10}} {
		x := tensor(shape...)
		for axis, n := range shape {
			if n > 1 {
				out := slices.Clone(shape)
				out[axis] = 1
				y := typed(kernel.Int64, out...)
				bench(b, fmt.Sprintf("argmax/%v/%d", shape, axis), func() { dev.ArgReduce(kernel.ReduceMax, y, x, axis) })
				z := tensor(shape...)
				bench(b, fmt.Sprintf("cumsum/%v/%d", shape, axis), func() { dev.Scan(kernel.ReduceSum, z, x, axis, false) })
			}
		}
	}
}

// BenchmarkMove copies, transposes and slices.
func BenchmarkMove(b *testing.B) {
	move := func(name string, x kernel.View) {
		y := typed(x.DT, x.Shape...)
		bench(b, name, func() { dev.Copy(y, x) })
	}
	move("copy/4MiB", tensor(1<<20))
	move("copy/32MiB", tensor(8<<20))
	move("t/1024", permuted(tensor(1024, 1024), 1, 0))
	move("t/1000", permuted(tensor(1000, 1000), 1, 0))
	move("t/1000/float64", permuted(typed(kernel.Float64, 1000, 1000), 1, 0))
	move("t/1000/uint8", permuted(typed(kernel.Uint8, 1000, 1000), 1, 0))
	move("t/1000/float16", permuted(typed(kernel.Float16, 1000, 1000), 1, 0))
	move("t/256x10", permuted(tensor(10, 256), 1, 0))
	move("nhwc", permuted(tensor(32, 64, 56, 56), 0, 2, 3, 1))
	move("nchw", permuted(tensor(32, 56, 56, 64), 0, 3, 1, 2))
	move("heads", permuted(tensor(64, 10, 4, 8), 0, 2, 1, 3))
	move("heads/big", permuted(tensor(64, 64, 4, 64), 0, 2, 1, 3))
	even := tensor(1000, 1000)
	even.Shape, even.Strides = []int{1000, 500}, []int{1000, 2}
	move("slice/even", even)
	part := tensor(1000, 1000)
	part.Shape = []int{1000, 500}
	move("slice/half", part)
	flip := tensor(1000, 1000)
	flip.P, flip.Strides = unsafe.Add(flip.P, 4*999), []int{1000, -1}
	move("flip/1", flip)
	flip0 := tensor(1000, 1000)
	flip0.P, flip0.Strides = unsafe.Add(flip0.P, 4*999000), []int{-1000, 1}
	move("flip/0", flip0)
	row := tensor(1000, 1000)
	row.Strides = []int{0, 1}
	move("expand/row", row)
	col := tensor(1000, 1000)
	col.Strides = []int{1, 0}
	move("expand/column", col)
	for axis, out := range [][]int{{512, 512}, {256, 1024}} {
		x, y := tensor(256, 512), tensor(out...)
		lo, hi := y, y
		lo.Shape, hi.Shape = x.Shape, x.Shape
		hi.P = unsafe.Add(y.P, 4*[]int{256 * 512, 512}[axis])
		bench(b, fmt.Sprintf("cat/%d", axis), func() { dev.Copy(lo, x); dev.Copy(hi, x) })
	}
}

// BenchmarkRows gathers and scatters rows and single elements.
func BenchmarkRows(b *testing.B) {
	w, dy, g := tensor(10000, 128), tensor(64*35, 128), tensor(10000, 128)
	idx := typed(kernel.Int64, 64*35)
	big := typed(kernel.Int64, 1000000)
	next := uint64(1)
	fill := func(v kernel.View, limit uint64) {
		s := unsafe.Slice((*int64)(v.P), v.Size())
		for i := range s {
			next = next*6364136223846793005 + 1442695040888963407
			s[i] = int64(next >> 33 % limit)
		}
	}
	fill(idx, 10000)
	fill(big, 1000000)
	bench(b, "embedding/forward", func() { dev.Gather(dy, w, idx) })
	bench(b, "embedding/backward", func() { dev.Fill(g, 0); dev.ScatterFold(kernel.Add, g, dy, idx) })
	x, y := tensor(1000000), tensor(1000000)
	bench(b, "take/1M", func() { dev.Gather(y, x, big) })
	bench(b, "add/1M", func() { dev.ScatterFold(kernel.Add, y, x, big) })
	row := typed(kernel.Int64, 1000, 1000)
	fill(row, 1000)
	at := row
	at.Shape, at.Strides = []int{1000, 1000}, []int{1, 0}
	at.P = dev.Alloc(8000)
	for i, s := 0, unsafe.Slice((*int64)(at.P), 1000); i < 1000; i++ {
		s[i] = int64(i)
	}
	m, n := tensor(1000, 1000), tensor(1000, 1000)
	bench(b, "gather/axis1", func() { dev.Gather(n, m, at, row) })
	along := at
	along.Strides = []int{0, 1}
	bench(b, "gather/axis0", func() { dev.Gather(n, m, row, along) })
	bench(b, "scatterAdd/axis1", func() { dev.ScatterFold(kernel.Add, n, m, at, row) })
}

// BenchmarkSort orders a million numbers.
func BenchmarkSort(b *testing.B) {
	x, y := tensor(1000000), typed(kernel.Int64, 1000000)
	s, next := unsafe.Slice((*float32)(x.P), 1000000), uint64(1)
	for i := range s {
		next = next*6364136223846793005 + 1442695040888963407
		s[i] = float32(int64(next)) / (1 << 63)
	}
	bench(b, "argsort/1M", func() { dev.ArgSort(y, x, 0, false) })
	m, n := x, y
	m.Shape, m.Strides, n.Shape, n.Strides = []int{1000, 1000}, []int{1000, 1}, []int{1000, 1000}, []int{1000, 1}
	bench(b, "argsort/1000x1000", func() { dev.ArgSort(n, m, 1, false) })
	sorted := tensor(1000)
	for i, s := 0, unsafe.Slice((*float32)(sorted.P), 1000); i < 1000; i++ {
		s[i] = float32(i)/500 - 1
	}
	sorted.Shape, sorted.Strides = []int{1, 1000}, []int{0, 1}
	q := x
	q.Shape, q.Strides = []int{1, 1000000}, []int{0, 1}
	r := y
	r.Shape, r.Strides = q.Shape, q.Strides
	bench(b, "searchsorted/1M", func() { dev.SearchSorted(r, sorted, q, false) })
}
