//go:build !amd64 || noasm

package cell

func asm3[T Float](op op, y, p, u []T) bool                  { return false }
func asm4[T Float](op op, dp, dy, dh, y []T) bool            { return false }
func asm5[T Float](op op, y, g, p, u, h []T) bool            { return false }
func asmGRUGrad[T Float](dp, dq, dh, dy, g, h []T) bool      { return false }
func asmGRUGatesGrad[T Float](dp, rh, dh, d, g, h []T) bool  { return false }
func asmLSTM[T Float](y, c, g, p, u, c0 []T) bool            { return false }
func asmLSTMGrad[T Float](dp, dc, dh, dy, g, c, c0 []T) bool { return false }
