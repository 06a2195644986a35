package nn

import (
	"fmt"
	"slices"

	"github.com/fathom-ml/fathom/tensor"
)

// Size is the side of a square window, or its two sides [rows, columns].
type Size interface{ int | [2]int }

// Size3 is the side of a cube, or its three sides [depth, rows, columns].
type Size3 interface{ int | [3]int }

// Sizes is one number for all axes of a window, or a number for each.
type Sizes interface{ int | [2]int | [3]int }

func sides[S Sizes](s S) []int {
	switch s := any(s).(type) {
	case int:
		return []int{s}
	case [2]int:
		return s[:]
	case [3]int:
		return s[:]
	}
	panic("unreachable")
}

// window is what a constructor and its options say of a window: numbers for each of its axes.
type window struct {
	op                                    string // the constructor
	axes                                  int
	kernel, stride, pad, dilation, outPad [3]int
	ceil, excludePad                      bool
}

func newWindow[S Sizes](op string, axes int, kernel S) window {
	w := window{op: op, axes: axes, stride: [3]int{1, 1, 1}, dilation: [3]int{1, 1, 1}}
	w.kernel = w.each(op, atLeast(op, sides(kernel), 1))
	return w
}

// each is a number for each axis, the same one or its own.
func (w *window) each(option string, v []int) (n [3]int) {
	if len(v) == 1 {
		v = slices.Repeat(v, w.axes)
	}
	if len(v) != w.axes {
		panic(&tensor.Error{Op: w.op, Msg: fmt.Sprintf("%s has %d numbers for a window of %d axes", option, len(v), w.axes)})
	}
	copy(n[:], v)
	return n
}

func (w *window) two(v [3]int) [2]int { return [2]int(v[:2]) }

// atLeast panics if a number is less than least.
func atLeast(op string, v []int, least int) []int {
	if slices.Min(v) < least {
		panic(&tensor.Error{Op: op, Msg: fmt.Sprintf("%v is less than %d", v, least)})
	}
	return v
}

// WindowOption is an option of convolutions and pooling.
type WindowOption struct {
	name string
	v    []int
	of   func(w *window) *[3]int
}

func (o WindowOption) set(w *window)   { *o.of(w) = w.each(o.name, o.v) }
func (o WindowOption) conv(l *filters) { o.set(&l.window) }
func (o WindowOption) pool(w *window)  { o.set(w) }

// Pad adds rows and columns of zeros on each side: nn.Pad(2), nn.Pad([2]int{2, 1}).
func Pad[S Sizes](n S) WindowOption {
	return WindowOption{"nn.Pad", atLeast("nn.Pad", sides(n), 0), func(w *window) *[3]int { return &w.pad }}
}

// Stride is how far the window moves: nn.Stride(2), nn.Stride([2]int{3, 4}).
func Stride[S Sizes](n S) WindowOption {
	return WindowOption{"nn.Stride", atLeast("nn.Stride", sides(n), 1), func(w *window) *[3]int { return &w.stride }}
}
