package notebook

import (
	"bytes"
	"encoding/gob"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/plot"
)

func TestOutput(t *testing.T) {
	var text, pipe bytes.Buffer
	story := func(p *book.Page) {
		p.Print("hello")
		p.Notice("other data")
		p.Table([]string{"n"}, [][]string{{"1"}})
		p.Figure("f", &plot.Figure{Alt: "a frame"})
		p.Result("loss", 0.5)
	}
	for _, rich := range []*gob.Encoder{nil, gob.NewEncoder(&pipe)} {
		text.Reset()
		if err := book.Run(t.Context(), book.Lesson{Section: "0", Title: "t", Run: story}, book.Options{}, &output{&text, rich}); err != nil {
			t.Fatal(err)
		}
		got := text.String()
		for _, want := range []string{"hello\n", "Note: other data\n", "n\n-\n1\n", "loss = 0.5\n"} {
			if !strings.Contains(got, want) {
				t.Errorf("no %q in %s", want, got)
			}
		}
		if strings.Contains(got, "a frame") != (rich == nil) {
			t.Errorf("the figure went the wrong way: %s", got)
		}
	}
	var d display
	if err := gob.NewDecoder(&pipe).Decode(&d); err != nil || !strings.Contains(d.Data["image/svg+xml"].(string), "<svg") || d.Data["text/plain"] != "a frame" {
		t.Errorf("%v %v", err, d)
	}
}
