// Package pool holds the two things that kernels and tensors share: the
// workers that split a loop and the buffers that are used again.
package pool

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// Workers is how many goroutines share a job: GOMAXPROCS.
func Workers() int { return runtime.GOMAXPROCS(0) }

// For runs f over [0, n) in chunks, on the caller's goroutine and on workers, and
// returns when all are done. A chunk holds at least grain elements (but for
// the last); the chunks depend only on n, grain and GOMAXPROCS. If n < 2*grain
// the caller runs f(0, n) itself. A panic in any chunk comes back on the
// caller's goroutine after all chunks have ended.
//
// For may be called from inside f and from many goroutines at once: a caller
// runs whatever chunks no idle worker takes, so that it waits only for chunks
// that are under way.
func For(n, grain int, f func(lo, hi int)) {
	grain = max(grain, 1)
	if n < 2*grain {
		if n > 0 {
			f(0, n)
		}
		return
	}
	w := min(Workers(), n/grain)
	if w <= 1 {
		f(0, n)
		return
	}
	j := &job{f: f, n: n, chunks: w, from: processor()}
	j.pending.Store(int32(w))
	if team.crowd.keepsAway() {
		j.work()
	} else {
		team.post(j, w-1)
		start := ticks()
		j.work()
		j.wait(start)
	}
	if j.failed != nil {
		panic(j.failed.value)
	}
}

// A job is one call of For.
type job struct {
	f       func(lo, hi int)
	n       int
	chunks  int
	from    int          // the processor of the caller
	next    atomic.Int32 // the first chunk that nobody has taken
	pending atomic.Int32 // chunks that have not ended
	parked  atomic.Pointer[chan struct{}]
	mu      sync.Mutex
	failed  *failure
}

// A failure is the panic of the earliest chunk that had one.
type failure struct {
	chunk int
	value any
}

// taken says whether every chunk has somebody to run it.
func (j *job) taken() bool { return int(j.next.Load()) >= j.chunks }

// work runs chunks until none is left.
func (j *job) work() {
	for !j.taken() {
		i := int(j.next.Add(1)) - 1
		if i >= j.chunks {
			return
		}
		j.run(i)
	}
}

func (j *job) run(i int) {
	defer func() {
		if r := recover(); r != nil {
			j.mu.Lock()
			if j.failed == nil || i < j.failed.chunk {
				j.failed = &failure{i, r}
			}
			j.mu.Unlock()
		}
		if j.pending.Add(-1) == 0 {
			if c := j.parked.Load(); c != nil {
				close(*c)
			}
		}
	}()
	j.f(i*j.n/j.chunks, (i+1)*j.n/j.chunks)
}

// wait returns when every chunk has ended: it spins, since the chunks are about equal, then parks. A caller that has been
// parked wakes up late and begins the next job late, so it spins at least as long as its own chunks took. start is when
// it began them.
func (j *job) wait(start int64) {
	own := ticks() - start
	for i := 0; i < team.spins/4 || ticks()-start < 2*own; i++ {
		if j.pending.Load() == 0 {
			return
		}
		rest(i)
	}
	since := time.Now()
	c := make(chan struct{})
	j.parked.Store(&c)
	if j.pending.Load() != 0 {
		<-c
	}
	if ticks()-start > 4*own {
		team.crowd.note(time.Since(since))
	}
}

// spinning is how long a worker looks for its next job before it parks. It takes up to 0.3 ms to wake up where the
// processor is a virtual one that sleeps; a training step has its next job within a millisecond; and an idle program
// does not keep its cores hot.
const spinning = time.Millisecond

// pauses is the number of pauses in a time; how long one takes, 8 to 60 ns, is a matter of the processor.
func pauses(d time.Duration) int {
	const n = 2000
	best := time.Hour
	for range 3 {
		start := time.Now()
		for range n {
			pause()
		}
		best = min(best, time.Since(start))
	}
	return int(d * n / max(best, 1))
}

// rest is pause number i of a spinning loop. Now and then it lets other goroutines run.
func rest(i int) {
	if i%4096 == 4095 {
		runtime.Gosched()
		return
	}
	pause()
}

// A worker is a goroutine that waits for jobs.
type worker struct {
	slot   atomic.Pointer[job]
	asleep atomic.Bool
	wake   chan struct{}
	_      [64]byte // no two workers' slots in one cache line
}

// crew is the workers of the process; it grows to GOMAXPROCS - 1.
type crew struct {
	mu      sync.Mutex
	spins   int // pauses before a worker parks
	workers atomic.Pointer[[]*worker]
	crowd   crowd
}

var team crew

// post offers j to n workers that have nothing better to do.
func (c *crew) post(j *job, n int) {
	ws := c.workers.Load()
	if ws == nil || len(*ws) < n {
		ws = c.grow(n)
	}
	for _, w := range *ws {
		if n == 0 {
			return
		}
		if w.offer(j) {
			n--
		}
	}
}

func (c *crew) grow(n int) *[]*worker {
	c.mu.Lock()
	defer c.mu.Unlock()
	var ws []*worker
	if c.spins == 0 {
		c.spins = pauses(spinning)
	}
	if old := c.workers.Load(); old != nil {
		ws = append(ws, *old...)
	}
	for len(ws) < n {
		w := &worker{wake: make(chan struct{}, 1)}
		ws = append(ws, w)
		go w.loop()
	}
	c.workers.Store(&ws)
	return &ws
}

// offer gives j to w unless w has a job with chunks left.
func (w *worker) offer(j *job) bool {
	old := w.slot.Load()
	if old != nil && !old.taken() || !w.slot.CompareAndSwap(old, j) {
		return false
	}
	if w.asleep.CompareAndSwap(true, false) {
		w.wake <- struct{}{}
		yield()
	}
	return true
}

func (w *worker) loop() {
	for {
		j := w.await()
		if j.from >= 0 && processor() == j.from {
			leave(j.from)
		}
		j.work()
		w.slot.CompareAndSwap(j, nil)
	}
}

// await returns the next job: found spinning, or after sleep.
func (w *worker) await() *job {
	for i := range team.spins {
		if j := w.slot.Load(); j != nil {
			return j
		}
		rest(i)
	}
	for {
		w.asleep.Store(true)
		if j := w.slot.Load(); j != nil {
			if !w.asleep.CompareAndSwap(true, false) {
				<-w.wake // somebody has seen us asleep: take the call
			}
			return j
		}
		<-w.wake
	}
}
