//go:build !amd64 || noasm

package norm

// fast says whether there is assembly for this processor: the functions below are never called.
func fast() bool { return false }

func asmMoments(x []float32, shift float32) (s, q float64)                                 { return }
func asmCenter(y, x []float32, mean, scale, bias float32)                                  {}
func asmDots(dy, x []float32, mean float32) (s, q float64)                                 { return }
func asmBack(dx, dy, x []float32, mean, a, b, c float32)                                   {}
func asmRowApply(y, x, gamma, beta []float32, mean, scale float32)                         {}
func asmRowBack(dx, dy, x, gamma []float32, mean, a, b, c float32)                         {}
func asmColMoments(rows, stride int, x, shift, s, q []float32)                             {}
func asmColApply(rows, stride int, y, x, mean, scale, bias []float32)                      {}
func asmColDots(rows, stride int, dy, x, mean, s, q []float32)                             {}
func asmColBack(rows, stride int, dx, dy, x, mean, a, b, c []float32)                      {}
func asmRowDots(dy, x, gamma, dgamma, dbeta []float32, mean, scale float32) (s, q float64) { return }
func asmRow(y, x, gamma, beta []float32, eps float32) (mean, variance float32)             { return }
