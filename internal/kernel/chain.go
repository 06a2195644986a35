package kernel

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/vec"
)

// Chains of elementwise functions that go over memory once.

// MulAdd sets y to x + s*(a*b).
func (CPU) MulAdd(y, x, a, b View, s float64) {
	l := loop{do: doMulAdd, dt: y.DT, v: [4]View{y, x, a, b}, nv: 4, m: s}
	l.each(grainCheap)
}

func mulAddRun(dt DType, p *operands, n int, s float64) {
	switch dt {
	case Float32:
		vec.MulAdd(vecOf[float32](p[0], n), vecOf[float32](p[1], n), vecOf[float32](p[2], n), vecOf[float32](p[3], n), float32(s))
	case Float64:
		y, x, a, b := vecOf[float64](p[0], n), vecOf[float64](p[1], n), vecOf[float64](p[2], n), vecOf[float64](p[3], n)
		for i := range y {
			y[i] = x[i] + float64(s*float64(a[i]*b[i]))
		}
	default:
		unsupported("multiply and add", dt)
	}
}

// Chain sets y to f(op(a, b)).
func (CPU) Chain(f UnaryOp, op BinaryOp, y, a, b View) {
	l := loop{do: doChain, op: uint8(op), then: uint8(f), dt: a.DT, v: [4]View{y, a, b}, nv: 3}
	l.each(grainCheap)
}

// chain does as much of the first function as stays in the first-level cache, then the second on that.
func (l *loop) chain(p *operands, n int) {
	const some = 2048
	size := l.dt.Size()
	for i := 0; i < n; i += some {
		k := min(some, n-i)
		y := unsafe.Add(p[0], i*size)
		CPU{}.BinaryRun(BinaryOp(l.op), l.dt, y, unsafe.Add(p[1], i*size), unsafe.Add(p[2], i*size), k)
		unaryRun(UnaryOp(l.then), l.dt, y, y, k)
	}
}
