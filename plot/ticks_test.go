package plot

import (
	"math"
	"strings"
	"testing"
)

func always([]tick) bool { return true }

func labels(t ticks) string {
	var out []string
	for _, m := range t.marks {
		if !m.minor {
			out = append(out, m.text())
		}
	}
	if t.note != "" {
		out = append(out, "("+t.note+")")
	}
	return strings.Join(out, " ")
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		s    axis
		n    int
		want string
	}{
		{axis{0, 10, false}, 6, "0 2 4 6 8 10"},
		{axis{1, 10, false}, 5, "2 4 6 8 10"},
		{axis{10, 1, false}, 5, "2 4 6 8 10"},
		{axis{-0.145, 3.045, false}, 9, "0.0 0.5 1.0 1.5 2.0 2.5 3.0"},
		{axis{0, 0.9, false}, 5, "0.0 0.2 0.4 0.6 0.8"},
		{axis{-1, 1, false}, 3, "-1 0 1"},
		{axis{0, 4e6, false}, 5, "0 1 2 3 4 (1e6)"},
		{axis{0, 4e-7, false}, 5, "0 1 2 3 4 (1e-7)"},
		{axis{1000000, 1000004, false}, 5, "0 1 2 3 4 (+1000000)"},
		{axis{-1000004, -1000000, false}, 9, "6.0 6.5 7.0 7.5 8.0 8.5 9.0 9.5 10.0 (-1000010)"},
		{axis{1e-3, 1e2, true}, 9, "1e-3 1e-2 1e-1 1e0 1e1 1e2"},
		{axis{1e-3, 1e2, true}, 3, "1e-2 1e0 1e2"},
		{axis{0.15, 0.9, true}, 9, "0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9"},
		{axis{0.15, 0.9, true}, 3, "0.25 0.50 0.75"},
		{axis{1e-300, 1e300, true}, 4, "1e-151 1e0 1e151"},
	} {
		if got := labels(ticksFor(c.s, c.n, always)); got != c.want {
			t.Errorf("%v, at most %d: %s; want %s", c.s, c.n, got, c.want)
		}
	}
}

func TestTicksOfAnyRange(t *testing.T) {
	rnd := noise(3)
	for range 20000 {
		lo := (rnd.next() - 0.5) * math.Pow(10, 600*rnd.next()-300)
		e := newExtent()
		e.add(lo)
		e.add(lo + math.Pow(10, 600*rnd.next()-300))
		s := axis{}
		s.lo, s.hi = fit(e, Range{}, s, 0.05)
		n := 1 + int(9*rnd.next())
		got := ticksFor(s, n, always)
		if len(got.marks) > n {
			t.Fatalf("%v: %d ticks, at most %d wanted", s, len(got.marks), n)
		}
		if n >= 5 && len(got.marks) < 2 {
			t.Fatalf("%v: only %d ticks of %d", s, len(got.marks), n)
		}
		for i, m := range got.marks {
			if p := s.at(m.v); !(p > -1e-4 && p < 1+1e-4) {
				t.Fatalf("%v: tick %v at %v", s, m, p)
			}
			if len(m.label) > 12 {
				t.Fatalf("%v: long label %q", s, m.label)
			}
			if i > 0 && m.label == got.marks[i-1].label {
				t.Fatalf("%v: label %q twice", s, m.label)
			}
		}
	}
}

func TestLimits(t *testing.T) {
	line := &Line{X: []float64{0, 1, 2, 3}, Y: []float64{100, 1, 2, 3}}
	for _, c := range []struct {
		a    Axes
		x, y axis
	}{
		{Axes{Items: []Item{line}}, axis{-0.15, 3.15, false}, axis{-3.95, 104.95, false}},
		{Axes{XLim: Range{1, 1}, Items: []Item{line}}, axis{-0.15, 3.15, false}, axis{-3.95, 104.95, false}},
		{Axes{XLim: Range{1, 3}, Items: []Item{line}}, axis{1, 3, false}, axis{0.9, 3.1, false}},
		{Axes{XLim: Range{3, 1}, Items: []Item{line}}, axis{3, 1, false}, axis{0.9, 3.1, false}},
		{Axes{YLim: Range{0, math.NaN()}, Items: []Item{line}}, axis{-0.15, 3.15, false}, axis{0, 104.95, false}},
		{Axes{}, axis{0, 1, false}, axis{0, 1, false}},
		{Axes{YScale: Log}, axis{0, 1, false}, axis{1, 10, true}},
		{Axes{YScale: Log, YLim: Range{-1, 100}, Items: []Item{&HLine{Y: 10}}}, axis{0, 1, false}, axis{math.Pow(9, -0.05) * 10 / 3, 100, true}},
		{Axes{Items: []Item{&HLine{Y: 10}}}, axis{0, 1, false}, axis{9.45, 10.55, false}},
		{Axes{Items: []Item{&Image{Height: 2, Width: 4, Channels: 1, Pix: make([]float64, 8)}}}, axis{-0.5, 3.5, false}, axis{1.5, -0.5, false}},
	} {
		x, y := c.a.axes()
		if !close(x, c.x) || !close(y, c.y) {
			t.Errorf("%+v: %v and %v, want %v and %v", c.a, x, y, c.x, c.y)
		}
	}
}

func close(a, b axis) bool {
	return a.log == b.log && math.Abs(a.lo-b.lo) < 1e-9 && math.Abs(a.hi-b.hi) < 1e-9
}

func TestClip(t *testing.T) {
	r := rect{0, 0, 10, 10}
	nan := math.NaN()
	for _, c := range []struct {
		in   []point
		want [][]point
	}{
		{[]point{{-5, 5}, {15, 5}}, [][]point{{{0, 5}, {10, 5}}}},
		{[]point{{1, 1}, {1, 20}, {9, 20}, {9, 1}}, [][]point{{{1, 1}, {1, 10}}, {{9, 10}, {9, 1}}}},
		{[]point{{1, 1}, {nan, 2}, {3, 3}, {4, 5}}, [][]point{{{3, 3}, {4, 5}}}},
		{[]point{{20, 20}, {30, 5}}, nil},
		{[]point{{1, 1}, {2, 2}, {3, 3}, {4, 4}}, [][]point{{{1, 1}, {4, 4}}}},
	} {
		got := clip(c.in, r)
		same := len(got) == len(c.want)
		for i := range got {
			same = same && len(got[i]) == len(c.want[i])
			for j := range got[i] {
				same = same && got[i][j] == c.want[i][j]
			}
		}
		if !same {
			t.Errorf("%v: %v, want %v", c.in, got, c.want)
		}
	}
}
