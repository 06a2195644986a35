package plot

import (
	"bytes"
	"encoding/base64"
	"flag"
	"fmt"
	"hash/fnv"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	update = flag.Bool("update", false, "write the golden files anew")
)

// goldenPNG and goldenText name the figures kept in these forms; as SVG all are
// kept but the bulky ones.
var (
	goldenPNG  = []string{"training", "predictions", "holes", "filled", "notes-dark", "wireframe-dark@2", "d-lstm", "d-rnn-dark@2"}
	goldenText = []string{"training", "log", "normal", "grid", "predictions", "holes", "bars", "hist", "band", "trace", "filled", "surface", "wireframe", "quiver", "notes", "d-rnn", "d-padding"}
	bulky      = map[string]bool{"surface": true, "colored": true, "dice": true, "scatter": true, "tiles": true}
)

// golden returns the stored bytes of a file, or stores got under -update.
func golden(t *testing.T, name string, got []byte) []byte {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return want
}

var (
	embedded = regexp.MustCompile(`base64,[^"]*`)
	number   = regexp.MustCompile(`-?[0-9]+(\.[0-9]+)?`)
)

// pixels replaces embedded pictures, whose compression may change, by sums of their pixels.
func pixels(t *testing.T, svg []byte) string {
	return embedded.ReplaceAllStringFunc(string(svg), func(s string) string {
		raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(s, "base64,"))
		if err != nil {
			t.Fatal(err)
		}
		im, err := png.Decode(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		h := fnv.New64a()
		for y := range im.Bounds().Dy() {
			for x := range im.Bounds().Dx() {
				r, g, b, _ := im.At(x, y).RGBA()
				h.Write([]byte{byte(r >> 8), byte(g >> 8), byte(b >> 8)})
			}
		}
		return fmt.Sprintf("pixels of %v %s", im.Bounds().Size(), strings.Map(letter, fmt.Sprintf("%x", h.Sum64())))
	})
}

// letter turns digits into letters, so that a sum is not taken for a number.
func letter(r rune) rune {
	if r >= '0' && r <= '9' {
		return r - '0' + 'p'
	}
	return r
}

// sameSVG compares two documents: text exactly, numbers within 0.02, since
// processors round differently.
func sameSVG(a, b string) bool {
	if number.ReplaceAllString(a, "#") != number.ReplaceAllString(b, "#") {
		return false
	}
	x, y := number.FindAllString(a, -1), number.FindAllString(b, -1)
	for i := range x {
		u, _ := strconv.ParseFloat(x[i], 64)
		v, _ := strconv.ParseFloat(y[i], 64)
		if math.Abs(u-v) > 0.0201 {
			return false
		}
	}
	return true
}

func TestGoldenSVG(t *testing.T) {
	for name, f := range figures() {
		if bulky[name] {
			continue
		}
		got, err := f.SVG()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if want := golden(t, name+".svg", got); !sameSVG(pixels(t, got), pixels(t, want)) {
			t.Errorf("%s.svg differs from testdata; look at both, then run with -update", name)
		}
	}
}

func TestGoldenPNG(t *testing.T) {
	figs := figures()
	for _, name := range goldenPNG {
		// A name may end in the theme and the scale.
		figure, double := strings.CutSuffix(name, "@2")
		figure, dark := strings.CutSuffix(figure, "-dark")
		scale, theme := 1.0, Light
		if double {
			scale = 2
		}
		if dark {
			theme = Dark
		}
		got, err := figs[figure].PNG(scale, theme)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		a, err := png.Decode(bytes.NewReader(got))
		if err != nil {
			t.Fatal(err)
		}
		b, err := png.Decode(bytes.NewReader(golden(t, name+".png", got)))
		if err != nil {
			t.Fatal(err)
		}
		if a.Bounds() != b.Bounds() {
			t.Errorf("%s.png: %v, want %v", name, a.Bounds(), b.Bounds())
			continue
		}
		far := 0
		for y := range a.Bounds().Dy() {
			for x := range a.Bounds().Dx() {
				r, g, bl, _ := a.At(x, y).RGBA()
				r2, g2, b2, _ := b.At(x, y).RGBA()
				if d := max(apart(r, r2), apart(g, g2), apart(bl, b2)); d > 24 {
					far++
				}
			}
		}
		if limit := a.Bounds().Dx() * a.Bounds().Dy() / 1000; far > limit {
			t.Errorf("%s.png: %d pixels differ, allowed are %d", name, far, limit)
		}
	}
}

func apart(a, b uint32) int { return abs(int(a>>8) - int(b>>8)) }

func TestGoldenText(t *testing.T) {
	figs := figures()
	for _, name := range goldenText {
		got := figs[name].Text(72, 18) + "\n"
		if want := golden(t, name+".txt", []byte(got)); got != string(want) {
			t.Errorf("%s.txt differs from testdata:\n%s", name, got)
		}
	}
}

func TestSameBytesTwice(t *testing.T) {
	for name, f := range figures() {
		if bulky[name] {
			continue
		}
		for kind, render := range map[string]func() ([]byte, error){
			"svg": func() ([]byte, error) { return f.SVG() }, "png": func() ([]byte, error) { return f.PNG(0.5) },
		} {
			a, err := render()
			b, err2 := render()
			if err != nil || err2 != nil || !bytes.Equal(a, b) {
				t.Errorf("%s: %s differs between two calls (%v, %v)", name, kind, err, err2)
			}
		}
	}
}
