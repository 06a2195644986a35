//go:build !amd64 || noasm

package softmax

func asmRow(y, x []float32) (m, s float32, ok bool) { return 0, 0, false }
func asmSumExp(x []float32) (m, s float32, ok bool) { return 0, 0, false }
func asmGrad(d, g, p []float32, s float32) bool     { return false }
func asmLogGrad(d, g, y []float32, s float32) bool  { return false }
func asmMinus(y, x []float32, a, b float32) bool    { return false }
