package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/data"
)

// TestData runs fathom data where there is one file, a wrong one, and where there is none.
func TestData(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("FATHOM_DATA", dir)
	t.Setenv("FATHOM_CACHE", t.TempDir())
	run := func(f func(s streams) error) (string, error) {
		var out, errs bytes.Buffer
		err := f(streams{out: &out, err: &errs})
		return out.String(), err
	}
	list, err := run(dataListCommand{}.Run)
	if err != nil || strings.Count(list, "\n") != len(data.Sets())+1 || !strings.Contains(list, "timemachine") && !strings.Contains(list, "time_machine") {
		t.Errorf("the list is %v\n%s", err, list)
	}
	if _, err := run((&dataPathCommand{Key: "airfoil"}).Run); err == nil || !strings.Contains(err.Error(), "fathom data get airfoil") {
		t.Errorf("the path of a set that is not here: %v", err)
	}
	if _, err := run((&dataPathCommand{Key: "arfoil"}).Run); err == nil || !strings.Contains(err.Error(), "airfoil") {
		t.Errorf("the path of an unknown set: %v", err)
	}
	wrong := filepath.Join(dir, "airfoil_self_noise.dat")
	if err := os.WriteFile(wrong, []byte("noise"), 0o666); err != nil {
		t.Fatal(err)
	}
	if p, err := run((&dataPathCommand{Key: "airfoil"}).Run); err != nil || p != wrong+"\n" {
		t.Errorf("path: %q, %v", p, err)
	}
	if out, err := run((&dataVerifyCommand{}).Run); err == nil || !strings.Contains(out, "WRONG  "+wrong) {
		t.Errorf("a wrong file is verified: %q, %v", out, err)
	}
}
