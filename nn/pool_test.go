package nn_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

// TestPoolLayers looks at shapes, sums and names: the numbers are package nnop's, and tested there.
func TestPoolLayers(t *testing.T) {
	image, sequence, volume := tensor.Ones(2, 3, 7, 6), tensor.Ones(2, 3, 7), tensor.Ones(2, 3, 5, 7, 6)
	for _, c := range []struct {
		l     nn.Layer
		x     *tensor.Tensor
		shape []int
		name  string
	}{
		{nn.NewGlobalAvgPool2D(), image, []int{2, 3, 1, 1}, "GlobalAvgPool2D()"},
		{nn.NewGlobalMaxPool2D(), volume, []int{2, 3, 1, 1, 1}, "GlobalMaxPool2D()"},
		{nn.NewAdaptiveAvgPool2D(4), image, []int{2, 3, 4, 4}, "AdaptiveAvgPool2D(size=(4, 4))"},
		{nn.NewAdaptiveMaxPool2D([2]int{1, 8}), image, []int{2, 3, 1, 8}, "AdaptiveMaxPool2D(size=(1, 8))"},
		{nn.NewMaxPool1D(2), sequence, []int{2, 3, 3}, "MaxPool1D(size=2, stride=2, padding=0)"},
		{nn.NewAvgPool1D(3, nn.Stride(2), nn.Pad(1), nn.ExcludePad), sequence, []int{2, 3, 4}, "AvgPool1D(size=3, stride=2, padding=1)"},
		{nn.NewMaxPool3D(2, nn.CeilMode), volume, []int{2, 3, 3, 4, 3}, "MaxPool3D(size=(2, 2, 2), stride=(2, 2, 2), padding=(0, 0, 0))"},
		{nn.NewAvgPool3D(3, nn.Stride(1), nn.Pad(1), nn.ExcludePad), volume, []int{2, 3, 5, 7, 6}, "AvgPool3D(size=(3, 3, 3), stride=(1, 1, 1), padding=(1, 1, 1))"},
		{nn.NewMaxPool2D(2, nn.CeilMode), image, []int{2, 3, 4, 3}, "MaxPool2D(size=(2, 2), stride=(2, 2), padding=(0, 0))"},
		{nn.NewAvgPool2D(3, nn.Pad(1), nn.ExcludePad), image, []int{2, 3, 3, 2}, "AvgPool2D(size=(3, 3), stride=(3, 3), padding=(1, 1))"},
	} {
		y := c.l.Forward(nil, c.x)
		if !slices.Equal(y.Shape(), c.shape) || fmt.Sprint(c.l) != c.name {
			t.Errorf("%v gives %v, want %s and %v", c.l, y.Shape(), c.name, c.shape)
		}
		if !tensor.AllClose(y, tensor.Ones(c.shape...), 1e-6, 0) {
			t.Errorf("%v of ones: %v", c.l, y)
		}
	}
	for name, f := range map[string]func(){
		"window":   func() { nn.NewMaxPool1D(0) },
		"out":      func() { nn.NewAdaptiveAvgPool2D(0) },
		"axes 1":   func() { nn.NewMaxPool1D(2).Forward(nil, image) },
		"axes 3":   func() { nn.NewAvgPool3D(2).Forward(nil, image) },
		"axes 2":   func() { nn.NewGlobalAvgPool2D().Forward(nil, tensor.Ones(2, 3)) },
		"too wide": func() { nn.NewMaxPool1D(9).Forward(nil, sequence) },
	} {
		if err := tensor.Try(f); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func ExampleNewGlobalAvgPool2D() {
	x := tensor.Arange(0, 8, 1).Reshape(1, 2, 2, 2)
	fmt.Println(nn.NewGlobalAvgPool2D().Forward(nn.Eval(), x).Flatten())
	// Output: [1.5 5.5]
}
