package show

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Bar is the state of a progress line. It holds no clock and writes nothing:
// a display keeps one, sets its fields and prints what Line returns.
type Bar struct {
	Label       string
	Done, Total int           // units; a Total of zero or less is unknown
	Elapsed     time.Duration // since the start
	Note        string        // shown behind everything else, e.g. "loss 0.312"
}

// Fraction returns how much is done, in [0, 1]; 0 if the total is unknown.
func (b Bar) Fraction() float64 {
	if b.Total <= 0 {
		return 0
	}
	return min(max(float64(b.Done)/float64(b.Total), 0), 1)
}

// ETA returns the time left if the rest goes on at the mean speed so far, and
// whether that can be said: not before the first unit and not without a total.
func (b Bar) ETA() (time.Duration, bool) {
	if b.Total <= 0 || b.Done <= 0 || b.Elapsed <= 0 {
		return 0, false
	}
	left := max(b.Total-b.Done, 0)
	return time.Duration(float64(b.Elapsed) * float64(left) / float64(b.Done)), true
}

// barWidths are the widths of a drawn bar: few, so that it does not breathe
// with every digit behind it.
var barWidths = [...]int{30, 20, 10}

// Line formats b in at most width characters, such as
//
//	train ━━━━━━━━━───────────  45% 106/235 0:12, 0:15 left  loss 0.312
//
// Where there is no room the bar goes first, then the end of the note.
func (b Bar) Line(width int) string {
	var parts []string
	if b.Total > 0 {
		parts = append(parts, fmt.Sprintf("%3d%%", int(100*b.Fraction())), fmt.Sprintf("%*d/%d", len(fmt.Sprint(b.Total)), b.Done, b.Total))
	} else {
		parts = append(parts, fmt.Sprint(b.Done))
	}
	clock := FormatDuration(b.Elapsed)
	if eta, ok := b.ETA(); ok && b.Done < b.Total {
		clock += ", " + FormatDuration(eta) + " left"
	}
	text := strings.Join(append(parts, clock), " ")
	if b.Note != "" {
		text += "  " + oneLine(b.Note)
	}
	head := ""
	if b.Label != "" {
		head = oneLine(b.Label) + " "
	}
	for _, n := range barWidths {
		if b.Total > 0 && runes(head)+n+1+runes(text) <= width {
			return head + drawBar(b.Fraction(), n) + " " + text
		}
	}
	return cut(head+strings.TrimLeft(text, " "), width)
}

// drawBar draws a bar of n characters in half steps.
func drawBar(fraction float64, n int) string {
	halves := int(fraction * float64(2*n))
	s := strings.Repeat("━", halves/2)
	if halves%2 == 1 {
		s += "╸"
	}
	return s + strings.Repeat("─", n-(halves+1)/2)
}

// FormatDuration returns d as minutes and seconds, "0:07", or with hours, "1:02:03".
func FormatDuration(d time.Duration) string {
	s := int(max(d, 0).Round(time.Second) / time.Second)
	if s < 3600 {
		return fmt.Sprintf("%d:%02d", s/60, s%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}

// runes returns the number of characters of s.
func runes(s string) int { return utf8.RuneCountInString(s) }

// cut shortens s to n characters, the last an ellipsis if anything is lost.
func cut(s string, n int) string {
	if runes(s) <= n {
		return s
	}
	if n < 1 {
		return ""
	}
	return string([]rune(s)[:n-1]) + "…"
}

// oneLine replaces line breaks and other control characters by spaces.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}
