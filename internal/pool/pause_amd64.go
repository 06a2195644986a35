//go:build amd64 && !noasm

package pool

// pause tells the processor that this is a spinning loop.
func pause()
