package kernel

import (
	"math"

	"github.com/fathom-ml/fathom/internal/pool"
)

// key is the number with offset i from x's first as an integer that is ordered as the numbers are: -0 equals 0,
// NaN is the largest.
func key(x View, i int) uint64 {
	const sign = 1 << 63
	switch x.DT {
	case Float32:
		return floatKey(float64(*at[float32](x, i)))
	case Float64:
		return floatKey(*at[float64](x, i))
	case Float16:
		return floatKey(float64((*at[F16](x, i)).Float32()))
	case BFloat16:
		return floatKey(float64((*at[BF16](x, i)).Float32()))
	case Int32:
		return uint64(*at[int32](x, i)) ^ sign
	case Int64:
		return uint64(*at[int64](x, i)) ^ sign
	case Int8:
		return uint64(*at[int8](x, i)) ^ sign
	case Uint8, Bool:
		return uint64(*at[uint8](x, i))
	}
	unsupported("order", x.DT)
	return 0
}

func floatKey(v float64) uint64 {
	if v != v {
		return math.MaxUint64
	}
	b := math.Float64bits(v + 0) // -0 + 0 is 0
	if b>>63 != 0 {
		return ^b
	}
	return b | 1<<63
}

// keyed is an element of a line: its key and where it stood.
type keyed struct {
	key uint64
	at  int
}

// ArgSort writes the order in which the elements along axis ascend or descend.
func (CPU) ArgSort(y, x View, axis int, descending bool) {
	if x.Size() == 0 {
		return
	}
	n, sy, sx := x.Shape[axis], y.Strides[axis], x.Strides[axis]
	walk := lines(y, x, axis)
	pool.For(walk.size(), max(1, grainDear/n), func(lo, hi int) {
		w := walk
		w.seek(lo)
		line, spare := make([]keyed, n), make([]keyed, n)
		for range hi - lo {
			for i := range line {
				k := key(x, w.off[1]+i*sx)
				if descending {
					k = ^k
				}
				line[i] = keyed{k, i}
			}
			line, spare = sortKeyed(line, spare)
			for i, e := range line {
				*at[int64](y, w.off[0]+i*sy) = int64(e.at)
			}
			w.next()
		}
	})
}

// sortKeyed sorts a by key, stably; the result is in the first slice returned, the other one is free. Long slices
// are sorted byte by byte from the lowest on, without the bytes that are equal everywhere.
func sortKeyed(a, b []keyed) (sorted, spare []keyed) {
	if len(a) < 40 {
		for i, e := range a {
			for ; i > 0 && a[i-1].key > e.key; i-- {
				a[i] = a[i-1]
			}
			a[i] = e
		}
		return a, b
	}
	differ := uint64(0)
	for _, e := range a {
		differ |= e.key ^ a[0].key
	}
	for shift := 0; shift < 64; shift += 8 {
		if byte(differ>>shift) == 0 {
			continue
		}
		var count [256]int
		for _, e := range a {
			count[byte(e.key>>shift)]++
		}
		sum := 0
		for i, c := range count {
			count[i], sum = sum, sum+c
		}
		for _, e := range a {
			i := &count[byte(e.key>>shift)]
			b[*i] = e
			*i++
		}
		a, b = b, a
	}
	return a, b
}

// SearchSorted writes how many elements of the last axis of sorted are less than x, or not greater if right.
func (CPU) SearchSorted(y, sorted, x View, right bool) {
	last := len(x.Shape) - 1
	n, step := sorted.Shape[last], sorted.Strides[last]
	var walk walker
	for i, d := range x.Shape {
		s := sorted.Strides[i]
		if i == last {
			s = 0
		}
		walk.axis(d, y.Strides[i], x.Strides[i], s)
	}
	many := last >= 0 && x.Shape[last] >= n/8 // so that the keys of sorted are worth making
	pool.For(x.Size(), grainDear, func(lo, hi int) {
		w := walk
		w.seek(lo)
		var keys []uint64
		made := -1
		for range hi - lo {
			v, a, b := key(x, w.off[1]), 0, n
			if many && n > 0 {
				if made != w.off[2] {
					keys, made = keysOf(keys[:0], sorted, w.off[2], n, step), w.off[2]
				}
				*at[int64](y, w.off[0]) = int64(rank(keys, v, right))
				w.next()
				continue
			}
			for a < b {
				m := int(uint(a+b) >> 1)
				if k := key(sorted, w.off[2]+m*step); k < v || right && k == v {
					a = m + 1
				} else {
					b = m
				}
			}
			*at[int64](y, w.off[0]) = int64(a)
			w.next()
		}
	})
}

// keysOf appends the keys of n elements of x from offset off on.
func keysOf(keys []uint64, x View, off, n, step int) []uint64 {
	for i := range n {
		keys = append(keys, key(x, off+i*step))
	}
	return keys
}

// rank is how many keys are less than v, or not greater if right. It goes on without branches, which would be guessed
// wrong half the time.
func rank(keys []uint64, v uint64, right bool) int {
	if right {
		if v == math.MaxUint64 {
			return len(keys)
		}
		v++
	}
	base := 0
	for n := len(keys); n > 1; {
		half := n / 2
		next := base + half
		if keys[next-1] < v {
			base = next
		}
		n -= half
	}
	if keys[base] < v {
		base++
	}
	return base
}
