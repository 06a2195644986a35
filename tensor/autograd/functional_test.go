package autograd_test

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	. "github.com/fathom-ml/fathom/tensor"
	. "github.com/fathom-ml/fathom/tensor/autograd"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

func wantString(t *testing.T, x *Tensor, want string) {
	t.Helper()
	if got := x.String(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// wantError runs f and wants a *Error whose message holds all the words.
func wantError(t *testing.T, f func(), words ...string) {
	t.Helper()
	err := Try(f)
	for _, w := range words {
		if err == nil || !strings.Contains(err.Error(), w) {
			t.Fatalf("error %v lacks %q", err, w)
		}
	}
}

// differentiated are the functions of tools/oracle/functional.py.
var differentiated = map[string]func(xs ...*Tensor) *Tensor{
	"exp":      func(xs ...*Tensor) *Tensor { return xs[0].Exp() },
	"poly":     func(xs ...*Tensor) *Tensor { return xs[0].PowScalar(3).Mul(xs[1]).Add(xs[0].Div(xs[1])) },
	"matmul":   func(xs ...*Tensor) *Tensor { return xs[0].MatMul(xs[1]).Tanh() },
	"unused":   func(xs ...*Tensor) *Tensor { return xs[0].Sin().Sum(0) },
	"constant": func(xs ...*Tensor) *Tensor { return Full(3, 2).AsType(Float64) },
	"softmax": func(xs ...*Tensor) *Tensor {
		e := xs[0].Exp()
		return e.Div(e.SumKeep(1)).Log()
	},
	"quartic": func(xs ...*Tensor) *Tensor { return xs[0].Square().Mul(xs[0].Slice(All.By(-1)).Square()).Sum() },
	"logdet": func(xs ...*Tensor) *Tensor {
		at := func(i, j int) *Tensor { return xs[0].Slice(I(i), I(j)) }
		return at(0, 0).Mul(at(1, 1)).Sub(at(0, 1).Mul(at(1, 0))).Log()
	},
	"linear":  func(xs ...*Tensor) *Tensor { return xs[0].MulScalar(3).Sum() },
	"product": func(xs ...*Tensor) *Tensor { return xs[0].Prod() },
}

type packed struct {
	Shape []int
	Data  []float64
}

func (p packed) tensor() *Tensor {
	return Of(append([]float64{}, p.Data...)).Reshape(p.Shape...)
}

func TestFunctionalOracle(t *testing.T) {
	f, err := os.Open("testdata/functional.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name                    string
		In, Vs, Vjp, Jacobian   []packed
		Y, V, Jvp, Hessian, Hvp packed
	}
	if err := json.NewDecoder(z).Decode(&cases); err != nil {
		t.Fatal(err)
	}
	for i, c := range cases {
		t.Run(fmt.Sprint(i, c.Name), func(t *testing.T) {
			f := differentiated[c.Name]
			near := func(what string, got *Tensor, want packed) {
				t.Helper()
				if w := want.tensor(); !AllClose(got, w, 1e-12, 1e-12) || got.Recorded() {
					t.Errorf("%s is %v, want %v", what, got, w)
				}
			}
			all := func(ps []packed) (ts []*Tensor) {
				for _, p := range ps {
					ts = append(ts, p.tensor())
				}
				return ts
			}
			xs, vs := all(c.In), all(c.Vs)
			y, grads := VJP(f, xs, c.V.tensor())
			near("result", y, c.Y)
			_, jvp := JVP(f, xs, vs)
			near("jvp", jvp, c.Jvp)
			jac := Jacobian(f, xs)
			for k := range xs {
				near("vjp", grads[k], c.Vjp[k])
				near("jacobian", jac[k], c.Jacobian[k])
			}
			if c.Hessian.Data != nil {
				one := func(x *Tensor) *Tensor { return f(x) }
				near("hessian", Hessian(one, xs[0]), c.Hessian)
				near("hvp", HVP(one, xs[0], vs[0]), c.Hvp)
			}
		})
	}
}

// Create keeps the results in the caller's graph.
func TestFunctionalCreate(t *testing.T) {
	cube := func(xs ...*Tensor) *Tensor { return xs[0].PowScalar(3) }
	x := Of([]float64{1, 2}).RequireGrad()
	ones := Of([]float64{1, 1})
	_, gs := VJP(cube, []*Tensor{x}, ones, Create)
	gs[0].Sum().Backward()
	wantString(t, x.Grad(), "[ 6. 12.]")
	_, dy := JVP(cube, []*Tensor{x}, []*Tensor{ones}, Create)
	dy.Sum().Backward()
	wantString(t, x.Grad(), "[ 6. 12.]")
	Jacobian(cube, []*Tensor{x}, Create)[0].Sum().Backward()
	wantString(t, x.Grad(), "[ 6. 12.]")
	sum := func(x *Tensor) *Tensor { return x.PowScalar(3).Sum() }
	Hessian(sum, x, Create).Sum().Backward()
	wantString(t, x.Grad(), "[6. 6.]")
	HVP(sum, x, ones, Create).Sum().Backward()
	wantString(t, x.Grad(), "[6. 6.]")
	if j := Jacobian(func(xs ...*Tensor) *Tensor { return xs[0].Exp() }, []*Tensor{Zeros(0, 2)})[0]; fmt.Sprint(j.Shape()) != "[0 2 0 2]" {
		t.Error(j.Shape())
	}
	wantError(t, func() { Hessian(func(x *Tensor) *Tensor { return x.Exp() }, x) }, "hessian", "one result", "Jacobian")
}

// A fused operation without a second derivative says so; its composite serves.
func TestJVPOfFused(t *testing.T) {
	x, v := Of([]float64{1, 2, 3}).Reshape(1, 3), Of([]float64{1, 0, 0}).Reshape(1, 3)
	label := Of([]int32{1})
	fused := func(xs ...*Tensor) *Tensor { return nnop.SoftmaxCrossEntropy(xs[0], label) }
	wantError(t, func() { JVP(fused, []*Tensor{x}, []*Tensor{v}) }, "softmaxCrossEntropy", "second derivative", "LogSoftmax")
	_, dy := JVP(func(xs ...*Tensor) *Tensor { return nnop.LogSoftmax(xs[0]).Slice(All, I(1)).Neg() }, []*Tensor{x}, []*Tensor{v})
	_, g := VJP(fused, []*Tensor{x}, Of([]float64{1}))
	if want := g[0].At(0, 0); math.Abs(dy.At(0)-want) > 1e-12 {
		t.Errorf("%v, want %v", dy, want)
	}
	wantError(t, func() { JVP(fused, []*Tensor{x}, nil) }, "jvp", "0 directions for 1")
	wantError(t, func() { JVP(func(xs ...*Tensor) *Tensor { return xs[0].Exp() }, []*Tensor{x}, []*Tensor{Zeros(2)}) }, "[1 3]", "[2]")
}
