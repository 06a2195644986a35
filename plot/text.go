package plot

import (
	"image/color"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxCells bounds the sides of a text rendering.
const maxCells = 1000

// Text renders f in characters: exactly height lines of exactly width
// characters, so that one picture can be written over the last. Curves are
// drawn in Braille dots, told apart by their dashes; pictures in shades of
// punctuation. A bad figure gives the text of its error.
func (f *Figure) Text(width, height int) string { return f.cells(width, height, false).plain() }

// ANSI is [Figure.Text] with 24-bit colours for a terminal: curves are solid
// in their own colours and pictures have two pixels a character.
func (f *Figure) ANSI(width, height int) string { return f.cells(width, height, true).ansi() }

// cell is a character with its colours; a zero colour is the terminal's own.
type cell struct {
	r      rune
	fg, bg color.NRGBA
}

// screen is a block of cells.
type screen struct {
	w, h  int
	cells []cell
}

func newScreen(w, h int) *screen {
	s := &screen{w: w, h: h, cells: make([]cell, w*h)}
	for i := range s.cells {
		s.cells[i].r = ' '
	}
	return s
}

// put writes text from (x, y) on, dropping what lies outside.
func (s *screen) put(x, y int, text string, fg color.NRGBA) {
	for _, r := range text {
		if r < ' ' {
			r = ' '
		}
		s.set(x, y, cell{r: r, fg: fg})
		x++
	}
}

func (s *screen) set(x, y int, c cell) {
	if x >= 0 && x < s.w && y >= 0 && y < s.h {
		s.cells[y*s.w+x] = c
	}
}

// behind returns the colour behind a cell.
func (s *screen) behind(x, y int) color.NRGBA {
	if x < 0 || x >= s.w || y < 0 || y >= s.h {
		return color.NRGBA{}
	}
	return s.cells[y*s.w+x].bg
}

// plain returns the characters line by line.
func (s *screen) plain() string {
	var b strings.Builder
	b.Grow(len(s.cells) * 2)
	for i, c := range s.cells {
		if i > 0 && i%s.w == 0 {
			b.WriteByte('\n')
		}
		b.WriteRune(c.r)
	}
	return b.String()
}

// ansi returns the characters with escape sequences where colours change.
func (s *screen) ansi() string {
	var b strings.Builder
	b.Grow(len(s.cells) * 4)
	var now cell
	paint := func(kind string, c color.NRGBA) {
		b.WriteString("\x1b[" + kind + "8;2;" + strconv.Itoa(int(c.R)) + ";" + strconv.Itoa(int(c.G)) + ";" + strconv.Itoa(int(c.B)) + "m")
	}
	reset := func() {
		if now != (cell{}) {
			b.WriteString("\x1b[0m")
			now = cell{}
		}
	}
	for i, c := range s.cells {
		if i > 0 && i%s.w == 0 {
			reset()
			b.WriteByte('\n')
		}
		if c.fg != now.fg || c.bg != now.bg {
			reset()
			if c.fg.A != 0 {
				paint("3", c.fg)
			}
			if c.bg.A != 0 {
				paint("4", c.bg)
			}
			now = cell{fg: c.fg, bg: c.bg}
		}
		b.WriteRune(c.r)
	}
	reset()
	return b.String()
}

// cells draws f on a screen.
func (f *Figure) cells(width, height int, colors bool) *screen {
	if width < 1 || height < 1 {
		return newScreen(0, 0)
	}
	s := newScreen(min(width, maxCells), min(height, maxCells))
	if err := f.Check(); err != nil {
		s.put(0, 0, err.Error(), color.NRGBA{})
		return s
	}
	rows, cols := f.grid()
	shared := f.shared()
	w, h, gap := s.w+1, s.h, 0
	if f.pictures() && w >= 2*cols && h >= 4*rows { // all of one size, a line between them
		w, h, gap = w-w%cols, h+1-(h+1)%rows, 1
	}
	for i := range rows {
		for j := range cols {
			a := f.at(i, j)
			if a == nil {
				continue
			}
			x0, x1 := j*w/cols, (j+1)*w/cols-1
			y0, y1 := i*h/rows, (i+1)*h/rows-gap
			p := &textPanel{Axes: a, s: s, colors: colors, x0: x0, y0: y0, x1: x1, y1: y1}
			p.format, p.shared = a.styles(), shared
			if d := a.diagram(); d != nil {
				p.drawDiagram(d)
			} else if a.image() != nil {
				p.drawImage()
			} else {
				p.draw()
			}
		}
	}
	return s
}

// pictures reports whether all axes of f are pictures.
func (f *Figure) pictures() bool {
	for _, a := range f.Axes {
		if a != nil && a.image() == nil {
			return false
		}
	}
	return len(f.Axes) > 0
}

// textPanel is one of a figure's axes on the cells [x0, x1) x [y0, y1).
type textPanel struct {
	*Axes
	s              *screen
	colors         bool
	x0, y0, x1, y1 int
	format         []format
	shared         limits
}

// axes returns the axes of p, those shared with others among them.
func (p *textPanel) axes() (x, y axis) { return p.shared.apply(p.Axes.axes()) }

// center writes text in the middle of the columns [x0, x1), cut if it is longer.
func (p *textPanel) center(x0, x1, y int, text string) {
	text = cutRunes(text, x1-x0)
	p.s.put(x0+(x1-x0-utf8.RuneCountInString(text))/2, y, text, color.NRGBA{})
}

// cutRunes shortens s to n characters.
func cutRunes(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	if n < 1 {
		return ""
	}
	return string([]rune(s)[:n-1]) + "…"
}

// tickColumns is the least room for labels of the vertical axis, so that the
// frame does not move while a curve grows.
const tickColumns = 6

// draw draws curves in a frame with ticks, names, title and legend.
func (p *textPanel) draw() {
	top := p.header()
	bottom := p.y1
	if !p.Hidden {
		bottom -= 2
		if p.XLabel != "" {
			bottom--
		}
	}
	if bottom-top < 2 || p.x1-p.x0 < tickColumns+8 {
		top, bottom = min(top, p.y1-1), p.y1
		if p.Hidden || bottom-top > 0 {
			p.curves(p.x0, top, p.x1, bottom)
		}
		return
	}
	if p.Hidden || p.Axes.solids() != nil {
		p.curves(p.x0, top, p.x1, bottom)
		return
	}
	x, y := p.axes()
	rows := bottom - top
	yt := ticksFor(y, min(9, (rows+2)/2), func(t []tick) bool {
		for i := 1; i < len(t); i++ {
			if abs(rowOf(y, t[i].v, rows)-rowOf(y, t[i-1].v, rows)) < 2 {
				return false
			}
		}
		return true
	})
	yt = own(yt, p.yTicks(), y)
	left := tickColumns
	for _, t := range yt.marks {
		left = max(left, utf8.RuneCountInString(t.text())+1)
	}
	left = min(left, (p.x1-p.x0)/2) + p.x0
	gray := color.NRGBA{}
	if p.colors {
		gray = rgb(0x909090)
	}
	for i := range rows {
		p.s.put(left, top+i, "│", gray)
	}
	for _, t := range yt.marks {
		if t.minor {
			continue
		}
		r := top + rowOf(y, t.v, rows)
		label := cutRunes(t.text(), left-p.x0)
		p.s.put(left-utf8.RuneCountInString(label), r, label, color.NRGBA{})
		p.s.put(left, r, "┤", gray)
	}
	p.s.put(left, bottom, "└"+strings.Repeat("─", p.x1-left-1), gray)
	xt := p.columnTicks(x, left+1, bottom, gray)
	if p.XLabel != "" {
		p.center(left+1, p.x1, bottom+2, withNote(p.XLabel, xt.note))
	} else if xt.note != "" {
		p.s.put(p.x0, bottom+1, cutRunes(xt.note, left-p.x0), color.NRGBA{})
	}
	if p.YLabel == "" && yt.note != "" {
		p.s.put(p.x0, bottom, cutRunes(yt.note, left-p.x0), color.NRGBA{})
	}
	if p.YLabel != "" {
		p.s.put(p.x0, p.y0, cutRunes(withNote(p.YLabel, yt.note), p.x1-p.x0), color.NRGBA{})
	}
	p.curves(left+1, top, p.x1, bottom)
}

// withNote appends what the labels of an axis must be multiplied by.
func withNote(name, note string) string {
	if note == "" {
		return name
	}
	return name + " (" + note + ")"
}

// columnTicks writes the marks of the horizontal axis from column x0 on below row y.
func (p *textPanel) columnTicks(x axis, x0, y int, gray color.NRGBA) ticks {
	cols := p.x1 - x0
	col := func(v float64) int { return int(x.at(v)*float64(cols-1) + 0.5) }
	begin := func(t tick) int { // the column where a label begins
		n := utf8.RuneCountInString(t.text())
		return max(min(x0+col(t.v)-n/2, p.x1-n), p.x0)
	}
	xt := ticksFor(x, 9, func(t []tick) bool {
		for i := 1; i < len(t); i++ {
			a, b := t[i-1], t[i]
			if begin(a) > begin(b) {
				a, b = b, a
			}
			if begin(a)+utf8.RuneCountInString(a.text())+2 > begin(b) {
				return false
			}
		}
		return true
	})
	xt = own(xt, p.xTicks(), x)
	for _, t := range xt.marks {
		if t.minor {
			continue
		}
		p.s.put(x0+col(t.v), y, "┬", gray)
		p.s.put(begin(t), y+1, t.text(), color.NRGBA{})
	}
	return xt
}

// rowOf returns the row, among n of them, where curves have v.
func rowOf(y axis, v float64, n int) int {
	return int(math.Round((1-y.at(v))*float64(4*n-1))) / 4
}

func abs(v int) int { return max(v, -v) }

// header writes title and legend and returns the first row below them. The
// name of the vertical axis stands in the first row.
func (p *textPanel) header() int {
	y := p.y0
	if p.Title != "" {
		x0 := p.x0
		if p.YLabel != "" && !p.Hidden {
			x0 += utf8.RuneCountInString(p.YLabel) + 2
		}
		for i, l := range strings.Split(p.Title, "\n") {
			if i > 0 {
				x0 = p.x0
			}
			p.center(min(x0, p.x1), p.x1, y, l)
			y++
		}
	} else if p.YLabel != "" && !p.Hidden && p.image() == nil {
		y++
	}
	if p.Legend {
		y = p.legend(y)
	}
	return y
}
