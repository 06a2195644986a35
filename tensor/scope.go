package tensor

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// A releaser is what errors about released memory name.
type releaser struct {
	text   string
	opened [1]uintptr // where the scope was opened
}

func (r *releaser) String() string {
	if r.opened[0] != 0 {
		f, _ := runtime.CallersFrames(r.opened[:]).Next()
		return fmt.Sprintf("the scope opened at %s:%d", f.File, f.Line)
	}
	return r.text
}

// Scope owns the results of one step of computation: Close gives their memory back
// at once instead of leaving it to the garbage collector.
//
// A scope is a tag on handles: a result belongs to the innermost open scope among its operands' handles. [Scope.In]
// puts a handle in, [Tensor.New] makes zeros beside a handle, [Scope.Keep] lifts a value out. Only code that owns a
// whole step opens one; 0-d results and gradients of leaves are never inside. Using a released value panics and names
// the line that opened the scope. A scope is optional: without one the garbage collector does its work.
type Scope struct {
	parent *Scope
	depth  int
	by     releaser
	mu     sync.Mutex
	list   []*buffer
	home   [24]*buffer // of list, while it is short
	closed atomic.Bool
}

// NewScope opens a scope. Close it when the step is over.
func NewScope() *Scope { return newScope(nil) }

// Sub opens a scope inside s.
func (s *Scope) Sub() *Scope { return newScope(s) }

func newScope(s *Scope) *Scope {
	c := &Scope{parent: s}
	runtime.Callers(3, c.by.opened[:])
	if s != nil {
		c.depth = s.depth + 1
	}
	return c
}

// open is s or its nearest ancestor that is still open.
func (s *Scope) open() *Scope {
	for s != nil && s.closed.Load() {
		s = s.parent
	}
	return s
}

// In returns a handle on x whose results belong to s; x's own memory stays where it is.
func (s *Scope) In(x *Tensor) *Tensor {
	y := x.alias()
	y.node, y.out, y.ver = x.node, x.out, x.ver
	y.scope = s
	return y
}

// Keep lifts x, with all that shares its memory, out of s into the enclosing
// scope, or into plain Go memory if there is none. It returns x.
func (s *Scope) Keep(x *Tensor) *Tensor {
	if x.buf.home == s {
		if p := s.parent.open(); p != nil {
			p.adopt(x.buf)
		} else {
			x.buf.disown()
		}
	}
	if x.scope == s {
		x.scope = s.parent
	}
	return x
}

func (s *Scope) adopt(b *buffer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed.Load() {
		panic(&Error{Op: "scope", Msg: "result made in a scope that was closed meanwhile: " + s.by.String()})
	}
	b.home = s
	if s.list == nil {
		s.list = s.home[:0]
	}
	s.list = append(s.list, b)
}

// Close releases what was made in s and not kept. Closing twice does nothing.
func (s *Scope) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed.Swap(true) {
		return
	}
	for _, b := range s.list {
		if b.home == s {
			b.release(&s.by)
		}
	}
	s.list, s.home = nil, [24]*buffer{}
}

// sweep releases what was adopted since mark and no gradient slot waits for.
func (s *Scope) sweep(mark int) {
	k := mark
	for _, b := range s.list[mark:] {
		if b.slots == 0 && b.home == s {
			b.release(&s.by)
		} else if b.p != nil {
			s.list[k] = b
			k++
		}
	}
	s.list = s.list[:k]
}
