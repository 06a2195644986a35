package kernel_test

import (
	"runtime"
	"testing"

	"github.com/fathom-ml/fathom/internal/kernel"
	"github.com/fathom-ml/fathom/internal/kernel/kerneltest"
)

func TestCPUConforms(t *testing.T) {
	for _, procs := range []int{1, 3} {
		old := runtime.GOMAXPROCS(procs)
		kerneltest.Run(t, kernel.CPU{})
		runtime.GOMAXPROCS(old)
	}
}
