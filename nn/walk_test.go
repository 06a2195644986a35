package nn_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

func paths(model any) string {
	var out []string
	for _, p := range nn.Parameters(model) {
		out = append(out, p.Path)
	}
	return strings.Join(out, " ")
}

type base struct{ w *nn.Param }

type everything struct {
	base                       // embedded: no name of its own
	*Extra                     // embedded pointer
	Layer   nn.Layer           // interface
	layers  []*nn.Dense        // slice, unexported
	pair    [2]*nn.Param       // array
	deep    struct{ V any }    // anonymous struct, any
	Value   nn.Param           // by value
	nothing *nn.Param          // nil
	Ignored *nn.Dense          `nn:"-"`
	again   *nn.Dense          // shared
	self    *everything        // cycle
	f       func()             // hides what it captures
	sizes   []int              //
	table   map[string]int     // a map of plain data is fine
	state   *tensor.Tensor     // not a parameter
	byName  map[string]*string //
}

type Extra struct{ Scale *nn.Param }

func TestWalk(t *testing.T) {
	d := func() *nn.Dense { return nn.NewDense(1, nn.NoBias) }
	m := &everything{base: base{nn.NewParam()}, Extra: &Extra{nn.NewParam()}, Layer: d(), layers: []*nn.Dense{d(), nil, d()},
		pair: [2]*nn.Param{nn.NewParam(), nn.NewParam()}, Ignored: d(), state: tensor.Zeros(2),
		sizes: make([]int, 1000), table: map[string]int{"a": 1}, byName: map[string]*string{"x": nil}}
	m.deep.V = nn.Sequential{d()}
	m.again = m.layers[0]
	m.self = m
	m.f = func() { _ = m.nothing }
	want := "w Scale Layer.Weight layers.0.Weight layers.2.Weight pair.0 pair.1 deep.V.0.Weight Value"
	if got := paths(m); got != want {
		t.Errorf("walk found\n%s\nwant\n%s", got, want)
	}
	loop := nn.Sequential{d(), nil}
	loop[1] = loop
	if got := paths(loop); got != "0.Weight" {
		t.Errorf("a slice that holds itself: %s", got)
	}
	if got := paths(nil); got != "" {
		t.Errorf("nil: %s", got)
	}
}

func TestWalkRefuses(t *testing.T) {
	type inner struct{ w *nn.Param }
	type outer struct {
		inner
		w *nn.Param
	}
	for want, model := range map[string]any{
		"Layers is a map":                 &struct{ Layers map[int]*nn.Dense }{map[int]*nn.Dense{1: nn.NewDense(1)}},
		"M is a map":                      &struct{ M map[any]any }{map[any]any{"n": 1, 2: nn.NewDense(1)}},
		"two fields have the path w":      &outer{inner{nn.NewParam()}, nn.NewParam()},
		"0 is a parameter inside a copie": []any{nn.Param{}},
	} {
		err := tensor.Try(func() { nn.Parameters(model) })
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	ok := &struct{ M map[string]any }{map[string]any{"n": 1, "s": "x"}}
	if err := tensor.Try(func() { nn.Parameters(ok) }); err != nil {
		t.Errorf("a map of plain values: %v", err)
	}
}

func TestSharedParameters(t *testing.T) { // 5.2
	tensor.Seed(0)
	shared, twin := nn.NewDense(8, nn.ReLU), nn.NewDense(8, nn.ReLU)
	twin.Weight, twin.Bias = shared.Weight, shared.Bias
	net := nn.Sequential{nn.NewDense(8, nn.ReLU), shared, twin, nn.NewDense(10)}
	nn.Init(net, nn.Uniform(0.7))
	if n := len(nn.Parameters(net)); n != 6 {
		t.Errorf("%d parameters, want 6", n)
	}
	x := tensor.Ones(2, 20)
	net.Forward(nn.Train(), x).Backward()
	both := shared.Weight.Grad().Clone()

	// The same values in two layers of their own: the gradients add up.
	apart := nn.Sequential{nn.NewDense(8, nn.ReLU), nn.NewDense(8, nn.ReLU), nn.NewDense(8, nn.ReLU), nn.NewDense(10)}
	for i, l := range apart {
		l.(*nn.Dense).Weight.SetValue(net[i].(*nn.Dense).Weight.Value())
		l.(*nn.Dense).Bias.SetValue(net[i].(*nn.Dense).Bias.Value())
	}
	apart.Forward(nn.Train(), x).Backward()
	sum := apart[1].(*nn.Dense).Weight.Grad().Add(apart[2].(*nn.Dense).Weight.Grad())
	if !tensor.AllClose(both, sum, 1e-5, 1e-6) {
		t.Errorf("gradient of the shared weight\n%v\nwant\n%v", both, sum)
	}
	shared.Weight.Value().SetAt(100, 0, 0)
	if v := twin.Weight.Value().At(0, 0); v != 100 {
		t.Errorf("the twin reads %v", v)
	}
}

func TestLayerHiddenInAFunction(t *testing.T) {
	lost := nn.NewDense(3)
	net := nn.Sequential{nn.NewDense(4), nn.Func(func(x *tensor.Tensor) *tensor.Tensor { return lost.Forward(nil, x) })}
	nn.Init(net, nn.Normal(0.1))
	err := tensor.Try(func() { net.Forward(nil, tensor.Zeros(2, 5)) })
	want := "parameter without a value; call nn.Init; is the layer reachable through the model's fields?"
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want %q", err, want)
	}
	nn.Init(lost, nn.Normal(0.1))
	if y := net.Forward(nil, tensor.Zeros(2, 5)); fmt.Sprint(y.Shape()) != "[2 3]" {
		t.Errorf("shape %v", y.Shape())
	}
}
