package gemm

import (
	"math"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/vec"
)

// finish adds the bias and applies the activation to c, row by row.
func finish[T float](g job[T]) {
	if g.bias == nil && g.act == none {
		return
	}
	for i := range g.m {
		row := unsafe.Slice(ptr(g.c, i*g.crs), g.n)
		if row, ok := any(row).([]float32); ok {
			if g.bias != nil {
				vec.Add(row, row, unsafe.Slice((*float32)(unsafe.Pointer(g.bias)), g.n))
			}
			activate32(row, g.act)
			continue
		}
		if g.bias != nil {
			for j, b := range unsafe.Slice(g.bias, g.n) {
				row[j] += b
			}
		}
		activate64(row, g.act)
	}
}

func activate32(y []float32, act uint8) {
	switch act {
	case relu:
		vec.ReLU(y, y)
	case sigmoid:
		vec.Sigmoid(y, y)
	case tanh:
		vec.Tanh(y, y)
	case gelu:
		vec.GELU(y, y)
	case geluTanh:
		vec.GELUTanh(y, y)
	}
}

func activate64[T float](y []T, act uint8) {
	f := func(v float64) float64 { return v }
	switch act {
	case none:
		return
	case relu:
		f = func(v float64) float64 { // NaN stays NaN
			if v < 0 {
				return 0
			}
			return v
		}
	case sigmoid:
		f = func(v float64) float64 { return 1 / (1 + math.Exp(-v)) }
	case tanh:
		f = math.Tanh
	case gelu:
		f = vec.GELU64
	case geluTanh:
		f = vec.GELUTanh64
	}
	for j, v := range y {
		y[j] = T(f(float64(v)))
	}
}
