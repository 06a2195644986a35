package vision

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/tensor"
)

// paint writes a PNG file of one colour.
func paint(t testing.TB, path string, w, h int, c color.RGBA) {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		m.SetRGBA(i%w, i/w, c)
	}
	var b bytes.Buffer
	err := errors.Join(png.Encode(&b, m), os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, b.Bytes(), 0o666))
	if err != nil {
		t.Fatal(err)
	}
}

func TestImageFolder(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]color.RGBA{"cat/10.png": {1, 0, 0, 255}, "cat/2.png": {2, 0, 0, 255}, "ape/x.png": {3, 0, 0, 255}, "ape/deep/y.png": {4, 0, 0, 255}} {
		paint(t, filepath.Join(dir, name), 3, 2, c)
	}
	os.WriteFile(filepath.Join(dir, "ape", "notes.txt"), nil, 0o666)
	f, err := ImageFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	b, err := f.Batch([]int{0, 1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	if red := b[0].Slice(tensor.Ellipsis, tensor.I(0)).Slice(tensor.All, tensor.I(0), tensor.I(0)).String(); red != "[3 4 2 1]" && red != "[4 3 2 1]" || b[1].String() != "[0 0 1 1]" {
		t.Errorf("images %s, labels %v", red, b[1])
	}
	if strings.Join(f.Classes, " ") != "ape cat" || f.Len() != 4 {
		t.Errorf("classes %v of %d images", f.Classes, f.Len())
	}

	paint(t, filepath.Join(dir, "cat", "3.png"), 5, 5, color.RGBA{A: 255})
	f, err = ImageFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Batch([]int{0, 3}); err == nil || !strings.Contains(err.Error(), "3.png") || !strings.Contains(err.Error(), "Resize") {
		t.Errorf("images of two sizes: %v", err)
	}
	f.Transform = func(x *tensor.Tensor) *tensor.Tensor { return x.Slice(tensor.Until(1), tensor.Until(1)) }
	for b := range data.NewLoader[data.Batch](f, 2).All(t.Context()) {
		if s := b[0].Shape(); s[1] != 1 || s[2] != 1 || s[3] != 3 {
			t.Errorf("shape %v", s)
		}
	}
	if _, err := ImageFolder(t.TempDir()); err == nil {
		t.Error("an empty folder is no error")
	}
	if _, err := ImageFolder(filepath.Join(dir, "dog")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}

func TestLabelledImages(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"1.png", "2.png", "10.png"} {
		paint(t, filepath.Join(dir, "train", name), 1, 1, color.RGBA{A: 255})
	}
	table := filepath.Join(dir, "labels.csv")
	os.WriteFile(table, []byte("id,label\n10,frog\n1,deer\n77,cat\n"), 0o666)
	f, err := LabelledImages(filepath.Join(dir, "train"), table)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Join(f.Classes, " ") != "cat deer frog" || len(f.Labels) != 3 || f.Labels[0] != 1 || f.Labels[1] != -1 || f.Labels[2] != 2 {
		t.Errorf("classes %v, labels %v of %v", f.Classes, f.Labels, f.Paths)
	}
	os.WriteFile(table, []byte("id,label\n10\n"), 0o666)
	if _, err := LabelledImages(filepath.Join(dir, "train"), table); err == nil || !strings.Contains(err.Error(), "labels.csv") {
		t.Errorf("a line of one field: %v", err)
	}
}

func TestReadBoxes(t *testing.T) {
	dir := t.TempDir()
	paint(t, filepath.Join(dir, "images", "0.png"), 256, 256, color.RGBA{A: 255})
	paint(t, filepath.Join(dir, "images", "1.png"), 100, 256, color.RGBA{A: 255})
	label := filepath.Join(dir, "label.csv")
	write := func(line string) {
		os.WriteFile(label, []byte("img_name,label,xmin,ymin,xmax,ymax\n"+line+"\n"), 0o666)
	}
	write("0.png,0,64,128,192,256")
	x, y, err := readBoxes(dir)
	if err != nil || x.Len() != 1 || y.String() != "[[[0.   0.25 0.5  0.75 1.  ]]]" {
		t.Errorf("%v, %v", y, err)
	}
	for line, want := range map[string]string{
		"../images/0.png,0,1,1,2,2": "not a file's name", "0.png,0,1,1,2": "fields", "0.png,0,1,1,2,300": "0 to 256", "0.png,0,1,x,2,3": "0 to 256", "1.png,0,1,1,2,2": "100 x 256",
		"2.png,0,1,1,2,2": "no such file", "": "names no images",
	} {
		write(line)
		if _, _, err := readBoxes(dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", line, err)
		}
	}
}

// The colours of the first, second and last class are known from the makers' description.
func TestVOCColormap(t *testing.T) {
	c := VOCColormap()
	for i, want := range map[int]string{0: "[0 0 0]", 1: "[128   0   0]", 2: "[  0 128   0]", 15: "[192 128 128]", 20: "[  0  64 128]"} {
		if got := c.Index(i).String(); got != want {
			t.Errorf("colour %d is %s, not %s", i, got, want)
		}
	}
	mask := tensor.Of([]uint8{0, 0, 0, 192, 128, 128, 224, 224, 192}, 1, 3, 3)
	if got := VOCLabels(mask).String(); got != "[[ 0 15  0]]" {
		t.Errorf("classes %s", got)
	}
}

// TestDataSets reads what is in a folder of data.
func TestDataSets(t *testing.T) {
	if len(data.Folders()) == 0 {
		t.Skip("FATHOM_DATA is not set: no data sets here")
	}
	t.Setenv("FATHOM_CACHE", t.TempDir())
	ctx := t.Context()
	here := func(t *testing.T, key string) data.Set {
		s, err := data.FindSet(key)
		if err != nil {
			t.Fatal(err)
		}
		if _, subset := s.Here(); !subset {
			t.Skipf("the subset of %s is not in FATHOM_DATA", key)
		}
		return s
	}
	folder := func(t *testing.T, key string) string {
		dir, _, err := here(t, key).Extract(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return dir
	}
	t.Run("hotdog", func(t *testing.T) {
		f, err := ImageFolder(filepath.Join(folder(t, "hotdog"), "hotdog", "train"))
		if err != nil || f.Len() != 800 || strings.Join(f.Classes, " ") != "hotdog not-hotdog" {
			t.Fatal(f, err)
		}
		if x, label, err := f.At(799); err != nil || min(x.Dim(0), x.Dim(1)) != 256 || label != 1 {
			t.Error(label, err)
		}
	})
	t.Run("pokemon", func(t *testing.T) {
		f, err := ImageFolder(filepath.Join(folder(t, "pokemon"), "pokemon"))
		if err != nil || f.Len() != 4819 || len(f.Classes) != 1333 {
			t.Fatal(err)
		}
	})
	t.Run("cifar", func(t *testing.T) {
		dir := filepath.Join(folder(t, "cifar10_tiny"), "kaggle_cifar10_tiny")
		f, err := LabelledImages(filepath.Join(dir, "train"), filepath.Join(dir, "trainLabels.csv"))
		if err != nil || f.Len() != 1000 || len(f.Classes) != 10 {
			t.Fatal(err)
		}
		counts := map[int32]int{}
		for _, l := range f.Labels {
			counts[l]++
		}
		if len(counts) != 10 || counts[3] != 100 {
			t.Error(counts)
		}
	})
	t.Run("dogs", func(t *testing.T) {
		dir := filepath.Join(folder(t, "dog_tiny"), "kaggle_dog_tiny")
		f, err := LabelledImages(filepath.Join(dir, "train"), filepath.Join(dir, "labels.csv"))
		if err != nil || f.Len() != 274 || len(f.Classes) != 110 {
			t.Error(f.Len(), len(f.Classes), err)
		}
	})
	t.Run("bananas", func(t *testing.T) {
		here(t, "banana-detection")
		x, y, subset, err := Bananas(ctx, false)
		if err != nil || !subset || x.Dim(0) != 4 || y.At(0, 0, 1) != 151./256 {
			t.Error(err)
		}
	})
	t.Run("voc", func(t *testing.T) {
		here(t, "voc2012")
		for _, train := range []bool{true, false} {
			x, m, _, err := VOC(ctx, train)
			if err != nil || len(x) != 2 || len(m) != 2 {
				t.Fatal(err)
			}
			if top := VOCLabels(m[0]).Max().Item(); top < 1 || top > 20 {
				t.Errorf("the largest class is %v", top)
			}
		}
	})
	t.Run("camvid", func(t *testing.T) {
		x, y, err := CamVid(ctx, "val")
		if errors.Is(err, fs.ErrNotExist) {
			t.Skip("camvid.subset.zip is not in FATHOM_DATA")
		}
		if err != nil || x.Dim(0) != 40 || y.Max().Item() != 11 {
			t.Error(err)
		}
	})
}
