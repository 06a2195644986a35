package nn

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/fathom-ml/fathom/tensor"
)

// Naming says how a file of another framework calls what a model has at a path of fields. It is an option of [LoadFrom], [Export] and [SaveAs];
// of several, each gets what the one before gave.
type Naming func(path string) string

func (n Naming) foreign(f *foreign) { f.namings = append(f.namings, n) }

// TorchNames are PyTorch's names: fields in snake case, and of layers those that torch.nn gives.
//
//	Layer1.0.Conv1.Weight          layer1.0.conv1.weight
//	BN1.Gamma, BN1.Beta            bn1.weight, bn1.bias
//	BN1.RunningMean                bn1.running_mean
//	RNN.Layers.1.WeightIH          rnn.weight_ih_l1
//	RNN.Layers.1.Reverse.BiasHH    rnn.bias_hh_l1_reverse
var TorchNames Naming = func(path string) string {
	path = recurrentPath.ReplaceAllStringFunc(path, func(s string) string {
		m := recurrentPath.FindStringSubmatch(s)
		return m[1] + strings.ToLower(m[4]+"_"+m[5]) + "_l" + m[2] + strings.ToLower(strings.Replace(m[3], "Reverse.", "_reverse", 1))
	})
	return snake(path, map[string]string{"Gamma": "weight", "Beta": "bias"})
}

// GluonNames are the names of Gluon's save_parameters: fields in snake case, gamma and beta as they are.
//
//	Features.0.Gamma               features.0.gamma
//	RNN.Layers.1.WeightIH          rnn.l1_i2h_weight
//	RNN.Layers.1.Reverse.BiasHH    rnn.r1_h2h_bias
var GluonNames Naming = func(path string) string {
	path = recurrentPath.ReplaceAllStringFunc(path, func(s string) string {
		m := recurrentPath.FindStringSubmatch(s)
		side := map[bool]string{true: "l", false: "r"}[m[3] == ""]
		return m[1] + side + m[2] + strings.ToLower("_"+m[5][:1]+"2h_"+m[4])
	})
	return snake(path, nil)
}

// recurrentPath is a parameter of a [RecurrentLayer].
var recurrentPath = regexp.MustCompile(`(^|\.)Layers\.(\d+)\.(Reverse\.)?(Weight|Bias)(IH|HH)$`)

// snake writes the parts of a path in snake case, but those of a table.
func snake(path string, table map[string]string) string {
	parts := strings.Split(path, ".")
	for i, p := range parts {
		if to, ok := table[p]; ok {
			parts[i] = to
			continue
		}
		var b strings.Builder
		r := []rune(p)
		for k, c := range r {
			word := k > 0 && unicode.IsUpper(c) && (unicode.IsLower(r[k-1]) || unicode.IsUpper(r[k-1]) && k+1 < len(r) && unicode.IsLower(r[k+1]))
			if word {
				b.WriteByte('_')
			}
			b.WriteRune(unicode.ToLower(c))
		}
		parts[i] = b.String()
	}
	return strings.Join(parts, ".")
}

// Rename is a naming by rules, given as pairs: what the model calls it, what the file calls it. The first rule that fits the whole name
// counts; a name that none fits stays. {x} stands for any characters but a dot, {x...} for any characters, here and there the same:
//
//	nn.Rename("Stem.{p}", "conv1.{p}", "Layers.{i}.Norm.{p}", "block{i}.bn.{p}")
//
// It panics if a rule has no partner or names what its first half does not have.
func Rename(pairs ...string) Naming {
	if len(pairs)%2 != 0 {
		panic(&tensor.Error{Op: "nn.Rename", Msg: fmt.Sprintf("%d patterns are no pairs", len(pairs))})
	}
	var rules []rule
	for i := 0; i < len(pairs); i += 2 {
		rules = append(rules, newRule("nn.Rename", pairs[i], pairs[i+1]))
	}
	return func(name string) string {
		for _, r := range rules {
			if to, ok := r.apply(name); ok {
				return to
			}
		}
		return name
	}
}

// rule makes names of names.
type rule struct {
	from *regexp.Regexp
	to   string
}

func newRule(op, from, to string) rule {
	expr, last := "^", 0
	has := map[string]bool{}
	for _, m := range placeholder.FindAllStringSubmatchIndex(from, -1) {
		name, any := from[m[2]:m[3]], `[^.]+`
		if m[4] >= 0 {
			any = `.*`
		}
		expr += regexp.QuoteMeta(from[last:m[0]]) + "(?P<" + name + ">" + any + ")"
		last, has[name] = m[1], true
	}
	to = placeholder.ReplaceAllStringFunc(strings.ReplaceAll(to, "$", "$$"), func(s string) string {
		name := placeholder.FindStringSubmatch(s)[1]
		if !has[name] {
			panic(&tensor.Error{Op: op, Msg: fmt.Sprintf("%q has no {%s}", from, name)})
		}
		return "${" + name + "}"
	})
	return rule{regexp.MustCompile(expr + regexp.QuoteMeta(from[last:]) + "$"), to}
}

// apply makes a name of one that fits.
func (r rule) apply(name string) (string, bool) {
	if !r.from.MatchString(name) {
		return "", false
	}
	return r.from.ReplaceAllString(name, r.to), true
}

var placeholder = regexp.MustCompile(`\{([a-zA-Z]\w*)(\.\.\.)?\}`)
