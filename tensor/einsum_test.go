package tensor_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/fathom-ml/fathom/tensor"
)

// naiveEinsum loops over all values of all letters. The equation has an arrow and no ellipsis.
func naiveEinsum(eq string, xs ...*tensor.Tensor) *tensor.Tensor {
	left, out, _ := strings.Cut(eq, "->")
	terms := strings.Split(left, ",")
	var letters string
	var sizes []int
	for k, term := range terms {
		for i, c := range term {
			d := xs[k].Shape()[i]
			switch at := strings.IndexRune(letters, c); {
			case at < 0:
				letters, sizes = letters+string(c), append(sizes, d)
			case sizes[at] == 1:
				sizes[at] = d
			}
		}
	}
	place := func(term string, index, shape []int) []int {
		at := make([]int, len(term))
		for i, c := range term {
			if at[i] = index[strings.IndexRune(letters, c)]; shape[i] == 1 {
				at[i] = 0
			}
		}
		return at
	}
	shape := []int{}
	for _, c := range out {
		shape = append(shape, sizes[strings.IndexRune(letters, c)])
	}
	y := tensor.ZerosOf(tensor.Float64, shape...)
	eachIndex(sizes, func(index []int) {
		p := 1.0
		for k, term := range terms {
			p *= xs[k].At(place(term, index, xs[k].Shape())...)
		}
		at := place(out, index, shape)
		y.SetAt(y.At(at...)+p, at...)
	})
	return y
}

// drawEinsum draws an equation with its operands, whole numbers so that sums are exact.
func drawEinsum(t *rapid.T) (eq string, xs []*tensor.Tensor) {
	letters := []byte("abcXy")
	sizes := map[byte]int{}
	for _, c := range letters {
		sizes[c] = rapid.IntRange(0, 3).Draw(t, string(c))
	}
	var terms []string
	var used []byte
	for range rapid.IntRange(1, 4).Draw(t, "operands") {
		term := rapid.SliceOfN(rapid.SampledFrom(letters), 0, 3).Draw(t, "term")
		shape := make([]int, len(term))
		for i, c := range term {
			shape[i] = sizes[c]
			if strings.Count(string(term), string(c)) == 1 && rapid.IntRange(0, 5).Draw(t, "stretched") == 0 {
				shape[i] = 1
			}
			if !slices.Contains(used, c) {
				used = append(used, c)
			}
		}
		terms, xs = append(terms, string(term)), append(xs, drawWhole(t, shape))
	}
	out := rapid.Permutation(used).Draw(t, "out")
	out = out[:rapid.IntRange(0, len(out)).Draw(t, "kept")]
	return strings.Join(terms, ",") + "->" + string(out), xs
}

func drawWhole(t *rapid.T, shape []int) *tensor.Tensor {
	x := tensor.ZerosOf(tensor.Float64, shape...)
	d := tensor.Data[float64](x)
	for i := range d {
		d[i] = float64(rapid.IntRange(-4, 4).Draw(t, "x"))
	}
	return x
}

func TestEinsumProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		eq, xs := drawEinsum(t)
		want := naiveEinsum(eq, xs...)
		if got := tensor.Einsum(eq, xs...); !tensor.Equal(got, want) {
			t.Fatalf("einsum %q is %v %v, want %v %v", eq, got.Shape(), got, want.Shape(), want)
		}
		ints := make([]*tensor.Tensor, len(xs))
		for i, x := range xs {
			ints[i] = x.AsType(tensor.Int32)
		}
		if got := tensor.Einsum(eq, ints...); !tensor.Equal(got, want.AsType(tensor.Int32)) {
			t.Fatalf("einsum %q of integers is %v, want %v", eq, got, want)
		}
	})
}

// The gradient of each operand is an einsum of the others: what it is multiplied with.
func TestEinsumGradient(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		eq, xs := drawEinsum(t)
		for i, x := range xs {
			xs[i] = x.RequireGrad()
		}
		y := tensor.Einsum(eq, xs...)
		w := drawWhole(t, y.Shape())
		y.Mul(w).Sum().Backward()
		left, out, _ := strings.Cut(eq, "->")
		for k, x := range xs {
			eachIndex(x.Shape(), func(index []int) {
				ys := make([]*tensor.Tensor, len(xs))
				for i, x := range xs {
					ys[i] = x.Detach()
				}
				ys[k] = tensor.ZerosOf(tensor.Float64, x.Shape()...)
				ys[k].SetAt(1, index...)
				want := 0.0
				if s := naiveEinsum(left+"->"+out, ys...); slices.Equal(s.Shape(), w.Shape()) {
					want = s.Mul(w).Sum().Item()
				}
				if got := x.Grad().At(index...); got != want {
					t.Fatalf("%q: the gradient of operand %d at %v is %v, want %v", eq, k, index, got, want)
				}
			})
		}
	})
}

func TestEinsumErrors(t *testing.T) {
	a, b, c := tensor.Zeros(2, 3), tensor.Zeros(3, 4), tensor.Zeros(3)
	for _, q := range []struct {
		eq, says string
		in       operands
	}{
		{"ij,jk->i1", `'1' at position 8`, operands{a, b}},
		{"ij,jk->il", `'l' is in no operand, at position 8`, operands{a, b}},
		{"ij,jk->ii", `'i' for the second time at position 8`, operands{a, b}},
		{"ij,jk-k", `'-' at position 5`, operands{a, b}},
		{"ij->i->j", `'-' at position 5`, operands{a}},
		{"i..j", `'.' at position 1`, operands{a}},
		{"...i...", `second ellipsis at position 4`, operands{a}},
		{"ij,jk,k", `operand too many`, operands{a, b}},
		{"ij", `operand is missing`, operands{a, b}},
		{"ijk", `operand 0 has 2 axes`, operands{a}},
		{"i", `operand 0 has 2 axes`, operands{a}},
		{"...ijk", `operand 0 has 2 axes`, operands{a}},
		{"ij,ij", `operand 1 has length 3`, operands{a, b}},
		{"ii", `operand 0 has length 3`, operands{a}},
		{"...i,...i", `operand 1 has length 3`, operands{a, b}},
		{"i,i", `dtypes differ`, operands{c, c.AsType(tensor.Float64)}},
		{"i", `no tensors`, nil},
	} {
		err := tensor.Try(func() { tensor.Einsum(q.eq, q.in...) })
		var e *tensor.Error
		if !errors.As(err, &e) || !strings.Contains(e.Error(), q.says) || e.Op != "einsum" {
			t.Errorf("einsum %q: got error %v, want %q", q.eq, err, q.says)
		}
	}
}

// TestEinsumOrder has a cheap pair; the product of the first two operands would fill 64 GiB.
func TestEinsumOrder(t *testing.T) {
	const n = 1 << 17
	x := tensor.Ones(n)
	y := tensor.Einsum("i,j,i->j", x, x, x)
	if y.At(7) != n {
		t.Errorf("got %v, want %d", y.At(7), n)
	}
}

// FuzzEinsum feeds arbitrary equations to operands of small shapes: they work or panic with *Error.
func FuzzEinsum(f *testing.F) {
	for _, eq := range []string{"ij,jk->ik", "ii->i", "...i,i...", " a b -> b a", "i->", "->", ",", "A..a", "...", "...->...", "ij,jk,kl", "é"} {
		f.Add(eq, uint32(0x12321232))
	}
	f.Fuzz(func(t *testing.T, eq string, dims uint32) {
		var xs operands
		for range strings.Count(eq, ",")%4 + 1 {
			var shape []int
			for range dims % 4 {
				dims = dims>>2 | dims<<30
				shape = append(shape, int(dims%4))
			}
			dims = dims>>3 | dims<<29
			xs = append(xs, tensor.Ones(shape...))
		}
		err := tensor.Try(func() {
			y := tensor.Einsum(eq, xs...)
			if y.NDim() > 12 {
				t.Errorf("%q of few axes has %d", eq, y.NDim())
			}
			y.Float64s()
		})
		if err != nil && err.(*tensor.Error).Op != "einsum" {
			t.Errorf("%q: the error is not einsum's: %v", eq, err)
		}
	})
}
