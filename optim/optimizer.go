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

// Optimizer updates the parameters that it was made for.
type Optimizer interface {
	// Step updates the parameters once; the gradients are divided by
	// batchSize, so that the gradient of the sum of a batch's losses counts as that
	// of their mean. A parameter that no Backward has reached since the last
	// Step is skipped, with one warning by path. Step panics if there is none
	// left to update, or if batchSize is not positive.
	Step(batchSize int)
	// LR is the learning rate.
	LR() float64
	// SetLR sets the learning rate of the next steps.
	SetLR(lr float64)
}

// Warnings is where optimizers warn of parameters that were not used.
var Warnings io.Writer = os.Stderr

// base is what all optimizers share.
type base struct {
	params    []nn.Named
	values    []*tensor.Tensor // that the state of each parameter belongs to
	todo      []update         // of the running Step
	lr, wd    float64
	clipNorm  float64 // 0: none
	clipValue float64 // 0: none
	warned    bool
}

func newBase(params []nn.Named, lr float64) base {
	return base{params: params, values: make([]*tensor.Tensor, len(params)), lr: lr}
}

// states is room for one state of each parameter.
func (b *base) states() []*tensor.Tensor { return make([]*tensor.Tensor, len(b.params)) }

// slot is a state tensor of the parameter of u, zeros at first.
func (u *update) slot(s []*tensor.Tensor) *tensor.Tensor {
	if u.anew {
		s[u.i] = tensor.ZerosOf(u.w.DType(), u.w.Shape()...)
	}
	return s[u.i]
}

// LR is the learning rate.
func (b *base) LR() float64 { return b.lr }

// SetLR sets the learning rate of the next steps.
func (b *base) SetLR(lr float64) { b.lr = lr }

// update is one parameter's turn in a Step.
type update struct {
	i    int  // of the parameter
	anew bool // the value is another one than in the last step: state starts anew
	w, g *tensor.Tensor
	step nnop.UpdateStep // rate and decay with the parameter's multipliers, scale and clip
}

// each calls f for every parameter with a fresh gradient.
func (b *base) each(op string, batchSize int, f func(u *update)) {
	if batchSize < 1 {
		panic(&tensor.Error{Op: op, Msg: fmt.Sprintf("batch size %d", batchSize), Hint: "pass the number of examples in the batch"})
	}
	var unused []string
	b.todo = b.todo[:0]
	defer func() { clear(b.todo[:cap(b.todo)]) }()
	for i, p := range b.params {
		var w *tensor.Tensor
		if b.values[i] != nil || p.HasValue() { // once there is a value, there always is
			w = p.Value()
		}
		if w == nil || !w.FreshGrad() {
			unused = append(unused, p.Path)
			continue
		}
		b.todo = append(b.todo, update{i: i, anew: w != b.values[i], w: w, g: gradient(w),
			step: nnop.UpdateStep{LR: b.lr * p.LRMult(), WD: b.wd * p.WDMult(), Scale: 1 / float64(batchSize), Clip: b.clipValue}})
	}
	if len(b.todo) == 0 {
		panic(&tensor.Error{Op: op, Msg: "no parameter has a fresh gradient", Hint: "did you call Backward? was the forward run under nn.Eval?"})
	}
	if len(unused) > 0 && !b.warned {
		b.warned = true
		warn(op, unused)
	}
	scale := b.shrink(batchSize)
	for k := range b.todo {
		u := &b.todo[k]
		u.step.Scale *= scale
		f(u)
		b.values[u.i] = u.w
	}
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
