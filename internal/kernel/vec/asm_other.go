//go:build (!amd64 && !arm64) || noasm

package vec

// Without assembly the loops in Go do all the work.

func asmBinary(opBinary, []float32, []float32, []float32) bool        { return false }
func asmUnary(opUnary, []float32, []float32) bool                     { return false }
func asmAngle(opAngle, []float32, []float32) bool                     { return false }
func asmPow(y, a, b []float32) bool                                   { return false }
func asmScalar(opScalar, []float32, []float32, float32, float32) bool { return false }
func asmFill([]float32, float32) bool                                 { return false }
func asmMulAdd(y, x, a, b []float32, s float32) bool                  { return false }
func asmSum([]float32) (float32, bool)                                { return 0, false }
func asmDot(a, b []float32) (float32, bool)                           { return 0, false }
func asmMax([]float32) (float32, bool)                                { return 0, false }
func asmMin([]float32) (float32, bool)                                { return 0, false }
func asmExpSum([]float32, []float32, float32) (float32, bool)         { return 0, false }
