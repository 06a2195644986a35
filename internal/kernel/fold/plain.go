package fold

import (
	"math"
	"unsafe"
)

// The running results of a row of float32, and of the others.
const (
	narrowLanes = 64
	wideLanes   = 32
)

// of is op of two numbers.
func of[A float32 | Accumulator](op Op, a, b A) A {
	switch op {
	case Sum:
		return a + b
	case Prod:
		return a * b
	case Max, Any:
		return max(a, b)
	default:
		return min(a, b)
	}
}

// plainNarrow folds each row in float32: number i goes to running result i mod 64, and these are folded by halves. Sums
// are folded to 16 after every 8 rounds and go on in float64.
func plainNarrow(op Op, acc []float64, x *float32, n, stride int) {
	start := float32(0)
	switch op {
	case Max:
		start = float32(math.Inf(-1))
	case Min:
		start = float32(math.Inf(1))
	}
	for i := range acc {
		var s [narrowLanes]float32
		var long [16]float64
		for l := range s {
			s[l] = start
		}
		flush := func() {
			halves(op, s[:], len(long))
			for l := range long {
				long[l] += float64(s[l])
			}
		}
		row := unsafe.Slice(step(x, i*stride), n)
		for rounds := 0; len(row) >= len(s); row = row[len(s):] {
			v := (*[narrowLanes]float32)(row)
			if op != Sum {
				for l := range s {
					s[l] = of(op, s[l], v[l])
				}
				continue
			}
			for l := range s {
				s[l] += v[l]
			}
			if rounds++; rounds == 8 {
				flush()
				clear(s[:])
				rounds = 0
			}
		}
		for l, v := range row {
			s[l] = of(op, s[l], v)
		}
		if op == Sum {
			flush()
			acc[i] += halves(op, long[:], 1)
			continue
		}
		acc[i] = of(op, acc[i], float64(halves(op, s[:], 1)))
	}
}

// halves folds running results: the lower half takes the upper one, until so many are left.
func halves[A float32 | Accumulator](op Op, s []A, left int) A {
	for h := len(s) / 2; h >= left; h /= 2 {
		for l := range h {
			s[l] = of(op, s[l], s[l+h])
		}
	}
	return s[0]
}

// plainColumnsNarrow folds eight rows of float32 in pairs and pairs of pairs before the accumulators, what is left of
// the rows one by one.
func plainColumnsNarrow(op Op, acc []float64, x *float32, rows, stride int) {
	row := func(i int) []float32 { return unsafe.Slice(step(x, i*stride), len(acc)) }
	i := 0
	for ; i+8 <= rows; i += 8 {
		a, b, c, d, e, f, g, h := row(i), row(i+1), row(i+2), row(i+3), row(i+4), row(i+5), row(i+6), row(i+7)
		if op == Sum {
			for j := range acc {
				acc[j] += float64(((a[j] + b[j]) + (c[j] + d[j])) + ((e[j] + f[j]) + (g[j] + h[j])))
			}
		} else {
			for j := range acc {
				v := of(op, of(op, of(op, a[j], b[j]), of(op, c[j], d[j])), of(op, of(op, e[j], f[j]), of(op, g[j], h[j])))
				acc[j] = of(op, acc[j], float64(v))
			}
		}
	}
	for ; i < rows; i++ {
		into(op, acc, row(i))
	}
}

// plainWide folds each row in the type of the accumulators: number i goes to running result i mod 32, and these are
// folded by halves.
func plainWide[A Accumulator, T Number](op Op, acc []A, x *T, n, stride int) {
	for i := range acc {
		var s [wideLanes]A
		if op == Prod {
			for l := range s {
				s[l] = 1
			}
		}
		row := unsafe.Slice(step(x, i*stride), n)
		for ; len(row) >= len(s); row = row[len(s):] {
			v := (*[wideLanes]T)(row)
			if op == Sum {
				for l := range s {
					s[l] += A(v[l])
				}
			} else {
				for l := range s {
					s[l] *= A(v[l])
				}
			}
		}
		for l, v := range row {
			s[l] = of(op, s[l], A(v))
		}
		acc[i] = of(op, acc[i], halves(op, s[:], 1))
	}
}

// plainColumnsWide folds four rows in pairs before the accumulators, what is left of the rows one by one.
func plainColumnsWide[A Accumulator, T Number](op Op, acc []A, x *T, rows, stride int) {
	row := func(i int) []T { return unsafe.Slice(step(x, i*stride), len(acc)) }
	i := 0
	for ; i+4 <= rows; i += 4 {
		a, b, c, d := row(i), row(i+1), row(i+2), row(i+3)
		if op == Sum {
			for j := range acc {
				acc[j] += (A(a[j]) + A(b[j])) + (A(c[j]) + A(d[j]))
			}
		} else {
			for j := range acc {
				acc[j] *= (A(a[j]) * A(b[j])) * (A(c[j]) * A(d[j]))
			}
		}
	}
	for ; i < rows; i++ {
		into(op, acc, row(i))
	}
}

// into folds a row into acc, number by number.
func into[A Accumulator, T Number](op Op, acc []A, row []T) {
	row = row[:len(acc)]
	switch op {
	case Sum:
		for j, v := range row {
			acc[j] += A(v)
		}
	case Prod:
		for j, v := range row {
			acc[j] *= A(v)
		}
	case Max, Any:
		for j, v := range row {
			acc[j] = max(acc[j], A(v))
		}
	default:
		for j, v := range row {
			acc[j] = min(acc[j], A(v))
		}
	}
}

// plain folds a row into a.
func plain[A Accumulator, T Number](op Op, a A, row []T) A {
	switch op {
	case Sum:
		for _, v := range row {
			a += A(v)
		}
	case Prod:
		for _, v := range row {
			a *= A(v)
		}
	case Max:
		if len(row) > 0 {
			m := row[0]
			for _, v := range row {
				m = max(m, v)
			}
			a = max(a, A(m))
		}
	case Min:
		if len(row) > 0 {
			m := row[0]
			for _, v := range row {
				m = min(m, v)
			}
			a = min(a, A(m))
		}
	default: // bytes that are 0 or 1, eight at a time
		b := unsafe.Slice((*uint8)(unsafe.Pointer(unsafe.SliceData(row))), len(row))
		whole := len(b) &^ 7
		if op == Any {
			var w uint64
			for i := 0; i < whole; i += 8 {
				w |= *(*uint64)(unsafe.Pointer(&b[i]))
			}
			for _, v := range b[whole:] {
				w |= uint64(v)
			}
			if w != 0 {
				a = 1
			}
			break
		}
		w := uint64(0x0101010101010101)
		for i := 0; i < whole; i += 8 {
			w &= *(*uint64)(unsafe.Pointer(&b[i]))
		}
		for _, v := range b[whole:] {
			w &= uint64(v) * 0x0101010101010101
		}
		if w != 0x0101010101010101 {
			a = 0
		}
	}
	return a
}
