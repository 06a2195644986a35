//go:build !amd64 || noasm

package pool

import "sync/atomic"

var idle atomic.Int32

// pause passes about the time of a processor's pause instruction.
func pause() {
	for range 20 {
		idle.Load()
	}
}
