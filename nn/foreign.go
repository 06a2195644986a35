package nn

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/fathom-ml/fathom/format/safetensors"
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

// LoadError is what is wrong with the values that [LoadFrom] got: all of it.
type LoadError struct {
	Missing []string // the file's names of parameters that have no value: "fc.bias (FC.Bias)"
	Extra   []string // names for which the model has no place
	Misfit  []string // "conv1.weight: the file's shape is [6 1 5 5], the model's [6 3 5 5]"
}

// Error names a few of each kind.
func (e *LoadError) Error() string {
	var what []string
	for _, k := range []struct {
		before string
		list   []string
	}{{"the file lacks ", e.Missing}, {"the model lacks ", e.Extra}, {"", e.Misfit}} {
		if len(k.list) > 0 {
			what = append(what, k.before+names(k.list))
		}
	}
	return "nn.LoadFrom: " + strings.Join(what, "; ")
}

// LoadFrom puts values of another framework into a model: those of a PyTorch file with
//
//	list, err := pt.LoadTensors("resnet18.pth")
//	err = nn.LoadFrom(net, pt.All(list), nn.TorchNames)
//
// and those of a map m with maps.All(m). Options say which value belongs where. Shapes must agree; floats take the dtype of the model, and
// where the model has none yet halves become float32. Parameters without a value take the shape that comes, so that a model needs neither
// [Init] nor a first run before. The running statistics of a BatchNorm may be there or not.
//
// The error is a [*LoadError] that tells all missing, unknown and unfit values at once; the model is untouched then.
func LoadFrom(model any, values iter.Seq2[string, *tensor.Tensor], opts ...ForeignOption) error {
	f := newForeign(opts)
	list := slots(model)
	order, at, err := f.collect(values)
	if err == nil && f.inOrder {
		at, err = f.pair(list, order, at)
	} else if err == nil {
		err = f.clash(list)
	}
	if err != nil {
		return fmt.Errorf("nn.LoadFrom: %w", err)
	}
	wrong := new(LoadError)
	put := make([]*tensor.Tensor, len(list))
	used := map[string]bool{}
	for i, s := range list {
		name := f.slotName(s)
		used[name] = true
		v := at[name]
		if v == nil {
			if !s.optional && !f.missing {
				wrong.Missing = append(wrong.Missing, label(name, s.name))
			}
			continue
		}
		if put[i], err = s.adapt(f.turn(s.name, v)); err != nil {
			wrong.Misfit = append(wrong.Misfit, label(name, s.name)+": "+err.Error())
		}
	}
	for _, n := range order {
		if !f.inOrder && !f.extra && !used[n] {
			wrong.Extra = append(wrong.Extra, n)
		}
	}
	if len(wrong.Missing)+len(wrong.Extra)+len(wrong.Misfit) > 0 {
		return wrong
	}
	for i, s := range list {
		if put[i] != nil {
			s.set(put[i])
		}
	}
	return nil
}

func label(name, path string) string {
	if name == path {
		return name
	}
	return name + " (" + path + ")"
}

// slotName is the key under which a slot's value is found.
func (f *foreign) slotName(s slot) string {
	if f.inOrder {
		return s.name
	}
	return f.name(s.name)
}

// collect makes a map of the values and a list of their names.
func (f *foreign) collect(values iter.Seq2[string, *tensor.Tensor]) (order []string, at map[string]*tensor.Tensor, err error) {
	at = map[string]*tensor.Tensor{}
	for name, t := range f.split(values) {
		switch {
		case accepts(f.ignored, name):
			continue
		case t == nil:
			return nil, nil, fmt.Errorf("%.80q has no tensor", name)
		case at[name] != nil:
			return nil, nil, fmt.Errorf("two values are named %.80q", name)
		}
		order = append(order, name)
		at[name] = t.Detach()
	}
	return order, at, nil
}

// pair gives the values in their order to the slots in theirs.
func (f *foreign) pair(list []slot, order []string, at map[string]*tensor.Tensor) (map[string]*tensor.Tensor, error) {
	must := slices.DeleteFunc(slices.Clone(list), func(s slot) bool { return s.optional })
	if len(order) == len(must) { // without running statistics
		list = must
	}
	if len(order) != len(list) {
		return nil, fmt.Errorf("%d values for %d places in the model", len(order), len(list))
	}
	by := map[string]*tensor.Tensor{}
	for i, s := range list {
		by[s.name] = at[order[i]]
	}
	return by, nil
}

// clash is an error if two places have one name.
func (f *foreign) clash(list []slot) error {
	paths := map[string]string{}
	for _, s := range list {
		n := f.name(s.name)
		if other, ok := paths[n]; ok {
			return fmt.Errorf("%s and %s have one name in the file: %q", other, s.name, n)
		}
		paths[n] = s.name
	}
	return nil
}

// adapt makes of t what the slot takes.
func (s slot) adapt(t *tensor.Tensor) (*tensor.Tensor, error) {
	if s.dtype != nil && s.dtype.IsFloat() && t.DType().IsFloat() {
		t = t.AsType(*s.dtype)
	}
	dt, err := s.check(t.DType(), t.Shape())
	if err != nil {
		return nil, err
	}
	return copyOf(t.AsType(dt)), nil
}

// Export lists copies of a model's parameters and plain tensors under the names that another framework gives them, in the order of a walk. It
// is what LoadFrom with the same options reads back. Parameters without a value and fields that are nil are left out. It panics if two
// get one name.
func Export(model any, opts ...ForeignOption) iter.Seq2[string, *tensor.Tensor] {
	f := newForeign(opts)
	if err := f.clash(slots(model)); err != nil {
		panic(&tensor.Error{Op: "nn.Export", Msg: err.Error()})
	}
	var list []foreignValue
	each(model, func(path string, t *tensor.Tensor) { list = append(list, foreignValue{f.name(path), f.turn(path, t)}) })
	list = f.join(list)
	return func(yield func(string, *tensor.Tensor) bool) {
		for _, v := range list {
			if !yield(v.name, copyOf(v.t)) {
				return
			}
		}
	}
}

// foreignValue is a value under its name in the file.
type foreignValue struct {
	name string
	t    *tensor.Tensor
}

// SaveAs writes what [Export] lists to a safetensors file, which PyTorch reads with
//
//	net.load_state_dict(safetensors.torch.load_file(path))
//
// for nn.SaveAs(path, net, nn.TorchNames). The file is replaced as a whole or not at all.
func SaveAs(path string, model any, opts ...ForeignOption) error {
	var arrays []safetensors.Array
	for name, t := range Export(model, opts...) {
		arrays = append(arrays, safetensors.FromTensor(name, t))
	}
	if err := safetensors.WriteFile(path, arrays, nil); err != nil {
		return fmt.Errorf("nn.SaveAs: %w", err)
	}
	return nil
}
