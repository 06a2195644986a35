//go:build !amd64 || noasm

package chanconv

// Without assembly the caller's own way is taken.

// Forward does nothing and says so.
func Forward(s Shape, y, x, w, bias []float32, act uint8) bool { return false }

// GradX does nothing and says so.
func GradX(s Shape, dx, dy, w []float32) bool { return false }

// GradW does nothing and says so.
func GradW(s Shape, dw, dy, x []float32) bool { return false }
