// Package fold holds the loops of reductions: rows of numbers folded each into one number, and rows folded into one row.
//
// Results are float64 or int64 and are folded on, so that a reduction over several axes is several calls. The loops in
// plain.go are the definition; the assembly for AVX-512 and AVX2 gives the very same bits.
package fold

import "unsafe"

// Op names a fold.
type Op uint8

// The folds. A maximum or minimum is NaN if any number is NaN. Any and All are for bytes that are 0 or 1.
const (
	Sum Op = iota
	Prod
	Max
	Min
	Any
	All
)

// Accumulator is what folds run in: float64 for floats, int64 for the rest.
type Accumulator interface{ float64 | int64 }

// Number is a type that can be folded.
type Number interface {
	float32 | float64 | int32 | int64 | int8 | uint8
}

// Pad is the multiple to which the memory of a row of accumulators is rounded up: see [Columns].
const Pad = 16

// block is how many numbers of a row of eight bytes are folded in running results before those are folded themselves, and
// call about how many numbers one call of a routine does: such code cannot be preempted.
const (
	block = 4096
	call  = 32768
)

// Lines folds n numbers from x on into acc[0], the n numbers stride bytes further into acc[1], and so on.
func Lines[A Accumulator, T Number](op Op, acc []A, x *T, n, stride int) {
	if n == 0 {
		return
	}
	most := block
	if narrow(op, x) {
		most = call
	}
	if n > most {
		for i := range acc {
			for k := 0; k < n; k += most {
				lines(op, acc[i:i+1], step(x, i*stride+k*int(unsafe.Sizeof(*x))), min(most, n-k), stride)
			}
		}
		return
	}
	rows := max(1, call/max(n, 1))
	for i := 0; i < len(acc); i += rows {
		lines(op, acc[i:min(i+rows, len(acc))], step(x, i*stride), n, stride)
	}
}

// Columns folds rows of len(acc) numbers, the first at x and each stride bytes after the one before, into acc. The memory
// of acc must hold a multiple of [Pad] numbers; those after acc are overwritten.
func Columns[A Accumulator, T Number](op Op, acc []A, x *T, rows, stride int) {
	if len(acc) == 0 {
		return
	}
	most := max(8, call/len(acc)&^7)
	for i := 0; i < rows; i += most {
		columns(op, acc, step(x, i*stride), min(most, rows-i), stride)
	}
}

func lines[A Accumulator, T Number](op Op, acc []A, x *T, n, stride int) {
	if narrow(op, x) {
		linesNarrow(op, any(acc).([]float64), any(x).(*float32), n, stride)
		return
	}
	whole := n &^ 7
	if whole > 0 && wide(op, x) {
		linesWide(op, acc, x, whole, stride)
		if whole == n {
			return
		}
	} else {
		whole = 0
	}
	size := int(unsafe.Sizeof(*x))
	for i, a := range acc {
		row := unsafe.Slice(step(x, i*stride+whole*size), n-whole)
		acc[i] = plain(op, a, row)
	}
}

func columns[A Accumulator, T Number](op Op, acc []A, x *T, rows, stride int) {
	if narrow(op, x) {
		columnsNarrow(op, any(acc).([]float64), any(x).(*float32), rows, stride)
		return
	}
	if whole := len(acc) &^ 7; whole > 0 && wide(op, x) {
		columnsWide(op, acc[:whole], x, rows, stride)
		if acc = acc[whole:]; len(acc) == 0 {
			return
		}
		x = step(x, whole*int(unsafe.Sizeof(*x)))
	}
	for i := range rows {
		into(op, acc, unsafe.Slice(step(x, i*stride), len(acc)))
	}
}

// narrow says whether numbers are folded in their own type, float32, before the accumulators.
func narrow[T Number](op Op, x *T) bool {
	_, ok := any(x).(*float32)
	return ok && op != Prod
}

// wide says whether a routine folds the type in lanes of eight bytes.
func wide[T Number](op Op, x *T) bool {
	switch any(x).(type) {
	case *float32:
		return op == Prod
	case *float64:
		return op == Sum || op == Prod
	case *int8:
		return false
	}
	return op == Sum
}

// step is the number b bytes after x.
func step[T any](x *T, b int) *T { return (*T)(unsafe.Add(unsafe.Pointer(x), b)) }
