package vision

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/tensor"
)

// The oracle is PyTorch, as in internal/resample.
func TestResizeAgainstPyTorch(t *testing.T) {
	var cases []struct {
		In, Out [2]int
		X, Y    []float32
	}
	b, err := os.ReadFile("../internal/resample/testdata/bilinear.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		// Two images of three channels: each plane is the case's picture times a factor.
		h, w := c.In[0], c.In[1]
		x := tensor.Zeros(2, h, w, 3)
		d := tensor.Data[float32](x)
		for i := range d {
			d[i] = c.X[i/3%(h*w)] * float32(1+i%3+3*(i/(3*h*w)))
		}
		y := Resize(c.Out[0], c.Out[1])(x)
		if !slices.Equal(y.Shape(), []int{2, c.Out[0], c.Out[1], 3}) {
			t.Fatalf("shape %v", y.Shape())
		}
		n := len(c.Y)
		for i, v := range tensor.Data[float32](y) {
			want := c.Y[i/3%n] * float32(1+i%3+3*(i/(3*n)))
			if math.Abs(float64(v-want)) > 6e-6 {
				t.Fatalf("%v to %v: element %d is %v, want %v", c.In, c.Out, i, v, want)
			}
		}
	}
}

func TestResizeBytes(t *testing.T) {
	x := tensor.Of([]uint8{0, 255, 100, 101}, 2, 2, 1)
	y := Resize(2, 4)(x)
	want := []int{0, 64, 191, 255, 100, 100, 101, 101} // 63.75, 191.25; 100.25, 100.75
	if y.DType() != tensor.Uint8 || !slices.Equal(y.Ints(), want) {
		t.Errorf("%v", y)
	}
	// A constant picture stays what it is, whatever its dtype.
	white := tensor.ZerosOf(tensor.Uint8, 3, 28, 28, 1)
	white.Fill(255)
	if got := Compose(Resize(64, 64), ToTensor())(white); !tensor.Equal(got, tensor.Ones(3, 1, 64, 64)) {
		t.Error("white is not white")
	}
	for name, f := range map[string]func(){
		"size":  func() { Resize(0, 3) },
		"axes":  func() { Resize(3, 3)(tensor.Zeros(4, 4)) },
		"dtype": func() { Resize(3, 3)(tensor.ZerosOf(tensor.Int32, 4, 4, 1)) },
		"empty": func() { Resize(3, 3)(tensor.Zeros(0, 4, 4, 1)) },
	} {
		if err := tensor.Try(f); err == nil {
			t.Errorf("%s: no panic", name)
		}
	}
}

func TestResizeInLoader(t *testing.T) {
	set := data.Digits(false).TransformFirst(Compose(Resize(64, 64), ToTensor()))
	n := 0
	for X, y := range data.NewLoader(set, 32, data.Prefetch(2)).Batches() {
		if !slices.Equal(X.Shape(), []int{y.Dim(0), 1, 64, 64}) || X.DType() != tensor.Float32 || y.DType() != tensor.Int32 {
			t.Fatalf("%v %v", X.Shape(), y.Shape())
		}
		n += y.Dim(0)
	}
	if n != 360 {
		t.Errorf("%d images", n)
	}
}

func ExampleResize() {
	images := tensor.ZerosOf(tensor.Uint8, 32, 28, 28, 1)
	features := Compose(Resize(64, 64), ToTensor())(images)
	fmt.Println(features.Shape(), features.DType())
	// Output: [32 1 64 64] float32
}

// Pixels are squares: shrunk or stretched, the picture keeps its borders.
func ExampleResize_bilinear() {
	row := tensor.Of([]float32{0, 8}, 1, 2, 1)
	fmt.Println(Resize(1, 4)(row).Flatten())
	// Output: [0. 2. 6. 8.]
}
