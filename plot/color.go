package plot

import (
	"fmt"
	"image/color"
	"math"
	"strconv"
	"strings"
)

// cycle are the colours that items without one take in turn: matplotlib's "tab10".
var cycle = [10]color.NRGBA{
	rgb(0x1f77b4), rgb(0xff7f0e), rgb(0x2ca02c), rgb(0xd62728), rgb(0x9467bd),
	rgb(0x8c564b), rgb(0xe377c2), rgb(0x7f7f7f), rgb(0xbcbd22), rgb(0x17becf),
}

// letters are matplotlib's one-letter colours.
var letters = map[byte]color.NRGBA{
	'b': rgb(0x0000ff), 'g': rgb(0x008000), 'r': rgb(0xff0000), 'c': rgb(0x00bfbf),
	'm': rgb(0xbf00bf), 'y': rgb(0xbfbf00), 'k': rgb(0x000000), 'w': rgb(0xffffff),
}

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 255}
}

// parseColor reads a letter, "C0" to "C9", #rgb, #rrggbb or #rrggbbaa.
func parseColor(s string) (color.NRGBA, error) {
	if len(s) == 1 {
		if c, ok := letters[s[0]]; ok {
			return c, nil
		}
	}
	if len(s) == 2 && s[0] == 'C' && s[1] >= '0' && s[1] <= '9' {
		return cycle[s[1]-'0'], nil
	}
	if hex, ok := strings.CutPrefix(s, "#"); ok {
		if len(hex) == 3 {
			hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
		}
		alpha := uint64(255)
		var err error
		if len(hex) == 8 {
			alpha, err = strconv.ParseUint(hex[6:], 16, 8)
			hex = hex[:6]
		}
		if v, err2 := strconv.ParseUint(hex, 16, 32); err == nil && err2 == nil && len(hex) == 6 {
			c := rgb(uint32(v))
			c.A = uint8(alpha)
			return c, nil
		}
	}
	return color.NRGBA{}, fmt.Errorf("unknown colour %q", s)
}

// ramp is a colour map: equidistant colours with linear transitions.
type ramp []uint32

// The colour maps: viridis sampled at ninths, gray, and ColorBrewer's
// sequential Reds and Blues with nine classes, and the diverging map from blue to
// red of Moreland, "Diverging color maps for scientific visualization" (2009).
var ramps = map[string]ramp{
	"viridis":  {0x440154, 0x482878, 0x3e4989, 0x31688e, 0x26828e, 0x1f9e89, 0x35b779, 0x6ece58, 0xb5de2b, 0xfde725},
	"gray":     {0x000000, 0xffffff},
	"Reds":     {0xfff5f0, 0xfee0d2, 0xfcbba1, 0xfc9272, 0xfb6a4a, 0xef3b2c, 0xcb181d, 0xa50f15, 0x67000d},
	"coolwarm": {0x3b4cc0, 0x6788ee, 0x9abbff, 0xc9d7f0, 0xedd1c2, 0xf7a889, 0xe26952, 0xb40426},
	"Blues":    {0xf7fbff, 0xdeebf7, 0xc6dbef, 0x9ecae1, 0x6baed6, 0x4292c6, 0x2171b5, 0x08519c, 0x08306b},
}

// colorMap returns the colour map of the given name, viridis for "".
func colorMap(name string) (ramp, error) {
	if name == "" {
		name = "viridis"
	}
	r, ok := ramps[name]
	if !ok {
		return nil, fmt.Errorf("unknown colour map %q", name)
	}
	return r, nil
}

// at returns the colour at t in [0, 1]; t beyond is cut, NaN is white.
func (r ramp) at(t float64) color.NRGBA {
	if math.IsNaN(t) {
		return rgb(0xffffff)
	}
	t = min(max(t, 0), 1) * float64(len(r)-1)
	i := min(int(t), len(r)-2)
	a, b, u := rgb(r[i]), rgb(r[i+1]), t-float64(i)
	mix := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + u*(float64(y)-float64(x)))) }
	return color.NRGBA{R: mix(a.R, b.R), G: mix(a.G, b.G), B: mix(a.B, b.B), A: 255}
}
