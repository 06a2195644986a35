package site

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/book"
)

// captures are made-up outputs of all lessons.
func captures() map[string]*Capture {
	c := map[string]*Capture{}
	for _, l := range book.All() {
		c[l.Section] = &Capture{Seconds: 1.5, Quick: true, Messages: []book.Message{
			{Type: "text", Line: 60, Text: "a < b\n"}, {Type: "notice", Text: "other data"}, {Type: "table", Header: []string{"n"}, Rows: [][]string{{"1"}}, Text: "n\n-\n1\n"},
			{Type: "figure", Name: "loss", SVG: "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>", Alt: "a \"curve\"", Done: true}, {Type: "result", Text: "loss = 0.5"},
		}}
	}
	return c
}

var (
	links = regexp.MustCompile(`(?:href|src)="([^"]*)"`)
	ids   = regexp.MustCompile(`id="([^"]*)"`)
)

// Every link of the static site leads to a file of it, pages are small, and pictures have words.
func TestExportedSite(t *testing.T) {
	dir := t.TempDir()
	if err := Export(dir, book.All(), captures()); err != nil {
		t.Fatal(err)
	}
	pages := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".html") {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		pages++
		page := string(b)
		if len(b) > 400<<10 {
			t.Errorf("%s weighs %d bytes", path, len(b))
		}
		for _, m := range links.FindAllStringSubmatch(page, -1) {
			to := m[1]
			if at, ok := strings.CutPrefix(to, "#"); ok {
				if !strings.Contains(page, `id="`+at+`"`) {
					t.Errorf("%s: no place #%s", path, at)
				}
				continue
			}
			if strings.Contains(to, ":") {
				if !strings.HasPrefix(to, "https://") {
					t.Errorf("%s: link %s", path, to)
				}
				continue
			}
			if strings.HasPrefix(to, "/") {
				t.Errorf("%s: %s does not work from a disk", path, to)
			}
			to, at, _ := strings.Cut(to, "#")
			there, err := os.ReadFile(filepath.Join(filepath.Dir(path), filepath.FromSlash(to)))
			if err != nil {
				t.Errorf("%s: %v", path, err)
			}
			if at != "" && !strings.Contains(string(there), `id="`+at+`"`) {
				t.Errorf("%s: no place %s in %s", path, at, to)
			}
		}
		seen := map[string]bool{}
		for _, m := range ids.FindAllStringSubmatch(page, -1) {
			if seen[m[1]] {
				t.Errorf("%s: the id %s is there twice", path, m[1])
			}
			seen[m[1]] = true
		}
		for _, tag := range []string{"main", "pre", "div", "details", "figure", "section", "article", "table", "p"} {
			if a, b := strings.Count(page, "<"+tag+">")+strings.Count(page, "<"+tag+" "), strings.Count(page, "</"+tag+">"); a != b {
				t.Errorf("%s: %d <%s>, %d closed", path, a, tag, b)
			}
		}
		if strings.Contains(page, "<script") || strings.Contains(page, `class="tex"`) || strings.Contains(page, `alt=""`) {
			t.Errorf("%s: a script, a formula that was not rendered, or a picture without words", path)
		}
		return nil
	})
	if err != nil || pages != len(book.All())+2 { // and contents and works
		t.Errorf("%d pages: %v", pages, err)
	}
	b, _ := os.ReadFile(filepath.Join(dir, "3.2.html"))
	for _, want := range []string{"a &lt; b", `alt="a &#34;curve&#34;"`, "figures/3.2-loss.svg", "<summary>Solution</summary>", "<math"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("3.2 lacks %s", want)
		}
	}
}

func TestNotebooks(t *testing.T) {
	dir := t.TempDir()
	if err := ExportNotebooks(dir, book.All(), captures()); err != nil {
		t.Fatal(err)
	}
	for _, l := range book.All() {
		b, err := os.ReadFile(filepath.Join(dir, l.Section+".ipynb"))
		if err != nil {
			t.Fatal(err)
		}
		var n struct {
			Cells []struct {
				Type    string `json:"cell_type"`
				ID      string
				Source  []string
				Outputs []map[string]any
			}
			NBFormat int `json:"nbformat"`
		}
		if err := json.Unmarshal(b, &n); err != nil {
			t.Fatal(err)
		}
		last := n.Cells[len(n.Cells)-1]
		if n.NBFormat != 4 || len(n.Cells) < 5 || last.Type != "code" || len(last.Outputs) == 0 || !strings.Contains(strings.Join(last.Source, ""), "notebook.Run(func(p *book.Page) {\n") {
			t.Errorf("%s: %d cells, the last is %+v", l.Section, len(n.Cells), last)
		}
		seen := map[string]bool{}
		for _, c := range n.Cells {
			if seen[c.ID] || c.ID == "" {
				t.Errorf("%s: two cells are called %q", l.Section, c.ID)
			}
			seen[c.ID] = true
		}
	}
	if err := ExportNotebooks(filepath.Join(dir, "3.2.ipynb"), book.All(), nil); !errors.Is(err, fs.ErrExist) && err == nil {
		t.Error("a folder under a file was made")
	}
}
