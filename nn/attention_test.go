package nn_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
	"github.com/fathom-ml/fathom/tensor/random"
)

// TestMultiHeadAttention compares with heads one after the other, made of plain operations.
func TestMultiHeadAttention(t *testing.T) {
	tensor.Seed(1)
	const n, lq, lk, units, heads = 3, 4, 6, 12, 3
	l := nn.NewMultiHeadAttention(units, heads, 0)
	nn.Init(l, nn.Normal(0.5))
	q, k, v := random.Normal(0, 1, n, lq, 5), random.Normal(0, 1, n, lk, 7), random.Normal(0, 1, n, lk, 2)
	lengths := []int32{6, 2, 4}
	y := l.Forward(nn.Eval(), q, k, v, tensor.Of(lengths))
	c := nn.Eval()
	var cut []*tensor.Tensor
	width := units / heads
	for i := range heads {
		part := tensor.R(i*width, (i+1)*width)
		head := func(d *nn.Dense, x *tensor.Tensor) *tensor.Tensor {
			return d.Forward(c, x).Slice(tensor.All, tensor.All, part)
		}
		s := head(l.Query, q).MatMul(head(l.Key, k).SwapAxes(1, 2)).MulScalar(1 / math.Sqrt(float64(width)))
		hidden := tensor.Zeros(n, 1, lk)
		for e, have := range lengths {
			for j := int(have); j < lk; j++ {
				tensor.Data[float32](hidden)[e*lk+j] = -1e6
			}
		}
		cut = append(cut, nnop.Softmax(s.Add(hidden)).MatMul(head(l.Value, v)))
	}
	want := l.Out.Forward(c, tensor.Concat(2, cut...))
	if !tensor.AllClose(y, want, 1e-5, 1e-5) {
		t.Errorf("%v, want %v", y, want)
	}
	if got := len(nn.Parameters(l)); got != 8 {
		t.Errorf("%d parameters", got)
	}
	if got := len(nn.Parameters(nn.NewMultiHeadAttention(4, 2, 0.1, nn.NoBias))); got != 4 {
		t.Errorf("%d parameters without biases", got)
	}
}

// TestMultiHeadAttentionDropout wants other weights to be dropped in each run of training, and none in evaluation.
func TestMultiHeadAttentionDropout(t *testing.T) {
	tensor.Seed(2)
	l := nn.NewMultiHeadAttention(8, 2, 0.5)
	nn.Init(l, nn.Normal(0.5))
	x := random.Normal(0, 1, 3, 6, 8)
	run := func(c *nn.Ctx) *tensor.Tensor { return l.Forward(c, x, x, x, nil).Detach() }
	if a, b := run(nn.Train()), run(nn.Train()); tensor.AllClose(a, b, 1e-3, 1e-3) {
		t.Error("two runs drop the same weights")
	}
	if a, b := run(nn.Eval()), run(nn.Eval()); !tensor.AllClose(a, b, 0, 0) {
		t.Error("evaluation is random")
	}
}

func TestMultiHeadAttentionMisuse(t *testing.T) {
	x := tensor.Zeros(2, 3)
	for name, f := range map[string]func(){
		"heads":   func() { nn.NewMultiHeadAttention(10, 4, 0) },
		"dropout": func() { nn.NewMultiHeadAttention(10, 5, 1.5) },
		"axes":    func() { nn.NewMultiHeadAttention(10, 5, 0).Forward(nil, x, x, x, nil) },
	} {
		if err := tensor.Try(f); err == nil {
			t.Errorf("%s: no panic", name)
		}
	}
}

// The shapes of 10.5: two examples of 4 queries and 6 keys, of which 3 and 2 count.
func ExampleMultiHeadAttention() {
	l := nn.NewMultiHeadAttention(100, 5, 0.5, nn.NoBias)
	nn.Init(l, nn.Xavier())
	x, y := tensor.Ones(2, 4, 100), tensor.Ones(2, 6, 100)
	fmt.Println(l)
	fmt.Println(l.Forward(nn.Eval(), x, y, y, tensor.Of([]int32{3, 2})).Shape())
	// Output:
	// MultiHeadAttention(units = 100, heads = 5, dropout = 0.5)
	// [2 4 100]
}
