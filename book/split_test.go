package book_test

import (
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/book/booktest"
)

// outline writes cells briefly: P for prose, C for code, D for declarations.
func outline(cells []book.Cell) string {
	var b strings.Builder
	for _, c := range cells {
		kind, text := "P", c.Prose
		if c.Code != "" {
			kind, text = "C", c.Code
			if c.Decl {
				kind = "D"
			}
		}
		b.WriteString(kind + " " + strings.ReplaceAll(text, "\n", "\n  ") + "\n")
	}
	return b.String()
}

func TestSplit(t *testing.T) {
	for name, c := range map[string]struct{ source, want string }{
		"prose and code": {`package a

// # Title
//
// Opening.
func L(p *P) {
	// ## Part
	//
	//   - a list
	//
	// | a | $\frac{1}{2}$ |
	// |---|---|

	x := 1

	y := f(x,
		// inside

		2)
	// below code
	
	// Next prose.

	// touches the next line
	p.Print(x, y) // on the line

	// The end.
}
`, `P # Title
  
  Opening.
  
  ## Part
  
    - a list
  
  | a | $\frac{1}{2}$ |
  |---|---|
C x := 1
  
  y := f(x,
  	// inside
  
  	2)
  // below code
P Next prose.
C // touches the next line
  p.Print(x, y) // on the line
P The end.
`},
		"declarations": {`package a

import "other/x"

//go:embed lesson.go
var source string

func L(p *P) {
	a := 1

	// First use of T.

	step := 2
	var v T = x.Make(func() int { return newT(step) })

	// Then of the rest.

	p.Print(v.grow(), helper[int](limit))
}

func init() { Register(source) }

// step is shadowed in the story; only grow needs it.
const step = 3

func other() {}

// T grows.
type T struct{ u unit }

// newT makes one.
//
//go:noinline
func newT(n int) T { return T{} }

// grow needs step.
func (t *T) grow() T { return newT(step) }

type (
	unit  int
	twice struct{ a, b unit }
)

func helper[K any](k K) K { return helper(k) }

// Limits.
var (
	limit = 3
	more  = limit
)
`, `C a := 1
P First use of T.
D type (
  	unit  int
  	twice struct{ a, b unit }
  )
P newT makes one.
D func newT(n int) T { return T{} }
P step is shadowed in the story; only grow needs it.
D const step = 3
P T grows.
D type T struct{ u unit }
P grow needs step.
D func (t *T) grow() T { return newT(step) }
C step := 2
  var v T = x.Make(func() int { return newT(step) })
P Then of the rest.
D func helper[K any](k K) K { return helper(k) }
P Limits.
D var (
  	limit = 3
  	more  = limit
  )
C p.Print(v.grow(), helper[int](limit))
`},
		"raw strings and block comments": {"package a\n\nfunc L() {\n\t/*\n\t\tProse:\n\n\t\t\tindented\n\t*/\n\n\ts := `a\n\tb\n`\n\tf(s)\n}\n", "P Prose:\n  \n  \tindented\nC s := `a\n  \tb\n  `\n  f(s)\n"},
		"empty":                          {"package a\n\nfunc L() {}\n", ""},
	} {
		cells, err := book.Split(c.source, "L")
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := outline(cells); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, c.want)
		}
	}
	for _, source := range []string{"package a\nfunc M() {}", "not Go"} {
		if _, err := book.Split(source, "L"); err == nil {
			t.Errorf("Split(%q): no error", source)
		}
	}
}

func TestAttach(t *testing.T) {
	cells, err := sample.Cells()
	if err != nil {
		t.Fatal(err)
	}
	r := booktest.Run(t, sample, book.Options{})
	book.Attach(cells, r.Events)
	got := book.Markdown(cells, func(name string) string { return name + ".svg" })
	wants := []string{
		"# A Sample\n\nEvery way", "printHelper(p *book.Page", "```go\ndefer p.Print", "```text\nlate\nput off\ndeferred\n```",
		"## Prose with math\n\n$$\\mathbf{y} = \\frac{\\partial \\ell}{\\partial w}$$\n\n| a | b |\n|---|---|\n| 1 | `x_1` |\n\n- one\n  1. nested\n",
		"func counting(", "p.Print(\"direct\") // direct", "// this comment touches the code", "// inside a statement\n\n",
		"```text\ndirect\nhelper\nclosure\nrange 0\nrange 1\n```", "Prose in a block comment.",
		"const step", "type counter", "func (c *counter) add", "var c counter", "```text\nmethod 2\n```", "Goroutines come last.",
		"func alone(", "wg.Wait()", "](line.svg)", "```text\n3\n```",
	}
	rest := got
	for _, w := range wants {
		i := strings.Index(rest, w)
		if i < 0 {
			t.Fatalf("%q is not in its place in\n%s", w, got)
		}
		rest = rest[i+len(w):]
	}
	for _, not := range []string{"unused", "embed", "import"} {
		if strings.Contains(got, not) {
			t.Errorf("the page shows %q", not)
		}
	}
	// an output without a line follows the one before it
	text := []book.Event{book.Text{From: book.From{Line: cells[len(cells)-1].To + 5}, Text: "x"}, book.Text{Text: "y"}, book.Metric{}}
	cells, _ = sample.Cells()
	book.Attach(cells, text)
	if n := len(cells[len(cells)-1].Outputs); n != 2 {
		t.Errorf("%d outputs at the last cell, want 2", n)
	}
}
