//go:build amd64 && !noasm

package fold

//go:generate go run -C ../gen . -kernels fold -pkg fold -out ../fold/fold_amd64.s -stubs ../fold/stubs_amd64.go

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/simd"
)

func linesNarrow(op Op, acc []float64, x *float32, n, stride int) {
	a, rows := unsafe.SliceData(acc), len(acc)
	switch wide := simd.Active == simd.AVX512; {
	case simd.Active == simd.Go:
		plainNarrow(op, acc, x, n, stride)
	case op == Sum && wide:
		linesSumAVX512(rows, n, stride, a, x)
	case op == Sum:
		linesSumAVX2(rows, n, stride, a, x)
	case op == Max && wide:
		linesMaxAVX512(rows, n, stride, a, x)
	case op == Max:
		linesMaxAVX2(rows, n, stride, a, x)
	case wide:
		linesMinAVX512(rows, n, stride, a, x)
	default:
		linesMinAVX2(rows, n, stride, a, x)
	}
}

func columnsNarrow(op Op, acc []float64, x *float32, rows, stride int) {
	a, n := unsafe.SliceData(acc), len(acc)
	switch wide := simd.Active == simd.AVX512; {
	case simd.Active == simd.Go:
		plainColumnsNarrow(op, acc, x, rows, stride)
	case op == Sum && wide:
		columnsSumAVX512(rows, n, stride, a, x)
	case op == Sum:
		columnsSumAVX2(rows, n, stride, a, x)
	case op == Max && wide:
		columnsMaxAVX512(rows, n, stride, a, x)
	case op == Max:
		columnsMaxAVX2(rows, n, stride, a, x)
	case wide:
		columnsMinAVX512(rows, n, stride, a, x)
	default:
		columnsMinAVX2(rows, n, stride, a, x)
	}
}

func linesWide[A Accumulator, T Number](op Op, acc []A, x *T, n, stride int) {
	if simd.Active == simd.Go {
		plainWide(op, acc, x, n, stride)
		return
	}
	rows, wide := len(acc), simd.Active == simd.AVX512
	a, p := unsafe.Pointer(unsafe.SliceData(acc)), unsafe.Pointer(x)
	f, i := (*float64)(a), (*int64)(a)
	switch any(x).(type) {
	case *float32:
		if wide {
			linesProd32AVX512(rows, n, stride, f, (*float32)(p))
		} else {
			linesProd32AVX2(rows, n, stride, f, (*float32)(p))
		}
	case *float64:
		switch {
		case op == Sum && wide:
			linesSum64AVX512(rows, n, stride, f, (*float64)(p))
		case op == Sum:
			linesSum64AVX2(rows, n, stride, f, (*float64)(p))
		case wide:
			linesProd64AVX512(rows, n, stride, f, (*float64)(p))
		default:
			linesProd64AVX2(rows, n, stride, f, (*float64)(p))
		}
	case *int64:
		if wide {
			linesSumInt64AVX512(rows, n, stride, i, (*int64)(p))
		} else {
			linesSumInt64AVX2(rows, n, stride, i, (*int64)(p))
		}
	case *int32:
		if wide {
			linesSumInt32AVX512(rows, n, stride, i, (*int32)(p))
		} else {
			linesSumInt32AVX2(rows, n, stride, i, (*int32)(p))
		}
	case *uint8:
		if wide {
			linesSumUint8AVX512(rows, n, stride, i, (*uint8)(p))
		} else {
			linesSumUint8AVX2(rows, n, stride, i, (*uint8)(p))
		}
	}
}

func columnsWide[A Accumulator, T Number](op Op, acc []A, x *T, rows, stride int) {
	if simd.Active == simd.Go {
		plainColumnsWide(op, acc, x, rows, stride)
		return
	}
	n, wide := len(acc), simd.Active == simd.AVX512
	a, p := unsafe.Pointer(unsafe.SliceData(acc)), unsafe.Pointer(x)
	f, i := (*float64)(a), (*int64)(a)
	switch any(x).(type) {
	case *float32:
		if wide {
			columnsProd32AVX512(rows, n, stride, f, (*float32)(p))
		} else {
			columnsProd32AVX2(rows, n, stride, f, (*float32)(p))
		}
	case *float64:
		switch {
		case op == Sum && wide:
			columnsSum64AVX512(rows, n, stride, f, (*float64)(p))
		case op == Sum:
			columnsSum64AVX2(rows, n, stride, f, (*float64)(p))
		case wide:
			columnsProd64AVX512(rows, n, stride, f, (*float64)(p))
		default:
			columnsProd64AVX2(rows, n, stride, f, (*float64)(p))
		}
	case *int64:
		if wide {
			columnsSumInt64AVX512(rows, n, stride, i, (*int64)(p))
		} else {
			columnsSumInt64AVX2(rows, n, stride, i, (*int64)(p))
		}
	case *int32:
		if wide {
			columnsSumInt32AVX512(rows, n, stride, i, (*int32)(p))
		} else {
			columnsSumInt32AVX2(rows, n, stride, i, (*int32)(p))
		}
	case *uint8:
		if wide {
			columnsSumUint8AVX512(rows, n, stride, i, (*uint8)(p))
		} else {
			columnsSumUint8AVX2(rows, n, stride, i, (*uint8)(p))
		}
	}
}
