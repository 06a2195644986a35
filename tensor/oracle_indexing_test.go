package tensor_test

import (
	"testing"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
	"github.com/fathom-ml/fathom/tensor/optest/oracle"
)

// entries are the ranges of a case, which may name operands.
func entries(c oracleCase, in operands) (rs []tensor.Range) {
	for _, r := range c.Ranges {
		switch r[0] {
		case "n":
			rs = append(rs, tensor.NewAxis)
		case "e":
			rs = append(rs, tensor.Ellipsis)
		case "t":
			rs = append(rs, tensor.At(in[int(r[1].(float64))]))
		default:
			rs = append(rs, oracleCase{Ranges: [][]any{r}}.Slices()...)
		}
	}
	return rs
}

func list(f func(c oracleCase, in operands) *tensor.Tensor) oracle.Funcs {
	return func(c oracleCase, in operands) operands { return operands{f(c, in)} }
}

func pairs(c oracleCase) (out [][2]int) {
	for i := 0; i < len(c.Ints); i += 2 {
		out = append(out, [2]int{c.Ints[i], c.Ints[i+1]})
	}
	return out
}

func steps(c oracleCase) nnop.Conv {
	return nnop.Conv{Stride: c.Stride, Pad: c.Pad, Dilation: c.Dilation}
}

func order(c oracleCase) tensor.Order { return tensor.Order(c.Keep) }

// scattered is for f(x, axis, idx, src).
func scattered(f func(x *tensor.Tensor, axis int, idx, src *tensor.Tensor) *tensor.Tensor) oracle.Funcs {
	return list(func(c oracleCase, in operands) *tensor.Tensor { return f(in[0], c.Axes[0], in[1], in[2]) })
}

func joined(f func(xs ...*tensor.Tensor) *tensor.Tensor) oracle.Funcs {
	return list(func(c oracleCase, in operands) *tensor.Tensor { return f(in...) })
}

func three(a, b, c *tensor.Tensor) operands { return operands{a, b, c} }
func both(a, b *tensor.Tensor) operands     { return operands{a, b} }

var indexingFuncs = map[string]oracle.Funcs{
	"index": list(func(c oracleCase, in operands) *tensor.Tensor { return in[0].Slice(entries(c, in)...) }),
	"set_index": list(func(c oracleCase, in operands) *tensor.Tensor {
		y := in[0].Clone()
		y.SetSlice(in[1], entries(c, in)...)
		return y
	}),
	"add_index": list(func(c oracleCase, in operands) *tensor.Tensor {
		y := in[0].Clone()
		y.AddAt(in[1], entries(c, in)...)
		return y
	}),
	"nonzero": list(func(c oracleCase, in operands) *tensor.Tensor { return in[0].NonZero() }),

	"flip":        list(func(c oracleCase, in operands) *tensor.Tensor { return in[0].Flip(c.Axes...) }),
	"rot90":       list(func(c oracleCase, in operands) *tensor.Tensor { return in[0].Rot90(c.Ints[0], c.Ints[1], c.Ints[2]) }),
	"moveaxis":    list(func(c oracleCase, in operands) *tensor.Tensor { return in[0].MoveAxis(c.Axes[0], c.Axes[1]) }),
	"roll":        list(func(c oracleCase, in operands) *tensor.Tensor { return in[0].Roll(c.Ints, c.Axes...) }),
	"tile":        list(func(c oracleCase, in operands) *tensor.Tensor { return in[0].Tile(c.Axes...) }),
	"repeat":      list(func(c oracleCase, in operands) *tensor.Tensor { return in[0].Repeat(c.Ints[0], c.Axes...) }),
	"repeat_each": list(func(c oracleCase, in operands) *tensor.Tensor { return in[0].RepeatEach(in[1], c.Axes...) }),
	"chunk":       func(c oracleCase, in operands) operands { return in[0].Chunk(c.Axes[0], c.Ints[0]) },
	"array_split": func(c oracleCase, in operands) operands { return in[0].ArraySplit(c.Axes[0], c.Ints[0]) },
	"split":       func(c oracleCase, in operands) operands { return in[0].Split(c.Axes[0], c.Ints...) },
	"unbind":      func(c oracleCase, in operands) operands { return in[0].Unbind(c.Axes[0]) },
	"hstack":      joined(tensor.HStack), "vstack": joined(tensor.VStack), "dstack": joined(tensor.DStack),
	"column_stack": joined(tensor.ColumnStack),
	"broadcast":    func(c oracleCase, in operands) operands { return tensor.BroadcastTensors(in...) },
	"meshgrid":     func(c oracleCase, in operands) operands { return tensor.Meshgrid(c.Name, in...) },
	"atleast": list(func(c oracleCase, in operands) *tensor.Tensor {
		return []func(*tensor.Tensor) *tensor.Tensor{(*tensor.Tensor).AtLeast1D, (*tensor.Tensor).AtLeast2D, (*tensor.Tensor).AtLeast3D}[c.Ints[0]-1](in[0])
	}),

	"index_select": list(func(c oracleCase, in operands) *tensor.Tensor { return in[0].IndexSelect(c.Axes[0], in[1]) }),
	"index_add":    scattered((*tensor.Tensor).IndexAdd),
	"index_copy":   scattered((*tensor.Tensor).IndexCopy),
	"index_fill": list(func(c oracleCase, in operands) *tensor.Tensor {
		return in[0].IndexFill(c.Axes[0], in[1], c.Floats[0])
	}),
	"gather":       list(func(c oracleCase, in operands) *tensor.Tensor { return in[0].Gather(c.Axes[0], in[1]) }),
	"scatter":      scattered((*tensor.Tensor).Scatter),
	"scatter_add":  scattered((*tensor.Tensor).ScatterAdd),
	"scatter_mul":  scattered((*tensor.Tensor).ScatterMul),
	"scatter_max":  scattered((*tensor.Tensor).ScatterMax),
	"scatter_min":  scattered((*tensor.Tensor).ScatterMin),
	"scatter_mean": scattered((*tensor.Tensor).ScatterMean),

	"masked_select":  list(func(c oracleCase, in operands) *tensor.Tensor { return in[0].MaskedSelect(in[1]) }),
	"masked_fill":    list(func(c oracleCase, in operands) *tensor.Tensor { return in[0].MaskedFill(in[1], c.Floats[0]) }),
	"masked_scatter": list(func(c oracleCase, in operands) *tensor.Tensor { return in[0].MaskedScatter(in[1], in[2]) }),

	"sort":         func(c oracleCase, in operands) operands { return both(in[0].Sort(c.Axes[0], order(c))) },
	"argsort":      list(func(c oracleCase, in operands) *tensor.Tensor { return in[0].ArgSort(c.Axes[0], order(c)) }),
	"topk":         func(c oracleCase, in operands) operands { return both(in[0].TopK(c.Ints[0], c.Axes[0], c.Keep)) },
	"kthvalue":     func(c oracleCase, in operands) operands { return both(in[0].KthValue(c.Ints[0], c.Axes[0])) },
	"searchsorted": list(func(c oracleCase, in operands) *tensor.Tensor { return tensor.SearchSorted(in[0], in[1], c.Keep) }),
	"bucketize":    list(func(c oracleCase, in operands) *tensor.Tensor { return in[0].Bucketize(in[1], c.Keep) }),

	"unique":             func(c oracleCase, in operands) operands { return three(in[0].Unique()) },
	"unique_axis":        func(c oracleCase, in operands) operands { return three(in[0].UniqueAxis(c.Axes[0])) },
	"unique_consecutive": func(c oracleCase, in operands) operands { return three(in[0].UniqueConsecutive()) },
	"bincount":           list(func(c oracleCase, in operands) *tensor.Tensor { return in[0].BinCount(nil, c.Ints[0]) }),
	"bincount_weights":   list(func(c oracleCase, in operands) *tensor.Tensor { return in[1].BinCount(in[0], c.Ints[0]) }),
	"histogram": func(c oracleCase, in operands) operands {
		return both(in[0].Histogram(c.Ints[0], c.Floats[0], c.Floats[1]))
	},
	"interp": list(func(c oracleCase, in operands) *tensor.Tensor { return tensor.Interp(in[0], in[1], in[2]) }),

	"diagonal": list(func(c oracleCase, in operands) *tensor.Tensor { return in[0].Diagonal(c.Ints[0], c.Ints[1], c.Ints[2]) }),
	"diag_embed": list(func(c oracleCase, in operands) *tensor.Tensor {
		return in[0].DiagEmbed(c.Ints[0], c.Ints[1], c.Ints[2])
	}),
	"diag":  list(func(c oracleCase, in operands) *tensor.Tensor { return in[0].Diag(c.Ints[0]) }),
	"trace": list(func(c oracleCase, in operands) *tensor.Tensor { return in[0].Trace() }),
	"tril":  list(func(c oracleCase, in operands) *tensor.Tensor { return in[0].Tril(c.Ints[0]) }),
	"triu":  list(func(c oracleCase, in operands) *tensor.Tensor { return in[0].Triu(c.Ints[0]) }),
	"tri":   list(func(c oracleCase, in operands) *tensor.Tensor { return tensor.Tri(c.Ints[0], c.Ints[1], c.Ints[2]) }),
	"eye": list(func(c oracleCase, in operands) *tensor.Tensor {
		return tensor.EyeOf(tensor.Float32, c.Ints[0], c.Ints[1], c.Ints[2])
	}),
	"tril_indices": func(c oracleCase, in operands) operands {
		return both(tensor.TrilIndices(c.Ints[0], c.Ints[1], c.Ints[2]))
	},
	"triu_indices": func(c oracleCase, in operands) operands {
		return both(tensor.TriuIndices(c.Ints[0], c.Ints[1], c.Ints[2]))
	},

	"pad": list(func(c oracleCase, in operands) *tensor.Tensor {
		mode := map[string]tensor.PadMode{"reflect": tensor.PadReflect, "symmetric": tensor.PadSymmetric,
			"edge": tensor.PadReplicate, "wrap": tensor.PadCircular}[c.Name]
		if c.Name == "constant" {
			mode = tensor.PadConstant(c.Floats[0])
		}
		return in[0].Pad(mode, pairs(c)...)
	}),
	"unfold": list(func(c oracleCase, in operands) *tensor.Tensor { return in[0].Unfold(c.Axes[0], c.Ints[0], c.Ints[1]) }),
	"im2col": list(func(c oracleCase, in operands) *tensor.Tensor { return nnop.Im2Col(in[0], c.Window, steps(c)) }),
	"col2im": list(func(c oracleCase, in operands) *tensor.Tensor {
		return nnop.Col2Im(in[0], c.Ints[0], c.Ints[1], c.Window, steps(c))
	}),

	"one_hot": list(func(c oracleCase, in operands) *tensor.Tensor { return in[0].OneHot(c.Ints[0]) }),
	"sequence_mask": list(func(c oracleCase, in operands) *tensor.Tensor {
		return in[0].SequenceMask(in[1], c.Floats[0], c.Axes[0])
	}),
	"diff": list(func(c oracleCase, in operands) *tensor.Tensor { return in[0].Diff(c.Axes[0]) }),
	"trapezoid": list(func(c oracleCase, in operands) *tensor.Tensor {
		return tensor.Trapezoid(in[0], append(in, nil)[1], c.Axes[0])
	}),
	"arange": list(func(c oracleCase, in operands) *tensor.Tensor {
		return tensor.ArangeOf(dtypeNamed(c.Name), c.Floats...)
	}),
	"linspace":  list(func(c oracleCase, in operands) *tensor.Tensor { return spaced(c, tensor.LinspaceOf) }),
	"logspace":  list(func(c oracleCase, in operands) *tensor.Tensor { return spaced(c, tensor.LogSpaceOf) }),
	"geomspace": list(func(c oracleCase, in operands) *tensor.Tensor { return spaced(c, tensor.GeomSpaceOf) }),
}

func dtypeNamed(name string) tensor.DType {
	for dt := tensor.Float32; dt <= tensor.Complex128; dt++ {
		if dt.String() == name {
			return dt
		}
	}
	return tensor.Float32
}

func spaced(c oracleCase, f func(dt tensor.DType, a, b float64, n int) *tensor.Tensor) *tensor.Tensor {
	return f(dtypeNamed(c.Name), c.Floats[0], c.Floats[1], int(c.Floats[2]))
}

// TestIndexingOracle holds shape and indexing against NumPy and PyTorch.
func TestIndexingOracle(t *testing.T) {
	oracle.RunAll(t, "testdata/indexing.json.gz", indexingFuncs)
}
