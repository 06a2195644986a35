package nn

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/fathom-ml/fathom/tensor"
)

// Param is a tensor that is learned. A layer holds *Param fields and asks for
// their values with [Ctx.Param]; a nil *Param is a parameter that the layer does
// not have. Make one with [NewParam].
type Param struct {
	mu    sync.Mutex
	value *tensor.Tensor
	shape []int // nil: unknown; -1: that length is unknown
	own   Initialiser
	init  Initialiser // set by Init
	path  string      // the longest path by which a walk met it
	root  any         // the model that this walk began at
	lr    float64     // 1 - LRMult, so that the zero value means 1
	wd    float64     // 1 - WDMult
	fixed atomic.Bool // frozen
}

// ParamOption is an option of [NewParam].
type ParamOption func(*Param)

// InitWith gives a parameter an initialiser of its own, which [Init] does not
// replace: zeros for a bias, ones for a scale.
func InitWith(init Initialiser) ParamOption { return func(p *Param) { p.own = init } }

// Shape says what is known of a parameter's shape before its first use; -1 is an
// unknown length. A parameter whose shape is known is drawn by [Init] itself.
func Shape(lengths ...int) ParamOption {
	return func(p *Param) { p.shape = slices.Clone(lengths) }
}

// LRMult multiplies the learning rate for this parameter; 0 freezes it.
func LRMult(m float64) ParamOption { return func(p *Param) { p.SetLRMult(m) } }

// WDMult multiplies the weight decay for this parameter; 0 means no decay.
func WDMult(m float64) ParamOption { return func(p *Param) { p.SetWDMult(m) } }

// NewParam returns a parameter without a value. Its shape is fixed and its
// values are drawn at its first use.
func NewParam(opts ...ParamOption) *Param {
	p := new(Param)
	for _, o := range opts {
		o(p)
	}
	return p
}

// Value is the parameter's tensor, a leaf of the graph. It panics if there is
// none yet, because the shape is not known before the first use.
func (p *Param) Value() *tensor.Tensor {
	if v := p.peek(); v != nil {
		return v
	}
	panic(&tensor.Error{Op: p.name(), Msg: fmt.Sprintf("the parameter has no value yet, its shape is %v", p.Shape()),
		Hint: "call nn.Init and run the model once"})
}

// HasValue says whether the values have been drawn or set.
func (p *Param) HasValue() bool { return p.peek() != nil }

func (p *Param) peek() *tensor.Tensor {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.value
}

// Grad is the gradient that the last Backward wrote, zeros before that. It panics if the
// parameter has no value.
func (p *Param) Grad() *tensor.Tensor { return p.Value().Grad() }

// Shape is what is known of the shape: nil before anything is, -1 for a length
// that the first use will tell.
func (p *Param) Shape() []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.shape)
}

// Path is the path of fields by which [Init] or [Parameters] found the parameter, "" before that.
func (p *Param) Path() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.path
}

// SetValue copies v into the parameter. It panics if v does not hold floats or does
// not fit the shape; a parameter without a value takes v's shape and dtype.
func (p *Param) SetValue(v *tensor.Tensor) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !v.DType().IsFloat() {
		panic(&tensor.Error{Op: p.name(), Msg: "a parameter holds floats, not " + v.DType().String(), Hint: "use AsType(tensor.Float32)"})
	}
	if !fits(p.shape, v.Shape()) {
		panic(p.misfit(p.shape, v.Shape()))
	}
	if p.value != nil {
		p.value.CopyFrom(v.Detach())
		return
	}
	p.shape = v.Shape()
	p.value = copyOf(v).RequireGrad()
}

// LRMult is the multiplier of the learning rate, 1 unless set.
func (p *Param) LRMult() float64 { return 1 - p.lr }

// SetLRMult sets the multiplier of the learning rate.
func (p *Param) SetLRMult(m float64) { p.lr = 1 - m }

// WDMult is the multiplier of the weight decay, 1 unless set.
func (p *Param) WDMult() float64 { return 1 - p.wd }

// SetWDMult sets the multiplier of the weight decay.
func (p *Param) SetWDMult(m float64) { p.wd = 1 - m }

// Freeze makes the parameter a constant: from now on layers get it detached, so that no gradient is computed for it, and optimizers leave
// it alone. See [Freeze] for those of a model.
func (p *Param) Freeze() { p.fixed.Store(true) }

// Unfreeze undoes Freeze.
func (p *Param) Unfreeze() { p.fixed.Store(false) }

// Frozen says whether the parameter is a constant.
func (p *Param) Frozen() bool { return p.fixed.Load() }

// use returns the value, drawn if need be.
func (p *Param) use(shape []int) *tensor.Tensor {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.value == nil && p.init == nil {
		panic(&tensor.Error{Op: p.name(), Msg: "parameter without a value",
			Hint: "call nn.Init; is the layer reachable through the model's fields?"})
	}
	if len(shape) > 0 && !slices.Equal(p.shape, shape) {
		if !fits(p.shape, shape) {
			panic(p.misfit(p.shape, shape))
		}
		p.shape = slices.Clone(shape)
	}
	if p.value == nil {
		p.draw()
	}
	return p.value
}

// draw makes the values; p is locked and has an initialiser.
func (p *Param) draw() {
	if !known(p.shape) {
		panic(&tensor.Error{Op: p.name(), Msg: fmt.Sprintf("the shape is not known: %v", p.shape), Hint: "give it at the first use: c.Param(p, lengths...)"})
	}
	in := p.init
	if p.own != nil {
		in = p.own
	}
	if m, ok := p.init.(*mixed); ok {
		if rule := m.rule(p.name()); rule != nil {
			in = rule
		}
	}
	v := tensor.Zeros(p.shape...)
	in.Init(p.name(), v)
	p.value = v.RequireGrad()
}

// reset drops the value and sets the initialiser that the next use draws with.
func (p *Param) reset(in Initialiser) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.init, p.value = in, nil
	if known(p.shape) {
		p.draw()
	}
}

// meet notes by which path of which model a walk met the parameter; the longest counts.
func (p *Param) meet(path string, root any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(path) > len(p.path) || p.root == nil {
		p.path, p.root = path, root
	}
}

func (p *Param) name() string {
	if p.path == "" {
		return "nn.Param"
	}
	return p.path
}

func (p *Param) misfit(have, want []int) *tensor.Error {
	return &tensor.Error{Op: p.name(), Msg: "the parameter's shape does not fit its use",
		Shapes: [][]int{slices.Clone(have), slices.Clone(want)}, Hint: "did the size of the input change?"}
}

// known says whether a shape has no unknown length.
func known(shape []int) bool { return shape != nil && !slices.Contains(shape, -1) }

// fits says whether shape agrees with what is known.
func fits(known, shape []int) bool {
	if known == nil {
		return true
	}
	if len(known) != len(shape) {
		return false
	}
	for i, d := range known {
		if d != -1 && d != shape[i] {
			return false
		}
	}
	return true
}
