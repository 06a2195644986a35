package plot

import "image/color"

// Theme says on what a figure is drawn.
//
// An SVG is written with Auto unless asked otherwise: it is light, and a style
// sheet of its own turns the colours for readers who prefer dark, so that one
// file serves a page in both modes (inside <img> it follows the page's CSS
// property color-scheme). A PNG cannot do that: Auto is Light there.
type Theme uint8

// The themes.
const (
	Auto Theme = iota
	Light
	Dark
)

// themeOf returns the theme asked for.
func themeOf(list []Theme) Theme {
	if len(list) == 0 {
		return Auto
	}
	return list[len(list)-1]
}

// color returns c as t draws it.
func (t Theme) color(c color.NRGBA) color.NRGBA {
	if t != Dark {
		return c
	}
	return night(c)
}

// night returns the dark counterpart of a colour. Only the colours named here
// change: those of letters, frames, curves and the parts of diagrams. Colours
// of data (pictures, colour maps) and those the caller mixed stay.
func night(c color.NRGBA) color.NRGBA {
	v, ok := nights[uint32(c.R)<<16|uint32(c.G)<<8|uint32(c.B)]
	if !ok {
		return c
	}
	d := rgb(v)
	d.A = c.A
	return d
}

var nights = map[uint32]uint32{
	0x000000: 0xe4e7ec, 0xffffff: 0x15181e, // ink, paper
	0xd0d0d0: 0x3a404a, 0xcccccc: 0x4c535f, // grid, edges
	0x0000ff: 0x7ba4ff, 0x008000: 0x55c46b, 0xff0000: 0xff7a70, // letters of formats
	0x00bfbf: 0x4dd4d4, 0xbf00bf: 0xe37fe3, 0xbfbf00: 0xd6d64a,
	0x1f77b4: 0x5aa9e6, 0xff7f0e: 0xffa24d, 0x2ca02c: 0x58c765, 0xd62728: 0xf47174, 0x9467bd: 0xb795e2, // the cycle
	0x8c564b: 0xc48f83, 0xe377c2: 0xf29dd8, 0x7f7f7f: 0xa9adb5, 0xbcbd22: 0xd3d452, 0x17becf: 0x4fd6e4,
	0xe8f0fb: 0x1b2a40, 0x2f6fb7: 0x74aef0, // the tints of diagrams: fill and edge
	0xfdeedd: 0x3a2a18, 0xc46a10: 0xf0a557,
	0xe6f4e7: 0x1a3121, 0x2f8540: 0x6cc985,
	0xfbe7e7: 0x3c2023, 0xbf3d3d: 0xf0858a,
	0xf1eafa: 0x2c2342, 0x7a4fb5: 0xb99af0,
	0xfbf5d6: 0x343019, 0x9a7d0a: 0xdcc35a,
	0xe0f4f4: 0x163234, 0x1f8087: 0x64c8d0,
	0xf2f3f5: 0x23272f, 0x5f6773: 0x9aa3b1,
}
