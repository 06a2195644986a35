package tensor_test

import (
	"errors"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
)

// What has no meaning for complex numbers, or no kernel, is refused; it is not computed from their bytes.
func TestComplexReductions(t *testing.T) {
	x := tensor.Of([]complex128{1 + 2i, 3 - 1i}, 1, 2)
	if got := x.Sum(1).Complex128s()[0]; got != 4+1i {
		t.Errorf("sum is %v", got)
	}
	if got := x.Mean().Complex128s()[0]; got != 2+0.5i {
		t.Errorf("mean is %v", got)
	}
	for name, f := range map[string]func(){
		"max":    func() { x.Max() },
		"min":    func() { x.Min(1) },
		"argmax": func() { x.ArgMax() },
		"argmin": func() { x.ArgMin(0) },
		"prod":   func() { x.Prod() },
		"cumsum": func() { x.CumSum(0) },
	} {
		var e *tensor.Error
		if err := tensor.Try(f); !errors.As(err, &e) || e.Op != name {
			t.Errorf("%s of complex numbers: %v", name, err)
		}
	}
}
