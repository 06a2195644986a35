package plot

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// The counts are those of numpy.histogram([0, 0.5, 1, 1, 2.5, 4, nan, inf], 4, (0, 4)).
func TestHistCounts(t *testing.T) {
	h := &Hist{Bins: 4, Range: Range{0, 4}, Series: []Series{{Y: []float64{0, 0.5, 1, 1, 2.5, 4, math.NaN(), math.Inf(1)}}}}
	if _, _, c := h.bins(); !slices.Equal(c[0], []float64{2, 2, 1, 1}) {
		t.Errorf("counts are %v", c[0])
	}
	h.Density = true
	area := 0.0
	h.each(func(_ int, x0, x1, y float64) { area += (x1 - x0) * y })
	if math.Abs(area-1) > 1e-12 {
		t.Errorf("area of a density is %v", area)
	}
}

func TestBarsStandWhereTheyShould(t *testing.T) {
	type box struct{ c0, c1, v0, v1 float64 }
	list := func(b *Bars) (out []box) {
		b.each(func(_ int, c0, c1, v0, v1 float64) { out = append(out, box{c0, c1, v0, v1}) })
		return out
	}
	two := []Series{{Y: []float64{1, -2}}, {Y: []float64{3, 4}}}
	if got := list(&Bars{Series: two, Width: 1}); !slices.Equal(got, []box{{-0.5, 0, 0, 1}, {0, 0.5, 0, 3}, {0.5, 1, 0, -2}, {1, 1.5, 0, 4}}) {
		t.Errorf("grouped: %v", got)
	}
	if got := list(&Bars{Series: two, Width: 1, Stacked: true}); !slices.Equal(got, []box{{-0.5, 0.5, 0, 1}, {-0.5, 0.5, 1, 4}, {0.5, 1.5, 0, -2}, {0.5, 1.5, 0, 4}}) {
		t.Errorf("stacked: %v", got)
	}
}

// The curves of x^2 + y^2 are circles, each in one closed piece.
func TestContourOfACircle(t *testing.T) {
	x := steps(-2, 0.1, 41)
	c := &Contour{X: x, Y: x, Z: grid(func(x, y float64) float64 { return x*x + y*y }, x, x)}
	p := &panel{Axes: &Axes{}, frame: rect{0, 0, 400, 400}, x: axis{lo: -2, hi: 2}, y: axis{lo: -2, hi: 2}}
	lines := c.lines(p, 1)
	if len(lines) != 1 || lines[0][0] != lines[0][len(lines[0])-1] {
		t.Fatalf("%d pieces", len(lines))
	}
	for _, q := range lines[0] {
		if r := math.Hypot(q.x-200, q.y-200) / 100; math.Abs(r-1) > 0.005 {
			t.Errorf("radius %v at %v", r, q)
		}
	}
}

// Near faces are drawn after far ones.
func TestSurfaceFromFarToNear(t *testing.T) {
	x := []float64{0, 1}
	far, near := &Surface{X: x, Y: []float64{2, 3}, Z: make([]float64, 4)}, &Surface{X: x, Y: []float64{0, 1}, Z: make([]float64, 4)}
	v := (&Axes{Items: []Item{near, far}}).solids() // seen from -60 degrees: small y is near
	v.fitTo(rect{0, 0, 100, 100}, false)
	if a, b := far.faces(v, format{})[0].depth, near.faces(v, format{})[0].depth; a >= b {
		t.Errorf("the far face has depth %v, the near one %v", a, b)
	}
}

// A view from straight above shows the floor as it is.
func TestViewFromAbove(t *testing.T) {
	v := (&Axes{View: View{-90, 90}, Items: []Item{&Line3D{X: []float64{0, 1}, Y: []float64{0, 1}, Z: []float64{0, 1}}}}).solids()
	v.fitTo(rect{0, 0, 100, 100}, false)
	for _, c := range []struct{ x, y, z, u, v float64 }{{0, 0, 0, 0, 100}, {1, 0, 1, 100, 100}, {0, 1, 0.5, 0, 0}, {1, 1, 0, 100, 0}} {
		if q, _ := v.at(c.x, c.y, c.z); math.Hypot(q.x-c.u, q.y-c.v) > 1e-9 {
			t.Errorf("(%v, %v, %v) is at %v", c.x, c.y, c.z, q)
		}
	}
}

func TestSharedLimitsHoldAll(t *testing.T) {
	f := NewGrid(1, 2, 4, 2)
	f.ShareY = true
	f.Axes[0].Add(&Line{Y: []float64{0, 1}})
	f.Axes[1].Add(&Line{Y: []float64{-10, 5}})
	l := f.layout(400, 200)
	if l[0].y != l[1].y || l[0].y.lo > -10 || l[0].y.hi < 5 {
		t.Errorf("axes %v and %v", l[0].y, l[1].y)
	}
	if l[1].yt.marks[0].label != "" || l[0].yt.marks[0].label == "" {
		t.Error("labels stand not only at the edge of the grid")
	}
}

func TestChosenTicks(t *testing.T) {
	f := New(&Axes{XTicks: []Tick{{0, "zero"}, {1, ""}, {2, " "}, {9, "outside"}}, YTicks: []Tick{}, Items: []Item{&Line{Y: []float64{5, 6, 7}}}})
	p := f.layout(300, 200)[0]
	var labels []string
	for _, m := range p.xt.marks {
		labels = append(labels, m.label)
	}
	if got := strings.Join(labels, "|"); got != "zero|1|" {
		t.Errorf("labels %q", got)
	}
	if len(p.yt.marks) != 0 {
		t.Errorf("ticks that should not be: %v", p.yt.marks)
	}
}

func TestEqualAxes(t *testing.T) {
	f := New(&Axes{Equal: true, XLim: Range{0, 10}, YLim: Range{0, 1}, Items: []Item{&Line{Y: []float64{0, 1}}}})
	p := f.layout(300, 300)[0]
	if a, b := p.frame.w()/10, p.frame.h()/1; math.Abs(a-b) > pixel {
		t.Errorf("a unit is %v points long and %v high", a, b)
	}
}
