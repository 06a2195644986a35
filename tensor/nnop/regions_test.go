package nnop_test

import (
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
	"github.com/fathom-ml/fathom/tensor/optest"
	"github.com/fathom-ml/fathom/tensor/optest/oracle"
)

// TestRegions holds interpolation against PyTorch and regions of interest against torchvision.
func TestRegions(t *testing.T) {
	modes := map[string]nnop.Resampling{
		"nearest": nnop.ResampleNearest, "nearest-exact": nnop.ResampleNearestExact, "linear": nnop.ResampleLinear,
		"bilinear": nnop.ResampleLinear, "trilinear": nnop.ResampleLinear, "bicubic": nnop.ResampleCubic,
	}
	roi := func(c oracle.Case) nnop.ROI {
		return nnop.ROI{Out: [2]int(c.Ints[:2]), Scale: c.Floats[0], HalfLess: c.Keep}
	}
	oracle.Run(t, "testdata/regions.json.gz", map[string]oracle.Func{
		"interpolate": func(c oracle.Case, in []*tensor.Tensor) *tensor.Tensor {
			mode, ok := modes[c.Name]
			if !ok {
				t.Fatal("no mode ", c.Name)
			}
			return nnop.Interpolate(in[0], nnop.Interpolation{Mode: mode, AlignCorners: c.Keep, Factor: c.Floats[0]}, c.Ints...)
		},
		"roi_align": func(c oracle.Case, in []*tensor.Tensor) *tensor.Tensor {
			s := roi(c)
			s.Samples = c.Ints[2]
			return nnop.ROIAlign(in[0], in[1], s)
		},
		"roi_pool": func(c oracle.Case, in []*tensor.Tensor) *tensor.Tensor { return nnop.ROIPool(in[0], in[1], roi(c)) },
	})
}

// madeOf stands for a function that is made of other operations in the generic tests.
type madeOf string

func (c madeOf) Name() string                                        { return string(c) }
func (madeOf) Shape(*tensor.Call) []int                              { return nil }
func (madeOf) Run(*tensor.Call)                                      {}
func (madeOf) Grad(*tensor.Node, int, *tensor.Tensor) *tensor.Tensor { return nil }

// TestComposites checks derivatives of first and second order, and the errors of wrong shapes.
func TestComposites(t *testing.T) {
	pool := func(in []*tensor.Tensor) *tensor.Tensor {
		boxes := tensor.Of([]float64{1, 0, 0, 3, 2, 0, 2, 2, 2, 2, 0, 5, 5, 9, 9}, 3, 5)
		return nnop.ROIPool(in[0], boxes, nnop.ROI{Out: [2]int{2, 2}})
	}
	optest.Run(t, []tensor.Entry{
		{Op: madeOf("roiPool"), Cases: []tensor.Case{
			{F: pool, In: [][]int{{2, 2, 4, 4}}},
			{Name: "wrong", F: pool, In: [][]int{{2, 4, 4}}, Wrong: true},
		}},
	})
}

func TestRegionsRefuse(t *testing.T) {
	x := tensor.Ones(1, 1, 4, 4)
	for want, box := range map[string][]float64{
		"there is no image 1":     {1, 0, 0, 1, 1},
		"box 0 is not finite":     {0, 0, tensor.Scalar(0).Log().Item(), 1, 1},
		"there is no image -1":    {-1, 0, 0, 1, 1},
		"wants images":            {0, 0, 0, 1},
		"cannot cut regions with": nil,
	} {
		s := nnop.ROI{Out: [2]int{1, 1}}
		if box == nil {
			s.Out, box = [2]int{1, 0}, []float64{0, 0, 0, 1, 1}
		}
		boxes := tensor.Of(box, 1, len(box))
		for _, f := range []func(x, boxes *tensor.Tensor, s nnop.ROI) *tensor.Tensor{nnop.ROIAlign, nnop.ROIPool} {
			if err := tensor.Try(func() { f(x, boxes, s) }); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%v: %v, want %s", box, err, want)
			}
		}
	}
}

// TestRegionsOfHalves: halves are computed in float32 and rounded once.
func TestRegionsOfHalves(t *testing.T) {
	boxes := tensor.Matrix([][]float32{{0, 0.5, 0.7, 2.5, 3}, {1, 1, 0, 3, 3}})
	x := tensor.Arange(64).Reshape(2, 2, 4, 4).Sin()
	for name, f := range map[string]func(x *tensor.Tensor) *tensor.Tensor{
		"align": func(x *tensor.Tensor) *tensor.Tensor { return nnop.ROIAlign(x, boxes, nnop.ROI{Out: [2]int{2, 3}}) },
		"pool":  func(x *tensor.Tensor) *tensor.Tensor { return nnop.ROIPool(x, boxes, nnop.ROI{Out: [2]int{2, 3}}) },
		"lines": func(x *tensor.Tensor) *tensor.Tensor {
			return nnop.Interpolate(x, nnop.Interpolation{Mode: nnop.ResampleLinear}, 5, 3)
		},
		"repeat": func(x *tensor.Tensor) *tensor.Tensor { return nnop.Interpolate(x, nnop.Interpolation{}, 8, 4) },
	} {
		for _, dt := range []tensor.DType{tensor.Float16, tensor.BFloat16} {
			h := x.AsType(dt).RequireGrad()
			w := h.Detach().AsType(tensor.Float32).RequireGrad()
			y, want := f(h), f(w)
			if y.DType() != dt || !tensor.AllClose(y.Detach().AsType(tensor.Float32), want.Detach(), 1e-2, 1e-2) {
				t.Errorf("%s of %v: %v, want %v", name, dt, y, want)
			}
			y.Sum().Backward()
			want.Sum().Backward()
			if g := h.Grad().AsType(tensor.Float32); !tensor.AllClose(g, w.Grad(), 2e-2, 2e-2) {
				t.Errorf("%s of %v: gradient %v, want %v", name, dt, g, w.Grad())
			}
		}
	}
}

// TestNoRegions: no boxes, no images, no channels.
func TestNoRegions(t *testing.T) {
	box := tensor.Matrix([][]float32{{0, 0, 0, 3, 3}})
	for _, f := range []func(x, boxes *tensor.Tensor, s nnop.ROI) *tensor.Tensor{nnop.ROIAlign, nnop.ROIPool} {
		s := nnop.ROI{Out: [2]int{2, 2}}
		if y := f(tensor.Ones(1, 3, 4, 4), tensor.Zeros(0, 5), s); y.Dim(0) != 0 || y.Dim(1) != 3 {
			t.Errorf("no boxes give %v", y.Shape())
		}
		x := tensor.Ones(1, 0, 4, 4).RequireGrad()
		y := f(x, box, s)
		y.Sum().Backward()
		if y.Dim(0) != 1 || y.Dim(1) != 0 {
			t.Errorf("no channels give %v", y.Shape())
		}
	}
	for _, mode := range []nnop.Resampling{nnop.ResampleNearest, nnop.ResampleLinear} {
		if y := nnop.Interpolate(tensor.Zeros(0, 3, 4), nnop.Interpolation{Mode: mode}, 8); y.Size() != 0 || y.Dim(2) != 8 {
			t.Errorf("no images give %v", y.Shape())
		}
	}
}
