package book

import (
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// Message is an event as one line of JSON, for programs that show a page while it runs: with the line of the lesson that
// caused it, figures as SVG while they change, progress, notices and tables as such. Numbers that are NaN or
// infinite are the strings "NaN", "Infinity" and "-Infinity".
type Message struct {
	Type string `json:"type"` // begin, text, notice, table, figure, metric, result, progress, param, done
	Run  string `json:"run,omitempty"`
	Line int    `json:"line,omitempty"` // of the lesson's source, 0 if unknown
	Name string `json:"name,omitempty"` // of a figure, metric, result, parameter; the label of a progress line
	Text string `json:"text,omitempty"` // of text, notice and table; the value of a parameter; the note of a progress line

	Header []string   `json:"header,omitempty"` // of a table
	Rows   [][]string `json:"rows,omitempty"`

	SVG  string `json:"svg,omitempty"` // of a figure
	Alt  string `json:"alt,omitempty"`
	Done bool   `json:"done,omitempty"` // this is how a figure or progress line stays

	Step  int    `json:"step,omitempty"` // of a metric
	X     number `json:"x,omitempty"`
	Value number `json:"value,omitempty"` // of a metric or result

	ID    int `json:"id,omitempty"` // tells progress lines apart
	Count int `json:"count,omitempty"`
	Total int `json:"total,omitempty"`

	OK      bool    `json:"ok,omitempty"` // of done
	Error   string  `json:"error,omitempty"`
	Seconds float64 `json:"seconds,omitempty"`
}

// Stream is a sink that writes a [Message] a line. A live figure and a progress line are written four times a second at most, and at
// their end.
type Stream struct {
	w    *json.Encoder
	last map[string]time.Time
	now  func() time.Time
}

// NewStream writes to w.
func NewStream(w io.Writer) *Stream {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return &Stream{enc, map[string]time.Time{}, time.Now}
}

// often is the least time between two states of one figure or progress line.
const often = 250 * time.Millisecond

// due says whether another state of a thing may be written.
func (s *Stream) due(key string, done bool) bool {
	now := s.now()
	if !done && now.Sub(s.last[key]) < often {
		return false
	}
	s.last[key] = now
	return true
}

// Event writes e, in one call of Write.
func (s *Stream) Event(e Event) error {
	m, err := s.message(e)
	if err != nil || m.Type == "" {
		return err
	}
	return s.w.Encode(m)
}

func (s *Stream) message(e Event) (Message, error) {
	switch e := e.(type) {
	case Begin:
		return Message{Type: "begin", Name: e.Lesson.Section, Text: e.Lesson.Title}, nil
	case Text:
		return Message{Type: "text", Run: e.Run, Line: e.Line, Text: e.Text}, nil
	case Notice:
		return Message{Type: "notice", Run: e.Run, Line: e.Line, Text: e.Text}, nil
	case Table:
		return Message{Type: "table", Run: e.Run, Line: e.Line, Text: e.String(), Header: e.Header, Rows: e.Rows}, nil
	case Figure:
		if !s.due("figure "+e.Name, e.Done) {
			return Message{}, nil
		}
		svg, err := e.Fig.SVG()
		return Message{Type: "figure", Run: e.Run, Line: e.Line, Name: e.Name, SVG: string(svg), Alt: e.Fig.AltText(), Done: e.Done}, err
	case Metric:
		return Message{Type: "metric", Run: e.Run, Name: e.Name, Step: e.Step, X: number(e.X), Value: number(e.Value)}, nil
	case Result:
		return Message{Type: "result", Run: e.Run, Line: e.Line, Name: e.Name, Value: number(e.Value), Text: e.String()}, nil
	case Progress:
		if !s.due("progress", e.Done) {
			return Message{}, nil
		}
		return Message{Type: "progress", Run: e.Run, ID: e.ID, Name: e.Label, Text: e.Note, Count: e.Count, Total: e.Total, Done: e.Done}, nil
	case ParamUsed:
		return Message{Type: "param", Run: e.Run, Line: e.Line, Name: e.Name, Text: fmt.Sprint(e.Value)}, nil
	case End:
		m := Message{Type: "done", OK: e.Err == nil, Seconds: e.Seconds}
		if e.Err != nil {
			m.Error = e.Err.Error()
		}
		return m, nil
	}
	return Message{}, nil
}
