package book

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

const cited = `package x

// # Title
//
// $$a = b$$ {#eq-first}
//
// $$c = d$$
//
// $$e = f$$ {#eq-second}
//
// By @eq-second and @eq-first. See @fig-curve, Section 3.3 and sections 3.2; @kingma2015 and [@he2015; @lecun1998]. Code: ` + "`@eq-first`" + `.
func X(p *Page) {
	p.Figure("drawing", nil)
	// touches

	// Dead: @eq-none, @fig-none, @nobody1999, section 3.99, section 20.1. Not one: me@example.org, 3.3.

	d2l.Plot(p, "curve", x)
}
`

func TestReferences(t *testing.T) {
	l := Lesson{Section: "3.9", Title: "Title", Source: cited, Run: X}
	r, err := l.References()
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"none", "none", "nobody1999", "3.99", "20.1"}; !slices.Equal(r.Dead, want) {
		t.Errorf("dead: %q, not %q", r.Dead, want)
	}
	cells, _ := l.Cells()
	got := r.Plain(cells[0].Prose)
	for _, want := range []string{
		"$$a = b$$ (3.9.1)", "$$e = f$$ (3.9.2)",
		"By (3.9.2) and (3.9.1). See figure 3.9.2, Section 3.3 and sections 3.2; Kingma and Ba (2015) and (He et al., 2015; LeCun et al., 1998). Code: `@eq-first`.",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
	if f := r.Figures(); len(f) != 2 || f["drawing"] != "3.9.1" || f["curve"] != "3.9.2" {
		t.Errorf("figures: %v", f)
	}
}

// X is the story of the lesson above.
func X(*Page) {}

func TestBibliography(t *testing.T) {
	for i, w := range Bibliography {
		if m := refForms.FindStringSubmatch("@" + w.Key); m == nil || m[5] != w.Key {
			t.Errorf("%q is no key", w.Key)
		}
		if len(w.Authors) == 0 || !strings.HasSuffix(strings.TrimRight(w.Key, "abc"), strconv.Itoa(w.Year)) || w.Title == "" || w.Where == "" || !strings.HasPrefix(w.URL, "https://") {
			t.Errorf("%s: something is missing", w.Key)
		}
		if i > 0 && Bibliography[i-1].Key >= w.Key {
			t.Errorf("%s stands behind %s", w.Key, Bibliography[i-1].Key)
		}
	}
}
