package optim

import (
	"math"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// ClipGradNorm multiplies the gradients of params by max over their norm if that is more than max, and returns the norm: the
// root of the sum of the squares of all their elements (8.5). Every parameter that has a value counts with the gradient
// that it holds. With an optimizer the option [ClipNorm] does the same in one pass less.
func ClipGradNorm(params []nn.Named, max float64) float64 {
	sum := 0.0
	for _, p := range params {
		if p.HasValue() {
			sum += nnop.SumSquares(gradient(p.Value()))
		}
	}
	norm := math.Sqrt(sum)
	if norm > max {
		for _, p := range params {
			if p.HasValue() {
				p.Grad().Detach().MulScalarAssign(max / norm)
			}
		}
	}
	return norm
}

// shrink is what ClipNorm multiplies all gradients by.
func (b *Base) shrink(batchSize int) float64 {
	if b.clipNorm == 0 {
		return 1
	}
	sum := 0.0
	for k := range b.todo {
		sum += nnop.SumSquares(b.todo[k].G)
	}
	if norm := math.Sqrt(sum) / float64(batchSize); norm > b.clipNorm {
		return b.clipNorm / norm
	}
	return 1
}
