package kernel

import (
	"sync"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/fold"
	"github.com/fathom-ml/fathom/internal/pool"
)

// Reduce folds x over the axes on which y has length 1 and x has not. Floats are folded in float64 but for a few terms;
// pieces are combined in order, so that the result does not depend on the number of threads.
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

var foldOps = [...]fold.Op{ReduceSum: fold.Sum, ReduceProd: fold.Prod, ReduceMax: fold.Max, ReduceMin: fold.Min,
	ReduceAny: fold.Any, ReduceAll: fold.All}

// A foldAxis is an axis of a folding with its strides in x and y.
type foldAxis struct {
	n, x, y int
	keep    bool
}

// A folding is a reduction with its axes in the order of memory. Its innermost work is one call of package fold: either
// the axis that lies densest is folded, and its lines are beside each other along a kept axis; or it is kept, and rows
// along it are folded into one.
type folding struct {
	op    ReduceOp
	y, x  View
	axes  []foldAxis
	line  foldAxis // lies densest in x
	cross foldAxis // the other axis of a call
	keep  walker   // the other kept axes: offsets 0 of y, 1 of x
	fold  walker   // the other folded axes: offset 0 of x
	nf    int      // steps of fold

	part    int            // kept numbers of a tile: neighbours along the kept one of line and cross
	tiles   int            // of one step of keep
	pieces  int            // the folded numbers of a tile are cut into so many
	partial unsafe.Pointer // results of the pieces

	store [64]foldAxis // what axes stands on
}

var foldings = sync.Pool{New: func() any { return new(folding) }}

// sort lists the axes, those with large strides first, and merges neighbours.
func (f *folding) sort() {
	x, y := &f.x, &f.y
	size, ySize := x.DT.Size(), y.DT.Size()
	f.axes = f.store[:0]
	for i, n := range x.Shape {
		if n == 1 {
			continue
		}
		a := foldAxis{n, x.Strides[i], 0, y.Shape[i] == n}
		if a.keep {
			a.y = y.Strides[i]
		}
		if a.x < 0 { // from its other end
			x.P, y.P = unsafe.Add(x.P, (n-1)*a.x*size), unsafe.Add(y.P, (n-1)*a.y*ySize)
			a.x, a.y = -a.x, -a.y
		}
		k := len(f.axes)
		f.axes = append(f.axes, a)
		for ; k > 0 && a.x != 0 && (f.axes[k-1].x < a.x && f.axes[k-1].x > 0); k-- {
			f.axes[k] = f.axes[k-1]
		}
		if a.x == 0 { // what repeats goes outermost
			copy(f.axes[1:], f.axes[:len(f.axes)-1])
			k = 0
		}
		f.axes[k] = a
	}
	last := 0
	for i := 1; i < len(f.axes); i++ {
		a, b := &f.axes[last], f.axes[i]
		if a.keep == b.keep && a.x == b.x*b.n && a.y == b.y*b.n {
			a.n, a.x, a.y = a.n*b.n, b.x, b.y
			continue
		}
		last++
		f.axes[last] = b
	}
	f.axes = f.axes[:min(len(f.axes), last+1)]
}

// plan chooses the axes of a call and cuts the work.
func (f *folding) plan() {
	f.sort()
	f.line, f.cross = foldAxis{n: 1, x: 1}, foldAxis{n: 1, keep: true}
	if k := len(f.axes) - 1; k >= 0 {
		f.line, f.axes = f.axes[k], f.axes[:k]
		f.cross.keep = !f.line.keep
		for k--; k >= 0; k-- {
			if f.axes[k].keep == f.cross.keep {
				f.cross = f.axes[k]
				f.axes = append(f.axes[:k], f.axes[k+1:]...)
				break
			}
		}
	}
	f.nf = 1
	for _, a := range f.axes {
		if a.keep {
			f.keep.axis(a.n, a.y, a.x)
		} else {
			f.fold.axis(a.n, a.x)
			f.nf *= a.n
		}
	}
	kept, folded, unit := f.line.n, f.cross.n, 8
	f.part = kept
	if kept > 1024 {
		f.part = 512
	}
	if !f.line.keep {
		kept, folded, unit = f.cross.n, f.line.n, 4096
		f.part = min(max(foldPiece/folded, 8), 1024)
	}
	f.part = min(f.part, kept)
	f.tiles = (kept + f.part - 1) / f.part
	cuts := f.nf
	if f.nf == 1 {
		cuts = (folded + unit - 1) / unit
	}
	tiles := f.keep.size() * f.tiles
	f.pieces = max(1, min(cuts, 32/tiles, tiles*f.part*folded*f.nf/(2*foldPiece)))
}

// foldPiece is about how many numbers one piece of the work has.
const foldPiece = 32 << 10

func reduce[A accumulator, T number](op ReduceOp, y, x View) {
	if y.Size() == 0 {
		return
	}
	n := x.Size()
	if n == 0 {
		if op == ReduceMax || op == ReduceMin {
			panic("kernel: maximum or minimum of nothing")
		}
		CPU{}.Fill(y, float64(identity[A](op)))
		return
	}
	if n <= foldPiece && y.Size() == 1 && contiguous(x) {
		acc := [fold.Pad]A{identity[A](op)}
		fold.Lines(foldOps[op], acc[:1], (*T)(x.P), n, 0)
		putFold[A, T](y, 0, 0, acc[:1])
		return
	}
	f := foldings.Get().(*folding)
	f.op, f.y, f.x, f.keep, f.fold = op, y, x, walker{}, walker{}
	f.plan()
	jobs := f.keep.size() * f.tiles * f.pieces
	width := (f.part + fold.Pad - 1) &^ (fold.Pad - 1)
	class := int8(-1)
	if f.pieces > 1 {
		f.partial, class = pool.Buffers.Get(jobs * width * 8)
	}
	if n < 2*grainCheap {
		foldJobs[A, T](f, width, 0, jobs)
	} else {
		pool.For(jobs, max(1, grainCheap*jobs/n), func(lo, hi int) { foldJobs[A, T](f, width, lo, hi) })
	}
	if f.pieces > 1 {
		foldPartials[A, T](f, width)
		pool.Buffers.Put(f.partial, class)
	}
	f.y, f.x, f.partial = View{}, View{}, nil // keeps no memory alive
	foldings.Put(f)
}

// kept is the axis along which the numbers of a tile lie, and tile the range of them in tile i.
func (f *folding) kept() foldAxis {
	if f.line.keep {
		return f.line
	}
	return f.cross
}

func (f *folding) tile(i int) (lo, hi int) {
	lo = i % f.tiles * f.part
	return lo, min(lo+f.part, f.kept().n)
}

// foldJobs does jobs [lo, hi): pieces of tiles.
func foldJobs[A accumulator, T number](f *folding, width, lo, hi int) {
	sc := scratches.Get().(*scratch)
	keep, inner := f.keep, f.fold
	kept := f.kept()
	for job := lo; job < hi; job++ {
		tile, piece := job/f.pieces, job%f.pieces
		from, to := f.tile(tile)
		keep.seek(tile / f.tiles)
		acc := unsafe.Slice((*A)(unsafe.Pointer(&sc.buf[0])), width)[:to-from]
		if f.pieces > 1 {
			acc = unsafe.Slice((*A)(unsafe.Add(f.partial, job*width*8)), width)[:to-from]
		}
		setAll(acc, identity[A](f.op))
		x := unsafe.Pointer(at[T](f.x, keep.off[1]+from*kept.x))
		if f.nf == 1 {
			foldCall[A, T](f, acc, x, piece, f.pieces, sc)
		} else {
			first, last := piece*f.nf/f.pieces, (piece+1)*f.nf/f.pieces
			inner.seek(first)
			for range last - first {
				foldCall[A, T](f, acc, unsafe.Add(x, inner.off[0]*f.x.DT.Size()), 0, 1, sc)
				inner.next()
			}
		}
		if f.pieces == 1 {
			putFold[A, T](f.y, keep.off[0]+from*kept.y, kept.y, acc)
		}
	}
	sc.release()
}

// foldCall folds one of some pieces of the two axes of a call into acc.
func foldCall[A accumulator, T number](f *folding, acc []A, x unsafe.Pointer, piece, pieces int, sc *scratch) {
	op, size := foldOps[f.op], f.x.DT.Size()
	if f.line.keep {
		rows, stride := f.cross.n, f.cross.x*size
		first, last := 0, rows
		if pieces > 1 { // of whole groups of rows
			groups := (rows + 7) / 8
			first, last = piece*groups/pieces*8, min((piece+1)*groups/pieces*8, rows)
			x = unsafe.Add(x, first*stride)
		}
		if f.line.x == 1 {
			fold.Columns(op, acc, (*T)(x), last-first, stride)
			return
		}
		row := unsafe.Pointer(&sc.buf[1])
		for i := range last - first {
			gather(row, unsafe.Add(x, i*stride), len(acc), f.line.x, size)
			fold.Columns(op, acc, (*T)(row), 1, 0)
		}
		return
	}
	first, last := 0, f.line.n
	if pieces > 1 {
		const unit = 4096
		units := (last + unit - 1) / unit
		first, last = piece*units/pieces*unit, min((piece+1)*units/pieces*unit, last)
		x = unsafe.Add(x, first*f.line.x*size)
	}
	if f.line.x == 1 {
		fold.Lines(op, acc, (*T)(x), last-first, f.cross.x*size)
		return
	}
	run := unsafe.Pointer(&sc.buf[1])
	for i := range acc {
		for k := 0; k < last-first; k += blockLen {
			n := min(blockLen, last-first-k)
			gather(run, unsafe.Add(x, (i*f.cross.x+k*f.line.x)*size), n, f.line.x, size)
			fold.Lines(op, acc[i:i+1], (*T)(run), n, 0)
		}
	}
}

// foldPartials combines the pieces of each tile in order.
func foldPartials[A accumulator, T number](f *folding, width int) {
	keep, kept := f.keep, f.kept()
	var buf [1024]A
	for tile := range f.keep.size() * f.tiles {
		from, to := f.tile(tile)
		keep.seek(tile / f.tiles)
		acc := buf[:to-from]
		setAll(acc, identity[A](f.op))
		fold.Columns(foldOps[f.op], acc, (*A)(unsafe.Add(f.partial, tile*f.pieces*width*8)), f.pieces, width*8)
		putFold[A, T](f.y, keep.off[0]+from*kept.y, kept.y, acc)
	}
}

// putFold writes results to y from offset off on, step apart. Sums of integers may go to a y of Int64.
func putFold[A accumulator, T number](y View, off, step int, acc []A) {
	if y.DT == Int64 {
		for _, a := range acc {
			*at[int64](y, off) = int64(a)
			off += step
		}
		return
	}
	if step == 1 {
		convert(vecOf[T](unsafe.Pointer(at[T](y, off)), len(acc)), acc)
		return
	}
	for _, a := range acc {
		*at[T](y, off) = T(a)
		off += step
	}
}
