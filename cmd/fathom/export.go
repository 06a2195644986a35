package main

import (
	"context"
	"fmt"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/site"
)

type exportCommand struct {
	Site      string   `help:"Folder for the book as static files, with the outputs of a run of each lesson." placeholder:"DIR"`
	Notebooks string   `help:"Folder for the lessons as notebooks for the GoNB kernel." placeholder:"DIR"`
	PDF       string   `help:"File for the book as a PDF, printed by Chromium or Chrome." placeholder:"FILE"`
	Full      bool     `help:"Run the lessons in full, not quick."`
	NoRun     bool     `help:"Leave the outputs out."`
	Section   []string `help:"Only these sections." placeholder:"6.6"`
}

// Run writes what was asked for.
func (c *exportCommand) Run(s streams) error {
	if c.Site == "" && c.Notebooks == "" && c.PDF == "" {
		return &book.UsageError{Msg: "say --site DIR, --notebooks DIR or --pdf FILE"}
	}
	if c.PDF != "" { // before minutes are spent on the lessons
		if _, err := site.Browser(); err != nil {
			return err
		}
	}
	ctx, stop := interruptible()
	defer stop()
	lessons := book.All()
	if len(c.Section) > 0 {
		lessons = nil
		for _, section := range c.Section {
			l, err := find(section)
			if err != nil {
				return err
			}
			lessons = append(lessons, l)
		}
	}
	captures, err := c.captures(ctx, s, lessons)
	if err != nil {
		return err
	}
	if c.Site != "" {
		if err := site.Export(c.Site, lessons, captures); err != nil {
			return err
		}
		fmt.Fprintf(s.out, "%d lessons in %s\n", len(lessons), c.Site)
	}
	if c.Notebooks != "" {
		if err := site.ExportNotebooks(c.Notebooks, lessons, captures); err != nil {
			return err
		}
		fmt.Fprintf(s.out, "%d notebooks in %s\n", len(lessons), c.Notebooks)
	}
	if c.PDF != "" {
		if err := site.ExportPDF(ctx, c.PDF, lessons, captures); err != nil {
			return err
		}
		fmt.Fprintf(s.out, "%d lessons in %s\n", len(lessons), c.PDF)
	}
	return nil
}

// captures runs the lessons one after the other.
func (c *exportCommand) captures(ctx context.Context, s streams, lessons []book.Lesson) (map[string]*site.Capture, error) {
	captures := map[string]*site.Capture{}
	if c.NoRun {
		return captures, nil
	}
	for _, l := range lessons {
		capture, err := site.Record(ctx, l, !c.Full, 0)
		if err != nil {
			return nil, fmt.Errorf("lesson %s: %w", l.Section, err)
		}
		captures[l.Section] = capture
		fmt.Fprintf(s.out, "%-5s %s: %.1f s\n", l.Section, l.Title, capture.Seconds)
	}
	return captures, nil
}
