package site

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fathom-ml/fathom/book"
)

func lesson(t *testing.T) (book.Lesson, book.Cell) {
	t.Helper()
	l, err := book.Find("3.2")
	if err != nil {
		t.Fatal(err)
	}
	cells, err := l.Cells()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cells {
		if strings.Contains(c.Code, `p.Float("lr", 0.03`) {
			return l, c
		}
	}
	t.Fatal("the cell is not there")
	return l, book.Cell{}
}

func TestApply(t *testing.T) {
	l, c := lesson(t)
	same, err := Apply(l, []Edit{{c.From, c.To, c.Code}})
	if err != nil || same != l.Source {
		t.Errorf("the code as it is gives another file: %v", err)
	}
	cells, _ := l.Cells()
	var all []Edit
	for _, c := range cells {
		if c.Code != "" {
			all = append(all, Edit{c.From, c.To, c.Code})
		}
	}
	if same, err := Apply(l, all); err != nil || same != l.Source {
		t.Errorf("all cells as they are give another file: %v", err)
	}
	changed, err := Apply(l, []Edit{{c.From, c.To, strings.Replace(c.Code, "0.03", "10", 1) + "\r\np.Print(`a\nb`)"}})
	if err != nil || !strings.Contains(changed, "\tlr := p.Float(\"lr\", 10,") || !strings.Contains(changed, "\tp.Print(`a\nb`)\n") {
		t.Errorf("edited: %v", err)
	}
	for _, bad := range [][]Edit{{{1, 2, "x"}}, {{c.From, c.To + 1, "x"}}, {{c.From, c.To, "x"}, {c.From, c.To, "y"}}, {{c.From, c.To, strings.Repeat("x", maxSource)}}} {
		if _, err := Apply(l, bad); err == nil {
			t.Errorf("%.40v was accepted", bad)
		}
	}
}

func TestBuildEdited(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the command")
	}
	w := NewWorkshop(".")
	if w.why != "" {
		t.Skip(w.why)
	}
	l, c := lesson(t)
	before, err := os.ReadFile(w.file(l))
	if err != nil {
		t.Fatal(err)
	}
	source, err := Apply(l, []Edit{{c.From, c.To, strings.Replace(c.Code, "0.03", "10", 1)}})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	program, done, err := w.Build(context.Background(), l, source)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("compiled in %v", time.Since(began))
	out, err := exec.Command(program, "run", "3.2", "--quick").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "epoch 3, loss") || strings.Contains(string(out), "loss 0.0000") {
		t.Errorf("a rate of 10 gives %v\n%s", err, out)
	}
	done()
	if _, err := os.Stat(filepath.Dir(program)); !os.IsNotExist(err) {
		t.Error("the folder of the build is left")
	}
	source, _ = Apply(l, []Edit{{c.From, c.To, "lr := = 1"}})
	_, _, err = w.Build(context.Background(), l, source)
	var wrong *CompileError
	if !errors.As(err, &wrong) || wrong.Line != c.From || strings.Contains(err.Error(), os.TempDir()) {
		t.Errorf("a syntax error in line %d: %v", c.From, err)
	}
	if after, _ := os.ReadFile(w.file(l)); string(after) != string(before) {
		t.Error("the checkout was touched")
	}
}

func TestSave(t *testing.T) {
	l, c := lesson(t)
	root := t.TempDir()
	w := &Workshop{root: root}
	if err := os.MkdirAll(filepath.Dir(w.file(l)), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(w.file(l), []byte(l.Source), 0o666); err != nil {
		t.Fatal(err)
	}
	source, _ := Apply(l, []Edit{{c.From, c.To, "lr := 1"}})
	if err := w.Save(l, source); err != nil {
		t.Fatal(err)
	}
	if b, _ := os.ReadFile(w.file(l)); string(b) != source {
		t.Error("not saved")
	}
	if err := w.Save(l, l.Source); err == nil || !strings.Contains(err.Error(), "has changed") {
		t.Errorf("over another file: %v", err)
	}
	if w := NewWorkshop(t.TempDir()); w.why == "" || w.Save(l, source) == nil {
		t.Error("saved without a checkout")
	}
}
