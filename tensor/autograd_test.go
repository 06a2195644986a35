package tensor_test

import (
	"strings"
	"testing"

	. "github.com/fathom-ml/fathom/tensor"
)

func TestBackwardWith(t *testing.T) {
	x := Arange(1, 4).RequireGrad()
	y, z := x.Square(), x.Exp()
	dy := Of([]float32{1, 10, 100})
	y.BackwardWith(dy, Retain)
	wantString(t, x.Grad(), "[  2.  40. 600.]")
	g := GradOfAll([]*Tensor{y, z, y}, []*Tensor{dy, Zeros(3), nil}, []*Tensor{x})[0]
	wantString(t, g, "[  4.  44. 606.]")
	wantString(t, dy, "[  1.  10. 100.]")
	wantError(t, func() { y.BackwardWith(Ones(2)) }, "backward", "[3]", "[2]")
	wantError(t, func() { y.BackwardWith(Of([]float64{1, 2, 3})) }, "float32", "float64")
	wantError(t, func() { GradOfAll(nil, nil, nil) }, "backward")
	y.BackwardWith(x, Retain) // a recorded gradient counts as a constant
	wantString(t, x.Grad(), "[ 2.  8. 18.]")
}

// divmod has two results, of which each has a gradient of its own, and saves an operand, a result and a constant.
var divmod = Function{
	Name: "fold",
	Forward: func(c *FunctionCall, xs []*Tensor) []*Tensor {
		sign := xs[0].Sign()
		p, q := xs[0].Mul(xs[1]), xs[0].Abs().Exp()
		c.Save(xs[0], xs[1], q)
		c.SaveConst(sign)
		return []*Tensor{p, q}
	},
	Backward: func(c *FunctionCall, dys []*Tensor) []*Tensor {
		s := c.Saved()
		out := make([]*Tensor, 2)
		if c.Wants(0) {
			out[0] = dys[0].Mul(s[1]).Add(dys[1].Mul(s[2]).Mul(s[3]))
		}
		if c.Wants(1) {
			out[1] = dys[0].Mul(s[0])
		}
		return out
	},
}

func TestFunction(t *testing.T) {
	x, w := Of([]float64{-1, 2}), Of([]float64{3, 4})
	if ys := divmod.ApplyN(x, w); ys[0].Recorded() {
		t.Error("plain operands were recorded")
	}
	composite := func(x, w *Tensor) []*Tensor { return []*Tensor{x.Mul(w), x.Abs().Exp()} }
	for mask := 1; mask < 4; mask++ { // which results are used
		loss := func(ys []*Tensor) *Tensor {
			s := Zeros(2).AsType(Float64)
			for k, y := range ys {
				if mask>>k&1 == 1 {
					s = s.Add(y.Square())
				}
			}
			return s.Sum()
		}
		grads := func(f func(x, w *Tensor) []*Tensor) []*Tensor {
			x, w := x.Clone().RequireGrad(), w.Clone().RequireGrad()
			gs := GradOf(loss(f(x, w)), []*Tensor{x, w}, Create)
			s := gs[0].Square().Sum()
			if gs[1] != nil {
				s = s.Add(gs[1].Square().Sum())
			}
			return append(gs, GradOf(s, []*Tensor{x, w})...)
		}
		got := grads(func(x, w *Tensor) []*Tensor { return divmod.ApplyN(x, w) })
		for k, want := range grads(composite) {
			if want == nil {
				want = Zeros(2).AsType(Float64)
			}
			if !AllClose(got[k], want, 1e-12, 0) {
				t.Errorf("results %b, derivative %d: %v, want %v", mask, k, got[k], want)
			}
		}
	}
}

func TestFunctionMisuse(t *testing.T) {
	w := Ones(2).RequireGrad()
	bad := Function{Name: "mine", Forward: func(c *FunctionCall, xs []*Tensor) []*Tensor { return []*Tensor{xs[0].Mul(w)} }}
	wantError(t, func() { bad.Apply(w) }, "mine", "recorded", "pass it")
	bad.Forward = func(c *FunctionCall, xs []*Tensor) []*Tensor {
		h := xs[0].Exp()
		c.Save(h)
		return []*Tensor{h.AddScalar(1)}
	}
	bad.Backward = func(c *FunctionCall, dys []*Tensor) []*Tensor { return []*Tensor{dys[0].Mul(c.Saved()[0])} }
	bad.Apply(w).Backward()
	wantError(t, func() { GradOf(bad.Apply(w), []*Tensor{w}, Create) }, "mine", "second derivative", "SaveConst")
	bad.Backward = func(c *FunctionCall, dys []*Tensor) []*Tensor { return nil }
	wantError(t, func() { bad.Apply(w).Backward() }, "mine", "0 gradients for 1")
	bad.Backward = func(c *FunctionCall, dys []*Tensor) []*Tensor { return []*Tensor{dys[0].AsType(Float64)} }
	wantError(t, func() { bad.Apply(w).Backward() }, "mine", "float64", "AsType")
	wantError(t, func() { bad.Apply() }, "mine", "no tensors")

	x := Ones(2).RequireGrad()
	keep := Function{Name: "keeps",
		Forward:  func(c *FunctionCall, xs []*Tensor) []*Tensor { c.Save(xs[0]); return []*Tensor{xs[0].Square()} },
		Backward: func(c *FunctionCall, dys []*Tensor) []*Tensor { return []*Tensor{c.Saved()[0].Mul(dys[0])} }}
	y := keep.Apply(x)
	x.AddScaled(1, Ones(2))
	wantError(t, func() { y.Backward() }, "keeps", "overwritten")
}

func TestCheckpoint(t *testing.T) {
	w, b := Of([]float64{0.5, -1, 2}).RequireGrad(), Of([]float64{0.1}).RequireGrad()
	runs := 0
	f := func(xs ...*Tensor) *Tensor {
		runs++
		return xs[0].Mul(w).Tanh().Add(b).Mul(xs[1])
	}
	same := func(xs ...*Tensor) *Tensor { return f(xs...) }
	through := func(xs ...*Tensor) *Tensor { return Checkpoint(f, xs...) }
	nested := func(xs ...*Tensor) *Tensor {
		return Checkpoint(func(xs ...*Tensor) *Tensor { return Checkpoint(f, xs...).Add(xs[0].Mul(w)).Sub(xs[0].Mul(w)) }, xs...)
	}
	derivatives := func(f func(xs ...*Tensor) *Tensor, scoped bool) (out [][]float64) {
		x, z := Of([]float64{1, 2, 3}).RequireGrad(), Of([]float64{3, 2, 1})
		leaves := []*Tensor{x, w, b}
		run := func(modes ...Mode) *Tensor {
			in := []*Tensor{x.MulScalar(2), z}
			if scoped {
				s := NewScope()
				t.Cleanup(s.Close)
				in[0] = s.In(in[0])
			}
			y := f(f(in...), z)
			return y.Mul(w).Sum() // w is used outside, too
		}
		y := run()
		y.Backward(Retain)
		y.Backward()
		for _, l := range leaves {
			out = append(out, l.Grad().Float64s())
		}
		var s *Tensor
		for _, g := range GradOf(run(), leaves, Create) {
			if s == nil {
				s = g.Square().Sum()
			} else {
				s = s.Add(g.Square().Sum())
			}
		}
		for _, g := range GradOf(s, leaves) {
			out = append(out, g.Float64s())
		}
		return out
	}
	want := derivatives(same, false)
	for _, scoped := range []bool{false, true} {
		for k, g := range [][][]float64{derivatives(through, scoped), derivatives(nested, scoped)} {
			for i := range want {
				if !AllClose(Of(g[i]), Of(want[i]), 1e-12, 1e-14) {
					t.Errorf("scoped %v, nested %v, derivative %d: %v, want %v", scoped, k == 1, i, g[i], want[i])
				}
			}
		}
	}
	runs = 0
	y := Checkpoint(f, Ones(3).AsType(Float64), Ones(3).AsType(Float64)) // only the captured leaves are recorded
	if runs != 1 || !y.Recorded() {
		t.Error(runs, y.Recorded())
	}
	w.AddScaled(1, w.Detach().Clone())
	wantError(t, func() { y.Backward() }, "checkpoint", "overwritten")
	x := Ones(2).RequireGrad()
	h := x.Exp()
	y = Checkpoint(func(xs ...*Tensor) *Tensor { return xs[0].Mul(h) }, x)
	wantError(t, func() { y.Backward(Retain) }, "checkpoint", "result of exp", "operand")
	wantError(t, func() { y.Add(h).Backward(Retain) }, "checkpoint", "operand")
	n := 2
	y = Checkpoint(func(xs ...*Tensor) *Tensor { n++; return xs[0].Sum().Add(Ones(n)) }, x)
	wantError(t, func() { y.Backward() }, "checkpoint", "[4]", "[3]")
	if y := Checkpoint(func(xs ...*Tensor) *Tensor { return xs[0].Exp() }, Ones(2)); y.Recorded() {
		t.Error("plain data was recorded")
	}
}

func TestCheckpointSeveralResults(t *testing.T) {
	x := Arange(1, 4).RequireGrad()
	f := func(xs ...*Tensor) []*Tensor { return []*Tensor{xs[0].Square(), xs[0], xs[0].Exp(), xs[0].Gt(x)} }
	ys := CheckpointN(f, x)
	ys[0].Add(ys[1]).Backward()
	wantString(t, x.Grad(), "[3. 5. 7.]")
	if ys[3].Recorded() {
		t.Error("a comparison was recorded")
	}
}

func TestOnGrad(t *testing.T) {
	x := Arange(1, 4).RequireGrad()
	var log []string
	see := func(name string, f func(g *Tensor) *Tensor) func(g *Tensor) *Tensor {
		return func(g *Tensor) *Tensor { log = append(log, name+g.String()); return f(g) }
	}
	nothing := func(*Tensor) *Tensor { return nil }
	var held *Tensor
	h := x.MulScalar(2)
	h.OnGrad(see("h", func(g *Tensor) *Tensor { held = g; return nil }))
	h.OnGrad(see("h2", func(g *Tensor) *Tensor { return g.MulScalar(10) }))
	remove := x.OnGrad(see("x", func(g *Tensor) *Tensor { return g.AddScalar(1) }))
	x.OnGrad(see("x2", nothing))
	y := h.Add(h.Mul(h)) // two uses of h
	y.Backward(Retain)
	wantString(t, x.Grad(), "[101. 181. 261.]")
	want := "h[ 5.  9. 13.] h2[ 5.  9. 13.] x[100. 180. 260.] x2[101. 181. 261.]"
	if got := strings.Join(log, " "); got != want {
		t.Errorf("calls %s, want %s", got, want)
	}
	wantString(t, held, "[ 5.  9. 13.]")
	remove()
	remove()
	wantString(t, GradOf(y, []*Tensor{x})[0], "[100. 180. 260.]")
	wantString(t, GradOf(y, []*Tensor{h})[0], "[ 50.  90. 130.]")
	y.Backward()
	wantString(t, x.Grad(), "[100. 180. 260.]")
	wantString(t, held, "[ 5.  9. 13.]")

	z := x.Square()
	z.OnGrad(func(g *Tensor) *Tensor { return g.Mul(x) }) // recorded: counts with Create only
	z.Backward()
	wantString(t, x.Grad(), "[ 2.  8. 18.]")
	z = x.Square()
	z.OnGrad(func(g *Tensor) *Tensor { return g.Mul(x) })
	GradOf(z, []*Tensor{x}, Create)[0].Backward() // of 2x²
	wantString(t, x.Grad(), "[ 4.  8. 12.]")

	v := x.Exp()
	v.OnGrad(func(g *Tensor) *Tensor { return Ones(1) })
	wantError(t, func() { v.Backward() }, "onGrad", "[3]", "[1]")
	wantError(t, func() { Ones(1).OnGrad(nothing) }, "onGrad", "not recorded")
}

func TestOnGradOfOneOutput(t *testing.T) {
	x := Arange(3).RequireGrad()
	ys := DoN(split2{}, x)
	ys[1].OnGrad(func(g *Tensor) *Tensor { return g.MulScalar(100) })
	ys[0].OnGrad(func(g *Tensor) *Tensor { return g.MulScalar(10) })
	ys[0].Add(ys[1]).Backward(Retain)
	wantString(t, x.Grad(), "[320. 320. 320.]")
	ys[0].Backward()
	wantString(t, x.Grad(), "[20. 20. 20.]")
}

// A second derivative through an operation of two results, and one result that nobody uses.
func TestSeveralOutputsTwice(t *testing.T) {
	x := Arange(1, 4).RequireGrad()
	ys := DoN(split2{}, x)
	g := GradOf(ys[0].Mul(ys[1]).Square(), []*Tensor{x}, Create)[0] // 36 x⁴
	wantString(t, g, "[ 144. 1152. 3888.]")
	g.Backward()
	wantString(t, x.Grad(), "[ 432. 1728. 3888.]")
	ys = DoN(split2{}, x)
	gs := GradOf(ys[0].Square(), []*Tensor{x, ys[0], ys[1]})
	wantString(t, gs[0], "[ 8. 16. 24.]")
	wantString(t, gs[1], "[ 4.  8. 12.]")
	if gs[2] != nil {
		t.Error("the result that was not used has a gradient", gs[2])
	}
}

func TestDetectAnomaly(t *testing.T) {
	DetectAnomaly(true)
	defer DetectAnomaly(false)
	x := Of([]float32{1, 0, 4}).RequireGrad()
	wantError(t, func() { x.Neg().Sqrt() }, "sqrt", "NaN", "element 0 of 3", "[3]", "autograd_test.go:")
	wantError(t, func() { x.Log() }, "log", "-Inf", "element 1")
	nan := Of([]float32{0, -1}).Detach()
	DetectAnomaly(false)
	nan = nan.Sqrt()
	DetectAnomaly(true)
	nan.Exp() // was born elsewhere
	s := x.Sqrt()
	wantError(t, func() { s.Sum().Backward() }, "backward of sqrt", "Inf", "[3]", "autograd_test.go:")
	wantError(t, func() { GradOf(x.Sqrt(), []*Tensor{x}, Create) }, "backward of sqrt", "Inf")
	x.Exp().Sum().Backward()
	DoN(split2{}, x)[0].Backward()
	DetectAnomaly(false)
	if y := x.Log(); y.At(0) != 0 {
		t.Error(y)
	}
}
