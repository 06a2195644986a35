package tensor_test

import (
	"strings"
	"testing"

	. "github.com/fathom-ml/fathom/tensor"
)

// wantError runs f and wants a *Error whose message holds all the words.
func wantError(t *testing.T, f func(), words ...string) {
	t.Helper()
	err := Try(f)
	if err == nil {
		t.Fatalf("no error, want one with %q", words)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("error %q lacks %q", err, w)
		}
	}
}

func wantString(t *testing.T, x *Tensor, want string) {
	t.Helper()
	if got := x.String(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// The example of section 2.5.
func TestGradientOfTheBook(t *testing.T) {
	x := Arange(4).RequireGrad()
	wantString(t, x.Grad(), "[0. 0. 0. 0.]")
	y := x.Dot(x).MulScalar(2)
	if y.Item() != 28 {
		t.Fatal(y)
	}
	y.Backward()
	wantString(t, x.Grad(), "[ 0.  4.  8. 12.]")
	x.Sum().Backward() // replaces
	wantString(t, x.Grad(), "[1. 1. 1. 1.]")
	x.Mul(x).Backward() // a vector: from ones
	wantString(t, x.Grad(), "[0. 2. 4. 6.]")
	x.Sum().Backward(Accumulate)
	wantString(t, x.Grad(), "[1. 3. 5. 7.]")
}

func TestDetach(t *testing.T) {
	x := Arange(4).RequireGrad()
	y := x.Mul(x)
	u := y.Detach()
	u.Mul(x).Backward()
	if !Equal(x.Grad(), u) {
		t.Error(x.Grad(), u)
	}
	y.Sum().Backward() // y's own graph is untouched
	wantString(t, x.Grad(), "[0. 2. 4. 6.]")
}

func TestDataDependentControlFlow(t *testing.T) {
	a := Scalar(2.2122064).RequireGrad()
	b := a.MulScalar(2)
	for b.Norm().Item() < 1000 {
		b = b.MulScalar(2)
	}
	if b.Sum().Item() <= 0 {
		b = b.MulScalar(100)
	}
	b.Backward()
	if g := a.Grad().Item(); g != 512 {
		t.Error(g)
	}
}

func TestConsumedGraph(t *testing.T) {
	x := Arange(3).RequireGrad()
	y := x.Mul(x)
	y.Backward()
	wantError(t, func() { y.Backward() }, "backward", "consumed", "Retain")
	if y.Sum().Item() != 5 { // values are there to be read: metrics are computed after Backward
		t.Error(y)
	}
	wantError(t, func() { y.Add(x).Backward() }, "backward", "add", "consumed", "Detach")
	z := x.Mul(x)
	s := z.Sum()
	s.Backward(Retain)
	s.Backward()
	wantString(t, x.Grad(), "[0. 2. 4.]")
	h := x.Exp()
	h.Sum().Backward()
	wantError(t, func() { h.Mul(x).Backward() }, "mul", "consumed")
}

func TestNothingRecorded(t *testing.T) {
	wantError(t, func() { Arange(3).Sum().Backward() }, "backward", "RequireGrad")
	x := Arange(3).RequireGrad()
	y := x.MulScalar(2)
	wantError(t, func() { y.Grad() }, "grad", "not a leaf", "in place")
	if Arange(3).Exp().Recorded() {
		t.Error("plain data was recorded")
	}
	wantError(t, func() { Of([]int64{1}).RequireGrad() }, "int64")
}

func TestOverwrittenValue(t *testing.T) {
	x := Arange(3).RequireGrad()
	y := x.Exp() // saves y
	y.Detach().Fill(0)
	wantError(t, func() { y.Sum().Backward() }, "backward", "exp", "overwritten")

	// the leaves are usable after the panic
	x.Mul(x).Sum().Backward()
	wantString(t, x.Grad(), "[0. 2. 4.]")
}

func TestWriteIntoLeaf(t *testing.T) {
	w := Ones(3).RequireGrad()
	wantError(t, func() { w.AddAssign(w.MulScalar(2)) }, "leaf", "Detach")
	w.MulScalar(3).Backward()
	w.AddScaled(-0.5, w.Grad())
	wantString(t, w, "[-0.5 -0.5 -0.5]")
	if !w.IsLeaf() {
		t.Error("the update made w a result")
	}
	v := w.Slice(R(0, 2))
	wantError(t, func() { v.AddAssign(w.Slice(R(1, 3))) }, "leaf")
	wantError(t, func() { w.AddScaled(1, w.MulScalar(2)) }, "recorded")
}

func TestInPlaceMakesOthersStale(t *testing.T) {
	x := Ones(4).RequireGrad()
	y := x.MulScalar(3)
	v := y.Slice(R(0, 2))
	y.FillSlice(0, I(0))
	wantError(t, func() { v.Sum() }, "in place", "another handle")
	y.Mul(y).Sum().Backward()
	wantString(t, x.Grad(), "[ 0. 18. 18. 18.]")
}

func TestRecordedInPlace(t *testing.T) {
	x := Arange(1, 4).RequireGrad()
	y := x.MulScalar(1)
	y.MulAssign(x)
	y.DivAssign(Full(2, 3))
	y.SubAssign(x)
	y.Sum().Backward() // x^2/2 - x
	wantString(t, x.Grad(), "[0. 1. 2.]")

	z := Zeros(3) // plain memory takes a recorded value
	z.SetSlice(x.Slice(R(0, 2)).Exp(), From(1))
	z.Sum().Backward()
	if g := x.Grad().Float64s(); g[2] != 0 || g[0] < 2.7 || g[0] > 2.72 {
		t.Error(g)
	}
}

func TestSecondDerivative(t *testing.T) {
	x := Arange(1, 4).RequireGrad()
	g := GradOf(x.PowScalar(3).Sum(), []*Tensor{x}, Create)[0]
	g.Sum().Backward()
	wantString(t, x.Grad(), "[ 6. 12. 18.]")
	x.Square().Sum().Backward(Create)
	x.Grad().Mul(x).Sum().Backward() // d/dx of 2x*x
	wantString(t, x.Grad(), "[ 4.  8. 12.]")
	x.Sum().Backward()
	wantString(t, x.Grad(), "[1. 1. 1.]")
}

func TestFreshGrad(t *testing.T) {
	x := Ones(2).RequireGrad()
	if x.FreshGrad() {
		t.Error("fresh before Backward")
	}
	x.Sum().Backward()
	if !x.FreshGrad() || x.FreshGrad() {
		t.Error("fresh once after Backward")
	}
	g := x.Grad()
	x.MulScalar(2).Backward()
	if !g.SharesMemory(x.Grad()) {
		t.Error("the gradient moved")
	}
}

// One gradient buffer that reaches two operands must not be added to in place.
func TestSharedGradientBuffer(t *testing.T) {
	mk := func() *Tensor { return Full(0.5, 100).RequireGrad() }
	c, d, u, v := mk(), mk(), mk(), mk()
	c.Add(d).Add(u.Add(v).Tanh()).Backward()
	for i, x := range []*Tensor{c, d} {
		if !Equal(x.Grad(), Ones(100)) {
			t.Error(i, x.Grad().At(0))
		}
	}
	if !Equal(u.Grad(), v.Grad()) {
		t.Error("u and v differ")
	}
	a := mk()
	b := a.MulScalar(1)
	b.Add(b).Add(b.Add(b)).Backward()
	if !Equal(a.Grad(), Full(4, 100)) {
		t.Error(a.Grad().At(0))
	}
}

// split2 has two outputs.
type split2 struct{}

func (split2) Name() string                     { return "split2" }
func (split2) Shape(*Call) []int                { return nil }
func (split2) Shapes(c *Call) [][]int           { return [][]int{c.In(0), c.In(0)} }
func (split2) Grad(*Node, int, *Tensor) *Tensor { return nil }
func (split2) Run(c *Call) {
	c.Dev().Affine(c.YN(0), c.X(0), 2, 0)
	c.Dev().Affine(c.YN(1), c.X(0), 3, 0)
}
func (split2) GradAll(n *Node, dys []*Tensor, want []bool) []*Tensor {
	var g *Tensor
	for k, dy := range dys {
		if dy == nil {
			continue
		}
		if d := dy.MulScalar(float64(2 + k)); g == nil {
			g = d
		} else {
			g = g.Add(d)
		}
	}
	return []*Tensor{g}
}

func TestSeveralOutputs(t *testing.T) {
	x := Arange(3).RequireGrad()
	ys := DoN(split2{}, x)
	ys[1].Mul(ys[1]).Sum().Backward()
	wantString(t, x.Grad(), "[ 0. 18. 36.]")
	ys = DoN(split2{}, x)
	ys[0].Add(ys[1]).Sum().Backward()
	wantString(t, x.Grad(), "[5. 5. 5.]")
}
