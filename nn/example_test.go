package nn_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

func ExampleSequential() {
	net := nn.Sequential{nn.NewDense(256, nn.ReLU), nn.NewDense(10)}
	nn.Init(net, nn.Uniform(0.07))
	net.Forward(nn.Eval(), tensor.Ones(2, 20))
	fmt.Println(net)
	for _, p := range nn.Parameters(net) {
		fmt.Println(p)
	}
	// Output:
	// Sequential(
	//   (0): Dense(20 -> 256, Activation(relu))
	//   (1): Dense(256 -> 10, linear)
	// )
	// 0.Weight (shape=(256, 20), dtype=float32)
	// 0.Bias (shape=(256,), dtype=float32)
	// 1.Weight (shape=(10, 256), dtype=float32)
	// 1.Bias (shape=(10,), dtype=float32)
}

// The layers of LeNet and the shapes that they make of an image (6.6).
func ExampleName() {
	net := nn.Sequential{
		nn.NewConv2D(6, 5, nn.Pad(2), nn.Sigmoid), nn.NewAvgPool2D(2),
		nn.NewConv2D(16, 5, nn.Sigmoid), nn.NewAvgPool2D(2),
		nn.NewDense(120, nn.Sigmoid), nn.NewDense(84, nn.Sigmoid), nn.NewDense(10),
	}
	nn.Init(net, nn.Xavier())
	x := tensor.Ones(1, 1, 28, 28)
	for _, layer := range net {
		x = layer.Forward(nn.Eval(), x)
		fmt.Println(nn.Name(layer), x.Shape())
	}
	fmt.Println(nn.Count(net), "parameters")
	// Output:
	// conv [1 6 28 28]
	// pool [1 6 14 14]
	// conv [1 16 10 10]
	// pool [1 16 5 5]
	// dense [1 120]
	// dense [1 84]
	// dense [1 10]
	// 61706 parameters
}

// MyDense is a layer of one's own (5.4).
type MyDense struct {
	Units int
	W, B  *nn.Param
}

func (d *MyDense) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	w := c.Param(d.W, x.Dim(1), d.Units)
	b := c.Param(d.B, d.Units)
	return x.MatMul(w).Add(b).ReLU()
}

func ExampleCtx_Param() {
	d := &MyDense{Units: 3, W: nn.NewParam(), B: nn.NewParam(nn.InitWith(nn.Zeros))}
	nn.Init(d, nn.Constant(0.5))
	fmt.Println(d.Forward(nn.Eval(), tensor.Ones(1, 4)))
	fmt.Println(d.W.Shape())
	// Output:
	// [[2. 2. 2.]]
	// [4 3]
}

func ExampleSoftmaxCrossEntropy() {
	logits := tensor.Matrix([][]float32{{0, 0}, {100, 0}})
	fmt.Printf("%.4f\n", nn.SoftmaxCrossEntropy(logits, tensor.Of([]int{0, 0})).Float64s())
	// Output: [0.6931 0.0000]
}

func ExampleSave() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	net := nn.Sequential{nn.NewDense(4, nn.ReLU), nn.NewDense(2)}
	nn.Init(net, nn.Normal(1))
	x := tensor.Ones(1, 3)
	want := net.Forward(nn.Eval(), x)
	if err := nn.Save(filepath.Join(dir, "net.safetensors"), net); err != nil {
		fmt.Println(err)
		return
	}
	copied := nn.Sequential{nn.NewDense(4, nn.ReLU), nn.NewDense(2)} // shapes come from the file
	if err := nn.Load(filepath.Join(dir, "net.safetensors"), copied); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(copied.Forward(nn.Eval(), x).Eq(want))
	// Output: [[ True  True]]
}

func ExampleSnapshot() {
	d := nn.NewDense(1, nn.Inputs(1))
	nn.Init(d, nn.Constant(2))
	then := nn.Snapshot(d)
	d.Weight.Value().Fill(5) // training goes on
	x := tensor.Ones(1, 1)
	fmt.Println(d.Forward(nn.EvalOn(then), x), d.Forward(nn.Eval(), x))
	// Output: [[2.]] [[5.]]
}
