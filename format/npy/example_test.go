package npy_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/fathom-ml/fathom/format/npy"
	"github.com/fathom-ml/fathom/tensor"
)

// A tensor into a file and back; np.load reads it too.
func ExampleSave() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "x.npy")
	if err := npy.Save(path, tensor.Arange(6).Reshape(2, 3)); err != nil {
		fmt.Println(err)
		return
	}
	x, err := npy.Load(path)
	fmt.Println(x, err)
	// Output:
	// [[0. 1. 2.]
	//  [3. 4. 5.]] <nil>
}

// The header stands in the file as text.
func ExampleWrite() {
	var b bytes.Buffer
	if err := npy.Write(&b, tensor.Of([]int64{1, 2, 3})); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d bytes: %q\n", b.Len(), b.Bytes()[10:68])
	// Output:
	// 152 bytes: "{'descr': '<i8', 'fortran_order': False, 'shape': (3,), } "
}

// A header is not believed before the bytes are there.
func ExampleRead() {
	dict := "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000,)}"
	file := append([]byte("\x93NUMPY\x01\x00"), byte(len(dict)), 0)
	_, err := npy.Read(bytes.NewReader(append(file, dict...)))
	fmt.Println(err)
	// Output:
	// npy: 4000000000 bytes from byte 0 on: only 0 of 1048576 bytes: unexpected EOF
}

// Several arrays in one compressed file, as np.savez_compressed writes it.
func ExampleWriteArchive() {
	var b bytes.Buffer
	err := npy.WriteArchive(&b, npy.Deflate,
		npy.Entry{Name: "weight", Tensor: tensor.Ones(2, 2)},
		npy.Entry{Name: "steps", Tensor: tensor.Of([]int{300})})
	if err != nil {
		fmt.Println(err)
		return
	}
	a, err := npy.ReadArchive(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range a.Names() {
		info, _ := a.Info(name)
		x, err := a.Tensor(name)
		fmt.Println(name, info.DType, info.Shape, x.Float64s(), err)
	}
	// Output:
	// weight float32 [2 2] [1 1 1 1] <nil>
	// steps int64 [1] [300] <nil>
}
