package main

import (
	"bytes"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestCommitted wants the committed files to be what the generator writes, but for
// the line that names the command.
func TestCommitted(t *testing.T) {
	gen := filepath.Join(t.TempDir(), "gen")
	if out, err := exec.Command("go", "build", "-o", gen, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	check := func(dir, tmp string, files, args []string) {
		t.Helper()
		if out, err := exec.Command(gen, args...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		for _, f := range files {
			want, err := os.ReadFile(filepath.Join(tmp, f))
			if err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(filepath.Join("..", dir, f))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(body(got), body(want)) {
				t.Errorf("%s/%s is not what the generator writes; run go generate there", dir, f)
			}
		}
	}
	for dir := range kernels {
		tmp := t.TempDir()
		files := []string{dir + "_amd64.s", "stubs_amd64.go"}
		args := []string{"-kernels", dir, "-pkg", dir, "-out", filepath.Join(tmp, files[0]), "-stubs", filepath.Join(tmp, files[1])}
		if dir == "vec" {
			files = append(files, "calls_amd64.go")
			args = append(args, "-calls", filepath.Join(tmp, files[2]))
		}
		check(dir, tmp, files, args)
	}
	tmp := t.TempDir()
	check("vec", tmp, []string{"vec_arm64.s", "calls_arm64.go"}, []string{"-kernels", "vec", "-neon", tmp})
}

// body is a file without its first line.
func body(b []byte) []byte {
	_, rest, _ := bytes.Cut(b, []byte("\n"))
	return rest
}

func TestFit(t *testing.T) {
	c := fit(math.Exp, func(x float64) float64 { return 1 / math.Exp(x) }, -0.35, 0.35, 5)
	for x := -0.35; x <= 0.35; x += 0.001 {
		y := 0.0
		for i := len(c) - 1; i >= 0; i-- {
			y = y*x + float64(c[i])
		}
		if math.Abs(y/math.Exp(x)-1) > 2e-7 {
			t.Fatalf("polynomial(%g) = %g, want %g", x, y, math.Exp(x))
		}
	}
	for i, want := range []float64{1, 1, 1. / 2, 1. / 6} {
		if math.Abs(float64(c[i])-want) > 1e-3 {
			t.Errorf("coefficient %d is %g, want about %g", i, c[i], want)
		}
	}
}
