package tensor

import (
	"fmt"
	"runtime/debug"
	"strings"
)

// Error is misuse of the library: shapes, dtypes or axes that do not fit, use
// of a released value. Operations panic with *Error; [Try] turns it into an error.
type Error struct {
	Op     string  // the operation, e.g. "matmul"
	Msg    string  // what is wrong
	Shapes [][]int // the operands' shapes
	Hint   string  // what to do
	Stack  string  // the goroutine's stack at the panic, filled by Try
}

// Error is the message: operation, what is wrong, shapes, hint.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", e.Op, e.Msg)
	for i, s := range e.Shapes {
		if i == 0 {
			b.WriteString(": ")
		} else {
			b.WriteString(" x ")
		}
		fmt.Fprint(&b, s)
	}
	if e.Hint != "" {
		b.WriteString("; " + e.Hint)
	}
	return b.String()
}

// Try runs f and returns the *[Error] that it panicked with, its stack filled
// in, or nil. Every other panic goes on. Panics on goroutines that f starts are not caught.
func Try(f func()) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *Error:
			if r.Stack == "" {
				r.Stack = string(debug.Stack())
			}
			err = r
		default:
			panic(r)
		}
	}()
	f()
	return nil
}
