package nn

import (
	"fmt"
	"strings"

	"github.com/fathom-ml/fathom/tensor"
)

// Filters is what the convolutions have in common: learned windows, a bias and an activation.
type Filters struct {
	Channels int         // of the result
	Act      *Activation // nil: none
	Weight   *Param      // [channels, inputs/groups, window...], of a transposed convolution [inputs, channels/groups, window...]
	Bias     *Param      // [channels], nil if there is none
}

// filters is what a constructor and its options say of a convolution.
type filters struct {
	Filters
	window
	groups, inputs int // inputs -1: the first use tells
	transposed     bool
}

// ConvOption is an option of the convolutions: [Pad], [Stride], [Dilation], [Groups], an [*Activation], [NoBias] or
// [Inputs]; of the transposed ones also [OutputPad].
type ConvOption interface{ conv(l *filters) }

type convOption func(l *filters)

func (o convOption) conv(l *filters) { o(l) }

// Dilation spreads the window: its elements lie n apart.
func Dilation[S Sizes](n S) ConvOption {
	o := WindowOption{"nn.Dilation", atLeast("nn.Dilation", sides(n), 1), func(w *window) *[3]int { return &w.dilation }}
	return convOption(func(l *filters) { o.set(&l.window) })
}

// OutputPad makes the result of a transposed convolution longer by n on one side: of the sizes that a convolution with
// that stride makes equal, it chooses one. It panics, in the first use, unless n is less than the stride.
func OutputPad[S Sizes](n S) ConvOption {
	o := WindowOption{"nn.OutputPad", atLeast("nn.OutputPad", sides(n), 0), func(w *window) *[3]int { return &w.outPad }}
	return convOption(func(l *filters) {
		if !l.transposed {
			panic(&tensor.Error{Op: l.op, Msg: "has no output padding", Hint: "transposed convolutions have"})
		}
		o.set(&l.window)
	})
}

// Groups splits the channels into n groups that do not see each other.
func Groups(n int) ConvOption {
	atLeast("nn.Groups", []int{n}, 1)
	return convOption(func(l *filters) { l.groups = n })
}

func (noBias) conv(l *filters)        { l.Bias = nil }
func (n Inputs) conv(l *filters)      { l.inputs = int(n) }
func (a *Activation) conv(l *filters) { l.Act = a }

// newFilters reads the options and makes the parameters.
func newFilters(w window, transposed bool, channels int, opts []ConvOption) *filters {
	if channels < 1 {
		panic(&tensor.Error{Op: w.op, Msg: fmt.Sprintf("%d channels", channels)})
	}
	l := &filters{window: w, groups: 1, inputs: -1, transposed: transposed}
	l.Channels, l.Bias = channels, NewParam(Shape(channels), InitWith(Zeros))
	for _, o := range opts {
		o.conv(l)
	}
	if l.Channels%l.groups != 0 || l.inputs > 0 && l.inputs%l.groups != 0 {
		panic(&tensor.Error{Op: l.op, Msg: fmt.Sprintf("%d inputs and %d channels do not split into %d groups", l.inputs, l.Channels, l.groups)})
	}
	shape := []int{l.Channels, l.inputs}
	if transposed {
		shape = []int{l.inputs, l.Channels / l.groups}
	} else if l.inputs > 0 {
		shape[1] /= l.groups
	}
	l.Weight = NewParam(Shape(append(shape, w.kernel[:w.axes]...)...))
	return l
}

// values are the weight and the bias for x, [n, inputs, ...] with an axis for each of the window.
func (l *Filters) values(op string, c *Ctx, x *tensor.Tensor, transposed bool, groups int, kernel ...int) (w, b *tensor.Tensor) {
	groups = max(groups, 1)
	if x.NDim() != 2+len(kernel) {
		tensor.Misuse(op, "wants [n, channels, "+[]string{"length]", "height, width]", "depth, height, width]"}[len(kernel)-1], "Reshape it", x)
	}
	in := x.Dim(1)
	if in%groups != 0 {
		tensor.Misuse(op, fmt.Sprintf("the channels do not split into %d groups", groups), "", x)
	}
	shape := []int{l.Channels, in / groups}
	if transposed {
		shape = []int{in, l.Channels / groups}
	}
	return c.Param(l.Weight, append(shape, kernel...)...), c.Param(l.Bias, l.Channels)
}

// text is what a convolution prints, e.g. "Conv2D(1 -> 6, kernel_size=(5, 5), stride=(1, 1), padding=(2, 2))".
func (l *Filters) text(name string, transposed bool, groups int, kernel, stride, pad, dilation, outPad []int) string {
	in := lengthOf(l.Weight, 0)
	if !transposed {
		if in = lengthOf(l.Weight, 1); in > 0 {
			in *= max(groups, 1)
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s(%d -> %d, kernel_size=%s, stride=%s", name, in, l.Channels, tuple(kernel), tuple(stride))
	unless := func(usual int, what string, v []int) {
		for _, n := range v {
			if n != usual {
				b.WriteString(", " + what + "=" + tuple(v))
				return
			}
		}
	}
	unless(0, "padding", pad)
	unless(0, "output_padding", outPad)
	unless(1, "dilation", dilation)
	if groups > 1 {
		fmt.Fprintf(&b, ", groups=%d", groups)
	}
	if l.Bias == nil {
		b.WriteString(", bias=False")
	}
	if l.Act != nil {
		b.WriteString(", " + l.Act.String())
	}
	return b.String() + ")"
}
