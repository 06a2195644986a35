package site

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/book"
	_ "github.com/fathom-ml/fathom/book/lessons"
)

var update = flag.Bool("update", false, "render the formulas of all lessons again (npm install --prefix tools/mathml first)")

// formulas are those of all lessons by their keys.
func formulas(t *testing.T) map[string]Formula {
	t.Helper()
	all := map[string]Formula{}
	for _, l := range book.All() {
		cells, err := l.Cells()
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cells {
			for _, f := range Formulas(c.Prose) {
				all[f.key()] = f
			}
		}
	}
	return all
}

// TestMathML wants every formula of every lesson rendered, and nothing else in the table.
func TestMathML(t *testing.T) {
	all := formulas(t)
	if *update {
		render(t, all)
		return
	}
	for key, f := range all {
		if _, ok := mathML()[key]; !ok {
			t.Errorf("not rendered: %s (npm install --prefix tools/mathml && go test ./site -run MathML -update)", f.TeX)
		}
	}
	for key := range mathML() {
		if _, ok := all[key]; !ok {
			t.Errorf("no lesson has the formula %s any more: go test ./site -run MathML -update", key)
		}
	}
	if len(all) < 20 {
		t.Errorf("only %d formulas: are the lessons seen?", len(all))
	}
}

// render makes mathml.json with node.
func render(t *testing.T, all map[string]Formula) {
	type formula struct {
		TeX     string `json:"tex"`
		Display bool   `json:"display"`
	}
	var in struct {
		Formulas []formula `json:"formulas"`
	}
	var keys []string
	for key, f := range all {
		keys = append(keys, key)
		in.Formulas = append(in.Formulas, formula(f))
	}
	text, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", "../tools/mathml/render.mjs")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(text), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var rendered []json.RawMessage
	if err := json.Unmarshal(out, &rendered); err != nil {
		t.Fatal(err)
	}
	table := map[string]string{}
	for i, key := range keys {
		var s string
		if json.Unmarshal(rendered[i], &s) != nil {
			t.Errorf("%s: %s", in.Formulas[i].TeX, rendered[i])
			continue
		}
		table[key] = s
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "")
	if err := enc.Encode(table); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("mathml.json", b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestFormulasAreFound(t *testing.T) {
	got := Formulas("A $x_1$ costs \\$5, `$no$`, and\n\n$$\na_i *b* \\\\ c\n$$\n\n| $t$ | b |\n|---|---|\n| $u$ | $v |\n\n    $code$\n")
	var list []string
	for _, f := range got {
		kind := "inline "
		if f.Display {
			kind = "display "
		}
		list = append(list, kind+f.TeX)
	}
	if s := strings.Join(list, "; "); s != "inline x_1; display a_i *b* \\\\ c; inline t; inline u" {
		t.Errorf("found %s", s)
	}
	out, err := prose("<script>alert(1)</script> [x](javascript:alert(1)) $a<b$")
	if err != nil || strings.Contains(out, "<script>") || strings.Contains(out, "javascript:") || strings.Contains(out, "a<b") {
		t.Errorf("%v: %s", err, out)
	}
}
