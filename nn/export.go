package nn

import (
	"fmt"
	"iter"

	"github.com/fathom-ml/fathom/format/safetensors"
	"github.com/fathom-ml/fathom/tensor"
)

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
	for i := range list {
		list[i].t = copyOf(list[i].t)
	}
	return ranged(list)
}

// foreignValue is a value under its name in the file.
type foreignValue struct {
	name string
	t    *tensor.Tensor
}

func ranged(list []foreignValue) iter.Seq2[string, *tensor.Tensor] {
	return func(yield func(string, *tensor.Tensor) bool) {
		for _, v := range list {
			if !yield(v.name, v.t) {
				return
			}
		}
	}
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

// LoadAs is [LoadFrom] with the arrays of a safetensors file, as PyTorch's users write them:
//
//	err := nn.LoadAs("model.safetensors", net, nn.TorchNames)
func LoadAs(path string, model any, opts ...ForeignOption) error {
	f, err := safetensors.Open(path)
	if err != nil {
		return fmt.Errorf("nn.LoadAs: %w", err)
	}
	defer f.Close()
	ignored := newForeign(opts).ignored
	var list []foreignValue
	for _, name := range f.Names() {
		if accepts(ignored, name) {
			continue // it may hold what no tensor can
		}
		t, err := f.Tensor(name)
		if err != nil {
			return fmt.Errorf("nn.LoadAs %s: %w", path, err)
		}
		list = append(list, foreignValue{name, t})
	}
	if err := LoadFrom(model, ranged(list), opts...); err != nil {
		return fmt.Errorf("nn.LoadAs %s: %w", path, err)
	}
	return nil
}
