package plot

import (
	"testing"

	"golang.org/x/image/font/sfnt"
)

// Every character that a command names must be in the face it is drawn in.
func TestSymbolsHaveGlyphs(t *testing.T) {
	var buf sfnt.Buffer
	for name, s := range symbols {
		runs, _ := mathRuns("$\\"+name+"$", 10)
		for _, r := range runs {
			f := r.face.font(10)
			for _, c := range r.text {
				if i, err := f.Face.GlyphIndex(&buf, c); err != nil || i == 0 {
					t.Errorf("\\%s: no glyph for %q (%s)", name, c, s)
				}
			}
		}
	}
}

func TestMathText(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                 "plain",
		"$x_1$":                 "x₁",
		"$\\mathbf{H}_{t-1}$":   "Hₜ₋₁",
		"$\\sigma(x)^2$ of $w$": "σ(x)² of w",
		"$\\hat{y}$":            "y\u0302",
		"$W^{(1)}$":             "W⁽¹⁾",
		"$\\unknown$":           "unknown",
		"$x_{a":                 "xa",
		"$_^{}\\$ cost: 5$":     "",
	} {
		if got := mathText(in); want != "" && got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}
