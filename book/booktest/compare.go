package booktest

import (
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Equal holds printed text against the book's. Both are read as tokens: brackets, words
// (array, dtype=int64), numbers; spaces, line ends and commas do not count. Brackets, words
// and the number of elements must be equal. Numbers that are exact in binary (integers,
// 0.5, 12.) must be equal as text; other floats may differ by 1e-6 relative, or 1e-7
// absolute. Booleans are equal as text; outside of brackets Go's true is Python's True.
func Equal(t testing.TB, got, want string) {
	t.Helper()
	if err := compare(got, want); err != nil {
		t.Errorf("%v\n got: %s\nwant: %s", err, strings.TrimSpace(got), strings.TrimSpace(want))
	}
}

// Contains looks for the printouts wants in got, each behind the one before, in the sense
// of [Equal].
func Contains(t testing.TB, got string, wants ...string) {
	t.Helper()
	rest := tokens(got)
	for i, want := range wants {
		w := tokens(want)
		if len(w) == 0 {
			t.Errorf("printout %d to look for is empty", i+1)
			return
		}
		at, best, why := find(rest, w)
		if at < 0 {
			t.Errorf("printout %d of %d is not in the text (behind those before it):\n%s\nnearest after %d equal tokens: %s\nthe text:\n%s",
				i+1, len(wants), want, best, why, got)
			return
		}
		rest = rest[at+len(w):]
	}
}

// find returns where want begins in text, or -1 with the longest match and its end.
func find(text, want []string) (at, best int, why string) {
	why = "no token is equal to the first one"
	for at = range text {
		n := 0
		for n < len(want) && at+n < len(text) && same(text[at+n], want[n]) == "" {
			n++
		}
		if n == len(want) {
			return at, n, ""
		}
		if n > best {
			best = n
			why = "the text ends there"
			if at+n < len(text) {
				why = same(text[at+n], want[n])
			}
		}
	}
	return -1, best, why
}

func compare(got, want string) error {
	g, w := tokens(got), tokens(want)
	for i := range min(len(g), len(w)) {
		if why := same(g[i], w[i]); why != "" {
			return fmt.Errorf("token %d: %s", i+1, why)
		}
	}
	if len(g) != len(w) {
		return fmt.Errorf("%d tokens, want %d", len(g), len(w))
	}
	return nil
}

var token = regexp.MustCompile(`[\pL_][\pL\pN_=.]*|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[^\s,]`)

// tokens cuts a printout into words, numbers and single marks.
func tokens(s string) []string {
	all := token.FindAllString(s, -1)
	depth := 0
	for i, tok := range all {
		switch tok {
		case "[", "(":
			depth++
		case "]", ")":
			depth--
		case "true", "false":
			if depth == 0 {
				all[i] = strings.ToUpper(tok[:1]) + tok[1:]
			}
		}
	}
	return all
}

// same says why a token differs from the one wanted, or "".
func same(got, want string) string {
	if got == want {
		return ""
	}
	differ := fmt.Sprintf("%q, want %q", got, want)
	w, err := strconv.ParseFloat(want, 64)
	if err != nil {
		return differ
	}
	g, err := strconv.ParseFloat(got, 64)
	if err != nil || !strings.ContainsAny(got, ".e") || !strings.ContainsAny(want, ".e") {
		return differ
	}
	if exact(want) {
		return differ + " (an exact value)"
	}
	if math.Abs(g-w) <= max(1e-6*math.Abs(w), 1e-7) {
		return ""
	}
	return fmt.Sprintf("%s (off by %.2g)", differ, math.Abs(g-w))
}

// exact reports whether the decimal number is a sum of powers of two that float32 holds.
func exact(s string) bool {
	r, ok := new(big.Rat).SetString(strings.TrimSuffix(s, "."))
	if !ok {
		return false
	}
	_, ok = r.Float32()
	return ok
}
