package vision_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/vision"
)

func TestResizeSmoothAgainstPyTorch(t *testing.T) {
	text, err := os.ReadFile("testdata/antialias.json")
	var cases []struct {
		X, Y        []float32
		Shape, Size []int
	}
	if err == nil {
		err = json.Unmarshal(text, &cases)
	}
	if err != nil || len(cases) < 6 {
		t.Fatal(len(cases), err)
	}
	for _, c := range cases {
		x := tensor.Of(c.X, c.Shape...)
		f := vision.ResizeSmooth(c.Size[0], c.Size[1])
		want := tensor.Of(c.Y, c.Size[0], c.Size[1], c.Shape[2])
		if y := f(x); !tensor.AllClose(y, want, 1e-5, 1e-6) {
			t.Errorf("%v to %v: %v, want %v", c.Shape, c.Size, y, want)
		}
		two := tensor.Stack(0, x, x.MulScalar(2)) // a batch
		if y := f(two); !tensor.AllClose(y, tensor.Stack(0, want, want.MulScalar(2)), 1e-5, 1e-6) {
			t.Errorf("%v to %v: as a batch", c.Shape, c.Size)
		}
		bytes := x.MulScalar(255).Round().AsType(tensor.Uint8)
		if d := f(bytes).AsType(tensor.Float32).Sub(want.MulScalar(255)).Abs().Max().Item(); d > 1.01 {
			t.Errorf("%v to %v: bytes are off by %v", c.Shape, c.Size, d)
		}
	}
}

func TestResizeShort(t *testing.T) {
	for _, c := range [][4]int{{100, 50, 40, 20}, {50, 100, 20, 40}, {561, 728, 20, 25}, {7, 7, 20, 20}} {
		if s := vision.ResizeShort(20)(tensor.Zeros(c[0], c[1], 3)).Shape(); !slices.Equal(s, []int{c[2], c[3], 3}) {
			t.Errorf("%v: %v", c, s)
		}
	}
}

func TestReadImage(t *testing.T) {
	m := image.NewNRGBA(image.Rect(3, 4, 5, 5)) // an image need not begin at 0
	m.Set(3, 4, color.NRGBA{1, 2, 3, 255})
	m.Set(4, 4, color.NRGBA{200, 100, 50, 255})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.png")
	if err := os.WriteFile(path, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	x, err := vision.ReadImage(path)
	if err != nil || !tensor.Equal(x, tensor.Of([]uint8{1, 2, 3, 200, 100, 50}, 1, 2, 3)) {
		t.Errorf("%v %v", x, err)
	}
	huge := slices.Clone(b.Bytes())
	copy(huge[16:24], []byte{0, 1, 0, 0, 0, 1, 0, 0}) // 65536 x 65536; the checksum comes after
	for name, b := range map[string][]byte{"cut": b.Bytes()[:40], "no image": []byte("hello"), "nothing": nil, "huge": huge} {
		if _, err := vision.Decode(bytes.NewReader(b)); err == nil || !strings.HasPrefix(err.Error(), "vision: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := vision.ReadImage(filepath.Join(t.TempDir(), "no")); !os.IsNotExist(unwrapAll(err)) {
		t.Error(err)
	}
}

func unwrapAll(err error) error {
	for {
		u, ok := err.(interface{ Unwrap() error })
		if !ok || u.Unwrap() == nil {
			return err
		}
		err = u.Unwrap()
	}
}

// The way of a photograph into a network: the middle of it, as numbers with mean 0 and variance 1.
func ExampleNormalize() {
	prepare := vision.Compose(
		vision.ResizeShort(4),
		vision.CenterCrop(2, 2),
		vision.ReorderChannels(2, 1, 0),
		vision.ToTensor(),
		vision.Normalize([]float64{0.5, 0.5, 0}, []float64{0.5, 0.25, 1}),
	)
	photo := tensor.ZerosOf(tensor.Uint8, 8, 12, 3)
	photo.FillSlice(255, tensor.Until(8), tensor.Until(12), tensor.I(2)) // blue
	fmt.Println(prepare(photo))
	// Output:
	// [[[ 1.  1.]
	//   [ 1.  1.]]
	//
	//  [[-2. -2.]
	//   [-2. -2.]]
	//
	//  [[ 0.  0.]
	//   [ 0.  0.]]]
}

func TestPixelsRefuse(t *testing.T) {
	x := tensor.Zeros(4, 4, 3)
	for name, f := range map[string]func(){
		"crop":       func() { vision.CenterCrop(5, 1)(x) },
		"crop 0":     func() { vision.CenterCrop(0, 1) },
		"channel":    func() { vision.ReorderChannels(3)(x) },
		"std":        func() { vision.Normalize([]float64{1}, []float64{0}) },
		"means":      func() { vision.Normalize([]float64{1, 2}, []float64{1}) },
		"features":   func() { vision.Normalize([]float64{1}, []float64{1})(x) },
		"short":      func() { vision.ResizeShort(0) },
		"short 2":    func() { vision.ResizeShort(3)(tensor.Zeros(3, 3)) },
		"smooth":     func() { vision.ResizeSmooth(0, 1) },
		"smooth int": func() { vision.ResizeSmooth(1, 1)(x.AsType(tensor.Int32)) },
	} {
		if err := tensor.Try(f); err == nil {
			t.Errorf("%s: no panic", name)
		}
	}
	if y := vision.CenterCrop(2, 1)(tensor.Arange(15).Reshape(3, 5, 1)); fmt.Sprint(y.Flatten()) != "[2. 7.]" { // as torchvision
		t.Error(y.Flatten())
	}
}
