package plot

import (
	"fmt"
	"math"
)

// steps returns n numbers from a on.
func steps(a, step float64, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = a + step*float64(i)
	}
	return out
}

// apply returns f of every x.
func apply(f func(float64) float64, x []float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = f(v)
	}
	return out
}

// noise is a small generator, so that the figures never change.
type noise uint64

func (n *noise) next() float64 {
	*n = *n*6364136223846793005 + 1442695040888963407
	return float64(*n>>11) / (1 << 53)
}

func (n *noise) normal() float64 {
	return math.Sqrt(-2*math.Log(1-n.next())) * math.Cos(2*math.Pi*n.next())
}

// training is the figure of 3.6 and 6.6 after some epochs.
func training(epochs float64) *Figure {
	var x, loss, acc []float64
	for e := 0.2; e <= epochs+1e-9; e += 0.2 {
		x = append(x, e)
		loss = append(loss, 0.45+1.9*math.Exp(-e/1.3))
		acc = append(acc, 0.83-0.75*math.Exp(-e/1.5))
	}
	n := int(epochs + 1e-9)
	test := apply(func(e float64) float64 { return 0.81 - 0.8*math.Exp(-e/1.4) + 0.03*math.Sin(5*e) }, steps(1, 1, n))
	return New(&Axes{XLabel: "epoch", XLim: Range{1, 10}, Legend: true, Grid: true, Items: []Item{
		&Line{X: x, Y: loss, Label: "train loss", Format: "-"},
		&Line{X: x, Y: acc, Label: "train acc", Format: "m--"},
		&Line{X: steps(1, 1, n), Y: test, Label: "test acc", Format: "g-."},
	}})
}

// digit draws something like a picture of h x w cells.
func digit(h, w, k int) *Image {
	im := &Image{Height: h, Width: w, Channels: 1, Map: "gray", Pix: make([]float64, h*w)}
	for i := range h {
		for j := range w {
			y, x := 2*float64(i)/float64(h-1)-1, 2*float64(j)/float64(w-1)-1
			r := math.Hypot(x, y)
			im.Pix[i*w+j] = math.Exp(-20 * math.Pow(r-0.5-0.1*math.Sin(float64(k)*math.Atan2(y, x)), 2))
		}
	}
	return im
}

// figures are one of every kind.
func figures() map[string]*Figure {
	all := kinds()
	for name, f := range curveFigures() {
		all[name] = f
	}
	for name, d := range diagrams() {
		all["d-"+name] = d.Figure()
	}
	return all
}

// curveFigures are those of curves, dots and pictures.
func curveFigures() map[string]*Figure {
	nan, inf := math.NaN(), math.Inf(1)
	figs := map[string]*Figure{}

	x := steps(0, 0.1, 30)
	figs["tangent"] = New(&Axes{XLabel: "x", YLabel: "f(x)", Legend: true, Grid: true, Items: []Item{
		&Line{X: x, Y: apply(func(x float64) float64 { return 3*x*x - 4*x }, x), Label: "f(x)", Format: "-"},
		&Line{X: x, Y: apply(func(x float64) float64 { return 2*x - 3 }, x), Label: "Tangent line (x=1)", Format: "m--"},
	}})

	dice := &Axes{XLabel: "Groups of experiments", YLabel: "Estimated probability", Legend: true}
	rnd, counts := noise(1), [6]float64{}
	curves := make([][]float64, 6)
	for i := range 500 {
		for range 10 {
			counts[int(6*rnd.next())]++
		}
		for k := range curves {
			curves[k] = append(curves[k], counts[k]/float64(10*(i+1)))
		}
	}
	for k, y := range curves {
		dice.Add(&Line{Y: y, Label: fmt.Sprintf("P(die=%d)", k+1)})
	}
	dice.Add(&HLine{Y: 0.167})
	figs["dice"] = &Figure{Width: 6, Height: 4.5, Axes: []*Axes{dice}, Alt: "Relative frequencies of six faces settle near one sixth."}

	x = steps(-7, 0.01, 1400)
	normal := func(mu, sigma float64) []float64 {
		return apply(func(x float64) float64 {
			return math.Exp(-(x-mu)*(x-mu)/(2*sigma*sigma)) / (sigma * math.Sqrt(2*math.Pi))
		}, x)
	}
	figs["normal"] = &Figure{Width: 4.5, Height: 2.5, Axes: []*Axes{{XLabel: "x", YLabel: "p(x)", Legend: true, Grid: true, Items: []Item{
		&Line{X: x, Y: normal(0, 1), Label: "mean 0, std 1", Format: "-"},
		&Line{X: x, Y: normal(0, 2), Label: "mean 0, std 2", Format: "m--"},
		&Line{X: x, Y: normal(3, 1), Label: "mean 3, std 1", Format: "g-."},
		&Line{X: x, Y: apply(func(x float64) float64 { return 0.1 + 0.01*x }, x), Label: "a fourth", Format: "r:"},
	}}}}

	rnd = 2
	dots := &Scatter{Size: 1.2}
	for range 1000 {
		v := rnd.normal()
		dots.X, dots.Y = append(dots.X, v), append(dots.Y, 4.2-3.4*v+2*rnd.normal())
	}
	figs["scatter"] = New(&Axes{Items: []Item{dots}})

	figs["training"] = training(10)
	figs["training-start"] = training(1)

	x = steps(1, 20, 21)
	figs["log"] = New(&Axes{XLabel: "epoch", YLabel: "loss", XLim: Range{1, 400}, YLim: Range{1e-3, 1e2}, YScale: Log, Legend: true, Grid: true, Items: []Item{
		&Line{X: x, Y: apply(func(x float64) float64 { return 30*math.Exp(-x/25) + 0.01 }, x), Label: "train", Format: "-"},
		&Line{X: x, Y: apply(func(x float64) float64 { return 40*math.Exp(-x/25) + 0.02 }, x), Label: "test", Format: "m--"},
	}})
	x = apply(func(k float64) float64 { return k * k }, steps(1, 1, 68))
	figs["loglog"] = New(&Axes{XLabel: "token: x", YLabel: "frequency: n(x)", XScale: Log, YScale: Log, Grid: true, Items: []Item{
		&Line{X: x, Y: apply(func(x float64) float64 { return 2300 / math.Pow(x, 0.9) }, x)},
	}})
	figs["log-narrow"] = New(&Axes{YScale: Log, Items: []Item{&Line{Y: []float64{0.3, 0.25, 0.22, 0.18, 0.17}}}})

	tiles := NewGrid(2, 9, 13.5, 3)
	names := []string{"t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"}
	for i, a := range tiles.Axes {
		a.Hidden, a.Title = true, names[i%10]
		a.Add(digit(28, 28, i))
	}
	figs["tiles"] = tiles
	pred := NewGrid(1, 6, 9, 1.5)
	for i, a := range pred.Axes {
		a.Hidden, a.Title = true, names[i]+"\n"+names[(i*7)%10]
		a.Add(digit(28, 28, i))
		a.Items[0].(*Image).Map = ""
	}
	figs["predictions"] = pred

	heat := &Image{Height: 10, Width: 10, Channels: 1, Map: "Reds", Pix: make([]float64, 100)}
	for i := range 10 {
		heat.Pix[11*i] = 1
	}
	figs["heatmap"] = &Figure{Width: 2.5, Height: 2.5, Axes: []*Axes{{XLabel: "Keys", YLabel: "Queries", Items: []Item{heat}}}}
	rgb := &Image{Height: 40, Width: 60, Channels: 3}
	for i := range 40 {
		for j := range 60 {
			rgb.Pix = append(rgb.Pix, float64(i)/39, float64(j)/59, 0.5+0.5*math.Sin(float64(i*j)/50))
		}
	}
	figs["photo"] = New(&Axes{Title: "three channels", Items: []Item{rgb}})

	grid := NewGrid(2, 2, 6, 4)
	for i, a := range grid.Axes {
		a.Title, a.XLabel, a.YLabel, a.Grid, a.Legend = fmt.Sprintf("panel %d", i), "time", "x", i%2 == 0, true
		k := math.Pow(10, float64(3*i))
		x := steps(0, 1, 50)
		a.Add(&Line{X: x, Y: apply(func(x float64) float64 { return k * math.Sin(x/5) }, x), Label: "series"})
	}
	figs["grid"] = grid

	figs["empty"] = New(&Axes{XLabel: "epoch", YLabel: "loss", Title: "nothing yet", XLim: Range{1, 10}})
	figs["holes"] = New(&Axes{Title: "a < b & \"c\" — höhe", XLabel: "with <holes>", Legend: true, Items: []Item{
		&Line{X: steps(0, 1, 9), Y: []float64{1, 2, nan, 3, inf, 2, 1, -inf, 4}, Label: "NaN & inf"},
		&Line{X: []float64{0, 4, 8}, Y: []float64{nan, nan, nan}, Label: "nothing"},
		&Scatter{X: []float64{1, nan, 5}, Y: []float64{3, 2, 1e305}, Label: "dots"},
	}})
	figs["markers"] = New(&Axes{Legend: true, Items: []Item{
		&Line{Y: steps(0, 1, 6), Format: "o-", Label: "o-"}, &Line{Y: steps(1, 1, 6), Format: "s", Label: "s"},
		&Line{Y: steps(2, 1, 6), Format: "^--", Label: "^--"}, &Line{Y: steps(3, 1, 6), Format: "kx", Label: "kx"},
		&Line{Y: steps(4, 1, 6), Format: "r+:", Label: "r+:"}, &Line{Y: steps(5, 1, 6), Format: ".", Label: "."},
		&Scatter{X: steps(0, 1, 6), Y: steps(7, 1, 6), Color: "#ff000080", Size: 12, Label: "alpha"},
	}})
	figs["far"] = New(&Axes{XLabel: "step", YLabel: "value", Items: []Item{
		&Line{X: steps(1e6, 1e6, 9), Y: steps(100000.001, 0.001, 9)},
	}})
	figs["long"] = New(&Axes{Title: "A title that is far too long to fit above so small a figure, and goes on",
		XLabel: "epoch", YLabel: "a name of the vertical axis that is too long as well", Legend: true, Items: []Item{
			&Line{Y: steps(0, 1, 5), Label: "a label that is much longer than a legend should ever have to hold"},
			&Line{Y: steps(5, -1, 5), Label: "short"},
		}})
	return figs
}
