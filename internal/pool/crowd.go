package pool

import (
	"sync/atomic"
	"time"
)

// A crowd notices that other processes want the processors too. Then a worker that
// has taken a chunk may be without a processor for milliseconds, and a caller who waits for
// it loses more than sharing gains: for a while callers run all chunks
// themselves. Chunks are the same in either case, so results are.
type crowd struct {
	until atomic.Int64 // callers work alone until then, in nanoseconds since epoch
	pause atomic.Int64 // how long the last such time was
	on    atomic.Bool  // now is one
}

// The time for which a process that has no processor waits at least for one, and the times of working alone, doubled as
// long as sharing goes wrong.
const (
	slice      = 1500 * time.Microsecond
	firstPause = 4 * time.Millisecond
	longest    = 32 * time.Millisecond
)

var epoch = time.Now()

// keepsAway says whether a caller should work alone.
func (c *crowd) keepsAway() bool {
	if !c.on.Load() {
		return false
	}
	if int64(time.Since(epoch)) < c.until.Load() {
		return true
	}
	c.on.Store(false)
	return false
}

// note takes down that a caller was parked so long, and much longer than its own chunks took. Less than slice
// is the time that a worker takes to wake up.
func (c *crowd) note(parked time.Duration) {
	if parked < slice {
		return
	}
	now := int64(time.Since(epoch))
	p := firstPause
	if last := c.until.Load(); now < last+int64(longest) { // again soon after the last time
		p = min(max(2*time.Duration(c.pause.Load()), firstPause), longest)
	}
	c.pause.Store(int64(p))
	c.until.Store(now + int64(p))
	c.on.Store(true)
}
