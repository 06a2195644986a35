package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/internal/atomicfile"
	"github.com/fathom-ml/fathom/internal/kernel/vec"
	"github.com/fathom-ml/fathom/internal/pool"
	"github.com/fathom-ml/fathom/site"
)

type reportCommand struct {
	Full    bool     `help:"Run the lessons in full, with the seeds 0, 1 and 2, and judge the medians; else quick, with seed 0."`
	Figures bool     `help:"Only list the drawings that lessons lack."`
	Section []string `help:"Only these sections." placeholder:"6.6"`
	Out     string   `help:"Write the table into this file too, e.g. RESULTS.md." placeholder:"FILE"`
}

// Run reports.
func (c *reportCommand) Run(s streams) error {
	if c.Figures {
		return c.figures(s.out)
	}
	ctx, stop := interruptible()
	defer stop()
	var b strings.Builder
	mode := "quick, seed 0: only the direction counts"
	if c.Full {
		mode = "full, median of the seeds 0, 1 and 2"
	}
	fmt.Fprintf(&b, "# Results\n\nHeadline figures of the lessons beside the published ones (%s), by `fathom report", mode)
	if c.Full {
		b.WriteString(" --full")
	}
	fmt.Fprintf(&b, "` on %s: %s, kernels %s, %d threads.\n\n", time.Now().Format(time.DateOnly), processor(), vec.Kernels(), pool.Workers())
	b.WriteString("| section | figure | ours | seeds | published (range) | verdict | s |\n|---|---|---|---|---|---|---|\n")
	outside := 0
	for _, l := range book.All() {
		wanted := slices.DeleteFunc(slices.Clone(book.PublishedFigures), func(p book.Published) bool { return p.Section != l.Section })
		if len(wanted) == 0 || len(c.Section) > 0 && !slices.Contains(c.Section, l.Section) {
			continue
		}
		rows, bad, err := c.lesson(ctx, l, wanted)
		if err != nil {
			return fmt.Errorf("lesson %s: %w", l.Section, err)
		}
		outside += bad
		fmt.Fprint(s.out, rows)
		b.WriteString(rows)
	}
	if c.Out != "" {
		if err := atomicfile.Write(c.Out, func(w io.Writer) error { _, err := io.WriteString(w, b.String()); return err }); err != nil {
			return err
		}
	}
	if outside > 0 {
		return fmt.Errorf("%d figures lie outside of the published range", outside)
	}
	return nil
}

// lesson runs a lesson and returns its rows and how many of them lie outside.
func (c *reportCommand) lesson(ctx context.Context, l book.Lesson, wanted []book.Published) (rows string, outside int, err error) {
	seeds := []uint64{0}
	if c.Full {
		seeds = []uint64{0, 1, 2}
	}
	values := make([][]float64, len(wanted))
	seconds := 0.0
	for _, seed := range seeds {
		run, err := site.Record(ctx, l, !c.Full, seed)
		if err != nil {
			return "", 0, err
		}
		seconds += run.Seconds / float64(len(seeds))
		for i, p := range wanted {
			values[i] = append(values[i], figure(run, p))
		}
	}
	var b strings.Builder
	for i, p := range wanted {
		sorted := slices.Clone(values[i])
		slices.Sort(sorted)
		median := sorted[len(sorted)/2]
		verdict := "inside"
		switch {
		case math.IsNaN(median):
			verdict, outside = "missing", outside+1
		case !c.Full:
			verdict = "quick"
		case !p.Inside(median):
			verdict, outside = "**outside**", outside+1
		}
		name := p.Name
		if p.Run != "" {
			name = p.Run + ": " + name
		}
		all := make([]string, len(values[i]))
		for k, v := range values[i] {
			all[k] = fmt.Sprintf("%.3g", v)
		}
		fmt.Fprintf(&b, "| %s | %s | %.3g | %s | %s | %s | %.1f |\n", l.Section, name, median, strings.Join(all, ", "), p, verdict, seconds)
	}
	return b.String(), outside, nil
}

// figure is a result of a run; a test accuracy is the mean of the last three epochs.
func figure(run *site.Capture, p book.Published) float64 {
	if p.Name == "test acc" {
		var last []float64
		for _, m := range run.Metrics {
			if m.Name == p.Name && m.Run == p.Run {
				last = append(last, float64(m.Value))
			}
		}
		if n := len(last); n >= 3 {
			return (last[n-1] + last[n-2] + last[n-3]) / 3
		}
	}
	for _, m := range run.Messages {
		if m.Type == "result" && m.Name == p.Name && m.Run == p.Run {
			return float64(m.Value)
		}
	}
	return math.NaN()
}

// figures lists the drawings that lessons lack: a lesson shows one as a figure of its name.
func (c *reportCommand) figures(w io.Writer) error {
	missing := 0
	for _, l := range book.All() {
		for _, name := range book.Drawings(l.Section) {
			if !strings.Contains(l.Source, fmt.Sprintf("Figure(%q", name)) {
				fmt.Fprintf(w, "%s lacks the drawing %s\n", l.Section, name)
				missing++
			}
		}
	}
	fmt.Fprintf(w, "%d drawings are missing\n", missing)
	return nil
}
