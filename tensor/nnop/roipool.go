package nnop

import (
	"math"

	"github.com/fathom-ml/fathom/tensor"
)

// ROIPool cuts boxes out of images and makes each s.Out large: a cell of the result is the maximum of the pixels that it
// touches, corners being rounded to whole pixels (13.8; Girshick, 2015). No gradient reaches the boxes; of equal pixels the first
// gets it. Shapes: x [n, c, h, w], boxes [k, 5] with the number of an image and the corners x1, y1, x2, y2, which belong to the
// box; the result is [k, c, out...], 0 for cells beyond the image. It panics if shapes do not fit, a box names an image that is
// not there, or a number is not finite.
func ROIPool(x, boxes *tensor.Tensor, s ROI) *tensor.Tensor {
	const op = "roiPool"
	checkBoxes(op, x, boxes, s)
	if !x.DType().IsFloat() {
		tensor.Misuse(op, "wants floats, not "+x.DType().String(), "use AsType(tensor.Float32)", x, boxes)
	}
	var best []int64 // where each number of the result comes from, -1 for no pixel
	b := boxes.Detach().Float64s()
	if plain := x.Detach().Contiguous(); x.DType() == tensor.Float64 {
		best = mostOf(tensor.Data[float64](plain), x.Shape(), b, s)
	} else {
		best = mostOf(tensor.Data[float32](plain.AsType(tensor.Float32)), x.Shape(), b, s)
	}
	inside := tensor.Of(best).GeScalar(0)
	for i, at := range best {
		best[i] = max(at, 0)
	}
	y := x.Flatten().Take(tensor.Of(best))
	if !inside.All() {
		y = tensor.Where(inside, y, tensor.ZerosLike(y))
	}
	return y.Reshape(boxes.Dim(0), x.Dim(1), s.Out[0], s.Out[1])
}

// mostOf finds the largest pixel of each cell.
func mostOf[T float32 | float64](d []T, shape []int, boxes []float64, s ROI) (best []int64) {
	c, h, w := shape[1], shape[2], shape[3]
	for ; len(boxes) > 0; boxes = boxes[5:] {
		rows, columns := s.cells(boxes[2], boxes[4], h, s.Out[0]), s.cells(boxes[1], boxes[3], w, s.Out[1])
		for k := range c {
			plane := (int(boxes[0])*c + k) * h * w
			for _, r := range rows {
				for _, q := range columns {
					most := -1
					for i := r[0]; i < r[1]; i++ {
						for j := q[0]; j < q[1]; j++ {
							if at := plane + i*w + j; most < 0 || d[at] > d[most] {
								most = at
							}
						}
					}
					best = append(best, int64(most))
				}
			}
		}
	}
	return best
}

// cells are the pixels, of n, that belong to each of out cells between from and to: first and end.
func (s ROI) cells(from, to float64, n, out int) [][2]int {
	start := math.Round(from * s.scale())
	side := max(math.Round(to*s.scale())-start+1, 1)
	list := make([][2]int, out)
	within := func(v float64) int { return int(min(max(v+start, 0), float64(n))) }
	for i := range list {
		cell := side / float64(out)
		list[i] = [2]int{within(math.Floor(float64(i) * cell)), within(math.Ceil(float64(i+1) * cell))}
	}
	return list
}
