//go:build !amd64 || noasm

package attention

func asmWeights(Block, []float32, float32, []float32, []float32, []float32, int) bool { return false }
func asmGrads(Block, []float32, []float32, float32, []float32, []float32, []float32, int) bool {
	return false
}
func asmRowDots(int, int, *float32, int, *float32, int, []float32) bool { return false }
func asmScaleRows(int, int, *float32, int, []float32) bool              { return false }
func asmColumns(int, int, *float32, int, int, []float32, int) bool      { return false }
