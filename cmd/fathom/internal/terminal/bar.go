package terminal

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// line is the bar in cols columns: "epochs ######.... 3/5  12.0s, 8.0s left  loss 0.31".
func (b *bar) line(now time.Time, cols int) string {
	tail := " " + b.count() + "  " + b.times(now)
	if b.state.Note != "" {
		tail += "  " + b.state.Note
	}
	if b.state.Total <= 0 {
		return b.state.Label + tail
	}
	width := min(30, cols-2-utf8.RuneCountInString(b.state.Label)-utf8.RuneCountInString(tail))
	if width < 5 {
		return b.state.Label + tail
	}
	full := min(b.state.Count, b.state.Total) * width / b.state.Total
	return b.state.Label + " " + strings.Repeat("━", full) + strings.Repeat("·", width-full) + tail
}

func (b *bar) plain(now time.Time) string {
	line := fmt.Sprintf("%s %s, %s", b.state.Label, b.count(), b.times(now))
	if b.state.Note != "" {
		line += ", " + b.state.Note
	}
	return line
}

// closed is the line that stays.
func (b *bar) closed(now time.Time) string {
	line := fmt.Sprintf("%s %s in %s", b.state.Label, b.count(), duration(now.Sub(b.start)))
	if b.state.Note != "" {
		line += ", " + b.state.Note
	}
	return line
}

func (b *bar) count() string {
	if b.state.Total <= 0 {
		return units(b.state.Count, b.state.Count)
	}
	return units(b.state.Count, b.state.Total) + "/" + units(b.state.Total, b.state.Total)
}

// units writes n, in millions where the total is large (bytes).
func units(n, total int) string {
	if total < 1e6 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%.1fM", float64(n)/1e6)
}

// times is the time spent and the time left at the speed so far.
func (b *bar) times(now time.Time) string {
	spent := now.Sub(b.start)
	text := duration(spent)
	if n, total := b.state.Count, b.state.Total; n > 0 && n < total {
		left := time.Duration(float64(spent) / float64(n) * float64(total-n))
		text += ", " + duration(left) + " left"
	}
	return text
}

// duration is rounded to what a reader wants: 0.3s, 12.0s, 3m05s, 1h02m.
func duration(d time.Duration) string {
	switch {
	case d < 59950*time.Millisecond:
		return fmt.Sprintf("%.1fs", d.Seconds())
	case d < time.Hour-time.Second/2:
		s := int(d.Round(time.Second).Seconds())
		return fmt.Sprintf("%dm%02ds", s/60, s%60)
	default:
		m := int(d.Round(time.Minute).Minutes())
		return fmt.Sprintf("%dh%02dm", m/60, m%60)
	}
}
