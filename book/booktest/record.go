// Package booktest runs lessons in tests and compares their printed arrays with the book's.
package booktest

import (
	"context"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/plot"
)

// Recorder is a sink that keeps everything.
type Recorder struct {
	Events []book.Event
}

// Event keeps e.
func (r *Recorder) Event(e book.Event) error {
	r.Events = append(r.Events, e)
	return nil
}

// Recorded is what a lesson showed.
type Recorded struct {
	Recorder
	Err error // what book.Run returned
}

// Run runs a lesson on fresh random streams and fails the test if the lesson fails. Tests that
// call it must not run in parallel: the random streams belong to the process.
func Run(t testing.TB, l book.Lesson, opts book.Options) *Recorded {
	t.Helper()
	r := Try(t, l, opts)
	if r.Err != nil {
		t.Fatalf("lesson %s: %v\nit printed:\n%s", l.Section, r.Err, r.Text())
	}
	return r
}

// Try is Run for lessons that may fail: the error is in Err.
func Try(t testing.TB, l book.Lesson, opts book.Options) *Recorded {
	t.Helper()
	r := &Recorded{}
	r.Err = book.Run(t.Context(), l, opts, &r.Recorder)
	return r
}

// TryContext is Try under a context, to test cancellation.
func TryContext(ctx context.Context, l book.Lesson, opts book.Options) *Recorded {
	r := &Recorded{}
	r.Err = book.Run(ctx, l, opts, &r.Recorder)
	return r
}

// Text is all printed text, tables included, in order.
func (r *Recorder) Text() string {
	var b strings.Builder
	for _, e := range r.Events {
		switch e := e.(type) {
		case book.Text:
			b.WriteString(e.Text)
		case book.Table:
			b.WriteString(e.String())
		}
	}
	return b.String()
}

// Texts is the printed text piece by piece, one a call of Print, Printf, Show or Table.
func (r *Recorder) Texts() []string {
	var all []string
	for _, e := range r.Events {
		switch e := e.(type) {
		case book.Text:
			all = append(all, e.Text)
		case book.Table:
			all = append(all, e.String())
		}
	}
	return all
}

// Notices lists the notices.
func (r *Recorder) Notices() []string {
	var all []string
	for _, e := range r.Events {
		if n, ok := e.(book.Notice); ok {
			all = append(all, n.Text)
		}
	}
	return all
}

// Result returns a result of the main run ("") or of another; ok is false if there is none.
func (r *Recorder) Result(run, name string) (value float64, ok bool) {
	for _, e := range r.Events {
		if e, is := e.(book.Result); is && e.Run == run && e.Name == name {
			return e.Value, true
		}
	}
	return 0, false
}

// Metric returns the points of a curve in order.
func (r *Recorder) Metric(run, name string) []book.Metric {
	var points []book.Metric
	for _, e := range r.Events {
		if e, is := e.(book.Metric); is && e.Run == run && e.Name == name {
			points = append(points, e)
		}
	}
	return points
}

// Figure returns the figure of a name in its final state, or nil.
func (r *Recorder) Figure(name string) *plot.Figure {
	for _, e := range r.Events {
		if e, is := e.(book.Figure); is && e.Name == name && e.Done {
			return e.Fig
		}
	}
	return nil
}

// Figures lists the names of the finished figures in order.
func (r *Recorder) Figures() []string {
	var names []string
	for _, e := range r.Events {
		if e, is := e.(book.Figure); is && e.Done {
			names = append(names, e.Name)
		}
	}
	return names
}
