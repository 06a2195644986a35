package book

import (
	"fmt"
	"maps"
	"regexp"
	"strings"
)

// RefKind says where a reference leads.
type RefKind int

// The kinds of references, and of the label that an equation has.
const (
	RefSection  RefKind = iota // "section 3.3", to a lesson
	RefEquation                // "@eq-loss", to a numbered equation
	RefFigure                  // "@fig-curve", to a figure of the lesson
	RefWork                    // "@kingma2015" or "[@kingma2015; @he2015]", to the bibliography
	EqLabel                    // "{#eq-loss}" behind an equation, which numbers it
)

// Ref is a reference in prose.
type Ref struct {
	Kind   RefKind
	Key    string // section, or name of the equation, figure or work
	Text   string // as the reader sees it: "(3.2.1)", "figure 3.2.1", "Kingma and Ba (2015)"
	Number string // of an equation or figure, 3.2.1
}

// References are the numbered things of a lesson. Equations are numbered in the order of their labels; figures in that of the code that draws them, where it
// gives their names as literals.
type References struct {
	section            string
	equations, figures map[string]string // numbers by name
	Dead               []string          // references that lead nowhere and labels that are there twice
}

var (
	figureCall = regexp.MustCompile(`\.(?:Figure|Live|Plot|ShowImages|NewAnimator)\((?:p, )?"([^"]+)"`)
	refForms   = regexp.MustCompile("(?s)```.*?```|`[^`\n]+`" + // code, which stays
		`|\{#eq-([a-z0-9-]+)\}` + `|@(eq|fig)-([a-z0-9]+(?:-[a-z0-9]+)*)` +
		`|\[(@[a-z]+\d{4}[a-z]?(?:; @[a-z]+\d{4}[a-z]?)*)\]` + `|@([a-z]+\d{4}[a-z]?)\b` + `|\b([Ss]ections?) (\d+\.\d+)\b`)
)

// References finds what is numbered in a lesson, and which references in its prose are dead.
func (l Lesson) References() (*References, error) {
	cells, err := l.Cells()
	if err != nil {
		return nil, err
	}
	r := &References{section: l.Section, equations: map[string]string{}, figures: map[string]string{}}
	for _, c := range cells {
		for _, m := range figureCall.FindAllStringSubmatch(c.Code, -1) {
			enumerate(r.figures, l.Section, m[1])
		}
		for _, m := range refForms.FindAllStringSubmatch(c.Prose, -1) {
			if m[1] != "" && !enumerate(r.equations, l.Section, m[1]) {
				r.Dead = append(r.Dead, "{#eq-"+m[1]+"} is there twice")
			}
		}
	}
	for _, c := range cells {
		r.Replace(c.Prose, func(ref Ref) string {
			if ref.Text == "" {
				r.Dead = append(r.Dead, ref.Key)
			}
			return ""
		})
	}
	return r, nil
}

// enumerate gives a name the next number, unless it has one.
func enumerate(numbers map[string]string, section, name string) bool {
	if numbers[name] != "" {
		return false
	}
	numbers[name] = fmt.Sprintf("%s.%d", section, len(numbers)+1)
	return true
}

// Figures are the numbers of the figures by name.
func (r *References) Figures() map[string]string { return maps.Clone(r.figures) }

// Replace puts f's answer in the place of each reference of a text. Those whose Text is empty are dead.
func (r *References) Replace(prose string, f func(Ref) string) string {
	return refForms.ReplaceAllStringFunc(prose, func(s string) string {
		m := refForms.FindStringSubmatch(s)
		switch {
		case m[1] != "":
			n := r.equations[m[1]]
			return f(Ref{Kind: EqLabel, Key: m[1], Text: "(" + n + ")", Number: n})
		case m[2] == "eq":
			n := r.equations[m[3]]
			return f(Ref{Kind: RefEquation, Key: m[3], Text: wrap("(", n, ")"), Number: n})
		case m[2] == "fig":
			n := r.figures[m[3]]
			return f(Ref{Kind: RefFigure, Key: m[3], Text: wrap("figure ", n, ""), Number: n})
		case m[4] != "":
			var list []string
			for _, key := range strings.Split(m[4], "; ") {
				ref := Ref{Kind: RefWork, Key: key[1:]}
				if w, ok := FindWork(ref.Key); ok {
					ref.Text = fmt.Sprintf("%s, %d", w.Names(), w.Year)
				}
				list = append(list, f(ref))
			}
			return "(" + strings.Join(list, "; ") + ")"
		case m[5] != "":
			ref := Ref{Kind: RefWork, Key: m[5]}
			if w, ok := FindWork(m[5]); ok {
				ref.Text = fmt.Sprintf("%s (%d)", w.Names(), w.Year)
			}
			return f(ref)
		case m[7] != "":
			ref := Ref{Kind: RefSection, Key: m[7]}
			if InBook(m[7]) {
				ref.Text = s
			}
			return f(ref)
		}
		return s // code
	})
}

func wrap(before, s, after string) string {
	if s == "" {
		return ""
	}
	return before + s + after
}

// Plain resolves the references of a text for readers without links, the terminal's and notebooks'.
func (r *References) Plain(prose string) string {
	return r.Replace(prose, func(ref Ref) string { return ref.Text })
}

// sections is the number of sections of each chapter of the book.
var sections = map[string]int{"1": 9, "2": 7, "3": 7, "4": 10, "5": 6, "6": 6, "7": 7, "8": 7, "9": 8, "10": 7, "11": 11, "12": 7, "13": 14, "14": 10, "15": 7, "16": 10,
	"17": 2, "18": 11, "19": 7}

// InBook says whether the book has a section, whether or not its lesson is written.
func InBook(section string) bool {
	var n int
	chapter, rest, _ := strings.Cut(section, ".")
	if _, err := fmt.Sscanf(rest, "%d", &n); err != nil || fmt.Sprint(n) != rest {
		return false
	}
	return 1 <= n && n <= sections[chapter]
}
