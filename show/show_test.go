package show

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/fathom-ml/fathom/plot"
)

// clocked returns a plain display and the clock it goes by.
func clocked(ctx context.Context, b *strings.Builder, opts ...Option) (*plain, *time.Time) {
	now := time.Unix(1000, 0)
	p := Plain(ctx, b, opts...).(*plain)
	p.now = func() time.Time { return now }
	p.last = now
	return p, &now
}

func TestPlainWritesTextAsItIs(t *testing.T) {
	var b strings.Builder
	p, _ := clocked(context.Background(), &b)
	p.Print("a", 1, 2.5)
	p.Printf("%d%%", 50)
	p.Result("test acc", 0.78345)
	p.Printf("x\n")
	p.Table([]string{"name", "n"}, [][]string{{"a", "10"}, {"bcd", "9"}})
	p.Figure("loss", plot.New(&plot.Axes{XLabel: "epoch", Items: []plot.Item{&plot.Line{Label: "train"}}}))
	p.Figure("bad", plot.New(&plot.Axes{Items: []plot.Item{&plot.Line{X: []float64{1}}}}))
	want := `a 1 2.5
50%
test acc = 0.7834
x
name   n
----  --
a     10
bcd    9
[figure loss: Line plot of train; horizontal axis epoch.]
[figure bad: plot: axes 0, item 0 (Line): has 1 X and 0 Y]
`
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestPlainMetricsAreSparse(t *testing.T) {
	var b strings.Builder
	p, now := clocked(context.Background(), &b)
	for i := 1; i <= 100; i++ { // a point every 200 ms: 20 seconds
		x := float64(i) / 5
		p.Metric("train loss", i, x, 1/x)
		p.Metric("train acc", i, x, x/20)
		if i%5 == 0 {
			p.Metric("test acc", i/5, x, x/21)
		}
		*now = now.Add(200 * time.Millisecond)
	}
	p.Result("loss", 0.05)
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) < 4 || len(lines) > 6 {
		t.Errorf("%d lines:\n%s", len(lines), b.String())
	}
	if want := "at 20: train loss 0.05, train acc 1, test acc 0.9524"; lines[len(lines)-2] != want {
		t.Errorf("last line of metrics %q, want %q", lines[len(lines)-2], want)
	}
}

func TestPlainProgress(t *testing.T) {
	var b strings.Builder
	p, now := clocked(context.Background(), &b)
	short := p.Progress("short", 10)
	short.Add(10)
	short.Done()
	long := p.Progress("train", 100)
	for range 100 {
		*now = now.Add(120 * time.Millisecond)
		long.Note("loss 0.5")
		long.Add(1)
	}
	long.Done()
	long.Done()
	want := `train ━━━━━━━━━━━━╸─────────────────  42%  42/100 0:05, 0:07 left  loss 0.5
train ━━━━━━━━━━━━━━━━━━━━━━━━━─────  84%  84/100 0:10, 0:02 left  loss 0.5
train ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 100% 100/100 0:12  loss 0.5
`
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestPlainLive(t *testing.T) {
	var b strings.Builder
	p, _ := clocked(context.Background(), &b, WithFigures(30, 8))
	line := &plot.Line{Label: "loss"}
	l := p.Live("curve", plot.New(&plot.Axes{Items: []plot.Item{line}}))
	for i := range 5 {
		line.Y = append(line.Y, float64(i))
		l.Update()
	}
	if b.Len() > 0 {
		t.Errorf("before Done: %q", b.String())
	}
	l.Done()
	l.Done()
	if lines := strings.Count(b.String(), "\n"); lines != 9 || strings.Count(b.String(), "[figure curve: ") != 1 {
		t.Errorf("%d lines:\n%s", lines, b.String())
	}
}

func TestPlainNoticesCancellation(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	var b strings.Builder
	p, _ := clocked(ctx, &b, WithInterval(0))
	f := plot.New()
	live, progress := p.Live("f", f), p.Progress("p", 3)
	cancel()
	for name, call := range map[string]func(){
		"Print": func() { p.Print("x") }, "Printf": func() { p.Printf("x") }, "Figure": func() { p.Figure("f", f) },
		"Live": func() { p.Live("f", f) }, "Update": live.Update, "Metric": func() { p.Metric("m", 1, 1, 1) },
		"Result": func() { p.Result("r", 1) }, "Progress": func() { p.Progress("p", 1) }, "Add": func() { progress.Add(1) },
		"Table": func() { p.Table(nil, nil) },
	} {
		func() {
			defer func() {
				i, ok := recover().(Interrupted)
				if !ok || !errors.Is(i.Err, context.Canceled) {
					t.Errorf("%s does not notice", name)
				}
			}()
			call()
		}()
	}
	if b.Len() > 0 {
		t.Errorf("written: %q", b.String())
	}
	progress.Note("deferred calls must not panic")
	progress.Done()
	live.Done()
}

// broken fails after some bytes.
type broken struct{ calls int }

func (w *broken) Write([]byte) (int, error) { w.calls++; return 0, errors.New("broken pipe") }

func TestPlainStopsWritingAfterAnError(t *testing.T) {
	w := &broken{}
	p := Plain(context.Background(), w)
	p.Print("a")
	p.Print("b")
	p.Result("c", 1)
	if w.calls != 1 {
		t.Errorf("%d writes after an error", w.calls-1)
	}
}

func TestBarLine(t *testing.T) {
	b := Bar{Label: "train", Done: 106, Total: 235, Elapsed: 12 * time.Second, Note: "loss 0.312"}
	for _, c := range []struct {
		width int
		want  string
	}{
		{100, "train ━━━━━━━━━━━━━╸────────────────  45% 106/235 0:12, 0:15 left  loss 0.312"},
		{64, "train ━━━━╸─────  45% 106/235 0:12, 0:15 left  loss 0.312"},
		{50, "train 45% 106/235 0:12, 0:15 left  loss 0.312"},
		{30, "train 45% 106/235 0:12, 0:15 …"},
		{1, "…"},
		{0, ""},
	} {
		got := b.Line(c.width)
		if got != c.want {
			t.Errorf("width %d: %q, want %q", c.width, got, c.want)
		}
		if runes(got) > c.width {
			t.Errorf("width %d: %q has %d characters", c.width, got, runes(got))
		}
	}
	for _, b := range []Bar{{}, {Done: 5}, {Done: 9, Total: 3}, {Done: -1, Total: 3}, {Label: "a\nb", Note: "c\rd", Done: 1, Total: 2}} {
		for w := range 90 {
			l := b.Line(w)
			if runes(l) > w || strings.ContainsAny(l, "\r\n") {
				t.Errorf("%+v at %d: %q", b, w, l)
			}
		}
	}
}

func TestETA(t *testing.T) {
	for _, c := range []struct {
		b    Bar
		want time.Duration
		ok   bool
	}{
		{Bar{Done: 1, Total: 4, Elapsed: time.Second}, 3 * time.Second, true},
		{Bar{Done: 4, Total: 4, Elapsed: time.Second}, 0, true},
		{Bar{Done: 5, Total: 4, Elapsed: time.Second}, 0, true},
		{Bar{Done: 0, Total: 4, Elapsed: time.Second}, 0, false},
		{Bar{Done: 1, Elapsed: time.Second}, 0, false},
	} {
		if got, ok := c.b.ETA(); got != c.want || ok != c.ok {
			t.Errorf("%+v: %v, %v", c.b, got, ok)
		}
	}
}

func TestFormatTable(t *testing.T) {
	for _, c := range []struct {
		header []string
		rows   [][]string
		want   string
	}{
		{nil, nil, ""},
		{[]string{"a"}, nil, "a\n-\n"},
		{nil, [][]string{{"x", "1"}, {"yy"}}, "x   1\nyy\n"},
		{[]string{"größe", "n"}, [][]string{{"ü", "1.5", "more"}, {"a\nb", "-", ""}, {"", "nan", "x"}},
			"größe    n\n-----  ---  ----\nü      1.5  more\na b      -\n       nan  x\n"},
	} {
		if got := FormatTable(c.header, c.rows); got != c.want {
			t.Errorf("%v %v:\n%s\nwant\n%s", c.header, c.rows, got, c.want)
		}
	}
}

func TestFormatValueAndDuration(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 0.78345: "0.7834", 12345.6: "12346", 1e-9: "1e-09", -3: "-3",
		999.96: "1000", 1e15: "1e+15", math.Inf(1): "inf", math.Inf(-1): "-inf"} {
		if got := FormatValue(v); got != want {
			t.Errorf("%v: %q, want %q", v, got, want)
		}
	}
	if got := FormatValue(math.NaN()); got != "nan" {
		t.Error(got)
	}
	for d, want := range map[time.Duration]string{0: "0:00", -time.Second: "0:00", 7400 * time.Millisecond: "0:07",
		59*time.Minute + 59600*time.Millisecond: "1:00:00", time.Hour + 2*time.Minute + 3*time.Second: "1:02:03"} {
		if got := FormatDuration(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
