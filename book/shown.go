package book

import (
	"fmt"
	"strings"

	"github.com/fathom-ml/fathom/tensor"
)

// tupleWidth is how long a tuple may be before each element gets a line of its own.
const tupleWidth = 79

// Shown is the text that the book's notebooks show for values, in Python's notation: a value with a
// method Repr() string in that form (array([0., 1.])), booleans as True and False, a shape as (2, 3),
// every other value with %v. Several values are a tuple, tensors in a slice a list; both on one line if
// they fit.
func Shown(values ...any) string {
	if len(values) == 1 {
		return shown(values[0])
	}
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = shown(v)
	}
	return enclosed("(", parts, ")")
}

func enclosed(open string, parts []string, end string) string {
	line := open + strings.Join(parts, ", ") + end
	if len(line) <= tupleWidth && !strings.Contains(line, "\n") {
		return line
	}
	for i, s := range parts {
		parts[i] = strings.ReplaceAll(s, "\n", "\n ")
	}
	return open + strings.Join(parts, ",\n ") + end
}

func shown(v any) string {
	switch v := v.(type) {
	case interface{ Repr() string }:
		return v.Repr()
	case bool:
		if v {
			return "True"
		}
		return "False"
	case []*tensor.Tensor:
		parts := make([]string, len(v))
		for i, x := range v {
			parts[i] = x.Repr()
		}
		return enclosed("[", parts, "]")
	case []int:
		if len(v) == 1 {
			return fmt.Sprintf("(%d,)", v[0])
		}
		return "(" + strings.Trim(strings.ReplaceAll(fmt.Sprint(v), " ", ", "), "[]") + ")"
	}
	return fmt.Sprint(v)
}
