package chanconv

import (
	"testing"

	"github.com/fathom-ml/fathom/internal/kernel/guard"
)

// TestGuardPages convolves images that end right before a page that cannot be
// touched.
func TestGuardPages(t *testing.T) {
	levels(t, func(t *testing.T) {
		for _, s := range shapes {
			ny, nx, nw := s.sizes()
			y, x, w := guard.Floats(t, ny, true), guard.Floats(t, nx, true), guard.Floats(t, nw, true)
			Forward(s, y, x, w, guard.Floats(t, s.Groups*s.CO, true), relu)
			GradX(s, x, y, w)
			GradW(s, w, y, x)
		}
	})
}
