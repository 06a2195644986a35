package nn

import (
	"reflect"
	"unsafe"

	"github.com/fathom-ml/fathom/tensor"
)

// Layer maps one tensor to one tensor. Models with other signatures are ordinary
// types; only [Sequential] and [Ctx.Chain] need this one.
type Layer interface {
	Forward(c *Ctx, x *tensor.Tensor) *tensor.Tensor
}

// Func is a function without parameters, used as a layer. Layers that a function
// captures are not found by [Parameters].
type Func func(x *tensor.Tensor) *tensor.Tensor

// Forward calls f.
func (f Func) Forward(_ *Ctx, x *tensor.Tensor) *tensor.Tensor { return f(x) }

// Sequential runs layers one after the other. It is a slice: index it, append to
// it, range over it.
type Sequential []Layer

var sequentialType = reflect.TypeFor[Sequential]()

// Forward feeds each layer with the result of the one before.
func (s Sequential) Forward(c *Ctx, x *tensor.Tensor) *tensor.Tensor {
	return c.chain(x, place{unsafe.Pointer(unsafe.SliceData(s)), sequentialType, 0}, s)
}
