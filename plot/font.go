package plot

import (
	"sync"
	"unicode/utf8"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"codeberg.org/go-fonts/liberation/liberationserifitalic"
	xfont "golang.org/x/image/font"
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

// typeface is one of the faces of Liberation, whose letters are as wide as those
// of Arial, Helvetica and Times, so that text measured here fits where another
// stands in.
type typeface uint8

const (
	sans   typeface = iota
	italic          // variables in formulas, with serifs
	bold
)

// names are the faces by typeface.
var names = [...]font.Font{
	sans:   {Typeface: "Liberation", Variant: "Sans"},
	italic: {Typeface: "Liberation", Variant: "Serif", Style: xfont.StyleItalic},
	bold:   {Typeface: "Liberation", Variant: "Sans", Weight: xfont.WeightBold},
}

// fonts holds the faces.
var fonts = sync.OnceValue(func() *font.Cache {
	var all font.Collection
	for i, ttf := range [...][]byte{liberationsansregular.TTF, liberationserifitalic.TTF, liberationsansbold.TTF} {
		f, err := opentype.Parse(ttf)
		if err != nil {
			panic("plot: embedded font: " + err.Error())
		}
		all = append(all, font.Face{Font: names[i], Face: f})
	}
	return font.NewCache(all)
})

func (t typeface) font(size float64) font.Face { return fonts().Lookup(names[t], vg.Points(size)) }

// attributes returns how an SVG names the face.
func (t typeface) attributes() string {
	return [...]string{
		sans:   "",
		italic: ` font-family="'Liberation Serif','Times New Roman',Times,serif" font-style="italic"`,
		bold:   ` font-weight="bold"`,
	}[t]
}

var (
	advances    [len(names)]map[rune]float64
	advanceLock sync.Mutex
)

// textWidth returns the width of s in points.
func textWidth(s string, size float64) float64 { return sans.width(s, size) }

// width returns the width of s in points.
func (t typeface) width(s string, size float64) float64 {
	advanceLock.Lock()
	defer advanceLock.Unlock()
	if advances[t] == nil {
		advances[t] = map[rune]float64{}
	}
	w := 0.0
	for _, r := range s {
		a, ok := advances[t][r]
		if !ok {
			f := t.font(100)
			a = f.Width(string(r)).Points() / 100
			if len(advances[t]) < 4096 {
				advances[t][r] = a
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
