// Package show says where output goes. Code that prints, draws or reports
// takes a [Display] as its first argument; a terminal, a browser page, a
// notebook or a test stands behind it.
package show

import (
	"context"

	"github.com/fathom-ml/fathom/plot"
)

// Display receives everything a run shows. Its methods may be called from one
// goroutine at a time, and all of them notice cancellation of the context:
// see [Check].
type Display interface {
	// Context is cancelled when the run should stop.
	Context() context.Context
	// Print writes its operands with spaces between them and a newline, like fmt.Println.
	Print(a ...any)
	// Printf writes formatted text, like fmt.Printf.
	Printf(format string, a ...any)
	// Figure shows a finished figure. The name is a file name without extension, e.g. "loss".
	Figure(name string, f *plot.Figure)
	// Live shows a figure that will change; each Update shows its present state.
	Live(name string, f *plot.Figure) Live
	// Metric records one point of a named curve: the step counts from 1, x is the axis (epoch).
	Metric(name string, step int, x, value float64)
	// Result records a named figure of merit, e.g. "test acc".
	Result(name string, value float64)
	// Progress opens a progress line of total units.
	Progress(label string, total int) Progress
	// Table shows rows under a header.
	Table(header []string, rows [][]string)
}

// Live is a figure on display that can change.
type Live interface {
	// Update redraws the figure; displays drop updates that come too fast.
	Update()
	// Done shows the final state.
	Done()
}

// Progress is a progress line.
type Progress interface {
	// Add moves the line on by n units.
	Add(n int)
	// Note sets the text behind the bar, e.g. "loss 0.312".
	Note(text string)
	// Done closes the line.
	Done()
}

// Chooser is what a Display may implement besides, to tell helpers below the
// lesson what the user chose for this run.
type Chooser interface {
	// DataSet is the name given with --data-set: "", "digits" or "fashion-mnist".
	DataSet() string
	// Quick says whether the run should shrink data and epochs.
	Quick() bool
}

// Interrupted is the panic value of Check; whoever started the run recovers it.
type Interrupted struct{ Err error }

func (i Interrupted) Error() string { return "interrupted: " + i.Err.Error() }

// Check panics with Interrupted if d's context is cancelled. Loops call it once a step.
func Check(d Display) {
	if err := d.Context().Err(); err != nil {
		panic(Interrupted{err})
	}
}
