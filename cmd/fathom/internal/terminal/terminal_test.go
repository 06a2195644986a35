package terminal

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/plot"
)

// screen is a terminal that knows the few codes that Sink uses.
type screen struct {
	t        *testing.T
	lines    []string
	row, col int
	writes   int
}

func (s *screen) Write(p []byte) (int, error) {
	s.writes++
	text := []rune(string(p))
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '\r':
			s.col = 0
		case '\n':
			s.row, s.col = s.row+1, 0
		case '\x1b':
			end := i + 2
			for strings.ContainsRune("0123456789?;", text[end]) {
				end++
			}
			s.code(string(text[i+2 : end+1]))
			i = end
		default:
			s.fill()
			line := []rune(s.lines[s.row])
			s.lines[s.row] = string(append(line[:s.col:s.col], append([]rune{c}, line[min(s.col+1, len(line)):]...)...))
			s.col++
		}
		s.fill()
	}
	return len(p), nil
}

func (s *screen) fill() {
	for len(s.lines) <= s.row {
		s.lines = append(s.lines, "")
	}
	for len([]rune(s.lines[s.row])) < s.col {
		s.lines[s.row] += " "
	}
}

func (s *screen) code(c string) {
	switch {
	case c == "K":
		s.fill()
		s.lines[s.row] = string([]rune(s.lines[s.row])[:s.col])
	case c == "J":
		s.fill()
		s.lines = s.lines[:s.row+1]
		s.lines[s.row] = string([]rune(s.lines[s.row])[:s.col])
	case strings.HasSuffix(c, "A"):
		n := 0
		fmt.Sscanf(c, "%dA", &n)
		s.row -= n
		if s.row < 0 {
			s.t.Fatalf("cursor moved above the screen")
		}
	case strings.HasSuffix(c, "m"), c == "?2026h", c == "?2026l":
	default:
		s.t.Fatalf("unknown code %q", c)
	}
}

func (s *screen) text() string {
	lines := make([]string, len(s.lines))
	for i, l := range s.lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n")
}

type clock struct{ t time.Time }

func (c *clock) now() time.Time        { return c.t }
func (c *clock) sleep(d time.Duration) { c.t = c.t.Add(d) }
func feed(t *testing.T, s *Sink, events ...book.Event) {
	t.Helper()
	for _, e := range events {
		if err := s.Event(e); err != nil {
			t.Fatal(err)
		}
	}
}

func line(y ...float64) *plot.Figure {
	x := make([]float64, len(y))
	for i := range x {
		x[i] = float64(i)
	}
	return &plot.Figure{Axes: []*plot.Axes{{Items: []plot.Item{&plot.Line{X: x, Y: y}}}}}
}

func TestLiveArea(t *testing.T) {
	c := &clock{time.Unix(0, 0)}
	scr := &screen{t: t}
	s := New(scr, Options{Live: true, Bold: true, Now: c.now, Size: func() (int, int) { return 60, 30 }})
	feed(t, s, book.Begin{Lesson: book.Lesson{Section: "6.6", Title: "LeNet"}, Options: book.Options{Quick: true, Seed: 2}}, book.Text{Text: "first\nbegun"})
	if got := scr.text(); got != "6.6 LeNet (quick) (seed 2)\n\nfirst\nbegun" {
		t.Fatalf("screen:\n%s", got)
	}
	fig := line(3, 2, 1)
	chart := strings.Join(s.drawing(fig, 24), "\n")
	c.sleep(time.Second)
	feed(t, s, book.Figure{Name: "loss", Fig: fig, Live: true}, book.Progress{ID: 1, Label: "epochs", Total: 4})
	c.sleep(10 * time.Second)
	feed(t, s, book.Progress{ID: 1, Label: "epochs", Total: 4, Count: 1, Note: "loss 0.5"})
	got := scr.text()
	if !strings.HasPrefix(got, "6.6 LeNet (quick) (seed 2)\n\nfirst\nbegun\n"+strings.Split(chart, "\n")[0]) || !strings.HasSuffix(got, " 1/4  10.0s, 30.0s left  loss 0.5") {
		t.Fatalf("screen:\n%s", got)
	}
	height := len(scr.lines)
	// updates at once are dropped; text goes above the area, which stays as high
	writes := scr.writes
	for range 100 {
		feed(t, s, book.Progress{ID: 1, Label: "epochs", Total: 4, Count: 2}, book.Figure{Name: "loss", Fig: fig, Live: true})
	}
	if scr.writes != writes {
		t.Errorf("%d redraws in no time", scr.writes-writes)
	}
	feed(t, s, book.Text{Text: " and ended\nsecond\n"})
	got = scr.text()
	if !strings.Contains(got, "begun and ended\nsecond\n"+strings.Split(chart, "\n")[0]) || strings.Count(got, "epochs") != 1 || len(scr.lines) != height+1 {
		t.Fatalf("screen:\n%s", got)
	}
	feed(t, s,
		book.Figure{Name: "loss", Fig: fig, Live: true, Done: true},
		book.Progress{ID: 1, Label: "epochs", Total: 4, Count: 4, Note: "loss 0.1", Done: true},
		book.Notice{Text: "other data"},
		book.Result{Name: "loss", Value: 0.1}, book.Result{From: book.From{Run: "b"}, Name: "loss", Value: 0.25},
		book.End{Seconds: 75})
	got = scr.text()
	if want := "second\n" + chart + "\n[figure loss]\nepochs 4/4 in 10.0s, loss 0.1\nNote: other data\n\nResults\n  loss = 0.1\n  b: loss = 0.25\n\nDone in 1m15s.\n"; !strings.HasSuffix(got, want) {
		t.Fatalf("screen:\n%s\nwant at the end:\n%s", got, want)
	}
}

func TestFailureLeavesTheLastState(t *testing.T) {
	c := &clock{time.Unix(0, 0)}
	scr := &screen{t: t}
	s := New(scr, Options{Live: true, Now: c.now})
	fig := line(3, 2, 1)
	feed(t, s, book.Figure{Name: "loss", Fig: fig, Live: true}, book.Progress{ID: 1, Label: "epochs", Total: 4})
	c.sleep(time.Second)
	feed(t, s, book.Progress{ID: 1, Label: "epochs", Total: 4, Count: 2}, book.Text{Text: "begun"}, book.End{Err: errors.New("x")})
	if got, want := scr.text(), "begun\n"+strings.Join(s.drawing(fig, 24), "\n")+"\nepochs 2/4, 1.0s, 1.0s left\n"; got != want {
		t.Errorf("screen:\n%s\nwant\n%s", got, want)
	}
}

func TestWhatIsDrawn(t *testing.T) {
	picture := &plot.Figure{Axes: []*plot.Axes{{Items: []plot.Item{&plot.Image{Height: 1, Width: 2, Channels: 1, Pix: []float64{0, 1}}}}}, Alt: "two dots"}
	saved := func(name string) string { return name + ".svg" }
	for name, c := range map[string]struct {
		opts  Options
		fig   book.Figure
		drawn bool
		label string
	}{
		"curve":                 {Options{}, book.Figure{Name: "f", Fig: line(1, 2)}, true, "[figure f]"},
		"saved curve":           {Options{Saved: saved}, book.Figure{Name: "f", Fig: line(1, 2)}, false, "[figure f: f.svg]"},
		"saved live curve":      {Options{Saved: saved}, book.Figure{Name: "f", Fig: line(1, 2), Live: true}, true, "[figure f: f.svg]"},
		"empty":                 {Options{}, book.Figure{Name: "f", Fig: &plot.Figure{}}, false, "[figure f: An empty figure.]"},
		"picture":               {Options{}, book.Figure{Name: "f", Fig: picture}, false, "[figure f: two dots]"},
		"picture with colours":  {Options{Color: true}, book.Figure{Name: "f", Fig: picture}, true, "[figure f: two dots]"},
		"curve in full colours": {Options{Color: true}, book.Figure{Name: "f", Fig: line(1, 2)}, true, "[figure f]"},
	} {
		var b strings.Builder
		c.fig.Done = true
		feed(t, New(&b, c.opts), c.fig)
		got := strings.TrimSuffix(b.String(), "\n")
		last := got[strings.LastIndexByte(got, '\n')+1:]
		if last != c.label || (got != last) != c.drawn || strings.Contains(got, "\x1b") != (c.drawn && c.opts.Color) {
			t.Errorf("%s:\n%s", name, got)
		}
	}
}

func TestNoticesBreakBetweenWords(t *testing.T) {
	for cols, want := range map[int]string{24: "Note: no data here, so\nothers", 60: "Note: no data here, so others"} {
		scr := &screen{t: t}
		feed(t, New(scr, Options{Live: true, Size: func() (int, int) { return cols, 24 }}), book.Notice{Text: "no data here, so others"})
		if got := strings.TrimSpace(scr.text()); got != want {
			t.Errorf("%d columns: %q, want %q", cols, got, want)
		}
	}
}

func TestAreaFitsTheTerminal(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {20, 6}, {30, 8}, {1, 1}} {
		scr := &screen{t: t}
		s := New(scr, Options{Live: true, Size: func() (int, int) { return size[0], size[1] }})
		var events []book.Event
		for i := range 10 {
			events = append(events, book.Progress{ID: i, Label: "a label of some length", Total: 10, Note: strings.Repeat("x", 100)})
		}
		events = append(events, book.Figure{Name: "loss", Fig: line(1, 2), Live: true}, book.Text{Text: strings.Repeat("y", 200)})
		feed(t, s, events...)
		if cols, rows := s.size(); len(s.lines()) >= rows {
			t.Errorf("%v: the area has %d lines", size, len(s.lines()))
		} else {
			for _, l := range s.lines() {
				if n := len([]rune(l)); n >= cols {
					t.Errorf("%v: a line has %d columns", size, n)
				}
			}
		}
	}
}

func TestPlainOutput(t *testing.T) {
	c := &clock{time.Unix(0, 0)}
	var b strings.Builder
	s := New(&b, Options{Now: c.now, Saved: func(name string) string { return "out/" + name + ".svg" }})
	events := []book.Event{book.Begin{Lesson: book.Lesson{Section: "3.2", Title: "Lines"}}, book.Figure{Name: "loss", Fig: line(1), Live: true}}
	for i := range 30 {
		events = append(events,
			book.Metric{Name: "train loss", X: float64(i + 1), Value: 1 / float64(i+1)},
			book.Metric{From: book.From{Run: "b"}, Name: "train loss", X: 99, Value: 99},
			book.Progress{ID: 1, Label: "epochs", Count: i + 1, Total: 30})
	}
	for _, e := range events {
		c.sleep(200 * time.Millisecond)
		feed(t, s, e)
	}
	feed(t, s, book.Text{Text: "begun"}, book.Table{Header: []string{"a"}, Rows: [][]string{{"1"}}},
		book.Figure{Name: "points", Fig: line(1), Done: true}, book.End{Err: errors.New("x")})
	got := b.String()
	if strings.Contains(got, "\x1b") || strings.Contains(got, "\r") {
		t.Errorf("codes in plain output: %q", got)
	}
	running, _, _ := strings.Cut(got, "begun")
	if n := strings.Count(running, "epochs ") + strings.Count(running, "train loss"); n != 1 {
		t.Errorf("%d plain lines in 18 seconds, want 1:\n%s", n, got)
	}
	if !strings.HasSuffix(got, "begun\na\n-\n1\n[figure points: out/points.svg]\n"+strings.Join(s.drawing(line(1), 24), "\n")+"\nepochs 30/30, 17.4s\n") {
		t.Errorf("output:\n%s", got)
	}
}

func TestWriteErrorComesBack(t *testing.T) {
	r, w := io.Pipe()
	r.CloseWithError(errors.New("closed"))
	s := New(w, Options{})
	if err := s.Event(book.Text{Text: "x"}); err == nil {
		t.Error("no error")
	}
}

func TestCount(t *testing.T) {
	for want, p := range map[string]book.Progress{"3/10": {Count: 3, Total: 10}, "7": {Count: 7}, "0.2M/26.4M": {Count: 151_000, Total: 26_421_880}} {
		if got := (&bar{state: p}).count(); got != want {
			t.Errorf("count %s, want %s", got, want)
		}
	}
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0.0s", 59940 * time.Millisecond: "59.9s", 59990 * time.Millisecond: "1m00s",
		185 * time.Second: "3m05s", time.Hour - time.Millisecond: "1h00m", 62 * time.Minute: "1h02m",
	} {
		if got := duration(d); got != want {
			t.Errorf("duration(%v) = %s, want %s", d, got, want)
		}
	}
}
