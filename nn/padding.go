package nn

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
)

// Padding makes the last axes of its input longer.
type Padding struct {
	mode tensor.PadMode
	name string
	pads [][2]int // before and after, for each of the last axes
}

// NewPadding returns a layer that adds entries before and after the last axes, a pair for each; a negative number takes
// entries away. The mode says what is added: nn.NewPadding(tensor.PadConstant(1), [2]int{0, 2}) makes rows longer by two ones.
func NewPadding(mode tensor.PadMode, pads ...[2]int) *Padding {
	return &Padding{mode, "Padding", pads}
}

// NewZeroPad2D returns a layer that adds zeros on all sides of images, as many as n says: for all sides, or for rows and columns.
func NewZeroPad2D[S Size](n S) *Padding { return newPadding2("ZeroPad2D", tensor.PadConstant(0), n) }

// NewReflectionPad2D returns a layer that continues images by their reflections, without repeating the border.
func NewReflectionPad2D[S Size](n S) *Padding {
	return newPadding2("ReflectionPad2D", tensor.PadReflect, n)
}

// NewReplicationPad2D returns a layer that repeats the border of images.
func NewReplicationPad2D[S Size](n S) *Padding {
	return newPadding2("ReplicationPad2D", tensor.PadReplicate, n)
}

func newPadding2[S Size](name string, mode tensor.PadMode, n S) *Padding {
	v := sides(n)
	atLeast("nn.New"+name, v, 0)
	rows, columns := v[0], v[len(v)-1]
	return &Padding{mode, name, [][2]int{{rows, rows}, {columns, columns}}}
}

// Forward pads x. It panics if x has fewer axes than are to be padded.
func (l *Padding) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	return x.Pad(l.mode, l.pads...)
}

// String is e.g. "ZeroPad2D([[1 1] [2 2]])".
func (l *Padding) String() string { return fmt.Sprintf("%s(%v)", l.name, l.pads) }
