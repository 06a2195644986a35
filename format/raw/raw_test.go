package raw

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
)

func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.bin")
	x := tensor.Arange(6).Reshape(2, 3)
	if err := Save(path, x.T()); err != nil {
		t.Fatal(err)
	}
	// 0, 3, 1, 4, 2, 5 in float32, as the format says.
	want := []byte("\x00\x00\x00\x00\x00\x00\x40\x40\x00\x00\x80\x3f\x00\x00\x80\x40\x00\x00\x00\x40\x00\x00\xa0\x40")
	if b, err := os.ReadFile(path); err != nil || !bytes.Equal(b, want) {
		t.Errorf("%q %v", b, err)
	}
	if y, err := Load(path, tensor.Float32, 3, 2); err != nil || !tensor.Equal(y, x.T()) {
		t.Errorf("%v %v", y, err)
	}
	if y, err := Load(path, tensor.Int64); err != nil || y.Len() != 3 {
		t.Errorf("%v %v", y, err)
	}
	for want, load := range map[string]func() (*tensor.Tensor, error){
		"takes 20 bytes, the file has 24": func() (*tensor.Tensor, error) { return Load(path, tensor.Float32, 5) },
		"takes 28 bytes, the file has 24": func() (*tensor.Tensor, error) { return Load(path, tensor.Float32, 7) },
		"negative":                        func() (*tensor.Tensor, error) { return Load(path, tensor.Float32, -1) },
		"memory can hold":                 func() (*tensor.Tensor, error) { return Load(path, tensor.Float32, 1<<40, 1<<40) },
		"no whole number of complex128":   func() (*tensor.Tensor, error) { return Load(path, tensor.Complex128) },
		"no such file":                    func() (*tensor.Tensor, error) { return Load(path+"x", tensor.Float32) },
		"not a regular file":              func() (*tensor.Tensor, error) { return Load(filepath.Dir(path), tensor.Float32) },
		"EOF":                             func() (*tensor.Tensor, error) { return Read(strings.NewReader("abc"), tensor.Float32, 1<<40) },
	} {
		if _, err := load(); err == nil || !strings.HasPrefix(err.Error(), "raw: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func ExampleRead() {
	x, err := Read(strings.NewReader("\x00\x00\x80\x3f\x00\x00\x00\xc0"), tensor.Float32, 2)
	fmt.Println(x, err)
	// Output:
	// [ 1. -2.] <nil>
}
