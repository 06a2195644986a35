package main

import (
	"fmt"
	"io"

	"github.com/fathom-ml/fathom/book"
)

type showCommand struct {
	Section string `arg:"" help:"Section of the book, e.g. 6.6."`
}

// Run prints the lesson's cells.
func (c *showCommand) Run(s streams) error {
	l, err := find(c.Section)
	if err != nil {
		return err
	}
	cells, err := l.Cells()
	if err != nil {
		return fmt.Errorf("lesson %s: %w", l.Section, err)
	}
	refs, err := l.References()
	if err != nil {
		return fmt.Errorf("lesson %s: %w", l.Section, err)
	}
	for i := range cells {
		cells[i].Prose = refs.Plain(cells[i].Prose)
	}
	_, err = io.WriteString(s.out, book.Markdown(cells, nil))
	return err
}
