package site

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/book"
)

// TestPrintPage checks the page from which the PDF is made: each lesson once, no place twice, no link without its place.
func TestPrintPage(t *testing.T) {
	dir := t.TempDir()
	captures := map[string]*Capture{"3.2": {Seconds: 1, Messages: []book.Message{{Type: "figure", Name: "scatter", SVG: "<svg/>", Alt: "dots", Done: true, Line: 1}}}}
	if err := writePrint(dir, book.All(), captures); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "print.html"))
	if err != nil {
		t.Fatal(err)
	}
	page := string(b)
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if seen[m[1]] {
			t.Errorf("the place %s is there twice", m[1])
		}
		seen[m[1]] = true
	}
	for _, m := range regexp.MustCompile(` href="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		at, here := strings.CutPrefix(m[1], "#")
		switch {
		case here && !seen[at]:
			t.Errorf("no place #%s", at)
		case !here && !strings.HasPrefix(m[1], "https://") && !strings.HasPrefix(m[1], "static/"):
			t.Errorf("a link to %s, out of the page", m[1])
		}
	}
	for _, l := range book.All() {
		if n := strings.Count(page, `<article id="s-`+l.Section+`"`); n != 1 {
			t.Errorf("%s is there %d times", l.Section, n)
		}
	}
	if !strings.Contains(page, `id="3.2-fig-scatter"`) || !strings.Contains(page, `src="figures/3.2-scatter.svg"`) || !strings.Contains(page, `href="#work-xiao2017"`) {
		t.Error("a figure or a citation is missing")
	}
}

func TestExportPDF(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	if _, err := Browser(); err != nil {
		t.Skip(err)
	}
	file := filepath.Join(t.TempDir(), "book.pdf")
	if err := ExportPDF(t.Context(), file, book.All()[:2], nil); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(file)
	if err != nil || !bytes.HasPrefix(b, []byte("%PDF")) || bytes.Count(b, []byte("/Type /Page\n")) < 4 {
		t.Errorf("%d bytes, %d pages, %v", len(b), bytes.Count(b, []byte("/Type /Page\n")), err)
	}
}

// Without a browser, with one that fails, and after an interrupt there is an error that says so, and no file.
func TestExportPDFFails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "book.pdf")
	fails := func(ctx context.Context, want string) {
		t.Helper()
		if err := ExportPDF(ctx, file, book.All()[:1], nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v", err)
		}
		if list, _ := os.ReadDir(filepath.Dir(file)); len(list) > 0 {
			t.Errorf("left %v", list)
		}
	}
	t.Setenv("CHROME", filepath.Join(t.TempDir(), "none"))
	fails(t.Context(), "CHROME")
	program := func(script string) {
		p := filepath.Join(t.TempDir(), "browser")
		if err := os.WriteFile(p, []byte("#!/bin/sh\n"+script+"\n"), 0o777); err != nil {
			t.Fatal(err)
		}
		t.Setenv("CHROME", p)
	}
	program("echo no display; exit 3")
	if _, err := Browser(); err != nil {
		t.Skip("scripts do not run here: ", err)
	}
	fails(t.Context(), "no display")
	program("exit 0")
	fails(t.Context(), "made no PDF")
	program("sleep 60")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("enough"))
	fails(ctx, "enough")
}
