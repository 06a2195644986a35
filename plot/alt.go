package plot

import (
	"fmt"
	"strings"
	"unicode"
)

// AltText says in words what f shows: Alt if it is set, else a description
// made of titles, names and labels.
func (f *Figure) AltText() string {
	if f.Alt != "" {
		return f.Alt
	}
	var parts []string
	for _, a := range f.Axes {
		if a != nil {
			parts = append(parts, a.describe())
		}
	}
	if len(parts) == 0 {
		return "An empty figure."
	}
	pictures := true
	for _, a := range f.Axes {
		pictures = pictures && a != nil && a.image() != nil
	}
	if pictures && len(parts) > 1 {
		var titles []string
		for _, a := range f.Axes {
			if a.Title != "" {
				titles = append(titles, strings.Join(strings.Fields(a.Title), " "))
			}
		}
		s := fmt.Sprintf("%d pictures", len(parts))
		if len(titles) > 0 {
			s += ": " + strings.Join(titles, ", ")
		}
		return s + "."
	}
	return strings.Join(parts, " ")
}

// describe returns a sentence about a.
func (a *Axes) describe() string {
	var b strings.Builder
	if a.Title != "" {
		b.WriteString(strings.Join(strings.Fields(a.Title), " ") + ": ")
	}
	var kinds, labels []string
	seen := map[string]bool{}
	formats := a.styles()
	for i, it := range a.Items {
		if isNil(it) {
			continue
		}
		kind := it.about()
		if kind != "" && !seen[kind] {
			seen[kind] = true
			kinds = append(kinds, kind)
		}
		for _, e := range it.entries(formats[i]) {
			labels = append(labels, e.label)
		}
	}
	if len(kinds) == 0 {
		kinds = []string{"empty axes"}
	}
	b.WriteString(strings.Join(kinds, " and "))
	if len(labels) > 0 {
		b.WriteString(" of " + strings.Join(labels, ", "))
	}
	switch {
	case a.XLabel != "" && a.YLabel != "":
		b.WriteString("; " + a.YLabel + " against " + a.XLabel)
	case a.XLabel != "":
		b.WriteString("; horizontal axis " + a.XLabel)
	case a.YLabel != "":
		b.WriteString("; vertical axis " + a.YLabel)
	}
	b.WriteString(".")
	r := []rune(b.String())
	r[0] = unicode.ToUpper(r[0])
	return string(r)
}

// titleAndAlt returns a short name of f and its description.
func (f *Figure) titleAndAlt() (title, alt string) {
	alt = f.AltText()
	for _, a := range f.Axes {
		if a != nil && a.Title != "" && len(f.Axes) == 1 {
			return strings.Join(strings.Fields(a.Title), " "), alt
		}
	}
	title, _, _ = strings.Cut(alt, ". ")
	return strings.TrimSuffix(title, "."), alt
}
