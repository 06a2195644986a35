package kernel_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/fathom-ml/fathom/internal/kernel"
	"github.com/fathom-ml/fathom/internal/kernel/kerneltest"
	"github.com/fathom-ml/fathom/internal/kernel/simd"
)

// TestCPUConforms runs the suite at every level of vector instructions, with
// threads and without.
func TestCPUConforms(t *testing.T) {
	best := simd.Active
	defer func() { simd.Active = best }()
	for _, level := range simd.Levels() {
		for _, procs := range []int{1, 3} {
			if procs == 1 && (level != best || underRace) {
				continue
			}
			t.Run(fmt.Sprintf("%v/%d", level, procs), func(t *testing.T) {
				simd.Active = level
				old := runtime.GOMAXPROCS(procs)
				defer runtime.GOMAXPROCS(old)
				kerneltest.Run(t, kernel.CPU{})
			})
		}
	}
}
