package models_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/fathom-ml/fathom/format/npy"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor/nnop"
	"github.com/fathom-ml/fathom/vision"
	"github.com/fathom-ml/fathom/vision/models"
)

// caffe prepares a photograph for the SqueezeNet of the data folder.
var caffe = vision.Compose(
	vision.ResizeShort(256),
	vision.CenterCrop(227, 227),
	vision.ReorderChannels(2, 1, 0),
	vision.ToTensor(),
	vision.Normalize([]float64{104. / 255, 117. / 255, 123. / 255}, []float64{1. / 255, 1. / 255, 1. / 255}),
)

// A network with the weights that were learned on ImageNet sees the dog of the book's photograph, class 151, and no cat.
func TestSqueezeNetOfImageNet(t *testing.T) {
	dir := os.Getenv("FATHOM_DATA")
	list, err := npy.LoadArchive(filepath.Join(dir, "squeezenet_v1.0.imagenet.npz"))
	if dir == "" || os.IsNotExist(unwrap(err)) {
		t.Skip("squeezenet_v1.0.imagenet.npz is not in FATHOM_DATA")
	}
	if err != nil {
		t.Fatal(err)
	}
	net := models.NewSqueezeNet("1.0")
	if err := nn.LoadFrom(net, npy.All(list), models.CaffeSqueezeNetNames); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		file       string
		class      int
		least, top float64
	}{
		{"catdog.jpg", 151, 0.70, 0.90}, // Chihuahua
		{"rainier.jpg", 975, 0.25, 0.6}, // lakeside
		{"cat1.jpg", 287, 0.05, 0.4},    // lynx
	} {
		photo, err := vision.ReadImage(filepath.Join(dir, "img", c.file))
		if err != nil {
			t.Fatal(err)
		}
		p := nnop.Softmax(net.Forward(nn.Eval(), caffe(photo).Unsqueeze(0)))
		value, class := p.MaxWithIndex(1)
		t.Logf("%s: class %d, p %.3f", c.file, int(class.At(0)), value.At(0))
		if int(class.At(0)) != c.class || value.At(0) < c.least || value.At(0) > c.top {
			t.Errorf("%s: class %v with %v, want %d with %v to %v", c.file, class, value, c.class, c.least, c.top)
		}
	}
}

func unwrap(err error) error {
	for {
		u, ok := err.(interface{ Unwrap() error })
		if !ok || u.Unwrap() == nil {
			return err
		}
		err = u.Unwrap()
	}
}
