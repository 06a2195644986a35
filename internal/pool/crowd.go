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
	until atomic.Int64 // callers work alone until then (since epoch); 0: they share
	pause atomic.Int64 // how long the last such time was
}

// The times of working alone: doubled as long as sharing goes wrong.
const (
	firstPause = 2 * time.Millisecond
	longest    = 64 * time.Millisecond
)

var epoch = time.Now()

// keepsAway says whether a caller should work alone.
func (c *crowd) keepsAway() bool {
	u := c.until.Load()
	if u == 0 {
		return false
	}
	if int64(time.Since(epoch)) < u {
		return true
	}
	c.until.CompareAndSwap(u, 0)
	return false
}

// note takes down that a caller, after own ticks of work and spinning, was parked for
// so many ticks more.
func (c *crowd) note(own, parked int64) {
	if parked < 2*own {
		c.pause.Store(0) // late, but not without a processor
		return
	}
	p := min(max(2*time.Duration(c.pause.Load()), firstPause), longest)
	c.pause.Store(int64(p))
	c.until.Store(int64(time.Since(epoch) + p))
}
