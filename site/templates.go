package site

import (
	"embed"
	"html/template"

	"github.com/fathom-ml/fathom/book"
)

//go:embed static
var static embed.FS

//go:embed templates
var templateFiles embed.FS

var templates = template.Must(template.New("").ParseFS(templateFiles, "templates/*.html"))

// view is what a template gets.
type view struct {
	Title    string
	Root     string // of links, "" in the server, "../" or "./" in files
	Live     bool   // the server stands behind it
	CanEdit  bool
	WhyNot   string // why it cannot be edited
	Page     *Page
	Chapters []Chapter
	Query    string
	Found    []Found
	Runs     []RunInfo
	File     func(section string) string
}

// Works is the bibliography.
func (view) Works() []book.Work { return book.Bibliography }
