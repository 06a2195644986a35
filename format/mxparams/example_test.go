package mxparams_test

import (
	"bytes"
	"fmt"

	"github.com/fathom-ml/fathom/format/mxparams"
)

// The weights of a network with one parameter, as MXNet saves them.
func ExampleRead() {
	file := "\x12\x01\x00\x00\x00\x00\x00\x00" + "\x00\x00\x00\x00\x00\x00\x00\x00" + // magic
		"\x01\x00\x00\x00\x00\x00\x00\x00" + // one array
		"\xc9\xfa\x93\xf9" + "\x00\x00\x00\x00" + // version 2, dense
		"\x01\x00\x00\x00" + "\x02\x00\x00\x00\x00\x00\x00\x00" + // shape (2)
		"\x01\x00\x00\x00" + "\x00\x00\x00\x00" + "\x00\x00\x00\x00" + // on the CPU, float32
		"\x00\x00\x80\x3f" + "\x00\x00\x00\xc0" +
		"\x01\x00\x00\x00\x00\x00\x00\x00" + "\x07\x00\x00\x00\x00\x00\x00\x00" + "arg:w_0"
	list, err := mxparams.Read(bytes.NewReader([]byte(file)))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range list {
		kind, name := e.Split()
		fmt.Println(kind, name, e.Tensor)
	}
	// Output:
	// arg w_0 [ 1. -2.]
}
