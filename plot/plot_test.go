package plot

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/color"
	"image/png"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCheckNamesTheItem(t *testing.T) {
	one := func(it Item) *Figure { return New(&Axes{}, &Axes{Items: []Item{&Line{}, it}}) }
	for _, c := range []struct {
		f    *Figure
		want []string
	}{
		{one(&Line{X: []float64{1, 2, 3}, Y: []float64{1, 2, 3, 4}, Label: "loss"}), []string{"axes 1", "item 1", `Line "loss"`, "3", "4"}},
		{one(&Line{X: []float64{}, Y: []float64{1}}), []string{"Line", "0", "1"}},
		{one(&Line{Format: "m---"}), []string{"m---"}},
		{one(&Scatter{X: []float64{1}, Label: "dots"}), []string{`Scatter "dots"`, "1", "0"}},
		{one(&Scatter{Size: -1}), []string{"size", "-1"}},
		{one(&Scatter{Color: "pink-ish"}), []string{"pink-ish"}},
		{one(&HLine{Format: "?"}), []string{"HLine", "?"}},
		{one(&Image{Height: 2, Width: 2, Channels: 3, Pix: make([]float64, 4)}), []string{"Image", "4", "12"}},
		{one(&Image{Height: 2, Width: 2, Channels: 2, Pix: make([]float64, 8)}), []string{"channels"}},
		{one(&Image{Height: 1, Width: 1, Channels: 1, Pix: []float64{1}, Map: "jet"}), []string{"jet"}},
		{one(nil), []string{"nil"}},
		{one((*Bars)(nil)), []string{"nil"}},
		{one(&Line{Width: -1}), []string{"-1"}},
		{one(&Scatter{X: []float64{1}, Y: []float64{1}, Values: []float64{}}), []string{"1 X", "0 Values"}},
		{one(&VLine{Format: "?"}), []string{"VLine", "?"}},
		{one(&Segments{X0: []float64{1}}), []string{"Segments", "1 X0", "0 Y0"}},
		{one(&Stem{X: []float64{1}, Label: "p"}), []string{`Stem "p"`, "1", "0"}},
		{one(&Fill{Y: []float64{1, 2}, Y2: []float64{1}}), []string{"Fill", "2 Y", "1 Y2"}},
		{one(&Fill{Alpha: 2}), []string{"alpha", "2"}},
		{one(&ErrorBar{Y: []float64{1, 2}, Low: []float64{1}}), []string{"ErrorBar", "1 Low"}},
		{one(&ErrorBar{Y: []float64{1, 2}, High: []float64{1, -3}}), []string{"High[1]", "-3"}},
		{one(&Bars{Names: []string{"a"}, Series: []Series{{Y: []float64{1, 2}}}}), []string{"1 names", "2"}},
		{one(&Bars{Series: []Series{{Y: []float64{1, 2}}, {Y: []float64{1}}}}), []string{"series 1", "1", "2"}},
		{one(&Bars{Series: []Series{{Y: []float64{1}, Color: "blueish", Label: "b"}}}), []string{`Bars "b"`, "blueish"}},
		{one(&Hist{Bins: -1}), []string{"Hist", "-1"}},
		{one(&Hist{Bins: 1e6}), []string{"1000000"}},
		{one(&Contour{X: []float64{1, 2}, Y: []float64{1, 2}, Z: make([]float64, 3)}), []string{"Contour", "3", "2 x 2", "4"}},
		{one(&Contour{X: []float64{1, 2, 2}}), []string{"X", "2"}},
		{one(&Contour{Levels: []float64{2, 1}}), []string{"levels", "1", "2"}},
		{one(&Quiver{X: []float64{1}}), []string{"Quiver", "1 X", "0 U"}},
		{one(&Note{Text: "here", Color: "?"}), []string{`Note "here"`, "?"}},
		{one(&Rect{Text: "dog", X0: math.NaN()}), []string{`Rect "dog"`, "NaN"}},
		{one(&Image{Height: 1, Width: 1, Channels: 1, Pix: []float64{1}, Values: "%d"}), []string{"%d"}},
		{New(&Axes{Items: []Item{&Surface{X: []float64{1}, Z: []float64{1}}}}), []string{"Surface", "has 1 values", "needs 0"}},
		{New(&Axes{Items: []Item{&Line3D{X: []float64{1}, Label: "path"}}}), []string{`Line3D "path"`, "1 X", "0 Z"}},
		{New(&Axes{Items: []Item{&Line3D{}, &Line{}}}), []string{"item 1", "two", "three"}},
		{New(&Axes{Right: &Axes{Items: []Item{&Line{Format: "?"}}}}), []string{"axes 0", "right", "item 0", "?"}},
		{New(&Axes{Right: &Axes{Right: &Axes{}}}), []string{"right"}},
		{NewDiagram("", Box("a")).Figure(), []string{"Diagram", "alternative text"}},
		{NewDiagram("x", nil).Figure(), []string{"nil"}},
		{NewDiagram("x", Row(Box("a"), nil)).Figure(), []string{"nil"}},
		{NewDiagram("x", Box("a").Size(-1, 0)).Figure(), []string{`box "a"`, "-1"}},
		{NewDiagram("x", Blank(2, 2).Frame(1, 1, 2, 2, Red)).Figure(), []string{"2 x 2", "(1, 1)"}},
		{NewDiagram("x", Box("a").Level(Box("b"))).Figure(), []string{`box "a"`, "level"}},
		{one(&Polygon{X: []float64{1}}), []string{"Polygon", "1 X", "0 Y"}},
		{NewDiagram("x", Picture("p", nil, 1, 1)).Figure(), []string{`picture "p"`, "no image"}},
		{twice(), []string{`circle "a"`, "two places"}},
		{lost(), []string{"link 0", `box "a"`, `box "b"`, "not in the diagram"}},
		{unbraced(), []string{"brace 0", `"all"`}},
		{&Figure{Width: -1}, []string{"-1"}},
		{&Figure{Width: math.NaN()}, []string{"NaN"}},
		{&Figure{Height: 1e6}, []string{"1e+06"}},
		{&Figure{Rows: 1, Cols: 1, Axes: make([]*Axes, 2)}, []string{"2 axes", "1 x 1"}},
		{&Figure{Rows: 1000, Cols: 1000}, []string{"1000 x 1000"}},
		{&Figure{Rows: -1}, []string{"-1"}},
	} {
		_, svg := c.f.SVG()
		_, png := c.f.PNG(1)
		if svg == nil || png == nil || svg.Error() != png.Error() {
			t.Errorf("want %v: SVG says %v, PNG says %v", c.want, svg, png)
			continue
		}
		text := c.f.Text(200, 3)
		for _, w := range c.want {
			if !strings.Contains(svg.Error(), w) {
				t.Errorf("%q does not mention %q", svg, w)
			}
			if !strings.Contains(text, w) {
				t.Errorf("text %q does not mention %q", text, w)
			}
		}
	}
	for _, scale := range []float64{0, -1, math.NaN(), math.Inf(1), 1e5} {
		if _, err := New().PNG(scale); err == nil {
			t.Errorf("PNG(%v) succeeds", scale)
		}
	}
}

// wellFormed parses svg and looks for numbers that are none.
func wellFormed(svg []byte) error {
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := tok.(xml.StartElement); ok {
			for _, a := range e.Attr {
				if a.Name.Local != "href" && (strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf")) {
					return errors.New("attribute " + a.Name.Local + ": " + a.Value)
				}
			}
		}
	}
}

func TestSVGIsWellFormedAndEscaped(t *testing.T) {
	evil := "</text><script>alert(1)</script> & \" ' \x00\x1b\xff ]]> "
	f := New(&Axes{Title: evil, XLabel: evil, YLabel: evil, Legend: true, Items: []Item{&Line{Y: []float64{1, 2}, Label: evil}}})
	f.Alt = evil
	f.Width, f.Height = 12, 6
	svg, err := f.SVG()
	if err != nil {
		t.Fatal(err)
	}
	if err := wellFormed(svg); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(svg, []byte("<script")) {
		t.Error("markup in a title becomes an element")
	}
	for _, want := range []string{`role="img"`, "<title>", "<desc>", "&lt;script&gt;"} {
		if !bytes.Contains(svg, []byte(want)) {
			t.Errorf("no %s in the document", want)
		}
	}
}

// odd are values that break careless plots.
var odd = []float64{0, 1, -1, math.NaN(), math.Inf(1), math.Inf(-1), 1e-320, 5e-324, 1e300, -1e300, 1e308, -1e308,
	math.MaxFloat64, 1e-12, 1 + 1e-15, 123456789, 0.1, 1e-300, 3}

// positive returns the absolute values.
func positive(v []float64) []float64 {
	for i := range v {
		v[i] = math.Abs(v[i])
	}
	return v
}

func TestNothingBreaksAFigure(t *testing.T) {
	rnd := noise(7)
	pick := func() float64 { return odd[int(rnd.next()*float64(len(odd)))] }
	list := func(n int) []float64 {
		out := make([]float64, n)
		for i := range out {
			out[i] = pick()
		}
		return out
	}
	lim := func() Range {
		if rnd.next() < 0.5 {
			return Range{}
		}
		return Range{pick(), pick()}
	}
	rounds := 400
	if testing.Short() {
		rounds = 80
	}
	for range rounds {
		n := int(rnd.next() * 6)
		a := &Axes{Title: "t", XLabel: "x", YLabel: "y", XLim: lim(), YLim: lim(), Legend: true, Grid: true,
			XScale: Scale(2 * rnd.next()), YScale: Scale(2 * rnd.next()), Hidden: rnd.next() < 0.1}
		a.Add(&Line{X: list(n), Y: list(n), Label: "line"}, &Scatter{X: list(n), Y: list(n), Label: "dots"}, &HLine{Y: pick(), Label: "h"})
		if rnd.next() < 0.3 {
			h, w := int(rnd.next()*4), int(rnd.next()*4)
			a.Add(&Image{Height: h, Width: w, Channels: 1, Pix: list(h * w), Min: pick(), Max: pick()})
		}
		if rnd.next() < 0.7 {
			a.Add(&Fill{X: list(n), Y: list(n), Y2: list(n)}, &Segments{X0: list(n), Y0: list(n), X1: list(n), Y1: list(n)}, &Stem{X: list(n), Y: list(n)},
				&Scatter{X: list(n), Y: list(n), Values: list(n)}, &Line{X: list(n), Y: list(n), Step: true}, &VLine{X: pick()},
				&ErrorBar{X: list(n), Y: list(n), XErr: positive(list(n)), Low: positive(list(n))},
				&Bars{X: list(n), Series: []Series{{Y: list(n)}, {Y: list(n), Hatch: true}}, Stacked: rnd.next() < 0.5, Horizontal: rnd.next() < 0.5, Values: "%v"},
				&Hist{Series: []Series{{Y: list(n)}, {Y: list(n)}}, Range: lim(), Density: rnd.next() < 0.5, Overlay: rnd.next() < 0.5},
				&Quiver{X: list(n), Y: list(n), U: list(n), V: list(n), Label: "q"},
				&Contour{X: []float64{0, 1, 2}, Y: []float64{1e300, 3}, Z: list(6), Labels: true, Filled: rnd.next() < 0.5},
				&Polygon{X: list(n), Y: list(n)},
				&Note{Text: "$x_1$", X: pick(), Y: pick(), Arrow: true, ToX: pick(), ToY: pick()})
			if r := (&Rect{X0: pick(), Y0: pick(), X1: pick(), Y1: pick(), Text: "r", Alpha: 0.5}); r.check() == nil {
				a.Add(r)
			}
			a.ColorBar, a.XRotate, a.Equal = rnd.next() < 0.3, rnd.next() < 0.3, rnd.next() < 0.3
			a.XTicks = []Tick{{At: pick()}, {At: pick(), Label: "t"}}
			a.Right = &Axes{YLabel: "r", YLim: lim(), Items: []Item{&Line{Y: list(n)}}}
		}
		if rnd.next() < 0.2 {
			a = &Axes{XLim: lim(), ZLim: lim(), View: View{pick(), pick()}, ColorBar: true, Items: []Item{
				&Surface{X: list(2), Y: list(3), Z: list(6), Wire: rnd.next() < 0.5}, &Line3D{X: list(n), Y: list(n), Z: list(n), Format: "o-"}}}
		}
		f := New(a, &Axes{Items: []Item{&Line{X: list(n), Y: list(n)}}})
		f.ShareX, f.ShareY, f.ColorBar = rnd.next() < 0.3, rnd.next() < 0.3, rnd.next() < 0.3
		f.Width, f.Height = 0.2+3*rnd.next(), 0.2+3*rnd.next()
		svg, err := f.SVG()
		if err == nil {
			err = wellFormed(svg)
		}
		if err != nil {
			t.Fatalf("%+v: %v\n%s", a, err, svg)
		}
		if _, err := f.PNG(0.5); err != nil {
			t.Fatalf("%+v: %v", a, err)
		}
		f.Text(60, 12)
	}
}

var escapes = regexp.MustCompile("\x1b\\[[0-9;]*m")

func TestTextHasItsSize(t *testing.T) {
	sizes := [][2]int{{1, 1}, {2, 1}, {1, 5}, {5, 3}, {12, 4}, {20, 6}, {33, 9}, {80, 24}, {200, 60}}
	for name, f := range figures() {
		for _, s := range sizes {
			for kind, text := range map[string]string{"Text": f.Text(s[0], s[1]), "ANSI": escapes.ReplaceAllString(f.ANSI(s[0], s[1]), "")} {
				lines := strings.Split(text, "\n")
				if len(lines) != s[1] {
					t.Errorf("%s: %s%v has %d lines", name, kind, s, len(lines))
				}
				for _, l := range lines {
					if utf8.RuneCountInString(l) != s[0] {
						t.Errorf("%s: %s%v has a line of %d characters: %q", name, kind, s, utf8.RuneCountInString(l), l)
						break
					}
				}
			}
		}
	}
	if s := New().Text(0, 5) + New().Text(5, 0) + New().Text(-1, -1); s != "" {
		t.Errorf("without room: %q", s)
	}
}

// TestMarksAreWhereCurvesAre draws constants with a mark at each: both must come in the same row.
func TestMarksAreWhereCurvesAre(t *testing.T) {
	for h := 8; h < 30; h++ {
		for _, v := range []float64{0.4, 0.6, 0.8} {
			f := New(&Axes{YLim: Range{0.3, 0.9}, YTicks: []Tick{{At: v}}, Items: []Item{&Line{X: []float64{1, 10}, Y: []float64{v, v}}}})
			for l := range strings.Lines(f.Text(40, h)) {
				mark, curve := strings.Contains(l, "┤"), strings.ContainsFunc(l, func(r rune) bool { return r > 0x2800 && r <= 0x28ff })
				if mark != curve {
					t.Errorf("%v in %d lines: %q", v, h, l)
				}
			}
		}
	}
}

// TestPicturesHaveOneSize wants a grid of equal pictures in equal blocks of cells.
func TestPicturesHaveOneSize(t *testing.T) {
	f := New()
	f.Rows, f.Cols = 2, 8
	for range 16 {
		f.Axes = append(f.Axes, &Axes{Items: []Item{&Image{Height: 1, Width: 1, Channels: 1, Pix: []float64{1}, Max: 1}}})
	}
	for w := 40; w < 60; w++ {
		lines := strings.Split(f.Text(w, 9), "\n")
		if strings.TrimSpace(lines[0]) == "" || strings.TrimSpace(lines[4]) != "" || lines[5] != lines[0] {
			t.Errorf("in %d columns:\n%s", w, strings.Join(lines, "\n"))
		}
		var widths []int
		for _, s := range strings.Fields(lines[0]) {
			widths = append(widths, len(s))
		}
		if len(widths) != 8 || slices.Min(widths) != slices.Max(widths) {
			t.Errorf("in %d columns they are %v wide", w, widths)
		}
	}
}

func TestFrameStaysWhileCurvesGrow(t *testing.T) {
	column := func(f *Figure) int {
		line := strings.Split(f.Text(80, 20), "\n")[10]
		return utf8.RuneCountInString(line[:strings.IndexAny(line, "│┤")])
	}
	for e := 1.0; e <= 10; e++ {
		if a, b := column(training(e)), column(training(10)); a != b {
			t.Errorf("frame at column %d after %v epochs and at %d after 10", a, e, b)
		}
	}
}

func TestParseFormat(t *testing.T) {
	c0 := color.NRGBA{}
	for _, c := range []struct {
		in     string
		color  color.NRGBA
		dash   dash
		marker byte
	}{
		{"", c0, solid, 0}, {"-", c0, solid, 0}, {"m--", letters['m'], dashed, 0}, {"g-.", letters['g'], dashDot, 0},
		{"r:", letters['r'], dotted, 0}, {"k--", letters['k'], dashed, 0}, {"o", c0, noLine, 'o'}, {"b", letters['b'], solid, 0},
		{"C3--", cycle[3], dashed, 0}, {"ro-", letters['r'], solid, 'o'}, {".-", c0, solid, '.'}, {"--^g", letters['g'], dashed, '^'},
	} {
		f, err := parseFormat(c.in)
		if err != nil || f.color != c.color || f.dash != c.dash || f.marker != c.marker {
			t.Errorf("%q: %+v, %v", c.in, f, err)
		}
	}
	for _, in := range []string{"--:", "rr", "q", "oo", "C", "Cx", "r g", "é"} {
		if f, err := parseFormat(in); err == nil {
			t.Errorf("%q: %+v, no error", in, f)
		}
	}
}

func TestParseColor(t *testing.T) {
	for in, want := range map[string]color.NRGBA{
		"b": {0, 0, 255, 255}, "C1": {0xff, 0x7f, 0x0e, 255}, "#fff": {255, 255, 255, 255},
		"#12aB09": {0x12, 0xab, 0x09, 255}, "#12ab0980": {0x12, 0xab, 0x09, 0x80},
	} {
		if got, err := parseColor(in); err != nil || got != want {
			t.Errorf("%q: %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "blue", "#12345", "#gggggg", "#12345678a", "C10"} {
		if got, err := parseColor(in); err == nil {
			t.Errorf("%q: %v, no error", in, got)
		}
	}
}

func TestImageColors(t *testing.T) {
	im := &Image{Height: 1, Width: 5, Channels: 1, Pix: []float64{-2, 0, 2, math.NaN(), math.Inf(1)}, Map: "gray"}
	want := []uint8{0, 128, 255, 255, 255}
	for i, w := range want {
		if got := im.colors().NRGBAAt(i, 0).R; got != w {
			t.Errorf("cell %d is %d, want %d", i, got, w)
		}
	}
	for name, r := range ramps {
		if r.at(-1) != rgb(r[0]) || r.at(2) != rgb(r[len(r)-1]) || r.at(math.NaN()) != paper {
			t.Errorf("%s: ends %v and %v", name, r.at(-1), r.at(2))
		}
	}
}

func TestPNGOfImageKeepsItsPixels(t *testing.T) {
	im := &Image{Height: 2, Width: 2, Channels: 3, Pix: []float64{1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1}}
	f := &Figure{Width: 1, Height: 1, Axes: []*Axes{{Hidden: true, Items: []Item{im}}}}
	b, err := f.PNG(1)
	if err != nil {
		t.Fatal(err)
	}
	pic, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if pic.Bounds().Dx() != 96 || pic.Bounds().Dy() != 96 {
		t.Fatalf("size %v, want 96 x 96", pic.Bounds())
	}
	for _, c := range []struct {
		x, y int
		want color.NRGBA
	}{{24, 24, rgb(0xff0000)}, {72, 24, rgb(0x00ff00)}, {24, 72, rgb(0x0000ff)}, {72, 72, paper}, {0, 0, paper}} {
		if got := color.NRGBAModel.Convert(pic.At(c.x, c.y)); got != c.want {
			t.Errorf("pixel (%d, %d) is %v, want %v", c.x, c.y, got, c.want)
		}
	}
}

func BenchmarkText(b *testing.B) {
	f := training(10)
	for b.Loop() {
		f.Text(80, 20)
	}
}

func BenchmarkANSI(b *testing.B) {
	f := figures()["dice"]
	for b.Loop() {
		f.ANSI(120, 30)
	}
}

func BenchmarkSVG(b *testing.B) {
	f := training(10)
	for b.Loop() {
		if _, err := f.SVG(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPNG(b *testing.B) {
	f := training(10)
	for b.Loop() {
		if _, err := f.PNG(1); err != nil {
			b.Fatal(err)
		}
	}
}
