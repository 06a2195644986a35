package site

import (
	"cmp"
	"fmt"
	"html"
	"html/template"
	"slices"
	"strings"

	"github.com/fathom-ml/fathom/book"
)

// Cell is a piece of a page as HTML.
type Cell struct {
	Prose    template.HTML // "" in a code cell
	Code     template.HTML // "" in a prose cell
	Source   string        // of the code
	From, To int           // lines of the code in the lesson's file
	Decl     bool
	Exercise bool // stands behind the heading of the exercises
	Outputs  template.HTML
	Helpers  []Helper // that the code uses, where it is the first to use them
}

// Page is a lesson as HTML.
type Page struct {
	Section, Title string
	Cells          []Cell
	Params         []book.Param
	Figures        map[string]string // numbers by name
	Prev, Next     *Link
	Seconds        float64 // that the captured run took, 0 if none was captured
	Quick          bool
}

// Link leads to another lesson.
type Link struct{ Section, Title string }

// Capture is what a lesson showed in a run.
type Capture struct {
	Messages []book.Message
	Metrics  []book.Message
	Seconds  float64
	Quick    bool
}

// NewPage makes the page of a lesson with what a run of it showed; capture may be nil. figure gives the HTML of a finished figure,
// links the addresses of other pages.
func NewPage(l book.Lesson, capture *Capture, figure func(m book.Message) template.HTML, links Links) (*Page, error) {
	cells, err := l.Cells()
	if err != nil {
		return nil, err
	}
	refs, err := l.References()
	if err != nil {
		return nil, err
	}
	p := &Page{Section: l.Section, Title: l.Title, Figures: refs.Figures()}
	plain := figure
	figure = func(m book.Message) template.HTML { return numbered(plain(m), m.Name, p.Figures[m.Name]) }
	p.Params, _ = l.Params()
	outputs := make([][]book.Message, len(cells))
	if capture != nil {
		p.Seconds, p.Quick = capture.Seconds, capture.Quick
		outputs = attach(cells, capture.Messages)
	}
	exercises, seen := false, map[string]bool{}
	for i, c := range cells {
		out := Cell{From: c.From, To: c.To, Decl: c.Decl, Source: c.Code, Exercise: exercises}
		if c.Code == "" {
			text, err := prose(links.resolve(refs, c.Prose))
			if err != nil {
				return nil, fmt.Errorf("site: lesson %s: %w", l.Section, err)
			}
			out.Prose = template.HTML(text) // made by goldmark, which leaves raw HTML out
			if strings.Contains(c.Prose, "## Exercises") {
				exercises = true
			}
		} else {
			text, err := code(c.Code)
			if err != nil {
				return nil, fmt.Errorf("site: lesson %s: %w", l.Section, err)
			}
			out.Code = template.HTML(text) // made by chroma, which escapes
			if out.Helpers, err = helpersOf(c.Code, seen); err != nil {
				return nil, fmt.Errorf("site: lesson %s: %w", l.Section, err)
			}
			out.Outputs = outputHTML(outputs[i], figure)
		}
		p.Cells = append(p.Cells, out)
	}
	p.markFigures()
	all := book.All()
	if i := slices.IndexFunc(all, func(o book.Lesson) bool { return o.Section == l.Section }); i >= 0 {
		if i > 0 {
			p.Prev = &Link{all[i-1].Section, all[i-1].Title}
		}
		if i+1 < len(all) {
			p.Next = &Link{all[i+1].Section, all[i+1].Title}
		}
	}
	return p, nil
}

// attach gives messages to the cells of the story that hold their lines; see [book.Attach].
func attach(cells []book.Cell, messages []book.Message) [][]book.Message {
	out := make([][]book.Message, len(cells))
	at := slices.IndexFunc(cells, func(c book.Cell) bool { return c.Code != "" && !c.Decl })
	if at < 0 {
		return out
	}
	for _, m := range messages {
		switch m.Type {
		case "text", "notice", "table", "result":
		case "figure":
			if !m.Done {
				continue
			}
		default:
			continue
		}
		if m.Line > 0 {
			for i, c := range cells {
				if c.Code != "" && !c.Decl && c.From <= m.Line {
					at = i
				}
			}
		}
		out[at] = append(out[at], m)
	}
	return out
}

// outputHTML is what a cell showed.
func outputHTML(messages []book.Message, figure func(m book.Message) template.HTML) template.HTML {
	var b, text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			fmt.Fprintf(&b, `<pre class="out" tabindex="0">%s</pre>`, html.EscapeString(strings.TrimRight(text.String(), "\n")))
			text.Reset()
		}
	}
	for _, m := range messages {
		switch m.Type {
		case "text":
			text.WriteString(m.Text)
		case "result":
			flush()
			fmt.Fprintf(&b, `<p class="result">%s</p>`, html.EscapeString(m.Text))
		case "notice":
			flush()
			fmt.Fprintf(&b, `<p class="notice" role="note">%s</p>`, html.EscapeString(m.Text))
		case "table":
			flush()
			b.WriteString(tableHTML(m))
		case "figure":
			flush()
			b.WriteString(string(figure(m)))
		}
	}
	flush()
	return template.HTML(b.String())
}

func tableHTML(m book.Message) string {
	var b strings.Builder
	row := func(tag string, cells []string) {
		b.WriteString("<tr>")
		for _, c := range cells {
			fmt.Fprintf(&b, "<%s>%s</%s>", tag, html.EscapeString(c), strings.Fields(tag)[0])
		}
		b.WriteString("</tr>")
	}
	b.WriteString(`<div class="scroll" tabindex="0"><table class="out"><thead>`)
	row(`th scope="col"`, m.Header)
	b.WriteString("</thead><tbody>")
	for _, r := range m.Rows {
		row("td", r)
	}
	b.WriteString("</tbody></table></div>")
	return b.String()
}

// Chapter is the lessons of a chapter.
type Chapter struct {
	Number, Title string
	Lessons       []Link
}

// Chapters are all lessons by chapter.
func Chapters() []Chapter { return chaptersOf(book.All()) }

func chaptersOf(lessons []book.Lesson) (list []Chapter) {
	for _, l := range lessons {
		n, _, _ := strings.Cut(l.Section, ".")
		if len(list) == 0 || list[len(list)-1].Number != n {
			list = append(list, Chapter{Number: n, Title: chapterTitles[n]})
		}
		c := &list[len(list)-1]
		c.Lessons = append(c.Lessons, Link{l.Section, l.Title})
	}
	return list
}

// chapterTitles are the subjects of the book's chapters, in our words where they are more than a term.
var chapterTitles = map[string]string{
	"1": "What learning is", "2": "Arrays, gradients, probability", "3": "Linear networks", "4": "Multilayer perceptrons", "5": "Layers, parameters, files",
	"6": "Convolutional networks", "7": "Modern convolutional networks", "8": "Recurrent networks", "9": "Modern recurrent networks", "10": "Attention",
	"11": "Optimization", "12": "Performance", "13": "Computer vision", "14": "Pretraining for language", "15": "Language applications",
	"16": "Recommender systems", "17": "Generative adversarial networks", "18": "Mathematics",
}

// Found is a place of the book that a search found.
type Found struct {
	Link
	Text  template.HTML // around the words, which are marked
	score int
}

// Search finds the lessons that hold all words of a query, those with a word in the title first.
func Search(query string) (list []Found) {
	words := strings.Fields(strings.ToLower(query))
	if len(words) == 0 {
		return nil
	}
	for _, l := range book.All() {
		text := strings.ToLower(l.Title + "\n" + l.Source)
		f := Found{Link: Link{l.Section, l.Title}}
		all := true
		for _, w := range words {
			n := strings.Count(text, w)
			all = all && n > 0
			if f.score += min(n, 20); strings.Contains(strings.ToLower(l.Title), w) {
				f.score += 100
			}
		}
		if !all {
			continue
		}
		f.Text = snippet(l, words[0])
		list = append(list, f)
	}
	slices.SortStableFunc(list, func(a, b Found) int { return cmp.Compare(b.score, a.score) })
	return list
}

// snippet is the prose around the first place of a word.
func snippet(l book.Lesson, word string) template.HTML {
	cells, err := l.Cells()
	if err != nil {
		return ""
	}
	for _, c := range cells {
		text := c.Prose + c.Code
		at := strings.Index(strings.ToLower(text), word)
		if at < 0 || len(strings.ToLower(text)) != len(text) {
			continue
		}
		from, to := max(at-80, 0), min(at+len(word)+120, len(text))
		clean := func(s string) string { return html.EscapeString(strings.ToValidUTF8(s, "")) }
		return template.HTML(clean(text[from:at]) + "<mark>" + clean(text[at:at+len(word)]) + "</mark>" + clean(text[at+len(word):to]))
	}
	return ""
}
