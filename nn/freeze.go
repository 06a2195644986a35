package nn

import (
	"regexp"
	"strings"

	"github.com/fathom-ml/fathom/tensor"
)

// Glob accepts the paths that fit one of the patterns, in which * stands for any characters: "*.Bias", "Encoder.*", "Layers.?.Weight", where ? is one
// character. Use it with [Select], [Freeze] and initialisers.
func Glob(patterns ...string) func(path string) bool {
	var any []string
	for _, p := range patterns {
		p = regexp.QuoteMeta(p)
		any = append(any, strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(p))
	}
	return Match("^(?:" + strings.Join(any, "|") + ")$")
}

// Match accepts the paths in which a regular expression (package regexp) finds something. It panics if that is none.
func Match(expr string) func(path string) bool {
	re, err := regexp.Compile(expr)
	if err != nil {
		panic(&tensor.Error{Op: "nn.Match", Msg: err.Error(), Hint: "see package regexp for the form"})
	}
	return re.MatchString
}

// Freeze makes constants of those parameters of a model whose path which accepts, all if which is nil, and returns how many: no gradient is computed for
// them, and optimizers leave them alone (13.2). nn.Freeze(net, nn.Glob("Body.*")).
func Freeze(model any, which func(path string) bool) int {
	return forEach(model, which, (*Param).Freeze)
}

// Unfreeze undoes [Freeze].
func Unfreeze(model any, which func(path string) bool) int {
	return forEach(model, which, (*Param).Unfreeze)
}

// SetLRMult sets the multiplier of the learning rate of those parameters whose path which accepts, and returns how many.
func SetLRMult(model any, which func(path string) bool, m float64) int {
	return forEach(model, which, func(p *Param) { p.SetLRMult(m) })
}

// SetWDMult sets the multiplier of the weight decay of those parameters whose path which accepts, and returns how many:
// nn.SetWDMult(net, nn.Glob("*.Bias"), 0).
func SetWDMult(model any, which func(path string) bool, m float64) int {
	return forEach(model, which, func(p *Param) { p.SetWDMult(m) })
}

func forEach(model any, which func(path string) bool, f func(p *Param)) (n int) {
	for _, p := range Parameters(model) {
		if which == nil || which(p.Path) {
			f(p.Param)
			n++
		}
	}
	return n
}
