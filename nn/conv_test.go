package nn_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

var _ = add("convolutions", map[string]nn.Layer{
	"conv1":             nn.NewConv1D(4, 3),
	"conv1 uneven":      nn.NewConv1D(3, 3, nn.Stride(2), nn.Pad(1)),
	"conv1 groups":      nn.NewConv1D(6, 2, nn.Groups(2), nn.Dilation(2), nn.NoBias),
	"conv1 gelu":        nn.NewConv1D(2, 2, nn.Pad(1), nn.GELU),
	"conv2":             nn.NewConv2D(4, [2]int{3, 2}),
	"conv2 uneven":      nn.NewConv2D(3, [2]int{3, 2}, nn.Stride([2]int{2, 1}), nn.Pad([2]int{1, 2})),
	"conv2 groups":      nn.NewConv2D(6, 2, nn.Groups(2), nn.Dilation(2), nn.NoBias),
	"conv2 gelu":        nn.NewConv2D(2, 2, nn.Pad(1), nn.GELU),
	"conv3":             nn.NewConv3D(4, [3]int{3, 2, 2}),
	"conv3 uneven":      nn.NewConv3D(3, [3]int{3, 2, 2}, nn.Stride([3]int{2, 1, 1}), nn.Pad([3]int{1, 0, 1})),
	"conv3 groups":      nn.NewConv3D(6, 2, nn.Groups(2), nn.Dilation(2), nn.NoBias),
	"conv3 gelu":        nn.NewConv3D(2, 2, nn.Pad(1), nn.GELU),
	"transpose1":        nn.NewConvTranspose1D(4, 3, nn.Inputs(3)),
	"transpose1 uneven": nn.NewConvTranspose1D(3, 3, nn.Stride(2), nn.Pad(1), nn.OutputPad(1)),
	"transpose1 groups": nn.NewConvTranspose1D(6, 2, nn.Groups(2), nn.Dilation(2), nn.NoBias),
	"transpose2":        nn.NewConvTranspose2D(4, [2]int{3, 2}),
	"transpose2 uneven": nn.NewConvTranspose2D(3, [2]int{3, 2}, nn.Stride([2]int{2, 1}), nn.Pad([2]int{1, 2}), nn.OutputPad([2]int{1, 0})),
	"transpose2 groups": nn.NewConvTranspose2D(6, 2, nn.Groups(2), nn.Dilation(2), nn.NoBias),
	"transpose3":        nn.NewConvTranspose3D(4, [3]int{3, 2, 2}),
	"transpose3 uneven": nn.NewConvTranspose3D(3, [3]int{3, 2, 2}, nn.Stride([3]int{2, 1, 1}), nn.Pad([3]int{1, 0, 1}), nn.OutputPad([3]int{1, 0, 0})),
	"transpose3 groups": nn.NewConvTranspose3D(6, 2, nn.Groups(2), nn.Dilation(2), nn.NoBias),
})

var _ = add("pooling", map[string]nn.Layer{
	"max pool1": nn.NewMaxPool1D(3, nn.Stride(2), nn.Pad(1)), "avg pool1": nn.NewAvgPool1D(3, nn.Stride(2), nn.Pad(1), nn.CeilMode, nn.ExcludePad),
	"max pool2": nn.NewMaxPool2D(3, nn.Stride(2), nn.Pad(1)), "avg pool2": nn.NewAvgPool2D(3, nn.Stride(2), nn.Pad(1), nn.CeilMode, nn.ExcludePad),
	"max pool3": nn.NewMaxPool3D(3, nn.Stride(2), nn.Pad(1)), "avg pool3": nn.NewAvgPool3D(3, nn.Stride(2), nn.Pad(1), nn.CeilMode, nn.ExcludePad),
	"adaptive max1": nn.NewAdaptiveMaxPool1D(3), "adaptive avg1": nn.NewAdaptiveAvgPool1D(3),
	"adaptive max2": nn.NewAdaptiveMaxPool2D([2]int{3, 4}), "adaptive avg2": nn.NewAdaptiveAvgPool2D([2]int{3, 4}),
	"adaptive max3": nn.NewAdaptiveMaxPool3D([3]int{3, 4, 2}), "adaptive avg3": nn.NewAdaptiveAvgPool3D([3]int{3, 4, 2}),
	"global max1": nn.NewGlobalMaxPool1D(), "global avg1": nn.NewGlobalAvgPool1D(),
	"global max2": nn.NewGlobalMaxPool2D(), "global avg2": nn.NewGlobalAvgPool2D(),
	"global max3": nn.NewGlobalMaxPool3D(), "global avg3": nn.NewGlobalAvgPool3D(),
	"lp1": nn.NewLpPool1D(3, 2), "lp2": nn.NewLpPool2D(3, 2), "lp3": nn.NewLpPool3D(3, 2),
	"lp zeros": nn.Sequential{nn.ReLU, nn.NewLpPool1D(2, 2)},

	"batch norm": nn.NewBatchNorm(),
})

// TestConvolutionsKnowTheirInputs: shapes come with the first use, or from Inputs.
func TestConvolutionsKnowTheirInputs(t *testing.T) {
	for _, c := range []struct {
		l             nn.Layer
		x             []int
		before, after string
		text          string
	}{
		{nn.NewConv1D(6, 5, nn.Groups(2)), []int{1, 4, 9}, "[6 -1 5]", "[6 2 5]", "Conv1D(4 -> 6, kernel_size=(5,), stride=(1,), groups=2)"},
		{nn.NewConv3D(6, 2, nn.Pad([3]int{0, 0, 1}), nn.Inputs(4)), []int{1, 4, 3, 3, 3}, "[6 4 2 2 2]", "[6 4 2 2 2]",
			"Conv3D(4 -> 6, kernel_size=(2, 2, 2), stride=(1, 1, 1), padding=(0, 0, 1))"},
		{nn.NewConvTranspose2D(6, 4, nn.Groups(2), nn.Stride(2), nn.OutputPad(1), nn.Tanh), []int{1, 4, 3, 3}, "[-1 3 4 4]", "[4 3 4 4]",
			"ConvTranspose2D(4 -> 6, kernel_size=(4, 4), stride=(2, 2), output_padding=(1, 1), groups=2, Activation(tanh))"},
		{nn.NewConvTranspose1D(6, 4, nn.NoBias, nn.Dilation(2), nn.Inputs(4)), []int{1, 4, 3}, "[4 6 4]", "[4 6 4]",
			"ConvTranspose1D(4 -> 6, kernel_size=(4,), stride=(1,), dilation=(2,), bias=False)"},
		{nn.NewConvTranspose3D(6, 2), []int{1, 4, 3, 3, 3}, "[-1 6 2 2 2]", "[4 6 2 2 2]", "ConvTranspose3D(4 -> 6, kernel_size=(2, 2, 2), stride=(1, 1, 1))"},
	} {
		w := nn.Parameters(c.l)[0]
		if got := fmt.Sprint(w.Shape()); got != c.before {
			t.Errorf("%v: shape %s before the first use, want %s", c.l, got, c.before)
		}
		nn.Init(c.l, nn.Xavier())
		c.l.Forward(nil, tensor.Ones(c.x...))
		if got := fmt.Sprint(w.Shape()); got != c.after || w.Path != "Weight" {
			t.Errorf("%v: %s has shape %s after it, want %s", c.l, w.Path, got, c.after)
		}
		if got := fmt.Sprint(c.l); got != c.text || nn.Name(c.l) != "conv" {
			t.Errorf("%s %s, want %s", nn.Name(c.l), got, c.text)
		}
	}
}

func TestPoolNames(t *testing.T) {
	for _, l := range []nn.Layer{nn.NewMaxPool1D(2), nn.NewAvgPool3D([3]int{1, 2, 2}), nn.NewLpPool2D(2, 2), nn.NewGlobalAvgPool2D(), nn.NewAdaptiveMaxPool3D(2)} {
		if got := nn.Name(l); got != "pool" {
			t.Errorf("%v counts as %s", l, got)
		}
	}
	got := fmt.Sprint(nn.NewLpPool1D(2, 3), nn.NewLpPool2D(1.5, 2, nn.Stride(1)), nn.NewLpPool3D(2, [3]int{1, 2, 2}), nn.NewGlobalMaxPool1D(), nn.NewAdaptiveAvgPool1D(4))
	want := "LpPool1D(p=2, size=3, stride=3) LpPool2D(p=1.5, size=(2, 2), stride=(1, 1)) " +
		"LpPool3D(p=2, size=(1, 2, 2), stride=(1, 2, 2)) GlobalMaxPool1D() AdaptiveAvgPool1D(size=(4,))"
	if got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

func TestWindowsRefuse(t *testing.T) {
	for name, c := range map[string]struct {
		f    func()
		says string
	}{
		"numbers":    {func() { nn.NewConv2D(1, 3, nn.Pad([3]int{1, 1, 1})) }, "nn.Pad has 3 numbers for a window of 2 axes"},
		"pool":       {func() { nn.NewMaxPool1D(2, nn.Stride([2]int{1, 1})) }, "nn.Stride has 2 numbers"},
		"output pad": {func() { nn.NewConv1D(1, 3, nn.OutputPad(1)) }, "has no output padding"},
		"too much":   {func() { forward(nn.NewConvTranspose1D(1, 3, nn.OutputPad(1)), 1, 1, 4) }, "output padding"},
		"groups":     {func() { nn.NewConv1D(3, 3, nn.Groups(2)) }, "do not split into 2 groups"},
		"inputs":     {func() { nn.NewConv3D(2, 3, nn.Groups(2), nn.Inputs(3)) }, "do not split into 2 groups"},
		"channels":   {func() { nn.NewConvTranspose3D(0, 3) }, "0 channels"},
		"kernel":     {func() { nn.NewConv1D(1, 0) }, "less than 1"},
		"dilation":   {func() { nn.Dilation(0) }, "less than 1"},
		"axes 1":     {func() { forward(nn.NewConv1D(1, 3), 1, 4) }, "conv1d: wants [n, channels, length]"},
		"axes 3":     {func() { forward(nn.NewConvTranspose3D(1, 3), 1, 4, 4, 4) }, "convTranspose3d: wants [n, channels, depth, height, width]"},
		"odd":        {func() { forward(nn.NewConv2D(2, 1, nn.Groups(2)), 1, 3, 4, 4) }, "the channels do not split into 2 groups"},
		"lp power":   {func() { nn.NewLpPool2D(0, 2) }, "not positive"},
		"lp pad":     {func() { nn.NewLpPool3D(1, 2, nn.Pad(1)) }, "cannot pad"},
		"global 1":   {func() { forward(nn.NewGlobalAvgPool1D(), 1, 2, 3, 4) }, "globalAvgPool1D: wants 1 axes"},
		"adaptive 3": {func() { forward(nn.NewAdaptiveAvgPool3D(1), 1, 2, 3, 4) }, "adaptiveAvgPool3d: wants"},
		"adaptive 0": {func() { nn.NewAdaptiveMaxPool1D(0) }, "less than 1"},
	} {
		if err := tensor.Try(c.f); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %s", name, err, c.says)
		}
	}
}

// forward runs a layer on ones.
func forward(l nn.Layer, shape ...int) *tensor.Tensor {
	nn.Init(l, nn.Ones)
	return l.Forward(nil, tensor.Ones(shape...))
}

// TestTransposedSizes: every size that a strided convolution takes comes back.
func TestTransposedSizes(t *testing.T) {
	for n := 9; n < 15; n++ {
		y := forward(nn.NewConv2D(1, 4, nn.Stride(3), nn.Pad(1)), 1, 1, n, n)
		back := forward(nn.NewConvTranspose2D(1, 4, nn.Stride(3), nn.Pad(1), nn.OutputPad((n-2)%3)), y.Shape()...)
		if !slices.Equal(back.Shape(), []int{1, 1, n, n}) {
			t.Errorf("%d became %v and %v", n, y.Shape(), back.Shape())
		}
	}
}
