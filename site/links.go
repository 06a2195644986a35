package site

import (
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"

	"github.com/fathom-ml/fathom/book"
)

// Links are the addresses of pages.
type Links struct {
	Lesson func(section string) string // of a lesson that is there, else ""
	Works  string                      // of the bibliography
}

// liveLinks lead to the server's pages.
var liveLinks = Links{Lesson: func(section string) string { return "/s/" + section }, Works: "/works"}

// staticLinks lead to the files of an exported site, which holds these lessons.
func staticLinks(lessons []book.Lesson) Links {
	return Links{Works: "works.html", Lesson: func(section string) string {
		if !slices.ContainsFunc(lessons, func(l book.Lesson) bool { return l.Section == section }) {
			return ""
		}
		return fileName(section)
	}}
}

// resolve makes links of the references of a lesson's prose.
func (k Links) resolve(refs *book.References, prose string) string {
	link := func(text, to string) string { return "[" + text + "](" + to + ")" }
	return refs.Replace(prose, func(r book.Ref) string {
		switch r.Kind {
		case book.EqLabel:
			return "{#eq-" + r.Key + " " + r.Number + "}"
		case book.RefEquation:
			return link(r.Text, "#eq-"+r.Key)
		case book.RefFigure:
			return link(r.Text, "#fig-"+r.Key)
		case book.RefWork:
			return link(r.Text, k.Works+"#"+r.Key)
		}
		if _, err := book.Find(r.Key); err == nil {
			if to := k.Lesson(r.Key); to != "" {
				return link(r.Text, to)
			}
		}
		return r.Text
	})
}

// numbered gives a figure its number as a caption, and a place that references lead to.
func numbered(figure template.HTML, name, number string) template.HTML {
	rest, ok := strings.CutPrefix(string(figure), "<figure")
	if number == "" || !ok {
		return figure
	}
	caption := fmt.Sprintf("<figcaption>Figure %s</figcaption></figure>", number)
	return template.HTML(`<figure id="fig-` + template.HTMLEscapeString(name) + `"` + strings.TrimSuffix(rest, "</figure>") + caption)
}

// markFigures gives figures that are not on the page, since no run of the lesson was captured, a place at the code that draws them.
func (p *Page) markFigures() {
	for _, name := range slices.Sorted(maps.Keys(p.Figures)) {
		id := `id="fig-` + template.HTMLEscapeString(name) + `"`
		if slices.ContainsFunc(p.Cells, func(c Cell) bool { return strings.Contains(string(c.Outputs), id) }) {
			continue
		}
		i := slices.IndexFunc(p.Cells, func(c Cell) bool { return strings.Contains(c.Source, `"`+name+`"`) })
		p.Cells[i].Outputs += template.HTML("<span " + id + "></span>")
	}
}

// Numbers is the numbers of the figures as JSON, for the page's script.
func (p *Page) Numbers() (string, error) {
	b, err := json.Marshal(p.Figures)
	return string(b), err
}
