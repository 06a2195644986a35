package d2l

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

func TestSource(t *testing.T) {
	for name, want := range map[string]string{
		"SGD": "// SGD ", "SyntheticData": "// SyntheticData ", "Accumulator": "func (a *Accumulator) Reset()", "Timer": "type Timer struct", "Animator": "func (n *Animator) Add(",
	} {
		if s := Source(name); !strings.Contains(s, want) {
			t.Errorf("the source of %s lacks %q:\n%s", name, want, s)
		}
	}
	if s := Source("Nobody"); s != "" {
		t.Errorf("the source of nobody is %q", s)
	}
}

// TestSourceComplete fails if a new file is not embedded.
func TestSourceComplete(t *testing.T) {
	list, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		if strings.HasSuffix(f, "_test.go") || f == "doc.go" || f == "source.go" {
			continue
		}
		if _, err := files.Open(f); err != nil {
			t.Errorf("%s is missing in the line go:embed of source.go", f)
		}
	}
}

func ExampleSource() {
	fmt.Println(Source("Linreg"))
	// Output:
	// // Linreg is the linear model Xw + b (3.2).
	// func Linreg(X, w, b *tensor.Tensor) *tensor.Tensor { return X.MatMul(w).Add(b) }
}
