//go:build !amd64 || noasm

package pool

import (
	"sync/atomic"
	"time"
)

var idle atomic.Int32

// pause passes about the time of a processor's pause instruction.
func pause() {
	for range 20 {
		idle.Load()
	}
}

// ticks is a clock; its unit is not known.
func ticks() int64 { return int64(time.Since(epoch)) }
