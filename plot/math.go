package plot

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Labels of notes and diagrams hold formulas between dollar signs, in a small
// subset of TeX: variables are slanting, _ lowers, ^ raises (one character or a
// group in braces), \hat, \bar, \tilde and \mathbf take a group, and \alpha,
// \sum, \times and the like are the characters they name. A line break is \n.

// run is a piece of a label in one face.
type run struct {
	text string
	face typeface
	x, y float64 // from the start of the label, y upwards
	size float64
	over rune // '^', '-' or '~' drawn above, '∇' or '∈', which the face does not have
}

// symbols are the characters that commands name.
var symbols = map[string]string{
	"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
	"lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ",
	"chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Sigma": "Σ",
	"Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "partial": "∂", "sum": "∑", "prod": "∏", "infty": "∞", "times": "×",
	"cdot": "·", "leq": "≤", "geq": "≥", "neq": "≠", "approx": "≈", "pm": "±", "to": "→", "sqrt": "√", "int": "∫",
	"ldots": "…", "cdots": "···", "ell": "ℓ", "quad": "  ", "{": "{", "}": "}", "$": "$",
}

// mathRuns lays a line out and returns its pieces and its width.
func mathRuns(s string, size float64) ([]run, float64) {
	m := mathLine{size: size}
	for i, part := range strings.Split(s, "$") {
		if i%2 == 1 {
			m.formula(part, size, 0)
		} else {
			m.add(part, sans, size, 0)
		}
	}
	return m.runs, m.x
}

// mathLine is a line being laid out.
type mathLine struct {
	runs []run
	x    float64
	size float64
}

func (m *mathLine) add(text string, f typeface, size, y float64) {
	if text == "" {
		return
	}
	m.runs = append(m.runs, run{text: text, face: f, x: m.x, y: y, size: size})
	m.x += f.width(text, size)
}

// formula appends TeX at the given size and height.
func (m *mathLine) formula(s string, size, y float64) {
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == '_' || r == '^':
			s = m.scripts(s, size, y)
			continue
		case r == '\\':
			s = m.command(s[1:], size, y)
			continue
		case r == '{':
			body, rest := group(s)
			m.formula(body, size, y)
			s = rest
			continue
		case r == '}' || r == ' ':
		case r == '-' && m.binary(y):
			m.x += 0.16 * size
			m.add("−", sans, size, y)
			m.x += 0.16 * size
		case r == '-':
			m.add("−", sans, size, y)
		case strings.ContainsRune("=+<>×", r):
			m.x += 0.16 * size
			m.add(string(r), sans, size, y)
			m.x += 0.16 * size
		case unicode.IsLetter(r):
			m.add(string(r), italic, size*1.08, y)
		default:
			m.add(string(r), sans, size*0.96, y)
			if r == ',' {
				m.x += 0.16 * size
			}
		}
		s = s[n:]
	}
}

// binary reports whether a sign at height y stands between two terms.
func (m *mathLine) binary(y float64) bool {
	if y != 0 || len(m.runs) == 0 {
		return false
	}
	return !strings.HasSuffix(m.runs[len(m.runs)-1].text, "=")
}

// scripts appends what is lowered and raised, one above the other, and returns the rest.
func (m *mathLine) scripts(s string, size, y float64) string {
	from, widest := m.x, m.x
	for len(s) > 0 && (s[0] == '_' || s[0] == '^') {
		up := s[0] == '^'
		body, rest := group(s[1:])
		m.x = from + 0.04*size
		if up {
			m.formula(body, 0.72*size, y+0.4*size)
		} else {
			m.formula(body, 0.72*size, y-0.2*size)
		}
		widest = max(widest, m.x)
		s = rest
	}
	m.x = widest + 0.04*size
	return s
}

// group returns the next character, command or group in braces of s, and the rest.
func group(s string) (body, rest string) {
	if s == "" {
		return "", ""
	}
	if s[0] == '\\' {
		n := 1
		for n < len(s) && isLetter(s[n]) {
			n++
		}
		n = max(n, min(2, len(s)))
		return s[:n], s[n:]
	}
	if s[0] != '{' {
		_, n := utf8.DecodeRuneInString(s)
		return s[:n], s[n:]
	}
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return s[1:i], s[i+1:]
			}
		}
	}
	return s[1:], ""
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// accents are the marks of the commands that take a group.
var accents = map[string]rune{"hat": '^', "bar": '-', "tilde": '~'}

// drawn are the symbols that are drawn as lines.
var drawn = map[string]rune{"nabla": '∇', "in": '∈'}

// command appends a command, whose backslash is gone, and returns the rest.
func (m *mathLine) command(s string, size, y float64) string {
	n := 0
	for n < len(s) && isLetter(s[n]) {
		n++
	}
	n = max(n, min(1, len(s)))
	name, rest := s[:n], s[n:]
	rest = strings.TrimLeft(rest, " ")
	if mark, ok := accents[name]; ok {
		body, after := group(rest)
		from := m.x
		m.formula(body, size, y)
		m.runs = append(m.runs, run{x: from, y: y, size: m.x - from, over: mark})
		// The mark stands above the letter: its size is the width, y the line below.
		m.runs[len(m.runs)-1].y = y + size*0.78
		return after
	}
	switch name {
	case "mathbf":
		body, after := group(rest)
		m.add(body, bold, size, y)
		return after
	case "mathrm", "text", "mathit":
		body, after := group(rest)
		m.add(body, sans, size, y)
		return after
	}
	if r, ok := drawn[name]; ok {
		m.runs = append(m.runs, run{x: m.x + 0.14*size, y: y, size: 0.58 * size, over: r})
		m.x += 0.86 * size
		return rest
	}
	if t, ok := symbols[name]; ok {
		f := sans
		if r, _ := utf8.DecodeRuneInString(t); unicode.IsLower(r) && unicode.Is(unicode.Greek, r) {
			f = italic
		}
		m.add(t, f, size, y)
		return rest
	}
	m.add(name, sans, size, y) // functions such as tanh
	return rest
}
