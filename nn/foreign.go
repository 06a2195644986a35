package nn

import (
	"slices"
	"strings"

	"github.com/fathom-ml/fathom/tensor"
)

// ForeignOption is an option of [LoadFrom], [Export] and [SaveAs]: a [Naming], [Transposed], [Fused], and of LoadFrom also [InOrder], [Ignore],
// [AllowMissing] and [AllowExtra].
type ForeignOption interface{ foreign(f *foreign) }

type foreignOption func(f *foreign)

func (o foreignOption) foreign(f *foreign) { o(f) }

// foreign is how a model and the values of others belong together.
type foreign struct {
	namings        []Naming
	transposed     []func(path string) bool
	ignored        []func(name string) bool
	fused          []fused
	inOrder        bool
	missing, extra bool // are allowed
}

// Transposed says that the matrices whose path which accepts lie transposed in the file, as the weights [inputs, units] of GPT-2's Conv1D do:
// nn.Transposed(nn.Glob("Blocks.*.Weight")).
func Transposed(which func(path string) bool) ForeignOption {
	return foreignOption(func(f *foreign) { f.transposed = append(f.transposed, which) })
}

// Ignore leaves out the values whose names in the file which accepts: nn.Ignore(nn.Glob("aux*")). The counters num_batches_tracked of
// PyTorch are always left out.
func Ignore(which func(name string) bool) ForeignOption {
	return foreignOption(func(f *foreign) { f.ignored = append(f.ignored, which) })
}

var (
	// InOrder makes LoadFrom go by the order of the values, not by their names: the first belongs to the first parameter or plain
	// tensor that a walk of the model meets, and so on. Numbers and shapes must agree.
	InOrder ForeignOption = foreignOption(func(f *foreign) { f.inOrder = true })
	// AllowMissing leaves parameters as they are for which there is no value.
	AllowMissing ForeignOption = foreignOption(func(f *foreign) { f.missing = true })
	// AllowExtra leaves out values for which the model has no place.
	AllowExtra ForeignOption = foreignOption(func(f *foreign) { f.extra = true })
)

func newForeign(opts []ForeignOption) *foreign {
	f := &foreign{ignored: []func(string) bool{func(n string) bool { return n == "num_batches_tracked" || strings.HasSuffix(n, ".num_batches_tracked") }}}
	for _, o := range opts {
		o.foreign(f)
	}
	return f
}

// name is what the file calls the path.
func (f *foreign) name(path string) string {
	for _, n := range f.namings {
		path = n(path)
	}
	return path
}

// turn transposes what is transposed.
func (f *foreign) turn(path string, t *tensor.Tensor) *tensor.Tensor {
	if accepts(f.transposed, path) && t.NDim() == 2 {
		return t.T()
	}
	return t
}

func accepts(which []func(string) bool, name string) bool {
	return slices.ContainsFunc(which, func(f func(string) bool) bool { return f(name) })
}
