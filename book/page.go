package book

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"unicode"

	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/show"
)

// Page is what a lesson writes on. It never knows what stands behind it. Its methods
// panic with [show.Interrupted] once the run is cancelled, which Run turns into an error.
type Page struct {
	*sheet
	run string
}

var (
	_ show.Display = (*Page)(nil)
	_ show.Chooser = (*Page)(nil)
)

// sheet is what a page and its sub-runs share.
type sheet struct {
	ctx    context.Context
	opts   Options
	sink   Sink
	origin *origin

	mu      sync.Mutex
	results map[[2]string]bool
	figures map[string]int
	params  map[string]*param
	asked   []string // names of params in the order of asking
	bars    int
	open    []closer // live figures and progress lines not yet done
}

type closer interface{ Done() }

func newPage(ctx context.Context, l Lesson, opts Options, sink Sink) *Page {
	return &Page{sheet: &sheet{
		ctx: ctx, opts: opts, sink: sink, origin: newOrigin(l),
		results: map[[2]string]bool{}, figures: map[string]int{}, params: map[string]*param{},
	}}
}

// worldError carries an error of the sink or of Page.Check up to Run.
type worldError struct{ err error }

// send hands an event to the sink.
func (p *Page) send(e Event) {
	if !p.check() {
		return
	}
	p.mu.Lock()
	err := p.sink.Event(e)
	p.mu.Unlock()
	if err != nil {
		panic(worldError{err})
	}
}

// check panics with show.Interrupted on the lesson's goroutine if the run is cancelled.
// On a goroutine of its own, where nobody could recover the panic, it returns false
// and the output is dropped.
func (p *Page) check() bool {
	if p.ctx.Err() == nil {
		return true
	}
	var pcs [512]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		f, more := frames.Next()
		if f.Function == playName {
			show.Check(p)
		}
		if !more {
			return false
		}
	}
}

// from is the origin of an event caused by the lesson statement under which we are called.
func (p *Page) from() From { return From{Run: p.run, Line: p.origin.line()} }

// Context is cancelled when the run should stop.
func (p *Page) Context() context.Context { return p.ctx }

// Quick says whether data and epochs should shrink (--quick).
func (p *Page) Quick() bool { return p.opts.Quick }

// DataSet is the data set chosen with --data-set, or "".
func (p *Page) DataSet() string { return p.opts.DataSet }

// Seed is the seed of this run (--seed); the random streams were reset to it before
// the lesson began.
func (p *Page) Seed() uint64 { return p.opts.Seed }

// Run is a page for a part of the lesson that is measured by itself, e.g.
// p.Run("lambda=3"): the same output, but metrics and results carry the name.
func (p *Page) Run(name string) *Page {
	if name == "" {
		panic("book: Page.Run: the name is empty")
	}
	if p.run != "" {
		name = p.run + "/" + name
	}
	return &Page{sheet: p.sheet, run: name}
}

// Check ends the lesson with err unless it is nil: for errors of the world (files,
// network), which are no bugs and need no stack trace.
func (p *Page) Check(err error) {
	if err != nil {
		panic(worldError{err})
	}
}

// Print writes its operands with spaces between them and a newline, like fmt.Println. A
// tensor appears without array( ) around it, as with Python's print.
func (p *Page) Print(a ...any) { p.send(Text{p.from(), fmt.Sprintln(a...)}) }

// Printf writes formatted text, like fmt.Printf.
func (p *Page) Printf(format string, a ...any) { p.send(Text{p.from(), fmt.Sprintf(format, a...)}) }

// Show writes the way a notebook shows the last expression of a cell; several values
// appear as a tuple. See [Shown] for the form.
func (p *Page) Show(values ...any) { p.send(Text{p.from(), Shown(values...) + "\n"}) }

// Notice shows a remark that a reader must not miss, e.g. that this run uses other
// data than the book.
func (p *Page) Notice(text string) { p.send(Notice{p.from(), text}) }

// Table shows rows under a header.
func (p *Page) Table(header []string, rows [][]string) { p.send(Table{p.from(), header, rows}) }

// Metric records one point of a named curve: step counts from 1, x is the axis
// (usually the epoch).
func (p *Page) Metric(name string, step int, x, value float64) {
	p.send(Metric{From{Run: p.run}, name, step, x, value})
}

// Result records a named figure of merit. Headline results are called "train loss",
// "train acc", "test acc", "examples/sec" or "loss". A second result of the
// same name in the same run panics: use [Page.Run].
func (p *Page) Result(name string, value float64) {
	p.mu.Lock()
	key := [2]string{p.run, name}
	again := p.results[key]
	p.results[key] = true
	p.mu.Unlock()
	if again {
		panic(fmt.Sprintf("book: result %q of run %q was given before; give each training a run of its own with p.Run", name, p.run))
	}
	p.send(Result{p.from(), name, value})
}

// Figure shows a finished figure. The name becomes a file name under --out; a
// name used before gets a number.
func (p *Page) Figure(name string, f *plot.Figure) {
	p.send(Figure{From: p.from(), Name: p.figureName(name), Fig: f, Done: true})
}

// Live shows a figure that will change: call Update after each change and Done at the end.
func (p *Page) Live(name string, f *plot.Figure) show.Live {
	l := &live{page: p, fig: Figure{From: p.from(), Name: p.figureName(name), Fig: f, Live: true}}
	p.opened(l)
	p.send(l.fig)
	return l
}

// Progress opens a progress line of total units; zero means that the total is unknown.
func (p *Page) Progress(label string, total int) show.Progress {
	p.mu.Lock()
	p.bars++
	b := &bar{page: p, state: Progress{From: From{Run: p.run}, ID: p.bars, Label: label, Total: total}}
	p.mu.Unlock()
	p.opened(b)
	p.send(b.state)
	return b
}

func (p *Page) opened(c closer) {
	p.mu.Lock()
	p.open = append(p.open, c)
	p.mu.Unlock()
}

// closeAll ends what the lesson left open.
func (p *Page) closeAll() {
	p.mu.Lock()
	open := p.open
	p.open = nil
	p.mu.Unlock()
	for _, c := range open {
		c.Done()
	}
}

// figureName makes a name unique on the page and fit for a file.
func (p *Page) figureName(name string) string {
	if p.run != "" {
		name = p.run + "-" + name
	}
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_=.,+", r) {
			return r
		}
		return '-'
	}, name)
	name = strings.TrimLeft(name, ".-")
	if name == "" {
		name = "figure"
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	base := name
	for p.figures[name] > 0 {
		p.figures[base]++
		name = fmt.Sprintf("%s-%d", base, p.figures[base])
	}
	p.figures[name]++
	return name
}

// live is an open figure.
type live struct {
	page *Page
	fig  Figure
}

func (l *live) Update() {
	if !l.fig.Done {
		l.page.send(l.fig)
	}
}

func (l *live) Done() {
	if !l.fig.Done {
		l.fig.Done = true
		l.page.send(l.fig)
	}
}

// bar is an open progress line.
type bar struct {
	page  *Page
	state Progress
}

func (b *bar) Add(n int) {
	b.state.Count += n
	b.send()
}

func (b *bar) Note(text string) {
	b.state.Note = text
	b.send()
}

func (b *bar) send() {
	if !b.state.Done {
		b.page.send(b.state)
	}
}

func (b *bar) Done() {
	if !b.state.Done {
		b.state.Done = true
		b.page.send(b.state)
	}
}
