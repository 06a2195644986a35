package nn

import (
	"fmt"

	"github.com/fathom-ml/fathom/format/safetensors"
	"github.com/fathom-ml/fathom/tensor"
)

// Save writes a model's parameters and plain tensor fields to a safetensors file,
// named by their paths (5.5). The file is replaced as a whole or not at all. It is
// an error if a parameter has no value yet.
func Save(path string, model any) error {
	var missing []string
	for _, p := range Parameters(model) {
		if !p.HasValue() {
			missing = append(missing, p.Path)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("nn.Save %s: no value yet: %s (run the model once)", path, names(missing))
	}
	var arrays []safetensors.Array
	each(model, func(name string, t *tensor.Tensor) { arrays = append(arrays, safetensors.FromTensor(name, t)) })
	if err := safetensors.WriteFile(path, arrays, nil); err != nil {
		return fmt.Errorf("nn.Save: %w", err)
	}
	return nil
}

// Load reads a file written by [Save] into a model of the same structure. Names,
// shapes and dtypes must agree, but half-precision floats (F16, BF16) go into float32; parameters that have no value yet take the
// file's shape, and plain tensor fields that are nil may be in the file or not.
// On an error the model is untouched. [LoadFrom] takes files of others, whose names differ.
func Load(path string, model any) error {
	f, err := safetensors.Open(path)
	if err != nil {
		return fmt.Errorf("nn.Load: %w", err)
	}
	defer f.Close()
	if err := put(file{f}, slots(model)); err != nil {
		return fmt.Errorf("nn.Load %s: %w", path, err)
	}
	return nil
}

// file is a safetensors file as a source.
type file struct{ *safetensors.File }

func (f file) names() []string { return f.Names() }

func (f file) kind(name string) (tensor.DType, []int, error) {
	info, ok := f.Info(name)
	if !ok {
		return 0, nil, errAbsent
	}
	dt, ok := info.DType.TensorType()
	if !ok {
		return dt, nil, fmt.Errorf("the file holds %s, which tensors cannot", info.DType)
	}
	return dt, info.Shape, nil
}

func (f file) read(name string) (*tensor.Tensor, error) { return f.Tensor(name) }
