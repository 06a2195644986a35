package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/internal/kernel/simd"
	"github.com/fathom-ml/fathom/tensor"
)

// The test binary is its own worker, and a peer that is faked: see TestMain.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "worker" {
		if err := asWorker(os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if len(os.Args) > 2 && os.Args[1] == "fake" {
		fake(os.Args[2], os.Stdin, os.Stdout)
		return
	}
	os.Exit(m.Run())
}

// fake is a peer that has the row "tiny". Its kind is how it misbehaves.
func fake(kind string, in io.Reader, out io.Writer) {
	answers, requests := json.NewEncoder(out), json.NewDecoder(in)
	var sum []*tensor.Tensor
	for {
		var q request
		if requests.Decode(&q) != nil {
			return
		}
		var a answer
		switch q.Do {
		case "hello":
			a.About, a.Warn = "Fake 1.0", "it is a fake"
		case "make":
			x, err := load(q.Folder, -1)
			switch {
			case err != nil:
				a.Error = err.Error()
			case kind == "without":
				a.Void = "no such row"
			case kind == "broken":
				fmt.Fprintln(os.Stderr, "these are my last words")
				return
			default:
				sum = []*tensor.Tensor{x[0].Add(x[1])}
			}
		case "result":
			if kind == "wrong" {
				sum[0] = sum[0].AddScalar(0.1)
			}
			if err := save(q.Folder, sum); err != nil {
				a.Error = err.Error()
			}
			a.Arrays = 1
		case "time":
			a.Times = []float64{3, 1, 2}
		}
		answers.Encode(a)
	}
}

// withFake is a comparison of ours with a fake peer on one thread.
func withFake(t *testing.T, kind string) *comparison {
	t.Helper()
	ctx := t.Context()
	o, err := parse([]string{"--threads", "1", "--peers", "none", "--rounds", "3", "--seconds", "0.001"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	c := &comparison{options: o, folder: t.TempDir()}
	t.Cleanup(c.stop)
	if err := c.start(ctx); err != nil {
		t.Fatal(err)
	}
	w, err := start(ctx, side{name: "torch", threads: 1, argv: []string{os.Args[0], "fake", kind}})
	if err != nil {
		t.Fatal(err)
	}
	c.peers = []*peer{{peerKind: peerKind{name: "torch", groups: everything}, children: []*child{w}}}
	return c
}

func rowNamed(t *testing.T, name string) row {
	t.Helper()
	rs := rows()
	i := slices.IndexFunc(rs, func(r row) bool { return r.name == name })
	if i < 0 {
		t.Fatalf("no row %s", name)
	}
	return rs[i]
}

func TestProtocol(t *testing.T) {
	c := withFake(t, "good")
	lines, err := c.row(t.Context(), rowNamed(t, "tiny"))
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) != 1 {
		t.Fatalf("%d lines, want 1: %v", len(lines), lines)
	}
	l := lines[0]
	if l.Void != "" || l.PeerTime != 2000 || l.PeerBest != 1000 || l.Peer != "torch" || l.Threads != 1 {
		t.Errorf("the line is %+v, want a peer that takes 2000 ms, 1000 at best", l)
	}
	if !(l.Ours > 0 && l.Ours < 10) || l.Ratio != l.Ours/l.PeerTime {
		t.Errorf("ours is %v ms, the ratio %v", l.Ours, l.Ratio)
	}
	if who, warnings := c.about(); !slices.Contains(who, "Fake 1.0") || !slices.Contains(warnings, "it is a fake") {
		t.Errorf("about is %q, %q", who, warnings)
	}
}

func TestVoid(t *testing.T) {
	for kind, want := range map[string]string{
		"wrong":   "results differ",
		"without": "no such row",
		"broken":  "these are my last words",
	} {
		lines, err := withFake(t, kind).row(t.Context(), rowNamed(t, "tiny"))
		if err != nil {
			t.Fatal(err)
		}
		if l := lines[0]; !strings.Contains(l.Void, want) || !math.IsNaN(float64(l.Ratio)) {
			t.Errorf("%s: void %q, ratio %v, want %q and none", kind, l.Void, l.Ratio, want)
		}
	}
}

func TestPeerThatIsNotInstalled(t *testing.T) {
	var out bytes.Buffer
	o, err := parse([]string{"--threads", "1", "--only", "tiny", "--peers", "torch", "--torch", "/no/such/python", "--seconds", "0.001", "--json"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if err := compare(t.Context(), o, &out); err != nil {
		t.Fatal(err)
	}
	var l map[string]any
	if err := json.Unmarshal(out.Bytes(), &l); err != nil {
		t.Fatalf("%v: %s", err, out.String())
	}
	if void, _ := l["void"].(string); !strings.Contains(void, "not installed") || l["ratio"] != nil || l["ours_ms"] == nil {
		t.Errorf("the line is %v", l)
	}
}

func TestCancelStopsWorkers(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	sides, err := ours([]int{1})
	if err != nil {
		t.Fatal(err)
	}
	w, err := start(ctx, sides[0])
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	w.cmd.Wait()
	if w.cmd.ProcessState == nil {
		t.Error("the worker lives on")
	}
	if _, err := w.ask(request{Do: "hello"}); err == nil {
		t.Error("the worker answers")
	}
}

func TestParse(t *testing.T) {
	o, err := parse([]string{"--peers", "torch, jax", "--threads", "2,1,2", "--only", "gemm,lenet", "--json", "--torch", "/opt/python"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(o.peers, []string{"torch", "jax"}) || !slices.Equal(o.threads, []int{1, 2}) ||
		!slices.Equal(o.only, []string{"gemm", "lenet"}) || !o.json || o.python["torch"] != "/opt/python" || o.rounds != 7 {
		t.Errorf("the options are %+v", o)
	}
	for _, bad := range []string{"--peers caffe", "--threads 0", "--threads ,", "--only lenett", "--json --markdown", "--rounds 0", "--seconds 0", "more", "--nonsense"} {
		if _, err := parse(strings.Fields(bad), io.Discard); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
}

func TestSelected(t *testing.T) {
	for only, want := range map[string]string{
		"lenet":                  "lenet", // and not what begins with it
		"tanh":                   "tanh-1M tanh-4096",
		"gemm-16x25x50176-N,mlp": "gemm-16x25x50176-NN gemm-16x25x50176-NT mlp",
		"overhead":               "tiny chain",
	} {
		var got []string
		for _, r := range selected(rows(), split(only)) {
			got = append(got, r.name)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s selects %s, want %s", only, s, want)
		}
	}
	seen := map[string]bool{}
	for _, r := range rows() {
		if seen[r.name] {
			t.Errorf("two rows %s", r.name)
		}
		seen[r.name] = true
	}
	for _, s := range steps {
		if !seen[s] {
			t.Errorf("no row %s", s)
		}
	}
}

func TestLimits(t *testing.T) {
	for _, c := range []struct {
		row, peer string
		want      float64
	}{
		{"gemm-128-NN", "torch", 1}, {"gemm-128-NN", "openblas", 1.02}, {"gemm-640x32x32-TN", "torch", 0.9},
		{"gemm-6x25x784-NT", "openblas", 0.95}, {"gemm-512-NN", oneThread, 1 / 1.8}, {"gemm-256-NN", oneThread, 0},
		{"gemm-256x784x256-NN", oneThread, 0}, {"gemm-64x576x3136-NN", oneThread, 0}, {"tanh-1M", "torch", 0.15}, {"tanh-4096", "torch", 0},
		{"conv-lenet1", "torch", 1}, {"conv-lenet1-back", "torch", 0.85}, {"conv-lenet1-back", oneThread, 1 / 1.8},
		{"transformer", "torch", 0.4}, {"transformer", "jax", 1}, {"tiny", "torch", 0}, {"memory", "torch", 0.4}, {"memory", "jax", 0},
	} {
		if got := limitOf(rowNamed(t, c.row), c.peer); got != c.want {
			t.Errorf("the limit of %s against %s is %v, want %v", c.row, c.peer, got, c.want)
		}
	}
	if !near(0.96, 1) || !near(1.04, 1) || near(0.9, 1) || near(1, 0) {
		t.Error("near is wrong")
	}
}

func TestMiddle(t *testing.T) {
	run := func(r float64) []line { return []line{{Name: "a", Ratio: number(r)}} }
	if l := middle([][]line{run(3), run(1), run(2)})[0]; l.Ratio != 2 || l.Runs != 3 {
		t.Errorf("the middle is %+v", l)
	}
}

func TestDiffer(t *testing.T) {
	x := []*tensor.Tensor{tensor.Of([]float32{1, 100})}
	for _, c := range []struct {
		y    *tensor.Tensor
		same bool
	}{
		{tensor.Of([]float32{1.05, 100}), true}, {tensor.Of([]float32{1, 100.2}), false},
		{tensor.Of([]float32{1, float32(math.NaN())}), false}, {tensor.Of([]float32{1, 100, 0}), false},
	} {
		if d := differ(x, []*tensor.Tensor{c.y}); (d == "") != c.same {
			t.Errorf("%v and %v: %q", x[0], c.y, d)
		}
	}
	if differ(x, nil) == "" {
		t.Error("results that are missing agree")
	}
}

func TestPrinters(t *testing.T) {
	lines := []line{
		{Name: "lenet", Group: "step", Threads: 1, Unit: "ms", Ours: 20, OursBest: 19, Peer: "torch", PeerTime: 30, PeerBest: 28, Ratio: 2. / 3, Limit: 0.5, Verdict: "missed", Runs: 1},
		{Name: "lenet", Group: "step", Threads: 1, Unit: "ms", Ours: 20, OursBest: 19, Peer: "mxnet", PeerTime: none, PeerBest: none, Ratio: none, Limit: none, Void: "not installed"},
		{Name: "memory", Group: "process", Threads: 2, Unit: "MB", Ours: 100, OursBest: 100, Peer: "torch", Config: "default", PeerTime: 400, PeerBest: 400, Ratio: 0.25, Limit: 0.4, Verdict: "ok", Runs: 1},
	}
	for form, want := range map[string][]string{
		"":           {"0.67   0.50 missed", "void: not installed", "400 MB", "Limits kept: 1, missed: 1; void lines: 1", "torch, default"},
		"--markdown": {"# Benchmarks", "| lenet | 1 | 20 ms (19 ms) | torch | 30 ms (28 ms) | 0.67 | 0.50 | missed |", "- lenet, 1 threads, against torch: 0.67 instead of 0.50"},
		"--json":     {`"name":"lenet"`, `"threads":1`, `"ours_ms":20`, `"peer":"torch"`, `"peer_ms":30`, `"ratio":0.66`, `"ratio":null`},
	} {
		o, err := parse(strings.Fields(form), io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		p := newPrinter(o, &out, &comparison{options: o})
		p.add(lines)
		if err := p.end(lines); err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(out.String(), w) {
				t.Errorf("%q: no %q in\n%s", form, w, out.String())
			}
		}
	}
}

// slow says that a row takes long in plain Go.
func slow(r row) bool {
	return r.alone || strings.HasPrefix(r.name, "gemm-1024") || strings.HasPrefix(r.name, "gemm-2048") ||
		r.name == "resnet18" || r.name == "densenet" || strings.HasPrefix(r.name, "gemm-512") || strings.HasPrefix(r.name, "conv-") && !strings.Contains(r.name, "lenet")
}

// Every row runs once, on arrays that have been to a file and back.
func TestRows(t *testing.T) {
	for _, r := range rows() {
		if slow(r) && (testing.Short() || simd.Active == simd.Go) {
			continue
		}
		t.Run(r.name, func(t *testing.T) {
			folder := t.TempDir()
			tensor.Seed(1)
			if err := save(folder, r.data()); err != nil {
				t.Fatal(err)
			}
			if r.name == "memory" { // an epoch takes seconds
				return
			}
			in, err := load(folder, -1)
			if err != nil {
				t.Fatal(err)
			}
			w := r.make(in)
			w.run()
			if r.alone || r.name == "resnet18" || simd.Active == simd.Go && r.group == "step" { // ten steps take long
				return
			}
			got := w.result()
			if d := differ(got, got); d != "" || len(got) == 0 {
				t.Errorf("%d results: %s", len(got), d)
			}
		})
	}
}

// go test ./bench -bench Rows/gemm times ours alone.
func BenchmarkRows(b *testing.B) {
	for _, r := range rows() {
		if r.alone {
			continue
		}
		b.Run(r.name, func(b *testing.B) {
			tensor.Seed(1)
			w := r.make(r.data())
			w.run()
			for b.Loop() {
				w.run()
			}
		})
	}
}
