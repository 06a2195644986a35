package vision

import (
	"fmt"

	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/internal/pool"
	"github.com/fathom-ml/fathom/internal/resample"
	"github.com/fathom-ml/fathom/tensor"
)

// Transform turns images into images or features; [data.ImageSet.TransformFirst] takes one.
type Transform = func(x *tensor.Tensor) *tensor.Tensor

// Compose applies transforms from left to right (3.5: transforms.Compose).
func Compose(ts ...Transform) Transform {
	return func(x *tensor.Tensor) *tensor.Tensor {
		for _, t := range ts {
			x = t(x)
		}
		return x
	}
}

// ToTensor turns images [..., height, width, channels] into features
// [..., channels, height, width] float32, uint8 values divided by 255 (3.5:
// transforms.ToTensor); see [data.ToTensor].
func ToTensor() Transform { return data.ToTensor }

// Resize scales images [..., height, width, channels], uint8 or float32, bilinearly to
// height x width pixels with half-pixel centres (3.5: transforms.Resize). Like
// OpenCV's INTER_LINEAR and PyTorch's align_corners=False it does not smooth before it shrinks; [ResizeSmooth] does.
// uint8 images stay uint8, rounded to the nearest value. The transform panics with a
// [tensor.Error] for other dtypes, fewer than 3 axes or empty images.
func Resize(height, width int) Transform {
	if height < 1 || width < 1 {
		tensor.Misuse("resize", fmt.Sprintf("to %d x %d pixels", height, width), "at least 1 x 1")
	}
	return func(x *tensor.Tensor) *tensor.Tensor { return resize(x, height, width) }
}

func resize(x *tensor.Tensor, height, width int) *tensor.Tensor {
	d := x.NDim()
	dt := x.DType()
	if d < 3 || dt != tensor.Uint8 && dt != tensor.Float32 {
		tensor.Misuse("resize", "wants [..., height, width, channels] of uint8 or float32, not "+dt.String(), "", x)
	}
	if x.Size() == 0 {
		tensor.Misuse("resize", "the images are empty", "", x)
	}
	shape := x.Shape()
	h, w, c := shape[d-3], shape[d-2], shape[d-1]
	shape[d-3], shape[d-2] = height, width
	rows, cols := resample.Taps(height, h), resample.Taps(width, w)
	y := tensor.ZerosOf(dt, shape...)
	planes := y.Size() / (height * width)
	x = x.Detach().Contiguous()
	if dt == tensor.Float32 {
		blend(tensor.Data[float32](y), tensor.Data[float32](x), rows, cols, h, w, c, planes, func(v float32) float32 { return v })
	} else {
		blend(tensor.Data[uint8](y), tensor.Data[uint8](x), rows, cols, h, w, c, planes, func(v float32) uint8 { return uint8(v + 0.5) })
	}
	return y
}

// blend resamples plane after plane, one channel of one image.
func blend[T uint8 | float32](y, x []T, rows, cols []resample.Tap, h, w, c, planes int, round func(float32) T) {
	n := len(rows) * len(cols)
	pool.For(planes, max(1, 1<<15/n), func(from, to int) {
		src, dst := make([]float32, h*w), make([]float32, n)
		for p := from; p < to; p++ {
			image, channel := p/c, p%c
			in, out := x[image*h*w*c+channel:], y[image*n*c+channel:]
			for k := range src {
				src[k] = float32(in[k*c])
			}
			resample.Bilinear(dst, rows, cols, src, w, 1)
			for k, v := range dst {
				out[k*c] = round(v)
			}
		}
	})
}
