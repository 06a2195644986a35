package gemm

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/pool"
)

// Packed is a right operand, k by n, that is laid out once for many products with few
// rows each, as the weights of a recurrent layer are.
type Packed[T float] struct {
	n, k   int
	b      mat[T] // as given, if there are no kernels for it
	panels []T    // else panel by panel: see packB
	width  int    // of a panel
	class  int8   // of the panels' memory
}

// Pack lays out b; it reads b until Free is called.
func Pack[T float](n, k int, b []T, brs, bcs int) *Packed[T] {
	w := &Packed[T]{n: n, k: k}
	if n > 0 && k > 0 {
		w.b = mat[T]{&b[0], brs, bcs}
		packPanels(w)
	}
	return w
}

// Free gives the panels' memory back.
func (w *Packed[T]) Free() {
	if w.panels != nil {
		pool.Buffers.Put(unsafe.Pointer(unsafe.SliceData(w.panels)), w.class)
		w.panels = nil
	}
}

// reserve makes room for n numbers of panels.
func (w *Packed[T]) reserve(n int) {
	var t T
	p, class := pool.Buffers.Get(n * int(unsafe.Sizeof(t)))
	w.panels, w.class = unsafe.Slice((*T)(p), n), class
}

// Mul sets c to a times the packed operand, or adds it if acc; then adds bias, one number a
// column, unless it is nil. Rows of a, c and nothing else may lie apart: ars and crs. It runs on the
// caller's goroutine alone.
func (w *Packed[T]) Mul(m int, a []T, ars int, c []T, crs int, acc bool, bias []T) {
	if m <= 0 || w.n == 0 {
		return
	}
	g := job[T]{m: m, n: w.n, k: w.k, b: w.b, c: &c[0], crs: crs, acc: acc, bias: unsafe.SliceData(bias)}
	if w.k > 0 {
		g.a = mat[T]{&a[0], ars, 1}
	}
	if w.panels != nil {
		mulPanels(w, &g)
		return
	}
	multiply(g)
	for i := range m {
		row := unsafe.Slice(ptr(g.c, i*crs), w.n)
		for j, v := range bias {
			row[j] += v
		}
	}
}
