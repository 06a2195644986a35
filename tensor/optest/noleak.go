package optest

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
)

// NoLeak fails the test if, when it ends, more tensor memory is held than now. The message lists the
// lines that made what is held. Tests that use it may not run in parallel with others.
func NoLeak(t testing.TB) {
	t.Helper()
	tensor.TraceSites(true)
	before := Live()
	t.Cleanup(func() {
		defer tensor.TraceSites(false)
		after := Live()
		if after <= before {
			return
		}
		var b strings.Builder
		for i, s := range tensor.LiveSites() {
			if i == 5 {
				break
			}
			fmt.Fprintf(&b, "\n%9d bytes in %d tensors made at %s", s.Bytes, s.Count, s.Where)
		}
		t.Errorf("%d bytes of tensors are held that were not when the test began:%s", after-before, b.String())
	})
}

// Live is tensor.Stats().Live after collections and the cleanups that follow them: at least two, and until two in a row
// agree, because cleanups run on goroutines of their own.
func Live() int64 {
	last := int64(-1)
	for range 10 {
		runtime.GC()
		done := make(chan struct{})
		func() {
			runtime.AddCleanup(new([64]byte), func(c chan struct{}) { close(c) }, done)
		}()
		runtime.GC()
		<-done
		live := tensor.Stats().Live
		if live == last {
			break
		}
		last = live
	}
	return last
}
