package main

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/internal/kernel/vec"
	"github.com/fathom-ml/fathom/internal/pool"
)

type doctorCommand struct{}

// Run prints what Fathom finds on this machine.
func (doctorCommand) Run(s streams) error {
	w := bufio.NewWriter(s.out)
	row := func(name, text string) { fmt.Fprintf(w, "%-12s %s\n", name, text) }
	row("version", version())
	row("processor", processor())
	row("features", orNone(vec.Features()))
	row("kernels", vec.Kernels())
	row("threads", fmt.Sprintf("%d of %d processors (GOMAXPROCS)", pool.Workers(), runtime.NumCPU()))
	if folders := data.Folders(); len(folders) == 0 {
		row("FATHOM_DATA", "not set")
	} else {
		for _, dir := range folders {
			row("FATHOM_DATA", dir)
			listFolder(w, dir)
		}
	}
	if dir, err := data.CacheDir(); err != nil {
		row("cache", err.Error())
	} else {
		row("cache", dir)
		listFolder(w, filepath.Join(dir, "data"))
	}
	needed := map[string]bool{}
	for _, l := range book.All() {
		for _, key := range l.Data {
			needed[key] = true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(needed)) {
		row("data set", state(key))
	}
	return w.Flush()
}

func orNone(s string) string {
	if s == "" {
		return "none known"
	}
	return s
}

// processor is the model's name where the system tells it, else the architecture.
func processor() string {
	file, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if name, model, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(model) + ", " + runtime.GOARCH
		}
	}
	return runtime.GOARCH
}

// listFolder prints what lies in a data folder with sizes, folders in one line each.
func listFolder(w io.Writer, dir string) {
	entries, err := os.ReadDir(dir)
	switch {
	case os.IsNotExist(err):
		fmt.Fprintln(w, "  does not exist yet")
		return
	case err != nil:
		fmt.Fprintf(w, "  cannot be read: %v\n", err)
		return
	case len(entries) == 0:
		fmt.Fprintln(w, "  empty")
	}
	for _, e := range entries {
		name := e.Name()
		files, bytes := measure(filepath.Join(dir, name))
		if e.IsDir() {
			name += fmt.Sprintf("/ (files: %d)", files)
		}
		fmt.Fprintf(w, "  %-44s %8.1f MB\n", name, float64(bytes)/1e6)
	}
}

// measure counts the files under path and their bytes; what cannot be read counts nothing.
func measure(path string) (files int, bytes int64) {
	_ = filepath.WalkDir(path, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		if info, err := d.Info(); err == nil {
			files++
			bytes += info.Size()
		}
		return nil
	})
	return files, bytes
}
