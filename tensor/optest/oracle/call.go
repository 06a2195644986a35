package oracle

import (
	"math"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
)

// A Call is a case of PyTorch's own samples (tools/oracle/opinfo.py): the arguments as PyTorch received
// them, read by position or, if they are not there, by name. The operand itself is argument 0.
type Call struct {
	Case
	In []*tensor.Tensor
}

// CallFunc computes the results of a call.
type CallFunc func(c Call) []*tensor.Tensor

// RunCalls holds funcs against the calls of a file, as RunAll does.
func RunCalls(t *testing.T, path string, funcs map[string]CallFunc) {
	several := map[string]Funcs{}
	for name, f := range funcs {
		several[name] = func(c Case, in []*tensor.Tensor) []*tensor.Tensor { return f(Call{c, in}) }
	}
	RunAll(t, path, several)
}

// Arg is an argument as JSON has it, nil if it is absent or None.
func (c Call) Arg(at int, name string) any {
	if at >= 0 && at < len(c.Args) {
		return c.Args[at]
	}
	return c.KW[name]
}

// X is the operand of a call.
func (c Call) X() *tensor.Tensor { return c.tensor(c.Arg(0, "input")) }

func (c Call) tensor(v any) *tensor.Tensor {
	if m, ok := v.(map[string]any); ok && m["t"] != nil {
		return c.In[int(m["t"].(float64))]
	}
	return nil
}

// T is an argument that may be a tensor, nil if it is not one.
func (c Call) T(at int, name string) *tensor.Tensor { return c.tensor(c.Arg(at, name)) }

// Ts is an argument that is a list of tensors.
func (c Call) Ts(at int, name string) (xs []*tensor.Tensor) {
	list, _ := c.Arg(at, name).([]any)
	for _, v := range list {
		xs = append(xs, c.tensor(v))
	}
	return xs
}

// Float is an argument that is a number, or def.
func (c Call) Float(at int, name string, def float64) float64 {
	switch v := c.Arg(at, name).(type) {
	case float64:
		return v
	case bool:
		if v {
			return 1
		}
		return 0
	case string:
		switch v {
		case "inf":
			return math.Inf(1)
		case "-inf":
			return math.Inf(-1)
		case "nan":
			return math.NaN()
		}
	}
	return def
}

// Int is an argument that is an integer, or def.
func (c Call) Int(at int, name string, def int) int { return int(c.Float(at, name, float64(def))) }

// Bool is an argument that is a bool, or def.
func (c Call) Bool(at int, name string, def bool) bool {
	if v, ok := c.Arg(at, name).(bool); ok {
		return v
	}
	return def
}

// Str is an argument that is a string, or "".
func (c Call) Str(at int, name string) string {
	v, _ := c.Arg(at, name).(string)
	return v
}

// Ints is an argument that is an integer or a list of them, nil if it is absent.
func (c Call) Ints(at int, name string) (is []int) {
	switch v := c.Arg(at, name).(type) {
	case float64:
		return []int{int(v)}
	case []any:
		is = []int{}
		for _, w := range v {
			f, ok := w.(float64)
			if !ok {
				return nil
			}
			is = append(is, int(f))
		}
	}
	return is
}

// Pair is an argument of one or two integers, def if it is absent.
func (c Call) Pair(at int, name string, def int) [2]int {
	switch v := c.Ints(at, name); len(v) {
	case 1:
		return [2]int{v[0], v[0]}
	case 2:
		return [2]int{v[0], v[1]}
	}
	return [2]int{def, def}
}
