package nn_test

import (
	"math"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// handMade is a batch normalisation as 7.5 writes it: a plain tensor that is assigned in the forward run.
type handMade struct {
	Gamma *nn.Param
	Mean  *tensor.Tensor
}

func (b *handMade) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	gamma := c.Param(b.Gamma, x.Dim(1))
	if !c.Training() {
		return x.Sub(c.State(&b.Mean)).Mul(gamma)
	}
	mean := x.Mean(0)
	if !c.Recomputing() {
		b.Mean = b.Mean.MulScalar(0.9).Add(mean.Detach().MulScalar(0.1))
	}
	return x.Sub(mean).Mul(gamma)
}

func trained() (nn.Sequential, *handMade) {
	tensor.Seed(1)
	hand := &handMade{nn.NewParam(nn.InitWith(nn.Ones)), tensor.Zeros(4)}
	net := nn.Sequential{nn.NewDense(4), hand, nn.NewBatchNorm(), nn.NewDense(2)}
	nn.Init(net, nn.Xavier())
	net.Forward(nn.Train(), random.Normal(1, 1, 8, 3))
	return net, hand
}

func TestSnapshotHoldsState(t *testing.T) {
	net, hand := trained()
	x := random.Normal(0, 1, 5, 3)
	snap, want := nn.Snapshot(net), net.Forward(nn.Eval(), x).Clone()
	opt := optim.NewSGD(nn.Parameters(net), optim.LR(0.1))
	for range 3 {
		net.Forward(nn.Train(), x).Square().Backward()
		opt.Step(5)
	}
	if !tensor.Equal(net.Forward(nn.EvalOn(snap), x), want) {
		t.Error("a snapshot evaluates to something else after training went on")
	}
	if tensor.Equal(net.Forward(nn.Eval(), x), want) {
		t.Error("training changed nothing")
	}
	if hand.Mean.Abs().Sum().Item() == 0 {
		t.Error("the mean did not move")
	}
}

func TestStateGoesRound(t *testing.T) {
	net, _ := trained()
	s := nn.State(net)
	if len(s) != 4+1+1+2+2 {
		t.Errorf("%d tensors in the state", len(s))
	}
	other, _ := trained()
	other.Forward(nn.Train(), tensor.Ones(3, 3).MulScalar(5))
	if err := nn.SetState(other, s); err != nil {
		t.Fatal(err)
	}
	x := tensor.Ones(2, 3)
	if !tensor.Equal(net.Forward(nn.Eval(), x), other.Forward(nn.Eval(), x)) {
		t.Error("the model with the state computes something else")
	}
	before := nn.State(other)
	s["0.Weight"] = tensor.Ones(9, 9)
	err := nn.SetState(other, s)
	if err == nil || !strings.Contains(err.Error(), "0.Weight") {
		t.Errorf("a wrong shape: %v", err)
	}
	delete(s, "0.Weight")
	s["more"] = tensor.Ones(1)
	err = nn.SetState(other, s)
	if err == nil || !strings.Contains(err.Error(), "lacks 0.Weight") || !strings.Contains(err.Error(), "lacks more") {
		t.Errorf("wrong names: %v", err)
	}
	for name, v := range nn.State(other) {
		if !tensor.Equal(v, before[name]) {
			t.Errorf("%s changed", name)
		}
	}
}

// A model is a function of its weights: the gradient with respect to a number that scales one of them.
func TestTrainOnGivenValues(t *testing.T) {
	net := nn.Sequential{nn.NewDense(1, nn.Inputs(2), nn.NoBias)}
	nn.Init(net, nn.Ones)
	a := tensor.Scalar(3).RequireGrad()
	w := net[0].(*nn.Dense).Weight
	v := nn.ValuesOf(net, map[string]*tensor.Tensor{"0.Weight": tensor.Ones(1, 2).Mul(a)})
	y := net.Forward(nn.TrainOn(v), tensor.Of([]float32{2, 5}, 1, 2))
	if y.Item() != 21 {
		t.Errorf("output %v, want 21", y)
	}
	y.Backward()
	if a.Grad().Item() != 7 || w.Value().FreshGrad() {
		t.Errorf("gradient %v, want 7; the model's own has one: %v", a.Grad(), w.Value().FreshGrad())
	}
	if net.Forward(nn.Eval(), tensor.Ones(1, 2)).Item() != 2 {
		t.Error("the model's own weights changed")
	}
	for _, bad := range []map[string]*tensor.Tensor{{"1.Weight": a}, {"0.Weight": tensor.Ones(3)}} {
		if err := tensor.Try(func() { nn.ValuesOf(net, bad) }); err == nil {
			t.Errorf("%v was accepted", bad)
		}
	}
}

func TestAverages(t *testing.T) {
	p := nn.NewParam()
	p.SetValue(tensor.Zeros(1))
	ema, swa := nn.NewEMA([]*nn.Param{p}, 0.5), nn.NewSWA([]*nn.Param{p})
	for _, v := range []float64{1, 2, 6} {
		p.SetValue(tensor.Full(v, 1))
		ema.Update()
		swa.Update()
	}
	at := func(a *nn.Average) float64 { return nn.EvalOn(a.Values()).Param(p).Item() }
	if at(ema) != 0.5*(0.5*1+0.5*2)+0.5*6 || math.Abs(at(swa)-3) > 1e-6 {
		t.Errorf("exponential %v, mean %v, want 3.75 and 3", at(ema), at(swa))
	}
	swa.CopyTo()
	if v := p.Value().Item(); math.Abs(v-3) > 1e-6 {
		t.Errorf("after CopyTo the parameter is %v", v)
	}
}

type shareAndMore struct {
	A, B  *nn.Dense
	Map   map[string]nn.Layer
	List  []nn.Layer
	Const *tensor.Tensor
	act   *nn.Activation
	f     func()
	n     int
	self  *shareAndMore
}

func TestClone(t *testing.T) {
	d := nn.NewDense(2, nn.ReLU, nn.Inputs(2))
	d.Weight.SetLRMult(0.5)
	d.Bias.Freeze()
	m := &shareAndMore{A: d, B: d, Map: map[string]nn.Layer{"x": nn.NewDense(1, nn.Inputs(2)), "y": d}, List: []nn.Layer{nn.ReLU, d},
		Const: tensor.Ones(3), act: nn.Tanh, f: func() {}, n: 7}
	m.self = m
	nn.Init(m, nn.Xavier())
	c := nn.Clone(m)
	if c == m || c.A == m.A || c.A != c.B || c.Map["y"] != nn.Layer(c.A) || c.List[1] != nn.Layer(c.A) || c.self != c {
		t.Error("sharing is not as in the model")
	}
	if c.act != nn.Tanh || c.n != 7 || c.List[0] != nn.Layer(nn.ReLU) || c.A.Weight.LRMult() != 0.5 || !c.A.Bias.Frozen() || c.A.Weight.Frozen() {
		t.Error("settings are not as in the model")
	}
	if !tensor.Equal(c.A.Weight.Value().Detach(), d.Weight.Value().Detach()) || !c.A.Weight.Value().IsLeaf() {
		t.Error("values are not as in the model")
	}
	c.A.Weight.Value().Fill(9)
	c.Const.Fill(5)
	if d.Weight.Value().At(0, 0) == 9 || m.Const.At(0) == 5 {
		t.Error("the copy shares memory with the model")
	}
	if len(nn.Parameters(c)) != len(nn.Parameters(m)) {
		t.Error("parameters are lost")
	}
	fresh := nn.Clone(nn.Sequential{nn.NewDense(3), nil})
	nn.Init(fresh, nn.Ones)
	if y := fresh[0].Forward(nil, tensor.Ones(1, 2)); y.At(0, 0) != 2 {
		t.Errorf("a clone of a model without values computes %v", y)
	}
	other := &shareAndMore{A: nn.NewDense(2, nn.Inputs(2)), Map: map[string]nn.Layer{"x": nn.NewDense(1, nn.Inputs(2))}, Const: tensor.Zeros(3)}
	other.B = other.A
	if err := nn.CopyValues(other, m); err != nil || other.Const.At(0) != 1 {
		t.Errorf("CopyValues: %v", err)
	}
}

func TestCheckpointMovesAveragesOnce(t *testing.T) {
	x := random.Normal(3, 1, 6, 4)
	run := func(check bool) *nn.BatchNorm {
		l := nn.NewBatchNorm()
		nn.Init(l, nn.Ones)
		var y *tensor.Tensor
		if check {
			y = nn.Checkpoint(nn.Train(), l.Forward, x)
		} else {
			y = l.Forward(nn.Train(), x)
		}
		y.Square().Backward()
		return l
	}
	if a, b := run(false), run(true); !tensor.Equal(a.RunningMean, b.RunningMean) || !tensor.Equal(a.RunningVar, b.RunningVar) {
		t.Errorf("running mean %v, in a checkpoint %v", a.RunningMean, b.RunningMean)
	}
}

func TestPatterns(t *testing.T) {
	net, _ := trained()
	for pattern, want := range map[string]int{"*.Bias": 2, "0.*": 2, "?.Gamma": 2, "*": 7, "x": 0, "[0]*": 0} {
		if got := len(nn.Select(nn.Parameters(net), nn.Glob(pattern))); got != want {
			t.Errorf("%s selects %d parameters, want %d", pattern, got, want)
		}
	}
	if got := nn.Freeze(net, nn.Match(`^0\.`)); got != 2 {
		t.Errorf("%d parameters frozen, want 2", got)
	}
	net.Forward(nn.Train(), tensor.Ones(3, 3)).Backward()
	for _, p := range nn.Parameters(net) {
		if p.Frozen() == p.Value().FreshGrad() {
			t.Errorf("%s: frozen %v, has a gradient %v", p.Path, p.Frozen(), !p.Frozen())
		}
	}
	if nn.Unfreeze(net, nil) != 7 || nn.SetLRMult(net, nn.Glob("3.*"), 2) != 2 || nn.SetWDMult(net, nn.Glob("*.Bias"), 0) != 2 {
		t.Error("other numbers of parameters")
	}
	if err := tensor.Try(func() { nn.Match("(") }); err == nil {
		t.Error("( was accepted")
	}
}

func TestMapsInOrder(t *testing.T) {
	m := map[string]*nn.Dense{}
	for _, k := range []string{"q", "b", "z", "a"} {
		m[k] = nn.NewDense(1)
	}
	var paths []string
	for _, p := range nn.Parameters(m) {
		paths = append(paths, p.Path)
	}
	if got := strings.Join(paths, " "); got != "a.Weight a.Bias b.Weight b.Bias q.Weight q.Bias z.Weight z.Bias" {
		t.Errorf("order %s", got)
	}
}
