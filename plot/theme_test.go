package plot

import (
	"bytes"
	"image/color"
	"image/png"
	"testing"
)

// contrast is the ratio of WCAG 2.
func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// Letters must have 4.5 : 1 (WCAG 1.4.3) and the edges of diagrams 3 : 1 (1.4.11), in both themes.
func TestContrast(t *testing.T) {
	for _, theme := range []Theme{Light, Dark} {
		for i := range tints {
			tint := Tint(i)
			fill, edge := theme.color(tint.fill()), theme.color(tint.edge())
			if c := contrast(theme.color(ink), fill); c < 4.5 {
				t.Errorf("theme %d, tint %d: letters have %.1f : 1", theme, i, c)
			}
			if c := contrast(edge, fill); c < 3 {
				t.Errorf("theme %d, tint %d: edge has %.1f : 1", theme, i, c)
			}
			if c := contrast(edge, theme.color(paper)); c < 3 {
				t.Errorf("theme %d, tint %d: edge on paper has %.1f : 1", theme, i, c)
			}
		}
	}
	for name, c := range letters { // those of matplotlib are what they are in the light
		if d := contrast(night(c), night(paper)); name != 'w' && d < 4.5 {
			t.Errorf("colour %c has %.1f : 1 in the dark", name, d)
		}
	}
	for i, c := range cycle {
		if d := contrast(night(c), night(paper)); d < 4.5 {
			t.Errorf("colour C%d has %.1f : 1 in the dark", i, d)
		}
	}
}

func TestThemes(t *testing.T) {
	f := training(3)
	svg := map[Theme][]byte{}
	for _, theme := range []Theme{Auto, Light, Dark} {
		b, err := f.SVG(theme)
		if err != nil {
			t.Fatal(err)
		}
		svg[theme] = b
	}
	for _, c := range []struct {
		theme Theme
		text  string
		want  bool
	}{
		{Auto, "prefers-color-scheme:dark", true}, {Light, "prefers-color-scheme", false}, {Dark, "prefers-color-scheme", false},
		{Auto, `fill="#ffffff"`, true}, {Light, `fill="#ffffff"`, true}, {Dark, `fill="#ffffff"`, false},
		{Dark, `fill="#15181e"`, true}, {Auto, "{fill:#15181e}", true},
	} {
		if got := bytes.Contains(svg[c.theme], []byte(c.text)); got != c.want {
			t.Errorf("theme %d has %q: %v", c.theme, c.text, got)
		}
	}
	for theme, want := range map[Theme]color.NRGBA{Auto: paper, Light: paper, Dark: night(paper)} {
		b, err := f.PNG(1, theme)
		if err != nil {
			t.Fatal(err)
		}
		im, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if got := color.NRGBAModel.Convert(im.At(0, 0)); got != want {
			t.Errorf("theme %d: the corner is %v, want %v", theme, got, want)
		}
	}
}
