package plot

import (
	"sync"
	"unicode/utf8"

	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// The sizes of text in points.
const (
	tickSize   = 8.5
	labelSize  = 9
	titleSize  = 9.5
	legendSize = 8.5
	smallest   = 6
)

// The parts of a letter of Liberation Sans in multiples of its size.
const (
	capHeight = 0.69
	descent   = 0.22
	leading   = 1.2 // from line to line
)

var sans = font.Font{Typeface: "Liberation", Variant: "Sans"}

// fonts holds Liberation Sans, whose letters are as wide as Arial's and
// Helvetica's, so that text measured here fits where another stands in.
var fonts = sync.OnceValue(func() *font.Cache {
	f, err := opentype.Parse(liberationsansregular.TTF)
	if err != nil {
		panic("plot: embedded font: " + err.Error())
	}
	return font.NewCache(font.Collection{{Font: sans, Face: f}})
})

func face(size float64) font.Face { return fonts().Lookup(sans, vg.Points(size)) }

var (
	advances    = map[rune]float64{}
	advanceLock sync.Mutex
)

// textWidth returns the width of s in points.
func textWidth(s string, size float64) float64 {
	advanceLock.Lock()
	defer advanceLock.Unlock()
	w := 0.0
	for _, r := range s {
		a, ok := advances[r]
		if !ok {
			f := face(100)
			a = f.Width(string(r)).Points() / 100
			if len(advances) < 4096 {
				advances[r] = a
			}
		}
		w += a
	}
	return w * size
}

// shrink returns s and a size at which it is at most w wide: smaller down to
// the smallest readable size, then cut.
func shrink(s string, size, w float64) (string, float64) {
	have := textWidth(s, size)
	if have <= w {
		return s, size
	}
	if t := size * w / have; t >= smallest {
		return s, t
	}
	size = min(size, smallest)
	return cut(s, size, w), size
}

// cut shortens s to width w, ending in an ellipsis if anything was lost.
func cut(s string, size, w float64) string {
	if textWidth(s, size) <= w {
		return s
	}
	for len(s) > 0 {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
		if textWidth(s+"…", size) <= w {
			return s + "…"
		}
	}
	return ""
}
