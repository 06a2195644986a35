package models_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/vision/models"
)

// count is the number of elements of parameters whose shapes are known, without making them.
func count(t *testing.T, model any) (n int) {
	t.Helper()
	for _, p := range nn.Parameters(model) {
		size := 1
		for _, d := range p.Shape() {
			if d < 0 {
				t.Fatalf("%s: shape %v is not known", p.Path, p.Shape())
			}
			size *= d
		}
		n += size
	}
	return n
}

// The numbers are those of torchvision 0.14 (sum of p.numel()); of ResNet v2 Gluon's, less running averages and the fixed gamma and beta.
func TestParameterCounts(t *testing.T) {
	for _, c := range []struct {
		name string
		net  any
		want int
	}{
		{"LeNet", models.NewLeNet(), 61706},
		{"AlexNet", models.NewAlexNet(), 61100840},
		{"VGG-11", models.NewVGG(11), 132863336},
		{"VGG-11 BN", models.NewVGG(11, models.BatchNorm), 132868840},
		{"VGG-13", models.NewVGG(13), 133047848},
		{"VGG-13 BN", models.NewVGG(13, models.BatchNorm), 133053736},
		{"VGG-16", models.NewVGG(16), 138357544},
		{"VGG-16 BN", models.NewVGG(16, models.BatchNorm), 138365992},
		{"VGG-19", models.NewVGG(19), 143667240},
		{"VGG-19 BN", models.NewVGG(19, models.BatchNorm), 143678248},
		{"VGG-11 of the book", models.NewVGG(11, models.Classes(10), models.Channels(1)), 128806154},
		{"narrow VGG-11 of the book", models.NewVGG(11, models.Classes(10), models.Channels(1), models.Width(0.25)), 43093322},
		{"NiN", models.NewNiN(models.Classes(10), models.Channels(1)), 1992166},
		{"GoogLeNet", models.NewGoogLeNet(), 6624904},
		{"ResNet-18", models.NewResNet(18), 11689512},
		{"ResNet-34", models.NewResNet(34), 21797672},
		{"ResNet-50", models.NewResNet(50), 25557032},
		{"ResNet-50, stride first", models.NewResNet(50, models.StrideFirst), 25557032},
		{"ResNet-101", models.NewResNet(101), 44549160},
		{"ResNet-152", models.NewResNet(152), 60192808},
		{"ResNet-18 v2", models.NewResNetV2(18), 11695796 - 2*3971 - 6},
		{"ResNet-50 v2", models.NewResNetV2(50), 25595060 - 2*22787 - 6},
		{"DenseNet-121", models.NewDenseNet(121), 7978856},
		{"DenseNet-161", models.NewDenseNet(161), 28681000},
		{"DenseNet-169", models.NewDenseNet(169), 14149480},
		{"DenseNet-201", models.NewDenseNet(201), 20013928},
		{"MobileNet v2", models.NewMobileNetV2(), 3504872},
		{"MobileNet v2, half", models.NewMobileNetV2(models.Width(0.5)), 1968680},
		{"MobileNet v2, 1.4", models.NewMobileNetV2(models.Width(1.4)), 6108776},
		{"SqueezeNet 1.0", models.NewSqueezeNet("1.0"), 1248424},
		{"SqueezeNet 1.1", models.NewSqueezeNet("1.1"), 1235496},
	} {
		if got := count(t, c.net); got != c.want {
			t.Errorf("%s: %d parameters, want %d", c.name, got, c.want)
		}
	}
}

// The book's networks: parameters, and the shapes that it prints.
func TestBook(t *testing.T) {
	for _, c := range []struct {
		name         string
		net          nn.Sequential
		side, params int
		shapes       string
	}{
		{"AlexNet", models.BookAlexNet(10), 224, 46764746, "[1 96 54 54] [1 96 26 26] [1 256 26 26] [1 256 12 12] [1 384 12 12] [1 384 12 12] [1 256 12 12] [1 256 5 5] [1 4096] [1 4096] [1 4096] [1 4096] [1 10]"},
		{"GoogLeNet", models.BookGoogLeNet(10), 96, 5977530, "[1 64 24 24] [1 192 12 12] [1 480 6 6] [1 832 3 3] [1 1024 1 1] [1 10]"},
		{"ResNet-18", models.BookResNet18(10), 224, 11178378, "[1 64 112 112] [1 64 112 112] [1 64 112 112] [1 64 56 56] [1 64 56 56] [1 128 28 28] [1 256 14 14] [1 512 7 7] [1 512 1 1] [1 10]"},
		{"small ResNet-18", models.BookSmallResNet18(10), 28, 0, "[1 64 28 28] [1 64 28 28] [1 64 28 28] [1 64 28 28] [1 128 14 14] [1 256 7 7] [1 512 4 4] [1 512 1 1] [1 10]"},
		{"DenseNet", models.BookDenseNet(10), 96, 758226, "[1 64 48 48] [1 64 48 48] [1 64 48 48] [1 64 24 24] [1 192 24 24] [1 96 12 12] [1 224 12 12] [1 112 6 6] [1 240 6 6] [1 120 3 3] [1 248 3 3] [1 248 3 3] [1 248 3 3] [1 248 1 1] [1 10]"},
		{"NiN", models.NewNiN(models.Classes(10), models.Channels(1)), 224, 1992166, "[1 96 54 54] [1 96 26 26] [1 256 26 26] [1 256 12 12] [1 384 12 12] [1 384 5 5] [1 384 5 5] [1 10 5 5] [1 10 1 1] [1 10]"},
		{"LeNet", models.NewLeNet(), 28, 61706, "[1 6 28 28] [1 6 14 14] [1 16 10 10] [1 16 5 5] [1 120] [1 84] [1 10]"},
	} {
		if testing.Short() && c.side > 90 {
			continue
		}
		nn.Init(c.net, nn.Constant(0.01))
		x := tensor.Ones(1, 1, c.side, c.side)
		var shapes []string
		for _, l := range c.net {
			x = l.Forward(nil, x)
			shapes = append(shapes, fmt.Sprint(x.Shape()))
		}
		if got := strings.Join(shapes, " "); got != c.shapes {
			t.Errorf("%s: shapes\n%s, want\n%s", c.name, got, c.shapes)
		}
		if n := nn.Count(c.net); c.params > 0 && n != c.params {
			t.Errorf("%s: %d parameters, want %d", c.name, n, c.params)
		}
	}
	block := nn.Sequential{models.NewBookResidual(6, 2, true)}
	nn.Init(block, nn.Zeros)
	if s := block.Forward(nil, tensor.Ones(4, 3, 6, 6)).Shape(); !slices.Equal(s, []int{4, 6, 3, 3}) {
		t.Errorf("the residual block of 7.6: %v", s)
	}
}

func TestRefuses(t *testing.T) {
	for want, f := range map[string]func(){
		"there are [11 13 16 19]": func() { models.NewVGG(12) },
		"none of depth 20":        func() { models.NewResNet(20) },
		"has no option Width":     func() { models.NewGoogLeNet(models.Width(2)) },
		`no version "2"`:          func() { models.NewSqueezeNet("2") },
		"not positive":            func() { models.Classes(0) },
		"0 is not positive":       func() { models.Width(0) },
		"not in [0, 1]":           func() { models.Dropout(2) },
		"has no option SmallInput": func() {
			models.NewLeNet(models.SmallInput)
		},
	} {
		if err := tensor.Try(f); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// Small images keep their size through the stem.
func TestSmallInput(t *testing.T) {
	for name, net := range map[string]nn.Layer{
		"ResNet":    models.NewResNet(18, models.SmallInput, models.Width(0.125), models.Classes(10)),
		"ResNet v2": models.NewResNetV2(50, models.SmallInput, models.Width(0.125), models.Classes(10)),
		"DenseNet":  models.NewDenseNet(121, models.SmallInput, models.Width(0.125), models.Classes(10)),
	} {
		nn.Init(net, nn.Xavier())
		var first []int
		nn.Summary(net, tensor.Zeros(1, 3, 32, 32)) // runs as a whole
		switch n := net.(type) {
		case *models.ResNet:
			first = n.Layer1.Forward(nil, n.Conv1.Forward(nil, tensor.Zeros(1, 3, 32, 32))).Shape()
		case *models.ResNetV2:
			first = n.Features[:3].Forward(nil, tensor.Zeros(1, 3, 32, 32)).Shape()
		case *models.DenseNet:
			first = n.Features.Conv0.Forward(nil, tensor.Zeros(1, 3, 32, 32)).Shape()
		}
		if first[2] != 32 || first[3] != 32 {
			t.Errorf("%s: %v", name, first)
		}
	}
}
