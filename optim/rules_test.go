package optim_test

import (
	"encoding/json"
	"math"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
)

// TestRulesAgainstPyTorch compares 50 steps with those in testdata/optimizers.json, which tools/oracle/optim.py writes. PyTorch takes the
// gradient of the mean of a batch: clipping is of g/n.
func TestRulesAgainstPyTorch(t *testing.T) {
	text, err := os.ReadFile("testdata/optimizers.json")
	if err != nil {
		t.Fatal(err)
	}
	var oracle struct {
		Start   []packed
		Batches []struct {
			X packed
			Y []int
		}
		After map[string]map[string][]packed
		Norms []float64
	}
	if err := json.Unmarshal(text, &oracle); err != nil {
		t.Fatal(err)
	}
	type params = []nn.Named
	optimizers := map[string]func(ps params) optim.Optimizer{
		"nesterov": func(ps params) optim.Optimizer {
			return optim.NewSGD(ps, optim.LR(0.1), optim.Momentum(0.9), optim.Nesterov, optim.WD(0.05))
		},
		"adamw": func(ps params) optim.Optimizer { return optim.NewAdamW(ps, optim.LR(0.02)) },
		"adamw all": func(ps params) optim.Optimizer {
			return optim.NewAdamW(ps, optim.LR(0.02), optim.Betas{0.8, 0.95}, optim.Eps(1e-3), optim.WD(0.2))
		},
		"rmsprop": func(ps params) optim.Optimizer { return optim.NewRMSProp(ps, optim.LR(0.01), optim.WD(0.05)) },
		"rmsprop momentum": func(ps params) optim.Optimizer {
			return optim.NewRMSProp(ps, optim.LR(0.005), optim.Alpha(0.9), optim.Momentum(0.8), optim.Eps(1e-4))
		},
		"rmsprop centered": func(ps params) optim.Optimizer {
			return optim.NewRMSProp(ps, optim.LR(0.005), optim.Centered, optim.Eps(1e-2))
		},
		"rmsprop centered momentum": func(ps params) optim.Optimizer {
			return optim.NewRMSProp(ps, optim.LR(0.005), optim.Alpha(0.95), optim.Centered, optim.Momentum(0.5), optim.Eps(1e-2))
		},
		"adagrad":  func(ps params) optim.Optimizer { return optim.NewAdagrad(ps, optim.LR(0.1), optim.WD(0.05)) },
		"adadelta": func(ps params) optim.Optimizer { return optim.NewAdadelta(ps, optim.WD(0.01)) },
		"adadelta lr": func(ps params) optim.Optimizer {
			return optim.NewAdadelta(ps, optim.LR(0.5), optim.Rho(0.95), optim.Eps(1e-4))
		},
		"clip norm": func(ps params) optim.Optimizer {
			return optim.NewSGD(ps, optim.LR(0.3), optim.Momentum(0.5), optim.WD(0.1), optim.ClipNorm(0.3))
		},
		"clip value": func(ps params) optim.Optimizer {
			return optim.NewSGD(ps, optim.LR(0.3), optim.WD(0.1), optim.ClipValue(0.05))
		},
	}
	for _, wd := range []float64{0, 0.05} {
		add := func(name string, f func(ps params) optim.Optimizer) {
			if wd != 0 {
				name += " wd"
			}
			optimizers[name] = f
		}
		wd := optim.WD(wd)
		add("amsgrad", func(ps params) optim.Optimizer {
			return optim.NewAdam(ps, optim.LR(0.05), optim.AMSGrad, optim.Eps(1e-12), wd)
		})
		add("adamw amsgrad", func(ps params) optim.Optimizer {
			return optim.NewAdamW(ps, optim.LR(0.05), optim.AMSGrad, optim.Eps(1e-3), wd)
		})
		add("adamax", func(ps params) optim.Optimizer { return optim.NewAdamax(ps, optim.LR(0.02), wd) })
		add("nadam", func(ps params) optim.Optimizer { return optim.NewNadam(ps, optim.LR(0.02), optim.Eps(1e-3), wd) })
		add("radam", func(ps params) optim.Optimizer { return optim.NewRAdam(ps, optim.LR(0.02), wd) })
		add("yogi", func(ps params) optim.Optimizer { return optim.NewYogi(ps, wd) })
		add("lamb", func(ps params) optim.Optimizer { return optim.NewLAMB(ps, optim.LR(0.02), wd) })
		add("lars", func(ps params) optim.Optimizer { return optim.NewLARS(ps, optim.LR(0.2), optim.Trust(0.1), wd) })
		add("lion", func(ps params) optim.Optimizer { return optim.NewLion(ps, optim.LR(0.01), wd) })
		add("ftrl", func(ps params) optim.Optimizer { return optim.NewFtrl(ps, optim.L1(0.02), wd) })
	}
	if len(optimizers) != len(oracle.After) {
		t.Errorf("%d optimizers, PyTorch has %d", len(optimizers), len(oracle.After))
	}
	for name, makeOptimizer := range optimizers {
		t.Run(name, func(t *testing.T) {
			for _, dt := range []tensor.DType{tensor.Float64, tensor.Float32} {
				net := nn.Sequential{nn.NewDense(4, nn.Tanh), nn.NewDense(3)}
				params := nn.Parameters(net)
				for i, p := range params {
					p.SetValue(oracle.Start[i].tensor().AsType(dt))
				}
				opt := makeOptimizer(params)
				for k, b := range oracle.Batches {
					nn.SoftmaxCrossEntropy(net.Forward(nn.Train(), b.X.tensor().AsType(dt)), tensor.Of(b.Y)).Backward()
					if name == "clip norm" { // by hand: the norm that PyTorch returned; then the option has nothing left to do
						norm := optim.ClipGradNorm(params, 0.3*float64(len(b.Y))) / float64(len(b.Y))
						if want := oracle.Norms[k]; !(math.Abs(norm-want) <= 1e-4*want) {
							t.Errorf("step %d: norm %v, PyTorch's %v", k+1, norm, want)
						}
					}
					opt.Step(len(b.Y))
					for i, want := range oracle.After[name][strconv.Itoa(k+1)] {
						tol := map[tensor.DType]float64{tensor.Float64: 2e-6, tensor.Float32: 5e-5}[dt]
						if got := params[i].Value().Detach(); !tensor.AllClose(got, want.tensor().AsType(dt), tol, tol) {
							t.Errorf("%v, step %d, %s:\n%v\nPyTorch:\n%v", dt, k+1, params[i].Path, got, want.tensor())
						}
					}
				}
			}
		})
	}
}

// TestClipNormIsClipGradNorm wants the option and the function to lead to the same weights.
func TestClipNormIsClipGradNorm(t *testing.T) {
	run := func(byHand bool, opts ...optim.SGDOption) []float64 {
		d, x := line()
		params := nn.Parameters(d)
		opt := optim.NewSGD(params, opts...)
		for range 5 {
			d.Forward(nn.Train(), x).Square().Backward()
			if byHand {
				if norm := optim.ClipGradNorm(params, 2*0.5); norm < 1 {
					t.Error("nothing to clip")
				}
			}
			opt.Step(2)
		}
		return d.Weight.Value().Float64s()
	}
	a, b := run(false, optim.LR(0.1), optim.ClipNorm(0.5)), run(true, optim.LR(0.1))
	for i := range a {
		if math.Abs(a[i]-b[i]) > 1e-6 {
			t.Errorf("%v with the option, %v by hand", a, b)
		}
	}
	if got := optim.ClipGradNorm(nil, 1); got != 0 {
		t.Errorf("the norm of nothing is %v", got)
	}
}

func TestNesterovWantsMomentum(t *testing.T) {
	if err := tensor.Try(func() { optim.NewSGD(nil, optim.Nesterov) }); err == nil {
		t.Error("no panic")
	}
}

func TestEveryStateStartsAnew(t *testing.T) {
	for name, makeOptimizer := range map[string]func(ps []nn.Named) optim.Optimizer{
		"adamw":    func(ps []nn.Named) optim.Optimizer { return optim.NewAdamW(ps) },
		"nesterov": func(ps []nn.Named) optim.Optimizer { return optim.NewSGD(ps, optim.Momentum(0.9), optim.Nesterov) },
		"rmsprop": func(ps []nn.Named) optim.Optimizer {
			return optim.NewRMSProp(ps, optim.Momentum(0.9), optim.Centered)
		},
		"adagrad":  func(ps []nn.Named) optim.Optimizer { return optim.NewAdagrad(ps) },
		"adadelta": func(ps []nn.Named) optim.Optimizer { return optim.NewAdadelta(ps) },
		"ftrl":     func(ps []nn.Named) optim.Optimizer { return optim.NewFtrl(ps) },
		"lion":     func(ps []nn.Named) optim.Optimizer { return optim.NewLion(ps) },
	} {
		d, x := line()
		opt := makeOptimizer(nn.Parameters(d))
		step := func() float64 {
			d.Forward(nn.Train(), x).Square().Backward()
			opt.Step(2)
			return d.Weight.Value().At(0, 0)
		}
		first := step()
		step()
		nn.Init(d, nn.Constant(2))
		if again := step(); again != first {
			t.Errorf("%s: the first step after Init leads to %v, that of a new optimizer to %v", name, again, first)
		}
	}
}

// BenchmarkStep is a step over 60 small parameters.
func BenchmarkStep(b *testing.B) {
	var params []nn.Named
	for range 60 {
		p := nn.NewParam()
		p.SetValue(tensor.Ones(32))
		params = append(params, nn.Named{Path: "w", Param: p})
	}
	for name, opt := range map[string]optim.Optimizer{
		"sgd": optim.NewSGD(params), "momentum": optim.NewSGD(params, optim.Momentum(0.9)), "adam": optim.NewAdam(params),
		"clip": optim.NewSGD(params, optim.ClipNorm(1)),
	} {
		b.Run(name, func(b *testing.B) {
			var losses []*tensor.Tensor
			for _, p := range params {
				losses = append(losses, p.Value().Sum())
			}
			sum := tensor.Stack(0, losses...).Sum()
			best := time.Hour
			b.ReportAllocs()
			for b.Loop() { // Backward makes the gradients fresh; the timer is too slow to stop here
				sum.Backward(tensor.Retain)
				start := time.Now()
				opt.Step(1)
				best = min(best, time.Since(start))
			}
			b.ReportMetric(float64(best.Nanoseconds())/float64(len(params)), "ns/param")
		})
	}
}
