package linregconcise

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/book/booktest"
	"github.com/fathom-ml/fathom/tensor"
)

func run(t *testing.T, opts book.Options) *booktest.Recorded {
	t.Helper()
	l, err := book.Find("3.3")
	if err != nil {
		t.Fatal(err)
	}
	return booktest.Run(t, l, opts)
}

// TestForm: the printouts have the book's form; their numbers depend on the order of the examples.
func TestForm(t *testing.T) {
	text := run(t, book.Options{}).Text()
	number := `[ -]*\d+\.\d*(?:e[-+]\d+)?`
	form := `^\[array\(\[(?:\s*\[` + number + ` *,` + number + ` *\],?){10}\]\),\n` +
		` array\(\[(?:\s*\[` + number + ` *\],?){10}\]\)\]\n` +
		`epoch 1, loss 0\.\d{6}\nepoch 2, loss 0\.\d{6}\nepoch 3, loss 0\.\d{6}\n` +
		`error in estimating w: \[` + number + number + `\]\n` +
		`error in estimating b: \[` + number + `\]\n`
	if !regexp.MustCompile(form).MatchString(text) {
		t.Errorf("printed\n%s", text)
	}
}

// TestPublished judges the median of three seeds by the range of the book's builds, widened on each
// side by its width, which counts as 2 % of the value at least.
func TestPublished(t *testing.T) {
	var losses [3][]float64
	var errors [2][]float64
	for seed := range uint64(3) {
		r := run(t, book.Options{Seed: seed})
		points := r.Metric("", "loss")
		if len(points) != 3 {
			t.Fatalf("seed %d: %d epochs", seed, len(points))
		}
		for i, m := range points {
			losses[i] = append(losses[i], m.Value)
			booktest.Contains(t, r.Text(), fmt.Sprintf("epoch %d, loss %f", i+1, m.Value))
		}
		if final, ok := r.Result("", "loss"); !ok || final != points[2].Value {
			t.Errorf("seed %d: result loss %g, last epoch %g", seed, final, points[2].Value)
		}
		for i, name := range []string{"w error", "b error"} {
			e, _ := r.Result("", name)
			errors[i] = append(errors[i], e)
		}
	}
	// epoch 2 is published for two builds only
	for i, published := range [][2]float64{{0.0248, 0.0253}, {0.000085, 0.000090}, {0.000051, 0.000051}} {
		width := max(published[1]-published[0], 0.02*published[1])
		if m := median(losses[i]); m > published[1]+width || m < published[0]-width {
			t.Errorf("epoch %d: losses %g, the book's are %g to %g", i+1, losses[i], published[0], published[1])
		}
	}
	for i, name := range []string{"w", "b"} {
		if median(errors[i]) >= 0.001 {
			t.Errorf("errors of %s: %g", name, errors[i])
		}
	}
}

func median(v []float64) float64 { return slices.Sorted(slices.Values(v))[len(v)/2] }

func TestExercises(t *testing.T) {
	text := run(t, book.Options{}).Text()
	if !strings.Contains(text, "\ntrue\n") {
		t.Errorf("ten times the gradient of the mean is not that of the sum:\n%s", text)
	}
	fitted := func(name string) (errW, errB float64) {
		var w0, w1, b float64
		_, rest, _ := strings.Cut(text, name+": ")
		if _, err := fmt.Sscanf(rest, "w = %f, %f, b = %f", &w0, &w1, &b); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return max(math.Abs(w0-2), math.Abs(w1+3.4)), math.Abs(b - 4.2)
	}
	if w, b := fitted("Huber's loss"); w > 0.05 || b > 0.05 {
		t.Errorf("Huber's loss is off by %g and %g", w, b)
	}
	if _, b := fitted("squared loss"); b < 0.5 {
		t.Errorf("the squared loss is off by %g only", b)
	}
}

// TestHuber compares with the definition, and the gradient with its derivative.
func TestHuber(t *testing.T) {
	pred := tensor.Of([]float32{0, 0.5, -0.5, 3, -3, 1}).RequireGrad()
	l := huber(pred, tensor.Zeros(6))
	booktest.Equal(t, l.String(), "[0. 0.125 0.125 2.5 2.5 0.5]")
	l.Backward()
	booktest.Equal(t, pred.Grad().String(), "[0. 0.5 -0.5 1. -1. 1.]")
}

// TestParameters: what the user sets takes effect.
func TestParameters(t *testing.T) {
	r := run(t, book.Options{Set: map[string]string{"epochs": "1", "batch": "7", "lr": "0.1"}})
	if n := len(r.Metric("", "loss")); n != 1 {
		t.Errorf("%d epochs", n)
	}
	if got := strings.Count(r.Texts()[0], "\n"); got != 14 {
		t.Errorf("a minibatch of 7 prints on %d lines", got)
	}
}
