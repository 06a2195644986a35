package lenet

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/book/booktest"
	"github.com/fathom-ml/fathom/format/safetensors"
	"github.com/fathom-ml/fathom/plot"
)

func lesson(t *testing.T) book.Lesson {
	t.Helper()
	l, err := book.Find("6.6")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// digits is a run on data that every machine has; more settings come in pairs.
func digits(set ...string) book.Options {
	o := book.Options{Quick: true, DataSet: "digits", Set: map[string]string{}}
	for i := 0; i < len(set); i += 2 {
		o.Set[set[i]] = set[i+1]
	}
	return o
}

const shapes = `conv0 output shape:	 (1, 6, 28, 28)
pool0 output shape:	 (1, 6, 14, 14)
conv1 output shape:	 (1, 16, 10, 10)
pool1 output shape:	 (1, 16, 5, 5)
dense0 output shape:	 (1, 120)
dense1 output shape:	 (1, 84)
dense2 output shape:	 (1, 10)
parameters: 61706
`

// The quick run leaves the plateau, shows what it promises, and says that it is not the book's run.
func TestQuick(t *testing.T) {
	opts := digits()
	if testing.Short() {
		opts.Set["epochs"] = "1"
	}
	r := booktest.Run(t, lesson(t), opts)
	if !strings.HasPrefix(r.Text(), shapes) {
		t.Errorf("the shapes of the layers:\n%s", r.Text())
	}
	if n := r.Notices(); len(n) != 2 || !strings.Contains(n[0], "digits") || !strings.Contains(n[1], "Adam") {
		t.Errorf("notices %q", n)
	}
	loss := r.Metric("", "train loss")
	if first, last := loss[0].Value, loss[len(loss)-1].Value; first < 2.2 || last > 0.3 && !testing.Short() {
		t.Errorf("the loss goes from %v to %v", first, last)
	}
	if acc := r.Tail("", "test acc", 1); acc < 0.8 && !testing.Short() {
		t.Errorf("test accuracy %v", acc)
	}
	for _, name := range []string{"train loss", "train acc", "test acc"} {
		curve := r.Metric("", name)
		if v, ok := r.Result("", name); !ok || v != curve[len(curve)-1].Value {
			t.Errorf("%s: result %v, last point %v", name, v, curve[len(curve)-1])
		}
	}
	if v, ok := r.Result("", "examples/sec"); !ok || v <= 0 {
		t.Errorf("examples/sec %v", v)
	}
	if got := r.Figures(); !slices.Equal(got, []string{"lenet", "lenet-vert", "training", "predictions", "conv0", "conv1"}) {
		t.Errorf("figures %q", got)
	}
	if n := len(r.Figure("conv0").Axes); n != 6 {
		t.Errorf("%d maps of the first convolution", n)
	}
	if n := len(r.Figure("conv1").Axes); n != 16 {
		t.Errorf("%d maps of the second convolution", n)
	}
}

// The chart has five points of the training curves an epoch, the last one at its end.
func TestChart(t *testing.T) {
	r := booktest.Run(t, lesson(t), digits("epochs", "2", "examples", "320"))
	ax := r.Figure("training").Axes[0]
	if ax.XLabel != "epoch" || ax.XLim != (plot.Range{Max: 2}) {
		t.Errorf("%+v", ax)
	}
	for i, n := range []int{10, 10, 2} {
		l := ax.Items[i].(*plot.Line)
		if len(l.X) != n || l.X[n-1] != 2 {
			t.Errorf("%s: points at %v", l.Label, l.X)
		}
	}
}

func TestModern(t *testing.T) {
	if testing.Short() {
		t.Skip("trains two networks")
	}
	r := booktest.Run(t, lesson(t), digits("epochs", "8", "modern", "true"))
	old, _ := r.Result("", "train loss")
	if loss, ok := r.Result("modern", "train loss"); !ok || loss > 0.2 || loss > old {
		t.Errorf("loss %v with rectifiers, %v without", loss, old)
	}
}

// A run that is interrupted ends at once and leaves the network of the last full epoch, or nothing.
func TestInterrupted(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "lenet.safetensors")
	for epochs, want := range map[int]int{0: 0, 1: 1} {
		ctx, cancel := context.WithCancel(t.Context())
		sink := &interrupter{after: epochs*45 + 20, cancel: cancel}
		err := book.Run(ctx, lesson(t), digits("save", file), sink)
		cancel()
		if !book.Interrupted(err) || sink.late > 0 {
			t.Errorf("error %v, %d steps after the end", err, sink.late)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != want {
			t.Fatalf("%d files, %v", len(entries), err)
		}
		if want == 0 {
			continue
		}
		f, err := safetensors.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(f.Names()); n != 10 {
			t.Errorf("%d arrays in the file", n)
		}
		f.Close()
		os.Remove(file)
	}
}

// interrupter ends a run after some steps of the progress line and counts those that come later.
type interrupter struct {
	after, late int
	cancel      func()
}

func (i *interrupter) Event(e book.Event) error {
	if e, ok := e.(book.Progress); ok && e.Count >= i.after {
		i.cancel()
		if e.Count > i.after {
			i.late++
		}
	}
	return nil
}

// The digits in full: the run of a machine without Fashion-MNIST.
func TestDigits(t *testing.T) {
	var test [3]float64
	for i, r := range booktest.Seeds(t, lesson(t), book.Options{DataSet: "digits"}) {
		test[i] = r.Tail("", "test acc", 3)
	}
	booktest.Within(t, "test acc on digits", test, 0.93, 1)
}

// The book's figures, in full.
func TestRanges(t *testing.T) {
	booktest.NeedFashionMNIST(t)
	var loss, train, test [3]float64
	for i, r := range booktest.Seeds(t, lesson(t), book.Options{DataSet: "fashion-mnist"}) {
		loss[i], _ = r.Result("", "train loss")
		train[i], _ = r.Result("", "train acc")
		test[i] = r.Tail("", "test acc", 3)
	}
	booktest.Within(t, "train loss", loss, 0.455, 0.485)
	booktest.Within(t, "train acc", train, 0.815, 0.832)
	booktest.Within(t, "test acc", test, 0.75, 1)
}
