package pool

import (
	"testing"
	"time"
)

func TestCrowd(t *testing.T) {
	var c crowd
	if c.keepsAway() {
		t.Fatal("alone without a reason")
	}
	c.note(100, 150)
	if c.keepsAway() {
		t.Fatal("a chunk that ends a little later is no crowd")
	}
	for want := firstPause; want < 20*time.Millisecond; want *= 2 {
		c.note(100, 1000)
		start := time.Now()
		for c.keepsAway() {
			time.Sleep(100 * time.Microsecond)
		}
		if d := time.Since(start); d < want-time.Millisecond {
			t.Fatalf("shared again after %v, want %v", d, want)
		}
	}
	c.note(100, 150)
	c.note(100, 1000)
	if time.Duration(c.pause.Load()) != firstPause {
		t.Fatal("the pause did not start again")
	}
}
