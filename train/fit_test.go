package train_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/metric"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/show"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
	"github.com/fathom-ml/fathom/train"
)

// spiral is two classes that no line parts.
func spiral(n int) *data.Tensors {
	r := random.New(5)
	x := r.Uniform(-1, 1, n, 2)
	y := x.Slice(tensor.All, tensor.I(0)).Mul(x.Slice(tensor.All, tensor.I(1))).GtScalar(0).AsType(tensor.Int32)
	return data.NewTensors(x, y)
}

// task is a small network with everything that has a state: dropout, batch normalisation, Adam, a shuffled loader, a schedule.
func task(prefetch int) (train.Task[data.Batch], nn.Sequential) {
	net := nn.Sequential{nn.NewDense(16, nn.ReLU), nn.NewBatchNorm(), nn.NewDropout(0.1), nn.NewDense(16, nn.Tanh), nn.NewDense(2)}
	nn.Init(net, nn.Xavier())
	loader := data.NewLoader(spiral(200), 20, data.Shuffle(true), data.Prefetch(prefetch))
	opt := optim.NewAdam(nn.Parameters(net), optim.WithSchedule(optim.WarmUp(10, 0, optim.Cosine(0.02, 0.001, 100))))
	return train.Task[data.Batch]{Model: net, Optimizer: opt, Batches: loader, Loss: train.Pairs(net, nn.SoftmaxCrossEntropy)}, net
}

func TestFitLearns(t *testing.T) {
	tensor.Seed(0)
	tk, net := task(0)
	acc := metric.NewAccuracy()
	tk.Loss = func(c *nn.Ctx, b data.Batch) *tensor.Tensor {
		x, y := b.XY()
		yHat := net.Forward(c, c.In(x))
		acc.Update(yHat, y)
		return nn.SoftmaxCrossEntropy(yHat, y)
	}
	var out, lines bytes.Buffer
	d := show.Plain(context.Background(), &out)
	valid := data.NewLoader(spiral(100), 50)
	dir := t.TempDir()
	epochs := 0
	err := train.Fit(t.Context(), tk, 20, train.Track(acc),
		train.Validate(func(r *train.Run) (map[string]float64, error) {
			m := metric.NewAccuracy()
			loss, err := train.Evaluate(r, valid, func(c *nn.Ctx, b data.Batch) *tensor.Tensor {
				x, y := b.XY()
				yHat := net.Forward(c, c.In(x))
				m.Update(yHat, y)
				return nn.SoftmaxCrossEntropy(yHat, y)
			})
			return map[string]float64{"valid loss": loss, "valid acc": m.Value()}, err
		}),
		train.Callback{Epoch: func(r *train.Run) error { epochs++; return nil }},
		train.Progress(d), train.Chart(d, "train loss", "valid acc"), train.JSONLines(&lines), train.TensorBoard(dir, train.Histograms(), train.BoardEvery(5)))
	if err != nil {
		t.Fatal(err)
	}
	if epochs != 20 {
		t.Errorf("%d epochs", epochs)
	}
	all := strings.Split(strings.TrimSpace(lines.String()), "\n")
	if len(all) != 20*11 {
		t.Fatalf("%d lines, want one for each of 200 updates and 20 epochs", len(all))
	}
	var last map[string]float64
	if err := json.Unmarshal([]byte(all[len(all)-1]), &last); err != nil {
		t.Fatal(err)
	}
	if last["step"] != 200 || last["epoch"] != 20 || last["train accuracy"] < 0.85 || last["valid acc"] < 0.9 || last["train loss"] > 0.4 {
		t.Errorf("at the end: %v", last)
	}
	if s := out.String(); !strings.Contains(s, "valid acc") {
		t.Errorf("the display shows\n%s", s)
	}
	readEvents(t, dir)
}

// readEvents reads the records of the event file in a folder.
func readEvents(t *testing.T, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "events.out.tfevents.*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("event files %v", files)
	}
	b, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	table := crc32.MakeTable(crc32.Castagnoli)
	ok := func(data, sum []byte) bool {
		c := crc32.Checksum(data, table)
		return binary.LittleEndian.Uint32(sum) == (c>>15|c<<17)+0xa282ead8
	}
	records, text := 0, ""
	for len(b) > 0 {
		n := int(binary.LittleEndian.Uint64(b))
		if !ok(b[:8], b[8:12]) || !ok(b[12:12+n], b[12+n:16+n]) {
			t.Fatalf("record %d: a checksum is wrong", records)
		}
		text += string(b[12 : 12+n])
		b = b[16+n:]
		records++
	}
	if records != 1+40+20+20*8 {
		t.Errorf("%d records", records)
	}
	for _, want := range []string{"brain.Event:2", "loss", "lr", "train accuracy", "valid loss", "0.Weight"} {
		if !strings.Contains(text, want) {
			t.Errorf("the event file does not mention %s", want)
		}
	}
}

func TestAccumulateIsOneBatch(t *testing.T) {
	weights := func(batch, accumulate int) []float64 {
		tensor.Seed(1)
		net := nn.Sequential{nn.NewDense(4, nn.Tanh), nn.NewDense(2)}
		nn.Init(net, nn.Xavier())
		tk := train.Task[data.Batch]{Model: net, Optimizer: optim.NewSGD(nn.Parameters(net), optim.LR(0.5)), Accumulate: accumulate,
			Batches: data.NewLoader(spiral(60), batch), Loss: train.Pairs(net, nn.SoftmaxCrossEntropy)}
		if err := train.Fit(t.Context(), tk, 2); err != nil {
			t.Fatal(err)
		}
		return net[0].(*nn.Dense).Weight.Value().Float64s()
	}
	a, b := weights(20, 1), weights(5, 4)
	for i := range a {
		if math.Abs(a[i]-b[i]) > 1e-6 {
			t.Fatalf("%v in one batch, %v in four", a, b)
		}
	}
}

func TestEarlyStopping(t *testing.T) {
	tensor.Seed(0)
	tk, net := task(0)
	figures := []float64{5, 4, 4.5, 3, 3.5, 3.2, 3.1, 2}
	var best map[string]*tensor.Tensor
	epochs := 0
	err := train.Fit(t.Context(), tk, len(figures), train.Callback{Epoch: func(r *train.Run) error {
		r.Values["f"] = figures[r.Epoch-1]
		if epochs = r.Epoch; epochs == 4 {
			best = nn.State(net)
		}
		return nil
	}}, train.EarlyStopping("f", 2, train.RestoreBest()))
	if err != nil || epochs != 7 {
		t.Fatalf("ended after %d epochs, want 7: %v", epochs, err)
	}
	for name, v := range nn.State(net) {
		if !tensor.Equal(v, best[name]) {
			t.Errorf("%s is not that of the best epoch", name)
		}
	}
	err = train.Fit(t.Context(), tk, 1, train.EarlyStopping("g", 2))
	if err == nil || !strings.Contains(err.Error(), `no figure "g" among [train loss]`) {
		t.Errorf("a figure that is not there: %v", err)
	}
}

func TestStopSavesACheckpoint(t *testing.T) {
	tensor.Seed(0)
	path := filepath.Join(t.TempDir(), "run.safetensors")
	tk, _ := task(2)
	ctx, cancel := context.WithCancel(t.Context())
	steps := 0
	err := train.Fit(ctx, tk, 100, train.Callback{Step: func(r *train.Run) error {
		if steps++; steps == 13 {
			cancel()
		}
		return nil
	}}, train.Checkpoint(path))
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "epoch 2 after step 13") || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v", err)
	}
	if steps != 13 {
		t.Errorf("%d steps", steps)
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

func TestMisuseComesBackAsAnError(t *testing.T) {
	tk, _ := task(0)
	tk.Loss = func(c *nn.Ctx, b data.Batch) *tensor.Tensor { return tensor.Ones(2, 3).MatMul(tensor.Ones(2, 3)) }
	err := train.Fit(t.Context(), tk, 1)
	var misuse *tensor.Error
	if !errors.As(err, &misuse) || misuse.Op != "matmul" {
		t.Errorf("error %v", err)
	}
	boom := errors.New("boom")
	tk, _ = task(0)
	ended := false
	err = train.Fit(t.Context(), tk, 1, train.Callback{Step: func(*train.Run) error { return boom }, End: func(_ *train.Run, err error) error { ended = errors.Is(err, boom); return nil }})
	if !errors.Is(err, boom) || !ended {
		t.Errorf("error %v, the callback saw it: %v", err, ended)
	}
}

func TestSchedules(t *testing.T) {
	tensor.Seed(0)
	tk, net := task(0)
	tk.Optimizer = optim.NewSGD(nn.Parameters(net))
	var rates []float64
	see := train.Callback{Step: func(r *train.Run) error {
		if r.Batch == 1 {
			rates = append(rates, r.Optimizer.LR())
		}
		return nil
	}}
	if err := train.Fit(t.Context(), tk, 3, train.Schedule(optim.Exponential(0.4, 0.5)), see); err != nil {
		t.Fatal(err)
	}
	if rates[0] != 0.4 || rates[1] != 0.2 || rates[2] != 0.1 {
		t.Errorf("rates %v", rates)
	}
	p := optim.NewPlateau()
	p.Patience, p.Factor = 0, 0.5
	rates = nil
	flat := train.Callback{Epoch: func(r *train.Run) error { r.Values["f"] = 1; return nil }}
	if err := train.Fit(t.Context(), tk, 3, flat, train.Plateau("f", p), see); err != nil {
		t.Fatal(err)
	}
	if rates[2] >= rates[0] {
		t.Errorf("rates on a plateau %v", rates)
	}
}

func TestMix(t *testing.T) {
	ones, twos := data.NewTensors(tensor.Ones(6, 1)), data.NewTensors(tensor.Full(2, 9, 1))
	m := train.Mix(12, []float64{1, 2}, train.Source[data.Batch](data.NewLoader(ones, 2)), data.NewLoader(twos, 3))
	var got []float64
	for b := range m.All(t.Context()) {
		got = append(got, b[0].At(0, 0))
	}
	if m.Err() != nil || len(got) != 12 {
		t.Fatalf("%v, error %v", got, m.Err())
	}
	sum := 0.0
	for i, v := range got {
		if sum += v; i%3 == 2 && sum != 5*float64(i+1)/3 {
			t.Errorf("uneven: %v", got)
			break
		}
	}
	for _, f := range []func(){
		func() { train.Mix(1, nil, train.Source[data.Batch](data.NewLoader(ones, 1))) },
		func() { train.Mix(1, []float64{-1}, train.Source[data.Batch](data.NewLoader(ones, 1))) },
	} {
		if err := tensor.Try(f); err == nil {
			t.Error("no panic")
		}
	}
	for range m.All(t.Context()) {
		break // its sources are stopped
	}
}

func TestFindLR(t *testing.T) {
	tensor.Seed(0)
	tk, net := task(0)
	tk.Optimizer = optim.NewSGD(nn.Parameters(net), optim.LR(0.123), optim.Momentum(0.9))
	if _, err := train.FindLR(t.Context(), tk, 1e-4, 10, 60); err == nil || !strings.Contains(err.Error(), "run the model once") {
		t.Errorf("a model without values: %v", err)
	}
	net.Forward(nn.Train(), tensor.Ones(2, 2))
	before, streams := nn.State(net), random.States()
	s, err := train.FindLR(t.Context(), tk, 1e-4, 100, 60)
	if err != nil {
		t.Fatal(err)
	}
	if s.Suggestion < 1e-3 || s.Suggestion > 20 || len(s.Rates) < 20 {
		t.Errorf("suggests %v after %d rates", s.Suggestion, len(s.Rates))
	}
	for name, v := range nn.State(net) {
		if !tensor.Equal(v, before[name]) {
			t.Errorf("%s is not what it was", name)
		}
	}
	if tk.Optimizer.LR() != 0.123 || !bytes.Equal(streams, random.States()) {
		t.Error("optimizer or random streams are not what they were")
	}
	if _, err := s.Figure().SVG(); err != nil {
		t.Error(err)
	}
}
