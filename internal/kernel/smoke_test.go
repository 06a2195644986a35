package kernel

import (
	"math"
	"testing"
)

func f32(shape []int, x ...float32) View {
	v := dense(View{DT: Float32, Shape: shape})
	copy(data[float32](v), x)
	return v
}

func TestSmoke(t *testing.T) {
	var d CPU
	x := f32([]int{2, 3}, 1, 2, 3, 4, 5, 6)
	y := dense(x)
	d.Binary(Add, y, x, View{P: x.P, DT: Float32, Shape: x.Shape, Strides: []int{0, 1}})
	if got := data[float32](y); got[3] != 5 || got[5] != 9 {
		t.Fatal(got)
	}
	s := f32([]int{1, 3})
	d.Reduce(ReduceSum, s, x)
	if got := data[float32](s); got[0] != 5 || got[2] != 9 {
		t.Fatal(got)
	}
	s = f32([]int{2, 1})
	d.Reduce(ReduceMax, s, x)
	if got := data[float32](s); got[0] != 3 || got[1] != 6 {
		t.Fatal(got)
	}
	c := f32([]int{2, 2})
	d.Gemm(c, x, View{P: x.P, DT: Float32, Shape: []int{3, 2}, Strides: []int{1, 3}}, false, Epilogue{})
	if got := data[float32](c); got[0] != 14 || got[3] != 77 {
		t.Fatal(got)
	}
	d.Softmax(y, x, false)
	if got := data[float32](y); math.Abs(float64(got[0])-0.09003057) > 1e-7 {
		t.Fatal(got)
	}
	img := f32([]int{1, 1, 3, 3}, 0, 1, 2, 3, 4, 5, 6, 7, 8)
	w := f32([]int{1, 1, 2, 2}, 0, 1, 2, 3)
	o := f32([]int{1, 1, 2, 2})
	d.Conv(Conv{1, 1, 0, 0, 1, 1, 1}, o, img, w, View{}, NoActivation)
	if got := data[float32](o); got[0] != 19 || got[3] != 43 {
		t.Fatal(got)
	}
	d.Pool(Pool{Max: true, KH: 2, KW: 2, StrideH: 1, StrideW: 1}, o, img, View{})
	if got := data[float32](o); got[0] != 4 || got[3] != 8 {
		t.Fatal(got)
	}
	d.Dropout(y, x, 0.5, 7)
	d.SGD(SGD{LR: 1, Scale: 1}, x, x)
}
