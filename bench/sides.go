package main

import (
	"context"
	"embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// side is one of those who do the work: Fathom or a peer, with a number of threads.
type side struct {
	name    string // "ours" or the peer
	threads int
	config  string   // which of several ways to take its threads, "" if there is one
	argv    []string // the command of the worker; what it is to do follows
	env     []string
}

// String names the side in errors.
func (s side) String() string {
	name := fmt.Sprintf("%s on %d", s.name, s.threads)
	if s.config != "" {
		name += " (" + s.config + ")"
	}
	return name
}

// governed are the variables that set numbers of threads; only a side's own count.
var governed = []string{"OMP_", "OPENBLAS_", "MKL_", "KMP_", "GOMP_", "XLA_", "GOMAXPROCS", "GOGC", "GOMEMLIMIT", "GODEBUG"}

func (s side) command(ctx context.Context, args ...string) *exec.Cmd {
	argv := slices.Concat(s.argv, args)
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	for _, e := range os.Environ() {
		if !slices.ContainsFunc(governed, func(p string) bool { return strings.HasPrefix(e, p) }) {
			cmd.Env = append(cmd.Env, e)
		}
	}
	cmd.Env = append(cmd.Env, s.env...)
	cmd.Env = append(cmd.Env, fmt.Sprintf("BENCH_THREADS=%d", s.threads), "PYTHONUNBUFFERED=1")
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// self is the command that runs this program as a worker.
func self() ([]string, error) {
	exe, err := os.Executable()
	return []string{exe, "worker"}, err
}

// ours is Fathom on each number of threads.
func ours(threads []int) ([]side, error) {
	argv, err := self()
	if err != nil {
		return nil, err
	}
	var sides []side
	for _, t := range threads {
		sides = append(sides, side{name: "ours", threads: t, argv: argv, env: []string{fmt.Sprintf("GOMAXPROCS=%d", t)}})
	}
	return sides, nil
}

// peerKind is a library to compare with.
type peerKind struct {
	name, script string
	module       string   // what a Python must import
	groups       []string // the rows that the script has
	configs      func(threads int) []config
}

// config is a way in which a peer takes its threads.
type config struct {
	name string
	env  []string
}

var everything = []string{"gemm", "elem", "conv", "norm", "step", "overhead", "process"}

var peerKinds = []peerKind{
	{"torch", "pytorch.py", "torch", everything, torchConfigs},
	{"openblas", "openblas.py", "numpy", []string{"gemm"}, blasConfig},
	{"mxnet", "gluon.py", "mxnet", []string{"step", "process"}, blasConfig},
	{"jax", "jitted.py", "jax", []string{"step", "process"}, jaxConfig},
}

// torchConfigs are the three ways in which PyTorch is run on several threads: which one is fastest depends on the
// work, because its own threads and those of its BLAS do not know each other.
func torchConfigs(threads int) []config {
	n := strconv.Itoa(threads)
	if threads == 1 {
		return []config{{"", []string{"OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1"}}}
	}
	return []config{
		{"default", nil},
		{"blas 1", []string{"OMP_NUM_THREADS=" + n, "OPENBLAS_NUM_THREADS=1"}},
		{"passive", []string{"OMP_NUM_THREADS=" + n, "OPENBLAS_NUM_THREADS=" + n, "OMP_WAIT_POLICY=PASSIVE"}},
	}
}

func blasConfig(threads int) []config {
	n := strconv.Itoa(threads)
	return []config{{"", []string{"OMP_NUM_THREADS=" + n, "OPENBLAS_NUM_THREADS=" + n, "MKL_NUM_THREADS=" + n}}}
}

// jaxConfig relies on the script, which stays on as many processors as it has threads.
func jaxConfig(threads int) []config {
	if threads == 1 {
		return []config{{"", []string{"XLA_FLAGS=--xla_cpu_multi_thread_eigen=false", "OMP_NUM_THREADS=1"}}}
	}
	return []config{{"", nil}}
}

//go:embed peers/*.py
var scripts embed.FS

// unpack writes the peers' scripts to a folder.
func unpack(folder string) error { return os.CopyFS(folder, scripts) }

// sides are the ways to run a peer, on each number of threads.
func (k peerKind) sides(python, folder string, threads []int) []side {
	var sides []side
	for _, t := range threads {
		for _, c := range k.configs(t) {
			sides = append(sides, side{name: k.name, threads: t, config: c.name,
				argv: []string{python, filepath.Join(folder, "peers", k.script)}, env: c.env})
		}
	}
	return sides
}

// find is a Python that has the peer: the one named, or the first one that does.
func (k peerKind) find(ctx context.Context, named string) (python string, err error) {
	candidates := []string{named}
	if named == "" {
		candidates = []string{"python3", "/usr/bin/python3"}
	}
	for _, python := range candidates {
		if path, err := exec.LookPath(python); err == nil && exec.CommandContext(ctx, path, "-c", "import "+k.module).Run() == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("not installed: %s has no module %s", strings.Join(candidates, " or "), k.module)
}
