package book

import (
	"go/ast"
	"go/parser"
	"go/token"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
)

// origin finds the statement of a lesson that causes an output.
type origin struct {
	fn     string // the lesson function as stack frames name it
	lesson Lesson
	exits  func() exits
}

// exits are the lines on which deferred calls run, and the defer statements themselves.
type exits struct {
	lines  map[int]bool
	defers []deferred
}

type deferred struct {
	line   int
	callee string // last part of what is called: "Print", "helper"
}

func newOrigin(l Lesson) *origin {
	return &origin{fn: l.fullName(), lesson: l, exits: sync.OnceValue(func() exits { return findExits(l) })}
}

// line is the line in the lesson's source of the statement under which the caller runs: the
// innermost frame that is the lesson function itself, so that closures, helpers and bodies
// of range-over-func loops count for the statement that called them. Deferred calls count
// for their defer statement. On a goroutine that the lesson started, a closure's own
// line serves, else that of the go statement. Zero means unknown.
func (o *origin) line() int {
	var pcs [512]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	inner, closure := "", 0
	for {
		f, more := frames.Next()
		if f.Function == o.fn {
			if x := o.exits(); x.lines[f.Line] {
				return x.deferLine(f.Line, inner, closure)
			}
			return f.Line
		}
		if o.inside(f.Function) {
			closure = f.Line
		}
		if f.Function != "" {
			inner = f.Function
		}
		if !more {
			break
		}
	}
	if closure != 0 {
		return closure
	}
	return o.createdAt(string(debug.Stack()))
}

// inside reports whether a frame is a closure or loop body of the lesson function.
func (o *origin) inside(frame string) bool {
	rest, ok := strings.CutPrefix(frame, o.fn)
	return ok && (strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, "-"))
}

// createdAt reads the line of the go statement from a stack trace that ends in
//
//	created by example.com/lesson.Lesson in goroutine 1
//		/dir/lesson.go:34 +0x2ef
func (o *origin) createdAt(stack string) int {
	_, last, ok := strings.Cut(stack, "\ncreated by ")
	if !ok {
		return 0
	}
	who, where, _ := strings.Cut(last, "\n")
	who, _, _ = strings.Cut(who, " in goroutine ")
	if who != o.fn && !o.inside(who) {
		return 0
	}
	where, _, _ = strings.Cut(where, " +0x")
	n, _ := strconv.Atoi(strings.TrimSpace(where[strings.LastIndexByte(where, ':')+1:]))
	return n
}

// deferLine picks the defer statement behind a call made on an exit line. A deferred closure
// shows its own line; other calls are told apart by the name of what is called.
func (x exits) deferLine(line int, inner string, closure int) int {
	if closure != 0 {
		return closure
	}
	callee := inner[strings.LastIndexByte(inner, '.')+1:]
	for i := len(x.defers) - 1; i >= 0; i-- {
		if d := x.defers[i]; d.callee == callee {
			return d.line
		}
	}
	return line
}

// findExits reads them from the source; without a source there are none.
func findExits(l Lesson) exits {
	var x exits
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "lesson.go", l.Source, 0)
	if err != nil {
		return x
	}
	line := func(p token.Pos) int { return fset.Position(p).Line }
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv != nil || f.Name.Name != l.FuncName() || f.Body == nil {
			continue
		}
		x.lines = map[int]bool{line(f.Body.Rbrace): true}
		ast.Inspect(f.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ReturnStmt:
				x.lines[line(n.Pos())] = true
			case *ast.DeferStmt:
				callee := ""
				switch fn := n.Call.Fun.(type) {
				case *ast.Ident:
					callee = fn.Name
				case *ast.SelectorExpr:
					callee = fn.Sel.Name
				}
				x.defers = append(x.defers, deferred{line(n.Pos()), callee})
			}
			return true
		})
	}
	return x
}
