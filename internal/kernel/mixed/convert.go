package mixed

// The conversions below do what assembly can, from the start, and return how many elements that was: whole vectors. The
// caller's loop, which is the definition, does the rest.

// FromUint8 converts to float32 uint8.
func FromUint8(y []float32, x []uint8) int {
	done := 0
	for l := lanes(); len(y)-done >= l; {
		n := min(len(y)-done, most) / l
		fromUint8(n, &y[done], &x[done])
		done += n * l
	}
	return done
}

// ToUint8 converts float32 numbers to uint8, toward zero; what does not fit wraps.
func ToUint8(y []uint8, x []float32) int {
	done := 0
	for l := lanes(); len(y)-done >= l; {
		n := min(len(y)-done, most) / l
		toUint8(n, &y[done], &x[done])
		done += n * l
	}
	return done
}

// FromInt32 converts to float32 int32.
func FromInt32(y []float32, x []int32) int {
	done := 0
	for l := lanes(); len(y)-done >= l; {
		n := min(len(y)-done, most) / l
		fromInt32(n, &y[done], &x[done])
		done += n * l
	}
	return done
}

// ToInt32 converts float32 numbers to int32, toward zero; what does not fit wraps.
func ToInt32(y []int32, x []float32) int {
	done := 0
	for l := wideLanes(); len(y)-done >= l; {
		n := min(len(y)-done, most) / l
		toInt32(n, &y[done], &x[done])
		done += n * l
	}
	return done
}

// FromInt64 converts to float32 int64.
func FromInt64(y []float32, x []int64) int {
	done := 0
	for l := wideLanes(); len(y)-done >= l; {
		n := min(len(y)-done, most) / l
		fromInt64(n, &y[done], &x[done])
		done += n * l
	}
	return done
}

// ToInt64 converts float32 numbers to int64, toward zero.
func ToInt64(y []int64, x []float32) int {
	done := 0
	for l := wideLanes(); len(y)-done >= l; {
		n := min(len(y)-done, most) / l
		toInt64(n, &y[done], &x[done])
		done += n * l
	}
	return done
}

// FromFloat64 converts to float32 float64.
func FromFloat64(y []float32, x []float64) int {
	done := 0
	for l := lanes(); len(y)-done >= l; {
		n := min(len(y)-done, most) / l
		fromFloat64(n, &y[done], &x[done])
		done += n * l
	}
	return done
}

// ToFloat64 converts float32 numbers to float64.
func ToFloat64(y []float64, x []float32) int {
	done := 0
	for l := lanes(); len(y)-done >= l; {
		n := min(len(y)-done, most) / l
		toFloat64(n, &y[done], &x[done])
		done += n * l
	}
	return done
}

// FromFloat16 converts to float32 IEEE halves.
func FromFloat16(y []float32, x []uint16) int {
	done := 0
	for l := lanes(); len(y)-done >= l; {
		n := min(len(y)-done, most) / l
		fromFloat16(n, &y[done], &x[done])
		done += n * l
	}
	return done
}

// ToFloat16 converts float32 numbers to IEEE halves, ties to even.
func ToFloat16(y []uint16, x []float32) int {
	done := 0
	for l := lanes(); len(y)-done >= l; {
		n := min(len(y)-done, most) / l
		toFloat16(n, &y[done], &x[done])
		done += n * l
	}
	return done
}

// FromBFloat16 converts to float32 the upper halves of float32 numbers.
func FromBFloat16(y []float32, x []uint16) int {
	done := 0
	for l := lanes(); len(y)-done >= l; {
		n := min(len(y)-done, most) / l
		fromBFloat16(n, &y[done], &x[done])
		done += n * l
	}
	return done
}

// ToBFloat16 converts float32 numbers to the upper halves of float32 numbers, ties to even.
func ToBFloat16(y []uint16, x []float32) int {
	done := 0
	for l := lanes(); len(y)-done >= l; {
		n := min(len(y)-done, most) / l
		toBFloat16(n, &y[done], &x[done])
		done += n * l
	}
	return done
}
