package main

import (
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
	"github.com/fathom-ml/fathom/tensor/random"
)

// convCase is a convolution of n images of side size with a square window.
type convCase struct {
	name                                     string
	n, in, out, size, k, pad, stride, groups int
	first                                    bool // the first layer of a network: no gradient of the images
}

var convCases = []convCase{
	{"lenet1", 256, 1, 6, 28, 5, 2, 1, 1, true},
	{"lenet2", 256, 6, 16, 14, 5, 0, 1, 1, false},
	{"64x56", 8, 64, 64, 56, 3, 1, 1, 1, false},
	{"128x28", 8, 128, 128, 28, 3, 1, 1, 1, false},
	{"512x3", 32, 512, 512, 3, 3, 1, 1, 1, false},
	{"stem", 32, 1, 64, 96, 7, 3, 2, 1, true},
	{"1x1", 8, 256, 64, 56, 1, 0, 1, 1, false},
	{"depthwise", 8, 64, 64, 56, 3, 1, 1, 64, false},
}

func (c convCase) spec() nnop.Conv {
	return nnop.Conv{Stride: [2]int{c.stride, c.stride}, Pad: [2]int{c.pad, c.pad}, Groups: c.groups}
}

// data are the images, the windows, the biases, and a gradient of the result.
func (c convCase) data() []*tensor.Tensor {
	x := random.Normal(0, 1, c.n, c.in, c.size, c.size)
	w := random.Uniform(-0.1, 0.1, c.out, c.in/c.groups, c.k, c.k)
	side := (c.size+2*c.pad-c.k)/c.stride + 1
	return []*tensor.Tensor{x, w, random.Uniform(-1, 1, c.out), random.Normal(0, 1, c.n, c.out, side, side)}
}

// convRows are convolutions: forward with bias, and backward to windows, bias and, but for first layers, images.
func convRows() []row {
	var rows []row
	for _, c := range convCases {
		rows = append(rows, row{name: "conv-" + c.name, data: c.data, make: func(in []*tensor.Tensor) work {
			return plain(in, func(in []*tensor.Tensor) *tensor.Tensor { return nnop.Conv2D(in[0], in[1], in[2], c.spec()) })
		}}, row{name: "conv-" + c.name + "-back", data: c.data, make: func(in []*tensor.Tensor) work {
			xs := []*tensor.Tensor{in[1], in[2]}
			if !c.first {
				xs = append(xs, in[0])
			}
			return backward(xs, func() *tensor.Tensor { return nnop.Conv2D(in[0], in[1], in[2], c.spec()) }, in[3])
		}})
	}
	return rows
}

// backward is the backward half alone of y = f(): y is computed once, its graph is kept.
func backward(xs []*tensor.Tensor, f func() *tensor.Tensor, dy *tensor.Tensor) work {
	for _, x := range xs {
		x.RequireGrad()
	}
	y := f()
	run := func() { y.BackwardWith(dy, tensor.Retain) }
	return work{run: run, result: func() []*tensor.Tensor {
		run()
		var grads []*tensor.Tensor
		for _, x := range xs {
			grads = append(grads, x.Grad())
		}
		return grads
	}}
}
