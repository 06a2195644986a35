// Package kerneltest holds a device to the contract of [kernel.Device]: every
// method is compared with a naive loop over random shapes, strides and dtypes,
// and memory around a view must stay untouched. The device's memory must be
// addressable by the processor.
package kerneltest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// Run tests every method of dev.
func Run(t *testing.T, dev kernel.Device) {
	for _, c := range []struct {
		name string
		f    func(s *suite)
	}{
		{"Alloc", (*suite).alloc},
		{"Fill", (*suite).fill},
		{"Copy", (*suite).copies},
		{"Where", (*suite).where},
		{"Unary", (*suite).unary},
		{"Affine", (*suite).affine},
		{"Binary", (*suite).binary},
		{"Complex", (*suite).complexes},
		{"Integers", (*suite).integers},
		{"Polygamma", (*suite).polygamma},
		{"Special", (*suite).special},
		{"InPlace", (*suite).inPlace},
		{"AddScaled", (*suite).addScaled},
		{"Chains", (*suite).chains},
		{"Reduce", (*suite).reduce},
		{"LongSum", (*suite).longSum},
		{"LongLines", (*suite).longLines},
		{"ArgReduce", (*suite).argReduce},
		{"Scan", (*suite).scan},
		{"Recur", (*suite).recur},
		{"Gemm", (*suite).gemm},
		{"Gather", (*suite).gather},
		{"GatherMany", (*suite).gatherMany},
		{"GatherFold", (*suite).bags},
		{"ArgSort", (*suite).argSort},
		{"SearchSorted", (*suite).searchSorted},
		{"Conv", (*suite).conv},
		{"Pool", (*suite).pool},
		{"Softmax", (*suite).softmax},
		{"CrossEntropy", (*suite).crossEntropy},
		{"SquaredError", (*suite).squaredError},
		{"Dropout", (*suite).dropout},
		{"RNN", (*suite).rnn},
		{"Attention", (*suite).attention},
		{"Norm", (*suite).norm},
		{"Update", (*suite).update},
		{"SumSquares", (*suite).sumSquares},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.f(&suite{T: t, dev: dev, r: rand.New(rand.NewPCG(1, uint64(len(c.name))))})
		})
	}
}

type suite struct {
	*testing.T
	dev kernel.Device
	r   *rand.Rand
}

var (
	floats  = []kernel.DType{kernel.Float32, kernel.Float64}
	numbers = []kernel.DType{kernel.Float32, kernel.Float64, kernel.Int32, kernel.Int64, kernel.Uint8, kernel.Int8}
	all     = append(slices.Clone(numbers), kernel.Bool)
	stored  = append(slices.Clone(all), kernel.Float16, kernel.BFloat16, kernel.Complex64, kernel.Complex128)
)

// A box is a view with the block of guarded memory it lies in and, after read,
// its elements in row-major order.
type box struct {
	kernel.View
	block unsafe.Pointer
	bytes int
	off   []int // byte offset of each element inside the block
}

const guard = 0xa5

// How a box lies in memory.
type layout int

const (
	flat     layout = iota // contiguous
	permuted               // axes in another order
	spaced                 // every other element of each axis
	reversed               // negative strides
	anyhow                 // one of these, or a mixture
)

// box makes a view of the given layout over fresh memory full of guard bytes.
// Axes in bcast get stride 0.
func (s *suite) box(dt kernel.DType, shape []int, l layout, bcast ...int) *box {
	n, size := len(shape), dt.Size()
	order, step, back := make([]int, n), make([]int, n), make([]bool, n)
	for i := range n {
		order[i], step[i] = i, 1
	}
	if l == anyhow {
		l = layout(s.r.IntN(5))
	}
	if l == permuted || l == anyhow {
		s.r.Shuffle(n, func(i, j int) { order[i], order[j] = order[j], order[i] })
	}
	for i := range n {
		if l == spaced || l == anyhow && s.r.IntN(3) == 0 {
			step[i] = 2
		}
		back[i] = l == reversed || l == anyhow && s.r.IntN(3) == 0
	}
	b := &box{View: kernel.View{DT: dt, Shape: slices.Clone(shape), Strides: make([]int, n)}}
	st, first := 1, 0
	for i := n - 1; i >= 0; i-- {
		a := order[i]
		if slices.Contains(bcast, a) {
			continue
		}
		b.Strides[a] = st * step[a]
		if back[a] {
			first += max(0, shape[a]-1) * b.Strides[a]
			b.Strides[a] = -b.Strides[a]
		}
		st *= shape[a] * step[a]
	}
	if b.Size() == 0 {
		return b
	}
	b.bytes = (st + 32) * size
	b.block = s.dev.Alloc(b.bytes)
	for i := range b.bytes {
		*(*byte)(unsafe.Add(b.block, i)) = guard
	}
	first = (first + 16) * size
	if l == flat {
		first = 0 // and keep the alignment
	}
	b.P = unsafe.Add(b.block, first)
	b.off = make([]int, b.Size())
	idx := make([]int, n)
	for i := range b.off {
		o := 0
		for k := range n {
			o += idx[k] * b.Strides[k]
		}
		b.off[i] = first + o*size
		for k := n - 1; k >= 0; k-- {
			if idx[k]++; idx[k] < shape[k] {
				break
			}
			idx[k] = 0
		}
	}
	return b
}

// with makes a box and sets it to f(i), i counting in row-major order.
func (s *suite) with(dt kernel.DType, shape []int, l layout, f func(i int) float64, bcast ...int) *box {
	b := s.box(dt, shape, l, bcast...)
	for i := range b.off {
		b.set(i, f(i))
	}
	return b
}

// random makes a box of random numbers that suit the dtype: a few digits, so
// that integers do not overflow.
func (s *suite) random(dt kernel.DType, shape []int, l layout, bcast ...int) *box {
	return s.with(dt, shape, l, func(int) float64 { return s.number(dt) }, bcast...)
}

func (s *suite) number(dt kernel.DType) float64 {
	switch dt {
	case kernel.Bool:
		return float64(s.r.IntN(2))
	case kernel.Uint8:
		return float64(s.r.IntN(7))
	case kernel.Int32, kernel.Int64, kernel.Int8:
		return float64(s.r.IntN(13) - 6)
	}
	return s.r.NormFloat64() * 2
}

// shape draws a shape of up to 4 axes, some of length 0 or 1.
func (s *suite) shape() []int {
	sh := make([]int, s.r.IntN(5))
	for i := range sh {
		switch s.r.IntN(12) {
		case 0:
			sh[i] = 0
		case 1, 2:
			sh[i] = 1
		default:
			sh[i] = 1 + s.r.IntN(11)
		}
	}
	if s.r.IntN(6) == 0 {
		sh = []int{1 + s.r.IntN(3), 900 + s.r.IntN(300)}
	}
	return sh
}

func (b *box) set(i int, v float64) {
	p := unsafe.Add(b.block, b.off[i])
	switch b.DT {
	case kernel.Float32:
		*(*float32)(p) = float32(v)
	case kernel.Float64:
		*(*float64)(p) = v
	case kernel.Int32:
		*(*int32)(p) = int32(v)
	case kernel.Int64:
		*(*int64)(p) = int64(v)
	case kernel.Int8:
		*(*int8)(p) = int8(v)
	case kernel.Float16:
		*(*kernel.F16)(p) = kernel.ToF16(float32(v))
	case kernel.BFloat16:
		*(*kernel.BF16)(p) = kernel.ToBF16(float32(v))
	case kernel.Complex64:
		*(*complex64)(p) = complex(float32(v), 0)
	case kernel.Complex128:
		*(*complex128)(p) = complex(v, 0)
	default:
		*(*uint8)(p) = uint8(int64(v))
	}
}

// get is element i in row-major order.
func (b *box) get(i int) float64 {
	p := unsafe.Add(b.block, b.off[i])
	switch b.DT {
	case kernel.Float32:
		return float64(*(*float32)(p))
	case kernel.Float64:
		return *(*float64)(p)
	case kernel.Int32:
		return float64(*(*int32)(p))
	case kernel.Int64:
		return float64(*(*int64)(p))
	case kernel.Int8:
		return float64(*(*int8)(p))
	case kernel.Float16:
		return float64((*(*kernel.F16)(p)).Float32())
	case kernel.BFloat16:
		return float64((*(*kernel.BF16)(p)).Float32())
	case kernel.Complex64:
		return float64(real(*(*complex64)(p)))
	case kernel.Complex128:
		return real(*(*complex128)(p))
	}
	return float64(*(*uint8)(p))
}

// values is all elements in row-major order.
func (b *box) values() []float64 {
	v := make([]float64, len(b.off))
	for i := range v {
		v[i] = b.get(i)
	}
	return v
}

// round is v as dtype dt would hold it.
func round(dt kernel.DType, v float64) float64 {
	switch dt {
	case kernel.Float32:
		return float64(float32(v))
	case kernel.Float64:
		return v
	case kernel.Int32:
		return float64(int32(int64(v)))
	case kernel.Int64:
		return float64(int64(v))
	case kernel.Uint8:
		return float64(uint8(int64(v)))
	case kernel.Int8:
		return float64(int8(int64(v)))
	case kernel.Float16:
		return float64(kernel.ToF16(float32(v)).Float32())
	case kernel.BFloat16:
		return float64(kernel.ToBF16(float32(v)).Float32())
	case kernel.Complex64:
		return float64(float32(v))
	case kernel.Complex128:
		return v
	}
	if v != 0 {
		return 1
	}
	return 0
}

// eps is the spacing of dt's numbers at 1.
func eps(dt kernel.DType) float64 {
	if dt == kernel.Float64 || dt == kernel.Complex128 {
		return 0x1p-52
	}
	return 0x1p-23
}

func same(a, b float64) bool { return a == b || a != a && b != b }

// check compares b with want, in units of eps relative to max(1, |want|) times
// scale; 0 ulps means exactly. It also checks the guard bytes.
func (s *suite) check(what string, b *box, want []float64, ulps float64) {
	s.Helper()
	for i := range b.off {
		g, w := b.get(i), round(b.DT, want[i])
		if same(g, w) {
			continue
		}
		if ulps > 0 && math.Abs(g-w) <= ulps*eps(b.DT)*max(1, math.Abs(w)) {
			continue
		}
		s.Fatalf("%s: %v %v strides %v: element %d is %v, want %v", what, b.DT, b.Shape, b.Strides, i, g, w)
	}
	s.guarded(what, b)
}

// guarded checks that bytes outside the view are as they were.
func (s *suite) guarded(what string, b *box) {
	s.Helper()
	mine := make([]bool, b.bytes)
	for _, o := range b.off {
		for k := range b.DT.Size() {
			mine[o+k] = true
		}
	}
	for i, m := range mine {
		if !m && *(*byte)(unsafe.Add(b.block, i)) != guard {
			s.Fatalf("%s: %v %v strides %v: wrote outside the view", what, b.DT, b.Shape, b.Strides)
		}
	}
}

// clone copies the numbers of b into a box of another layout.
func (s *suite) clone(b *box, l layout) *box {
	return s.with(b.DT, b.Shape, l, b.get)
}

func (s *suite) alloc() {
	for _, n := range []int{0, 1, 63, 4096, 100001} {
		p := s.dev.Alloc(n)
		if uintptr(p)%64 != 0 {
			s.Fatalf("Alloc(%d): not aligned to 64", n)
		}
		for i := range n {
			if *(*byte)(unsafe.Add(p, i)) != 0 {
				s.Fatalf("Alloc(%d): not zero", n)
			}
		}
	}
	if s.dev.Name() == "" {
		s.Fatal("no name")
	}
}

func label(op, dt any) string { return fmt.Sprintf("op %v of %v", op, dt) }
