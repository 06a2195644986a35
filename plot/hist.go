package plot

import (
	"fmt"
	"image/color"
	"math"
)

// Hist counts the values of each series in bins of one width and draws the
// counts as bars, the series side by side within a bin. Each series is given
// as its raw values: Series{Y: values}. The last bin holds its right edge, as in NumPy.
type Hist struct {
	Series  []Series
	Bins    int   // zero means 10
	Range   Range // from the left edge of the first bin to the right edge of the last; zero fits the data
	Density bool  // the bars of a series have area 1
	Overlay bool  // the series are drawn over each other, half transparent
}

// maxBins bounds the number of bins.
const maxBins = 10000

func (h *Hist) name() (kind, label string) { return "Hist", firstLabel(h.Series) }
func (h *Hist) about() string              { return "histogram" }
func (h *Hist) layer() layer               { return areas }

func (h *Hist) check() error {
	if h.Bins < 0 || h.Bins > maxBins {
		return fmt.Errorf("has %d bins; up to %d are drawn", h.Bins, maxBins)
	}
	for _, s := range h.Series {
		if err := checkColor(s.Color); err != nil {
			return err
		}
	}
	return nil
}

func (h *Hist) style(take func() color.NRGBA) format {
	return format{dash: solid, series: seriesColors(h.Series, take)}
}

// bins returns the number of bins, their range and the counts of each series.
func (h *Hist) bins() (lo, hi float64, counts [][]float64) {
	n := h.Bins
	if n <= 0 {
		n = 10
	}
	lo, hi = h.Range.Min, h.Range.Max
	if !(math.Abs(lo) <= huge && math.Abs(hi) <= huge && lo < hi) {
		var all []float64
		for _, s := range h.Series {
			all = append(all, s.Y...)
		}
		lo, hi = span(all)
		if same(lo, hi) {
			lo, hi = fit(extent{lo, hi}, Range{}, axis{}, 0)
		}
	}
	for _, s := range h.Series {
		c := make([]float64, n)
		total := 0.0
		for _, v := range s.Y {
			if !(v >= lo && v <= hi) {
				continue
			}
			c[min(int((v-lo)/(hi-lo)*float64(n)), n-1)]++
			total++
		}
		if w := (hi - lo) / float64(n); h.Density && total > 0 {
			for i := range c {
				c[i] /= total * w
			}
		}
		counts = append(counts, c)
	}
	return lo, hi, counts
}

// each calls f with every bar.
func (h *Hist) each(f func(series int, x0, x1, y float64)) {
	lo, hi, counts := h.bins()
	for k, c := range counts {
		w := (hi - lo) / float64(len(c))
		for i, v := range c {
			x0 := lo + float64(i)*w
			x1 := x0 + w
			if !h.Overlay && len(counts) > 1 {
				part := 0.86 * w / float64(len(counts))
				x0 += 0.07*w + float64(k)*part
				x1 = x0 + part
			}
			f(k, x0, x1, v)
		}
	}
}

func (h *Hist) reach(r *reach) {
	r.base = true
	r.level(0)
	lo, hi, _ := h.bins()
	if len(h.Series) > 0 {
		r.upright(lo)
		r.upright(hi)
	}
	h.each(func(_ int, x0, x1, y float64) {
		r.point(x0, y)
		r.point(x1, y)
	})
}

func (h *Hist) draw(p *panel, s surface, f format) {
	h.each(func(k int, x0, x1, y float64) {
		if y <= 0 {
			return
		}
		c := f.series[k]
		if h.Overlay {
			c = faded(c, 0.5)
		}
		drawBar(p, s, c, h.Series[k].Hatch, x0, x1, 0, y)
	})
}

func (h *Hist) entries(f format) []entry { return seriesEntries(h.Series, f) }
