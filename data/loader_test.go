package data

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fathom-ml/fathom/tensor"
)

// counted is a data set of n examples whose batches are the indices themselves.
type counted struct {
	n      int
	fail   int // the example that gives an error, or -1
	misuse int // the example that panics, or -1
	made   atomic.Int32
}

var errBroken = errors.New("broken example")

func (c *counted) Len() int { return c.n }
func (c *counted) Batch(idx []int) ([]int, error) {
	c.made.Add(1)
	if slices.Contains(idx, c.misuse) {
		tensor.Misuse("counted", "misuse", "")
	}
	if slices.Contains(idx, c.fail) {
		return nil, errBroken
	}
	return slices.Clone(idx), nil
}

func newCounted(n int) *counted { return &counted{n: n, fail: -1, misuse: -1} }

func collect(l *Loader[[]int]) (sizes, all []int) {
	for b := range l.All(context.Background()) {
		sizes = append(sizes, len(b))
		all = append(all, b...)
	}
	return sizes, all
}

func upTo(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return s
}

func TestLoaderCutsBatches(t *testing.T) {
	for _, prefetch := range []int{0, 1, 3} {
		l := NewLoader(newCounted(10), 4, Prefetch(prefetch))
		sizes, all := collect(l)
		if !slices.Equal(sizes, []int{4, 4, 2}) || !slices.Equal(all, upTo(10)) || l.Len() != 3 || l.Err() != nil {
			t.Errorf("prefetch %d: %v %v, Len %d, %v", prefetch, sizes, all, l.Len(), l.Err())
		}
		l = NewLoader(newCounted(10), 4, DropLast(), Prefetch(prefetch))
		if sizes, _ := collect(l); !slices.Equal(sizes, []int{4, 4}) || l.Len() != 2 {
			t.Errorf("DropLast: %v, Len %d", sizes, l.Len())
		}
	}
	if sizes, _ := collect(NewLoader(newCounted(0), 4, Prefetch(1), Shuffle(true))); len(sizes) != 0 {
		t.Errorf("an empty set gave %v", sizes)
	}
	if err := tensor.Try(func() { NewLoader(newCounted(1), 0) }); err == nil {
		t.Error("batch size 0 was accepted")
	}
}

func TestLoaderShuffles(t *testing.T) {
	run := func(prefetch int) (epochs [2][]int) {
		tensor.Seed(7)
		l := NewLoader(newCounted(100), 8, Shuffle(true), Prefetch(prefetch))
		for e := range epochs {
			_, epochs[e] = collect(l)
		}
		return epochs
	}
	a := run(0)
	b := run(2)
	if !slices.Equal(a[0], b[0]) || !slices.Equal(a[1], b[1]) {
		t.Error("prefetching changes the order")
	}
	if slices.Equal(a[0], a[1]) || slices.Equal(a[0], upTo(100)) {
		t.Error("an epoch is not shuffled anew")
	}
	for _, e := range a {
		slices.Sort(e)
		if !slices.Equal(e, upTo(100)) {
			t.Errorf("not every example once: %v", e)
		}
	}
}

func TestLoaderErrors(t *testing.T) {
	for _, prefetch := range []int{0, 2} {
		ds := newCounted(10)
		ds.fail = 5
		l := NewLoader(ds, 2, Prefetch(prefetch))
		sizes, _ := collect(l)
		if len(sizes) != 2 || !errors.Is(l.Err(), errBroken) {
			t.Errorf("%d batches, %v", len(sizes), l.Err())
		}
		ds.fail = -1
		if collect(l); l.Err() != nil {
			t.Errorf("an old error stays: %v", l.Err())
		}
		ds.misuse = 9
		err := tensor.Try(func() { collect(l) })
		var te *tensor.Error
		if !errors.As(err, &te) || te.Op != "counted" {
			t.Errorf("misuse: %v", err)
		}
	}
}

func TestLoaderIsCancelled(t *testing.T) {
	for _, prefetch := range []int{0, 2} {
		ctx, cancel := context.WithCancelCause(context.Background())
		defer cancel(nil)
		why := errors.New("enough")
		l := NewLoader(newCounted(100), 1, Prefetch(prefetch))
		n := 0
		for range l.All(ctx) {
			if n++; n == 3 {
				cancel(why)
			}
		}
		if n != 3 || !errors.Is(l.Err(), why) {
			t.Errorf("%d batches, %v", n, l.Err())
		}
		pairs := NewLoader(NewTensors(tensor.Zeros(5, 1), tensor.Zeros(5)), 1, Context(ctx))
		for range pairs.Batches() {
			t.Error("a batch after the cancellation")
		}
		if !errors.Is(pairs.Err(), why) {
			t.Error(pairs.Err())
		}
	}
}

// Breaking out of a loop leaves no goroutine behind and makes at most the
// batches that were asked for ahead.
func TestLoaderStopsItsWorker(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 50 {
		ds := newCounted(1000)
		for range NewLoader(ds, 1, Prefetch(2)).All(context.Background()) {
			break
		}
		if n := ds.made.Load(); n > 5 {
			t.Fatalf("%d batches made for one", n)
		}
	}
	func() {
		defer func() { _ = recover() }()
		for range NewLoader(newCounted(10), 1, Prefetch(2)).All(context.Background()) {
			panic("in the loop")
		}
	}()
	for deadline := time.Now().Add(2 * time.Second); runtime.NumGoroutine() > before; {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
		time.Sleep(time.Millisecond)
	}
}

// Loops at the same time do not disturb each other.
func TestLoaderNested(t *testing.T) {
	l := NewLoader(newCounted(4), 2, Prefetch(1))
	var got []int
	for a := range l.All(context.Background()) {
		for b := range l.All(context.Background()) {
			got = append(got, a[0]*10+b[0])
		}
	}
	if !slices.Equal(got, []int{0, 2, 20, 22}) {
		t.Errorf("%v", got)
	}
}

func TestTensors(t *testing.T) {
	X := tensor.Arange(12).Reshape(6, 2)
	y := tensor.Of([]int32{0, 1, 2, 3, 4, 5})
	w := tensor.Ones(6, 2).RequireGrad()
	ds := NewTensors(X, y, w)
	b, err := ds.Batch([]int{4, 0, 4})
	if err != nil {
		t.Fatal(err)
	}
	if !tensor.Equal(b[0], tensor.Of([]float32{8, 9, 0, 1, 8, 9}, 3, 2)) || !tensor.Equal(b[1], tensor.Of([]int32{4, 0, 4})) {
		t.Errorf("%v %v", b[0], b[1])
	}
	if b[2].Recorded() {
		t.Error("a batch of a leaf is recorded")
	}
	b[0].Fill(-1)
	if X.At(4, 0) != 8 {
		t.Error("a batch shares memory with the set")
	}
	if n := ds.Take(4).Len(); n != 4 {
		t.Errorf("Take(4) has %d", n)
	}
	if n := ds.Take(40).Len(); n != 6 {
		t.Errorf("Take(40) has %d", n)
	}
	for name, f := range map[string]func(){
		"lengths": func() { NewTensors(X, tensor.Zeros(5)) },
		"0-d":     func() { NewTensors(tensor.Scalar(1)) },
		"three": func() {
			for range NewLoader(ds, 2).Batches() {
			}
		},
		"no pair": func() { NewLoader(newCounted(4), 2).Batches() },
	} {
		if err := tensor.Try(f); err == nil {
			t.Errorf("%s: no panic", name)
		}
	}
}

func ExampleNewLoader() {
	X := tensor.Arange(10).Reshape(5, 2)
	y := tensor.Arange(5)
	loader := NewLoader(NewTensors(X, y), 2)
	for X, y := range loader.Batches() {
		fmt.Println(X.Shape(), y)
	}
	fmt.Println(loader.Len(), loader.Err())
	// Output:
	// [2 2] [0. 1.]
	// [2 2] [2. 3.]
	// [1 2] [4.]
	// 3 <nil>
}

// Recycled batches use the same memory again, and a batch that is used too late panics.
func TestRecycle(t *testing.T) {
	for _, opts := range [][]LoaderOption{nil, {Prefetch(2)}} {
		before := tensor.Stats().Live
		set := Digits(true).Take(100)
		want := NewLoader(set, 32)
		var old *tensor.Tensor
		var sums, wanted []float64
		for X, y := range want.Batches() {
			wanted = append(wanted, X.Sum().Item(), y.Sum().Item())
		}
		for X, y := range want.With(append(opts, Recycle())...).Batches() {
			if old != nil {
				if err := tensor.Try(func() { old.Sum() }); err == nil || !strings.Contains(err.Error(), "released") {
					t.Errorf("a batch used after its turn: %v", err)
				}
			}
			if tensor.Stats().Live == before {
				t.Error("the batch is not in the pool's memory")
			}
			sums, old = append(sums, X.Sum().Item(), y.Sum().Item()), X
		}
		if !slices.Equal(sums, wanted) {
			t.Errorf("sums %v, want %v", sums, wanted)
		}
		for range want.With(append(opts, Recycle())...).Batches() {
			break
		}
		if l := tensor.Stats().Live; l != before {
			t.Errorf("%d bytes are live after the loops, %d before", l, before)
		}
	}
}
