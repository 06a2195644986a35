package plot

import (
	"bytes"
	"math"
	"sync"
	"testing"
)

// twice, lost and unbraced are diagrams that contradict themselves.
func twice() *Figure {
	a := Circle("a")
	return NewDiagram("x", Row(a, a)).Figure()
}

func lost() *Figure {
	a := Box("a")
	d := NewDiagram("x", a)
	d.Arrow(a, Box("b"))
	return d.Figure()
}

func unbraced() *Figure {
	d := NewDiagram("x", Box("a"))
	d.Brace(Left, "all")
	return d.Figure()
}

// Whatever labels and measures a diagram has, it is drawn or refused.
func TestNothingBreaksADiagram(t *testing.T) {
	rnd := noise(5)
	labels := []string{"", "a", "$", "$$$", "$x_{", "$\\", "$\\hat", "$^$", "\x00\xff", "a\nb\n\n", "</svg>", "$\\frac{a}{b}$", "$x_{a_{b_{c}}}^{d}$", "∗", "+", "×"}
	pick := func() string { return labels[int(rnd.next()*float64(len(labels)))] }
	size := func() float64 {
		return []float64{0, 1e-9, 1, 20, 300, 5000, -1, math.NaN(), math.Inf(1)}[int(rnd.next()*12)%9]
	}
	var grow func(depth int) *Node
	grow = func(depth int) *Node {
		if depth == 0 {
			leaf := []*Node{Box(pick()), Circle(pick()), Words(pick()), Block(pick(), 10, 20, 5), Sheets(pick(), 3, 10, 10), Cells([]string{pick()}, nil), Blank(0, 3), Op(pick()), {}, Space(1, 1)}
			return leaf[int(rnd.next()*float64(len(leaf)))].Tint(Tint(10 * rnd.next()))
		}
		a, b := grow(depth-1), grow(depth-1)
		return []*Node{Row(a, b).Align(Align(4 * rnd.next())), Column(a, b).Stretch(), Table(1, a, nil, b), Group(pick(), Row(a, b.Level(a))), Row(), Table(3)}[int(rnd.next()*6)]
	}
	drawn := 0
	for range 300 {
		root := grow(1 + int(rnd.next()*3))
		d := NewDiagram("some alternative text", root)
		if len(root.kids) > 1 {
			a, b := root.kids[0], root.kids[1]
			d.Arrow(a, b).Words(pick())
			d.Arrow(a, b).Route(Side(5*rnd.next()), Side(6*rnd.next())).Offset(rnd.next(), size()).Dashed()
			d.Line(a, a).Route(Top, Bottom).Curved().At(rnd.next()).Words(pick())
			d.Brace(Side(6*rnd.next()), pick(), a, b)
			if rnd.next() < 0.3 {
				a.Size(size(), size()).Font(size())
			}
		}
		svg, err := d.SVG()
		if err != nil {
			continue
		}
		drawn++
		if err := wellFormed(svg); err != nil {
			t.Fatalf("%v\n%s", err, svg)
		}
		if _, err := d.PNG(0.2); err != nil {
			t.Fatal(err)
		}
		d.Text(80, 24)
	}
	if drawn < 150 {
		t.Errorf("only %d of 300 diagrams were drawn", drawn)
	}
}

// A server renders one figure for several readers at a time.
func TestRenderAtTheSameTime(t *testing.T) {
	d := lstm()
	want, err := d.SVG()
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			got, err := d.SVG()
			if err != nil || !bytes.Equal(got, want) {
				t.Error("a diagram rendered twice at the same time differs", err)
			}
			d.Text(100, 30)
		})
	}
	wg.Wait()
}
