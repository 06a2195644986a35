package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fathom-ml/fathom/tensor"
)

// comparison is a run of the command: who takes part, and where files go.
type comparison struct {
	options
	folder string
	ours   []*child
	peers  []*peer // of the kinds that were asked for
}

// peer is a library that was asked for: its workers, or why there are none.
type peer struct {
	peerKind
	void     string
	children []*child
}

// compare runs everything that o asks for and prints it.
func compare(ctx context.Context, o options, out io.Writer) error {
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	c := &comparison{options: o, folder: folder}
	if err := unpack(folder); err != nil {
		return err
	}
	defer c.stop()
	if err := c.start(ctx); err != nil {
		return err
	}
	p := newPrinter(o, out, c)
	var all []line
	for _, r := range selected(rows(), o.only) {
		lines, err := c.row(ctx, r)
		if err != nil { // what was measured is not lost
			return errors.Join(err, p.end(all))
		}
		all = append(all, lines...)
		p.add(lines)
	}
	mean := c.mean(all)
	p.add(mean)
	return p.end(append(all, mean...))
}

// start starts all workers, the slow ones side by side.
func (c *comparison) start(ctx context.Context) error {
	sides, err := ours(c.threads)
	if err != nil {
		return err
	}
	for _, s := range sides {
		w, err := start(ctx, s)
		if err != nil {
			return err
		}
		c.ours = append(c.ours, w)
	}
	var all sync.WaitGroup
	for _, name := range c.options.peers {
		k := peerKinds[slices.IndexFunc(peerKinds, func(k peerKind) bool { return k.name == name })]
		p := &peer{peerKind: k}
		c.peers = append(c.peers, p)
		all.Go(func() { p.start(ctx, c) })
	}
	all.Wait()
	return ctx.Err()
}

func (p *peer) start(ctx context.Context, c *comparison) {
	python, err := p.find(ctx, c.python[p.name])
	if err != nil {
		p.void = err.Error()
		return
	}
	for _, s := range p.sides(python, c.folder, c.threads) {
		w, err := start(ctx, s)
		if err != nil {
			p.void = "not started: " + err.Error()
			return
		}
		p.children = append(p.children, w)
	}
}

func (c *comparison) stop() {
	for _, w := range c.ours {
		w.stop()
	}
	for _, p := range c.peers {
		for _, w := range p.children {
			w.stop()
		}
	}
}

// turns are the readings of one worker on one row.
type turns struct {
	*child
	void  string
	times []float64 // the median of each round; seconds, or MB
	best  float64
}

// add notes the readings of a round.
func (t *turns) add(times []float64) {
	t.times = append(t.times, median(times))
	if m := slices.Min(times); t.best == 0 || m < t.best {
		t.best = m
	}
}

// row measures a row. If a ratio lies near its limit the row is measured three times, and each line is that
// of the run whose ratio is the middle one.
func (c *comparison) row(ctx context.Context, r row) ([]line, error) {
	folder := filepath.Join(c.folder, "row")
	if err := os.Mkdir(folder, 0o777); err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	tensor.Seed(1)
	if err := save(folder, r.data()); err != nil {
		return nil, err
	}
	all := c.ready(r, folder)
	defer drop(all, r)
	var runs [][]line
	for len(runs) == 0 || len(runs) < 3 && slices.ContainsFunc(runs[0], func(l line) bool { return near(float64(l.Ratio), float64(l.Limit)) }) {
		for _, t := range all {
			t.times, t.best = nil, 0
		}
		if err := c.rounds(ctx, r, folder, all); err != nil {
			return nil, err
		}
		runs = append(runs, c.lines(r, all))
	}
	return middle(runs), nil
}

// middle takes each line from the run whose ratio is the middle one.
func middle(runs [][]line) []line {
	var lines []line
	for i := range runs[0] {
		var same []line
		for _, run := range runs {
			same = append(same, run[i])
		}
		slices.SortFunc(same, func(a, b line) int {
			if a.Ratio < b.Ratio {
				return -1
			}
			return 1
		})
		l := same[len(same)/2]
		l.Runs = len(runs)
		lines = append(lines, l)
	}
	return lines
}

// ready has every worker prepare a row and compares the results.
func (c *comparison) ready(r row, folder string) []*turns {
	var all []*turns
	var want []*tensor.Tensor
	for _, w := range c.workers(r) {
		t := &turns{child: w}
		all = append(all, t)
		if r.alone {
			continue
		}
		got, void, err := w.prepare(r, folder)
		switch {
		case err != nil:
			t.void = err.Error()
		case void != "":
			t.void = void
		case want == nil && w.side.name == "ours":
			want = got
		case want == nil:
			t.void = "nothing to compare with"
		default:
			if d := differ(want, got); d != "" {
				t.void = "results differ: " + d
			}
		}
	}
	return all
}

// prepare has a worker make a row and compute its result.
func (c *child) prepare(r row, folder string) (result []*tensor.Tensor, void string, err error) {
	a, err := c.ask(request{Do: "make", Row: r.name, Folder: folder})
	if err != nil || a.Void != "" {
		return nil, a.Void, err
	}
	into, err := os.MkdirTemp(filepath.Dir(folder), "result")
	if err != nil {
		return nil, "", err
	}
	defer os.RemoveAll(into)
	if a, err = c.ask(request{Do: "result", Row: r.name, Folder: into}); err != nil {
		return nil, "", err
	}
	result, err = load(into, a.Arrays)
	return result, "", err
}

// workers are those who take part in a row, ours first. Of a row of processes each peer does one configuration.
func (c *comparison) workers(r row) []*child {
	all := slices.Clone(c.ours)
	for _, p := range c.peers {
		if !slices.Contains(p.groups, r.group) {
			continue
		}
		seen := map[int]bool{}
		for _, w := range p.children {
			if t := w.side.threads; !r.alone || !seen[t] {
				all = append(all, w)
				seen[t] = true
			}
		}
	}
	return all
}

// settle is how long to wait after a peer's work on several threads, which spin for a while when they are idle;
// those of OpenBLAS for 2^26 cycles.
const settle = 50 * time.Millisecond

// rounds has everybody take turns, in one order and then in the other.
func (c *comparison) rounds(ctx context.Context, r row, folder string, all []*turns) error {
	n := c.options.rounds
	if r.unit() != "ms" {
		n = 1 // memory does not depend on what else the machine does
	}
	for range n {
		for _, t := range all {
			if err := ctx.Err(); err != nil {
				return err
			}
			if t.void == "" {
				if err := t.turn(ctx, r, folder, c.seconds); err != nil {
					t.void = err.Error()
				}
			}
		}
		slices.Reverse(all)
	}
	return ctx.Err()
}

func (t *turns) turn(ctx context.Context, r row, folder string, seconds float64) error {
	if r.alone {
		took, a, err := runAlone(ctx, t.side, r, folder)
		if err == nil && r.unit() == "MB" {
			took = a.MB
		}
		if err == nil {
			t.add([]float64{took})
		}
		return err
	}
	a, err := t.ask(request{Do: "time", Row: r.name, Seconds: seconds})
	if err != nil {
		return err
	}
	t.add(a.Times)
	if t.side.threads > 1 && t.side.name != "ours" {
		time.Sleep(settle)
	}
	return nil
}

func drop(all []*turns, r row) {
	for _, t := range all {
		if !r.alone {
			t.ask(request{Do: "drop", Row: r.name}) // who cannot even forget has been void before
		}
	}
}

// lines are the comparisons of a row: with each peer, and on several threads with ourselves on one.
func (c *comparison) lines(r row, all []*turns) []line {
	var lines []line
	one := fastest(all, "ours", 1)
	for _, n := range c.threads {
		us := fastest(all, "ours", n)
		for _, p := range c.peers {
			if !slices.Contains(p.groups, r.group) {
				continue
			}
			l := newLine(r, n, us, p.name, fastest(all, p.name, n))
			if p.void != "" {
				l.Void, _, _ = strings.Cut(p.void, ":") // the rest is said once
			}
			lines = append(lines, l)
		}
		if n > 1 && slices.Contains(c.threads, 1) && !r.alone {
			lines = append(lines, newLine(r, n, us, oneThread, one))
		}
		if len(c.peers) == 0 && n == 1 {
			lines = append(lines, newLine(r, n, us, "none", &turns{void: "alone"}))
		}
	}
	return lines
}

// fastest is the best configuration of a side, or one that says why there is none.
func fastest(all []*turns, name string, threads int) *turns {
	var best *turns
	for _, t := range all {
		if t.side.name != name || t.side.threads != threads {
			continue
		}
		switch {
		case best == nil, best.void != "" && t.void == "":
			best = t
		case t.void == "" && median(t.times) < median(best.times):
			best = t
		}
	}
	if best == nil {
		return &turns{void: "not measured"}
	}
	return best
}

func median(x []float64) float64 {
	y := slices.Sorted(slices.Values(x))
	return (y[(len(y)-1)/2] + y[len(y)/2]) / 2
}

// mean is the geometric mean of the training steps, beside each peer that has them all.
func (c *comparison) mean(all []line) []line {
	var lines []line
	for _, n := range c.threads {
		for _, p := range c.peers {
			var ours, theirs float64
			count := 0
			for _, l := range all {
				if l.Threads == n && l.Peer == p.name && l.Void == "" && slices.Contains(steps, l.Name) {
					ours += math.Log(float64(l.Ours))
					theirs += math.Log(float64(l.PeerTime))
					count++
				}
			}
			if count < len(steps) {
				continue
			}
			us, them := math.Exp(ours/float64(count)), math.Exp(theirs/float64(count))
			r := row{name: geometricMean, group: "mean"}
			l := line{Name: r.name, Group: r.group, Threads: n, Unit: r.unit(), Ours: number(us), Peer: p.name,
				PeerTime: number(them), OursBest: none, PeerBest: none, Runs: 1}
			l.judge(r, us/them)
			lines = append(lines, l)
		}
	}
	return lines
}

// unit is what the readings of a row are printed in.
func (r row) unit() string {
	if r.name == "memory" {
		return "MB"
	}
	return "ms"
}

// about lists what the workers said of themselves: each once, and what to beware of.
func (c *comparison) about() (who, warnings []string) {
	add := func(list []string, s string) []string {
		if s == "" || slices.Contains(list, s) {
			return list
		}
		return append(list, s)
	}
	for _, w := range c.ours {
		who = add(who, w.about)
	}
	for _, p := range c.peers {
		if p.void != "" {
			warnings = add(warnings, fmt.Sprintf("%s: %s", p.name, p.void))
		}
		for _, w := range p.children {
			who = add(who, w.about)
			warnings = add(warnings, w.warn)
		}
	}
	return who, warnings
}
