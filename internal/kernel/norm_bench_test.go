package kernel_test

import (
	"fmt"
	"testing"

	"github.com/fathom-ml/fathom/internal/kernel"
)

func BenchmarkNorm(b *testing.B) {
	for _, c := range []struct {
		name  string
		spec  kernel.Norm
		shape []int
	}{
		{"Layer", kernel.Norm{Groups: 1, Eps: 1e-5}, []int{640, 512, 1}},
		{"Layer", kernel.Norm{Groups: 1, Eps: 1e-5}, []int{640, 32, 1}},
		{"RMS", kernel.Norm{Groups: 1, RMS: true, Eps: 1e-5}, []int{640, 512, 1}},
		{"Batch", kernel.Norm{Batch: true, Eps: 1e-5}, []int{32, 64, 48 * 48}},
		{"Batch", kernel.Norm{Batch: true, Eps: 1e-5}, []int{32, 128, 12 * 12}},
		{"Batch", kernel.Norm{Batch: true, Eps: 1e-5}, []int{32, 256, 6 * 6}},
		{"Batch", kernel.Norm{Batch: true, Eps: 1e-5}, []int{32, 512, 3 * 3}},
		{"Batch", kernel.Norm{Batch: true, Eps: 1e-5}, []int{256, 120, 1}},
		{"Group", kernel.Norm{Groups: 8, Eps: 1e-5}, []int{32, 64, 48 * 48}},
	} {
		x, y, dy, dx := tensor(c.shape...), tensor(c.shape...), tensor(c.shape...), tensor(c.shape...)
		gamma, beta, dgamma, dbeta := tensor(c.shape[1]), tensor(c.shape[1]), tensor(c.shape[1]), tensor(c.shape[1])
		groups := c.shape[0] * c.spec.Groups
		if c.spec.Batch {
			groups = c.shape[1]
		}
		mean, variance := tensor(groups), tensor(groups)
		b.Run(fmt.Sprint(c.name, c.shape, "/Forward"), func(b *testing.B) {
			for b.Loop() {
				dev.Norm(c.spec, y, x, gamma, beta, mean, variance)
			}
		})
		b.Run(fmt.Sprint(c.name, c.shape, "/Backward"), func(b *testing.B) {
			for b.Loop() {
				dev.NormGrad(c.spec, dx, dgamma, dbeta, dy, x, gamma, mean, variance)
			}
		})
	}
}
