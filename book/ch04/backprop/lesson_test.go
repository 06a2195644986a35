package backprop

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/book/booktest"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/autograd"
)

func run(t *testing.T, set map[string]string) *booktest.Recorded {
	t.Helper()
	l, err := book.Find("4.7")
	if err != nil {
		t.Fatal(err)
	}
	return booktest.Run(t, l, book.Options{Set: set})
}

// objective is the lesson's J in plain float64.
func objective(W1 [2][3]float64, W2 [2][2]float64, lambda float64) float64 {
	x, y := [3]float64{1, -1, 2}, [2]float64{1, 0}
	var h [2]float64
	squares := 0.0
	for i := range 2 {
		z := 0.0
		for j := range 3 {
			z += W1[i][j] * x[j]
			squares += W1[i][j] * W1[i][j]
		}
		h[i] = math.Tanh(z)
	}
	J := 0.0
	for i := range 2 {
		o := -y[i]
		for j := range 2 {
			o += W2[i][j] * h[j]
			squares += W2[i][j] * W2[i][j]
		}
		J += o * o / 2
	}
	return J + lambda/2*squares
}

// The printed gradients are the slopes of the objective.
func TestGradients(t *testing.T) {
	for _, lambda := range []float64{0.1, 2} {
		text := run(t, map[string]string{"lambda": fmt.Sprint(lambda)}).Text()
		W1, W2 := [2][3]float64{{0.5, -0.25, 0.25}, {-0.5, 0.5, 0.25}}, [2][2]float64{{1, -1}, {0.5, 1}}
		slope := func(w *float64) float64 {
			const eps = 1e-5
			old := *w
			*w = old + eps
			up := objective(W1, W2, lambda)
			*w = old - eps
			down := objective(W1, W2, lambda)
			*w = old
			return (up - down) / (2 * eps)
		}
		dW2, dW1 := numbers(t, text, "dJ/dW2:", 4), numbers(t, text, "dJ/dW1:", 6)
		for i := range 4 {
			if want := slope(&W2[i/2][i%2]); math.Abs(dW2[i]-want) > 1e-6 {
				t.Errorf("lambda %g: element %d of dJ/dW2 is %g, want %g", lambda, i, dW2[i], want)
			}
		}
		for i := range 6 {
			if want := slope(&W1[i/3][i%3]); math.Abs(dW1[i]-want) > 1e-6 {
				t.Errorf("lambda %g: element %d of dJ/dW1 is %g, want %g", lambda, i, dW1[i], want)
			}
		}
		booktest.Contains(t, text, fmt.Sprintf("J = %.6f", objective(W1, W2, lambda)),
			fmt.Sprintf("difference quotient %.6f, gradient %.6f", slope(&W1[0][0]), slope(&W1[0][0])))
	}
}

func numbers(t *testing.T, text, behind string, n int) []float64 {
	t.Helper()
	_, rest, ok := strings.Cut(text, behind)
	if !ok {
		t.Fatalf("%q is not printed", behind)
	}
	fields := strings.Fields(strings.NewReplacer("[", " ", "]", " ").Replace(rest))
	all := make([]float64, n)
	for i := range all {
		if _, err := fmt.Sscan(fields[i], &all[i]); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func TestPrinted(t *testing.T) {
	r := run(t, nil)
	text := r.Text()
	booktest.Contains(t, text,
		"z: [ 1.25 -0.5 ] h: [ 0.84828365 -0.46211714] o: [ 1.3104007 -0.03797531]", // tanh 1.25, tanh -0.5; their sum with signs
		"dJ/do [2 1] true", "dJ/dW2 [2 2] true", "dJ/dh [2 1] true", "dJ/dz [2 1] true", "dJ/dW1 [2 3] true",
		"1 203530 1050", "256 203530 268800", "4096 203530 4300800", // 784 + 256 + 10 an example
		"same: true", "dJ/db is dJ/dz: true", "nodes: 17 and")
	if got := r.Figures(); !slices.Equal(got, []string{"forward", "recorded"}) {
		t.Errorf("figures %q", got)
	}
	for _, name := range []string{"forward", "recorded"} {
		if _, err := r.Figure(name).SVG(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if alt := r.Figure("recorded").AltText(); strings.Count(alt, "matmul") != 2 || !strings.Contains(alt, "tanh") {
		t.Errorf("the recorded graph: %s", alt)
	}
}

// A value that is used twice is drawn twice.
func TestDraw(t *testing.T) {
	x := tensor.Scalar(2).RequireGrad()
	d := draw(autograd.GraphOf(x.Mul(x).Add(x), map[*tensor.Tensor]string{x: "x"}))
	svg, err := d.SVG()
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(svg), ">x</"); n != 3 {
		t.Errorf("%d leaves in\n%s", n, svg)
	}
}
