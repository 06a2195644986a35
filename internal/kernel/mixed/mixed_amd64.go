//go:build amd64 && !noasm

package mixed

//go:generate go run -C ../gen . -kernels mixed -pkg mixed -out ../mixed/mixed_amd64.s -stubs ../mixed/stubs_amd64.go

import (
	"math"

	"github.com/fathom-ml/fathom/internal/kernel/simd"
)

// most is the number of elements that one call of a routine does at most: such code cannot be preempted.
const most = 16384

// lanes is how many elements a vector of the active level has; without end if there are none.
func lanes() int {
	switch simd.Active {
	case simd.AVX512:
		return 16
	case simd.AVX2:
		return 8
	}
	return math.MaxInt
}

// wideLanes is lanes for routines that AVX-512 alone has.
func wideLanes() int {
	if simd.Active == simd.AVX512 {
		return 16
	}
	return math.MaxInt
}

func wide() bool { return simd.Active == simd.AVX512 }

func compare(op Op, n int, y *uint8, a, b *float32) {
	switch op {
	case Eq:
		if wide() {
			eqAVX512(n, y, a, b)
		} else {
			eqAVX2(n, y, a, b)
		}
	case Ne:
		if wide() {
			neAVX512(n, y, a, b)
		} else {
			neAVX2(n, y, a, b)
		}
	case Lt:
		if wide() {
			ltAVX512(n, y, a, b)
		} else {
			ltAVX2(n, y, a, b)
		}
	case Le:
		if wide() {
			leAVX512(n, y, a, b)
		} else {
			leAVX2(n, y, a, b)
		}
	case Gt:
		if wide() {
			gtAVX512(n, y, a, b)
		} else {
			gtAVX2(n, y, a, b)
		}
	case Ge:
		if wide() {
			geAVX512(n, y, a, b)
		} else {
			geAVX2(n, y, a, b)
		}
	}
}

func choose(n int, y *uint32, c *uint8, a, b *uint32) {
	if wide() {
		chooseAVX512(n, y, c, a, b)
	} else {
		chooseAVX2(n, y, c, a, b)
	}
}

func fromUint8(n int, y *float32, x *uint8) {
	if wide() {
		fromUint8AVX512(n, y, x)
	} else {
		fromUint8AVX2(n, y, x)
	}
}

func toUint8(n int, y *uint8, x *float32) {
	if wide() {
		toUint8AVX512(n, y, x)
	} else {
		toUint8AVX2(n, y, x)
	}
}

func fromInt32(n int, y *float32, x *int32) {
	if wide() {
		fromInt32AVX512(n, y, x)
	} else {
		fromInt32AVX2(n, y, x)
	}
}

func toInt32(n int, y *int32, x *float32) {
	toInt32AVX512(n, y, x)
}

func fromInt64(n int, y *float32, x *int64) {
	fromInt64AVX512(n, y, x)
}

func toInt64(n int, y *int64, x *float32) {
	toInt64AVX512(n, y, x)
}

func fromFloat64(n int, y *float32, x *float64) {
	if wide() {
		fromFloat64AVX512(n, y, x)
	} else {
		fromFloat64AVX2(n, y, x)
	}
}

func toFloat64(n int, y *float64, x *float32) {
	if wide() {
		toFloat64AVX512(n, y, x)
	} else {
		toFloat64AVX2(n, y, x)
	}
}

func fromFloat16(n int, y *float32, x *uint16) {
	if wide() {
		fromFloat16AVX512(n, y, x)
	} else {
		fromFloat16AVX2(n, y, x)
	}
}

func toFloat16(n int, y *uint16, x *float32) {
	if wide() {
		toFloat16AVX512(n, y, x)
	} else {
		toFloat16AVX2(n, y, x)
	}
}

func fromBFloat16(n int, y *float32, x *uint16) {
	if wide() {
		fromBFloat16AVX512(n, y, x)
	} else {
		fromBFloat16AVX2(n, y, x)
	}
}

func toBFloat16(n int, y *uint16, x *float32) {
	if wide() {
		toBFloat16AVX512(n, y, x)
	} else {
		toBFloat16AVX2(n, y, x)
	}
}
