package kernel

import (
	"sync"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/vec"
	"github.com/fathom-ml/fathom/internal/pool"
)

// foldPiece is how many elements of one fold make a partial result.
const foldPiece = 32 << 10

// Reduce folds x over the axes on which y has length 1 and x has not. Floats
// are folded in float64; pieces are combined in order, so that the result does
// not depend on the number of threads.
func (CPU) Reduce(op ReduceOp, y, x View) {
	switch x.DT {
	case Float32:
		reduce[float64, float32](op, y, x)
	case Float64:
		reduce[float64, float64](op, y, x)
	case Int32:
		reduce[int64, int32](op, y, x)
	case Int64:
		reduce[int64, int64](op, y, x)
	case Int8:
		reduce[int64, int8](op, y, x)
	default:
		reduce[int64, uint8](op, y, x)
	}
}

// A folding is a reduction with its axes sorted into kept and folded ones.
type folding struct {
	op       ReduceOp
	y, x     View
	keep     walker // offsets 0: of y, 1: of x
	fold     View   // the folded axes of x, at offset 0
	inner    int    // length of the kept axis that lies densest, if any
	iy, ix   int    // its strides in y and x
	nk, nf   int    // kept (without inner) and folded elements
	accInner bool   // fold whole rows of the inner axis at once

	shape, strides [maxAxes]int // what fold's slices stand on
}

var foldings = sync.Pool{New: func() any { return new(folding) }}

func (f *folding) plan() {
	x, y := f.x, f.y
	best, at := 0, -1
	for i, d := range x.Shape {
		st := abs(x.Strides[i])
		if d > 1 && st > 0 && (at < 0 || st <= best) {
			best, at = st, i
		}
	}
	f.accInner = at >= 0 && y.Shape[at] == x.Shape[at]
	f.fold = View{P: x.P, DT: x.DT, Shape: f.shape[:0], Strides: f.strides[:0]}
	f.nk, f.nf, f.inner = 1, 1, 1
	for i, d := range x.Shape {
		switch {
		case y.Shape[i] != d:
			f.fold.Shape = append(f.fold.Shape, d)
			f.fold.Strides = append(f.fold.Strides, x.Strides[i])
			f.nf *= d
		case f.accInner && i == at:
			f.inner, f.iy, f.ix = d, y.Strides[i], x.Strides[i]
		default:
			f.keep.axis(d, y.Strides[i], x.Strides[i])
			f.nk *= d
		}
	}
	f.accInner = f.accInner && f.nf > 1
}

func abs(i int) int { return max(i, -i) }

func reduce[A accumulator, T number](op ReduceOp, y, x View) {
	if y.Size() == 0 {
		return
	}
	if n := x.Size(); 0 < n && n <= foldPiece && y.Size() == 1 && contiguous(x) {
		*at[T](y, 0) = T(foldRun[A](op, vecOf[T](x.P, n)))
		return
	}
	f := foldings.Get().(*folding)
	*f = folding{op: op, y: y, x: x}
	f.plan()
	foldBy[A, T](f)
	*f = folding{} // keeps no memory alive
	foldings.Put(f)
}

// foldBy chooses the way to fold.
func foldBy[A accumulator, T number](f *folding) {
	op, y := f.op, f.y
	if f.nf == 0 {
		if op == ReduceMax || op == ReduceMin {
			panic("kernel: maximum or minimum of nothing")
		}
		CPU{}.Fill(y, float64(identity[A](op)))
		return
	}
	switch {
	case f.accInner:
		foldColumns[A, T](f)
	case f.nk*f.inner == 1:
		*at[T](y, 0) = T(foldLong[A, T](f))
	default:
		if f.inner > 1 { // nothing is folded: give the inner axis back
			f.keep.axis(f.inner, f.iy, f.ix)
			f.nk *= f.inner
		}
		foldRows[A, T](f)
	}
}

// foldRows folds the axes of each kept element by themselves.
func foldRows[A accumulator, T number](f *folding) {
	pool.For(f.nk, max(1, grainCheap/f.nf), func(lo, hi int) {
		sc := scratches.Get().(*scratch)
		w := f.keep
		w.seek(lo)
		flat := contiguous(f.fold)
		for i := lo; i < hi; i++ {
			v := f.fold
			v.P = unsafe.Pointer(at[T](f.x, w.off[1]))
			var a A
			if flat && f.nf <= foldPiece {
				a = foldRun[A](f.op, vecOf[T](v.P, f.nf))
			} else {
				a = foldPieces[A, T](f.op, v, 0, f.nf, sc)
			}
			*at[T](f.y, w.off[0]) = T(a)
			w.next()
		}
		sc.release()
	})
}

// foldLong folds everything to one number, pieces on the workers.
func foldLong[A accumulator, T number](f *folding) A {
	pieces := (f.nf + foldPiece - 1) / foldPiece
	part := make([]A, pieces)
	pool.For(pieces, 1, func(lo, hi int) {
		sc := scratches.Get().(*scratch)
		for i := lo; i < hi; i++ {
			part[i] = foldPieces[A, T](f.op, f.fold, i*foldPiece, min((i+1)*foldPiece, f.nf), sc)
		}
		sc.release()
	})
	a := part[0]
	for _, b := range part[1:] {
		a = combine(f.op, a, b)
	}
	return a
}

// foldPieces folds elements [lo, hi) of v, lo a multiple of foldPiece.
func foldPieces[A accumulator, T number](op ReduceOp, v View, lo, hi int, sc *scratch) A {
	c := &sc.cs[0]
	c.open(v, unsafe.Pointer(&sc.buf))
	c.seek(lo)
	a := identity[A](op)
	for first := true; lo < hi; {
		end := min(lo-lo%foldPiece+foldPiece, hi)
		piece := identity[A](op)
		for lo < end {
			p, n := c.span(end - lo)
			piece = combine(op, piece, foldRun[A](op, vecOf[T](p, n)))
			lo += n
		}
		if first {
			a, first = piece, false
			continue
		}
		a = combine(op, a, piece)
	}
	return a
}

// strip is how many columns are accumulated at a time.
const strip = 512

// foldColumns folds rows of the inner axis, strips of it at a time, into
// accumulators.
func foldColumns[A accumulator, T number](f *folding) {
	strips := (f.inner + strip - 1) / strip
	if f.nk*f.inner*f.nf < 2*grainCheap {
		foldStrips[A, T](f, 0, f.nk*strips)
		return
	}
	pool.For(f.nk*strips, max(1, grainCheap/(min(strip, f.inner)*f.nf)), func(lo, hi int) { foldStrips[A, T](f, lo, hi) })
}

// foldStrips does strips [lo, hi) of all.
func foldStrips[A accumulator, T number](f *folding, lo, hi int) {
	strips := (f.inner + strip - 1) / strip
	var w walker
	for i, d := range f.fold.Shape {
		w.axis(d, f.fold.Strides[i])
	}
	var buf [strip]A
	k := f.keep
	for i := lo; i < hi; i++ {
		k.seek(i / strips)
		j := i % strips * strip
		acc := buf[:min(strip, f.inner-j)]
		setAll(acc, identity[A](f.op))
		w.seek(0)
		first := k.off[1] + j*f.ix
		if x, ok := any(acc).([]float64); ok && f.x.DT == Float32 && f.ix == 1 && f.op != ReduceProd {
			foldStrip32(f, x, &w, first)
		} else {
			for range f.nf {
				foldInto[A, T](f.op, acc, unsafe.Pointer(at[T](f.x, first+w.off[0])), f.ix)
				w.next()
			}
		}
		for l, a := range acc {
			*at[T](f.y, k.off[0]+(j+l)*f.iy) = T(a)
		}
	}
}

// foldStrip32 folds f.nf rows into acc: sums of up to 16 rows in float32, and
// those sums in float64.
func foldStrip32(f *folding, acc []float64, w *walker, first int) {
	var buf [strip]float32
	a := buf[:len(acc)]
	for rows := f.nf; rows > 0; {
		n := min(rows, 16)
		rows -= n
		copy(a, vecOf[float32](unsafe.Pointer(at[float32](f.x, first+w.off[0])), len(a)))
		w.next()
		for range n - 1 {
			row := vecOf[float32](unsafe.Pointer(at[float32](f.x, first+w.off[0])), len(a))
			switch f.op {
			case ReduceSum:
				vec.Add(a, a, row)
			case ReduceMax:
				vec.Max(a, a, row)
			default:
				vec.Min(a, a, row)
			}
			w.next()
		}
		for i, v := range a {
			acc[i] = combine(f.op, acc[i], float64(v))
		}
	}
}
