package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"

	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// processRows are whole processes: from start to the first training step of LeNet, and the
// most memory that an epoch of LeNet takes.
func processRows() []row {
	return []row{
		{name: "start", alone: true, data: lenetData, make: func(in []*tensor.Tensor) work { return work{run: lenet().work(in).run} }},
		{name: "memory", alone: true, data: epochData, make: func(in []*tensor.Tensor) work {
			return work{run: func() { epoch(in[0], in[1], in[2:]) }}
		}},
	}
}

func lenetData() []*tensor.Tensor { return stepRow("", imageData, lenet).data() }

// epochData are 60000 images of 28x28 bytes, their labels, and weights: Fashion-MNIST where it is to be had
// without the network, else noise.
func epochData() []*tensor.Tensor {
	weights := lenetData()[2:]
	images, labels := random.RandInt(0, 256, 60000, 28, 28, 1).AsType(tensor.Uint8), random.RandInt(0, 10, 60000)
	imageFile, labelFile := data.FashionMNISTFiles(true)
	if x, y := read(imageFile), read(labelFile); x != nil && y != nil && y.Size() == 60000 {
		images, labels = x.Reshape(60000, 28, 28, 1), y
	}
	return append([]*tensor.Tensor{images, labels.AsType(tensor.Int32)}, weights...)
}

// read is a file of the folders of data, nil if it is not there.
func read(f data.File) *tensor.Tensor {
	path, err := data.Find(f.Name)
	if err != nil {
		return nil
	}
	x, err := data.OpenIDX(path)
	if err != nil {
		return nil
	}
	return x.Tensor()
}

// epoch trains LeNet for an epoch, with the loader and the scopes of the training loops of d2l.
func epoch(images, labels *tensor.Tensor, weights []*tensor.Tensor) {
	t := lenet()
	ps := nn.Parameters(t.model)
	for i, p := range ps {
		p.SetValue(weights[i])
	}
	opt := optim.NewSGD(ps, optim.LR(0.9))
	set := data.NewImageSet("images", images, labels)
	for x, y := range data.NewLoader(set, 256, data.Shuffle(true), data.Recycle()).Batches() {
		s := tensor.NewScope()
		t.loss(nn.Train(nn.In(s)), []*tensor.Tensor{s.In(x), y}).Backward()
		opt.Step(x.Len())
		s.Close()
	}
}

// peak is the most memory that this process has held, in MB.
func peak() (float64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for lines := bufio.NewScanner(bytes.NewReader(status)); lines.Scan(); {
		var kb float64
		if n, _ := fmt.Sscanf(lines.Text(), "VmHWM: %f kB", &kb); n == 1 {
			return kb / 1024, nil
		}
	}
	return 0, fmt.Errorf("no VmHWM in /proc/self/status")
}
