package nn

import (
	"fmt"
	"math"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// PositionalEncoding adds to the vector at each place i the numbers (10.6; Vaswani et al., 2017)
//
//	P[i, 2j] = sin(i / 10000^(2j/width)),  P[i, 2j+1] = cos(i / 10000^(2j/width))
//
// and drops elements of the sum while training. It learns nothing.
type PositionalEncoding struct {
	P     *tensor.Tensor `nn:"-"` // [places, width]
	Prob  float64
	width int
}

// NewPositionalEncoding returns an encoding for vectors of the given width, for up to places of them. It panics unless both are positive and
// 0 <= dropout <= 1.
func NewPositionalEncoding(width int, dropout float64, places int) *PositionalEncoding {
	NewDropout(dropout)
	if width < 1 || places < 1 {
		panic(&tensor.Error{Op: "nn.NewPositionalEncoding", Msg: fmt.Sprintf("width %d, %d places", width, places)})
	}
	return &PositionalEncoding{Sinusoids(places, width), dropout, width}
}

// Sinusoids is the matrix P of [PositionalEncoding], [places, width].
func Sinusoids(places, width int) *tensor.Tensor {
	p := make([]float32, places*width)
	for i := range places {
		for k := range width {
			angle := float64(i) / math.Pow(10000, float64(k&^1)/float64(width))
			if p[i*width+k] = float32(math.Sin(angle)); k%2 == 1 {
				p[i*width+k] = float32(math.Cos(angle))
			}
		}
	}
	return tensor.Of(p, places, width)
}

// Forward adds the encodings of the places 0, 1, ... to x [..., places, width].
func (l *PositionalEncoding) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	return l.At(c, x, 0)
}

// At is Forward for vectors whose first is at place begin.
func (l *PositionalEncoding) At(c *Ctx, x *tensor.Tensor, begin int) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	x = x.Add(placesOf("positionalEncoding", l.P, x, begin).AsType(x.DType()))
	if c.Training() && l.Prob > 0 {
		x = nnop.Dropout(x, l.Prob, c.Key())
	}
	return x
}

// placesOf is the rows of p for the places of x.
func placesOf(op string, p, x *tensor.Tensor, begin int) *tensor.Tensor {
	if x.NDim() < 2 || x.Dim(-1) != p.Dim(1) {
		tensor.Misuse(op, fmt.Sprintf("wants [..., places, %d]", p.Dim(1)), "", x)
	}
	n := x.Dim(-2)
	if begin < 0 || begin+n > p.Dim(0) {
		tensor.Misuse(op, fmt.Sprintf("there are encodings for %d places, not for %d to %d", p.Dim(0), begin, begin+n-1), "make the layer with more places", x)
	}
	return p.Slice(tensor.R(begin, begin+n))
}

// String is "PositionalEncoding(32, places = 1000, dropout = 0.1)".
func (l *PositionalEncoding) String() string {
	return fmt.Sprintf("PositionalEncoding(%d, places = %d, dropout = %v)", l.width, l.P.Dim(0), l.Prob)
}

// LearnedPositions adds to the vector at each place one that is learned, as in BERT and GPT (14.8).
type LearnedPositions struct {
	Weight *Param // [places, width]
	places int
}

// NewLearnedPositions returns the layer for up to that many places. It panics unless places is positive.
func NewLearnedPositions(places int) *LearnedPositions {
	if places < 1 {
		panic(&tensor.Error{Op: "nn.NewLearnedPositions", Msg: fmt.Sprintf("%d places", places)})
	}
	return &LearnedPositions{NewParam(Shape(places, -1)), places}
}

// Forward adds the vectors of the places 0, 1, ... to x [..., places, width].
func (l *LearnedPositions) Forward(c *Ctx, x *tensor.Tensor) (out *tensor.Tensor) {
	return l.At(c, x, 0)
}

// At is Forward for vectors whose first is at place begin.
func (l *LearnedPositions) At(c *Ctx, x *tensor.Tensor, begin int) (out *tensor.Tensor) {
	defer c.ran(l, x, &out)
	if x.NDim() < 2 {
		tensor.Misuse("learnedPositions", "wants [..., places, width]", "", x)
	}
	return x.Add(placesOf("learnedPositions", c.Param(l.Weight, l.places, x.Dim(-1)), x, begin))
}

// String is "LearnedPositions(places = 512)".
func (l *LearnedPositions) String() string {
	return fmt.Sprintf("LearnedPositions(places = %d)", l.places)
}

// Rotary turns pairs of elements of queries and keys by angles that grow with the place, so that their products depend on the distance of places alone (RoPE, Su
// et al., 2021): pair j at place i by the angle i Base^(-2j/d). See [WithRotary].
type Rotary struct {
	Base        float64 // 0 stands for 10000
	Interleaved bool    // pairs are neighbours (2j, 2j+1), as in the paper; else (j, j+d/2), as in most models
}

// Apply turns x [..., places, d], the first of which is at place begin. It panics unless d is even.
func (r *Rotary) Apply(x *tensor.Tensor, begin int) *tensor.Tensor {
	n := x.NDim()
	if n < 2 || x.Dim(-1)%2 != 0 {
		tensor.Misuse("rotary", "wants [..., places, d] with an even d", "", x)
	}
	places, half := x.Dim(-2), x.Dim(-1)/2
	base := r.Base
	if base == 0 {
		base = 10000
	}
	angles := make([]float64, places*half)
	for i := range places {
		for j := range half {
			angles[i*half+j] = float64(begin+i) * math.Pow(base, -float64(j)/float64(half))
		}
	}
	a := tensor.Of(angles, places, half)
	cos, sin := a.Cos().AsType(x.DType()), a.Sin().AsType(x.DType())
	if !r.Interleaved {
		p, q := x.Narrow(n-1, 0, half), x.Narrow(n-1, half, half)
		return tensor.Concat(n-1, p.Mul(cos).Sub(q.Mul(sin)), q.Mul(cos).Add(p.Mul(sin)))
	}
	shape := x.Shape()
	pairs := x.Reshape(append(x.Shape()[:n-1], half, 2)...)
	p, q := pairs.Narrow(n, 0, 1).Squeeze(n), pairs.Narrow(n, 1, 1).Squeeze(n)
	return tensor.Stack(n, p.Mul(cos).Sub(q.Mul(sin)), q.Mul(cos).Add(p.Mul(sin))).Reshape(shape...)
}
