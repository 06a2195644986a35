package d2l_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/show"
)

// screen is a display that keeps what it is shown.
type screen struct {
	ctx     context.Context
	text    strings.Builder
	figures map[string]*plot.Figure
	updates int
	done    int
	metrics map[string][]float64
	results map[string]float64
	dataSet string
}

func newScreen() *screen {
	return &screen{
		ctx: context.Background(), dataSet: "digits",
		figures: map[string]*plot.Figure{}, metrics: map[string][]float64{}, results: map[string]float64{},
	}
}

func (s *screen) DataSet() string               { return s.dataSet }
func (s *screen) Quick() bool                   { return false }
func (s *screen) Context() context.Context      { return s.ctx }
func (s *screen) Print(a ...any)                { fmt.Fprintln(&s.text, a...) }
func (s *screen) Printf(f string, a ...any)     { fmt.Fprintf(&s.text, f, a...) }
func (s *screen) Result(name string, v float64) { s.results[name] = v }
func (s *screen) Metric(name string, _ int, _, v float64) {
	s.metrics[name] = append(s.metrics[name], v)
}
func (s *screen) Figure(name string, f *plot.Figure) { s.figures[name] = f }
func (s *screen) Live(name string, f *plot.Figure) show.Live {
	s.figures[name] = f
	return (*live)(s)
}
func (s *screen) Progress(string, int) show.Progress  { return bar{} }
func (s *screen) Table(header []string, _ [][]string) { fmt.Fprintln(&s.text, header) }

type live screen

func (l *live) Update() { l.updates++ }
func (l *live) Done()   { l.done++ }

type bar struct{}

func (bar) Add(int)     {}
func (bar) Note(string) {}
func (bar) Done()       {}
