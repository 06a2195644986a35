package book

import (
	"fmt"
	"slices"
	"strings"
)

// Attach gives every output among the events (text, notices, tables, finished figures, results) to the
// code cell of the story that holds its line. What has no line goes where the output before it
// went; what lies behind the last statement goes to the cell before it.
func Attach(cells []Cell, events []Event) {
	at := slices.IndexFunc(cells, func(c Cell) bool { return c.Code != "" && !c.Decl })
	if at < 0 {
		return
	}
	for _, e := range events {
		line, ok := outputLine(e)
		if !ok {
			continue
		}
		if line > 0 {
			for i, c := range cells {
				if c.Code != "" && !c.Decl && c.From <= line {
					at = i
				}
			}
		}
		cells[at].Outputs = append(cells[at].Outputs, e)
	}
}

// outputLine is the line of an event that shows on the page.
func outputLine(e Event) (line int, ok bool) {
	switch e := e.(type) {
	case Text:
		return e.Line, true
	case Notice:
		return e.Line, true
	case Table:
		return e.Line, true
	case Result:
		return e.Line, true
	case Figure:
		return e.Line, e.Done
	}
	return 0, false
}

// Markdown renders cells with their outputs. Figures become links to path(name).
func Markdown(cells []Cell, path func(name string) string) string {
	var b strings.Builder
	fenced := func(kind, text string) {
		fence := "```"
		for strings.Contains(text, fence) {
			fence += "`"
		}
		fmt.Fprintf(&b, "%s%s\n%s\n%s\n\n", fence, kind, strings.TrimRight(text, "\n"), fence)
	}
	for _, c := range cells {
		if c.Code == "" {
			b.WriteString(c.Prose + "\n\n")
			continue
		}
		fenced("go", c.Code)
		var text strings.Builder
		flush := func() {
			if text.Len() > 0 {
				fenced("text", text.String())
				text.Reset()
			}
		}
		for _, e := range c.Outputs {
			switch e := e.(type) {
			case Text:
				text.WriteString(e.Text)
			case Table:
				text.WriteString(e.String())
			case Result:
				text.WriteString(e.String() + "\n")
			case Notice:
				flush()
				b.WriteString("> " + strings.ReplaceAll(e.Text, "\n", "\n> ") + "\n\n")
			case Figure:
				flush()
				alt := e.Name
				if e.Fig != nil {
					alt = e.Fig.AltText()
				}
				fmt.Fprintf(&b, "![%s](%s)\n\n", alt, path(e.Name))
			}
		}
		flush()
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// String is the result on one line: "lambda=3: test acc = 0.83".
func (r Result) String() string {
	s := fmt.Sprintf("%s = %.6g", r.Name, r.Value)
	if r.Run != "" {
		s = r.Run + ": " + s
	}
	return s
}
