package nn

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// Upsample makes sequences, images or volumes larger or smaller by interpolation along all axes after the channels (13.10).
type Upsample struct {
	Spec    nnop.Interpolation
	Lengths []int // of the result; one for all axes or one for each; nil: the factor says
}

// UpsampleOption is an option of [NewUpsample]: [LinearMode], [CubicMode], [NearestExact] or [AlignCorners].
type UpsampleOption func(s *nnop.Interpolation)

// LinearMode interpolates along straight lines (PyTorch's linear, bilinear and trilinear).
func LinearMode(s *nnop.Interpolation) { s.Mode = nnop.ResampleLinear }

// CubicMode interpolates along cubic curves (PyTorch's bicubic).
func CubicMode(s *nnop.Interpolation) { s.Mode = nnop.ResampleCubic }

// NearestExact takes the number whose centre is nearest (PyTorch's nearest-exact).
func NearestExact(s *nnop.Interpolation) { s.Mode = nnop.ResampleNearestExact }

// AlignCorners lets the first and last numbers of each axis stay where they are, not the edges of their cells.
func AlignCorners(s *nnop.Interpolation) { s.AlignCorners = true }

// NewUpsample returns a layer that multiplies lengths by a factor, which need not be whole, and rounds them down; each number is
// that of its place in the input unless an option says otherwise. It panics unless the factor is positive, and if corners are to
// be aligned without interpolation.
func NewUpsample(factor float64, opts ...UpsampleOption) *Upsample {
	if !(factor > 0) {
		panic(&tensor.Error{Op: "nn.NewUpsample", Msg: fmt.Sprintf("the factor %v is not positive", factor)})
	}
	return newUpsample("nn.NewUpsample", nnop.Interpolation{Factor: factor}, nil, opts)
}

// NewUpsampleTo returns a layer whose results have the given lengths, whatever the input has: nn.NewUpsampleTo([2]int{320, 480},
// nn.LinearMode). Options and panics as in [NewUpsample].
func NewUpsampleTo[S Sizes](lengths S, opts ...UpsampleOption) *Upsample {
	return newUpsample("nn.NewUpsampleTo", nnop.Interpolation{}, atLeast("nn.NewUpsampleTo", sides(lengths), 1), opts)
}

func newUpsample(op string, s nnop.Interpolation, lengths []int, opts []UpsampleOption) *Upsample {
	for _, o := range opts {
		o(&s)
	}
	if s.AlignCorners && s.Mode < nnop.ResampleLinear {
		panic(&tensor.Error{Op: op, Msg: "corners cannot be aligned", Hint: "add nn.LinearMode"})
	}
	return &Upsample{s, lengths}
}

// Forward maps [n, c, ...] to [n, c, lengths...]. It panics if x does not have as many axes as there are lengths.
func (l *Upsample) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	if x.NDim() < 3 || len(l.Lengths) > 1 && x.NDim() != 2+len(l.Lengths) {
		tensor.Misuse("upsample", fmt.Sprintf("wants [n, channels, ...] for lengths %v", l.Lengths), "", x)
	}
	size := x.Shape()[2:]
	for i, n := range size {
		switch len(l.Lengths) {
		case 0:
			size[i] = int(float64(n) * l.Spec.Factor)
		case 1:
			size[i] = l.Lengths[0]
		default:
			size[i] = l.Lengths[i]
		}
	}
	return nnop.Interpolate(x, l.Spec, size...)
}

// String is e.g. "Upsample(2, linear)" or "Upsample((320, 480), nearest)".
func (l *Upsample) String() string {
	to := fmt.Sprint(l.Spec.Factor)
	if l.Lengths != nil {
		to = tuple(l.Lengths)
	}
	mode := [...]string{"nearest", "nearest-exact", "linear", "cubic"}[l.Spec.Mode]
	if l.Spec.AlignCorners {
		mode += ", align_corners"
	}
	return fmt.Sprintf("Upsample(%s, %s)", to, mode)
}

// PixelShuffle makes images Factor times as high and wide from channels (Shi et al., 2016).
type PixelShuffle struct{ Factor int }

// PixelUnshuffle is the opposite of [PixelShuffle]: blocks of pixels become channels.
type PixelUnshuffle struct{ Factor int }

// NewPixelShuffle returns a layer that maps [n, c*r*r, h, w] to [n, c, h*r, w*r]. It panics unless r is positive.
func NewPixelShuffle(r int) *PixelShuffle {
	atLeast("nn.NewPixelShuffle", []int{r}, 1)
	return &PixelShuffle{r}
}

// NewPixelUnshuffle returns a layer that maps [n, c, h*r, w*r] to [n, c*r*r, h, w]. It panics unless r is positive.
func NewPixelUnshuffle(r int) *PixelUnshuffle {
	atLeast("nn.NewPixelUnshuffle", []int{r}, 1)
	return &PixelUnshuffle{r}
}

// Forward maps [n, c*r*r, h, w] to [n, c, h*r, w*r]. It panics if r*r does not divide the channels.
func (l *PixelShuffle) Forward(ctx *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer ctx.ran(l, x, &out)
	r := l.Factor
	if x.NDim() != 4 || x.Dim(1)%(r*r) != 0 {
		tensor.Misuse("pixelShuffle", fmt.Sprintf("wants [n, c*%d, h, w]", r*r), "", x)
	}
	n, c, h, w := x.Dim(0), x.Dim(1)/(r*r), x.Dim(2), x.Dim(3)
	return x.Reshape(n, c, r, r, h, w).Transpose(0, 1, 4, 2, 5, 3).Reshape(n, c, h*r, w*r)
}

// Forward maps [n, c, h*r, w*r] to [n, c*r*r, h, w]. It panics if r does not divide height and width.
func (l *PixelUnshuffle) Forward(ctx *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer ctx.ran(l, x, &out)
	r := l.Factor
	if x.NDim() != 4 || x.Dim(2)%r != 0 || x.Dim(3)%r != 0 {
		tensor.Misuse("pixelUnshuffle", fmt.Sprintf("wants [n, c, h*%d, w*%d]", r, r), "", x)
	}
	n, c, h, w := x.Dim(0), x.Dim(1), x.Dim(2)/r, x.Dim(3)/r
	return x.Reshape(n, c, h, r, w, r).Transpose(0, 1, 3, 5, 2, 4).Reshape(n, c*r*r, h, w)
}

// String is e.g. "PixelShuffle(2)".
func (l *PixelShuffle) String() string { return fmt.Sprintf("PixelShuffle(%d)", l.Factor) }

// String is e.g. "PixelUnshuffle(2)".
func (l *PixelUnshuffle) String() string { return fmt.Sprintf("PixelUnshuffle(%d)", l.Factor) }
