package site

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html/template"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/internal/atomicfile"
)

// ErrNoBrowser is wrapped by ExportPDF's error where no browser can be found.
var ErrNoBrowser = errors.New("no Chromium or Chrome is on the PATH; install one, or name its program in the environment variable CHROME")

// printTime is how long the browser may take.
const printTime = 3 * time.Minute

// Browser finds Chromium or Chrome: the program that the environment variable CHROME names, else the first on the PATH of the usual names.
func Browser() (string, error) {
	names := []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"}
	if name := os.Getenv("CHROME"); name != "" {
		names = []string{name}
	}
	for _, name := range names {
		if p, err := exec.LookPath(name); err == nil {
			return p, nil
		}
	}
	return "", fmt.Errorf("site: %w", ErrNoBrowser)
}

// ExportPDF prints lessons with what their runs showed into a PDF file, by a headless browser. The file is there in full or not at all.
func ExportPDF(ctx context.Context, file string, lessons []book.Lesson, captures map[string]*Capture) error {
	browser, err := Browser()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "fathom-pdf-")
	if err != nil {
		return fmt.Errorf("site: %w", err)
	}
	defer os.RemoveAll(dir)
	if err := writePrint(dir, lessons, captures); err != nil {
		return err
	}
	made, err := printPDF(ctx, browser, dir)
	if err != nil {
		return err
	}
	return atomicfile.Write(file, func(w io.Writer) error {
		_, err := w.Write(made)
		return err
	})
}

// printPDF has the browser print the page print.html in dir.
func printPDF(ctx context.Context, browser, dir string) ([]byte, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, printTime, fmt.Errorf("the browser took longer than %v", printTime))
	defer cancel()
	out := filepath.Join(dir, "book.pdf")
	args := []string{"--headless", "--disable-gpu", "--no-first-run", "--user-data-dir=" + filepath.Join(dir, "profile"), "--no-pdf-header-footer", "--print-to-pdf=" + out}
	if os.Geteuid() == 0 { // its sandbox does not work for root
		args = append(args, "--no-sandbox")
	}
	cmd := exec.CommandContext(ctx, browser, append(args, "file://"+filepath.ToSlash(filepath.Join(dir, "print.html")))...)
	group(cmd)
	cmd.WaitDelay = 5 * time.Second
	said, err := cmd.CombinedOutput()
	if cmd.Process != nil {
		killGroup(cmd) // its children
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("site: printing: %w", context.Cause(ctx))
	}
	if err != nil {
		return nil, fmt.Errorf("site: printing by %s: %w: %.500s", browser, err, said)
	}
	made, err := os.ReadFile(out)
	if err != nil || !bytes.HasPrefix(made, []byte("%PDF")) {
		return nil, errors.Join(fmt.Errorf("site: %s made no PDF: %.500s", browser, said), err)
	}
	return made, nil
}

// writePrint writes the site into dir and beside it print.html, all lessons as one page.
func writePrint(dir string, lessons []book.Lesson, captures map[string]*Capture) error {
	if err := Export(dir, lessons, captures); err != nil {
		return err
	}
	v := struct {
		view
		Pages []*Page
	}{view: view{Title: "Fathom: deep learning that runs", Chapters: chaptersOf(lessons)}}
	for _, l := range lessons {
		p, err := NewPage(l, captures[l.Section], func(m book.Message) template.HTML { return fileFigure(l, m) }, staticLinks(lessons))
		if err != nil {
			return err
		}
		for i := range p.Cells {
			p.Cells[i].Prose, p.Cells[i].Outputs = onePage(l.Section, p.Cells[i].Prose), onePage(l.Section, p.Cells[i].Outputs)
		}
		v.Pages = append(v.Pages, p)
	}
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, "print", v); err != nil {
		return fmt.Errorf("site: %w", err)
	}
	css, err := static.ReadFile("static/print.css")
	return errors.Join(err, os.WriteFile(filepath.Join(dir, "static", "print.css"), css, 0o666), os.WriteFile(filepath.Join(dir, "print.html"), b.Bytes(), 0o666))
}

var (
	idOrPlace = regexp.MustCompile(`( id="| href="#)([^"]+")`)
	pageLink  = regexp.MustCompile(` href="(\d+\.\d+)\.html"`)
)

// onePage makes the places and links of a lesson's page those of a page of all lessons.
func onePage(section string, text template.HTML) template.HTML {
	s := idOrPlace.ReplaceAllString(string(text), "${1}"+section+"-${2}")
	s = pageLink.ReplaceAllString(s, ` href="#s-$1"`)
	return template.HTML(strings.ReplaceAll(s, ` href="works.html#`, ` href="#work-`))
}
