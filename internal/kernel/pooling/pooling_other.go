//go:build !amd64 || noasm

package pooling

func asmMaxRow(n, k, stride int, y []float32, arg []int32, x []float32, pad, last int) bool {
	return false
}
func asmSumRow(n, k, stride int, y, x []float32) bool { return false }
func asmMaxDown(rows, step int, y []float32, arg []int32, v []float32, at []int32, first, width int) bool {
	return false
}
func asmSumDown(rows, step int, y, v, scale []float32, s float32) bool { return false }
func asmSums(n int, y, x []float32, s float32) bool                    { return false }
