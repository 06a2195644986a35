package d2l_test

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/d2l"
	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/show"
	"github.com/fathom-ml/fathom/tensor"
)

// leNet is the network of 6.6 with another activation.
func leNet(act *nn.Activation) nn.Sequential {
	return nn.Sequential{
		nn.NewConv2D(6, 5, nn.Pad(2), act), nn.NewAvgPool2D(2),
		nn.NewConv2D(16, 5, act), nn.NewAvgPool2D(2),
		nn.NewDense(120, act), nn.NewDense(84, act), nn.NewDense(10),
	}
}

func adam(ps []nn.Named, lr float64) optim.Optimizer { return optim.NewAdam(ps, optim.LR(lr)) }

func TestTrainCh6(t *testing.T) {
	tensor.Seed(0)
	s := newScreen()
	train, test := d2l.LoadImages(data.Digits(true), data.Digits(false), 32)
	net := leNet(nn.ReLU)
	file := filepath.Join(t.TempDir(), "net.safetensors")
	err := d2l.TrainCh6(s, net, train, test, 2, 0.003, d2l.TryGPU(), d2l.Optimizer(adam), d2l.SaveTo(file))
	if err != nil {
		t.Fatal(err)
	}
	// 45 batches an epoch: points after 9, 18, 27, 36, 45
	if a, b, c := len(s.metrics["train loss"]), len(s.metrics["train acc"]), len(s.metrics["test acc"]); a != 10 || b != 10 || c != 2 {
		t.Errorf("%d, %d and %d points", a, b, c)
	}
	for _, name := range []string{"train loss", "train acc", "test acc"} {
		curve := s.metrics[name]
		if len(curve) == 0 || curve[len(curve)-1] != s.results[name] {
			t.Errorf("%s: curve %v, result %v", name, curve, s.results[name])
		}
	}
	acc, err := d2l.EvaluateAccuracyGPU(s, net, test)
	if err != nil || acc != s.results["test acc"] || acc < 0.75 {
		t.Errorf("test accuracy %v, reported %v, error %v", acc, s.results["test acc"], err)
	}
	lines := strings.Split(s.text.String(), "\n")
	if !strings.HasPrefix(lines[0], "loss 0.") || !strings.Contains(lines[0], ", test acc 0.") || !strings.HasSuffix(lines[1], " examples/sec on cpu(0)") {
		t.Errorf("printed %q", lines)
	}
	if r := s.figures["training"].Axes[0].XLim; r != (plot.Range{Max: 2}) || s.done != 1 {
		t.Errorf("axis %v, done %d times", r, s.done)
	}
	again := leNet(nn.ReLU)
	if err := nn.Load(file, again); err != nil {
		t.Fatal(err)
	}
	if got, err := d2l.EvaluateAccuracy(s, again, test); err != nil || got != acc {
		t.Errorf("the saved network has accuracy %v, %v; want %v", got, err, acc)
	}
}

// TrainCh6 starts anew, whatever the network learned before, with Xavier's weights and zero biases.
func TestTrainCh6Reinitialises(t *testing.T) {
	train, test := d2l.LoadImages(data.Digits(true).Take(64), data.Digits(false).Take(10), 64)
	net := leNet(nn.Sigmoid)
	nn.Init(net, nn.Constant(1))
	net.Forward(nn.Eval(), tensor.Zeros(1, 1, 28, 28))
	if err := d2l.TrainCh6(newScreen(), net, train, test, 1, 1e-12, d2l.TryGPU()); err != nil {
		t.Fatal(err)
	}
	conv := net[0].(*nn.Conv2D)
	bound := math.Sqrt(6.0 / (25 + 6*25))
	if w := conv.Weight.Value().Abs().Max().Item(); w > bound*(1+1e-6) || w < 0.9*bound {
		t.Errorf("the largest weight is %v, Xavier's bound %v", w, bound)
	}
	if b := conv.Bias.Value().Abs().Max().Item(); b > 1e-9 {
		t.Errorf("a bias of %v", b)
	}
}

func TestTrainCh6ErrorOfSave(t *testing.T) {
	train, test := d2l.LoadImages(data.Digits(true).Take(8), data.Digits(false).Take(8), 8)
	err := d2l.TrainCh6(newScreen(), leNet(nn.ReLU), train, test, 1, 0.1, d2l.TryGPU(),
		d2l.SaveTo(filepath.Join(t.TempDir(), "missing", "net.safetensors")))
	if err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("error %v", err)
	}
}

func TestTrainCh6Cancel(t *testing.T) {
	s := newScreen()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s.ctx = ctx
	train, test := d2l.LoadImages(data.Digits(true), data.Digits(false), 32)
	defer func() {
		if _, ok := recover().(show.Interrupted); !ok {
			t.Error("the training went on")
		}
	}()
	_ = d2l.TrainCh6(s, leNet(nn.Sigmoid), train, test, 1, 0.9, d2l.TryGPU())
}

// sampler is a screen that measures after some steps of a training, when their scope is closed.
type sampler struct {
	*screen
	step    int
	measure func() int64
	at      map[int]int64
}

// sample trains a LeNet for 300 steps and measures after some of them.
func sample(t *testing.T, set, test *data.ImageSet, batch int, measure func() int64, steps ...int) []int64 {
	t.Helper()
	tensor.Seed(0)
	s := &sampler{newScreen(), 0, measure, map[int]int64{}}
	for _, k := range steps {
		s.at[k] = 0
	}
	train, testIter := d2l.LoadImages(set, test, batch)
	epochs := (300 + train.Len() - 1) / train.Len()
	if err := d2l.TrainCh6(s, leNet(nn.Sigmoid), train, testIter, epochs, 0.9, d2l.TryGPU()); err != nil {
		t.Fatal(err)
	}
	values := make([]int64, len(steps))
	for i, k := range steps {
		values[i] = s.at[k]
	}
	return values
}

func (s *sampler) Progress(string, int) show.Progress { return s }
func (s *sampler) Note(string)                        {}
func (s *sampler) Done()                              {}
func (s *sampler) Add(n int) {
	s.step += n
	if _, ok := s.at[s.step]; ok {
		s.at[s.step] = s.measure()
	}
}

// What a step made goes back when it ends: the same bytes are live after 300 steps as after 3, plain
// memory included.
func TestTrainCh6Live(t *testing.T) {
	if testing.Short() {
		t.Skip("300 steps of 32 examples")
	}
	tensor.TraceSites(true)
	defer tensor.TraceSites(false)
	live := sample(t, data.Digits(true), data.Digits(false), 32, func() int64 {
		runtime.GC()
		runtime.GC()
		return tensor.Stats().Live
	}, 3, 300)
	if live[0] != live[1] || live[0] < 2*4*61706 {
		t.Errorf("%d live bytes after 3 steps, %d after 300", live[0], live[1])
	}
}

// The process does not grow after 30 steps, garbage not counted.
func TestTrainCh6Resident(t *testing.T) {
	if testing.Short() {
		t.Skip("300 steps of 256 examples")
	}
	if resident() == 0 {
		t.Skip("the system does not tell the resident memory")
	}
	const n = 5120
	images, labels := tensor.ZerosOf(tensor.Uint8, n, 28, 28, 1), tensor.ZerosOf(tensor.Int32, n)
	set := data.NewImageSet("black", images, labels)
	r := sample(t, set, set.Take(512), 256, func() int64 {
		debug.FreeOSMemory()
		return resident()
	}, 30, 300)
	t.Logf("resident: %.1f MB after 30 steps, %.1f MB after 300", float64(r[0])/1e6, float64(r[1])/1e6)
	if float64(r[1]) > 1.1*float64(r[0]) {
		t.Errorf("%d bytes resident after 30 steps, %d after 300", r[0], r[1])
	}
}

// resident is the memory of the process that is in RAM, 0 if the system does not tell.
func resident() int64 {
	status, _ := os.ReadFile("/proc/self/status")
	_, after, _ := bytes.Cut(status, []byte("VmRSS:"))
	kb, _, _ := bytes.Cut(bytes.TrimSpace(after), []byte(" "))
	n, _ := strconv.ParseInt(string(kb), 10, 64)
	return n << 10
}

// A step of TrainCh6 allocates at most 64 KiB of Go memory: what more epochs cost, display included.
func TestTrainCh6Allocates(t *testing.T) {
	train, test := d2l.LoadImages(data.Digits(true), data.Digits(false).Take(10), 256)
	allocated := func(epochs int) int {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := d2l.TrainCh6(newScreen(), leNet(nn.Sigmoid), train, test, epochs, 0.9, d2l.TryGPU()); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		return int(after.TotalAlloc - before.TotalAlloc)
	}
	if testing.Short() {
		t.Skip("counts the memory of many steps")
	}
	allocated(3) // fills the pools
	got := math.MaxInt
	for range 3 { // a collection in between empties pools
		two := allocated(2)
		if got = min(got, (allocated(42)-two)/(40*train.Len())); got <= 64<<10 {
			break
		}
	}
	t.Logf("%d bytes a step", got)
	if got > 64<<10 {
		t.Errorf("a step allocates %d bytes, want at most 64 KiB", got)
	}
}
