package nnop

import (
	"math"

	"github.com/fathom-ml/fathom/internal/pool"
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
	var outside []bool // where there are no pixels, nil if there are everywhere
	for i, at := range best {
		if at < 0 {
			if outside == nil {
				outside = make([]bool, len(best))
			}
			outside[i], best[i] = true, 0
		}
	}
	y := x.Flatten().Take(tensor.Of(best))
	if outside != nil {
		y = y.MaskedFill(tensor.Of(outside), 0)
	}
	return y.Reshape(boxes.Dim(0), x.Dim(1), s.Out[0], s.Out[1])
}

// mostOf finds the largest pixel of each cell, the boxes shared out among the workers.
func mostOf[T float32 | float64](d []T, shape []int, boxes []float64, s ROI) []int64 {
	c, h, w := shape[1], shape[2], shape[3]
	cells := c * s.Out[0] * s.Out[1]
	best := make([]int64, len(boxes)/5*cells)
	pool.For(len(boxes)/5, 1, func(lo, hi int) {
		for n := lo; n < hi; n++ {
			box, out := boxes[5*n:], best[n*cells:]
			rows, columns := s.cells(box[2], box[4], h, s.Out[0]), s.cells(box[1], box[3], w, s.Out[1])
			for k := range c {
				plane := (int(box[0])*c + k) * h * w
				for _, r := range rows {
					for _, q := range columns {
						out[0] = most(d, plane, w, r, q)
						out = out[1:]
					}
				}
			}
		}
	})
	return best
}

// most is where the largest number is among some rows and columns of a plane, -1 if there are none.
func most[T float32 | float64](d []T, plane, w int, rows, columns [2]int) int64 {
	if rows[0] >= rows[1] || columns[0] >= columns[1] {
		return -1
	}
	at := plane + rows[0]*w + columns[0]
	largest := d[at]
	for i := rows[0]; i < rows[1]; i++ {
		from := plane + i*w + columns[0]
		for j, v := range d[from : plane+i*w+columns[1]] {
			if v > largest {
				at, largest = from+j, v
			}
		}
	}
	return int64(at)
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
