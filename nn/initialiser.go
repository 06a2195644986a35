package nn

import (
	"fmt"
	"slices"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// Initialiser draws the first values of parameters (4.8, 5.2).
type Initialiser interface {
	// Init writes values into w, which holds zeros and is not recorded yet. path
	// is the parameter's path of fields.
	Init(path string, w *tensor.Tensor)
}

// InitFunc is a function used as an [Initialiser].
type InitFunc func(path string, w *tensor.Tensor)

// Init calls f.
func (f InitFunc) Init(path string, w *tensor.Tensor) { f(path, w) }

// Uniform draws from U(-a, a). Uniform(0.07) is the book's default.
func Uniform(a float64) Initialiser {
	return InitFunc(func(_ string, w *tensor.Tensor) { w.CopyFrom(random.Uniform(-a, a, w.Shape()...)) })
}

// Normal draws from N(0, sigma²).
func Normal(sigma float64) Initialiser {
	return InitFunc(func(_ string, w *tensor.Tensor) { w.CopyFrom(random.Normal(0, sigma, w.Shape()...)) })
}

// UniformRange draws from U(low, high).
func UniformRange(low, high float64) Initialiser {
	return InitFunc(func(_ string, w *tensor.Tensor) { w.CopyFrom(random.Uniform(low, high, w.Shape()...)) })
}

// TruncatedNormal draws from N(mu, sigma²) what lies between low and high, as PyTorch's trunc_normal_ does; Gluon's TruncNorm
// has mu ± 2 sigma there.
func TruncatedNormal(mu, sigma, low, high float64) Initialiser {
	return InitFunc(func(_ string, w *tensor.Tensor) {
		w.CopyFrom(random.TruncatedNormal(mu, sigma, low, high, w.Shape()...))
	})
}

// Constant sets every element to v.
func Constant(v float64) Initialiser {
	return InitFunc(func(_ string, w *tensor.Tensor) { w.Fill(v) })
}

// ConstantOf copies v, whose shape must be the parameter's. It panics where it is not.
func ConstantOf(v *tensor.Tensor) Initialiser {
	return InitFunc(func(path string, w *tensor.Tensor) {
		if !slices.Equal(v.Shape(), w.Shape()) {
			panic(&tensor.Error{Op: path, Msg: "the constant has another shape than the parameter", Shapes: [][]int{v.Shape(), w.Shape()}})
		}
		w.CopyFrom(v.Detach())
	})
}

// Zeros and Ones set every element to 0 or 1; they draw nothing.
var (
	Zeros = Constant(0)
	Ones  = Constant(1)
)

// Init gives every parameter of a model an initialiser and drops the values that
// they had. Parameters whose shape is known already are drawn now, in the order of
// [Parameters]; the others at their first use, that is in the order of the first
// forward run (5.3). An initialiser of the parameter's own goes first. The model
// may also be one layer or one *Param.
func Init(model any, init Initialiser) {
	if init == nil {
		panic(&tensor.Error{Op: "nn.Init", Msg: "no initialiser", Hint: "nn.Uniform(0.07) is the book's default"})
	}
	for _, p := range Parameters(model) {
		p.reset(init)
	}
}

// Named is a parameter with the path of fields that leads to it.
type Named struct {
	Path string
	*Param
}

// String is the path, the shape and the dtype.
func (n Named) String() string {
	dt := tensor.Float32
	if v := n.peek(); v != nil {
		dt = v.DType()
	}
	return fmt.Sprintf("%s (shape=%s, dtype=%s)", n.Path, tuple(n.Shape()), dt)
}

// Parameters lists the parameters of a model, found by walking it: exported and
// unexported fields, embedded structs, pointers, interfaces, slices and arrays.
// A path is made of field names and indices, e.g. "Encoder.Layers.0.Weight". A
// shared parameter is listed once, under its first path; a field tagged `nn:"-"`
// is left out. A map is walked in the order of its keys, which must be texts: it panics on other maps that may hold layers.
func Parameters(model any) []Named {
	var ps []Named
	walk(model, func(path string, p *Param) {
		p.meet(path, model)
		ps = append(ps, Named{path, p})
	}, nil)
	return ps
}

// Count is the number of elements of a model's parameters. It panics if a shape is
// not known yet.
func Count(model any) int {
	n := 0
	for _, p := range Parameters(model) {
		n += p.Value().Size()
	}
	return n
}

// Select returns the parameters whose path keep accepts, e.g.
// nn.Select(ps, func(path string) bool { return strings.HasSuffix(path, "Bias") }).
func Select(ps []Named, keep func(path string) bool) []Named {
	return slices.DeleteFunc(slices.Clone(ps), func(p Named) bool { return !keep(p.Path) })
}
