package train

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/fathom-ml/fathom/format/safetensors"
	"github.com/fathom-ml/fathom/internal/atomicfile"
	"github.com/fathom-ml/fathom/internal/kernel/vec"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// Warnings is where it is said that a training goes on under other circumstances than it began.
var Warnings io.Writer = os.Stderr

// CheckpointOption is an option of [Checkpoint].
type CheckpointOption func(o *saving)

type saving struct {
	path          string
	steps, epochs int
	resume        bool
}

// EverySteps saves after every n updates.
func EverySteps(n int) CheckpointOption { return func(o *saving) { o.steps = n } }

// EveryEpochs saves after every n epochs, instead of after each.
func EveryEpochs(n int) CheckpointOption { return func(o *saving) { o.epochs = n } }

// Resume makes a training go on from the file if it is there.
func Resume() CheckpointOption { return func(o *saving) { o.resume = true } }

// Checkpoint saves a training to one safetensors file: after each epoch, at the end, and when it is stopped. The file holds the model's parameters and plain
// tensor fields (which [nn.Load] does not read: they stand under "model/"), what the optimizer, its schedule and the callbacks remember, the random
// streams, and the place in the epoch. A training that is killed at any moment and goes on with [Resume] ends with the same bits as one that was not, if
// binary, processor features and GOMAXPROCS are the same; resuming under others warns. The batches must follow from the random streams and the order of the
// loader alone; a data set that draws in its Batch method must not be prefetched.
//
// The file is replaced as a whole or not at all: whatever happens, the last good one is there. Give Checkpoint as the last callback, so that it
// sees what the others did.
//
// SaveCheckpoint and LoadCheckpoint do the same for loops written by hand.
func Checkpoint(path string, opts ...CheckpointOption) Callback {
	o := saving{path: path, epochs: 1}
	for _, f := range opts {
		f(&o)
	}
	return Callback{
		Name: "checkpoint",
		resume: func(r *Run) error {
			atomicfile.Clean(path)
			if !o.resume {
				return nil
			}
			if err := r.load(path); !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			return nil
		},
		Step: func(r *Run) error {
			if o.steps > 0 && r.Step%o.steps == 0 {
				return r.save(path)
			}
			return nil
		},
		Epoch: func(r *Run) error {
			if r.Epoch%o.epochs == 0 || r.Last() {
				return r.save(path)
			}
			return nil
		},
		End: func(r *Run, err error) error {
			var stopped *stopError
			if errors.As(err, &stopped) && r.Step > 0 || err == nil && r.stop != "" && r.Batch > 0 {
				return r.save(path)
			}
			return nil
		},
	}
}

// progress is what a checkpoint holds besides tensors.
type progress struct {
	Version           int
	Epoch, Batch      int
	Step              int
	PerEpoch          int
	Loss              float64
	MeanSum, MeanSize float64
	Values            map[string]float64
	Circumstances     map[string]string
}

const version = 1

// circumstances decide about the last bits.
func circumstances() map[string]string {
	return map[string]string{
		"GOMAXPROCS": strconv.Itoa(runtime.GOMAXPROCS(0)), "processor features": vec.Features(), "kernels": vec.Kernels(),
		"go": runtime.Version(), "platform": runtime.GOOS + "/" + runtime.GOARCH,
	}
}

func (r *Run) save(path string) error {
	var arrays []safetensors.Array
	put := func(prefix string, s map[string]*tensor.Tensor) {
		for name, t := range s {
			arrays = append(arrays, safetensors.FromTensor(prefix+name, t))
		}
	}
	put("model/", nn.State(r.Model))
	if o, ok := r.Optimizer.(optim.Stateful); ok {
		put("optimizer/", o.State())
	}
	for i, c := range r.callbacks {
		if c.Saved != nil {
			put(fmt.Sprintf("callback/%d.%s/", i, c.Name), c.Saved.State())
		}
	}
	put("random/", map[string]*tensor.Tensor{"now": tensor.Of(random.States()), "epoch": tensor.Of(r.start)})
	p := progress{Version: version, Epoch: r.Epoch, Batch: r.Batch, Step: r.Step, PerEpoch: r.PerEpoch, Loss: r.Loss, Values: map[string]float64{}, Circumstances: circumstances()}
	p.MeanSum, p.MeanSize = r.Mean.Sums()
	for name, v := range r.Values {
		p.Values[name] = v
	}
	p.tame()
	text, err := json.Marshal(p)
	if err == nil {
		err = safetensors.WriteFile(path, arrays, map[string]string{"fathom": string(text)})
	}
	if err != nil {
		return fmt.Errorf("train: the checkpoint was not saved (an older one stays as it is): %w", err)
	}
	r.saved = path
	return nil
}

// tame leaves out numbers that JSON cannot say.
func (p *progress) tame() {
	bad := func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }
	for name, v := range p.Values {
		if bad(v) {
			delete(p.Values, name)
		}
	}
	if bad(p.Loss) {
		p.Loss = 0
	}
	if bad(p.MeanSum) {
		p.MeanSum, p.MeanSize = 0, 0
	}
}

// read parses the metadata of a checkpoint.
func (p *progress) read(text string) error {
	if err := json.Unmarshal([]byte(text), p); err != nil {
		return fmt.Errorf("it is no checkpoint of a training: %w", err)
	}
	switch {
	case p.Version != version:
		return fmt.Errorf("its version is %d, not %d", p.Version, version)
	case p.Epoch < 0 || p.Batch < 0 || p.Step < 0 || p.PerEpoch < 0 || p.Batch > p.PerEpoch || p.Epoch == 0 && p.Batch > 0:
		return fmt.Errorf("it stands at batch %d of %d in epoch %d", p.Batch, p.PerEpoch, p.Epoch)
	}
	return nil
}

// SaveCheckpoint saves a training that is written by hand to a file, as [Checkpoint] does, between epochs: model, optimizer, random streams, and the
// number of epochs and updates done.
func SaveCheckpoint(path string, model any, opt optim.Optimizer, epoch, step int) error {
	r := &Run{Model: model, Optimizer: opt, Epoch: epoch, Step: step, start: random.States()}
	return r.save(path)
}

// LoadCheckpoint puts back what [SaveCheckpoint] or [Checkpoint] saved between epochs. The error wraps fs.ErrNotExist if there is no file. On other
// errors the model may have changed.
func LoadCheckpoint(path string, model any, opt optim.Optimizer) (epoch, step int, err error) {
	r := &Run{Model: model, Optimizer: opt, Values: map[string]float64{}}
	if err := r.load(path); err != nil {
		return 0, 0, err
	}
	return r.Epoch, r.Step, nil
}

// load puts a training back to where a checkpoint was saved. On an error the model may have changed, and the training must not go on.
func (r *Run) load(path string) error {
	if err := r.loadFrom(path); err != nil {
		return fmt.Errorf("train: the checkpoint %s cannot be resumed: %w", path, err)
	}
	return nil
}

func (r *Run) loadFrom(path string) error {
	f, err := safetensors.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	var p progress
	if err := p.read(f.Metadata()["fathom"]); err != nil {
		return err
	}
	if p.Batch > 0 && p.PerEpoch != r.PerEpoch {
		return fmt.Errorf("its epochs have %d batches, those here %d", p.PerEpoch, r.PerEpoch)
	}
	parts := map[string]map[string]*tensor.Tensor{}
	for _, name := range f.Names() {
		kind, rest, _ := strings.Cut(name, "/")
		if kind == "callback" {
			var key string
			key, rest, _ = strings.Cut(rest, "/")
			kind += "/" + key
		}
		t, err := f.Tensor(name)
		if err != nil {
			return err
		}
		if parts[kind] == nil {
			parts[kind] = map[string]*tensor.Tensor{}
		}
		parts[kind][rest] = t
	}
	start, now, err := streams(parts["random"])
	if err != nil {
		return err
	}
	if err := nn.SetState(r.Model, parts["model"]); err != nil {
		return err
	}
	if o, ok := r.Optimizer.(optim.Stateful); ok {
		if err := o.SetState(optim.State(parts["optimizer"])); err != nil {
			return err
		}
	}
	for i, c := range r.callbacks {
		if c.Saved == nil {
			continue
		}
		if s := parts[fmt.Sprintf("callback/%d.%s", i, c.Name)]; s != nil {
			if err := c.Saved.SetState(s); err != nil {
				return fmt.Errorf("callback %s: %w", c.Name, err)
			}
		}
	}
	r.Epoch, r.Batch, r.Step, r.Loss = p.Epoch, p.Batch, p.Step, p.Loss
	r.Mean.SetSums(p.MeanSum, p.MeanSize)
	for name, v := range p.Values {
		r.Values[name] = v
	}
	r.saved = path
	p.compare()
	if r.Batch == 0 {
		return random.SetStates(now)
	}
	r.start, r.now = start, now
	return random.SetStates(start)
}

// streams are the states of the random streams, checked.
func streams(s map[string]*tensor.Tensor) (start, now []byte, err error) {
	get := func(name string) []byte {
		t := s[name]
		if t == nil || t.DType() != tensor.Uint8 {
			return nil
		}
		return tensor.Data[uint8](t.Contiguous())
	}
	start, now = get("epoch"), get("now")
	before := random.States()
	for _, b := range [][]byte{start, now} {
		if b == nil {
			return nil, nil, errors.New("the states of the random streams are missing")
		}
		if err = random.SetStates(b); err != nil {
			break
		}
	}
	if e := random.SetStates(before); e != nil {
		panic(e) // it was just returned
	}
	return start, now, err
}

// compare warns of circumstances in which the last bits may come out otherwise.
func (p *progress) compare() {
	for name, here := range circumstances() {
		if there, ok := p.Circumstances[name]; ok && there != here && Warnings != nil {
			fmt.Fprintf(Warnings, "train: the checkpoint was saved with %s %q, this is %q: the training goes on, but not to the same bits\n", name, there, here)
		}
	}
}
