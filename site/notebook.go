package site

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fathom-ml/fathom/book"
)

// The form of a notebook, nbformat 4.
type notebook struct {
	Cells         []notebookCell `json:"cells"`
	Metadata      map[string]any `json:"metadata"`
	NBFormat      int            `json:"nbformat"`
	NBFormatMinor int            `json:"nbformat_minor"`
}

type notebookCell struct {
	Type     string           `json:"cell_type"`
	ID       string           `json:"id"`
	Metadata map[string]any   `json:"metadata"`
	Source   []string         `json:"source"`
	Count    *int             `json:"execution_count,omitempty"`
	Outputs  []map[string]any `json:"outputs,omitempty"`
}

// code cells have a count and outputs even where there are none.
func (c notebookCell) MarshalJSON() ([]byte, error) {
	m := map[string]any{"cell_type": c.Type, "id": c.ID, "metadata": c.Metadata, "source": c.Source}
	if c.Type == "code" {
		m["execution_count"], m["outputs"] = nil, c.Outputs
		if c.Outputs == nil {
			m["outputs"] = []any{}
		}
	}
	return json.Marshal(m)
}

// ExportNotebooks writes lessons as notebooks for GoNB, a Go kernel, into a folder: prose, code and the outputs of their runs. Since each cell of that kernel is a
// program of its own, the whole story is one runnable cell at the end; the cells before it show it piece by piece with its outputs.
// The module's source is where the environment variable FATHOM_SOURCE says, else in the folder above that of the notebooks.
func ExportNotebooks(dir string, lessons []book.Lesson, captures map[string]*Capture) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("site: %w", err)
	}
	for _, l := range lessons {
		n, err := newNotebook(l, captures[l.Section])
		if err != nil {
			return err
		}
		b, err := json.MarshalIndent(n, "", " ")
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, l.Section+".ipynb"), append(b, '\n'), 0o666)
		}
		if err != nil {
			return fmt.Errorf("site: lesson %s: %w", l.Section, err)
		}
	}
	return nil
}

// sourceLines is text as a notebook holds it.
func sourceLines(text string) []string {
	lines := strings.SplitAfter(text, "\n")
	if n := len(lines); lines[n-1] == "" {
		lines = lines[:n-1]
	}
	return lines
}

func newNotebook(l book.Lesson, capture *Capture) (*notebook, error) {
	cells, err := l.Cells()
	if err != nil {
		return nil, err
	}
	refs, err := l.References()
	if err != nil {
		return nil, err
	}
	n := &notebook{NBFormat: 4, NBFormatMinor: 5, Metadata: map[string]any{
		"kernelspec":    map[string]any{"name": "gonb", "display_name": "Go (gonb)", "language": "go"},
		"language_info": map[string]any{"name": "go", "file_extension": ".go", "mimetype": "text/x-go"},
	}}
	add := func(kind, source string, meta map[string]any, outputs []map[string]any) {
		if meta == nil {
			meta = map[string]any{}
		}
		n.Cells = append(n.Cells, notebookCell{Type: kind, ID: fmt.Sprintf("cell-%d", len(n.Cells)), Metadata: meta, Source: sourceLines(source), Outputs: outputs})
	}
	var outputs [][]book.Message
	if capture != nil {
		outputs = attach(cells, capture.Messages)
	}
	imports, err := importsOf(l.Source)
	if err != nil {
		return nil, err
	}
	add("code", "!*go mod edit -require github.com/fathom-ml/fathom@v0.0.0 -replace github.com/fathom-ml/fathom=${FATHOM_SOURCE:-$GONB_DIR/..}", nil, nil)
	for i, c := range cells {
		switch {
		case c.Code == "":
			add("markdown", refs.Plain(c.Prose), nil, nil)
		case c.Decl: // a declaration is a cell of the kernel as it is
			add("code", imports+c.Code, nil, nil)
		default:
			var out []map[string]any
			if outputs != nil {
				out = notebookOutputs(outputs[i])
			}
			add("raw", c.Code, map[string]any{"format": "text/x-go"}, nil)
			if len(out) > 0 {
				add("markdown", "", map[string]any{"tags": []string{"output"}}, nil)
				n.Cells[len(n.Cells)-1].Source = outputMarkdown(outputs[i])
			}
		}
	}
	var story strings.Builder
	story.WriteString(imports + "\n%%\nif err := notebook.Run(func(p *book.Page) {\n")
	for _, c := range cells {
		if c.Code != "" && !c.Decl {
			story.WriteString(c.Code + "\n")
		}
	}
	story.WriteString("}); err != nil {\n\tfmt.Println(err)\n}\n")
	add("markdown", "## The whole lesson\n\nRun the next cell: it is the story from above in one piece.", nil, nil)
	var all []map[string]any
	for _, o := range outputs {
		all = append(all, notebookOutputs(o)...)
	}
	add("code", story.String(), nil, all)
	return n, nil
}

// importsOf is the imports of a lesson as a Go declaration, without those that only the file needs, and with the page of notebooks.
func importsOf(source string) (string, error) {
	f, err := parser.ParseFile(token.NewFileSet(), "lesson.go", source, parser.ImportsOnly)
	if err != nil {
		return "", fmt.Errorf("site: %w", err)
	}
	var list []string
	for _, d := range f.Imports {
		if name(d) != "_" && d.Path.Value != `"github.com/fathom-ml/fathom/book"` {
			list = append(list, "\t"+strings.TrimSpace(name(d)+" "+d.Path.Value)+"\n")
		}
	}
	list = append(list, "\t\"fmt\"\n", "\t\"github.com/fathom-ml/fathom/book\"\n", "\t\"github.com/fathom-ml/fathom/book/notebook\"\n")
	slices.Sort(list)
	return "import (\n" + strings.Join(slices.Compact(list), "") + ")\n", nil
}

func name(s *ast.ImportSpec) string {
	if s.Name == nil {
		return ""
	}
	return s.Name.Name
}

// notebookOutputs are outputs of a code cell.
func notebookOutputs(messages []book.Message) (out []map[string]any) {
	for _, m := range messages {
		switch m.Type {
		case "text", "notice", "table", "result":
			text := strings.TrimRight(m.Text, "\n") + "\n"
			if k := len(out); k > 0 && out[k-1]["output_type"] == "stream" {
				out[k-1]["text"] = append(out[k-1]["text"].([]string), sourceLines(text)...)
				continue
			}
			out = append(out, map[string]any{"output_type": "stream", "name": "stdout", "text": sourceLines(text)})
		case "figure":
			out = append(out, map[string]any{"output_type": "display_data", "metadata": map[string]any{},
				"data": map[string]any{"image/svg+xml": sourceLines(m.SVG), "text/plain": sourceLines(m.Alt)}})
		}
	}
	return out
}

// outputMarkdown shows outputs as text and pictures.
func outputMarkdown(messages []book.Message) []string {
	var b strings.Builder
	for _, m := range messages {
		if m.Type == "figure" {
			fmt.Fprintf(&b, "![%s](data:image/svg+xml;base64,%s)\n\n", strings.NewReplacer("[", "(", "]", ")").Replace(m.Alt), base64.StdEncoding.EncodeToString([]byte(m.SVG)))
		} else {
			fmt.Fprintf(&b, "```text\n%s\n```\n\n", strings.TrimRight(m.Text, "\n"))
		}
	}
	return sourceLines(strings.TrimRight(b.String(), "\n"))
}
