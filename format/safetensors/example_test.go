package safetensors_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/fathom-ml/fathom/format/safetensors"
	"github.com/fathom-ml/fathom/tensor"
)

// Tensors into a file and back.
func ExampleWriteFile() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "weights.safetensors")
	err = safetensors.WriteFile(path, []safetensors.Array{
		safetensors.FromTensor("weight", tensor.Arange(6).Reshape(2, 3)),
		safetensors.FromTensor("steps", tensor.Of([]int{300})),
	}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	f, err := safetensors.Open(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	for _, name := range f.Names() {
		x, err := f.Tensor(name)
		fmt.Println(name, x.DType(), err)
		fmt.Println(x)
	}
	// Output:
	// steps int64 <nil>
	// [300]
	// weight float32 <nil>
	// [[0. 1. 2.]
	//  [3. 4. 5.]]
}

// A header is checked against the real size of the file before it is believed.
func ExampleRead() {
	header := `{"w":{"dtype":"F32","shape":[1000000000],"data_offsets":[0,4000000000]}}`
	file := append([]byte{byte(len(header)), 0, 0, 0, 0, 0, 0, 0}, header...)
	_, err := safetensors.Read(bytes.NewReader(file), int64(len(file)))
	fmt.Println(err)
	// Output:
	// safetensors: array "w": data_offsets: end: 4000000000 is more than 0
}
