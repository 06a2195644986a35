package optim_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

type params = []nn.Named

// all is an optimizer of every kind and option that remembers something.
var all = map[string]func(ps params) optim.Optimizer{
	"sgd":      func(ps params) optim.Optimizer { return optim.NewSGD(ps, optim.LR(0.1)) },
	"momentum": func(ps params) optim.Optimizer { return optim.NewSGD(ps, optim.LR(0.05), optim.Momentum(0.9)) },
	"lars":     func(ps params) optim.Optimizer { return optim.NewLARS(ps, optim.LR(2)) },
	"adam":     func(ps params) optim.Optimizer { return optim.NewAdam(ps, optim.LR(0.05)) },
	"amsgrad":  func(ps params) optim.Optimizer { return optim.NewAdam(ps, optim.LR(0.05), optim.AMSGrad) },
	"adamw":    func(ps params) optim.Optimizer { return optim.NewAdamW(ps, optim.LR(0.05)) },
	"adamax":   func(ps params) optim.Optimizer { return optim.NewAdamax(ps) },
	"nadam":    func(ps params) optim.Optimizer { return optim.NewNadam(ps) },
	"radam":    func(ps params) optim.Optimizer { return optim.NewRAdam(ps) },
	"yogi":     func(ps params) optim.Optimizer { return optim.NewYogi(ps) },
	"lamb":     func(ps params) optim.Optimizer { return optim.NewLAMB(ps) },
	"lion":     func(ps params) optim.Optimizer { return optim.NewLion(ps) },
	"ftrl":     func(ps params) optim.Optimizer { return optim.NewFtrl(ps) },
	"sgld":     func(ps params) optim.Optimizer { return optim.NewSGLD(ps, 7, optim.LR(0.001)) },
	"adagrad":  func(ps params) optim.Optimizer { return optim.NewAdagrad(ps) },
	"adadelta": func(ps params) optim.Optimizer { return optim.NewAdadelta(ps) },
	"rmsprop": func(ps params) optim.Optimizer {
		return optim.NewRMSProp(ps, optim.Momentum(0.9), optim.Centered, optim.WithSchedule(optim.Cosine(0.01, 0, 20)))
	},
	"groups": func(ps params) optim.Optimizer {
		return optim.Groups{optim.NewSGD(ps[:2], optim.Momentum(0.9)), optim.NewAdam(ps[2:])}
	},
}

func net(dt tensor.DType) nn.Sequential {
	tensor.Seed(3)
	n := nn.Sequential{nn.NewDense(4, nn.Tanh, nn.Inputs(3)), nn.NewDense(2, nn.Inputs(4))}
	nn.Init(n, nn.Xavier())
	if dt != tensor.Float32 {
		half := nn.Sequential{nn.NewDense(4, nn.Tanh), nn.NewDense(2)}
		from := nn.Parameters(n)
		for i, p := range nn.Parameters(half) {
			p.SetValue(from[i].Value().Detach().AsType(dt))
		}
		return half
	}
	return n
}

func train(n nn.Sequential, opt optim.Optimizer, from, to int) {
	for k := from; k < to; k++ {
		x := random.New(uint64(k)).Normal(0, 1, 5, 3).AsType(nn.Parameters(n)[0].Value().DType())
		n.Forward(nn.Train(), x).Square().Backward()
		opt.Step(5)
	}
}

// TestGoesOnFromState wants ten steps to be five steps, the state into another optimizer of a copy, and five more, bit by bit.
func TestGoesOnFromState(t *testing.T) {
	for _, dt := range []tensor.DType{tensor.Float32, tensor.Float64, tensor.BFloat16, tensor.Float16} {
		for name, makeOptimizer := range all {
			t.Run(fmt.Sprint(name, "/", dt), func(t *testing.T) {
				a := net(dt)
				whole := makeOptimizer(nn.Parameters(a))
				train(a, whole, 0, 10)

				b := net(dt)
				first := makeOptimizer(nn.Parameters(b))
				train(b, first, 0, 5)
				c := net(dt)
				for i, p := range nn.Parameters(b) {
					nn.Parameters(c)[i].SetValue(p.Value())
				}
				second := makeOptimizer(nn.Parameters(c))
				state := first.(optim.Stateful).State()
				if err := second.(optim.Stateful).SetState(state); err != nil {
					t.Fatal(err)
				}
				train(b, first, 5, 6) // must not change what was saved
				train(c, second, 5, 10)
				for i, p := range nn.Parameters(c) {
					if want := nn.Parameters(a)[i].Value().Detach(); !tensor.Equal(p.Value().Detach(), want) {
						t.Errorf("%s: %v, without a pause %v", p.Path, p.Value(), want)
					}
				}
				if whole.LR() != second.LR() {
					t.Errorf("rate %v, without a pause %v", second.LR(), whole.LR())
				}
			})
		}
	}
}

// TestStateBeforeValues puts a state back before the model has run.
func TestStateBeforeValues(t *testing.T) {
	a := net(tensor.Float32)
	opt := optim.NewAdam(nn.Parameters(a))
	train(a, opt, 0, 3)
	b := nn.Sequential{nn.NewDense(4, nn.Tanh), nn.NewDense(2)}
	again := optim.NewAdam(nn.Parameters(b))
	if err := again.SetState(opt.State()); err != nil {
		t.Fatal(err)
	}
	for i, p := range nn.Parameters(a) {
		nn.Parameters(b)[i].SetValue(p.Value())
	}
	train(a, opt, 3, 6)
	train(b, again, 3, 6)
	for i, p := range nn.Parameters(b) {
		if !tensor.Equal(p.Value().Detach(), nn.Parameters(a)[i].Value().Detach()) {
			t.Errorf("%s differs", p.Path)
		}
	}
}

func TestWrongStates(t *testing.T) {
	a := net(tensor.Float32)
	opt := optim.NewAdam(nn.Parameters(a))
	train(a, opt, 0, 2)
	good := opt.State()
	for want, spoil := range map[string]func(s optim.State){
		"lr is missing":                    func(s optim.State) { delete(s, "lr") },
		"updates is no int64 but float32":  func(s optim.State) { s["updates"] = tensor.Ones(1) },
		"0.Weight.m: float32 of shape [2]": func(s optim.State) { s["0.Weight.m"] = tensor.Ones(2) },
		"float64 of shape":                 func(s optim.State) { s["0.Weight.m"] = s["0.Weight.m"].AsType(tensor.Float64) },
		"has no other":                     func(s optim.State) { s["other"] = tensor.Ones(2) },
		"1.Bias.t is -1":                   func(s optim.State) { s["1.Bias.t"] = tensor.Of([]int64{-1}) },
	} {
		s := optim.State{}
		for k, v := range good {
			s[k] = v
		}
		spoil(s)
		err := opt.SetState(s)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
	after := opt.State()
	for k, v := range good {
		if !tensor.Equal(after[k], v) {
			t.Errorf("%s changed", k)
		}
	}
	g := optim.Groups{optim.NewSGD(nn.Parameters(a), optim.Momentum(0.5)), optim.NewSGD(nil)}
	s := g.State()
	s["2.lr"] = s["0.lr"]
	if err := g.SetState(s); err == nil || !strings.Contains(err.Error(), "no group") {
		t.Errorf("a third group: %v", err)
	}
}

// TestHalvesLearn trains weights of 16 bits with steps that are too small for them one by one.
func TestHalvesLearn(t *testing.T) {
	p := nn.NewParam()
	p.SetValue(tensor.Ones(4).AsType(tensor.BFloat16))
	opt := optim.NewSGD(params{{Path: "w", Param: p}}, optim.LR(1e-3))
	for range 100 {
		nn.Train().Param(p).Backward()
		opt.Step(1)
	}
	if got := p.Value().Detach().AsType(tensor.Float32).At(0); got < 0.89 || got > 0.91 {
		t.Errorf("after 100 steps of 0.001 the weight is %v, want 0.9", got)
	}
	p.SetValue(tensor.Full(5, 4).AsType(tensor.BFloat16))
	nn.Train().Param(p).Backward()
	opt.Step(1)
	if got := p.Value().Detach().AsType(tensor.Float32).At(0); got != 5 {
		t.Errorf("after a value was set the weight is %v, want 5 (rounded)", got)
	}
}

func TestFrozenParametersStay(t *testing.T) {
	var out strings.Builder
	old := optim.Warnings
	optim.Warnings = &out
	defer func() { optim.Warnings = old }()
	n := net(tensor.Float32)
	ps := nn.Parameters(n)
	ps[0].Freeze()
	before := ps[0].Value().Detach().Clone()
	opt := optim.NewAdam(ps)
	train(n, opt, 0, 2)
	if !tensor.Equal(ps[0].Value().Detach(), before) || out.Len() > 0 {
		t.Errorf("a frozen parameter moved, or was warned of: %s", &out)
	}
	ps[0].Unfreeze()
	train(n, opt, 2, 3)
	if tensor.Equal(ps[0].Value().Detach(), before) {
		t.Error("an unfrozen parameter stays")
	}
}

// TestAccumulation wants four small batches to be one large one.
func TestAccumulation(t *testing.T) {
	x := random.New(1).Normal(0, 1, 8, 3)
	a, b := net(tensor.Float32), net(tensor.Float32)
	one, many := optim.NewAdam(nn.Parameters(a)), optim.NewAdam(nn.Parameters(b))
	for range 3 {
		a.Forward(nn.Train(), x).Square().Backward()
		one.Step(8)
		for i := 0; i < 8; i += 2 {
			var modes []tensor.Mode
			if i > 0 {
				modes = append(modes, tensor.Accumulate)
			}
			b.Forward(nn.Train(), x.Slice(tensor.R(i, i+2))).Square().Backward(modes...)
		}
		many.Step(8)
	}
	for i, p := range nn.Parameters(b) {
		if !tensor.AllClose(p.Value().Detach(), nn.Parameters(a)[i].Value().Detach(), 1e-5, 1e-6) {
			t.Errorf("%s: %v, in one batch %v", p.Path, p.Value(), nn.Parameters(a)[i].Value())
		}
	}
}

func TestGroups(t *testing.T) {
	n := net(tensor.Float32)
	ps := nn.Parameters(n)
	g := optim.Groups{optim.NewSGD(ps[:2], optim.LR(0.1)), optim.NewSGD(ps[2:], optim.LR(1))}
	if g.SetLR(0.2); g[1].LR() != 2 {
		t.Errorf("the second group's rate is %v", g[1].LR())
	}
	before := ps[0].Value().Detach().Clone()
	h := n[0].Forward(nn.Eval(), tensor.Ones(1, 3)) // only the second group has gradients
	n[1].Forward(nn.Train(), h).Backward()
	g.Step(1)
	if !tensor.Equal(ps[0].Value().Detach(), before) {
		t.Error("a group without gradients moved")
	}
	if err := tensor.Try(func() { g.Step(1) }); err == nil {
		t.Error("a Step without any gradient was accepted")
	}
}

// TestSGLDNoise wants the noise of a step to have the variance of the learning rate.
func TestSGLDNoise(t *testing.T) {
	p := nn.NewParam()
	p.SetValue(tensor.Zeros(10000))
	opt := optim.NewSGLD(params{{Path: "w", Param: p}}, 1, optim.LR(0.04))
	nn.Train().Param(p).Backward()
	opt.Step(1)
	w := p.Value().Detach()
	if mean, dev := w.Mean().Item(), w.Std(0).Item(); mean < -0.02-0.01 || mean > -0.02+0.01 || dev < 0.195 || dev > 0.205 {
		t.Errorf("mean %v, deviation %v, want -0.02 and 0.2", mean, dev)
	}
}
