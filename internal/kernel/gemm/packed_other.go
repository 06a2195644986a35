//go:build !amd64 || noasm

package gemm

func packPanels[T float](*Packed[T])         {}
func mulPanels[T float](*Packed[T], *job[T]) {}
