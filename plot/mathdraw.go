package plot

import (
	"image/color"
	"math"
	"strings"
)

// mathWidth returns the width of a label of one line.
func mathWidth(s string, size float64) float64 {
	_, w := mathRuns(s, size)
	return w
}

// drawMath writes a label of one line whose baseline starts at q.
func drawMath(s surface, q point, label string, size float64, c color.NRGBA) {
	if inCells(s) {
		w := mathWidth(label, size)
		s.text(caption{at: point{q.x + w/2, q.y}, text: mathText(label), size: size, anchor: middle, color: c})
		return
	}
	runs, _ := mathRuns(label, size)
	for _, r := range runs {
		at := point{q.x + r.x, q.y - r.y}
		if r.over == 0 {
			s.text(caption{at: at, text: r.text, size: r.size, face: r.face, color: c})
			continue
		}
		w := r.size // of what is below
		a, b, h := at.x+0.15*w, at.x+0.95*w, 0.1*size
		switch r.over {
		case '∇':
			s.stroke(pen{c, 0.7, solid}, []point{{at.x, at.y - w}, {at.x + w, at.y - w}, {at.x + w/2, at.y}, {at.x, at.y - w}, {at.x + w, at.y - w}})
		case '∈':
			arc := []point{{at.x + w, at.y - w}}
			for k := range 9 {
				sin, cos := math.Sincos(math.Pi/2 + math.Pi*float64(k)/8)
				arc = append(arc, point{at.x + w*(0.5+0.5*cos), at.y - w*(0.5+0.5*sin)})
			}
			arc = append(arc, point{at.x + w, at.y})
			s.stroke(pen{c, 0.7, solid}, arc, []point{{at.x, at.y - w/2}, {at.x + w, at.y - w/2}})
		case '^':
			mid := (a + b) / 2
			a, b = max(a, mid-0.26*size), min(b, mid+0.26*size)
			s.stroke(pen{c, 0.7, solid}, []point{{a, at.y + h}, {mid, at.y - 0.6*h}, {b, at.y + h}})
		case '~':
			l := (b - a) / 4
			s.stroke(pen{c, 0.7, solid}, []point{{a, at.y + h}, {a + l, at.y - 0.2*h}, {b - l, at.y + h}, {b, at.y - 0.2*h}})
		default:
			s.stroke(pen{c, 0.7, solid}, []point{{a, at.y + 0.4*h}, {b, at.y + 0.4*h}})
		}
	}
}

// drawUpright writes a label of several lines, turned by a quarter, with its middle at c.
func drawUpright(s surface, c point, label string, size float64) {
	if inCells(s) {
		s.text(caption{at: c, text: mathText(strings.ReplaceAll(label, "\n", " ")), size: size, anchor: middle, angle: 90})
		return
	}
	list := lines(label)
	x := c.x - float64(len(list)-1)*size*labelLeading/2 + size*capHeight/2
	for i, l := range list {
		runs, w := mathRuns(l, size)
		for _, r := range runs {
			if r.over == 0 {
				at := point{x + float64(i)*size*labelLeading - r.y, c.y + w/2 - r.x}
				s.text(caption{at: at, text: r.text, size: r.size, face: r.face, angle: 90})
			}
		}
	}
}

// lowered and raised are the characters that plain text has for scripts.
var (
	lowered = map[rune]rune{'0': '₀', '1': '₁', '2': '₂', '3': '₃', '4': '₄', '5': '₅', '6': '₆', '7': '₇', '8': '₈', '9': '₉', '+': '₊', '-': '₋', '−': '₋', 't': 'ₜ', 'i': 'ᵢ', 'j': 'ⱼ', 'n': 'ₙ', 'k': 'ₖ', 'h': 'ₕ', 'x': 'ₓ', '(': '₍', ')': '₎', 'm': 'ₘ', 'l': 'ₗ', 'T': 'ₜ'}
	raised  = map[rune]rune{'0': '⁰', '1': '¹', '2': '²', '3': '³', '4': '⁴', '5': '⁵', '6': '⁶', '7': '⁷', '8': '⁸', '9': '⁹', '+': '⁺', '-': '⁻', '−': '⁻', '(': '⁽', ')': '⁾', 'T': 'ᵀ', 'n': 'ⁿ', 'l': 'ˡ', 't': 'ᵗ', 'i': 'ⁱ'}
)

// mathText returns a label as plain text: "h₁" for "$h_1$".
func mathText(s string) string {
	var b strings.Builder
	runs, _ := mathRuns(s, 10)
	for _, r := range runs {
		if r.over == '∇' || r.over == '∈' {
			b.WriteRune(r.over)
			continue
		}
		if r.over != 0 {
			b.WriteRune(map[rune]rune{'^': '\u0302', '-': '\u0304', '~': '\u0303'}[r.over])
			continue
		}
		table := lowered
		if r.y > 0 {
			table = raised
		}
		for _, c := range r.text {
			if k, ok := table[c]; ok && r.y != 0 {
				c = k
			}
			b.WriteRune(c)
		}
	}
	return b.String()
}
