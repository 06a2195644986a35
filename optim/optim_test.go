package optim_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
)

func line() (*nn.Dense, *tensor.Tensor) {
	d := nn.NewDense(1)
	nn.Init(d, nn.Constant(2))
	return d, tensor.Matrix([][]float32{{1, 2}, {3, 4}})
}

func TestSGDStep(t *testing.T) {
	d, x := line()
	opt := optim.NewSGD(nn.Parameters(d), optim.LR(0.5), optim.WD(0.25))
	d.Forward(nn.Train(), x).Backward()
	d.Bias.SetLRMult(0)
	opt.Step(2)
	// gradient of w: [4 6]; w = 2 - 0.5 (g/2 + 0.25*2)
	if got := d.Weight.Value().Float64s(); got[0] != 2-0.5*(2+0.5) || got[1] != 2-0.5*(3+0.5) {
		t.Errorf("weight %v", got)
	}
	if b := d.Bias.Value().Item(); b != 0 {
		t.Errorf("a parameter with multiplier 0 moved to %v", b)
	}
}

func TestStepWithoutGradients(t *testing.T) {
	for _, make := range []func(ps []nn.Named) optim.Optimizer{
		func(ps []nn.Named) optim.Optimizer { return optim.NewSGD(ps) },
		func(ps []nn.Named) optim.Optimizer { return optim.NewAdam(ps) },
	} {
		d, x := line()
		opt := make(nn.Parameters(d))
		d.Forward(nn.Train(), x).Backward()
		opt.Step(2)
		before := d.Weight.Value().Float64s()
		err := tensor.Try(func() { opt.Step(2) })
		if err == nil || !strings.Contains(err.Error(), "did you call Backward?") {
			t.Errorf("a second Step without Backward: %v", err)
		}
		if after := d.Weight.Value().Float64s(); after[0] != before[0] {
			t.Error("the refused Step changed a parameter")
		}
		if err := tensor.Try(func() { opt.Step(0) }); err == nil {
			t.Error("batch size 0 was accepted")
		}
	}
}

func TestUnusedParametersAreSkippedWithOneWarning(t *testing.T) {
	var out bytes.Buffer
	old := optim.Warnings
	optim.Warnings = &out
	defer func() { optim.Warnings = old }()
	a, x := line()
	never := nn.NewDense(3)
	unused, _ := line()
	net := nn.Sequential{a, unused, never}
	nn.Init(net, nn.Constant(2))
	unused.Forward(nn.Train(), x)
	opt := optim.NewSGD(nn.Parameters(net), optim.LR(1), optim.WD(1))
	for range 3 {
		a.Forward(nn.Train(), x).Backward()
		opt.Step(2)
	}
	if got := unused.Weight.Value().At(0, 0); got != 2 {
		t.Errorf("an unused parameter decayed to %v", got)
	}
	want := "sgd: no gradient reached 1.Weight, 1.Bias, 2.Weight, 2.Bias since the last step; skipped, and not mentioned again\n"
	if out.String() != want {
		t.Errorf("warning %q, want %q", out.String(), want)
	}
}

func TestLearningRate(t *testing.T) {
	d, _ := line()
	for _, opt := range []optim.Optimizer{
		optim.NewSGD(nn.Parameters(d), optim.LR(0.1)),
		optim.NewAdam(nn.Parameters(d), optim.LR(0.1), optim.Betas{0.8, 0.9}, optim.Eps(1e-6)),
	} {
		if opt.LR() != 0.1 {
			t.Errorf("rate %v", opt.LR())
		}
		opt.SetLR(0.2)
		if opt.LR() != 0.2 {
			t.Errorf("rate %v after SetLR", opt.LR())
		}
	}
}

func TestStateStartsAnewWithTheValue(t *testing.T) {
	for name, makeOptimizer := range map[string]func(ps []nn.Named) optim.Optimizer{
		"momentum": func(ps []nn.Named) optim.Optimizer { return optim.NewSGD(ps, optim.Momentum(0.9)) },
		"adam":     func(ps []nn.Named) optim.Optimizer { return optim.NewAdam(ps) },
	} {
		d, x := line()
		opt := makeOptimizer(nn.Parameters(d))
		step := func() []float64 {
			d.Forward(nn.Train(), x).Square().Backward()
			opt.Step(2)
			return d.Weight.Value().Float64s()
		}
		first := step()
		step()
		nn.Init(d, nn.Constant(2))
		if again := step(); again[0] != first[0] || again[1] != first[1] {
			t.Errorf("%s: the first step after Init leads to %v, that of a new optimizer to %v", name, again, first)
		}
	}
}

func TestWeightDecayMultiplier(t *testing.T) {
	d, x := line()
	d.Bias.SetValue(tensor.Of([]float32{8}))
	d.Bias.SetWDMult(0)
	d.Weight.SetWDMult(2)
	opt := optim.NewSGD(nn.Parameters(d), optim.LR(0.5), optim.WD(0.25))
	d.Forward(nn.Train(), x).Backward()
	opt.Step(2)
	if b := d.Bias.Value().Item(); b != 8-0.5 {
		t.Errorf("bias %v, want 7.5: no decay", b)
	}
	if w := d.Weight.Value().At(0, 0); w != 2-0.5*(2+0.5*2) {
		t.Errorf("weight %v: twice the decay", w)
	}
}
