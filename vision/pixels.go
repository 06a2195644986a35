package vision

import (
	"fmt"
	"math"

	"github.com/fathom-ml/fathom/tensor"
)

// CenterCrop cuts height x width pixels out of the middle of images [..., height, width, channels] (13.2: transforms.CenterCrop). It panics on smaller images.
func CenterCrop(height, width int) Transform {
	if height < 1 || width < 1 {
		tensor.Misuse("centerCrop", fmt.Sprintf("to %d x %d pixels", height, width), "at least 1 x 1")
	}
	return func(x *tensor.Tensor) *tensor.Tensor {
		d := x.NDim()
		if d < 3 || x.Dim(d-3) < height || x.Dim(d-2) < width {
			tensor.Misuse("centerCrop", fmt.Sprintf("wants images [..., height, width, channels] of %d x %d pixels or more", height, width), "Resize them", x)
		}
		top, left := half(x.Dim(d-3)-height), half(x.Dim(d-2)-width)
		return x.Narrow(d-3, top, height).Narrow(d-2, left, width).Contiguous()
	}
}

// half is n/2, rounded to the even neighbour, as torchvision places its crops.
func half(n int) int { return int(math.RoundToEven(float64(n) / 2)) }

// ReorderChannels puts the channels of images [..., channels] into another order: ReorderChannels(2, 1, 0) makes red, green, blue into blue,
// green, red. It panics if an image has no channel of a number.
func ReorderChannels(order ...int) Transform {
	idx := tensor.Of(order)
	return func(x *tensor.Tensor) *tensor.Tensor { return x.IndexSelect(x.NDim()-1, idx) }
}

// Normalize makes (x - mean)/std of features [..., channels, height, width], with a mean and a std for each channel (13.2:
// transforms.Normalize). It panics if the numbers of channels differ or a std is 0.
func Normalize(mean, std []float64) Transform {
	for _, s := range std {
		if s == 0 {
			tensor.Misuse("normalize", "a std is 0", "")
		}
	}
	if len(mean) != len(std) {
		tensor.Misuse("normalize", fmt.Sprintf("%d means, %d stds", len(mean), len(std)), "")
	}
	return func(x *tensor.Tensor) *tensor.Tensor {
		if x.NDim() < 3 || x.Dim(-3) != len(mean) {
			tensor.Misuse("normalize", fmt.Sprintf("wants features [..., %d, height, width]", len(mean)), "ToTensor first", x)
		}
		m, s := tensor.Of(mean, len(mean), 1, 1).AsType(x.DType()), tensor.Of(std, len(std), 1, 1).AsType(x.DType())
		return x.Sub(m).Div(s)
	}
}
