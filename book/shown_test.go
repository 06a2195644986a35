package book_test

import (
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/tensor"
)

func TestShown(t *testing.T) {
	five := tensor.Scalar(5)
	wide := tensor.Arange(4)
	for _, c := range []struct {
		values []any
		want   string
	}{
		{[]any{five}, "array(5.)"},
		{[]any{true}, "True"},
		{[]any{[]int{3, 4}}, "(3, 4)"},
		{[]any{[]int{12}}, "(12,)"},
		{[]any{[]int{}}, "()"},
		{[]any{five, tensor.Scalar(6)}, "(array(5.), array(6.))"},
		{[]any{tensor.Of([]float32{3.5}), 3.5, 3}, "(array([3.5]), 3.5, 3)"},
		{[]any{wide, wide, wide}, "(array([0., 1., 2., 3.]), array([0., 1., 2., 3.]), array([0., 1., 2., 3.]))"},
		{[]any{wide, wide, wide, wide}, "(" + strings.Repeat("array([0., 1., 2., 3.]),\n ", 3) + "array([0., 1., 2., 3.]))"},
		{[]any{[]*tensor.Tensor{five, wide}}, "[array(5.), array([0., 1., 2., 3.])]"},
		{[]any{tensor.Eye(2), five}, "(array([[1., 0.],\n        [0., 1.]]),\n array(5.))"},
	} {
		if got := book.Shown(c.values...); got != c.want {
			t.Errorf("Shown(%v) = %q, want %q", c.values, got, c.want)
		}
	}
}
