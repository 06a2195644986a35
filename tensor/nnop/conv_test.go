package nnop_test

import (
	"testing"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
	"github.com/fathom-ml/fathom/tensor/optest/oracle"
)

// convSpec takes the attributes of a case apart: stride, padding, dilation and perhaps output padding, each with
// dims numbers, and the groups.
type convSpec struct {
	v    []int
	dims int
}

func (s convSpec) one(i int) int        { return s.v[i*s.dims] }
func (s convSpec) two(i int) [2]int     { return [2]int(s.v[2*i:]) }
func (s convSpec) three(i int) [3]int   { return [3]int(s.v[3*i:]) }
func (s convSpec) groups() int          { return s.v[len(s.v)-1] }
func (s convSpec) sequence() nnop.Conv1 { return nnop.Conv1{s.one(0), s.one(1), s.one(2), s.groups()} }
func (s convSpec) image() nnop.Conv {
	return nnop.Conv{Stride: s.two(0), Pad: s.two(1), Dilation: s.two(2), Groups: s.groups()}
}
func (s convSpec) volume() nnop.Conv3 {
	return nnop.Conv3{Stride: s.three(0), Pad: s.three(1), Dilation: s.three(2), Groups: s.groups()}
}

// TestConvOracle holds the forms of convolution against PyTorch.
func TestConvOracle(t *testing.T) {
	acts := map[string]nnop.Activation{"relu": nnop.ActReLU, "sigmoid": nnop.ActSigmoid, "tanh": nnop.ActTanh}
	on := func(dims int, f func(s convSpec, c oracle.Case, x, w, b *tensor.Tensor) *tensor.Tensor) oracle.Func {
		return func(c oracle.Case, in []*tensor.Tensor) *tensor.Tensor {
			in = append(in, nil)
			return f(convSpec{c.Ints, dims}, c, in[0], in[1], in[2])
		}
	}
	oracle.Run(t, "testdata/conv.json.gz", map[string]oracle.Func{
		"conv2d_act": on(2, func(s convSpec, c oracle.Case, x, w, b *tensor.Tensor) *tensor.Tensor {
			return nnop.Conv2DAct(x, w, b, s.image(), acts[c.Name])
		}),
		"conv1d": on(1, func(s convSpec, _ oracle.Case, x, w, b *tensor.Tensor) *tensor.Tensor {
			return nnop.Conv1D(x, w, b, s.sequence())
		}),
		"conv3d": on(3, func(s convSpec, _ oracle.Case, x, w, b *tensor.Tensor) *tensor.Tensor {
			return nnop.Conv3D(x, w, b, s.volume())
		}),
		"conv_transpose1d": on(1, func(s convSpec, _ oracle.Case, x, w, b *tensor.Tensor) *tensor.Tensor {
			return nnop.ConvTranspose1D(x, w, b, s.sequence(), s.one(3))
		}),
		"conv_transpose2d": on(2, func(s convSpec, _ oracle.Case, x, w, b *tensor.Tensor) *tensor.Tensor {
			return nnop.ConvTranspose2D(x, w, b, s.image(), s.two(3))
		}),
		"conv_transpose3d": on(3, func(s convSpec, _ oracle.Case, x, w, b *tensor.Tensor) *tensor.Tensor {
			return nnop.ConvTranspose3D(x, w, b, s.volume(), s.three(3))
		}),
	})
}

// TestConvMisuse holds that shapes which do not fit panic with the name of the operation.
func TestConvMisuse(t *testing.T) {
	z := func(d ...int) *tensor.Tensor { return tensor.Zeros(d...) }
	for name, f := range map[string]func(){
		"conv1d":          func() { nnop.Conv1D(z(2, 3), z(2, 3, 1), nil, nnop.Conv1{}) },
		"conv3d":          func() { nnop.Conv3D(z(1, 1, 2, 2, 2), z(1, 1, 3, 1, 1), nil, nnop.Conv3{}) },
		"convTranspose1d": func() { nnop.ConvTranspose1D(z(2, 3), z(2, 3), nil, nnop.Conv1{}, 0) },
		"convTranspose2d": func() { nnop.ConvTranspose2D(z(1, 2, 3, 3), z(1, 2, 3, 3), nil, nnop.Conv{}, [2]int{}) },
		"convTranspose2d ": func() {
			nnop.ConvTranspose2D(z(1, 2, 3, 3), z(2, 2, 3, 3), nil, nnop.Conv{}, [2]int{1, 0})
		},
		"convTranspose3d": func() {
			nnop.ConvTranspose3D(z(1, 2, 3, 3, 3), z(2, 1, 1, 1, 1), z(2), nnop.Conv3{}, [3]int{})
		},
	} {
		err := tensor.Try(f)
		if e, ok := err.(*tensor.Error); !ok || e.Op != name && e.Op+" " != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}
