//go:build !noasm

package pool

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// processor is the number of the processor that runs the caller.
func processor() int

// leave moves the calling thread to another processor, if it may run on one.
//
// Linux wakes a worker on the processor of the caller who posted the job if it takes the idle ones for busy: in virtual
// machines a halted processor looks as if the host had taken it away. Both would take turns on one processor until
// the balancing of load finds out, which takes it some 30 ms, and again after each time that the worker slept.
func leave(cpu int) {
	var all, others unix.CPUSet
	if unix.SchedGetaffinity(0, &all) != nil {
		return
	}
	others = all
	others.Clear(cpu)
	if others.Count() == 0 || others.Count() == all.Count() {
		return
	}
	if unix.SchedSetaffinity(0, &others) == nil { // returns elsewhere
		unix.SchedSetaffinity(0, &all)
	}
}

// yield lets a thread that was woken on this processor run, so that it can leave.
func yield() { syscall.RawSyscall(syscall.SYS_SCHED_YIELD, 0, 0, 0) }
