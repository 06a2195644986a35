//go:build !amd64 || noasm

package fold

func linesNarrow(op Op, acc []float64, x *float32, n, stride int) {
	plainNarrow(op, acc, x, n, stride)
}

func columnsNarrow(op Op, acc []float64, x *float32, rows, stride int) {
	plainColumnsNarrow(op, acc, x, rows, stride)
}

func linesWide[A Accumulator, T Number](op Op, acc []A, x *T, n, stride int) {
	plainWide(op, acc, x, n, stride)
}

func columnsWide[A Accumulator, T Number](op Op, acc []A, x *T, rows, stride int) {
	plainColumnsWide(op, acc, x, rows, stride)
}
