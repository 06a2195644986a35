package tensor_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
	"github.com/fathom-ml/fathom/tensor/optest"
)

func show(t *testing.T, x *tensor.Tensor, want string) {
	t.Helper()
	if got := x.String(); got != want {
		t.Errorf("got\n%v\nwant\n%v", got, want)
	}
}

// The forms of indexing that the book's chapters use, each with the section that needs it first.
func TestIndexingOfTheBook(t *testing.T) {
	A := func() *tensor.Tensor { return tensor.Arange(12).Reshape(3, 4) }
	x := A() // A[i, j] = s (11.5)
	x.SetAt(x.At(2, 3)*2, 0, -1)
	show(t, x, "[[ 0.  1.  2. 22.]\n [ 4.  5.  6.  7.]\n [ 8.  9. 10. 11.]]")

	x = A() // A[:, j] = v, A[:, j:j+2] = M (11.5)
	x.SetSlice(tensor.Of([]float32{-1, -2, -3}), tensor.All, tensor.I(1))
	x.SetSlice(tensor.Zeros(3, 2), tensor.All, tensor.R(2, 4))
	show(t, x, "[[ 0. -1.  0.  0.]\n [ 4. -2.  0.  0.]\n [ 8. -3.  0.  0.]]")

	p := tensor.Ones(3) // p[:] -= g keeps the memory (11.5)
	alias := p.Detach()
	p.SubAssign(tensor.Of([]float32{1, 2, 3}))
	p.SetSlice(p.MulScalar(2), tensor.All)
	show(t, alias, "[ 0. -2. -4.]")

	y, k := tensor.Zeros(3, 3), tensor.Ones(2, 2) // Y[i:i+h, j:j+w] += s*K (13.10)
	for i := range 2 {
		for j := range 2 {
			y.AddAt(k.MulScalar(float64(2*i+j)), tensor.R(i, i+2), tensor.R(j, j+2))
		}
	}
	show(t, y, "[[0. 1. 1.]\n [2. 6. 4.]\n [2. 5. 3.]]")

	boxes := A() // boxes[:, None, :2] (13.4)
	upper := boxes.Slice(tensor.All, tensor.NewAxis, tensor.Until(2)).Maximum(boxes.Slice(tensor.All, tensor.Until(2)))
	if got := upper.Shape(); got[0] != 3 || got[1] != 3 || got[2] != 2 {
		t.Errorf("pairs of boxes have shape %v", got)
	}

	idx := tensor.Of([]int64{5, 3, 8, 1}) // idx[mask], conf[below] = 1 - conf[below] (13.4)
	conf := tensor.Of([]float32{0.5, 0.25, 0.75, 0.125})
	below := tensor.Mask(conf.LtScalar(0.4))
	show(t, idx.Slice(below), "[3 1]")
	conf.SetSlice(conf.Slice(below).Neg().AddScalar(1), below)
	show(t, conf, "[0.5   0.75  0.75  0.875]")

	anchors := tensor.FullOf(tensor.Int64, -1, 5) // map[anc_i] = box_j, also by 0-d tensors (13.4)
	anchors.FillSlice(2, tensor.At(tensor.Of([]int64{3, 0})))
	best := tensor.Of([]float32{1, 9, 4}).ArgMax()
	anchors.SetSlice(tensor.Scalar(7), tensor.At(best))
	show(t, anchors, "[ 2  7 -1  2 -1]")
	show(t, A().Slice(tensor.At(best)), "[4. 5. 6. 7.]")
	show(t, A().Slice(tensor.All, tensor.At(best)), "[1. 5. 9.]")

	class := tensor.Of([]int64{4, 5, 6}) // class_id[order] (13.4)
	_, order := tensor.Of([]float32{0.1, 0.9, 0.5}).Sort(0, tensor.Descending)
	show(t, class.Slice(tensor.At(order)), "[5 6 4]")

	label := tensor.Of([]int32{0, 10, 20, 30}) // colormap2label[idx] with a matrix (13.9)
	show(t, label.Slice(tensor.At(tensor.Of([]int32{3, 0, 1, 1}, 2, 2))), "[[30  0]\n [10 10]]")
	image := tensor.Arange(12).Reshape(2, 2, 3) // image[:, :, ::-1] (13.9)
	show(t, image.Slice(tensor.Ellipsis, tensor.All.By(-1)).Index(0), "[[2. 1. 0.]\n [5. 4. 3.]]")
	show(t, tensor.Arange(7).Slice(tensor.All.By(-1)), "[6. 5. 4. 3. 2. 1. 0.]") // (13.4)
	show(t, tensor.Arange(7).Slice(tensor.From(1).By(2)), "[1. 3. 5.]")          // (13.9)

	// X[batch_idx, positions] (14.8), y_hat[range(n), y] (18.11), W[range(a), range(b), :, :] = k (13.11)
	encoded := tensor.Arange(24).Reshape(2, 3, 4)
	batch, positions := tensor.Ints(0, 0, 1), tensor.Ints(2, 0, 1)
	show(t, encoded.Slice(batch, positions), "[[ 8.  9. 10. 11.]\n [ 0.  1.  2.  3.]\n [16. 17. 18. 19.]]")
	show(t, A().Slice(tensor.Ints(0, 1, 2), tensor.Ints(3, 0, 0)), "[3. 4. 8.]")
	w := tensor.Zeros(2, 2, 1, 2)
	w.SetSlice(tensor.Of([]float32{3, 4}, 1, 2), tensor.Ints(0, 1), tensor.Ints(0, 1), tensor.All, tensor.All)
	show(t, w.Reshape(4, 2), "[[3. 4.]\n [0. 0.]\n [0. 0.]\n [3. 4.]]")
}

func TestIndexingErrors(t *testing.T) {
	x := tensor.Zeros(3, 4)
	for _, c := range []struct {
		f    func()
		want string
	}{
		{func() { x.Slice(tensor.All, tensor.Ints(0, 4)) }, "slice: index 4 is out of range for axis 1 of length 4"},
		{func() { x.Slice(tensor.I(-4), tensor.Ints(0)) }, "slice: index -4 is out of range for axis 0 of length 3"},
		{func() { x.SetSlice(x, tensor.Ints(3)) }, "setSlice: index 3 is out of range for axis 0 of length 3"},
		{func() { x.AddAt(x, tensor.Ints(0, 1, 2, 0)) }, "addAt: the value does not fit the region, whose shape is [4 4]"},
		{func() { x.Gather(1, tensor.Of([]int64{-5, 0}, 2, 1)) }, "gather: index -5 is out of range for axis 1 of length 4"},
		{func() { x.Take(tensor.Of([]int64{3})) }, "take: index 3 is out of range for axis 0 of length 3"},
		{func() { x.IndexAdd(0, tensor.Of([]int64{7}), x) }, "indexAdd: index 7 is out of range for axis 0 of length 3"},
		{func() { x.Slice(tensor.Ellipsis, tensor.Ellipsis) }, "more than one ellipsis"},
		{func() { x.Slice(tensor.All, tensor.All, tensor.Ints(0)) }, "slice: 3 indices for 2 axes: [: : int64[1]]"},
		{func() { x.Slice(tensor.Ints(0, 1), tensor.Ints(0, 1, 2)) }, "slice: shapes do not broadcast: [2] x [3]"},
		{func() { x.Slice(tensor.At(tensor.Of([]float32{1}))) }, "the index must be int64 or int32, not float32"},
		{func() { x.Slice(tensor.Mask(tensor.ZerosOf(tensor.Bool, 4))) }, "the mask does not fit the axes from 0 on: [3 4] x [4]"},
		{func() { tensor.Mask(tensor.Zeros(2)) }, "a mask must be bool, not float32"},
		{func() { tensor.Ellipsis.By(2) }, "only a range has one"},
		{func() { x.Split(1, 2, 3) }, "split: lengths [2 3] do not add up to axis 1"},
		{func() { x.Chunk(0, 0) }, "chunk: cannot make 0 parts"},
		{func() { x.Roll([]int{1, 2}, 0) }, "roll: 2 shifts for 1 axes"},
		{func() { x.TopK(5, 1, true) }, "topK: 5 elements of axis 1"},
		{func() { x.KthValue(0, 1) }, "k counts from 1"},
		{func() { x.Pad(tensor.PadReflect, [2]int{-2, -2}, [2]int{}) }, "pad: [-2 -2] cuts more off axis 0 than there is"},
		{func() { tensor.Zeros(0).Pad(tensor.PadReplicate, [2]int{1, 0}) }, "pad: axis 0 is empty"},
		{func() { tensor.Of([]int64{5}).OneHot(5) }, "oneHot: 5 is not in [0, 5)"},
		{func() { tensor.Meshgrid("yx", x.Index(0)) }, `indexing is "yx"`},
		{func() { tensor.Of([]int64{1, -1}).BinCount(nil, 0) }, "binCount: -1 is negative"},
		{func() { nnop.Col2Im(x, 3, 3, [2]int{2, 2}, nnop.Conv{}) }, "col2Im: the columns do not fit"},
		{func() { x.Unfold(1, 5, 1) }, "unfold: windows of 5 elements"},
		{func() { x.Expand(2, 3, 4).AddAt(x, tensor.Ints(0)) }, "addAt: cannot write into an expanded view"},
		{func() { tensor.OnesLike(x).RequireGrad().AddAt(x.Clone().RequireGrad().Exp()) }, "addAt: in-place write of a recorded value into a leaf"},
		{func() { tensor.Zeros(1).AsType(tensor.Complex64).ArgSort(0, tensor.Ascending) }, "complex numbers have no order"},
	} {
		var e *tensor.Error
		if err := tensor.Try(c.f); !errors.As(err, &e) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

// Half floats, small integers, bools and complex numbers move as they are.
func TestIndexingOfAllTypes(t *testing.T) {
	for dt := tensor.Float32; dt <= tensor.Complex128; dt++ {
		x := tensor.Of([]int64{1, 0, 1, 1, 0, 1}, 2, 3).AsType(dt)
		for what, y := range map[string]*tensor.Tensor{
			"slice":   x.Slice(tensor.Ints(1, 0), tensor.All.By(-1)),
			"mask":    x.MaskedSelect(x.AsType(tensor.Bool)),
			"gather":  x.Gather(1, tensor.Of([]int64{0, 2}, 2, 1)),
			"scatter": x.Scatter(1, tensor.Of([]int64{0, 2}, 2, 1), tensor.OnesOf(dt, 2, 1)),
			"add":     x.ScatterAdd(1, tensor.Of([]int64{0, 2}, 2, 1), tensor.OnesOf(dt, 2, 1)),
			"pad":     x.Pad(tensor.PadConstant(1), [2]int{1, 1}),
			"reflect": x.Pad(tensor.PadReflect, [2]int{1, 1}),
			"roll":    x.Roll([]int{1}, 1), "tile": x.Tile(2, 2), "repeat": x.Repeat(2), "flip": x.Flip(), "tril": x.Tril(0),
			"diag": x.Diag(1), "embed": x.DiagEmbed(0, -2, -1), "unfold": x.Unfold(1, 2, 1),
		} {
			want := map[string]string{
				"slice": "1 0 1 1 0 1", "mask": "1 1 1 1", "gather": "1 1", "scatter": "1 0 1 1 0 1", "add": "2 0 1 1 0 2",
				"pad": "1 1 0 1 1 1 1 0 1 1", "reflect": "0 1 0 1 0 0 1 0 1 0", "roll": "1 1 0 1 1 0",
				"tile": "1 0 1 1 0 1 1 0 1 1 0 1 1 0 1 1 0 1 1 0 1 1 0 1", "repeat": "1 1 0 0 1 1 1 1 0 0 1 1", "flip": "1 0 1 1 0 1",
				"tril": "1 0 0 1 0 0", "diag": "0 1", "embed": "1 0 0 0 0 0 0 0 1 1 0 0 0 0 0 0 0 1", "unfold": "1 0 0 1 1 0 0 1",
			}[what]
			if dt == tensor.Bool {
				want = strings.ReplaceAll(want, "2", "1")
			}
			got := strings.Trim(strings.Join(strings.Fields(fmtInts(y)), " "), "[]")
			if y.DType() != dt || got != want {
				t.Errorf("%s of %v: got %v %s, want %s", what, dt, y.DType(), got, want)
			}
		}
	}
	h := tensor.Of([]float32{1, 2, 3}).AsType(tensor.Float16).RequireGrad()
	y := h.Slice(tensor.Ints(2, 0, 2))
	y.Mul(y).Sum().Backward()
	show(t, h.Grad().AsType(tensor.Float32), "[ 2.  0. 12.]")
	z := h.Clone()
	z.AddAt(h.Slice(tensor.Until(2)), tensor.Ints(1, 1))
	z.Sum().Backward()
	show(t, z.Detach().AsType(tensor.Float32), "[1. 5. 3.]")
	show(t, h.Grad().AsType(tensor.Float32), "[2. 2. 1.]")
}

func fmtInts(x *tensor.Tensor) string { return x.AsType(tensor.Int64).Flatten().String() }

// An index may be changed, and x may be indexed with itself, without a wrong number.
func TestIndexIsSafe(t *testing.T) {
	x, idx := tensor.Ones(3).RequireGrad(), tensor.Of([]int64{0, 0})
	y := x.MulScalar(1)
	y.SetSlice(tensor.Scalar(5), tensor.At(idx))
	idx.Fill(2)
	y.Sum().Backward()
	show(t, x.Grad(), "[0. 1. 1.]")

	idx.Fill(1)
	z := x.Slice(tensor.At(idx))
	idx.Fill(2)
	if err := tensor.Try(func() { z.Sum().Backward() }); err == nil || !strings.Contains(err.Error(), "overwritten") {
		t.Errorf("an index that changed gave %v", err)
	}
	p := tensor.Of([]int64{2, 0, 1})
	p.SetSlice(p.MulScalar(10), tensor.At(p))
	show(t, p, "[ 0 10 20]")
	p = tensor.Of([]int64{1, 2, 0})
	p.SetSlice(tensor.Of([]int64{2, 0, 1}), tensor.At(p))
	show(t, p, "[1 2 0]")

	v := tensor.Arange(4) // Diagonal is a view, a copy by index is not
	m := v.Reshape(2, 2)
	m.Diagonal(0, 0, 1).Fill(9)
	c := m.Slice(tensor.Ints(0))
	c.Fill(-1)
	show(t, v, "[9. 1. 2. 9.]")
	if n := tensor.Of([]float32{1, float32(math.NaN()), 1}); n.Slice(tensor.Mask(n.Ne(n))).Size() != 1 {
		t.Error("a mask of NaN takes one element")
	}
}

// Functions that are made of others have derivatives of second order too.
func TestIndexingGradients(t *testing.T) {
	one := func(name string, f func(x *tensor.Tensor) *tensor.Tensor, shape ...int) tensor.Case {
		return tensor.Case{Name: name, F: func(in []*tensor.Tensor) *tensor.Tensor { return f(in[0]) }, In: [][]int{shape}}
	}
	two := func(name string, f func(x, y *tensor.Tensor) *tensor.Tensor, a, b []int) tensor.Case {
		return tensor.Case{Name: name, F: func(in []*tensor.Tensor) *tensor.Tensor { return f(in[0], in[1]) }, In: [][]int{a, b}}
	}
	type T = tensor.Tensor
	idx := tensor.Of([]int64{0, 2, -1, 0}, 2, 2)
	w, s := [2]int{2, 2}, nnop.Conv{Stride: [2]int{2, 1}, Pad: [2]int{1, 0}, Dilation: [2]int{1, 2}}
	op := tensor.Table()[0].Op
	optest.Run(t, []tensor.Entry{{Op: op, AnyShape: true, Cases: []tensor.Case{
		one("pair", func(x *T) *T { return x.Slice(tensor.Ints(0, 1, 1), tensor.All, tensor.Ints(2, 0, 0)) }, 2, 2, 3),
		one("apart", func(x *T) *T { return x.Slice(tensor.All, tensor.At(idx), tensor.NewAxis) }, 2, 3),
		one("mask", func(x *T) *T { return x.Slice(tensor.Mask(x.Detach().GtScalar(1))) }, 3, 4),
		one("sort", func(x *T) *T { v, _ := x.Sort(1, tensor.Descending); return v }, 2, 5),
		one("topK", func(x *T) *T { v, _ := x.TopK(2, 0, true); return v }, 5, 2),
		one("gather", func(x *T) *T { return x.Gather(1, idx) }, 3, 3),
		two("scatter", func(x, y *T) *T { return x.Scatter(1, idx, y) }, []int{3, 3}, []int{2, 2}),
		two("scatterMean", func(x, y *T) *T { return x.ScatterMean(1, idx, y) }, []int{3, 3}, []int{2, 2}),
		two("indexAdd", func(x, y *T) *T { return x.IndexAdd(1, tensor.Of([]int64{1, 1}), y) }, []int{2, 3}, []int{2, 2}),
		two("masked", func(x, y *T) *T { return x.MaskedScatter(x.Detach().GtScalar(1), y) }, []int{2, 3}, []int{6}),
		two("addAt", func(x, y *T) *T {
			z := x.Mul(x)
			z.AddAt(y, tensor.Mask(tensor.Of([]bool{true, false, true})), tensor.R(0, 2))
			return z
		}, []int{3, 3}, []int{2, 1}),
		one("pad", func(x *T) *T { return x.Pad(tensor.PadReflect, [2]int{1, 2}, [2]int{4, 0}) }, 3, 3),
		one("padConstant", func(x *T) *T { return x.Pad(tensor.PadConstant(2), [2]int{1, -1}, [2]int{0, 2}) }, 3, 3),
		one("im2col", func(x *T) *T { return nnop.Im2Col(x, w, s) }, 1, 2, 4, 4),
		one("col2im", func(x *T) *T { return nnop.Col2Im(x, 4, 4, w, s) }, 1, 4, 6),
		one("embed", func(x *T) *T { return x.DiagEmbed(1, 0, -1) }, 2, 2),
		one("tril", func(x *T) *T { return x.Tril(-1) }, 3, 3),
		one("trace", func(x *T) *T { return x.Trace() }, 2, 3, 3),
		one("roll", func(x *T) *T { return x.Roll([]int{1, -2}, 0, 1) }, 2, 3),
		one("tile", func(x *T) *T { return x.Tile(2, 1, 2) }, 2, 2),
		one("repeat", func(x *T) *T { return x.RepeatEach(tensor.Of([]int64{2, 0, 1}), 1) }, 2, 3),
		one("mask of sequences", func(x *T) *T { return x.SequenceMask(tensor.Of([]int64{1, 3}), 0, 1) }, 2, 3),
		{Name: "interp", In: [][]int{{3}, {3}, {3}}, F: func(in []*T) *T { return tensor.Interp(in[0], in[1].CumSum(0), in[2]) }},
		two("trapezoid", func(y, x *T) *T { return tensor.Trapezoid(y, x, 0) }, []int{4, 2}, []int{4}),
	}}})
}
