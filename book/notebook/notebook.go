// Package notebook runs the story of a lesson in a cell of GoNB, a Go kernel for Jupyter: text goes to the cell's output, figures through the kernel's pipe.
package notebook

import (
	"context"
	"encoding/gob"
	"fmt"
	"io"
	"os"

	"github.com/fathom-ml/fathom/book"
)

// Run runs a story and shows what it shows. The error is that of [book.Run].
func Run(story func(p *book.Page)) error {
	sink := &output{text: os.Stdout}
	if name := os.Getenv("GONB_PIPE"); name != "" {
		if pipe, err := os.OpenFile(name, os.O_WRONLY, 0); err == nil {
			defer pipe.Close()
			sink.rich = gob.NewEncoder(pipe)
		}
	}
	return book.Run(context.Background(), book.Lesson{Section: "0", Title: "notebook", Run: story}, book.Options{}, sink)
}

// display is a message of the kernel's protocol.
type display struct {
	Data      map[string]any
	Metadata  map[string]any
	DisplayID string
}

// output is a sink.
type output struct {
	text io.Writer
	rich *gob.Encoder // nil outside of the kernel
}

// Event shows e.
func (o *output) Event(e book.Event) error {
	var err error
	switch e := e.(type) {
	case book.Text:
		_, err = io.WriteString(o.text, e.Text)
	case book.Notice:
		_, err = fmt.Fprintf(o.text, "Note: %s\n", e.Text)
	case book.Table:
		_, err = io.WriteString(o.text, e.String())
	case book.Result:
		_, err = fmt.Fprintln(o.text, e)
	case book.Figure:
		if !e.Done {
			return nil
		}
		if o.rich == nil {
			_, err = fmt.Fprintf(o.text, "[figure %s: %s]\n", e.Name, e.Fig.AltText())
			return err
		}
		svg, err := e.Fig.SVG()
		if err != nil {
			return err
		}
		return o.rich.Encode(&display{Data: map[string]any{"image/svg+xml": string(svg), "text/plain": e.Fig.AltText()}})
	}
	return err
}
