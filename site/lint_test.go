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
	sections = regexp.MustCompile(`\b[Ss]ections? (\d+\.\d+)`)
	words    = regexp.MustCompile(`[\pL\pN'-]+`)
)

// lastSection is the number of sections of each chapter of the book.
var lastSection = map[string]int{"1": 9, "2": 7, "3": 7, "4": 10, "5": 6, "6": 6, "7": 7, "8": 7, "9": 8, "10": 7, "11": 11, "12": 7, "13": 14, "14": 10, "15": 7, "16": 10, "17": 2, "18": 11, "19": 7}

// TestLessonsKeepTheForm fails on long cells, missing prose, references to sections that the book does not have, and pages that begin with something else than
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
		n, code := 0, 0
		for i, c := range cells {
			n += len(words.FindAllString(c.Prose, -1))
			if c.Code == "" {
				code = 0
				for _, m := range sections.FindAllStringSubmatch(c.Prose, -1) {
					chapter, section, _ := strings.Cut(m[1], ".")
					if last := lastSection[chapter]; last == 0 || atoi(section) < 1 || atoi(section) > last {
						t.Errorf("%s refers to section %s, which the book does not have", l.Section, m[1])
					}
				}
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

func atoi(s string) (n int) {
	for _, r := range s {
		n = 10*n + int(r-'0')
	}
	return n
}
