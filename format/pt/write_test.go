package pt

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/elem/elemtest"
)

// What is written is read back, with all dtypes and shapes, to the values that PyTorch had; equal contents give equal bytes. With FATHOM_EXPORT the files
// stay, for tools/oracle/pt.py FILE, which reads them with torch.load.
func TestWrite(t *testing.T) {
	dir := os.Getenv("FATHOM_EXPORT")
	if dir == "" {
		dir = t.TempDir()
	}
	for _, c := range elemtest.Load(t) {
		if c.Refused || c.Name == "one tensor" {
			continue
		}
		v, err := Read(bytes.NewReader(c.File), int64(len(c.File)))
		if err != nil {
			t.Fatal(err)
		}
		list, err := Tensors(v)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, strings.ReplaceAll(c.Name, " ", "-")+".pt")
		if err := Save(path, All(list)); err != nil {
			t.Fatal(err)
		}
		again, err := LoadTensors(path)
		if err != nil || len(again) != len(list) {
			t.Fatalf("%s: %d of %d tensors: %v", c.Name, len(again), len(list), err)
		}
		for i, a := range c.Arrays {
			if again[i].Name != a.Name {
				t.Errorf("%s: %q, want %q", c.Name, again[i].Name, a.Name)
			}
			a.Check(t, again[i].Tensor)
		}
		var one, two bytes.Buffer
		if err := errors.Join(Write(&one, All(list)), Write(&two, All(again))); err != nil || !bytes.Equal(one.Bytes(), two.Bytes()) {
			t.Errorf("%s: written twice: %v", c.Name, err)
		}
	}
	x := tensor.Zeros(1)
	for want, list := range map[string][]Entry{
		"two tensors": {{"a", x}, {"a", x}}, "no tensor": {{"a", nil}}, "UTF-8": {{"\xff", x}}, "too long": {{strings.Repeat("a", 1<<16), x}},
	} {
		if err := Write(&bytes.Buffer{}, All(list)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if err := Write(full{}, All([]Entry{{"a", tensor.Zeros(1 << 14)}})); !errors.Is(err, errFull) {
		t.Error(err)
	}
}

var errFull = errors.New("full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }
