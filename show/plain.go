package show

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/fathom-ml/fathom/plot"
)

// Option is an option of [Plain].
type Option func(*plain)

// WithFigures makes Plain draw figures in characters too, width x height of
// them each, below their descriptions.
func WithFigures(width, height int) Option {
	return func(p *plain) { p.width, p.height = width, height }
}

// WithInterval sets the least time between two lines about metrics or about
// one progress; the default is 5 seconds, and zero writes all of them.
func WithInterval(d time.Duration) Option {
	return func(p *plain) { p.interval = d }
}

// Plain returns a Display that writes lines of text to w, for logs, pipes and
// tests: text as it is, results as "name = value", tables aligned, figures by
// their descriptions. Metrics that share an x make one line, and of these
// lines one is written every few seconds and always the last one before
// anything else is shown; progress likewise, and nothing of what ends sooner.
// A write error ends the output, not the run.
func Plain(ctx context.Context, w io.Writer, opts ...Option) Display {
	p := &plain{ctx: ctx, w: w, interval: 5 * time.Second, now: time.Now, fresh: true}
	for _, o := range opts {
		o(p)
	}
	p.last = p.now()
	return p
}

// plain is what Plain returns.
type plain struct {
	ctx           context.Context
	w             io.Writer
	err           error
	fresh         bool // at the beginning of a line
	width, height int  // of figures; zero draws none

	interval time.Duration
	now      func() time.Time
	last     time.Time // of the last line of metrics
	point    point
}

// point is the metrics at one x.
type point struct {
	x      float64
	names  []string
	values map[string]float64
}

func (p *plain) Context() context.Context { return p.ctx }

// write writes s as it is.
func (p *plain) write(s string) {
	if s == "" || p.err != nil {
		return
	}
	_, p.err = io.WriteString(p.w, s)
	p.fresh = strings.HasSuffix(s, "\n")
}

// line writes s on a line of its own.
func (p *plain) line(s string) {
	if !p.fresh {
		p.write("\n")
	}
	p.write(strings.TrimSuffix(s, "\n") + "\n")
}

func (p *plain) Print(a ...any) {
	Check(p)
	p.flush()
	p.write(fmt.Sprintln(a...))
}

func (p *plain) Printf(format string, a ...any) {
	Check(p)
	p.flush()
	p.write(fmt.Sprintf(format, a...))
}

func (p *plain) Figure(name string, f *plot.Figure) {
	Check(p)
	p.figure(name, f)
}

// figure describes f and draws it if that is wanted.
func (p *plain) figure(name string, f *plot.Figure) {
	p.flush()
	if err := f.Check(); err != nil {
		p.line(fmt.Sprintf("[figure %s: %v]", name, err))
		return
	}
	p.line(fmt.Sprintf("[figure %s: %s]", name, oneLine(f.AltText())))
	if p.width > 0 && p.height > 0 {
		for l := range strings.Lines(f.Text(p.width, p.height)) {
			p.line(strings.TrimRight(l, " \n"))
		}
	}
}

func (p *plain) Live(name string, f *plot.Figure) Live {
	Check(p)
	return &plainLive{p: p, name: name, f: f}
}

// plainLive shows a changing figure once, when it is done.
type plainLive struct {
	p    *plain
	name string
	f    *plot.Figure
	done bool
}

func (l *plainLive) Update() { Check(l.p) }

func (l *plainLive) Done() {
	if !l.done {
		l.done = true
		l.p.figure(l.name, l.f)
	}
}

func (p *plain) Metric(name string, step int, x, value float64) {
	Check(p)
	if len(p.point.names) > 0 && p.point.x != x {
		if p.now().Sub(p.last) >= p.interval {
			p.flush()
		}
		p.point = point{}
	}
	if p.point.values == nil {
		p.point = point{x: x, values: map[string]float64{}}
	}
	if _, ok := p.point.values[name]; !ok {
		p.point.names = append(p.point.names, name)
	}
	p.point.values[name] = value
}

// flush writes the metrics of the present x.
func (p *plain) flush() {
	if len(p.point.names) == 0 {
		return
	}
	parts := make([]string, len(p.point.names))
	for i, n := range p.point.names {
		parts[i] = oneLine(n) + " " + FormatValue(p.point.values[n])
	}
	p.line(fmt.Sprintf("at %s: %s", FormatValue(p.point.x), strings.Join(parts, ", ")))
	p.point = point{}
	p.last = p.now()
}

func (p *plain) Result(name string, value float64) {
	Check(p)
	p.flush()
	p.line(oneLine(name) + " = " + FormatValue(value))
}

func (p *plain) Table(header []string, rows [][]string) {
	Check(p)
	p.flush()
	if t := FormatTable(header, rows); t != "" {
		p.line(t)
	}
}

func (p *plain) Progress(label string, total int) Progress {
	Check(p)
	now := p.now()
	return &plainProgress{p: p, bar: Bar{Label: label, Total: total}, begun: now, last: now}
}

// plainProgress writes a line now and then.
type plainProgress struct {
	p           *plain
	bar         Bar
	begun, last time.Time
	done        bool
}

// lineWidth is the width of progress lines.
const lineWidth = 80

func (g *plainProgress) Add(n int) {
	Check(g.p)
	g.bar.Done += n
	if now := g.p.now(); now.Sub(g.last) >= g.p.interval {
		g.show(now)
	}
}

func (g *plainProgress) Note(text string) { g.bar.Note = text }

func (g *plainProgress) Done() {
	if now := g.p.now(); !g.done && now.Sub(g.begun) >= g.p.interval {
		g.show(now)
	}
	g.done = true
}

// show writes the line as of now.
func (g *plainProgress) show(now time.Time) {
	g.bar.Elapsed, g.last = now.Sub(g.begun), now
	g.p.line(g.bar.Line(lineWidth))
}
