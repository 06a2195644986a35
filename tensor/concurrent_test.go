package tensor_test

import (
	"math"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"

	. "github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/optest"
)

// These tests mean most under the race detector, with -tags noasm.

func TestManyReadersOfOneTensor(t *testing.T) {
	x, w := Arange(0, big).Reshape(20, 50), Full(0.01, 50, 30).RequireGrad()
	want := x.MatMul(w).Sum().Item()
	s := NewScope()
	defer s.Close()
	shared := s.In(x)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 20 {
				if y := x.T().Slice(R(i, 30)).Contiguous().Sum(); y.Size() != 1 {
					t.Error(y)
				}
				if got := x.MatMul(w).Sum().Item(); got != want {
					t.Errorf("%v, want %v", got, want)
				}
				shared.Add(x).Exp()
				if x.Float64s()[3] != 3 || x.String() == "" {
					t.Error("a reader saw another value")
				}
			}
		})
	}
	wg.Wait()
}

// Graphs on leaves of their own, which share plain values, run at once.
func TestBackwardOnManyGoroutines(t *testing.T) {
	x := Full(0.5, 8, 40)
	want := Full(0.1, 40, 40).RequireGrad()
	loss := func(w *Tensor) *Tensor {
		h := Checkpoint(func(xs ...*Tensor) *Tensor { return xs[0].MatMul(w).Tanh() }, x)
		return h.MatMul(w).Add(x).Mul(x).Square().Mean()
	}
	loss(want).Backward()
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			w := Full(0.1, 40, 40).RequireGrad()
			for range 10 {
				in := w
				if i%2 == 0 {
					s := NewScope()
					defer s.Close()
					in = s.In(w)
				}
				loss(in).Backward()
				if !Equal(w.Grad(), want.Grad()) {
					t.Error("another gradient on another goroutine")
				}
			}
		})
	}
	wg.Wait()
}

// races are programs that break the rules: a write beside a read, and two Backward calls on one leaf.
var races = map[string]func(x *Tensor) (a, b func()){
	"write": func(x *Tensor) (a, b func()) {
		return func() { x.Fill(2) }, func() { x.Sum() }
	},
	"leaf": func(x *Tensor) (a, b func()) {
		x.RequireGrad()
		f := func() { x.Square().Sum().Backward() }
		return f, f
	},
}

// The race detector finds a planted race: in a child process, since it would end this one.
func TestPlantedRace(t *testing.T) {
	const variable = "FATHOM_PLANTED_RACE"
	if name := os.Getenv(variable); name != "" {
		a, b := races[name](Ones(big))
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() { _ = Try(a) })
			wg.Go(func() { _ = Try(b) })
		}
		wg.Wait()
		return
	}
	if !raceDetector {
		t.Skip("wants the race detector: go test -race -tags noasm")
	}
	for name := range races {
		cmd := exec.Command(os.Args[0], "-test.run=^TestPlantedRace$")
		cmd.Env = append(os.Environ(), variable+"="+name, "GORACE=halt_on_error=1")
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "DATA RACE") {
			t.Errorf("%s: not found: %v\n%s", name, err, out)
		}
	}
}

// Views of temporaries, whose handles are gone, while another goroutine collects all the time.
func TestTemporariesSurviveCollections(t *testing.T) {
	stop := make(chan struct{})
	var collector sync.WaitGroup
	collector.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
			}
		}
	})
	defer collector.Wait()
	defer close(stop)
	w := Full(2, big).RequireGrad()
	rounds := 60
	if testing.Short() {
		rounds = 20
	}
	var views []*Tensor
	var rows [][]float32
	for i := range rounds {
		v := float64(i)
		views = append(views, Full(v, big, 4).AddScalar(1).T().Slice(I(3), R(10, 20)))
		rows = append(rows, Data[float32](Full(v, big).MulScalar(2)))
		y := w.Mul(Full(v, big)).Reshape(10, -1).Slice(I(2))
		y.Square().Sum().Backward()
		if g := w.Grad().At(2*big/10 + 1); g != 4*v*v {
			t.Fatalf("gradient %v, want %v", g, 4*v*v)
		}
	}
	for i := range views {
		if views[i].Sum().Item() != 10*float64(i+1) || rows[i][big-1] != float32(2*i) {
			t.Fatal(i, views[i], rows[i][big-1])
		}
	}
}

func gru(x, h, wz, uz, wh, uh *Tensor) *Tensor {
	z := x.MatMul(wz).Add(h.MatMul(uz)).Sigmoid()
	c := x.MatMul(wh).Add(h.MatMul(uh)).Tanh()
	return z.Mul(h).Add(z.Neg().AddScalar(1).Mul(c))
}

// A recurrent net written by hand, its state carried from step to step by Detach (8.5).
func TestLiveBytesOfGRUWithCarriedState(t *testing.T) {
	for name, scoped := range map[string]bool{"by hand": false, "with scopes": true} {
		t.Run(name, func(t *testing.T) {
			TraceSites(true)
			defer TraceSites(false)
			const n, hidden, steps = 4, 24, 5
			ws := make([]*Tensor, 4)
			for i := range ws {
				ws[i] = Full(0.01*float64(i+1), hidden, hidden).RequireGrad()
			}
			x, h := Full(0.1, n, hidden), Zeros(n, hidden)
			var losses []*Tensor
			var at3 int64
			for k := 1; k <= 300; k++ {
				var s *Scope
				in, state := x, h
				if scoped {
					s = NewScope()
					in, state = s.In(x), s.In(h)
				}
				for range steps {
					state = gru(in, state, ws[0], ws[1], ws[2], ws[3])
				}
				loss := state.Sub(in).Square().Mean()
				loss.Backward()
				losses = append(losses, loss.Detach())
				for _, w := range ws {
					w.AddScaled(-0.1, w.Grad())
				}
				h = state.Detach()
				if scoped {
					s.Keep(h)
					s.Close()
				}
				if k == 3 {
					at3 = optest.Live()
				}
			}
			const ofLoss = 64 // a 0-d tensor that is kept
			if l := optest.Live(); float64(l) > 1.01*float64(at3)+297*ofLoss {
				t.Errorf("%d bytes live after 300 steps, %d after 3", l, at3)
			}
			for k, want := range map[int]float64{0: 0.004289473, 1: 0.03758324, 9: 0.02515353, 99: 0.0002147717} { // PyTorch's
				if got := losses[k].Item(); math.Abs(got-want) > 1e-3*want {
					t.Errorf("loss %d is %v, want %v", k, got, want)
				}
			}
			runtime.KeepAlive(h)
			runtime.KeepAlive(ws)
		})
	}
}
