package plot

import (
	"fmt"
	"math"
)

// grid returns f over the product of y and x, row by row.
func grid(f func(x, y float64) float64, x, y []float64) []float64 {
	var out []float64
	for _, v := range y {
		for _, u := range x {
			out = append(out, f(u, v))
		}
	}
	return out
}

// normals returns n numbers from a normal distribution.
func normals(seed noise, n int, mu, sigma float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = mu + sigma*seed.normal()
	}
	return out
}

// kinds are figures of every kind of item beyond curves, dots and pictures.
func kinds() map[string]*Figure {
	figs := map[string]*Figure{}
	x := steps(0, 0.25, 41)
	mean := apply(func(x float64) float64 { return math.Sin(x) * math.Exp(-x/8) }, x)
	low, high := make([]float64, 41), make([]float64, 41)
	for i := range x {
		low[i], high[i] = mean[i]-0.1-0.02*x[i], mean[i]+0.1+0.02*x[i]
	}
	figs["band"] = New(&Axes{XLabel: "time", YLabel: "x", Legend: true, Grid: true, Items: []Item{
		&Fill{X: x, Y: low, Y2: high, Color: "C0", Label: "two deviations"},
		&Line{X: x, Y: mean, Format: "C0", Label: "mean"},
		&ErrorBar{X: steps(0.5, 1.5, 7), Y: []float64{0.5, 0.7, -0.2, -0.4, -0.1, 0.5, 0.2}, Low: []float64{0.2, 0.1, 0.2, 0.15, 0.2, 0.1, 0.2}, Format: "C3o", Label: "measured"},
	}})
	x = steps(-2, 0.01, 400)
	bell := apply(func(x float64) float64 { return math.Exp(-x * x) }, x)
	figs["area"] = New(&Axes{XLabel: "x", YLabel: "f(x)", Items: []Item{&Fill{X: x[50:250], Y: bell[50:250], Color: "b"}, &Line{X: x, Y: bell, Format: "b"}}})
	figs["bars"] = New(&Axes{YLabel: "accuracy", Legend: true, YLim: Range{0, 1.4}, Items: []Item{
		&Bars{Names: []string{"MLP", "LeNet", "AlexNet", "ResNet"}, Values: "%.2f", Series: []Series{
			{Y: []float64{0.88, 0.91, 0.93, 0.96}, Label: "train"}, {Y: []float64{0.86, 0.89, 0.9, 0.92}, Label: "test", Hatch: true}}}}})
	figs["stacked"] = New(&Axes{XLabel: "seconds", Legend: true, Items: []Item{
		&Bars{Names: []string{"one device", "two devices", "four devices"}, Stacked: true, Horizontal: true, Series: []Series{
			{Y: []float64{4, 2.1, 1.2}, Label: "compute"}, {Y: []float64{0, 0.4, 0.7}, Label: "communicate"}, {Y: []float64{0.5, 0.5, 0.5}, Label: "load"}}}}})
	figs["slanting"] = New(&Axes{YLabel: "count", XRotate: true, Items: []Item{
		&Bars{Names: []string{"t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"}, Series: []Series{
			{Y: []float64{6, 5, 7, 6, 4, 6, 5, 7, 6, 3}}}}}})
	figs["hist"] = New(&Axes{XLabel: "# tokens per sequence", YLabel: "count", Legend: true, Items: []Item{
		&Hist{Bins: 12, Series: []Series{{Y: normals(3, 2000, 10, 3), Label: "source"}, {Y: normals(4, 2000, 12, 4), Label: "target", Hatch: true}}}}})
	figs["density"] = New(&Axes{XLabel: "x", YLabel: "density", Legend: true, Items: []Item{
		&Hist{Bins: 30, Density: true, Series: []Series{{Y: normals(5, 3000, 0, 1), Label: "sample", Color: "#9ecae1"}}},
		&Line{X: steps(-4, 0.05, 161), Y: apply(func(x float64) float64 { return math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) }, steps(-4, 0.05, 161)), Format: "r--", Label: "normal"},
		&VLine{X: 0.4, Format: "m:", Label: "mean"}}})
	figs["stem"] = New(&Axes{XLabel: "x", YLabel: "p.m.f.", Items: []Item{&Stem{Y: []float64{0.107, 0.268, 0.302, 0.201, 0.088, 0.026, 0.006, 0.001, 0, 0, 0}}}},
		&Axes{XLabel: "x", YLabel: "c.d.f.", Items: []Item{&Line{X: steps(-1, 1, 8), Y: []float64{0, 0.107, 0.376, 0.678, 0.879, 0.967, 0.994, 1}, Step: true}}})
	figs["stem"].Width = 6
	weights := make([]float64, 64)
	for i := range weights {
		weights[i] = math.Exp(-math.Pow(float64(i%8-i/8), 2) / 4)
	}
	figs["values"] = &Figure{Width: 4, Height: 3.2, Axes: []*Axes{{Title: "attention", XLabel: "Keys", YLabel: "Queries", ColorBar: true, Items: []Item{
		&Image{Height: 8, Width: 8, Channels: 1, Pix: weights, Map: "Blues", Values: "%.2f"}}}}}
	heads := NewGrid(2, 4, 7, 3.5)
	heads.ColorBar = true
	heads.ShareX, heads.ShareY = true, true
	for i, a := range heads.Axes {
		im := &Image{Height: 10, Width: 10, Channels: 1, Map: "Reds", Pix: make([]float64, 100)}
		for k := range im.Pix {
			im.Pix[k] = math.Exp(-math.Pow(float64(k%10-k/10-i+3), 2)/(2+float64(i))) / (1 + 0.2*float64(i))
		}
		a.Title = fmt.Sprintf("Head %d", i%4+1)
		if i >= 4 {
			a.XLabel = "Key positions"
		}
		if i%4 == 0 {
			a.YLabel = "Query positions"
		}
		a.Add(im)
	}
	figs["heads"] = heads
	x, y := steps(-5.5, 0.1, 67), steps(-3, 0.1, 61)
	f := func(x, y float64) float64 { return x*x + 2*y*y }
	trace := &Line{Format: "C1o-"}
	for u, v, i := -5.0, -2.0, 0; i < 20; i++ {
		trace.X, trace.Y = append(trace.X, u), append(trace.Y, v)
		u, v = u-0.2*u, v-0.4*v
	}
	figs["trace"] = New(&Axes{XLabel: "x1", YLabel: "x2", Items: []Item{&Contour{X: x, Y: y, Z: grid(f, x, y), Color: "C0", Labels: true, Levels: []float64{1, 4, 9, 16, 25, 36}}, trace}})
	peaks := func(x, y float64) float64 {
		return 3*(1-x)*(1-x)*math.Exp(-x*x-(y+1)*(y+1)) - 10*(x/5-x*x*x-y*y*y*y*y)*math.Exp(-x*x-y*y) - math.Exp(-(x+1)*(x+1)-y*y)/3
	}
	x, y = steps(-3, 0.1, 61), steps(-3, 0.1, 61)
	figs["filled"] = &Figure{Width: 4, Height: 3, Axes: []*Axes{{Equal: true, ColorBar: true, XLabel: "x", YLabel: "y", Items: []Item{
		&Contour{X: x, Y: y, Z: grid(peaks, x, y), Filled: true, Count: 11}, &Contour{X: x, Y: y, Z: grid(peaks, x, y), Color: "k", Count: 11}}}}}
	figs["surface"] = &Figure{Width: 4, Height: 3, Axes: []*Axes{{XLabel: "x", YLabel: "y", ZLabel: "z", ColorBar: true, Items: []Item{
		&Surface{X: x, Y: y, Z: grid(peaks, x, y)}}}}}
	x = steps(-1, 0.02, 101)
	saddle := func(x, y float64) float64 { return x*x - y*y }
	ticks := []Tick{{At: -1}, {At: 0}, {At: 1}}
	figs["wireframe"] = &Figure{Width: 4, Height: 3, Axes: []*Axes{{XLabel: "x", YLabel: "y", XTicks: ticks, YTicks: ticks, ZTicks: ticks, Items: []Item{
		&Surface{X: x, Y: x, Z: grid(saddle, x, x), Wire: true, Stride: 10},
		&Line3D{X: []float64{0}, Y: []float64{0}, Z: []float64{0}, Format: "rx"}}}}}
	var q Quiver
	for i := -4.0; i <= 4; i++ {
		for j := -3.0; j <= 3; j++ {
			q.X, q.Y, q.U, q.V = append(q.X, i), append(q.Y, j), append(q.U, -2*i), append(q.V, -4*j)
		}
	}
	figs["quiver"] = New(&Axes{XLabel: "x", YLabel: "y", Title: "steepest descent", Equal: true, Items: []Item{&q}})
	x = steps(0.5, 0.01, 100)
	risk := apply(func(x float64) float64 { return x * math.Cos(math.Pi*x) }, x)
	empirical := apply(func(x float64) float64 { return x*math.Cos(math.Pi*x) + 0.2*math.Cos(5*math.Pi*x) }, x)
	figs["notes"] = &Figure{Width: 4.5, Height: 2.5, Axes: []*Axes{{XLabel: "x", YLabel: "risk", Grid: true, Items: []Item{
		&Line{X: x, Y: risk, Format: "-"}, &Line{X: x, Y: empirical, Format: "m--"},
		&Note{Text: "min of empirical risk", X: 0.5, Y: -1.1, Arrow: true, ToX: 1, ToY: -1.2},
		&Note{Text: "min of risk $R(w)$", X: 0.95, Y: -0.5, Arrow: true, ToX: 1.1, ToY: -1.05}}}}}
	photo := &Image{Height: 60, Width: 80, Channels: 3}
	for i := range 60 {
		for j := range 80 {
			d := math.Exp(-(math.Pow(float64(i)-35, 2) + math.Pow(float64(j)-25, 2)) / 150)
			e := math.Exp(-(math.Pow(float64(i)-25, 2) + math.Pow(float64(j)-57, 2)) / 90)
			photo.Pix = append(photo.Pix, 0.3+0.6*d, 0.45+0.4*e, 0.6-0.3*d)
		}
	}
	figs["boxes"] = New(&Axes{Items: []Item{photo,
		&Rect{X0: 8, Y0: 20, X1: 42, Y1: 52, Text: "dog=0.92", Color: "b"}, &Rect{X0: 45, Y0: 10, X1: 70, Y1: 42, Text: "cat=0.87", Color: "r", Alpha: 0.15}}})
	rnd := noise(11)
	sc := &Scatter{Size: 4}
	for range 200 {
		u, v := rnd.normal(), rnd.normal()
		sc.X, sc.Y, sc.Values = append(sc.X, u), append(sc.Y, v), append(sc.Values, math.Hypot(u, v))
	}
	figs["colored"] = New(&Axes{ColorBar: true, XLabel: "x", YLabel: "y", Items: []Item{sc}})
	figs["twin"] = New(&Axes{XLabel: "epoch", YLabel: "loss", Legend: true, Items: []Item{&Line{X: steps(1, 1, 10), Y: apply(func(x float64) float64 { return 2.3 / x }, steps(1, 1, 10)), Label: "loss"}},
		Right: &Axes{YLabel: "learning rate", Items: []Item{&Line{X: steps(1, 1, 10), Y: apply(func(x float64) float64 { return 0.1 * math.Pow(0.8, x) }, steps(1, 1, 10)), Format: "r--", Label: "learning rate"}}}})
	shared := NewGrid(2, 2, 5, 3.2)
	shared.ShareX, shared.ShareY = true, true
	for i, a := range shared.Axes {
		a.Title, a.Grid = fmt.Sprintf("$\\eta = %d$", i), true
		a.Title = fmt.Sprintf("lr %d", i)
		a.Add(&Line{Y: apply(func(x float64) float64 { return float64(i+1) * math.Sin(x/3) }, steps(0, 1, 20))})
	}
	figs["shared"] = shared
	figs["segments"] = New(&Axes{XLim: Range{-4, 4}, Title: "p = 0.2", XLabel: "x", YLabel: "p.m.f.", Items: []Item{
		&Stem{X: []float64{-2, 0, 2}, Y: []float64{0.2, 0.6, 0.2}, Format: "ko-"}, &Segments{X0: []float64{-2.5}, Y0: []float64{0.5}, X1: []float64{2.5}, Y1: []float64{0.5}, Width: 4}}})
	round := &Polygon{Label: "disc", Color: "C2"}
	for i := range 60 {
		round.X, round.Y = append(round.X, 1.2*math.Cos(float64(i)/30*math.Pi)), append(round.Y, 1.2*math.Sin(float64(i)/30*math.Pi))
	}
	figs["sets"] = New(&Axes{Equal: true, Legend: true, Items: []Item{round, &Polygon{X: []float64{-1, 1, 2, 0.4, 0}, Y: []float64{-1, -1, 1, 0.2, 1}, Label: "not convex"}}})
	return figs
}
