package book

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/fathom-ml/fathom/show"
	"github.com/fathom-ml/fathom/tensor"
)

// Options are the user's choices for a run.
type Options struct {
	Quick   bool              // shrink data and epochs
	Seed    uint64            // of the random streams; the book's is 0
	DataSet string            // "", "digits" or "fashion-mnist"
	Set     map[string]string // values of parameters by name
}

// UsageError says that the user asked for something the lesson does not have.
type UsageError struct {
	Msg    string
	Params []Param // what the lesson does have, where that helps
}

func (e *UsageError) Error() string {
	var b strings.Builder
	b.WriteString(e.Msg)
	for i, p := range e.Params {
		if i == 0 {
			b.WriteString("; the lesson's parameters:")
		}
		b.WriteString("\n  " + p.String())
	}
	return b.String()
}

// PanicError is a panic of the lesson that is neither misuse of tensors nor an interruption.
type PanicError struct {
	Value any
	Stack string
}

func (e *PanicError) Error() string { return fmt.Sprintf("the lesson panicked: %v", e.Value) }

// Unwrap gives the panic value if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// playName is the frame that marks the lesson's own goroutine.
const playName = "github.com/fathom-ml/fathom/book.play"

// Run runs a lesson on fresh random streams and sends what it shows to sink, from
// Begin to End. The error is that of End: *UsageError for a parameter
// that the lesson does not have or a value that does not parse, *[tensor.Error] for misuse,
// [show.Interrupted] after ctx was cancelled, *PanicError for other panics, else an
// error given to Page.Check or an error of the sink. The random streams belong to the process: never run two lessons at once.
func Run(ctx context.Context, l Lesson, opts Options, sink Sink) error {
	start := time.Now()
	err := sink.Event(Begin{l, opts})
	if err == nil {
		err = checkSet(l, opts)
	}
	if err == nil {
		err = runOn(newPage(ctx, l, opts, sink), l)
	}
	end := sink.Event(End{err, time.Since(start).Seconds()})
	if err == nil {
		err = end
	}
	return err
}

func runOn(p *Page, l Lesson) error {
	tensor.Seed(p.opts.Seed)
	if err := play(func() { l.Run(p) }); err != nil {
		return err
	}
	if err := p.unasked(); err != nil {
		return err
	}
	return play(p.closeAll)
}

// play calls f and turns its panics into errors.
//
//go:noinline
func play(f func()) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case show.Interrupted:
			err = r
		case *UsageError:
			err = r
		case worldError:
			err = r.err
		default:
			err = &PanicError{r, string(debug.Stack())}
		}
	}()
	return tensor.Try(f)
}

// Interrupted reports whether a run ended because its context was cancelled.
func Interrupted(err error) bool {
	var i show.Interrupted
	return errors.As(err, &i) || errors.Is(err, context.Canceled)
}

// checkSet refuses, before the lesson starts, values for parameters that its source does
// not declare, and values that do not parse.
func checkSet(l Lesson, opts Options) error {
	if len(opts.Set) == 0 {
		return nil
	}
	params, complete := l.Params()
	for _, name := range slices.Sorted(maps.Keys(opts.Set)) {
		i := slices.IndexFunc(params, func(p Param) bool { return p.Name == name })
		if i < 0 {
			if complete {
				return &UsageError{fmt.Sprintf("lesson %s has no parameter %q", l.Section, name), params}
			}
			continue
		}
		if _, err := params[i].Kind.parse(opts.Set[name]); err != nil {
			return &UsageError{Msg: fmt.Sprintf("parameter %s: %v", name, err)}
		}
	}
	return nil
}

// unasked finds values that the user set and the lesson never asked for.
func (p *Page) unasked() error {
	for _, name := range slices.Sorted(maps.Keys(p.opts.Set)) {
		if p.params[name] == nil {
			var have []Param
			for _, n := range p.asked {
				q := p.params[n]
				have = append(have, Param{Name: n, Kind: q.kind, Default: fmt.Sprint(q.def), Doc: q.doc})
			}
			return &UsageError{fmt.Sprintf("the lesson never asked for parameter %q", name), have}
		}
	}
	return nil
}
