package nn

import (
	"regexp"
	"strings"

	"github.com/fathom-ml/fathom/tensor"
)

// Rule is an initialiser for the parameters whose path fits a pattern; see [Mixed].
type Rule struct {
	fits func(path string) bool
	init Initialiser
}

// For is a rule for the parameters whose path fits a pattern in which * stands for any letters and ? for one: "*.Bias",
// "Encoder.*", "Layers.?.Weight".
func For(pattern string, init Initialiser) Rule {
	expr := regexp.QuoteMeta(pattern)
	expr = strings.ReplaceAll(strings.ReplaceAll(expr, `\*`, ".*"), `\?`, ".")
	return ForRegexp("^(?:"+expr+")$", init)
}

// ForRegexp is a rule for the parameters in whose path a regular expression of package regexp is found. It panics if the
// expression is none.
func ForRegexp(expr string, init Initialiser) Rule {
	re, err := regexp.Compile(expr)
	if err != nil || init == nil {
		msg := "no initialiser"
		if err != nil {
			msg = err.Error()
		}
		panic(&tensor.Error{Op: "nn.ForRegexp", Msg: msg})
	}
	return Rule{re.MatchString, init}
}

// mixed is a type of its own because its rules go before a parameter's own initialiser.
type mixed struct {
	rest  Initialiser
	rules []Rule
}

// Mixed initialises parameters by their path: the first rule that fits counts, even for a parameter with an
// initialiser of its own; for the others rest is what [Init] is otherwise given:
// nn.Init(net, nn.Mixed(nn.Xavier(), nn.For("*.Bias", nn.Constant(0.1)))).
func Mixed(rest Initialiser, rules ...Rule) Initialiser {
	if rest == nil {
		panic(&tensor.Error{Op: "nn.Mixed", Msg: "no initialiser for the other parameters"})
	}
	return &mixed{rest, rules}
}

// Init writes values into w.
func (m *mixed) Init(path string, w *tensor.Tensor) {
	if in := m.rule(path); in != nil {
		in.Init(path, w)
		return
	}
	m.rest.Init(path, w)
}

// rule is the initialiser of the first rule that fits, nil if there is none.
func (m *mixed) rule(path string) Initialiser {
	for _, r := range m.rules {
		if r.fits(path) {
			return r.init
		}
	}
	return nil
}
