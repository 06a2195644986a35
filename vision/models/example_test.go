package models_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/fathom-ml/fathom/format/npy"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
	"github.com/fathom-ml/fathom/vision"
	"github.com/fathom-ml/fathom/vision/models"
)

// A residual network for ten classes, and its size.
func ExampleNewResNet() {
	for _, classes := range []int{1000, 10} {
		net := models.NewResNet(18, models.Classes(classes))
		nn.Init(net, nn.Zeros)
		fmt.Println(nn.Count(net), "parameters")
	}
	small := models.NewResNet(18, models.Classes(10), models.SmallInput, models.Width(0.25))
	nn.Init(small, nn.Xavier())
	fmt.Println(small.Forward(nn.Eval(), tensor.Zeros(1, 3, 32, 32)).Shape())
	// Output:
	// 11689512 parameters
	// 11181642 parameters
	// [1 10]
}

// The names that torchvision gives the parameters.
func ExampleTorchNames() {
	for _, net := range []any{models.NewMobileNetV2(), models.NewDenseNet(121), models.NewGoogLeNet()} {
		p := nn.Parameters(net)[40]
		fmt.Println(p.Path, "is", models.TorchNames(p.Path))
	}
	// Output:
	// Features.5.Conv.1.1.Gamma is features.5.conv.1.1.weight
	// Features.Blocks.1.0.Norm1.Beta is features.denseblock2.denselayer1.norm1.bias
	// Inception3b.Branch3.1.BN.Gamma is inception3b.branch3.1.bn.weight
}

// What a network that was trained on ImageNet sees in a photograph. Its weights lie in the data folder.
func ExampleNewSqueezeNet() {
	dir := os.Getenv("FATHOM_DATA")
	list, err := npy.LoadArchive(filepath.Join(dir, "squeezenet_v1.0.imagenet.npz"))
	if err != nil {
		return
	}
	photo, err := vision.ReadImage(filepath.Join(dir, "img/catdog.jpg"))
	if err != nil {
		return
	}
	net := models.NewSqueezeNet("1.0")
	if err := nn.LoadFrom(net, npy.All(list), models.CaffeSqueezeNetNames); err != nil {
		fmt.Println(err)
		return
	}
	prepare := vision.Compose(
		vision.ResizeShort(256), vision.CenterCrop(227, 227),
		vision.ReorderChannels(2, 1, 0), vision.ToTensor(),
		vision.Normalize([]float64{104. / 255, 117. / 255, 123. / 255}, []float64{1. / 255, 1. / 255, 1. / 255}))
	p := nnop.Softmax(net.Forward(nn.Eval(), prepare(photo).Unsqueeze(0)))
	value, class := p.TopK(3, 1, true)
	fmt.Println(class, value) // [[151 ...]], a Chihuahua
}

// Fine-tuning (13.2): another last layer, and for the others a tenth of its learning rate.
func ExampleNewResNetV2() {
	net := models.NewResNetV2(18, models.Width(0.125))
	nn.Init(net, nn.Xavier()) // here the weights of ImageNet would be loaded
	net.Output = nn.NewDense(2)
	nn.Init(net.Output, nn.Xavier())
	nn.SetLRMult(net, nn.Glob("Features.*"), 0.1)
	y := net.Forward(nn.Train(), tensor.Ones(1, 3, 64, 64))
	fmt.Println(y.Shape(), net.Output.Weight.Shape())
	features := net.Features[:len(net.Features)-2] // without pooling and flattening (13.11)
	fmt.Println(features.Forward(nn.Eval(), tensor.Ones(1, 3, 64, 96)).Shape())
	// Output:
	// [1 2] [2 64]
	// [1 64 2 3]
}
