package site

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/book"
)

// TestNotebookRuns executes the notebook of 3.2 under Jupyter and GoNB, where they are: its text and its figure come out as the book's page has them.
func TestNotebookRuns(t *testing.T) {
	if testing.Short() {
		t.Skip("starts Jupyter")
	}
	for _, program := range []string{"jupyter", "gonb", "goimports"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip("needs jupyter (with nbconvert), gonb and goimports: ", err)
		}
	}
	l, err := book.Find("3.2")
	if err != nil {
		t.Skip(err) // lessons are not linked in
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := ExportNotebooks(dir, []book.Lesson{l}, nil); err != nil {
		t.Fatal(err)
	}
	gonb, err := exec.LookPath("gonb")
	if err != nil {
		t.Fatal(err)
	}
	spec, err := json.Marshal(map[string]any{"argv": []string{gonb, "--kernel", "{connection_file}", "-logtostderr"}, "display_name": "Go (gonb)", "language": "go"})
	if err != nil {
		t.Fatal(err)
	}
	kernel := filepath.Join(dir, "jupyter", "kernels", "gonb")
	if err := errors.Join(os.MkdirAll(kernel, 0o777), os.WriteFile(filepath.Join(kernel, "kernel.json"), spec, 0o666)); err != nil {
		t.Fatal(err)
	}
	run := func(name string, args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), name, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "JUPYTER_DATA_DIR="+filepath.Join(dir, "jupyter"), "FATHOM_SOURCE="+root, "GOFLAGS=-mod=mod")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
	}
	run("jupyter", "nbconvert", "--to", "notebook", "--execute", "--output", "ran.ipynb", "3.2.ipynb")
	var n struct {
		Cells []struct {
			Outputs []struct {
				Text []string
				Data map[string]any
			}
		}
	}
	b, err := os.ReadFile(filepath.Join(dir, "ran.ipynb"))
	if err == nil {
		err = json.Unmarshal(b, &n)
	}
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	figures := 0
	for _, c := range n.Cells {
		for _, o := range c.Outputs {
			text.WriteString(strings.Join(o.Text, ""))
			if o.Data["image/svg+xml"] != nil {
				figures++
			}
		}
	}
	for _, want := range []string{"features: [2.2122064 1.1630787]", "epoch 3, loss 0.000051"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is not in\n%s", want, text.String())
		}
	}
	if figures == 0 {
		t.Error("there is no figure")
	}
}
