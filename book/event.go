package book

import (
	"github.com/fathom-ml/fathom/plot"
)

// Sink is where the output of a page goes: a terminal, a stream of JSON lines, a
// folder, a test. It gets one event at a time, in order. An error (a full disk, a
// closed pipe) ends the lesson.
type Sink interface {
	Event(e Event) error
}

// Tee is a sink that hands every event to several, in order.
type Tee []Sink

// Event calls Event of each sink until one fails.
func (t Tee) Event(e Event) error {
	for _, s := range t {
		if err := s.Event(e); err != nil {
			return err
		}
	}
	return nil
}

// Event is what happens on a page: Begin, Text, Notice, Table, Figure, Metric,
// Result, Progress, Param, End.
type Event interface{ event() }

// From says where an event comes from.
type From struct {
	Run  string // "" is the main run; else the name given to Page.Run
	Line int    // line of the lesson's source whose statement caused it; 0 if unknown
}

// Begin is the first event of a lesson.
type Begin struct {
	Lesson  Lesson
	Options Options
}

// Text is printed text with its newlines. It need not end in one.
type Text struct {
	From
	Text string
}

// Notice is a remark about the run that a reader must not miss, e.g. that other data
// than the book's is used.
type Notice struct {
	From
	Text string
}

// Table is rows under a header.
type Table struct {
	From
	Header []string
	Rows   [][]string
}

// Figure is a figure to show. The lesson may change Fig after the call of Event: a sink
// that wants it later renders it at once.
type Figure struct {
	From
	Name string // unique on the page and fit for a file name, e.g. "loss" or "lambda=3-loss"
	Fig  *plot.Figure
	Live bool // it was opened with Page.Live
	Done bool // this is how it stays
}

// Metric is one point of a named curve.
type Metric struct {
	From
	Name     string
	Step     int
	X, Value float64
}

// Result is a named figure of merit; Run and Name together are unique.
type Result struct {
	From
	Name  string
	Value float64
}

// Progress is the state of a progress line.
type Progress struct {
	From
	ID          int // tells lines apart
	Label, Note string
	Count       int
	Total       int
	Done        bool
}

// ParamUsed says which value a parameter of the lesson has in this run.
type ParamUsed struct {
	From
	Name  string
	Value any
}

// End is the last event.
type End struct {
	Err     error // nil if the lesson came to its end
	Seconds float64
}

func (Begin) event()     {}
func (Text) event()      {}
func (Notice) event()    {}
func (Table) event()     {}
func (Figure) event()    {}
func (Metric) event()    {}
func (Result) event()    {}
func (Progress) event()  {}
func (ParamUsed) event() {}
func (End) event()       {}
