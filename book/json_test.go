package book_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/plot"
)

func TestJSONLines(t *testing.T) {
	var b strings.Builder
	l := lesson(func(p *book.Page) {
		p.Print("a <b> & \"c\"")
		p.Notice("other data")
		p.Table([]string{"n"}, [][]string{{"1"}})
		live := p.Live("loss", &plot.Figure{})
		live.Update()
		p.Progress("epochs", 3).Done()
		p.Run("lambda=3").Metric("train loss", 2, 0.5, math.NaN())
		live.Done()
		p.Result("loss", math.Inf(1))
		p.Run("lambda=3").Result("loss", math.Inf(-1))
		p.Int("epochs", 3)
	})
	if err := book.Run(t.Context(), l, book.Options{}, book.NewLines(&b, func(name string) string { return "out/" + name + ".svg" })); err != nil {
		t.Fatal(err)
	}
	want := `{"type":"text","text":"a <b> & \"c\"\n"}
{"type":"text","text":"Note: other data\n"}
{"type":"text","text":"n\n-\n1\n"}
{"type":"metric","run":"lambda=3","name":"train loss","step":2,"x":0.5,"value":"NaN"}
{"type":"figure","name":"loss","path":"out/loss.svg"}
{"type":"result","run":"","name":"loss","value":"Infinity"}
{"type":"result","run":"lambda=3","name":"loss","value":"-Infinity"}
{"type":"done","ok":true,"seconds":`
	if got := b.String(); !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "}\n") {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	b.Reset()
	_ = book.NewLines(&b, nil).Event(book.End{Err: errors.New("no\nway")})
	if got, want := b.String(), "{\"type\":\"done\",\"ok\":false,\"error\":\"no\\nway\"}\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
