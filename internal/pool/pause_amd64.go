//go:build amd64 && !noasm

package pool

// pause tells the processor that this is a spinning loop.
func pause()

// ticks is a clock that is cheap to read; its unit is not known.
func ticks() int64
