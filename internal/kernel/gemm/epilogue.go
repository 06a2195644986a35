package gemm

import (
	"math"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/vec"
)

// finish32 adds the bias and applies the activation to c, row by row.
func finish32(g job[float32]) {
	if g.bias == nil && g.act == none {
		return
	}
	var bias []float32
	if g.bias != nil {
		bias = unsafe.Slice(g.bias, g.n)
	}
	for i := range g.m {
		row := unsafe.Slice(ptr(g.c, i*g.crs), g.n)
		if bias != nil {
			vec.Add(row, row, bias)
		}
		switch g.act {
		case relu:
			vec.ReLU(row, row)
		case sigmoid:
			vec.Sigmoid(row, row)
		case tanh:
			vec.Tanh(row, row)
		}
	}
}

// finish64 is finish32 for float64.
func finish64(g job[float64]) {
	for i := range g.m {
		row := unsafe.Slice(ptr(g.c, i*g.crs), g.n)
		if g.bias != nil {
			for j, b := range unsafe.Slice(g.bias, g.n) {
				row[j] += b
			}
		}
		switch g.act {
		case relu:
			for j, v := range row {
				if v < 0 {
					row[j] = 0
				}
			}
		case sigmoid:
			for j, v := range row {
				row[j] = 1 / (1 + math.Exp(-v))
			}
		case tanh:
			for j, v := range row {
				row[j] = math.Tanh(v)
			}
		}
	}
}
