// Package pool holds the two things that kernels and tensors share: the
// workers that split a loop and the buffers that are used again.
package pool

import (
	"runtime"
	"sync"
)

// Workers is how many goroutines share a job: GOMAXPROCS.
func Workers() int { return runtime.GOMAXPROCS(0) }

// For runs f over [0, n) in chunks, on the caller's goroutine and on workers, and
// returns when all are done. A chunk holds at least grain elements (but for
// the last); the chunks depend only on n, grain and GOMAXPROCS. If n <= grain
// the caller runs f(0, n) itself. A panic in any chunk comes back on the
// caller's goroutine after all chunks have ended.
func For(n, grain int, f func(lo, hi int)) {
	w := min(Workers(), n/max(grain, 1))
	if w <= 1 {
		if n > 0 {
			f(0, n)
		}
		return
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	var failed any
	run := func(i int) {
		defer func() {
			if r := recover(); r != nil {
				mu.Lock()
				failed = r
				mu.Unlock()
			}
		}()
		f(i*n/w, (i+1)*n/w)
	}
	for i := 1; i < w; i++ {
		wg.Go(func() { run(i) })
	}
	run(0)
	wg.Wait()
	if failed != nil {
		panic(failed)
	}
}
