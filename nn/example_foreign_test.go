package nn_test

import (
	"fmt"
	"maps"
	"slices"

	"github.com/fathom-ml/fathom/format/pt"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

// A state dict that PyTorch saved goes into a model with the same layers. The file is read without running anything of it.
func ExampleLoadFrom() {
	list, err := pt.LoadTensors("testdata/exchange.pt")
	if err != nil {
		fmt.Println(err)
		return
	}
	net := &struct { // in PyTorch: conv1, bn1, rnn, blocks and fc
		Conv1  *nn.Conv2D
		BN1    *nn.BatchNorm
		RNN    *nn.Recurrent
		Blocks []*nn.Dense
		FC     *nn.Dense
	}{nn.NewConv2D(3, 3), nn.NewBatchNorm(), nn.NewGRU(4, nn.Stacked(2), nn.Bidirectional), []*nn.Dense{nn.NewDense(8), nn.NewDense(8)}, nn.NewDense(3)}
	if err := nn.LoadFrom(net, pt.All(list), nn.TorchNames); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(list), "tensors")
	fmt.Println(net.Conv1.Weight.Shape(), net.BN1.RunningMean.Shape(), net.RNN.Layers[1].Reverse.WeightHH.Shape())
	// Output:
	// 29 tensors
	// [3 2 3 3] [3] [12 4]
}

// What is wrong is told at once, and the model is left as it was.
func ExampleLoadFrom_error() {
	d := nn.NewDense(2)
	values := map[string]*tensor.Tensor{"weights": tensor.Zeros(2, 3), "bias": tensor.Zeros(4)}
	fmt.Println(nn.LoadFrom(d, maps.All(values), nn.TorchNames))
	fmt.Println(d.Weight.HasValue())
	// Output:
	// nn.LoadFrom: the file lacks weight (Weight); the model lacks weights; bias (Bias): the file's shape is [4], the model's [2]
	// false
}

// Rules for names that no convention gives.
func ExampleRename() {
	names := nn.Rename("Stem.{p}", "conv1.{p}", "Stages.{s}.{b}.{rest...}", "layer{s}/block{b}/{rest}")
	for _, path := range []string{"Stem.Weight", "Stages.2.0.Conv.Weight", "Head.Bias"} {
		fmt.Println(names(path))
	}
	// Output:
	// conv1.Weight
	// layer2/block0/Conv.Weight
	// Head.Bias
}

// The names under which PyTorch finds the parameters.
func ExampleExport() {
	net := nn.Sequential{nn.NewConv2D(4, 3, nn.NoBias, nn.Inputs(3)), nn.NewBatchNorm(nn.Inputs(4))}
	nn.Init(net, nn.Zeros)
	names := slices.Collect(maps.Keys(maps.Collect(nn.Export(net, nn.TorchNames))))
	slices.Sort(names)
	fmt.Println(names)
	// Output:
	// [0.weight 1.bias 1.weight]
}

// Three projections that a file holds as one matrix.
func ExampleFused() {
	type attention struct{ Q, K, V *nn.Dense }
	m := &attention{nn.NewDense(1), nn.NewDense(1), nn.NewDense(1)}
	values := map[string]*tensor.Tensor{
		"in_proj_weight": tensor.Matrix([][]float32{{1, 2}, {3, 4}, {5, 6}}),
		"in_proj_bias":   tensor.Of([]float32{7, 8, 9}),
	}
	err := nn.LoadFrom(m, maps.All(values), nn.TorchNames, nn.Fused(0, "in_proj_{p}", "q.{p}", "k.{p}", "v.{p}"))
	fmt.Println(m.K.Weight.Value(), m.V.Bias.Value(), err)
	// Output:
	// [[3. 4.]] [9.] <nil>
}
