package optim

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// Warnings is where optimizers warn of parameters that were not used.
var Warnings io.Writer = os.Stderr

// Base is what all optimizers share: the parameters, what is remembered of each, the rate, clipping, saving. An optimizer of your
// own embeds it and writes Step:
//
//	type signSGD struct{ optim.Base }
//
//	func (o *signSGD) Step(batchSize int) {
//		o.Each(batchSize, func(u *optim.Update) { u.W.AddScaled(-u.LR, u.Gradient().Sign()) })
//	}
type Base struct {
	name      string
	ps        []nn.Named
	values    []*tensor.Tensor // that the memory of each parameter belongs to
	restored  []bool           // by SetState, before there was a value
	counts    []int            // updates of each parameter
	slots     []*Slot
	master    *Slot    // parameters of 16 bits in 32
	todo      []Update // of the running Step
	updates   int      // steps in all
	lr, wd    float64
	clipNorm  float64 // 0: none
	clipValue float64 // 0: none
	schedule  Schedule
	warned    bool
	grouped   bool // another of Groups may have gradients where this one has none
	idle      bool // as it was
}

// NewBase returns the base of an optimizer for params with the given learning rate, unless [LR] is among the options. The name is used in
// messages.
func NewBase(name string, params []nn.Named, lr float64, opts ...Option) Base {
	n := len(params)
	b := Base{name: name, ps: params, lr: lr, values: make([]*tensor.Tensor, n), restored: make([]bool, n), counts: make([]int, n)}
	b.master = b.NewSlot("master")
	for _, o := range opts {
		o(&b)
	}
	return b
}

// Slot is one tensor of memory for each parameter, of its shape, e.g. the velocities of momentum.
type Slot struct {
	name string
	at   []*tensor.Tensor
}

// NewSlot adds memory under a name, by which it is saved.
func (b *Base) NewSlot(name string) *Slot {
	s := &Slot{name, make([]*tensor.Tensor, len(b.ps))}
	b.slots = append(b.slots, s)
	return s
}

// LR is the learning rate; with a [Schedule], that of the last step.
func (b *Base) LR() float64 { return b.lr }

// SetLR sets the learning rate of the next steps. It panics if a [Schedule] sets it.
func (b *Base) SetLR(lr float64) {
	if b.schedule != nil {
		panic(&tensor.Error{Op: b.name, Msg: "SetLR: a schedule sets the learning rate", Hint: "leave out the option optim.WithSchedule"})
	}
	b.lr = lr
}

// Updates is the number of steps made.
func (b *Base) Updates() int { return b.updates }

// Update is one parameter's turn in a Step.
type Update struct {
	W               *tensor.Tensor // the weights; change them in place
	G               *tensor.Tensor // the gradient as Backward wrote it; see Gradient
	T               int            // the number of this update of the parameter, from 1
	nnop.UpdateStep                // rate and decay with the parameter's multipliers, scale and clip

	i      int // of the parameter
	anew   bool
	native *tensor.Tensor // the parameter itself, if W is a copy in 32 bits
	value  *tensor.Tensor
}

// Memory is what the slot holds for this parameter, zeros at first. Change it in place.
func (u *Update) Memory(s *Slot) *tensor.Tensor {
	if s.at[u.i] == nil {
		s.at[u.i] = tensor.ZerosOf(u.W.DType(), u.W.Shape()...)
	}
	return s.at[u.i]
}

// Gradient is the gradient that counts: divided by the batch size, bounded by [ClipNorm] and [ClipValue], with the weight decay
// wd*w. Built-in optimizers do that in the pass over memory that updates the weights.
func (u *Update) Gradient() *tensor.Tensor {
	g := u.G.MulScalar(u.Scale)
	if u.Clip > 0 {
		g = g.Clip(-u.Clip, u.Clip)
	}
	if u.WD != 0 {
		g = g.Add(u.W.Detach().MulScalar(u.WD))
	}
	return g
}

// Each calls f for every parameter with a fresh gradient. It is the body of Step; see [Optimizer] for what it checks.
func (b *Base) Each(batchSize int, f func(u *Update)) {
	if batchSize < 1 {
		panic(&tensor.Error{Op: b.name, Msg: fmt.Sprintf("batch size %d", batchSize), Hint: "pass the number of examples in the batch"})
	}
	if b.collect(); len(b.todo) == 0 {
		if b.idle = true; b.grouped {
			return
		}
		nothing(b.name)
	}
	defer func() { clear(b.todo[:cap(b.todo)]) }()
	if b.updates++; b.schedule != nil {
		b.lr = b.schedule.At(b.updates)
	}
	scale := b.shrink(batchSize)
	for k := range b.todo {
		u := &b.todo[k]
		p := b.ps[u.i]
		u.UpdateStep = nnop.UpdateStep{LR: b.lr * p.LRMult(), WD: b.wd * p.WDMult(), Scale: scale / float64(batchSize), Clip: b.clipValue}
		if u.anew {
			b.forget(u.i)
		}
		b.counts[u.i]++
		u.T = b.counts[u.i]
		b.values[u.i], b.restored[u.i] = u.value, false
		b.widen(u)
		f(u)
		if u.native != nil {
			u.native.CopyFrom(u.W.AsType(u.native.DType()))
		}
	}
}

// collect lists the parameters with a fresh gradient.
func (b *Base) collect() {
	var unused []string
	b.todo = b.todo[:0]
	for i, p := range b.ps {
		var w *tensor.Tensor
		if b.values[i] != nil || p.HasValue() { // once there is a value, there always is
			w = p.Value()
		}
		if w == nil || !w.FreshGrad() {
			if !p.Frozen() {
				unused = append(unused, p.Path)
			}
			continue
		}
		b.todo = append(b.todo, Update{i: i, anew: w != b.values[i] && !b.restored[i], W: w, G: gradient(w), value: w})
	}
	if len(b.todo) > 0 && len(unused) > 0 && !b.warned {
		b.warned = true
		warn(b.name, unused)
	}
}

func nothing(op string) {
	panic(&tensor.Error{Op: op, Msg: "no parameter has a fresh gradient", Hint: "did you call Backward? was the forward run under nn.Eval?"})
}

// forget drops what is remembered of a parameter.
func (b *Base) forget(i int) {
	b.counts[i], b.values[i], b.restored[i] = 0, nil, false
	for _, s := range b.slots {
		s.at[i] = nil
	}
}

// widen replaces weights and gradient of 16 bits by copies in 32, of which that of the weights is kept: small steps add up there. It
// is made anew if the weights were changed by somebody else.
func (b *Base) widen(u *Update) {
	dt := u.W.DType()
	if !dt.IsHalf() {
		return
	}
	u.native, u.G = u.W, u.G.AsType(tensor.Float32)
	wide := b.master.at[u.i]
	if w := u.W.Detach(); wide == nil || !tensor.Equal(wide.AsType(dt), w) {
		wide = w.AsType(tensor.Float32)
		b.master.at[u.i] = wide
	}
	u.W = wide
}

// gradient is the gradient of w as updates want it.
func gradient(w *tensor.Tensor) *tensor.Tensor {
	g := w.Grad()
	if g.Recorded() {
		g = g.Detach()
	}
	return g.Contiguous()
}

var warning sync.Mutex

func warn(op string, paths []string) {
	warning.Lock()
	defer warning.Unlock()
	if Warnings != nil {
		fmt.Fprintf(Warnings, "%s: no gradient reached %s since the last step; skipped, and not mentioned again\n", op, strings.Join(paths, ", "))
	}
}
