package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/fathom-ml/fathom/internal/kernel/simd"
)

// printer writes lines in one of three forms.
type printer interface {
	add(lines []line)
	end(all []line) error
}

func newPrinter(o options, out io.Writer, c *comparison) printer {
	who, warnings := c.about()
	switch {
	case o.json:
		for _, w := range warnings {
			fmt.Fprintln(os.Stderr, "bench:", w)
		}
		return &jsonPrinter{out: json.NewEncoder(out)}
	case o.markdown:
		return &markdown{out: out, progress: os.Stderr, who: who, warnings: warnings, options: o}
	}
	for _, s := range append(machine(), who...) {
		fmt.Fprintln(out, s)
	}
	for _, w := range warnings {
		fmt.Fprintln(out, "beware:", w)
	}
	fmt.Fprintln(out)
	return &table{out: out}
}

// jsonPrinter writes one object a line.
type jsonPrinter struct {
	out *json.Encoder
	err error
}

func (p *jsonPrinter) add(lines []line) {
	for _, l := range lines {
		if err := p.out.Encode(l); p.err == nil {
			p.err = err
		}
	}
}

func (p *jsonPrinter) end([]line) error { return p.err }

// table writes aligned text, line by line as the figures come.
type table struct {
	out   io.Writer
	group string
}

func (p *table) add(lines []line) {
	for _, l := range lines {
		if l.Group != p.group {
			p.group = l.Group
			fmt.Fprintf(p.out, "%-22s %3s %11s %11s  %-16s %11s %11s %7s %6s\n", p.group, "thr", "ours", "best", "peer", "peer", "best", "ratio", "limit")
		}
		fmt.Fprintf(p.out, "%-22s %3d %11s %11s  %-16s %11s %11s %7s %6s %s\n", l.Name, l.Threads, figure(l.Ours, l.Unit), figure(l.OursBest, l.Unit),
			l.peer(), figure(l.PeerTime, l.Unit), figure(l.PeerBest, l.Unit), ratio(l.Ratio), ratio(l.Limit), l.remark())
	}
}

func (p *table) end(all []line) error {
	_, err := fmt.Fprint(p.out, "\n", summary(all), "\n")
	return err
}

// markdown writes the page BENCHMARKS.md when all is done, and the lines on the way to progress.
type markdown struct {
	out, progress io.Writer
	who, warnings []string
	options       options
}

func (p *markdown) add(lines []line) { (&table{out: p.progress, group: group(lines)}).add(lines) }

func group(lines []line) string {
	if len(lines) == 0 {
		return ""
	}
	return lines[0].Group
}

func (p *markdown) end(all []line) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Benchmarks\n\nWritten by `go run ./bench compare --markdown` on %s; see `go doc ./bench` for what is measured and how. Not to be edited.\n\n",
		time.Now().UTC().Format("2 January 2006"))
	for _, s := range append(machine(), p.who...) {
		fmt.Fprintf(&b, "- %s\n", s)
	}
	for _, s := range p.warnings {
		fmt.Fprintf(&b, "- beware: %s\n", s)
	}
	fmt.Fprintf(&b, "\nTimes are medians of %d interleaved rounds, with the best in brackets. The ratio is ours to the peer's: under 1, Fathom is faster. "+
		"The peer \"%s\" is Fathom itself.\n\n%s\n", p.options.rounds, oneThread, summary(all))
	last := ""
	for _, l := range all {
		if l.Group != last {
			last = l.Group
			fmt.Fprintf(&b, "\n## %s\n\n| row | threads | ours | peer | its time | ratio | limit | |\n|---|---|---|---|---|---|---|---|\n", title(last))
		}
		fmt.Fprintf(&b, "| %s | %d | %s | %s | %s | %s | %s | %s |\n", l.Name, l.Threads, both(l.Ours, l.OursBest, l.Unit),
			l.peer(), both(l.PeerTime, l.PeerBest, l.Unit), ratio(l.Ratio), ratio(l.Limit), l.remark())
	}
	_, err := io.WriteString(p.out, b.String())
	return err
}

func title(group string) string {
	switch group {
	case "gemm":
		return "Products of matrices (m x k x n; T: read transposed)"
	case "elem":
		return "Elementwise"
	case "conv":
		return "Convolution"
	case "norm":
		return "Softmax and normalisation"
	case "step":
		return "Training steps"
	case "overhead":
		return "Overhead of an operation"
	case "process":
		return "Whole processes: start to the first training step, peak memory of a LeNet epoch"
	}
	return "Training steps, geometric mean"
}

func (l line) peer() string {
	if l.Config == "" {
		return l.Peer
	}
	return l.Peer + ", " + l.Config
}

func (l line) remark() string {
	switch {
	case l.Void != "":
		return "void: " + l.Void
	case l.Peer == oneThread:
		return strings.TrimSpace(fmt.Sprintf("%s speed-up %.2f", l.Verdict, 1/float64(l.Ratio)))
	case l.Runs > 1:
		return fmt.Sprintf("%s (middle of %d)", l.Verdict, l.Runs)
	}
	return l.Verdict
}

// figure is a time in the unit that fits it, or a size.
func figure(n number, unit string) string {
	x := float64(n)
	switch {
	case math.IsNaN(x):
		return "-"
	case unit == "MB":
		return fmt.Sprintf("%.0f MB", x)
	case x < 1e-3:
		return fmt.Sprintf("%.4g ns", x*1e6)
	case x < 1:
		return fmt.Sprintf("%.4g us", x*1e3)
	}
	return fmt.Sprintf("%.4g ms", x)
}

func both(n, best number, unit string) string {
	if math.IsNaN(float64(best)) {
		return figure(n, unit)
	}
	return fmt.Sprintf("%s (%s)", figure(n, unit), figure(best, unit))
}

func ratio(n number) string {
	if math.IsNaN(float64(n)) {
		return "-"
	}
	return fmt.Sprintf("%.2f", float64(n))
}

// summary counts the limits that were kept and names those that were not, the worst first.
func summary(all []line) string {
	var kept, void int
	var missed []line
	for _, l := range all {
		switch {
		case l.Void != "":
			void++
		case l.Verdict == "ok":
			kept++
		case l.Verdict == "missed":
			missed = append(missed, l)
		}
	}
	slices.SortStableFunc(missed, func(a, b line) int {
		if a.Ratio/a.Limit > b.Ratio/b.Limit {
			return -1
		}
		return 1
	})
	s := fmt.Sprintf("Limits kept: %d, missed: %d; void lines: %d.", kept, len(missed), void)
	if len(missed) > 0 {
		s += " Missed, the worst first:\n"
	}
	for _, l := range missed {
		s += fmt.Sprintf("\n- %s, %d threads, against %s: %s instead of %s", l.Name, l.Threads, l.peer(), ratio(l.Ratio), ratio(l.Limit))
	}
	return s
}

// machine says what this is measured on.
func machine() []string {
	model := runtime.GOARCH
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for l := range strings.Lines(string(info)) {
			if k, v, ok := strings.Cut(l, ":"); ok && strings.TrimSpace(k) == "model name" {
				model = strings.TrimSpace(v)
				break
			}
		}
	}
	return []string{fmt.Sprintf("%s, %d cores, %s; kernels: %s", model, runtime.NumCPU(), runtime.GOOS, simd.Active)}
}
