package terminal

import (
	"fmt"
	"strings"
)

// redraw draws the area anew unless that was done a moment ago.
func (s *Sink) redraw() {
	if s.opts.Live && s.opts.Now().Sub(s.drawn) >= redrawEvery {
		s.draw("")
	}
}

// draw writes text (whole lines) in the place of the area and the area below it. All goes
// out in one write, every line over the old one, so that nothing flickers.
func (s *Sink) draw(text string) {
	s.drawn = s.opts.Now()
	area := s.lines()
	if s.area == 0 && len(area) == 0 {
		s.write(text)
		return
	}
	var b strings.Builder
	b.WriteString("\x1b[?2026h") // terminals that can, show the whole frame at once
	if s.area > 1 {
		fmt.Fprintf(&b, "\x1b[%dA", s.area-1)
	}
	b.WriteString("\r")
	if text != "" {
		for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
			b.WriteString(line + "\x1b[K\n")
		}
	}
	b.WriteString(strings.Join(area, "\x1b[K\n"))
	b.WriteString("\x1b[K\x1b[J\x1b[?2026l")
	s.write(b.String())
	s.area = len(area)
}

// lines is the area: the begun line of text, the newest chart, the progress lines, cut to the
// terminal's size.
func (s *Sink) lines() []string {
	cols, rows := s.size()
	var area []string
	if s.partial != "" {
		area = append(area, strings.Split(s.partial, "\n")...)
	}
	for i, l := range area {
		area[i] = clip(l, cols-1)
	}
	if n := len(s.charts); n > 0 {
		f := s.charts[n-1].fig
		if room := rows - len(s.bars) - 4; room >= 6 && s.drawable(f) {
			area = append(area, s.drawing(f, room)...)
		}
	}
	for _, b := range s.bars { // with room for the ^C that the terminal writes behind the last line
		area = append(area, clip(b.line(s.opts.Now(), cols-2), cols-3))
	}
	if len(area) > rows-1 {
		area = area[len(area)-rows+1:]
	}
	return area
}

// size is that of the terminal, with a floor.
func (s *Sink) size() (cols, rows int) {
	cols, rows = s.opts.Size()
	return max(cols, 20), max(rows, 6)
}

// clip cuts a line to n runes, so that it does not wrap. Tabs count as one blank.
func clip(line string, n int) string {
	runes := []rune(strings.ReplaceAll(line, "\t", " "))
	if len(runes) > n {
		runes = runes[:n]
	}
	return string(runes)
}
