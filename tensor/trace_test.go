package tensor_test

import (
	"strings"
	"testing"

	. "github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/optest"
)

func TestNoLeak(t *testing.T) {
	optest.NoLeak(t)
	w := Full(0.5, big).RequireGrad()
	for range 3 {
		s := NewScope()
		s.Keep(s.In(w).MulScalar(2)).Sum().Backward()
		s.Close()
	}
	w.Square().Mean().Backward()
}

// failures takes the place of a test that is expected to fail.
type failures struct {
	testing.TB
	text string
	end  func()
}

func (f *failures) Helper()          {}
func (f *failures) Cleanup(g func()) { f.end = g }
func (f *failures) Errorf(format string, a ...any) {
	for _, v := range a {
		if s, ok := v.(string); ok {
			f.text += s
		}
	}
}

func TestNoLeakFindsTheLine(t *testing.T) {
	f := &failures{}
	optest.NoLeak(f)
	s := NewScope()
	held := []*Tensor{Ones(3 * big).AddScalar(1), s.Keep(s.In(Ones(big)).Exp()), s.In(Ones(2 * big)).Exp()}
	f.end()
	s.Close()
	if !strings.Contains(f.text, "trace_test.go:") || !strings.Contains(f.text, "24000 bytes in 3 tensors") {
		t.Errorf("the report: %q", f.text)
	}
	if held[0].At(0) != 2 {
		t.Error(held[0])
	}
}
