// Package mixed holds loops over contiguous slices of different element types: comparisons, choices and conversions.
//
// The result comes first and its length is the length of the loop; operands may be longer. Every loop is written twice, in
// assembly for AVX-512 and AVX2 and in Go below its documentation, with the very same results but for the payload of NaN.
package mixed

// Op is a comparison.
type Op uint8

// The comparisons. All but Ne are false where an operand is NaN.
const (
	Eq Op = iota
	Ne
	Lt
	Le
	Gt
	Ge
)

// Number is what Compare in Go takes.
type Number interface {
	float32 | float64 | int32 | int64 | uint8 | int8
}

// Compare sets y[i] to 1 where a[i] op b[i], else to 0.
func Compare(op Op, y []uint8, a, b []float32) {
	a, b = a[:len(y)], b[:len(y)]
	for l := lanes(); len(y) >= l; {
		n := min(len(y), most) / l
		compare(op, n, &y[0], &a[0], &b[0])
		y, a, b = y[n*l:], a[n*l:], b[n*l:]
	}
	CompareGo(op, y, a, b)
}

// CompareGo is Compare of all numbers, in Go.
func CompareGo[T Number](op Op, y []uint8, a, b []T) {
	a, b = a[:len(y)], b[:len(y)]
	switch op {
	case Eq:
		for i := range y {
			y[i] = bit(a[i] == b[i])
		}
	case Ne:
		for i := range y {
			y[i] = bit(a[i] != b[i])
		}
	case Lt:
		for i := range y {
			y[i] = bit(a[i] < b[i])
		}
	case Le:
		for i := range y {
			y[i] = bit(a[i] <= b[i])
		}
	case Gt:
		for i := range y {
			y[i] = bit(a[i] > b[i])
		}
	case Ge:
		for i := range y {
			y[i] = bit(a[i] >= b[i])
		}
	}
}

func bit(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

// Choose sets y[i] to a[i] where c[i] is not 0, else to b[i].
func Choose(y []uint32, c []uint8, a, b []uint32) {
	c, a, b = c[:len(y)], a[:len(y)], b[:len(y)]
	for l := lanes(); len(y) >= l; {
		n := min(len(y), most) / l
		choose(n, &y[0], &c[0], &a[0], &b[0])
		y, c, a, b = y[n*l:], c[n*l:], a[n*l:], b[n*l:]
	}
	ChooseGo(y, c, a, b)
}

// ChooseGo is Choose of elements of any size, in Go.
func ChooseGo[T any](y []T, c []uint8, a, b []T) {
	c, a, b = c[:len(y)], a[:len(y)], b[:len(y)]
	for i := range y {
		if c[i] != 0 {
			y[i] = a[i]
		} else {
			y[i] = b[i]
		}
	}
}
