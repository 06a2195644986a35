package site

import (
	"regexp"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/book"
)

// What every lesson keeps.
const (
	longestCell = 30  // lines
	fewestWords = 400 // of prose
)

var (
	words = regexp.MustCompile(`[\pL\pN'-]+`)
)

// TestLessonsKeepTheForm fails on long cells, missing prose, dead references, and pages that begin with something else than
// their title.
func TestLessonsKeepTheForm(t *testing.T) {
	for _, l := range book.All() {
		cells, err := l.Cells()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(cells[0].Prose, "# "+l.Title+"\n") {
			t.Errorf("%s does not begin with its title, # %s", l.Section, l.Title)
		}
		refs, err := l.References()
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range refs.Dead {
			t.Errorf("%s: a reference leads nowhere: %s", l.Section, d)
		}
		n, code := 0, 0
		for i, c := range cells {
			n += len(words.FindAllString(c.Prose, -1))
			if c.Code == "" {
				code = 0
				continue
			}
			if lines := strings.Count(c.Code, "\n") + 1; lines > longestCell {
				t.Errorf("%s: the cell in line %d has %d lines", l.Section, c.From, lines)
			}
			if code++; code > 5 {
				t.Errorf("%s: %d cells in a row without prose, up to line %d (cell %d)", l.Section, code, c.To, i)
			}
		}
		if n < fewestWords {
			t.Errorf("%s has %d words of prose", l.Section, n)
		}
	}
}
