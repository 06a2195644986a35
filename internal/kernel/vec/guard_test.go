package vec

import (
	"testing"

	"github.com/fathom-ml/fathom/internal/kernel/guard"
)

// TestGuardPages runs every routine on memory whose neighbouring page cannot be
// touched, not even for reading.
func TestGuardPages(t *testing.T) {
	levels(t, func(t *testing.T) {
		const most = 200
		for _, before := range []bool{true, false} {
			var whole [4][]float32
			for i := range whole {
				whole[i] = guard.Floats(t, most, before)
			}
			for n := range most {
				var s [4][]float32
				for i := range s {
					if s[i] = whole[i][:n]; before {
						s[i] = whole[i][most-n:]
					}
				}
				for _, f := range binaries {
					f(s[0], s[1], s[2])
				}
				for _, f := range exacts {
					f(s[0], s[1])
				}
				for _, f := range smooth {
					f.f(s[0], s[1])
				}
				for _, f := range slopes {
					f.f(s[0], s[1], s[2])
				}
				for _, f := range scalars {
					f(s[0], s[1], 2)
				}
				for _, f := range reductions {
					f(s[0])
				}
				Pow(s[0], s[1], s[2])
				MulAdd(s[0], s[1], s[2], s[3], 2)
				Dot(s[0], s[1])
				Softmax(s[0], s[1])
			}
		}
	})
}
