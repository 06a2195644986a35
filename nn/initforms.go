package nn

import (
	"math"
	"strings"

	"github.com/fathom-ml/fathom/tensor"
)

// BilinearFilter gives a [ConvTranspose2D] of window [k, k], stride s and k = 2s - s mod 2 the weights by which it is bilinear
// interpolation (13.10; Long, Shelhamer and Darrell, 2015): (1 - |i - m|/f)(1 - |j - m|/f) for row i and column j, with
// f = ceil(k/2) and the middle m = (k-1)/2 of odd windows, f - 1/2 of even ones. Channel k of the input goes to channel k of the
// result; with groups, every channel to its own. (Gluon's Bilinear lets every channel go to every other.) It panics unless the
// parameter has four axes.
func BilinearFilter() Initialiser {
	return InitFunc(func(path string, w *tensor.Tensor) {
		s := w.Shape()
		if len(s) != 4 {
			panic(&tensor.Error{Op: path, Msg: "BilinearFilter wants [inputs, channels, rows, columns]", Shapes: [][]int{s}})
		}
		rows, columns := tent(s[2]), tent(s[3])
		w.CopyFrom(tensor.FromFunc(func(at []int) float64 {
			if s[1] > 1 && at[0] != at[1] {
				return 0
			}
			return rows[at[2]] * columns[at[3]]
		}, s...))
	})
}

// tent rises to the middle of k places and falls again.
func tent(k int) []float64 {
	f := (k + 1) / 2
	middle := float64(f) - 0.5
	if k%2 == 1 {
		middle = float64(f - 1)
	}
	w := make([]float64, k)
	for i := range w {
		w[i] = 1 - math.Abs(float64(i)-middle)/float64(f)
	}
	return w
}

// LSTMForgetBias is v for the forget gates of an LSTM's bias and 0 for the others, so that at first a memory is kept (9.2; Jozefowicz,
// Zaremba and Sutskever, 2015). The gates lie in the order i, f, g, o, as in [NewLSTM], which has two biases that add up: nn.Init(net,
// nn.Mixed(nn.Xavier(), nn.For("*.BiasIH", nn.LSTMForgetBias(1)))). It panics unless the parameter is a vector of four equal parts.
func LSTMForgetBias(v float64) Initialiser {
	return InitFunc(func(path string, w *tensor.Tensor) {
		if w.NDim() != 1 || w.Dim(0)%4 != 0 {
			panic(&tensor.Error{Op: path, Msg: "LSTMForgetBias wants a bias of four gates", Shapes: [][]int{w.Shape()}})
		}
		h := w.Dim(0) / 4
		w.Zero()
		w.FillSlice(v, tensor.R(h, 2*h))
	})
}

// InitTorch draws anew what PyTorch's Linear, Conv, ConvTranspose and Bilinear begin with, in the order of [Parameters]: a
// "Weight" of two axes or more from U(-c, c) with c = 1/√fan_in, and then the "Bias" beside it from the same. Other parameters stay
// as they are. It panics if a shape is not known: run the model once before.
func InitTorch(model any) {
	ps := Parameters(model)
	biases := map[string]*Param{}
	for _, p := range ps {
		if layer, ok := strings.CutSuffix(p.Path, "Bias"); ok {
			biases[layer] = p.Param
		}
	}
	for _, p := range ps {
		layer, ok := strings.CutSuffix(p.Path, "Weight")
		if !ok || p.Value().NDim() < 2 {
			continue
		}
		in, _ := fans(p.Path, "InitTorch", p.Value().Shape())
		u := Uniform(1 / math.Sqrt(float64(in)))
		for _, q := range []*Param{p.Param, biases[layer]} {
			if q != nil {
				w := tensor.Zeros(q.Value().Shape()...)
				u.Init(p.Path, w)
				q.SetValue(w)
			}
		}
	}
}
