package tensor_test

import (
	"maps"
	"slices"

	"github.com/fathom-ml/fathom/linalg"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/optest/oracle"
)

func init() { maps.Copy(calls, shapeCalls) }

var shapeCalls = map[string]oracle.CallFunc{
	"argsort": func(c call) tens { return is(c.X().ArgSort(c.Int(1, "dim", -1), callOrder(c))) },
	"sort":    func(c call) tens { v, i := c.X().Sort(c.Int(1, "dim", -1), callOrder(c)); return is(v, i) },
	"msort":   func(c call) tens { v, _ := c.X().Sort(0, tensor.Ascending); return is(v) },
	"topk": func(c call) tens {
		v, i := c.X().TopK(c.Int(1, "k", 0), c.Int(2, "dim", -1), c.Bool(3, "largest", true))
		return is(v, i)
	},
	"kthvalue":          callKth,
	"atleast_1d":        callEach((*tensor.Tensor).AtLeast1D),
	"atleast_2d":        callEach((*tensor.Tensor).AtLeast2D),
	"atleast_3d":        callEach((*tensor.Tensor).AtLeast3D),
	"bincount":          func(c call) tens { return is(c.X().BinCount(c.T(1, "weights"), c.Int(2, "minlength", 0))) },
	"broadcast_tensors": func(c call) tens { return tensor.BroadcastTensors(c.In...) },
	"bucketize":         func(c call) tens { return is(c.X().Bucketize(c.T(1, "boundaries"), c.Bool(-1, "right", false))) },
	"searchsorted": func(c call) tens {
		return is(tensor.SearchSorted(c.X(), c.T(1, ""), c.Bool(-1, "right", false) || c.Str(-1, "side") == "right"))
	},
	"chunk":            func(c call) tens { return c.X().Chunk(c.Int(2, "dim", 0), c.Int(1, "chunks", 0)) },
	"tensor_split":     func(c call) tens { return c.X().ArraySplit(c.Int(2, "dim", 0), c.Int(1, "", 0)) },
	"split":            callSplit,
	"split.list_args":  func(c call) tens { return c.X().Split(c.Int(2, "dim", 0), c.Ints(1, "")...) },
	"split_with_sizes": func(c call) tens { return c.X().Split(c.Int(2, "dim", 0), c.Ints(1, "")...) },
	"unbind":           func(c call) tens { return c.X().Unbind(c.Int(1, "dim", 0)) },
	"column_stack":     func(c call) tens { return is(tensor.ColumnStack(c.In...)) },
	"hstack":           func(c call) tens { return is(tensor.HStack(c.In...)) },
	"vstack":           func(c call) tens { return is(tensor.VStack(c.In...)) },
	"dstack":           func(c call) tens { return is(tensor.DStack(c.In...)) },
	"diag":             func(c call) tens { return is(c.X().Diag(c.Int(1, "diagonal", 0))) },
	"diagflat":         func(c call) tens { return is(c.X().Flatten().Diag(c.Int(1, "offset", 0))) },
	"diag_embed": func(c call) tens {
		return is(c.X().DiagEmbed(c.Int(1, "offset", 0), c.Int(2, "dim1", -2), c.Int(3, "dim2", -1)))
	},
	"diagonal": func(c call) tens {
		return is(c.X().Diagonal(c.Int(1, "offset", 0), c.Int(2, "dim1", 0), c.Int(3, "dim2", 1)))
	},
	"diff":              func(c call) tens { return is(c.X().Diff(c.Int(2, "dim", -1))) },
	"trapezoid":         func(c call) tens { return is(tensor.Trapezoid(c.X(), c.T(1, "x"), c.Int(2, "dim", -1))) },
	"trace":             call1((*tensor.Tensor).Trace),
	"tril":              func(c call) tens { return is(c.X().Tril(c.Int(1, "diagonal", 0))) },
	"triu":              func(c call) tens { return is(c.X().Triu(c.Int(1, "diagonal", 0))) },
	"flip":              func(c call) tens { return is(c.X().Flip(c.Ints(1, "dims")...)) },
	"fliplr":            call1(func(x *tensor.Tensor) *tensor.Tensor { return x.Flip(1) }),
	"flipud":            call1(func(x *tensor.Tensor) *tensor.Tensor { return x.Flip(0) }),
	"rot90":             callRot90,
	"roll":              func(c call) tens { return is(c.X().Roll(c.Ints(1, "shifts"), c.Ints(2, "dims")...)) },
	"repeat":            func(c call) tens { return is(c.X().Tile(c.Ints(1, "")...)) },
	"tile":              func(c call) tens { return is(c.X().Tile(c.Ints(1, "")...)) },
	"repeat_interleave": callRepeat,
	"full_like":         func(c call) tens { return is(tensor.FullLike(c.X(), c.Float(1, "", 0))) },
	"gather":            func(c call) tens { return is(c.X().Gather(c.Int(1, "dim", 0), c.T(2, "index"))) },
	"take":              func(c call) tens { return is(c.X().Flatten().Take(c.T(1, "index"))) },
	"index_select":      func(c call) tens { return is(c.X().IndexSelect(c.Int(1, "", 0), c.T(2, ""))) },
	"index_add": func(c call) tens {
		return is(c.X().IndexAdd(c.Int(1, "", 0), c.T(2, ""), c.T(3, "").MulScalar(c.Float(-1, "alpha", 1))))
	},
	"index_copy":          func(c call) tens { return is(c.X().IndexCopy(c.Int(1, "", 0), c.T(2, ""), c.T(3, ""))) },
	"index_fill":          func(c call) tens { return is(c.X().IndexFill(c.Int(1, "", 0), c.T(2, ""), c.Float(3, "", 0))) },
	"index_put":           callIndexPut,
	"__getitem__":         func(c call) tens { return is(c.X().Slice(ranges(c, c.Arg(1, ""))...)) },
	"scatter":             callScatter((*tensor.Tensor).Scatter),
	"scatter_add":         callScatter((*tensor.Tensor).ScatterAdd),
	"scatter_reduce.sum":  callScatter((*tensor.Tensor).ScatterAdd),
	"scatter_reduce.prod": callScatter((*tensor.Tensor).ScatterMul),
	"scatter_reduce.amax": callScatter((*tensor.Tensor).ScatterMax),
	"scatter_reduce.amin": callScatter((*tensor.Tensor).ScatterMin),
	"scatter_reduce.mean": callScatter((*tensor.Tensor).ScatterMean),
	"masked_fill":         func(c call) tens { return is(c.X().MaskedFill(c.T(1, ""), c.Float(2, "", 0))) },
	"masked_scatter":      func(c call) tens { return is(c.X().MaskedScatter(c.T(1, ""), c.T(2, ""))) },
	"masked_select":       func(c call) tens { return is(c.X().MaskedSelect(c.T(1, ""))) },
	"nonzero":             call1((*tensor.Tensor).NonZero),
	"argwhere":            call1((*tensor.Tensor).NonZero),
	"unfold":              func(c call) tens { return is(c.X().Unfold(c.Int(1, "", 0), c.Int(2, "", 0), c.Int(3, "", 0))) },
	"unique_consecutive":  func(c call) tens { return unique(c, (*tensor.Tensor).UniqueConsecutive) },
	"unique":              func(c call) tens { return unique(c, (*tensor.Tensor).Unique) },

	"isin": func(c call) tens { return is(c.X().IsIn(c.T(1, ""))) },
	"isclose": func(c call) tens {
		return is(tensor.IsClose(c.X(), c.T(1, ""), c.Float(-1, "rtol", 1e-5), c.Float(-1, "atol", 1e-8)))
	},
	"unflatten":      func(c call) tens { return is(c.X().Unflatten(c.Int(1, "dim", 0), c.Ints(2, "sizes")...)) },
	"cartesian_prod": func(c call) tens { return is(tensor.CartesianProd(c.In...)) },
	"block_diag":     func(c call) tens { return is(linalg.BlockDiag(c.In...)) },
	"cdist":          func(c call) tens { return is(linalg.CDist(c.X(), c.T(1, ""), c.Float(2, "p", 2))) },

	"meshgrid.variadic_tensors": func(c call) tens { return tensor.Meshgrid(c.Str(-1, "indexing"), c.In...) },

	"nn.functional.one_hot":       func(c call) tens { return is(c.X().OneHot(c.Int(1, "num_classes", 0)).AsType(tensor.Int64)) },
	"nn.functional.pad.constant":  callPad,
	"nn.functional.pad.reflect":   callPad,
	"nn.functional.pad.replicate": callPad,
	"nn.functional.pad.circular":  callPad,

	"einsum":    func(c call) tens { return is(tensor.Einsum(c.Str(1, "equation"), c.Ts(0, "")...)) },
	"inner":     call2((*tensor.Tensor).Inner, nil),
	"outer":     call2((*tensor.Tensor).Outer, nil),
	"vdot":      call2((*tensor.Tensor).VDot, nil),
	"kron":      call2((*tensor.Tensor).Kron, nil),
	"tensordot": callTensorDot,
}

func callOrder(c call) tensor.Order { return tensor.Order(c.Bool(2, "descending", false)) }

// callEach maps all operands.
func callEach(f unary) oracle.CallFunc {
	return func(c call) (out tens) {
		for _, x := range c.In {
			out = append(out, f(x))
		}
		return out
	}
}

func callKth(c call) tens {
	axis := c.Int(2, "dim", -1)
	v, i := c.X().KthValue(c.Int(1, "k", 0), axis)
	if c.Bool(3, "keepdim", false) {
		v, i = v.Unsqueeze(axis), i.Unsqueeze(axis)
	}
	return is(v, i)
}

func callSplit(c call) tens {
	axis, size := c.Int(2, "dim", 0), c.Int(1, "", 0)
	var lengths []int
	for n := c.X().Dim(axis); n > 0; n -= size {
		lengths = append(lengths, min(n, size))
	}
	return c.X().Split(axis, lengths...)
}

func callRot90(c call) tens {
	plane := c.Ints(2, "dims")
	if plane == nil {
		plane = []int{0, 1}
	}
	return is(c.X().Rot90(c.Int(1, "k", 1), plane[0], plane[1]))
}

func callRepeat(c call) tens {
	if counts := c.T(1, "repeats"); counts != nil {
		return is(c.X().RepeatEach(counts, c.Ints(2, "dim")...))
	}
	return is(c.X().Repeat(c.Int(1, "repeats", 1), c.Ints(2, "dim")...))
}

func callIndexPut(c call) tens {
	y := c.X().Clone()
	if c.Bool(-1, "accumulate", false) {
		y.AddAt(c.T(2, ""), ranges(c, c.Arg(1, ""))...)
	} else {
		y.SetSlice(c.T(2, ""), ranges(c, c.Arg(1, ""))...)
	}
	return is(y)
}

// ranges is an index in Python's form: PyTorch takes a list for a tuple unless it holds integers only.
func ranges(c call, index any) []tensor.Range {
	list, ok := index.([]any)
	numbers := func(v any) bool { _, is := v.(float64); return is }
	if !ok || !slices.ContainsFunc(list, func(v any) bool { return !numbers(v) }) {
		list = []any{index}
	}
	rs := []tensor.Range{}
	for _, v := range list {
		switch v := v.(type) {
		case float64:
			rs = append(rs, tensor.I(int(v)))
		case []any:
			is := []int{}
			for _, w := range v {
				is = append(is, int(w.(float64)))
			}
			rs = append(rs, tensor.Ints(is...))
		case map[string]any:
			if s, ok := v["slice"].([]any); ok {
				rs = append(rs, oracle.Case{Ranges: [][]any{append([]any{"s"}, s...)}}.Slices()...)
			} else if x := c.In[int(v["t"].(float64))]; x.DType() == tensor.Bool {
				rs = append(rs, tensor.Mask(x))
			} else {
				rs = append(rs, tensor.At(x))
			}
		}
	}
	return rs
}

func callScatter(f func(x *tensor.Tensor, axis int, idx, src *tensor.Tensor) *tensor.Tensor) oracle.CallFunc {
	return func(c call) tens { return is(f(c.X(), c.Int(1, "dim", 0), c.T(2, "index"), c.T(3, "src"))) }
}

func unique(c call, f func(x *tensor.Tensor) (values, inverse, counts *tensor.Tensor)) tens {
	v, i, n := f(c.X())
	out := is(v)
	if c.Bool(-1, "return_inverse", false) {
		out = append(out, i)
	}
	if c.Bool(-1, "return_counts", false) {
		out = append(out, n)
	}
	return out
}

func callPad(c call) tens {
	var pads [][2]int
	for n := c.Ints(1, "pad"); len(n) > 0; n = n[2:] {
		pads = append([][2]int{{n[0], n[1]}}, pads...)
	}
	mode := tensor.PadConstant(c.Float(3, "value", 0))
	switch c.Str(2, "mode") {
	case "reflect":
		mode = tensor.PadReflect
	case "replicate":
		mode = tensor.PadReplicate
	case "circular":
		mode = tensor.PadCircular
	}
	return is(c.X().Pad(mode, pads...))
}

func callTensorDot(c call) tens {
	if list, ok := c.Arg(2, "dims").([]any); ok {
		axes := func(v any) (is []int) {
			for _, w := range v.([]any) {
				is = append(is, int(w.(float64)))
			}
			return is
		}
		return is(c.X().TensorDotAxes(c.T(1, ""), axes(list[0]), axes(list[1])))
	}
	return is(c.X().TensorDot(c.T(1, ""), c.Int(2, "dims", 0)))
}
