package data

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fathom-ml/fathom/tensor"
)

func TestToTensor(t *testing.T) {
	x := tensor.Of([]uint8{0, 255, 51, 1, 2, 3, 10, 20, 30, 40, 50, 60}, 1, 2, 2, 3)
	y := ToTensor(x)
	if !slices.Equal(y.Shape(), []int{1, 3, 2, 2}) || y.DType() != tensor.Float32 {
		t.Fatalf("%v %v", y.DType(), y.Shape())
	}
	for c := range 3 {
		for i := range 2 {
			for j := range 2 {
				if want := float32(x.At(0, i, j, c)) / 255; float32(y.At(0, c, i, j)) != want {
					t.Errorf("%d %d %d: %v, want %v", c, i, j, y.At(0, c, i, j), want)
				}
			}
		}
	}
	// One picture, and pictures that are float32 already.
	if got := ToTensor(x.Index(0)); !tensor.Equal(got, y.Index(0)) {
		t.Errorf("%v", got)
	}
	f := x.AsType(tensor.Float32)
	if got := ToTensor(f); !tensor.AllClose(got.DivScalar(255), y, 1e-6, 0) {
		t.Errorf("%v", got)
	}
	for _, bad := range []*tensor.Tensor{tensor.Zeros(2, 2), tensor.ZerosOf(tensor.Int32, 2, 2, 1)} {
		if err := tensor.Try(func() { ToTensor(bad) }); err == nil {
			t.Errorf("%v: no panic", bad.Shape())
		}
	}
}

func TestImageSet(t *testing.T) {
	images := make([]uint8, 5*4*3)
	for i := range images {
		images[i] = uint8(i)
	}
	s := NewImageSet("five", tensor.Of(images, 5, 4, 3, 1), tensor.Of([]int32{0, 1, 0, 1, 2}), "a", "b")
	if got := s.Names(s.Labels); !slices.Equal(got, []string{"a", "b", "a", "b", "2"}) {
		t.Errorf("names %q", got)
	}
	for prefetch := range 2 {
		n := 0
		for X, y := range NewLoader(s, 2, Prefetch(prefetch)).Batches() {
			k := y.Dim(0)
			if !slices.Equal(X.Shape(), []int{k, 1, 4, 3}) || X.DType() != tensor.Float32 || y.DType() != tensor.Int32 {
				t.Fatalf("%v %v", X.Shape(), y)
			}
			for i := range k {
				if got, want := float32(X.At(i, 0, 3, 2)), float32((n+i)*12+11)/255; got != want {
					t.Errorf("image %d: %v, want %v", n+i, got, want)
				}
			}
			n += k
		}
		if n != 5 {
			t.Errorf("%d images", n)
		}
	}
	image, label := s.At(4)
	if label != 2 || image.At(0, 0, 0) != 48 || s.Class(1) != "b" || s.Class(2) != "2" {
		t.Errorf("%v %v", image, label)
	}
	if r := s.Range(1, 3); r.Len() != 2 || r.Images.At(0, 0, 0, 0) != 12 || r.Labels.At(0) != 1 {
		t.Errorf("%v", r.Images)
	}
	if s.Take(3).Len() != 3 || s.Take(99).Len() != 5 {
		t.Error("Take")
	}
	raw := s.TransformFirst(func(x *tensor.Tensor) *tensor.Tensor { return x })
	b, err := raw.Batch([]int{1})
	if err != nil || b[0].DType() != tensor.Uint8 || !slices.Equal(b[0].Shape(), []int{1, 4, 3, 1}) {
		t.Errorf("%v %v", b, err)
	}
	for name, f := range map[string]func(){
		"labels": func() { NewImageSet("x", s.Images, tensor.Of([]int32{1})) },
		"dtype":  func() { NewImageSet("x", s.Images, tensor.Zeros(5)) },
		"axes":   func() { NewImageSet("x", tensor.Zeros(5, 3, 3), s.Labels) },
	} {
		if err := tensor.Try(f); err == nil {
			t.Errorf("%s: no panic", name)
		}
	}
}

// testdata/digits.json is made by tools/oracle/resize.py with PyTorch and scikit-learn.
func TestDigitsAgainstPyTorch(t *testing.T) {
	var want struct {
		Rows []struct {
			Row, Label int
			Image      []float32
		}
		Sums [2]float64
	}
	b, err := os.ReadFile("testdata/digits.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &want); err != nil {
		t.Fatal(err)
	}
	sets := []*ImageSet{Digits(true), Digits(false)}
	if sets[0].Len() != 1437 || sets[1].Len() != 360 {
		t.Fatalf("%d and %d images", sets[0].Len(), sets[1].Len())
	}
	for _, r := range want.Rows {
		set, at := sets[0], r.Row
		if at >= 1437 {
			set, at = sets[1], at-1437
		}
		image, label := set.At(at)
		if label != r.Label || !slices.Equal(image.Shape(), []int{28, 28, 1}) {
			t.Errorf("row %d: label %d, shape %v", r.Row, label, image.Shape())
		}
		for k, v := range tensor.Data[float32](image) {
			if math.Abs(float64(v-r.Image[k])) > 1e-6 {
				t.Fatalf("row %d, pixel %d: %v, want %v", r.Row, k, v, r.Image[k])
			}
		}
	}
	for i, s := range sets {
		sum := 0.0
		for _, v := range tensor.Data[float32](s.Images) {
			sum += float64(v)
		}
		if math.Abs(sum/want.Sums[i]-1) > 1e-6 {
			t.Errorf("sum %v, want %v", sum, want.Sums[i])
		}
	}
}

// The makers' files, if FATHOM_DATA has them.
func TestFashionMNIST(t *testing.T) {
	images, _ := FashionMNISTFiles(true)
	if _, err := Find(images.Name); err != nil {
		t.Skip(err)
	}
	for train, n := range map[bool]int{true: 60000, false: 10000} {
		s, err := FashionMNIST(context.Background(), train, nil)
		if err != nil {
			t.Fatal(err)
		}
		if s.Len() != n || !slices.Equal(s.Images.Shape(), []int{n, 28, 28, 1}) || s.Images.DType() != tensor.Uint8 {
			t.Fatalf("%v %v", s.Images.DType(), s.Images.Shape())
		}
		count := make([]int, 10)
		for _, l := range tensor.Data[int32](s.Labels) {
			count[l]++
		}
		for c, k := range count {
			if k != n/10 {
				t.Errorf("%s: %d images", s.Class(c), k)
			}
		}
		first := s.Labels.Narrow(0, 0, 6).Ints()
		want := []int{9, 2, 1, 1, 6, 1}
		if train {
			want = []int{9, 0, 0, 3, 0, 2}
		}
		if !slices.Equal(first, want) {
			t.Errorf("first labels %v", first)
		}
	}
}

// Without any network the answer is an error, soon, that tells what was tried; a
// file that lies under the right name is not believed.
func TestFashionMNISTNotToBeHad(t *testing.T) {
	t.Setenv("FATHOM_DATA", "")
	t.Setenv("FATHOM_CACHE", t.TempDir())
	for _, v := range []string{"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "NO_PROXY", "no_proxy"} {
		t.Setenv(v, "")
	}
	defer func(m []string) { fashionMirrors = m }(fashionMirrors)
	fashionMirrors = []string{"http://127.0.0.1:1/a/", "http://127.0.0.1:1/b/"}
	start := time.Now()
	_, err := FashionMNIST(context.Background(), false, nil)
	if err == nil || !strings.Contains(err.Error(), "127.0.0.1:1/b/t10k-labels-idx1-ubyte.gz") {
		t.Fatal(err)
	}
	if d := time.Since(start); d > 5*time.Second {
		t.Errorf("it took %v", d)
	}
	dir := t.TempDir()
	t.Setenv("FATHOM_DATA", dir)
	if err := os.Mkdir(filepath.Join(dir, "fashion-mnist"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "fashion-mnist", "t10k-labels-idx1-ubyte.gz"), []byte("x"), fs.FileMode(0o666)); err != nil {
		t.Fatal(err)
	}
	if _, err := FashionMNIST(context.Background(), false, nil); err == nil || !strings.Contains(err.Error(), "1 bytes, not 5148") {
		t.Fatal(err)
	}
}

func TestIDXTensor(t *testing.T) {
	for _, c := range []struct {
		typ  IDXType
		body []byte
		want tensor.DType
	}{
		{IDXUint8, []byte{1, 2}, tensor.Uint8},
		{IDXInt8, []byte{1, 2}, tensor.Int32},
		{IDXInt16, []byte{0, 1, 0, 2}, tensor.Int32},
		{IDXInt32, []byte{0, 0, 0, 1, 0, 0, 0, 2}, tensor.Int32},
		{IDXFloat32, []byte{0x3f, 0x80, 0, 0, 0x40, 0, 0, 0}, tensor.Float32},
		{IDXFloat64, []byte{0x3f, 0xf0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0}, tensor.Float64},
	} {
		x := (&IDX{Type: c.typ, Shape: []int{1, 2}, Data: c.body}).Tensor()
		if x.DType() != c.want || !slices.Equal(x.Shape(), []int{1, 2}) || !slices.Equal(x.Float64s(), []float64{1, 2}) {
			t.Errorf("%v: %v %v", c.typ, x.DType(), x)
		}
	}
}

func ExampleDigits() {
	train, test := Digits(true), Digits(false)
	fmt.Println(train.Len(), test.Len(), train.Images.Shape())
	for X, y := range NewLoader(train, 256, Shuffle(true)).Batches() {
		fmt.Println(X.Shape(), X.DType(), y.Shape(), y.DType())
		break
	}
	// Output:
	// 1437 360 [1437 28 28 1]
	// [256 1 28 28] float32 [256] int32
}
