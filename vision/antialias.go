package vision

import (
	"fmt"
	"math"

	"github.com/fathom-ml/fathom/internal/pool"
	"github.com/fathom-ml/fathom/tensor"
)

// ResizeSmooth scales images [..., height, width, channels], uint8 or float32, to height x width pixels. Unlike [Resize] it smooths before it shrinks: each pixel
// is an average of all that lie under it, with weights that fall linearly from its centre. This is what PIL and torchvision do with
// photographs (bilinear, antialias). It panics as Resize does.
func ResizeSmooth(height, width int) Transform {
	if height < 1 || width < 1 {
		tensor.Misuse("resizeSmooth", fmt.Sprintf("to %d x %d pixels", height, width), "at least 1 x 1")
	}
	return func(x *tensor.Tensor) *tensor.Tensor { return smooth(x, height, width) }
}

// ResizeShort is ResizeSmooth to such a size that the shorter side has side pixels and the picture keeps its form (13.2: transforms.Resize with one number and
// keep_ratio).
func ResizeShort(side int) Transform {
	if side < 1 {
		tensor.Misuse("resizeShort", fmt.Sprintf("to %d pixels", side), "at least 1")
	}
	return func(x *tensor.Tensor) *tensor.Tensor {
		d := x.NDim()
		if d < 3 || x.Size() == 0 {
			tensor.Misuse("resizeShort", "wants images [..., height, width, channels]", "", x)
		}
		h, w := x.Dim(d-3), x.Dim(d-2)
		if h < w {
			return smooth(x, side, max(1, side*w/h))
		}
		return smooth(x, max(1, side*h/w), side)
	}
}

func smooth(x *tensor.Tensor, height, width int) *tensor.Tensor {
	d, dt := x.NDim(), x.DType()
	if d < 3 || x.Size() == 0 || dt != tensor.Uint8 && dt != tensor.Float32 {
		tensor.Misuse("resizeSmooth", "wants [..., height, width, channels] of uint8 or float32, none empty, not "+dt.String(), "", x)
	}
	shape := x.Shape()
	h, w, c := shape[d-3], shape[d-2], shape[d-1]
	shape[d-3], shape[d-2] = height, width
	images := x.Size() / (h * w * c)
	f := tensor.Data[float32](x.Detach().AsType(tensor.Float32).Contiguous())
	f = average(f, images*h, w, c, windows(width, w))
	f = average(f, images, h, width*c, windows(height, h))
	y := tensor.Of(f, shape...)
	if dt == tensor.Uint8 {
		y = y.AddScalar(0.5).Clip(0, 255).AsType(tensor.Uint8)
	}
	return y
}

// window is the cells from one on that make a target cell, and their weights.
type window struct {
	from    int
	weights []float32
}

// windows places n target cells over m source cells. The weight of a source cell falls linearly with its distance from the centre of the target
// cell, to 0 at a distance of one target cell, or of one source cell if those are larger.
func windows(n, m int) []window {
	scale := float64(m) / float64(n)
	reach := max(scale, 1)
	list := make([]window, n)
	for k := range list {
		centre := (float64(k) + 0.5) * scale
		from := max(0, int(centre-reach+0.5))
		to := min(m, int(centre+reach+0.5))
		ws, sum := make([]float64, to-from), 0.
		for i := range ws {
			ws[i] = max(0, 1-math.Abs(float64(from+i)+0.5-centre)/reach)
			sum += ws[i]
		}
		list[k] = window{from, make([]float32, len(ws))}
		for i, v := range ws {
			list[k].weights[i] = float32(v / sum)
		}
	}
	return list
}

// average makes [outer, len(ws), inner] of x [outer, n, inner].
func average(x []float32, outer, n, inner int, ws []window) []float32 {
	y := make([]float32, outer*len(ws)*inner)
	pool.For(outer, max(1, 1<<14/(n*inner)), func(from, to int) {
		for o := from; o < to; o++ {
			src, dst := x[o*n*inner:(o+1)*n*inner], y[o*len(ws)*inner:]
			for _, w := range ws {
				row := dst[:inner]
				dst = dst[inner:]
				for i, v := range w.weights {
					for j, s := range src[(w.from+i)*inner : (w.from+i+1)*inner] {
						row[j] += v * s
					}
				}
			}
		}
	})
	return y
}
