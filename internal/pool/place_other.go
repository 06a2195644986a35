//go:build !linux || !amd64 || noasm

package pool

// processor is not known here.
func processor() int { return -1 }

func leave(int) {}

func yield() {}
