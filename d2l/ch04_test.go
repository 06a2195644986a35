package d2l_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"testing"

	"github.com/fathom-ml/fathom/d2l"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/show"
	"github.com/fathom-ml/fathom/tensor"
)

// The loss over a data set is that over all its examples at once, however they are cut.
func TestEvaluateLoss(t *testing.T) {
	X := tensor.Matrix([][]float32{{1}, {2}, {3}, {4}, {5}})
	y := tensor.Matrix([][]float32{{1}, {2}, {4}, {7}, {8}}) // 2x is off by 1, 2, 2, 1, 2
	net := nn.Func(func(x *tensor.Tensor) *tensor.Tensor { return x.MulScalar(2) })
	for batch := 1; batch <= 5; batch++ {
		got, err := d2l.EvaluateLoss(newScreen(), net, d2l.LoadArray(batch, false, X, y), nn.L2Loss)
		if err != nil || math.Abs(got-1.4) > 1e-12 { // (1+4+4+1+4)/2/5
			t.Errorf("batch %d: %v, %v", batch, got, err)
		}
	}
	s := newScreen()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s.ctx = ctx
	defer func() {
		if r, ok := recover().(show.Interrupted); !ok || !errors.Is(r.Err, context.Canceled) {
			t.Errorf("recovered %v", r)
		}
	}()
	_, _ = d2l.EvaluateLoss(s, net, d2l.LoadArray(2, false, X, y), nn.L2Loss)
	t.Error("goes on after the run was cancelled")
}

func ExampleEvaluateLoss() {
	p := show.Plain(context.Background(), os.Stdout)
	X, y := tensor.Matrix([][]float32{{1}, {2}}), tensor.Matrix([][]float32{{3}, {3}})
	double := nn.Func(func(x *tensor.Tensor) *tensor.Tensor { return x.MulScalar(2) })
	l, err := d2l.EvaluateLoss(p, double, d2l.LoadArray(1, false, X, y), nn.L2Loss)
	fmt.Println(l, err)
	// Output: 0.5 <nil>
}
