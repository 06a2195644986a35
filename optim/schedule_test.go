package optim_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
)

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Max(1, math.Abs(b)) }

// TestSchedulesAgainstPyTorch compares 60 rates with those of torch.optim.lr_scheduler (tools/oracle/optim.py).
func TestSchedulesAgainstPyTorch(t *testing.T) {
	text, err := os.ReadFile("testdata/optimizers.json")
	if err != nil {
		t.Fatal(err)
	}
	var oracle struct {
		Schedules map[string][]float64
		Falling   []float64
	}
	if err := json.Unmarshal(text, &oracle); err != nil {
		t.Fatal(err)
	}
	later := func(s optim.Schedule) optim.Schedule {
		return optim.ScheduleFunc(func(t int) float64 { return s.At(t + 1) })
	}
	schedules := map[string]optim.Schedule{
		"step":        later(optim.Factor(0.5, 0.6, 7, 0)),
		"multistep":   later(optim.MultiFactor(0.5, 0.3, 20, 5, 21)),
		"exponential": optim.Exponential(0.5, 0.93),
		"linear":      optim.Linear(0.1, 0.5, 25),
		"poly":        optim.Poly(0.5, 0, 2, 30),
		"cosine":      optim.Cosine(0.5, 0.01, 59),
		"restarts":    optim.Restarts(0.5, 0.02, 6, 2),
		"onecycle":    optim.OneCycle(0.4, 61),
		"sequential":  optim.WarmUp(10, 0.05, optim.Exponential(0.5, 0.9)),
	}
	for name, s := range schedules {
		if len(oracle.Schedules[name]) != 60 {
			t.Fatalf("%s: PyTorch has %d rates", name, len(oracle.Schedules[name]))
		}
		for k, want := range oracle.Schedules[name] {
			if got := s.At(k); !near(got, want) {
				t.Errorf("%s at %d: %v, PyTorch's %v", name, k, got, want)
			}
		}
	}
	for name, rising := range map[string]bool{"plateau": false, "plateau rising": true} {
		p := optim.NewPlateau()
		sign := 1.0
		if rising {
			p.Patience, p.Rising, sign = 5, true, -1
		} else {
			p.Factor, p.Patience, p.Cooldown, p.Least = 0.5, 3, 2, 0.01
		}
		opt := optim.NewSGD(nil, optim.LR(0.5))
		for k, want := range oracle.Schedules[name] {
			if k == 30 { // goes on from its state
				q := optim.NewPlateau()
				q.Factor, q.Patience, q.Cooldown, q.Least, q.Rising = p.Factor, p.Patience, p.Cooldown, p.Least, p.Rising
				if err := q.SetState(p.State()); err != nil {
					t.Fatal(err)
				}
				p = q
			}
			if p.Step(opt, sign*oracle.Falling[k]); !near(opt.LR(), want) {
				t.Errorf("%s after %d values: %v, PyTorch's %v", name, k+1, opt.LR(), want)
			}
		}
	}
	if len(schedules)+2 != len(oracle.Schedules) {
		t.Errorf("%d schedules of %d compared", len(schedules)+2, len(oracle.Schedules))
	}
}

// TestBookSchedules holds the rates of 11.11.
func TestBookSchedules(t *testing.T) {
	for name, c := range map[string]struct {
		s    optim.Schedule
		want map[int]float64
	}{
		"square root":  {optim.SquareRoot(0.1), map[int]float64{0: 0.1, 1: 0.1 / math.Sqrt2, 4: 0.1 / math.Sqrt(5), 9: 0.1 / math.Sqrt(10)}},
		"multi-factor": {optim.MultiFactor(0.5, 0.5, 15, 30), map[int]float64{0: 0.5, 15: 0.5, 16: 0.25, 30: 0.25, 31: 0.125}},
		"cosine": {optim.Cosine(0.3, 0.01, 20), map[int]float64{0: 0.3, 5: 0.01 + 0.29*(1+math.Sqrt2/2)/2, 10: 0.155,
			15: 0.01 + 0.29*(1-math.Sqrt2/2)/2, 20: 0.01, 29: 0.01}},
		"warm-up": {optim.WarmUp(5, 0, optim.Cosine(0.3, 0.01, 15)), map[int]float64{0: 0, 1: 0.06, 2: 0.12, 3: 0.18, 4: 0.24, 5: 0.3,
			10: 0.2275, 15: 0.0825, 20: 0.01, 25: 0.01}},
		"factor": {optim.Factor(2, 0.9, 1, 0.01), map[int]float64{1: 2, 2: 1.8, 3: 1.62, 1000: 0.01}},
		"noam":   {optim.Noam(512, 4000), map[int]float64{4000: math.Pow(512, -0.5) * math.Pow(4000, -0.5), 1: math.Pow(512, -0.5) * math.Pow(4000, -1.5)}},
		"chain": {optim.Chain(optim.Part{Steps: 2, Schedule: optim.Fixed(1)}, optim.Part{Steps: 3, Schedule: optim.Linear(1, 0, 2)},
			optim.Part{Schedule: optim.Product(optim.Fixed(5), optim.Exponential(1, 0.5))}), map[int]float64{0: 1, 1: 1, 2: 1, 3: 0.5, 4: 0, 5: 5, 6: 2.5}},
		"per epoch": {optim.PerEpoch(10, optim.Exponential(1, 0.5)), map[int]float64{1: 1, 10: 1, 11: 0.5, 20: 0.5, 21: 0.25}},
	} {
		for at, want := range c.want {
			if got := c.s.At(at); math.Abs(got-want) > 1e-12 {
				t.Errorf("%s at %d: %v, want %v", name, at, got, want)
			}
		}
	}
}

func TestWithSchedule(t *testing.T) {
	d, x := line()
	var rates []float64
	opt := optim.NewSGD(nn.Parameters(d), optim.WithSchedule(optim.ScheduleFunc(func(t int) float64 { return float64(t) / 100 })))
	for range 3 {
		d.Forward(nn.Train(), x).Backward()
		opt.Step(2)
		rates = append(rates, opt.LR())
	}
	if rates[0] != 0.01 || rates[2] != 0.03 {
		t.Errorf("rates %v", rates)
	}
	if err := tensor.Try(func() { opt.SetLR(1) }); err == nil {
		t.Error("SetLR beside a schedule was accepted")
	}
}
