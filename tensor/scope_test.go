package tensor_test

import (
	"runtime"
	"testing"

	. "github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/optest"
)

const big = 1000 // elements: more than fit into a handle

func TestScopeReleases(t *testing.T) {
	before := Stats().Live
	w := Ones(big).RequireGrad()
	s := NewScope()
	x := s.In(w)
	y := x.MulScalar(2)
	kept := s.Keep(y.AddScalar(1))
	loss := y.Sum()
	if Stats().Live == before {
		t.Error("the scope's results do not count as live")
	}
	s.Close()
	s.Close()
	if l := Stats().Live; l != before {
		t.Errorf("live %d bytes, want %d", l, before)
	}
	wantError(t, func() { y.Add(y) }, "add", "[1000]", "released", "scope_test.go", "Keep")
	wantError(t, func() { y.Sum() }, "sum", "released")
	wantError(t, func() { y.Slice(R(0, 2)) }, "slice", "released")
	wantError(t, func() { y.Item() }, "item")
	wantError(t, func() { _ = y.At(0) }, "released")
	wantError(t, func() { _ = y.String() }, "released")
	wantError(t, func() { y.Fill(1) }, "released")
	wantError(t, func() { w.AddScaled(1, y.Detach()) }, "released")
	wantError(t, func() { y.Sum().Backward() }, "released")
	if kept.At(5) != 3 || loss.Item() != 2*big {
		t.Error("kept values changed")
	}
	if w.At(0) != 1 {
		t.Error("the operand of In was released")
	}
}

func TestScopeIsInnermost(t *testing.T) {
	outer := NewScope()
	inner := outer.Sub()
	a, b := outer.In(Ones(big)), inner.In(Ones(big))
	c := a.Add(b)
	d := a.MulScalar(2)
	e := b.New(big)
	inner.Keep(e)
	inner.Close()
	wantError(t, func() { c.Sum() }, "released")
	if d.At(0) != 2 || e.At(0) != 0 {
		t.Error("values of the outer scope were released with the inner one")
	}
	f := b.MulScalar(3) // the closed tag on live memory means the nearest open ancestor
	outer.Close()
	wantError(t, func() { f.Sum() }, "released")
	wantError(t, func() { d.Sum() }, "released")
	wantError(t, func() { e.Sum() }, "released")
	g := b.MulScalar(3) // no open ancestor: plain memory
	if g.At(0) != 3 {
		t.Error(g.At(0))
	}
}

func TestDataPins(t *testing.T) {
	s := NewScope()
	x := s.In(Ones(big)).MulScalar(7)
	d := Data[float32](x)
	s.Close()
	s = NewScope()
	for range 10 { // would reuse the memory
		s.In(Ones(big)).MulScalar(3)
	}
	s.Close()
	for _, v := range d {
		if v != 7 {
			t.Fatal("the slice changed under its holder")
		}
	}
	wantError(t, func() { Data[float32](Ones(2, 3).T()) }, "data", "not contiguous", "Contiguous")
	wantError(t, func() { Data[int64](Ones(2)) }, "data", "float32", "int64")
}

// A prediction that is read after Backward, and losses that are kept, stay right in a loop by hand.
func TestValuesHeldAcrossSteps(t *testing.T) {
	w := Full(0.5, big).RequireGrad()
	var losses, preds []*Tensor
	for i := range 20 {
		pred := w.MulScalar(float64(i))
		loss := pred.Square().Mean()
		loss.Backward()
		losses, preds = append(losses, loss), append(preds, pred)
		runtime.GC()
	}
	for i := range losses {
		v := 0.5 * float64(i)
		if preds[i].At(3) != v || losses[i].Item() != v*v {
			t.Fatal(i, preds[i].At(3), losses[i])
		}
	}
}

// A state carried from step to step by Detach, each step in a scope of its own.
func TestStateCarriedByDetach(t *testing.T) {
	w := Full(0.5, big).RequireGrad()
	state := Zeros(big)
	want := 0.0
	for range 10 {
		s := NewScope()
		h := s.In(state).Add(s.In(w))
		h.Square().Sum().Backward()
		if g := w.Grad().At(0); g != 2*(want+0.5) {
			t.Fatal(g)
		}
		state = s.Keep(h.Detach())
		s.Close()
		want += 0.5
		if state.At(1) != want {
			t.Fatal(state.At(1), want)
		}
	}
}

func TestSliceOfATemporary(t *testing.T) {
	views := make([]*Tensor, 50)
	for i := range views {
		views[i] = Full(float64(i), big, 10).AddScalar(1).Slice(R(10, 20), I(3))
		runtime.GC()
	}
	for i, v := range views {
		if v.Sum().Item() != 10*float64(i+1) {
			t.Fatal(i, v)
		}
	}
}

func TestLiveBytesOfALoopWithScopes(t *testing.T) {
	w := Full(0.1, 60, 60).RequireGrad()
	x := Full(0.1, 20, 60)
	var at3 int64
	for step := 1; step <= 300; step++ {
		s := NewScope()
		s.In(x).MatMul(s.In(w)).Tanh().MatMul(w.T()).Square().Mean().Backward()
		w.AddScaled(-0.01, w.Grad())
		s.Close()
		if step == 3 {
			at3 = Stats().Live
		}
	}
	if l := Stats().Live; l != at3 {
		t.Errorf("live %d bytes after 300 steps, %d after 3", l, at3)
	}
}

func TestLiveBytesOfALoopByHand(t *testing.T) {
	TraceSites(true)
	defer TraceSites(false)
	w := Full(0.1, 100, 100).RequireGrad()
	x := Full(0.1, 50, 100)
	var at3 int64
	for step := 1; step <= 300; step++ {
		x.MatMul(w).Tanh().Square().Mean().Backward()
		w.AddScaled(-0.01, w.Grad())
		if step == 3 {
			at3 = optest.Live()
		}
	}
	if l := optest.Live(); float64(l) > 1.01*float64(at3)+4096 {
		t.Errorf("live %d bytes after 300 steps, %d after 3", l, at3)
	}
}
