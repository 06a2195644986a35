package book

import (
	"encoding/json"
	"io"
	"math"
)

// Lines is a sink that writes JSON lines:
//
//	{"type":"text","text":"epoch 1\n"}
//	{"type":"figure","name":"loss","path":"out/loss.svg"}
//	{"type":"metric","run":"","name":"train loss","step":1,"x":1,"value":0.5}
//	{"type":"result","run":"lambda=3","name":"loss","value":0.02}
//	{"type":"done","ok":true,"seconds":1.5}
//	{"type":"done","ok":false,"error":"..."}
//
// Tables and notices come as text, figures once they are done, progress not at all. The numbers
// NaN and infinity come as the strings "NaN", "Infinity" and "-Infinity".
type Lines struct {
	w    *json.Encoder
	path func(figure string) string
}

// NewLines writes to w. The path of a figure is path(name), or "" if path is nil.
func NewLines(w io.Writer, path func(figure string) string) *Lines {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if path == nil {
		path = func(string) string { return "" }
	}
	return &Lines{enc, path}
}

// Event writes e as one line, in one call of Write.
func (l *Lines) Event(e Event) error {
	switch e := e.(type) {
	case Text:
		return l.text(e.Text)
	case Table:
		return l.text(e.String())
	case Notice:
		return l.text("Note: " + e.Text + "\n")
	case Figure:
		if !e.Done {
			return nil
		}
		return l.w.Encode(struct {
			Type string `json:"type"`
			Name string `json:"name"`
			Path string `json:"path"`
		}{"figure", e.Name, l.path(e.Name)})
	case Metric:
		return l.w.Encode(struct {
			Type  string `json:"type"`
			Run   string `json:"run"`
			Name  string `json:"name"`
			Step  int    `json:"step"`
			X     number `json:"x"`
			Value number `json:"value"`
		}{"metric", e.Run, e.Name, e.Step, number(e.X), number(e.Value)})
	case Result:
		return l.w.Encode(struct {
			Type string `json:"type"`
			jsonResult
		}{"result", jsonResult{e.Run, e.Name, number(e.Value)}})
	case End:
		if e.Err != nil {
			return l.w.Encode(struct {
				Type  string `json:"type"`
				OK    bool   `json:"ok"`
				Error string `json:"error"`
			}{"done", false, e.Err.Error()})
		}
		return l.w.Encode(struct {
			Type    string  `json:"type"`
			OK      bool    `json:"ok"`
			Seconds float64 `json:"seconds"`
		}{"done", true, e.Seconds})
	}
	return nil
}

func (l *Lines) text(s string) error {
	return l.w.Encode(struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}{"text", s})
}

type jsonResult struct {
	Run   string `json:"run"`
	Name  string `json:"name"`
	Value number `json:"value"`
}

// number is a float64 that JSON can carry.
type number float64

func (n number) MarshalJSON() ([]byte, error) {
	switch v := float64(n); {
	case math.IsNaN(v):
		return []byte(`"NaN"`), nil
	case math.IsInf(v, 1):
		return []byte(`"Infinity"`), nil
	case math.IsInf(v, -1):
		return []byte(`"-Infinity"`), nil
	default:
		return json.Marshal(v)
	}
}

func (n *number) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case `"NaN"`:
		*n = number(math.NaN())
	case `"Infinity"`:
		*n = number(math.Inf(1))
	case `"-Infinity"`:
		*n = number(math.Inf(-1))
	default:
		return json.Unmarshal(b, (*float64)(n))
	}
	return nil
}
