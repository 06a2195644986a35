package fathom

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/fathom-ml/fathom/"

// floors gives each room its floor; the longest prefix counts. ARCHITECTURE.md
// says what lives where.
var floors = map[string]int{
	"internal": 1,
	"tensor":   2,
	"nn":       3, "optim": 3, "metric": 3, "data": 3, "linalg": 3, "fft": 3, "format": 3, "frame": 3, "plot": 3, "show": 3,
	"train": 4, "vision": 4, "text": 4,
	"d2l":  5,
	"book": 6, "site": 6,
	"cmd":   7,
	"tools": 7, "bench": 7,
}

// sideways lists the imports between rooms of one floor that are allowed.
var sideways = map[string]bool{
	"optim -> nn":              true,
	"nn -> format/safetensors": true,
	"show -> plot":             true,
	"site -> book":             true,
}

// core rooms import the standard library and golang.org/x only.
var core = []string{"internal", "tensor", "nn", "optim", "metric", "data", "format", "frame", "show"}

func room(pkg string) string {
	first, _, _ := strings.Cut(pkg, "/")
	return first
}

func allowed(from, to string) bool {
	a, b := floors[room(from)], floors[room(to)]
	switch {
	case a == 0 || b == 0:
		return false // every room has a floor
	case room(from) == room(to):
		return inside(from, to)
	case a > b:
		return true
	}
	return sideways[from+" -> "+to]
}

// inside says whether a package of a room may import another one of it.
func inside(from, to string) bool {
	switch room(from) {
	case "tensor": // its folders build on tensor, never the other way round
		return to == "tensor" && from != "tensor" || from != "tensor" && strings.HasPrefix(to, from)
	case "book": // lessons know the book, the book no lesson
		return !strings.HasPrefix(to, "book/ch") || from == "book/lessons"
	case "format":
		return false
	}
	return true
}

func TestImportDirections(t *testing.T) {
	seen := map[string]bool{}
	each(t, func(file, dir string, imports []string) {
		for _, imp := range imports {
			to, ours := strings.CutPrefix(imp, module)
			if ours {
				if seen[dir] = true; !allowed(dir, to) {
					t.Errorf("%s: %s (floor %d) may not import %s (floor %d)", file, dir, floors[room(dir)], to, floors[room(to)])
				}
				continue
			}
			if isCore(dir) && strings.Contains(strings.Split(imp, "/")[0], ".") && !strings.HasPrefix(imp, "golang.org/x/") {
				t.Errorf("%s: core room %s may not import %s", file, dir, imp)
			}
		}
	})
	if len(seen) < 5 {
		t.Errorf("only %d rooms import others: does the test still see the files?", len(seen))
	}
}

func isCore(dir string) bool {
	for _, c := range core {
		if room(dir) == c && dir != "internal/kernel/gen" {
			return true
		}
	}
	return false
}

// each calls f for every Go file that is not a test.
func each(t *testing.T, f func(file, dir string, imports []string)) {
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if _, err := os.Stat(filepath.Join(file, "go.mod")); err == nil && file != "." || strings.HasPrefix(d.Name(), ".") && file != "." || d.Name() == "testdata" {
				return filepath.SkipDir // another module
			}
			return nil
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		src, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		var imports []string
		for _, i := range src.Imports {
			p, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			imports = append(imports, p)
		}
		f(file, path.Dir(filepath.ToSlash(file)), imports)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The hand-written part of package tensor stays small enough to be read.
func TestSizeOfTensor(t *testing.T) {
	const limit = 8000
	lines := 0
	each(t, func(file, dir string, _ []string) {
		if dir == "tensor" {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			lines += strings.Count(string(b), "\n")
		}
	})
	t.Logf("package tensor: %d lines without tests", lines)
	if lines > limit {
		t.Errorf("package tensor has %d lines, more than %d", lines, limit)
	}
}
