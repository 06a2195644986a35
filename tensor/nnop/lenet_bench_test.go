package nnop_test

import (
	"testing"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
	"github.com/fathom-ml/fathom/tensor/random"
)

// One training step of LeNet (6.6) on a batch of 256.
func BenchmarkLeNetStep(b *testing.B) {
	w := func(shape ...int) *tensor.Tensor { return random.Uniform(-0.1, 0.1, shape...).RequireGrad() }
	x := random.Uniform(0, 1, 256, 1, 28, 28)
	y := tensor.ZerosOf(tensor.Int32, 256)
	ps := []*tensor.Tensor{w(6, 1, 5, 5), w(6), w(16, 6, 5, 5), w(16), w(120, 400), w(120), w(84, 120), w(84), w(10, 84), w(10)}
	half := nnop.Pool{Kernel: [2]int{2, 2}}
	step := func() {
		s := tensor.NewScope()
		defer s.Close()
		h := s.In(x)
		h = nnop.AvgPool2D(nnop.Conv2D(h, ps[0], ps[1], nnop.Conv{Pad: [2]int{2, 2}}).Sigmoid(), half)
		h = nnop.AvgPool2D(nnop.Conv2D(h, ps[2], ps[3], nnop.Conv{}).Sigmoid(), half)
		h = h.FlattenFrom(1)
		h = nnop.Linear(h, ps[4], ps[5]).Sigmoid()
		h = nnop.Linear(h, ps[6], ps[7]).Sigmoid()
		h = nnop.Linear(h, ps[8], ps[9])
		nnop.SoftmaxCrossEntropy(h, y).Backward()
		for _, p := range ps {
			nnop.SGD(p, p.Grad(), nnop.SGDStep{LR: 0.9, Scale: 1. / 256})
		}
	}
	step()
	b.ResetTimer()
	for b.Loop() {
		step()
	}
}
