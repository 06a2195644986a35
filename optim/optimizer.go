package optim

// Optimizer updates the parameters that it was made for.
type Optimizer interface {
	// Step updates the parameters once; the gradients are divided by
	// batchSize, so that the gradient of the sum of a batch's losses counts as that
	// of their mean, as in Gluon. After Backward on a mean, as PyTorch does it, pass 1.
	// A parameter that no Backward has reached since the last
	// Step is skipped, with one warning by path. Step panics if there is none
	// left to update, or if batchSize is not positive.
	Step(batchSize int)
	// LR is the learning rate.
	LR() float64
	// SetLR sets the learning rate of the next steps. It panics if a [Schedule] sets it.
	SetLR(lr float64)
}

// All optimizers here can be saved and go on.
var (
	_ = []Stateful{&SGD{}, &Adam{}, &RMSProp{}, &Adagrad{}, &Adadelta{}, &Ftrl{}, &SGLD{}, Groups{}}
	_ = []Optimizer{&SGD{}, &Adam{}, &RMSProp{}, &Adagrad{}, &Adadelta{}, &Ftrl{}, &SGLD{}, Groups{}}
)

// Groups is several optimizers as one, each with parameters and settings of its own: another rate for the last layer, no momentum
// for an embedding. (For rates and decay alone, multipliers do: [nn.Param.SetLRMult].) Bounds on the norm of gradients hold for each
// group by itself; [ClipGradNorm] bounds all together.
type Groups []Optimizer

// Step steps each optimizer that has a parameter with a fresh gradient. It panics if none has.
func (g Groups) Step(batchSize int) {
	idle := 0
	for _, o := range g {
		m, ok := o.(member)
		if !ok {
			o.Step(batchSize)
			continue
		}
		b := m.base()
		b.grouped, b.idle = true, false
		func() {
			defer func() { b.grouped = false }()
			o.Step(batchSize)
		}()
		if b.idle {
			idle++
		}
	}
	if idle == len(g) {
		nothing("groups")
	}
}

// member is an optimizer that embeds a Base.
type member interface{ base() *Base }

func (b *Base) base() *Base { return b }

// LR is the learning rate of the first group.
func (g Groups) LR() float64 { return g[0].LR() }

// SetLR sets the learning rate of the first group and changes those of the others in the same ratio.
func (g Groups) SetLR(lr float64) {
	ratio := lr / g[0].LR()
	for _, o := range g[1:] {
		o.SetLR(o.LR() * ratio)
	}
	g[0].SetLR(lr)
}
