package pt_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"

	"github.com/fathom-ml/fathom/format/pt"
	"github.com/fathom-ml/fathom/tensor"
)

// A file that would run a command when Python loads it.
func ExampleRead() {
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	w, err := z.CreateHeader(&zip.FileHeader{Name: "archive/data.pkl", Method: zip.Store})
	if err == nil {
		_, err = io.WriteString(w, "cos\nsystem\n(X\x02\x00\x00\x00lstR.")
	}
	if err == nil {
		err = z.Close()
	}
	if err == nil {
		_, err = pt.Read(bytes.NewReader(file.Bytes()), int64(file.Len()))
	}
	fmt.Println(err)
	// Output:
	// pt: byte 11 of the pickle: the file asks for "os.system", which is not on the list of what may be made: it is refused, and no code was run
}

// A checkpoint of a training run, as torch.save writes it, holds more than tensors.
func ExampleTensors() {
	v, err := pt.Load("testdata/checkpoint.pt")
	if err != nil {
		fmt.Println(err)
		return
	}
	d := v.(*pt.Dict)
	fmt.Println("epoch", d.Get("epoch"))
	list, err := pt.Tensors(d.Get("model"))
	for _, e := range list {
		fmt.Println(e.Name, e.Tensor)
	}
	fmt.Println(err)
	// Output:
	// epoch 3
	// 0.weight [[1. 2.]]
	// 0.bias [0.5]
	// <nil>
}

// A file that torch.load reads as a state dict.
func ExampleWrite() {
	list := []pt.Entry{
		{Name: "fc.weight", Tensor: tensor.Matrix([][]float32{{1, 2}, {3, 4}})},
		{Name: "fc.bias", Tensor: tensor.Of([]float32{5, 6})},
	}
	var file bytes.Buffer
	if err := pt.Write(&file, pt.All(list)); err != nil {
		fmt.Println(err)
		return
	}
	v, err := pt.Read(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		fmt.Println(err)
		return
	}
	for name, x := range v.(*pt.Dict).All() {
		fmt.Println(name, x)
	}
	// Output:
	// fc.weight [[1. 2.]
	//  [3. 4.]]
	// fc.bias [5. 6.]
}
