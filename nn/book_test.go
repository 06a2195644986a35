package nn_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// near compares the first numbers of y with printed ones: 1e-6 relative, 1e-7
// absolute near zero.
func near(t *testing.T, what string, y *tensor.Tensor, want ...float64) {
	t.Helper()
	got := y.Float64s()
	if len(got) < len(want) {
		t.Fatalf("%s: %d numbers, want at least %d", what, len(got), len(want))
	}
	for i, w := range want {
		if d := math.Abs(got[i] - w); d > 1e-6*math.Abs(w) && d > 1e-7 {
			t.Errorf("%s: element %d is %.9g, the book prints %.9g", what, i, got[i], w)
		}
	}
}

type mlp struct{ hidden, out *nn.Dense }

func newMLP() *mlp { return &mlp{nn.NewDense(256, nn.ReLU), nn.NewDense(10)} }

func (m *mlp) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	return m.out.Forward(c, m.hidden.Forward(c, x))
}

type ordered struct{ layers []nn.Layer }

func (s *ordered) add(l nn.Layer) { s.layers = append(s.layers, l) }

func (s *ordered) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	return c.Chain(x, s.layers...)
}

type fixedHidden struct {
	weight *tensor.Tensor
	dense  *nn.Dense
}

func newFixedHidden() *fixedHidden {
	return &fixedHidden{random.Uniform(0, 1, 20, 20), nn.NewDense(20, nn.ReLU)}
}

func (m *fixedHidden) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	x = m.dense.Forward(c, x)
	x = x.MatMul(m.weight).AddScalar(1).ReLU()
	x = m.dense.Forward(c, x)
	for x.Abs().Sum().Item() > 1 {
		x = x.DivScalar(2)
	}
	return x.Sum()
}

type nest struct {
	net   nn.Sequential
	dense *nn.Dense
}

func newNest() *nest {
	return &nest{nn.Sequential{nn.NewDense(64, nn.ReLU), nn.NewDense(32, nn.ReLU)}, nn.NewDense(16, nn.ReLU)}
}

func (m *nest) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	return m.dense.Forward(c, m.net.Forward(c, x))
}

func TestPublishedOutputsOfBlocks(t *testing.T) { // 5.1
	tensor.Seed(0)
	book := nn.Uniform(0.07)
	net := nn.Sequential{nn.NewDense(256, nn.ReLU), nn.NewDense(10)}
	nn.Init(net, book)
	x := random.Uniform(0, 1, 2, 20)
	y := net.Forward(nil, x)
	near(t, "sequential", y, 0.06240274, -0.03268593, 0.02582653, 0.02254181, -0.03728798, -0.04253785, 0.00540612, -0.01364185, -0.09915454, -0.02272737,
		0.02816679, -0.03341204)
	m := newMLP()
	nn.Init(m, book)
	near(t, "mlp", m.Forward(nil, x), -0.03989595, -0.10414709, 0.06799038, 0.05245074)
	s := &ordered{}
	s.add(nn.NewDense(256, nn.ReLU))
	s.add(nn.NewDense(10))
	nn.Init(s, book)
	near(t, "own sequential", s.Forward(nil, x), -0.0764568, -0.01130233, 0.04952145)
	f := newFixedHidden()
	nn.Init(f, book)
	chimera := nn.Sequential{newNest(), nn.NewDense(20), newFixedHidden()}
	nn.Init(chimera, book)
	for _, y := range []*tensor.Tensor{f.Forward(nil, x), chimera.Forward(nil, x)} {
		if v := y.Item(); !(v > 0 && v < 1) {
			t.Errorf("fixed hidden: %v is not between 0 and 1", v)
		}
	}
}

// bigOnly draws from U(-10, 10) and keeps what is at least 5 away from 0 (5.2).
type bigOnly struct{ log *strings.Builder }

func (b bigOnly) Init(path string, w *tensor.Tensor) {
	fmt.Fprintln(b.log, "Init", path, w.Shape())
	u := random.Uniform(-10, 10, w.Shape()...)
	w.CopyFrom(u.Mul(u.Abs().GeScalar(5).AsType(tensor.Float32)))
}

func TestPublishedOutputsOfParameters(t *testing.T) { // 5.2
	tensor.Seed(0)
	book := nn.Uniform(0.07)
	first, second := nn.NewDense(8, nn.ReLU), nn.NewDense(1)
	net := nn.Sequential{first, second}
	nn.Init(net, book)
	x := random.Uniform(0, 1, 2, 4)
	near(t, "output", net.Forward(nil, x), 0.0054572, 0.00488594)
	near(t, "bias", second.Bias.Value(), 0)
	if g := second.Weight.Grad(); g.Size() != 8 || g.Abs().Sum().Item() != 0 {
		t.Errorf("gradient of an unused layer: %v", g)
	}

	block1 := func() nn.Layer { return nn.Sequential{nn.NewDense(32, nn.ReLU), nn.NewDense(16, nn.ReLU)} }
	var block2 nn.Sequential
	for range 4 {
		block2 = append(block2, block1())
	}
	rgnet := nn.Sequential{block2, nn.NewDense(10)}
	nn.Init(rgnet, book)
	y := rgnet.Forward(nil, x).Float64s()
	for i, want := range []float64{-6.3465846e-09, -1.1096752e-09, 6.4161787e-09} {
		if math.Abs(y[i]-want) > 1e-5*math.Abs(want) {
			t.Errorf("rgnet: output %d is %.9g, the book prints %.9g", i, y[i], want)
		}
	}
	if ps := nn.Parameters(rgnet); len(ps) != 18 || fmt.Sprint(ps[0].Shape(), ps[1].Shape(), ps[16].Shape()) != "[32 4] [32] [10 16]" {
		t.Errorf("parameters of rgnet: %v", ps)
	}

	nn.Init(net, nn.Normal(0.01))
	near(t, "normal", first.Weight.Value(), -0.00324057, -0.00895028, -0.00698632, 0.01030831)
	nn.Init(net, nn.Constant(1))
	near(t, "constant", first.Weight.Value(), 1, 1, 1, 1)
	nn.Init(first.Weight, nn.Xavier())
	nn.Init(second, nn.Constant(42))
	near(t, "xavier", first.Weight.Value(), -0.17594433, 0.02314097, -0.1992535, 0.09509248)
	near(t, "42", second.Weight.Value(), 42, 42, 42, 42, 42, 42, 42, 42)
	near(t, "bias keeps its own initialiser", second.Bias.Value(), 0)

	var log strings.Builder
	nn.Init(net, bigOnly{&log})
	if log.String() != "Init 0.Weight [8 4]\nInit 1.Weight [1 8]\n" {
		t.Errorf("custom initialiser was called for:\n%s", &log)
	}
	w := first.Weight.Value()
	near(t, "custom", w, 0, 0, 0, 8.522827, 0, -8.828651, 0, -5.6012006)
	if !math.Signbit(w.At(0, 1)) || math.Signbit(w.At(0, 0)) {
		t.Error("custom: signs of zeros differ from the book's")
	}
	w.CopyFrom(w.Detach().AddScalar(1))
	w.SetAt(42, 0, 0)
	near(t, "written", w, 42, 1, 1, 9.522827)
}
