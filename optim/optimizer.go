package optim

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
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

// SGDOption is an option of [NewSGD]: [LR], [WD] or [Momentum].
type SGDOption interface{ sgd(o *SGD) }

// AdamOption is an option of [NewAdam]: [LR], [WD], [Betas] or [Eps].
type AdamOption interface{ adam(o *Adam) }

// LR is the learning rate, an option.
type LR float64

func (v LR) sgd(o *SGD)   { o.lr = float64(v) }
func (v LR) adam(o *Adam) { o.lr = float64(v) }

// WD is the weight decay, an option: wd*w is added to the gradient of every
// parameter w, times its multiplier (4.5).
type WD float64

func (v WD) sgd(o *SGD)   { o.wd = float64(v) }
func (v WD) adam(o *Adam) { o.wd = float64(v) }

// base is what all optimizers share.
type base struct {
	params []nn.Named
	values []*tensor.Tensor // that the state of each parameter belongs to
	lr, wd float64
	warned bool
}

func newBase(params []nn.Named, lr float64) base {
	return base{params: params, values: make([]*tensor.Tensor, len(params)), lr: lr}
}

// slot is a state tensor of the parameter of u, zeros at first.
func (u update) slot(s []*tensor.Tensor) *tensor.Tensor {
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
	i      int  // of the parameter
	anew   bool // the value is another one than in the last step: state starts anew
	w, g   *tensor.Tensor
	lr, wd float64 // with the parameter's multipliers
	scale  float64 // 1/batch
}

// each calls f for every parameter with a fresh gradient.
func (b *base) each(op string, batchSize int, f func(u update)) {
	if batchSize < 1 {
		panic(&tensor.Error{Op: op, Msg: fmt.Sprintf("batch size %d", batchSize), Hint: "pass the number of examples in the batch"})
	}
	var todo []update
	var unused []string
	for i, p := range b.params {
		if !p.HasValue() || !p.Value().FreshGrad() {
			unused = append(unused, p.Path)
			continue
		}
		w := p.Value()
		todo = append(todo, update{i: i, anew: w != b.values[i], w: w, g: w.Grad().Detach().Contiguous(),
			lr: b.lr * p.LRMult(), wd: b.wd * p.WDMult(), scale: 1 / float64(batchSize)})
	}
	if len(todo) == 0 {
		panic(&tensor.Error{Op: op, Msg: "no parameter has a fresh gradient", Hint: "did you call Backward? was the forward run under nn.Eval?"})
	}
	if len(unused) > 0 && !b.warned {
		b.warned = true
		warn(op, unused)
	}
	for _, u := range todo {
		f(u)
		b.values[u.i] = u.w
	}
}

var warning sync.Mutex

func warn(op string, paths []string) {
	warning.Lock()
	defer warning.Unlock()
	if Warnings != nil {
		fmt.Fprintf(Warnings, "%s: no gradient reached %s since the last step; skipped, and not mentioned again\n", op, strings.Join(paths, ", "))
	}
}
