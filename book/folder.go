package book

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/fathom-ml/fathom/internal/atomicfile"
)

// Folder is a sink that saves finished figures as NAME.svg and NAME.png, and at the end the file
// results.json: the lesson, the options, the parameters' values, the results, and whether it
// came to its end. Files appear in full or not at all.
type Folder struct {
	dir    string
	report report
}

type report struct {
	Section string         `json:"section"`
	Title   string         `json:"title"`
	Seed    uint64         `json:"seed"`
	Quick   bool           `json:"quick"`
	DataSet string         `json:"data_set"`
	Params  map[string]any `json:"params"`
	Notices []string       `json:"notices"`
	Results []jsonResult   `json:"results"`
	Figures []string       `json:"figures"`
	OK      bool           `json:"ok"`
	Error   string         `json:"error,omitempty"`
	Seconds float64        `json:"seconds"`
}

// NewFolder makes the folder if need be and removes the results.json of a run before.
func NewFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("folder for figures and results: %w", err)
	}
	if err := os.Remove(filepath.Join(dir, "results.json")); err != nil && !os.IsNotExist(err) {
		return nil, fmt.Errorf("results of an earlier run: %w", err)
	}
	return &Folder{dir: dir}, nil
}

// Path is where the SVG of a figure goes.
func (f *Folder) Path(figure string) string { return filepath.Join(f.dir, figure+".svg") }

// Event saves what e brings.
func (f *Folder) Event(e Event) error {
	r := &f.report
	switch e := e.(type) {
	case Begin:
		*r = report{
			Section: e.Lesson.Section, Title: e.Lesson.Title,
			Seed: e.Options.Seed, Quick: e.Options.Quick, DataSet: e.Options.DataSet,
			Params: map[string]any{}, Notices: []string{}, Results: []jsonResult{}, Figures: []string{},
		}
	case ParamUsed:
		if v, ok := e.Value.(float64); ok {
			r.Params[e.Name] = number(v)
		} else {
			r.Params[e.Name] = e.Value
		}
	case Notice:
		r.Notices = append(r.Notices, e.Text)
	case Result:
		r.Results = append(r.Results, jsonResult{e.Run, e.Name, number(e.Value)})
	case Figure:
		if e.Done {
			return f.figure(e)
		}
	case End:
		r.OK, r.Seconds = e.Err == nil, e.Seconds
		if e.Err != nil {
			r.Error = e.Err.Error()
		}
		return atomicfile.Write(filepath.Join(f.dir, "results.json"), func(w io.Writer) error {
			enc := json.NewEncoder(w)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", "  ")
			return enc.Encode(r)
		})
	}
	return nil
}

func (f *Folder) figure(e Figure) error {
	svg, err := e.Fig.SVG()
	if err != nil {
		return fmt.Errorf("figure %s: %w", e.Name, err)
	}
	png, err := e.Fig.PNG(2)
	if err != nil {
		return fmt.Errorf("figure %s: %w", e.Name, err)
	}
	if err := writeFile(f.Path(e.Name), svg); err != nil {
		return err
	}
	if err := writeFile(filepath.Join(f.dir, e.Name+".png"), png); err != nil {
		return err
	}
	f.report.Figures = append(f.report.Figures, e.Name)
	return nil
}

func writeFile(path string, data []byte) error {
	return atomicfile.Write(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}
