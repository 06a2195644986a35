package nnop_test

import (
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
	"github.com/fathom-ml/fathom/tensor/optest/oracle"
	"github.com/fathom-ml/fathom/tensor/random"
)

func TestAttentionOracle(t *testing.T) {
	oracle.Run(t, "testdata/attention.json.gz", map[string]oracle.Func{
		"attention": func(c oracle.Case, in []*tensor.Tensor) *tensor.Tensor {
			o := nnop.AttentionOptions{Scale: c.KW["scale"].(float64), Causal: c.KW["causal"].(bool)}
			rest := in[3:]
			if c.KW["mask"].(bool) {
				o.Mask, rest = rest[0], rest[1:]
			}
			if c.KW["lengths"].(bool) {
				o.Lengths = rest[0]
			}
			return nnop.Attention(in[0], in[1], in[2], o)
		},
	})
}

// composite is attention of plain operations, with dropout of the weights.
func composite(q, k, v *tensor.Tensor, p float64, key uint64) *tensor.Tensor {
	w := nnop.Softmax(q.MatMul(k.SwapAxes(-1, -2)).MulScalar(1 / math.Sqrt(float64(q.Dim(-1)))))
	return nnop.Dropout(w, p, key).MatMul(v)
}

// TestAttentionIsItsComposite compares values and gradients, with heads that are views and with dropout.
func TestAttentionIsItsComposite(t *testing.T) {
	tensor.Seed(3)
	for _, dt := range []tensor.DType{tensor.Float32, tensor.Float64} {
		for _, s := range [][5]int{{2, 3, 10, 10, 8}, {1, 2, 100, 150, 20}, {1, 1, 49, 65, 70}} {
			for _, p := range []float64{0, 0.4, 1} {
				for _, heads := range []bool{false, true} {
					b, h, lq, lk, d := s[0], s[1], s[2], s[3], s[4]
					split := func(x *tensor.Tensor) *tensor.Tensor { return x.SwapAxes(1, 2) }
					shape := func(l int) []int { return []int{b, l, h, d} }
					if !heads {
						split = func(x *tensor.Tensor) *tensor.Tensor { return x }
						shape = func(l int) []int { return []int{b, h, l, d} }
					}
					q, k, v := random.Normal(0, 1, shape(lq)...), random.Normal(0, 1, shape(lk)...), random.Normal(0, 1, shape(lk)...)
					dy := random.Normal(0, 1, b, h, lq, d).AsType(dt)
					run := func(f func(q, k, v *tensor.Tensor) *tensor.Tensor) []*tensor.Tensor {
						l := []*tensor.Tensor{q.AsType(dt).Clone().RequireGrad(), k.AsType(dt).Clone().RequireGrad(), v.AsType(dt).Clone().RequireGrad()}
						y := f(split(l[0]), split(l[1]), split(l[2]))
						y.BackwardWith(dy)
						return []*tensor.Tensor{y.Detach(), l[0].Grad(), l[1].Grad(), l[2].Grad()}
					}
					got := run(func(q, k, v *tensor.Tensor) *tensor.Tensor {
						return nnop.Attention(q, k, v, nnop.AttentionOptions{Dropout: p, Key: 8})
					})
					want := run(func(q, k, v *tensor.Tensor) *tensor.Tensor { return composite(q, k, v, p, 8) })
					tol := map[tensor.DType]float64{tensor.Float32: 2e-5, tensor.Float64: 1e-12}[dt]
					for i, what := range []string{"value", "dq", "dk", "dv"} {
						if !tensor.AllClose(got[i], want[i], tol, tol) {
							t.Errorf("%v %v dropout %v, heads %v: %s differs by %v", dt, s, p, heads, what, got[i].Sub(want[i]).Abs().Max())
						}
					}
				}
			}
		}
	}
}

// TestAttentionMergesHeadsWithoutACopy wants the result of heads that were split by a view to merge by a view.
func TestAttentionMergesHeadsWithoutACopy(t *testing.T) {
	x := random.Normal(0, 1, 2, 5, 3, 4)
	y := nnop.Attention(x.SwapAxes(1, 2), x.SwapAxes(1, 2), x.SwapAxes(1, 2), nnop.AttentionOptions{})
	if z := y.SwapAxes(1, 2); !z.IsContiguous() || !z.Reshape(2, 5, 12).SharesMemory(y) {
		t.Error("merging the heads copies them")
	}
}

func TestAttentionWithoutKeys(t *testing.T) {
	q, k := random.Normal(0, 1, 2, 3, 4).RequireGrad(), random.Normal(0, 1, 2, 5, 4)
	seen := tensor.ZerosOf(tensor.Bool, 3, 5)
	for name, o := range map[string]nnop.AttentionOptions{
		"lengths": {Lengths: tensor.Of([]int32{0, -1})},
		"bools":   {Mask: seen},
		"floats":  {Mask: tensor.Full(math.Inf(-1), 3, 5)},
	} {
		y := nnop.Attention(q, k, k, o)
		y.Backward()
		if y.Detach().Abs().Sum().Item() != 0 || q.Grad().Abs().Sum().Item() != 0 {
			t.Errorf("%s: %v, gradient %v", name, y, q.Grad())
		}
	}
	empty := tensor.Zeros(2, 0, 4)
	y := nnop.Attention(q, empty, empty, nnop.AttentionOptions{})
	y.Backward()
	if y.Detach().Abs().Sum().Item() != 0 || q.Grad().Abs().Sum().Item() != 0 {
		t.Errorf("no keys: %v", y)
	}
}

func TestAttentionSecondDerivative(t *testing.T) {
	q := random.Normal(0, 1, 1, 3, 4).RequireGrad()
	y := nnop.Attention(q, q, q, nnop.AttentionOptions{})
	err := tensor.Try(func() { tensor.GradOf(y, []*tensor.Tensor{q}, tensor.Create) })
	if err == nil || !strings.Contains(err.Error(), "Softmax(q.MatMul(k.SwapAxes(-1, -2)).MulScalar(scale)).MatMul(v)") {
		t.Error(err)
	}
}

func TestAttentionOfHalves(t *testing.T) {
	x := random.Normal(0, 1, 2, 3, 4)
	want := nnop.Attention(x, x, x, nnop.AttentionOptions{Causal: true})
	h := x.AsType(tensor.BFloat16)
	if got := nnop.Attention(h, h, h, nnop.AttentionOptions{Causal: true}); got.DType() != tensor.BFloat16 ||
		!tensor.AllClose(got.AsType(tensor.Float32), want, 0.02, 0.02) {
		t.Errorf("%v, want %v", got, want)
	}
}

// Queries that equal keys weigh the values of those (10.3).
func ExampleAttention() {
	q := tensor.Matrix([][]float32{{10, 0}, {0, 10}})
	v := tensor.Matrix([][]float32{{1, 2}, {3, 4}})
	fmt.Println(nnop.Attention(q, q, v, nnop.AttentionOptions{}))
	fmt.Println(nnop.Attention(tensor.Zeros(2, 2), q, v, nnop.AttentionOptions{Causal: true}))
	// Output:
	// [[1. 2.]
	//  [3. 4.]]
	// [[1. 2.]
	//  [2. 3.]]
}

func BenchmarkAttention(b *testing.B) {
	for _, s := range [][4]int{{64, 4, 10, 8}, {2, 8, 1024, 64}, {32, 8, 64, 64}} {
		x := random.Normal(0, 1, s[0], s[2], s[1], s[3])
		run := func(name string, f func(q, k, v *tensor.Tensor) *tensor.Tensor) {
			split := func(x *tensor.Tensor) *tensor.Tensor { return x.SwapAxes(1, 2) }
			b.Run(fmt.Sprint(s, name, "/forward"), func(b *testing.B) {
				for b.Loop() {
					sc := tensor.NewScope()
					x := sc.In(x)
					f(split(x), split(x), split(x))
					sc.Close()
				}
			})
			b.Run(fmt.Sprint(s, name, "/both"), func(b *testing.B) {
				q, k, v := x.Clone().RequireGrad(), x.Clone().RequireGrad(), x.Clone().RequireGrad()
				for b.Loop() {
					sc := tensor.NewScope()
					f(split(sc.In(q)), split(sc.In(k)), split(sc.In(v))).Backward()
					sc.Close()
				}
			})
		}
		run("", func(q, k, v *tensor.Tensor) *tensor.Tensor { return nnop.Attention(q, k, v, nnop.AttentionOptions{}) })
		run("composite", func(q, k, v *tensor.Tensor) *tensor.Tensor { return composite(q, k, v, 0, 0) })
	}
}

// TestAttentionOnAnyThreads wants the same bits from every number of threads.
func TestAttentionOnAnyThreads(t *testing.T) {
	old := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(old)
	x := random.Normal(0, 1, 2, 3, 150, 16)
	var want []*tensor.Tensor
	for _, procs := range []int{1, 2, 3, 5} {
		runtime.GOMAXPROCS(procs)
		q := x.Clone().RequireGrad()
		y := nnop.Attention(q, q, q, nnop.AttentionOptions{Causal: true, Dropout: 0.1, Key: 4})
		y.Square().Backward()
		got := []*tensor.Tensor{y.Detach(), q.Grad().Clone()}
		if want == nil {
			want = got
		}
		for k := range got {
			if !tensor.AllClose(got[k], want[k], 0, 0) {
				t.Errorf("%d threads give other numbers than one", procs)
			}
		}
	}
}
