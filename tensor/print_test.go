package tensor_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
)

// Every dtype prints, through any view, the elements that it shows.
func TestPrintDTypes(t *testing.T) {
	for _, c := range []struct {
		x    *tensor.Tensor
		want string
	}{
		{tensor.Of([]float64{0.1, 65504}).AsType(tensor.Float16), "array([1.00e-01, 6.55e+04], dtype=float16)"},
		{tensor.Of([]float32{0.1, 3.14159}).AsType(tensor.BFloat16), "array([0.1 , 3.14], dtype=bfloat16)"},
		{tensor.Of([]int64{1 << 62, -1}), "array([4611686018427387904,                  -1], dtype=int64)"},
		{tensor.Of([]complex64{1 + 2i, 9, -0.5, 9}, 2, 2).T().Index(0), "array([ 1. +2.j, -0.5+0.j], dtype=complex64)"},
		{tensor.Arange(6).Reshape(2, 3).T(), "array([[0., 3.],\n       [1., 4.],\n       [2., 5.]])"},
		{tensor.Scalar(1).AsType(tensor.Complex128), "array(1.+0.j, dtype=complex128)"},
	} {
		if got := c.x.Repr(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
	if s := fmt.Sprint(tensor.Of([]complex128{1 - 2i}).Index(0)); s != "(1-2j)" {
		t.Error(s)
	}
	if s := fmt.Sprintf("%.1f %d", tensor.Of([]complex64{1 - 2i}), tensor.Of([]int64{1<<62 + 1})); s != "(1.0-2.0i) 4611686018427387905" {
		t.Error(s)
	}
	wide := tensor.Scalar(7).Expand(1<<20, 1<<20) // more elements than memory holds
	if s := wide.String(); strings.Count(s, "7.") != 36 {
		t.Error(s)
	}
}

func TestPrintOptionsMisuse(t *testing.T) {
	x := tensor.Ones(1)
	for _, f := range []func(){
		func() { tensor.SetPrintOptions(tensor.PrintOptions{Sign: "*"}) },
		func() { x.StringWith(tensor.PrintOptions{FloatMode: "free"}) },
		func() { x.ReprWith(tensor.PrintOptions{FloatMode: "free"}) },
	} {
		var e *tensor.Error
		if !errors.As(tensor.Try(f), &e) {
			t.Error("options that do not exist were taken")
		}
	}
}

func TestPrintOptionsConcurrently(t *testing.T) {
	old := tensor.SetPrintOptions(tensor.PrintOptions{})
	defer tensor.SetPrintOptions(old)
	x := tensor.Of([]float32{1.0 / 3})
	var wg sync.WaitGroup
	for k := range 4 {
		wg.Go(func() {
			for range 200 {
				tensor.SetPrintOptions(tensor.PrintOptions{Precision: 1 + k})
				if s := x.String(); !strings.HasPrefix("[0.33333333]", strings.TrimSuffix(s, "]")) {
					t.Errorf("%s", s)
				}
			}
		})
	}
	wg.Wait()
}
