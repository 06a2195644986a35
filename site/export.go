package site

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"github.com/fathom-ml/fathom/book"
)

// Record runs a lesson in a process of its own and returns what it showed.
func Record(ctx context.Context, l book.Lesson, quick bool, seed uint64) (*Capture, error) {
	r := newRunner(1, func(Request) (string, func(), error) { p, err := self(); return p, func() {}, err })
	defer r.Close()
	run, err := r.Start(Request{Section: l.Section, Quick: quick, Seed: seed})
	if err != nil {
		return nil, err
	}
	for {
		_, _, ended, changed := run.since(0)
		if ended {
			break
		}
		select {
		case <-changed:
		case <-ctx.Done():
			run.Stop()
			return nil, context.Cause(ctx)
		}
	}
	run.mu.Lock()
	defer run.mu.Unlock()
	if run.problem != "" {
		return nil, errors.New(run.problem)
	}
	return &Capture{Messages: run.capture, Metrics: run.metrics, Seconds: run.seconds, Quick: quick}, nil
}

// fileName is a lesson's file in a static site.
func fileName(section string) string { return section + ".html" }

// figureFile is where the site keeps a figure.
func figureFile(l book.Lesson, m book.Message) string {
	return "figures/" + l.Section + "-" + m.Name + ".svg"
}

// fileFigure shows a figure that is in its file.
func fileFigure(l book.Lesson, m book.Message) template.HTML {
	return template.HTML(fmt.Sprintf(`<figure><img src="%s" alt="%s"></figure>`, template.HTMLEscapeString(urlPath(figureFile(l, m))), template.HTMLEscapeString(m.Alt)))
}

// urlPath is a file's path as a relative link.
func urlPath(name string) string { return (&url.URL{Path: name}).EscapedPath() }

// Export writes lessons as static files into a folder, with what their runs showed: relative links, no scripts, figures beside the pages.
func Export(dir string, lessons []book.Lesson, captures map[string]*Capture) error {
	write := func(name string, b []byte) error {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return fmt.Errorf("site: %w", err)
		}
		if err := os.WriteFile(path, b, 0o666); err != nil {
			return fmt.Errorf("site: %w", err)
		}
		return nil
	}
	page := func(name, tmpl string, v view) error {
		v.Root, v.File = "", fileName
		var b bytes.Buffer
		if err := templates.ExecuteTemplate(&b, tmpl, v); err != nil {
			return fmt.Errorf("site: %w", err)
		}
		return write(name, b.Bytes())
	}
	style, err := fs.ReadFile(static, "static/style.css")
	if err != nil {
		return err
	}
	if err := errors.Join(write("static/style.css", style), write("static/code.css", []byte(codeStyle()))); err != nil {
		return err
	}
	if err := page("index.html", "contents", view{Title: "Fathom: deep learning that runs", Chapters: chaptersOf(lessons)}); err != nil {
		return err
	}
	if err := page("works.html", "works", view{Title: "Works cited"}); err != nil {
		return err
	}
	for i, l := range lessons {
		var failed error
		p, err := NewPage(l, captures[l.Section], func(m book.Message) template.HTML {
			if err := write(figureFile(l, m), []byte(m.SVG)); err != nil {
				failed = err
			}
			return fileFigure(l, m)
		}, staticLinks(lessons))
		if err = errors.Join(err, failed); err != nil {
			return err
		}
		p.Prev, p.Next = nil, nil
		if i > 0 {
			p.Prev = &Link{lessons[i-1].Section, lessons[i-1].Title}
		}
		if i+1 < len(lessons) {
			p.Next = &Link{lessons[i+1].Section, lessons[i+1].Title}
		}
		if err := page(fileName(l.Section), "lesson", view{Title: l.Section + " " + l.Title, Page: p}); err != nil {
			return err
		}
	}
	return nil
}
