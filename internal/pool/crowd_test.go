package pool

import (
	"testing"
	"time"
)

func TestCrowd(t *testing.T) {
	var c crowd
	alone := func() time.Duration {
		start := time.Now()
		for c.keepsAway() {
			time.Sleep(50 * time.Microsecond)
		}
		return time.Since(start)
	}
	if c.note(slice / 2); c.keepsAway() {
		t.Fatal("a worker that wakes up is no crowd")
	}
	for want := firstPause; want < longest; want *= 2 {
		c.note(2 * slice)
		if d := alone(); d < want-time.Millisecond {
			t.Fatalf("shared again after %v, want %v", d, want)
		}
	}
	time.Sleep(2 * longest)
	c.note(2 * slice)
	if time.Duration(c.pause.Load()) != firstPause {
		t.Fatal("the pause did not start again")
	}
}
