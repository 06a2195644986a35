// Package terminal shows a lesson's output on a terminal: text as it comes, below it charts
// and progress lines that are redrawn in place. Where the output is no terminal, plain
// lines come now and then instead.
package terminal

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/plot"
)

// Options say what is known of the output.
type Options struct {
	Live  bool                     // redraw in place: the output is a terminal
	Bold  bool                     // notices and headings may be bold
	Color bool                     // 24-bit colours: curves and pictures are drawn in them
	Size  func() (cols, rows int)  // of the terminal; nil means 80 x 24
	Now   func() time.Time         // nil means time.Now
	Saved func(name string) string // where a figure is saved; nil means nowhere
}

const (
	redrawEvery = 200 * time.Millisecond // in place
	lineEvery   = 10 * time.Second       // plain lines
)

// Sink is a book.Sink.
type Sink struct {
	w    io.Writer
	opts Options

	partial  string // printed text after the last newline
	charts   []*chart
	bars     []*bar
	results  []book.Result
	curves   []curve   // the last value of every curve
	area     int       // lines of the area that is redrawn; the cursor is on its last
	drawn    time.Time // when it was drawn last
	lastLine time.Time // when a plain line about progress or curves was printed last
	unseen   bool      // a figure was neither drawn nor saved
	err      error
}

type chart struct {
	name string
	fig  *plot.Figure
}

type bar struct {
	state book.Progress
	start time.Time
}

type curve struct {
	run, name string
	x, value  float64
}

// New writes to w.
func New(w io.Writer, opts Options) *Sink {
	if opts.Size == nil {
		opts.Size = func() (int, int) { return 80, 24 }
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	return &Sink{w: w, opts: opts, lastLine: opts.Now()}
}

// Event shows e.
func (s *Sink) Event(e book.Event) error {
	switch e := e.(type) {
	case book.Begin:
		s.text(s.bold(heading(e)) + "\n\n")
	case book.Text:
		s.text(e.Text)
	case book.Table:
		s.ownLine(e.String())
	case book.Notice:
		s.ownLine(s.bold(s.wrap("Note: "+e.Text)) + "\n")
	case book.Figure:
		s.figure(e)
	case book.Metric:
		s.metric(e)
	case book.Result:
		s.results = append(s.results, e)
	case book.Progress:
		s.progress(e)
	case book.End:
		s.end(e)
	}
	return s.err
}

func heading(e book.Begin) string {
	h := e.Lesson.Section + " " + e.Lesson.Title
	if e.Options.Quick {
		h += " (quick)"
	}
	if e.Options.Seed != 0 {
		h += fmt.Sprintf(" (seed %d)", e.Options.Seed)
	}
	return h
}

func (s *Sink) bold(text string) string {
	if !s.opts.Bold {
		return text
	}
	return "\x1b[1m" + text + "\x1b[0m"
}

// wrap breaks text between words so that it fits the terminal. A pipe gets it as it is.
func (s *Sink) wrap(text string) string {
	if !s.opts.Live {
		return text
	}
	cols, _ := s.size()
	var b strings.Builder
	at := 0
	for i, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case at+1+n > min(cols-1, 100):
			b.WriteByte('\n')
			at = 0
		default:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(word)
		at += n
	}
	return b.String()
}

// ownLine prints text that does not go on the line begun before.
func (s *Sink) ownLine(text string) {
	if s.partial != "" {
		text = "\n" + text
	}
	s.text(text)
}

// text prints above the area.
func (s *Sink) text(text string) {
	if !s.opts.Live {
		s.write(text)
		s.partial = text[strings.LastIndexByte(text, '\n')+1:]
		return
	}
	whole := s.partial + text
	cut := strings.LastIndexByte(whole, '\n') + 1
	s.partial = whole[cut:]
	s.draw(whole[:cut])
}

// figure shows a finished figure or a state of a live one.
func (s *Sink) figure(e book.Figure) {
	at := slices.IndexFunc(s.charts, func(c *chart) bool { return c.name == e.Name })
	switch {
	case !e.Done:
		if at < 0 {
			s.charts = append(s.charts, &chart{e.Name, e.Fig})
		}
		s.redraw()
	default:
		if at >= 0 {
			s.charts = slices.Delete(s.charts, at, at+1)
		}
		s.ownLine(s.finished(e))
	}
}

// finished is the text for a figure that stays.
func (s *Sink) finished(e book.Figure) string {
	drawn := s.drawable(e.Fig) && (s.opts.Saved == nil || e.Live)
	label := "[figure " + e.Name
	switch {
	case s.opts.Saved != nil:
		label += ": " + s.opts.Saved(e.Name)
	case !drawn:
		label += ": " + e.Fig.AltText()
		s.unseen = true
	case e.Fig.Alt != "":
		label += ": " + e.Fig.Alt
	}
	label += "]\n"
	if !drawn {
		return label
	}
	return strings.Join(s.drawing(e.Fig, 24), "\n") + "\n" + label
}

// drawable reports whether characters can show the figure: curves and points on one or two
// axes always, pictures in colour only.
func (s *Sink) drawable(f *plot.Figure) bool {
	items, picture := 0, false
	for _, a := range f.Axes {
		if a == nil {
			continue
		}
		items += len(a.Items)
		for _, it := range a.Items {
			_, is := it.(*plot.Image)
			picture = picture || is
		}
	}
	if picture {
		return s.opts.Color
	}
	return items > 0 && len(f.Axes) <= 2
}

// drawing is the figure in at most rows lines, in the proportions of the figure; a character is
// twice as high as wide.
func (s *Sink) drawing(f *plot.Figure, rows int) []string {
	cols, _ := s.size()
	cols = min(cols-1, 72)
	w, h := f.Width, f.Height
	if w <= 0 || h <= 0 {
		w, h = 3.5, 1.4 // curves do not need the default's height
	}
	rows = min(rows, max(6, int(float64(cols)*h/w/2)))
	if s.opts.Color {
		return strings.Split(f.ANSI(cols, rows), "\n")
	}
	lines := strings.Split(f.Text(cols, rows), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return lines
}

// metric keeps the last value of each curve. A plain output gets a line now and then.
func (s *Sink) metric(e book.Metric) {
	c := curve{e.Run, e.Name, e.X, e.Value}
	if i := slices.IndexFunc(s.curves, func(o curve) bool { return o.run == c.run && o.name == c.name }); i >= 0 {
		s.curves[i] = c
	} else {
		s.curves = append(s.curves, c)
	}
	if !s.opts.Live && s.due() {
		s.plainLine(s.values(e.Run, e.X))
	}
}

// values is a line of the last values of a run's curves.
func (s *Sink) values(run string, x float64) string {
	line := fmt.Sprintf("%.4g:", x)
	if run != "" {
		line = run + " " + line
	}
	for _, c := range s.curves {
		if c.run == run {
			line += fmt.Sprintf(" %s %.4g", c.name, c.value)
		}
	}
	return line
}

// progress shows the state of a progress line. A done one stays.
func (s *Sink) progress(e book.Progress) {
	at := slices.IndexFunc(s.bars, func(b *bar) bool { return b.state.ID == e.ID })
	if at < 0 {
		at = len(s.bars)
		s.bars = append(s.bars, &bar{start: s.opts.Now()})
	}
	b := s.bars[at]
	b.state = e
	switch {
	case e.Done:
		s.bars = slices.Delete(s.bars, at, at+1)
		s.ownLine(b.closed(s.opts.Now()) + "\n")
	case s.opts.Live:
		s.redraw()
	case s.due():
		s.plainLine(b.plain(s.opts.Now()))
	}
}

// due reports whether it is time for a plain line.
func (s *Sink) due() bool { return s.opts.Now().Sub(s.lastLine) >= lineEvery }

func (s *Sink) plainLine(line string) {
	s.lastLine = s.opts.Now()
	s.ownLine(line + "\n")
}

// end leaves the terminal with the cursor on an empty line, below the results.
func (s *Sink) end(e book.End) {
	var b strings.Builder
	if e.Err != nil { // leave the last state on the screen
		for _, c := range s.charts {
			if s.drawable(c.fig) {
				b.WriteString(strings.Join(s.drawing(c.fig, 24), "\n") + "\n")
			}
		}
		for _, bar := range s.bars {
			b.WriteString(bar.plain(s.opts.Now()) + "\n")
		}
	}
	s.charts, s.bars = nil, nil
	if len(s.results) > 0 {
		b.WriteString("\n" + s.bold("Results") + "\n")
		for _, r := range s.results {
			b.WriteString("  " + r.String() + "\n")
		}
	}
	if e.Err == nil {
		if s.unseen {
			b.WriteString("\n" + s.wrap("Some figures need colours or a file: --out DIR saves them as SVG and PNG.") + "\n")
		}
		fmt.Fprintf(&b, "\nDone in %s.\n", duration(time.Duration(e.Seconds*float64(time.Second))))
	}
	s.ownLine(b.String())
	if s.partial != "" {
		s.text("\n")
	}
}

func (s *Sink) write(text string) {
	if s.err == nil && text != "" {
		_, s.err = io.WriteString(s.w, text)
	}
}
