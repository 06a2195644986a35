package train_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/format/safetensors"
	"github.com/fathom-ml/fathom/internal/atomicfile"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/train"
)

// sources are the ways in which batches reach a training that is killed and goes on.
var sources = map[string]func(tk *train.Task[data.Batch]){
	"loader": func(tk *train.Task[data.Batch]) {},
	"prefetch": func(tk *train.Task[data.Batch]) {
		tk.Batches = tk.Batches.(*data.Loader[data.Batch]).With(data.Prefetch(3))
	},
	"mix": func(tk *train.Task[data.Batch]) {
		tk.Batches = train.Mix(11, []float64{1, 2}, tk.Batches, train.Source[data.Batch](data.NewLoader(spiral(50), 20, data.Shuffle(true))))
	},
	"accumulate": func(tk *train.Task[data.Batch]) { tk.Accumulate = 3 },
}

// run trains for 8 epochs, goes on from path if it is there, and saves the model in final.
func run(source, path, final string, pause time.Duration) error {
	tensor.Seed(11)
	tk, net := task(0)
	sources[source](&tk)
	err := train.Fit(context.Background(), tk, 8,
		train.Callback{Step: func(r *train.Run) error { time.Sleep(pause); return nil }},
		train.Callback{Epoch: func(r *train.Run) error { r.Values["f"] = r.Mean.Value(); return nil }},
		train.EarlyStopping("f", 100, train.RestoreBest()),
		train.Checkpoint(path, train.EverySteps(3), train.EveryEpochs(2), train.Resume()))
	if err != nil {
		return err
	}
	return nn.Save(final, net)
}

// TestResumeChild is the process that TestKilledAndResumed kills.
func TestResumeChild(t *testing.T) {
	source := os.Getenv("FATHOM_RESUME_SOURCE")
	if source == "" {
		t.Skip("TestKilledAndResumed starts it")
	}
	fmt.Println("begins")
	if err := run(source, os.Getenv("FATHOM_RESUME_PATH"), os.Getenv("FATHOM_RESUME_FINAL"), 3*time.Millisecond); err != nil {
		t.Fatal(err)
	}
}

// TestKilledAndResumed kills a training again and again, at random moments, and wants the weights of one that was left alone, bit by bit.
func TestKilledAndResumed(t *testing.T) {
	for source := range sources {
		if testing.Short() && source != "prefetch" {
			continue
		}
		t.Run(source, func(t *testing.T) {
			dir := t.TempDir()
			want := filepath.Join(dir, "want.safetensors")
			if err := run(source, filepath.Join(dir, "whole.safetensors"), want, 0); err != nil {
				t.Fatal(err)
			}
			path, final := filepath.Join(dir, "run.safetensors"), filepath.Join(dir, "got.safetensors")
			r := rand.New(rand.NewPCG(7, uint64(len(source))))
			kills := 0
			for try := 0; ; try++ {
				cmd := exec.Command(os.Args[0], "-test.run", "^TestResumeChild$", "-test.v")
				cmd.Env = append(os.Environ(), "FATHOM_RESUME_SOURCE="+source, "FATHOM_RESUME_PATH="+path, "FATHOM_RESUME_FINAL="+final)
				var out bytes.Buffer
				began := make(chan bool, 1)
				both := &seer{w: &out, began: began}
				cmd.Stdout, cmd.Stderr = both, both // one goroutine writes both
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				ended := make(chan error, 1)
				go func() { ended <- cmd.Wait() }()
				<-began
				patience := time.Duration(r.IntN(60)) * time.Millisecond
				if try > 12 {
					patience = time.Minute
				}
				var err error
				select {
				case err = <-ended:
				case <-time.After(patience):
					cmd.Process.Kill()
					if err = <-ended; err != nil {
						kills++
						continue
					}
				}
				if err != nil {
					t.Fatalf("the training failed: %v\n%s", err, &out)
				}
				break
			}
			if kills < 3 && !testing.Short() {
				t.Errorf("killed only %d times", kills)
			}
			a, errA := os.ReadFile(want)
			b, errB := os.ReadFile(final)
			if errA != nil || errB != nil || !bytes.Equal(a, b) {
				t.Errorf("after %d kills the weights are other ones (%v, %v)", kills, errA, errB)
			}
			t.Logf("killed %d times", kills)
			if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 4 {
				t.Errorf("files left: %v", left)
			}
		})
	}
}

// seer says when the first output comes.
type seer struct {
	w     *bytes.Buffer
	began chan bool
}

func (s *seer) Write(b []byte) (int, error) {
	select {
	case s.began <- true:
	default:
	}
	return s.w.Write(b)
}

// TestLastGoodCheckpointSurvives makes writing fail at every class of place: the file that was there stays, and is resumed from.
func TestLastGoodCheckpointSurvives(t *testing.T) {
	defer func() { atomicfile.Fault = nil }()
	dir := t.TempDir()
	path := filepath.Join(dir, "run.safetensors")
	tensor.Seed(2)
	tk, net := task(0)
	net.Forward(nn.Train(), tensor.Ones(2, 2))
	opt := tk.Optimizer
	if err := train.SaveCheckpoint(path, net, opt, 3, 30); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	nn.Parameters(net)[0].Value().Fill(9)
	full := errors.New("no space left on device")
	size := int64(len(good))
	head := int64(8 + int(good[0]) + int(good[1])<<8 + int(good[2])<<16)
	places := []struct {
		step string
		at   int64
	}{{"write", 0}, {"write", 4}, {"write", 8}, {"write", 20}, {"write", head - 1}, {"write", head}, {"write", head + 5}, {"write", (head + size) / 2},
		{"write", size - 1}, {"sync", 0}, {"close", 0}, {"rename", 0}}
	for _, p := range places {
		atomicfile.Fault = func(step string, n int64) error {
			if step == p.step && n >= p.at {
				return full
			}
			return nil
		}
		err := train.SaveCheckpoint(path, net, opt, 4, 40)
		if !errors.Is(err, full) || !strings.Contains(err.Error(), "older one stays") {
			t.Errorf("%v: error %v", p, err)
		}
		if now, _ := os.ReadFile(path); !bytes.Equal(now, good) {
			t.Errorf("%v: the old checkpoint is gone", p)
		}
		if files, _ := os.ReadDir(dir); len(files) != 1 {
			t.Errorf("%v: %d files are left", p, len(files))
		}
	}
	atomicfile.Fault = nil
	if epoch, step, err := train.LoadCheckpoint(path, net, opt); err != nil || epoch != 3 || step != 30 {
		t.Errorf("epoch %d, step %d, error %v", epoch, step, err)
	}
	if nn.Parameters(net)[0].Value().At(0, 0) == 9 {
		t.Error("the model has not the checkpoint's values")
	}
}

func TestWrongCheckpoints(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "run.safetensors")
	tk, net := task(0)
	net.Forward(nn.Train(), tensor.Ones(2, 2))
	if _, _, err := train.LoadCheckpoint(path, net, tk.Optimizer); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	if err := train.SaveCheckpoint(path, net, tk.Optimizer, 1, 10); err != nil {
		t.Fatal(err)
	}
	good, _ := os.ReadFile(path)
	for name, bad := range map[string][]byte{"empty": nil, "short": good[:len(good)-3], "no metadata": bytes.Replace(good, []byte(`"fathom"`), []byte(`"fethom"`), 1),
		"another version": bytes.Replace(good, []byte(`Version\":1`), []byte(`Version\":7`), 1), "negative": bytes.Replace(good, []byte(`Epoch\":1`), []byte(`Epoch\":-`), 1)} {
		if err := os.WriteFile(path, bad, 0o666); err != nil {
			t.Fatal(err)
		}
		if _, _, err := train.LoadCheckpoint(path, net, tk.Optimizer); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	os.WriteFile(path, good, 0o666)
	other := nn.Sequential{nn.NewDense(3)}
	nn.Init(other, nn.Ones)
	_, _, err := train.LoadCheckpoint(path, other, optim.NewSGD(nn.Parameters(other)))
	if err == nil || !strings.Contains(err.Error(), "cannot be resumed") {
		t.Errorf("another model: %v", err)
	}
	var out bytes.Buffer
	old := train.Warnings
	train.Warnings = &out
	defer func() { train.Warnings = old }()
	os.WriteFile(path, bytes.Replace(good, []byte(`GOMAXPROCS\":\"`), []byte(`GOMAXPROCS\":\"9`), 1), 0o666)
	changed, _ := os.ReadFile(path)
	changed[0]++ // the header has grown by one
	if changed = bytes.Replace(changed, []byte(" "), nil, 1); len(changed) == len(good) {
		changed[0]--
	}
	os.WriteFile(path, changed, 0o666)
	if _, _, err := train.LoadCheckpoint(path, net, tk.Optimizer); err == nil && !strings.Contains(out.String(), "GOMAXPROCS") {
		t.Errorf("other circumstances were not mentioned: %s", &out)
	}
}

// FuzzCheckpoint feeds the metadata of a checkpoint.
func FuzzCheckpoint(f *testing.F) {
	f.Add(`{"Version":1,"Epoch":1,"Batch":2,"Step":3,"PerEpoch":10}`)
	f.Add(`{"Version":1,"Epoch":-1}`)
	f.Add(`[]`)
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "c.safetensors")
		if err := safetensors.WriteFile(path, nil, map[string]string{"fathom": text}); err != nil {
			t.Skip()
		}
		net := nn.NewDense(1, nn.Inputs(1))
		nn.Init(net, nn.Ones)
		if _, _, err := train.LoadCheckpoint(path, net, optim.NewSGD(nn.Parameters(net))); err == nil {
			t.Error("a checkpoint without tensors was accepted")
		}
	})
}
