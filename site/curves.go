package site

import (
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/fathom-ml/fathom/plot"
)

// maxCurves is how many runs are compared in one figure.
const maxCurves = 8

// curves draws the metrics of the last runs of a lesson over each other, one system of axes for each metric.
func (s *Server) curves(w http.ResponseWriter, r *http.Request) {
	runs := s.runner.Of(r.PathValue("section"))
	if len(runs) > maxCurves {
		runs = runs[len(runs)-maxCurves:]
	}
	f := comparison(runs)
	if f == nil {
		http.NotFound(w, r)
		return
	}
	svg, err := f.SVG()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	_, _ = w.Write(svg)
}

// comparison is the figure of several runs, nil if they have no metrics.
func comparison(runs []*Run) *plot.Figure {
	axes := map[string]*plot.Axes{}
	for k, run := range runs {
		run.mu.Lock()
		metrics := slices.Clone(run.metrics)
		run.mu.Unlock()
		lines := map[string]*plot.Line{}
		for _, m := range metrics {
			key := m.Run + "\x00" + m.Name
			l := lines[key]
			if l == nil {
				if m.Run != "" && len(runs) > 1 {
					continue // sub-runs of several runs would be too many
				}
				l = &plot.Line{Label: fmt.Sprintf("run %d", run.ID), Format: fmt.Sprintf("C%d-", k%10)}
				lines[key] = l
				if axes[m.Name] == nil {
					axes[m.Name] = &plot.Axes{Title: m.Name, XLabel: "epoch", Legend: true, Grid: true}
				}
				axes[m.Name].Add(l)
			}
			l.X, l.Y = append(l.X, float64(m.X)), append(l.Y, float64(m.Value))
		}
	}
	if len(axes) == 0 {
		return nil
	}
	var list []*plot.Axes
	for _, name := range slices.Sorted(maps.Keys(axes)) {
		list = append(list, axes[name])
	}
	cols := min(len(list), 2)
	rows := (len(list) + cols - 1) / cols
	return &plot.Figure{Width: 3.6 * float64(cols), Height: 2.6 * float64(rows), Rows: rows, Cols: cols, Axes: list, Alt: "metrics of several runs over the epochs"}
}
