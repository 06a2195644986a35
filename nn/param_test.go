package nn_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

func TestDeferredShapes(t *testing.T) { // 5.3
	net := nn.Sequential{nn.NewDense(256, nn.ReLU), nn.NewDense(10)}
	shapes := func() string {
		var out []string
		for _, p := range nn.Parameters(net) {
			out = append(out, fmt.Sprint(p.Shape()))
		}
		return strings.Join(out, " ")
	}
	deferred := "[256 -1] [256] [10 -1] [10]"
	if got := shapes(); got != deferred {
		t.Errorf("before Init: %s", got)
	}
	wantText := "Sequential(\n  (0): Dense(-1 -> 256, Activation(relu))\n  (1): Dense(-1 -> 10, linear)\n)"
	if got := net.String(); got != wantText {
		t.Errorf("printed as\n%s", got)
	}
	nn.Init(net, nn.Uniform(0.07))
	if got := shapes(); got != deferred {
		t.Errorf("after Init: %s", got)
	}
	w := net[0].(*nn.Dense).Weight
	err := tensor.Try(func() { w.Value() })
	if err == nil || !strings.Contains(err.Error(), "0.Weight: the parameter has no value yet, its shape is [256 -1]") {
		t.Errorf("access before the first forward: %v", err)
	}
	if w.HasValue() || !net[0].(*nn.Dense).Bias.HasValue() {
		t.Error("a bias of known shape is filled by Init, a weight is not")
	}
	net.Forward(nil, tensor.Zeros(2, 20))
	if got := shapes(); got != "[256 20] [256] [10 256] [10]" {
		t.Errorf("after the first forward: %s", got)
	}
	err = tensor.Try(func() { net.Forward(nil, tensor.Zeros(2, 21)) })
	if err == nil || !strings.Contains(err.Error(), "0.Weight: the parameter's shape does not fit its use: [256 20] x [256 21]") {
		t.Errorf("another input size: %v", err)
	}
	if n := nn.Count(net); n != 256*20+256+10*256+10 {
		t.Errorf("%d elements", n)
	}
}

func TestOrderOfInitialisation(t *testing.T) {
	draw := func(n int) []float64 { return random.Uniform(-1, 1, n).Float64s() }
	first := func(p *nn.Param) float64 { return p.Value().Float64s()[0] }

	// Deferred: the order of the forward run, not of the fields.
	m := &mlp{hidden: nn.NewDense(2, nn.NoBias), out: nn.NewDense(2, nn.NoBias)}
	tensor.Seed(0)
	nn.Init(m, nn.Uniform(1))
	m.out.Forward(nil, tensor.Zeros(1, 3))
	m.hidden.Forward(nil, tensor.Zeros(1, 3))
	tensor.Seed(0)
	want := draw(12)
	if first(m.out.Weight) != want[0] || first(m.hidden.Weight) != want[6] {
		t.Error("deferred parameters are not drawn in forward order")
	}

	// Known shapes: at Init, in the order of the fields.
	tensor.Seed(0)
	nn.Init(m, nn.Uniform(1))
	if first(m.hidden.Weight) != want[0] || first(m.out.Weight) != want[6] {
		t.Error("known parameters are not drawn in collection order")
	}
	given := nn.NewDense(2, nn.NoBias, nn.Inputs(3))
	tensor.Seed(0)
	nn.Init(given, nn.Uniform(1))
	if first(given.Weight) != want[0] {
		t.Error("a layer of known inputs is not drawn at Init")
	}
	conv := nn.NewConv2D(2, 1, nn.Inputs(4), nn.Groups(2))
	nn.Init(conv, nn.Xavier())
	if got := fmt.Sprint(conv.Weight.Value().Shape()); got != "[2 2 1 1]" {
		t.Errorf("convolution of known inputs: %s", got)
	}
}

func TestContext(t *testing.T) {
	d := nn.NewDense(2)
	nn.Init(d, nn.Ones)
	x := tensor.Ones(1, 3)
	if !d.Forward(nn.Train(), x).Recorded() {
		t.Error("training does not record")
	}
	for _, c := range []*nn.Ctx{nil, nn.Eval()} {
		if d.Forward(c, x).Recorded() || c.Training() || c.Scope() != nil {
			t.Error("evaluation records")
		}
		in := tensor.Ones(1, 3).RequireGrad()
		if y := d.Forward(c, in); !y.Recorded() {
			t.Error("a recorded input must record in evaluation")
		} else if y.Backward(); in.Grad().At(0, 0) != 2 || d.Weight.Grad().At(0, 0) != 0 {
			t.Error("gradients of the input in evaluation")
		}
	}
	var c *nn.Ctx
	if c.Param(nil, 3) != nil || c.Key() != 0 {
		t.Error("an absent parameter is nil")
	}
	tensor.Seed(7)
	a, b := nn.Train().Key(), nn.Train().Key()
	tensor.Seed(7)
	if nn.Train().Key() != a || a == b {
		t.Error("keys do not follow from the seed")
	}
	k := nn.Train(nn.Rand(random.New(1))).Key()
	if nn.Train(nn.Rand(random.New(1))).Key() != k {
		t.Error("keys do not follow from one's own generator")
	}
	tensor.Seed(7)
	nn.Train(nn.Rand(random.New(1)))
	if nn.Train().Key() != a {
		t.Error("one's own generator moved the layers' stream")
	}
	tensor.Seed(7)
	u := random.Uniform(0, 1, 1).Item()
	tensor.Seed(7)
	nn.Train()
	if random.Uniform(0, 1, 1).Item() != u {
		t.Error("Train moved the default stream")
	}
}

func TestParam(t *testing.T) {
	p := nn.NewParam(nn.Shape(2, -1), nn.LRMult(0.5), nn.WDMult(0))
	if p.LRMult() != 0.5 || p.WDMult() != 0 || new(nn.Param).LRMult() != 1 || new(nn.Param).WDMult() != 1 {
		t.Error("multipliers")
	}
	for name, f := range map[string]func(){
		"misfit":       func() { p.SetValue(tensor.Zeros(3, 3)) },
		"axes":         func() { p.SetValue(tensor.Zeros(2)) },
		"integers":     func() { p.SetValue(tensor.Of([]int{1, 2}, 2, 1)) },
		"no value":     func() { p.Grad() },
		"unknown use":  func() { nn.Init(p, nn.Ones); (*nn.Ctx)(nil).Param(p) },
		"unknown size": func() { nn.Count(p) },
	} {
		if tensor.Try(f) == nil {
			t.Errorf("%s: no error", name)
		}
	}
	s := tensor.NewScope()
	v := s.In(tensor.Ones(2, 100)).MulScalar(3)
	p.SetValue(v)
	s.Close()
	w := p.Value()
	if w.At(1, 99) != 3 || !w.IsLeaf() {
		t.Error("SetValue must copy")
	}
	p.SetValue(tensor.Zeros(2, 100))
	if p.Value() != w || w.At(0, 0) != 0 {
		t.Error("SetValue of a parameter with a value must write in place")
	}
	nn.Init(p, nn.Ones)
	if p.Value() == w || p.Value().At(0, 0) != 1 {
		t.Error("Init must drop the value")
	}
	if got := (nn.Named{Path: "W", Param: p}).String(); got != "W (shape=(2, 100), dtype=float32)" {
		t.Errorf("printed as %s", got)
	}
}

func TestFirstUseByManyGoroutines(t *testing.T) {
	d := nn.NewDense(3)
	nn.Init(d, nn.Normal(1))
	var wg sync.WaitGroup
	ys := make([]*tensor.Tensor, 8)
	for i := range ys {
		wg.Go(func() { ys[i] = d.Forward(nn.Eval(), tensor.Ones(1, 4)) })
	}
	wg.Wait()
	for _, y := range ys {
		if !tensor.Equal(y, ys[0]) {
			t.Fatal("goroutines saw different parameters")
		}
	}
}

// TestSnapshotWhileTraining evaluates on snapshots while steps write the parameters; the
// race detector watches (-race -tags noasm).
func TestSnapshotWhileTraining(t *testing.T) {
	net := nn.Sequential{nn.NewDense(8, nn.ReLU), nn.NewDropout(0.5), nn.NewDense(2)}
	nn.Init(net, nn.Normal(0.1))
	x := tensor.Ones(4, 6)
	if tensor.Try(func() { net.Forward(nn.EvalOn(nn.Snapshot(net)), x) }) == nil {
		t.Error("a snapshot without values was accepted")
	}
	net.Forward(nil, x)
	snaps := make(chan *nn.Values, 1)
	snaps <- nn.Snapshot(net)
	var wg sync.WaitGroup
	wg.Go(func() {
		for v := range snaps {
			a := net.Forward(nn.EvalOn(v), x)
			if b := net.Forward(nn.EvalOn(v), x); !tensor.Equal(a, b) || a.Recorded() {
				t.Error("a snapshot changed")
			}
		}
	})
	for range 20 {
		net.Forward(nn.Train(), x).Square().Backward()
		for _, p := range nn.Parameters(net) {
			p.Value().AddScaled(-0.01, p.Grad())
		}
		snaps <- nn.Snapshot(net)
	}
	close(snaps)
	wg.Wait()
	err := tensor.Try(func() { net.Forward(nn.EvalOn(nn.Snapshot(net)), tensor.Ones(4, 7)) })
	if err == nil || !strings.Contains(err.Error(), "does not fit") {
		t.Errorf("wrong shape on a snapshot: %v", err)
	}
}

func TestNames(t *testing.T) {
	conv := nn.NewConv2D(6, 5, nn.Pad(2), nn.Sigmoid)
	for _, c := range []struct {
		layer      nn.Layer
		name, text string
	}{
		{nn.NewDense(3), "dense", "Dense(-1 -> 3, linear)"},
		{conv, "conv", "Conv2D(-1 -> 6, kernel_size=(5, 5), stride=(1, 1), padding=(2, 2), Activation(sigmoid))"},
		{nn.NewConv2D(4, 3, nn.Groups(2), nn.Inputs(4), nn.Dilation(2), nn.NoBias), "conv", "Conv2D(4 -> 4, kernel_size=(3, 3), stride=(1, 1), dilation=(2, 2), groups=2, bias=False)"},
		{nn.NewMaxPool2D(3, nn.Stride(2)), "pool", "MaxPool2D(size=(3, 3), stride=(2, 2), padding=(0, 0))"},
		{nn.NewAvgPool2D(2), "pool", "AvgPool2D(size=(2, 2), stride=(2, 2), padding=(0, 0))"},
		{nn.Tanh, "tanh", "Activation(tanh)"},
		{nn.Flatten, "flatten", "Flatten"},
		{nn.NewDropout(0.5), "dropout", "Dropout(p = 0.5)"},
		{nn.Sequential{newMLP(), nil, nn.Sequential{nn.ReLU}}, "sequential", "Sequential(\n  (0): mlp\n  (1): nil\n  (2): Sequential(\n    (0): Activation(relu)\n  )\n)"},
	} {
		if got := nn.Name(c.layer); got != c.name {
			t.Errorf("name %q, want %q", got, c.name)
		}
		if got := fmt.Sprint(c.layer); got != c.text {
			t.Errorf("printed as\n%s\nwant\n%s", got, c.text)
		}
	}
}

func TestActivationsAndFlattenAsLayers(t *testing.T) {
	net := nn.Sequential{nn.ReLU, nn.Flatten, nn.Sigmoid, nn.NewActivation("double", func(x *tensor.Tensor) *tensor.Tensor { return x.MulScalar(2) })}
	y := net.Forward(nil, tensor.Of([]float32{-1, 0, -5, -7}, 1, 2, 2))
	if got := fmt.Sprint(y); got != "[[1. 1. 1. 1.]]" {
		t.Errorf("got %s", got)
	}
	if err := tensor.Try(func() { nn.Sequential{nil}.Forward(nil, y) }); err == nil || !strings.Contains(err.Error(), "layer 0 is nil") {
		t.Errorf("a nil layer: %v", err)
	}
}

func TestXavierOfConvolutions(t *testing.T) {
	w := tensor.Zeros(20, 30, 5, 5)
	nn.Xavier().Init("w", w)
	c := 0.06928203230275509 // sqrt(6/((20+30)*25))
	if m := w.Abs().Max().Item(); m > c || m < 0.99*c {
		t.Errorf("largest weight %v, want just below %v", m, c)
	}
}

func TestSelectAndPath(t *testing.T) {
	net := nn.Sequential{nn.NewDense(2), nn.Sequential{nn.NewDense(3)}}
	nn.Init(net, nn.Ones)
	biases := nn.Select(nn.Parameters(net), func(path string) bool { return strings.HasSuffix(path, "Bias") })
	if len(biases) != 2 || biases[0].Path != "0.Bias" || biases[1].Path != "1.0.Bias" {
		t.Errorf("selected %v", biases)
	}
	nn.Init(net[1], nn.Zeros) // a part of the model: parameters keep their full path
	if got := biases[1].Param.Path(); got != "1.0.Bias" {
		t.Errorf("path %q", got)
	}
}
