package main

import (
	"io"

	"github.com/fathom-ml/fathom/book"
)

type listCommand struct{}

// Run prints a table of the lessons.
func (listCommand) Run(s streams) error {
	t := book.Table{Header: []string{"section", "title", "runs", "data"}}
	for _, l := range book.All() {
		t.Rows = append(t.Rows, []string{l.Section, l.Title, runs(l), keys(l)})
	}
	_, err := io.WriteString(s.out, t.String())
	return err
}
