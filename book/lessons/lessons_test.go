package lessons_test

import (
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/book"
	_ "github.com/fathom-ml/fathom/book/lessons"
)

// TestForm holds every registered lesson to the form: its page can be made of its source.
func TestForm(t *testing.T) {
	for _, l := range book.All() {
		t.Run(l.Section, func(t *testing.T) {
			cells, err := l.Cells()
			if err != nil {
				t.Fatal(err)
			}
			if len(cells) == 0 || !strings.HasPrefix(cells[0].Prose, "# ") {
				t.Errorf("the doc comment of %s does not begin with a heading \"# ...\"", l.FuncName())
			}
			prose, code := 0, 0
			for _, c := range cells {
				if c.Code == "" {
					prose++
				} else if !c.Decl {
					code++
				}
			}
			if prose < 2 || code < 1 {
				t.Errorf("%d prose cells and %d code cells", prose, code)
			}
			if _, complete := l.Params(); !complete {
				t.Error("a parameter's name is not written as a string, so the command cannot list it")
			}
		})
	}
}
