package kernel

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/mixed"
	"github.com/fathom-ml/fathom/internal/kernel/vec"
)

// Fill sets y to v (converted as Copy converts).
func (CPU) Fill(y View, v float64) {
	l := loop{do: doFill, dt: y.DT, v: [4]View{y}, nv: 1, c: v}
	l.each(grainCheap)
}

func fillRun(dt DType, y unsafe.Pointer, n int, v float64) {
	switch dt {
	case Float32:
		vec.Fill(vecOf[float32](y, n), float32(v))
	case Float64:
		setAll(vecOf[float64](y, n), v)
	case Int32:
		setAll(vecOf[int32](y, n), int32(int64(v)))
	case Int64:
		setAll(vecOf[int64](y, n), int64(v))
	case Uint8:
		setAll(vecOf[uint8](y, n), uint8(int64(v)))
	case Bool:
		setAll(vecOf[uint8](y, n), bit(v != 0))
	case Int8:
		setAll(vecOf[int8](y, n), int8(int64(v)))
	case Float16:
		setAll(vecOf[F16](y, n), ToF16(float32(v)))
	case BFloat16:
		setAll(vecOf[BF16](y, n), ToBF16(float32(v)))
	case Complex64:
		setAll(vecOf[complex64](y, n), complex(float32(v), 0))
	case Complex128:
		setAll(vecOf[complex128](y, n), complex(v, 0))
	}
}

func setAll[T any](y []T, v T) {
	for i := range y {
		y[i] = v
	}
}

func bit(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

// Copy sets y to x, converting the dtype.
func (CPU) Copy(y, x View) {
	if y.DT == x.DT {
		move(y, x)
		return
	}
	l := loop{do: doConvert, dt: x.DT, v: [4]View{y, x}, nv: 2}
	l.each(grainCheap)
}

func convertRun(to, from DType, y, x unsafe.Pointer, n int) {
	done := convertVectors(to, from, y, x, n)
	if done == n {
		return
	}
	if done > 0 {
		y, x, n = unsafe.Add(y, done*to.Size()), unsafe.Add(x, done*from.Size()), n-done
	}
	switch from {
	case Float32:
		convertFrom(to, y, vecOf[float32](x, n))
	case Float64:
		convertFrom(to, y, vecOf[float64](x, n))
	case Int32:
		convertFrom(to, y, vecOf[int32](x, n))
	case Int64:
		convertFrom(to, y, vecOf[int64](x, n))
	case Int8:
		convertFrom(to, y, vecOf[int8](x, n))
	case Float16, BFloat16, Complex64, Complex128:
		convertBlocks(to, from, y, x, n)
	default:
		convertFrom(to, y, vecOf[uint8](x, n))
	}
}

// convertVectors converts as many elements, from the start, as package mixed does, and returns their number.
func convertVectors(to, from DType, y, x unsafe.Pointer, n int) int {
	switch {
	case from == Float32:
		x := vecOf[float32](x, n)
		switch to {
		case Float64:
			return mixed.ToFloat64(vecOf[float64](y, n), x)
		case Int32:
			return mixed.ToInt32(vecOf[int32](y, n), x)
		case Int64:
			return mixed.ToInt64(vecOf[int64](y, n), x)
		case Uint8:
			return mixed.ToUint8(vecOf[uint8](y, n), x)
		case Float16:
			return mixed.ToFloat16(vecOf[uint16](y, n), x)
		case BFloat16:
			return mixed.ToBFloat16(vecOf[uint16](y, n), x)
		}
	case to == Float32:
		y := vecOf[float32](y, n)
		switch from {
		case Float64:
			return mixed.FromFloat64(y, vecOf[float64](x, n))
		case Int32:
			return mixed.FromInt32(y, vecOf[int32](x, n))
		case Int64:
			return mixed.FromInt64(y, vecOf[int64](x, n))
		case Uint8, Bool:
			return mixed.FromUint8(y, vecOf[uint8](x, n))
		case Float16:
			return mixed.FromFloat16(y, vecOf[uint16](x, n))
		case BFloat16:
			return mixed.FromBFloat16(y, vecOf[uint16](x, n))
		}
	}
	return 0
}

func convertFrom[X number](to DType, y unsafe.Pointer, x []X) {
	n := len(x)
	switch to {
	case Float32:
		convert(vecOf[float32](y, n), x)
	case Float64:
		convert(vecOf[float64](y, n), x)
	case Int32:
		y := vecOf[int32](y, n)
		for i, v := range x { // by way of int64, so that what does not fit wraps
			y[i] = int32(int64(v))
		}
	case Int64:
		convert(vecOf[int64](y, n), x)
	case Uint8:
		y := vecOf[uint8](y, n)
		for i, v := range x {
			y[i] = uint8(int64(v))
		}
	case Bool:
		y := vecOf[uint8](y, n)
		for i, v := range x {
			y[i] = bit(v != 0)
		}
	case Int8:
		y := vecOf[int8](y, n)
		for i, v := range x {
			y[i] = int8(int64(v))
		}
	case Float16:
		y := vecOf[F16](y, n)
		for i, v := range x {
			y[i] = ToF16(float32(v))
		}
	case BFloat16:
		y := vecOf[BF16](y, n)
		for i, v := range x {
			y[i] = ToBF16(float32(v))
		}
	case Complex64:
		y := vecOf[complex64](y, n)
		for i, v := range x {
			y[i] = complex(float32(v), 0)
		}
	case Complex128:
		y := vecOf[complex128](y, n)
		for i, v := range x {
			y[i] = complex(float64(v), 0)
		}
	}
}

// convertBlocks converts halves and complex numbers by way of the type that has their range: float32, or the
// other complex type. The imaginary part is dropped on the way to real numbers.
func convertBlocks(to, from DType, y, x unsafe.Pointer, n int) {
	if from.IsComplex() && to.IsComplex() {
		if from == Complex64 {
			for i, v := range vecOf[complex64](x, n) {
				vecOf[complex128](y, n)[i] = complex128(v)
			}
			return
		}
		for i, v := range vecOf[complex128](x, n) {
			vecOf[complex64](y, n)[i] = complex64(v)
		}
		return
	}
	var wide [256]float64
	for i := 0; i < n; i += len(wide) {
		b := wide[:min(len(wide), n-i)]
		p := unsafe.Add(x, i*from.Size())
		switch from {
		case Float16:
			for k, v := range vecOf[F16](p, len(b)) {
				b[k] = float64(v.Float32())
			}
		case BFloat16:
			for k, v := range vecOf[BF16](p, len(b)) {
				b[k] = float64(v.Float32())
			}
		case Complex64:
			for k, v := range vecOf[complex64](p, len(b)) {
				b[k] = truth(float64(real(v)), float64(imag(v)), to)
			}
		case Complex128:
			for k, v := range vecOf[complex128](p, len(b)) {
				b[k] = truth(real(v), imag(v), to)
			}
		}
		convertFrom(to, unsafe.Add(y, i*to.Size()), b)
	}
}

// truth is the real part, but for conversion to Bool a number that is 0 only if both parts are.
func truth(re, im float64, to DType) float64 {
	if to == Bool && im != 0 {
		return 1
	}
	return re
}

func convert[Y, X number](y []Y, x []X) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] = Y(v)
	}
}

// Where sets y to a where cond is true, else to b.
func (CPU) Where(y, cond, a, b View) {
	l := loop{do: doWhere, dt: y.DT, v: [4]View{y, cond, a, b}, nv: 4}
	l.each(grainCheap)
}

func whereRun(dt DType, p *operands, n int) {
	switch dt.Size() {
	case 1:
		choose[uint8](p, n)
	case 2:
		choose[uint16](p, n)
	case 4:
		mixed.Choose(vecOf[uint32](p[0], n), vecOf[uint8](p[1], n), vecOf[uint32](p[2], n), vecOf[uint32](p[3], n))
	case 16:
		choose[[2]uint64](p, n)
	case 8:
		choose[uint64](p, n)
	}
}

func choose[T any](p *operands, n int) {
	mixed.ChooseGo(vecOf[T](p[0], n), vecOf[uint8](p[1], n), vecOf[T](p[2], n), vecOf[T](p[3], n))
}
