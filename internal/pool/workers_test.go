package pool

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func withProcs(t testing.TB, n int) {
	old := runtime.GOMAXPROCS(n)
	t.Cleanup(func() { runtime.GOMAXPROCS(old) })
}

func TestForCoversEachElementOnce(t *testing.T) {
	for _, procs := range []int{1, 2, 3, 8} {
		withProcs(t, procs)
		for _, n := range []int{0, 1, 2, 7, 63, 64, 1000} {
			for _, grain := range []int{0, 1, 10, 5000} {
				seen := make([]int32, n)
				For(n, grain, func(lo, hi int) {
					for i := lo; i < hi; i++ {
						atomic.AddInt32(&seen[i], 1)
					}
				})
				for i, s := range seen {
					if s != 1 {
						t.Fatalf("procs %d n %d grain %d: element %d ran %d times", procs, n, grain, i, s)
					}
				}
			}
		}
	}
}

func TestForChunksDependOnShapeOnly(t *testing.T) {
	withProcs(t, 4)
	chunks := func() map[[2]int]bool {
		var mu sync.Mutex
		m := map[[2]int]bool{}
		For(1003, 10, func(lo, hi int) {
			mu.Lock()
			m[[2]int{lo, hi}] = true
			mu.Unlock()
		})
		return m
	}
	want := chunks()
	for range 100 {
		got := chunks()
		if len(got) != len(want) {
			t.Fatal(got, want)
		}
		for c := range got {
			if !want[c] {
				t.Fatal(got, want)
			}
		}
	}
}

func TestForNestedAndConcurrent(t *testing.T) {
	withProcs(t, 4)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				var sum atomic.Int64
				For(8, 1, func(lo, hi int) {
					For(100, 1, func(a, b int) {
						For(4, 1, func(c, d int) { sum.Add(int64((hi - lo) * (b - a) * (d - c))) })
					})
				})
				if sum.Load() != 3200 {
					t.Error(sum.Load())
				}
			}
		})
	}
	wg.Wait()
}

func TestForSleepsAndWakes(t *testing.T) {
	withProcs(t, 3)
	for range 20 {
		var n atomic.Int32
		For(3, 1, func(lo, hi int) { n.Add(int32(hi - lo)) })
		if n.Load() != 3 {
			t.Fatal(n.Load())
		}
		time.Sleep(time.Millisecond)
	}
}

func TestForPanicComesBackAfterAllChunks(t *testing.T) {
	withProcs(t, 4)
	for range 100 {
		var ended atomic.Int32
		func() {
			defer func() {
				if r := recover(); r != "chunk 1" {
					t.Errorf("recovered %v", r)
				}
				if ended.Load() != 4 {
					t.Errorf("%d chunks had ended", ended.Load())
				}
			}()
			For(4, 1, func(lo, hi int) {
				defer ended.Add(1)
				if lo >= 1 {
					panic("chunk " + string(rune('0'+lo)))
				}
			})
		}()
	}
	For(4, 1, func(lo, hi int) {}) // the workers live on
}

func BenchmarkFor(b *testing.B) {
	withProcs(b, 2)
	for b.Loop() {
		For(2, 1, func(lo, hi int) {})
	}
}
