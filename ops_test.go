package fathom

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "github.com/fathom-ml/fathom/linalg"
	_ "github.com/fathom-ml/fathom/tensor/nnop"

	"github.com/fathom-ml/fathom/tensor"
)

var update = flag.Bool("update", false, "write docs/ops.md anew")

const opsPage = "docs/ops.md"

// TestOpsPage compares docs/ops.md with the table of operations, the source of the kernels and the oracle files:
//
//	go test . -run OpsPage -update
func TestOpsPage(t *testing.T) {
	page := makeOpsPage(t)
	if *update {
		if err := os.WriteFile(opsPage, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	old, err := os.ReadFile(opsPage)
	if err != nil {
		t.Fatal(err)
	}
	if string(old) != page {
		t.Errorf("%s is stale: go test . -run OpsPage -update", opsPage)
	}
}

func makeOpsPage(t *testing.T) string {
	k := readKernels(t)
	cases := oracleCases(t)
	total, byName := 0, map[string]int{}
	for name, n := range cases {
		total += n
		byName[plainName(name)] += n
	}
	var b strings.Builder
	fmt.Fprintf(&b, `# Operations

Made by `+"`go test . -run OpsPage -update`"+` from the table of operations, the source of the kernels and the oracle
files; a test fails when it is stale. *Gradient* and *second order* were tried: **yes**, **0** where the derivative
is zero everywhere, **refused** where asking panics (the error names the composite that has it), **-** where
the result is not a float. *Kernel* is what the processor runs, none for views and for
operations made of others; *SIMD* says whether float32 has assembly. *Oracle* counts the cases computed by PyTorch or NumPy, %d in all,
most of them run in float64 and float32, all on contiguous memory and on views.

| operation | room | gradient | second order | kernel | SIMD | oracle |
|---|---|---|---|---|---|---|
`, total)
	table := slices.Clone(tensor.Table())
	slices.SortStableFunc(table, func(a, b tensor.Entry) int {
		return strings.Compare(roomOf(k, a)+" "+strings.ToLower(a.Op.Name()), roomOf(k, b)+" "+strings.ToLower(b.Op.Name()))
	})
	used := map[string]bool{}
	for _, e := range table {
		key := plainName(e.Op.Name())
		used[key] = true
		list := k.of(e.Op)
		fast := ""
		if slices.ContainsFunc(list, func(s string) bool { return k.fast[s] }) {
			fast = "yes"
		}
		first, second := derivatives(e)
		count := ""
		if n := byName[key]; n > 0 {
			count = fmt.Sprint(n)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", e.Op.Name(), roomOf(k, e), first, second,
			strings.Join(list, ", "), fast, count)
	}
	b.WriteString("\n## Functions made of these, with cases of their own\n\n| function | oracle |\n|---|---|\n")
	var rest []string
	for name := range cases {
		if !used[plainName(name)] {
			rest = append(rest, name)
		}
	}
	slices.Sort(rest)
	for _, name := range rest {
		fmt.Fprintf(&b, "| %s | %d |\n", name, cases[name])
	}
	return b.String()
}

func roomOf(k *kernels, e tensor.Entry) string {
	dir := strings.TrimPrefix(fmt.Sprintf("%T", e.Op), "*")
	dir, _, _ = strings.Cut(dir, ".")
	return dir
}

// plainName is how names of operations and of oracle cases meet: setSlice and set_slice.
func plainName(s string) string { return strings.ToLower(strings.ReplaceAll(s, "_", "")) }

// derivatives tries the gradients of an operation's samples.
func derivatives(e tensor.Entry) (first, second string) {
	first, second = "-", "-"
	for _, c := range e.Cases {
		if c.Wrong {
			continue
		}
		var in []*tensor.Tensor
		for _, shape := range c.In {
			x := tensor.ZerosOf(tensor.Float64, shape...)
			d := tensor.Data[float64](x)
			lo, hi := c.Lo, c.Hi
			if lo == 0 && hi == 0 {
				lo, hi = 0.5, 2
			}
			for i := range d {
				d[i] = lo + (hi-lo)*(float64(i*7%11)+0.5)/11
			}
			in = append(in, x.RequireGrad())
		}
		y := c.F(in)
		if !y.Recorded() {
			continue
		}
		reached := func(gs []*tensor.Tensor) bool {
			return slices.ContainsFunc(gs, func(g *tensor.Tensor) bool { return g != nil })
		}
		gs := tensor.GradOf(y, in)
		if !reached(gs) {
			return "0", "0"
		}
		first, second = "yes", "yes"
		if err := tensor.Try(func() { tensor.GradOf(y, in, tensor.Create) }); err != nil {
			second = "refused"
		}
		return first, second
	}
	return first, second
}

// oracleCases counts the cases of each operation in all oracle files.
func oracleCases(t *testing.T) map[string]int {
	files, err := filepath.Glob("*/testdata/*.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	more, _ := filepath.Glob("*/*/testdata/*.json.gz")
	count := map[string]int{}
	for _, name := range append(files, more...) {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		var cases []struct{ Op string }
		err = json.NewDecoder(z).Decode(&cases)
		f.Close()
		var whole *json.UnmarshalTypeError // a file of models, not of cases of operations
		if errors.As(err, &whole) {
			continue
		}
		if err != nil {
			t.Fatal(name, err)
		}
		for _, c := range cases {
			if c.Op != "" {
				count[c.Op]++
			}
		}
	}
	return count
}
