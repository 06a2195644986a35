package tensor

import (
	"fmt"
	"slices"
	"strings"
)

// A label names an axis of an einsum: a letter, or a negative number for an axis that an ellipsis stands for, -1 for
// the last of them.
type label = int

// dots stands for an ellipsis until the number of its axes is known.
const dots label = 1 << 20

// einsum is an equation: the labels of the operands and of the result.
type einsum struct {
	eq   string
	in   [][]label
	out  []label
	size map[label]int
}

func (e *einsum) fail(pos int, msg string, xs []*Tensor) {
	Misuse("einsum", fmt.Sprintf("%s at position %d of %q", msg, pos, e.eq), "as in \"ij,jk->ik\"", xs...)
}

// labels reads what stands between lo and hi: letters and at most one ellipsis.
func (e *einsum) labels(lo, hi int, xs []*Tensor) (ls []label) {
	for i := lo; i < hi; i++ {
		switch c := e.eq[i]; {
		case c == ' ':
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z':
			ls = append(ls, int(c))
		case c == '.' && i+2 < hi && e.eq[i+1:i+3] == "..":
			if slices.Contains(ls, dots) {
				e.fail(i, "a second ellipsis", xs)
			}
			ls, i = append(ls, dots), i+2
		default:
			e.fail(i, fmt.Sprintf("unexpected %q", c), xs)
		}
	}
	return ls
}

// parseEinsum reads an equation for operands and finds the length of each label.
func parseEinsum(eq string, xs []*Tensor) *einsum {
	e := &einsum{eq: eq, size: map[label]int{}}
	left, _, explicit := strings.Cut(eq, "->")
	count := map[label]int{}
	wide := 0 // most axes that an ellipsis stands for
	at := 0
	for k, term := range strings.Split(left, ",") {
		if k == len(xs) {
			e.fail(at, fmt.Sprintf("an operand too many, for %d tensors,", k), xs)
		}
		ls := e.labels(at, at+len(term), xs)
		n := len(xs[k].shape) - len(ls)
		if i := slices.Index(ls, dots); i >= 0 {
			n++
			var some []label
			for j := range max(n, 0) {
				some = append(some, j-n)
			}
			wide = max(wide, n)
			ls = slices.Concat(ls[:i], some, ls[i+1:])
			n = min(n, 0)
		}
		if n != 0 {
			e.fail(at, fmt.Sprintf("operand %d has %d axes, not as many as its letters,", k, len(xs[k].shape)), xs)
		}
		for i, l := range ls {
			d := xs[k].shape[i]
			if was, ok := e.size[l]; ok && was != d && was != 1 && d != 1 || slices.Contains(ls[:i], l) && d != xs[k].shape[slices.Index(ls, l)] {
				e.fail(at, fmt.Sprintf("an axis of operand %d has length %d, where its label has had another one,", k, d), xs)
			} else if !ok || was == 1 {
				e.size[l] = d
			}
			count[l]++
		}
		e.in, at = append(e.in, ls), at+len(term)+1
	}
	if len(e.in) < len(xs) {
		e.fail(len(left), fmt.Sprintf("an operand is missing, for %d tensors,", len(xs)), xs)
	}
	var rest []label // the axes of ellipses, in order
	for j := range wide {
		rest = append(rest, j-wide)
	}
	if !explicit {
		for l, n := range count {
			if n == 1 && l > 0 {
				e.out = append(e.out, l)
			}
		}
		slices.Sort(e.out)
		e.out = slices.Concat(rest, e.out)
		return e
	}
	at = len(left) + 2
	for _, l := range e.labels(at, len(eq), xs) {
		switch pos := at + strings.LastIndexByte(eq[at:], byte(l)); {
		case l == dots:
			e.out = append(e.out, rest...)
			continue
		case count[l] == 0:
			e.fail(pos, fmt.Sprintf("%q is in no operand,", rune(l)), xs)
		case slices.Contains(e.out, l):
			e.fail(pos, fmt.Sprintf("%q for the second time", rune(l)), xs)
		}
		e.out = append(e.out, l)
	}
	return e
}

// A labelled tensor has a label for each axis, no label twice.
type labelled struct {
	x  *Tensor
	ls []label
}

// keep sums over the axes whose labels are not wanted.
func (a labelled) keep(wanted func(l label) bool) labelled {
	var gone []int
	var ls []label
	for i, l := range a.ls {
		if wanted(l) {
			ls = append(ls, l)
		} else {
			gone = append(gone, i)
		}
	}
	if len(gone) > 0 {
		a.x = a.x.Sum(gone...).AsType(a.x.dt)
	}
	return labelled{a.x, ls}
}

// order puts the axes into the order of ls, which holds all labels of a.
func (a labelled) order(ls []label) *Tensor {
	axes := make([]int, len(ls))
	for i, l := range ls {
		axes[i] = slices.Index(a.ls, l)
	}
	return a.x.Transpose(axes...)
}

// operand takes diagonals of repeated labels, and drops axes of length 1 that are longer elsewhere.
func (e *einsum) operand(x *Tensor, ls []label) labelled {
	ls = slices.Clone(ls)
	for i := 0; i < len(ls); i++ {
		j := slices.Index(ls, ls[i])
		if d := x.shape[i]; j < i {
			l := ls[i]
			x, ls = x.Diagonal(0, j, i), append(slices.Delete(slices.Delete(ls, i, i+1), j, j+1), l)
			i -= 2
		} else if d == 1 && e.size[ls[i]] != 1 {
			x, ls = x.Squeeze(i), slices.Delete(ls, i, i+1)
			i--
		}
	}
	return labelled{x, ls}
}

func (e *einsum) sizes(ls []label) int {
	n := 1
	for _, l := range ls {
		n *= e.size[l]
	}
	return n
}

// pair multiplies two operands and sums over the labels that are not wanted.
func (e *einsum) pair(a, b labelled, wanted func(l label) bool) labelled {
	in := func(ls []label) func(l label) bool { return func(l label) bool { return slices.Contains(ls, l) } }
	inA, inB := in(a.ls), in(b.ls)
	a = a.keep(func(l label) bool { return wanted(l) || inB(l) })
	b = b.keep(func(l label) bool { return wanted(l) || inA(l) })
	var batch, left, right, mid []label
	for _, l := range a.ls {
		switch {
		case !inB(l):
			left = append(left, l)
		case wanted(l):
			batch = append(batch, l)
		default:
			mid = append(mid, l)
		}
	}
	for _, l := range b.ls {
		if !inA(l) {
			right = append(right, l)
		}
	}
	lengths := func(ls []label) (shape []int) {
		for _, l := range ls {
			shape = append(shape, e.size[l])
		}
		return shape
	}
	x, y := a.order(slices.Concat(batch, left, mid)), b.order(slices.Concat(batch, mid, right))
	out := slices.Concat(batch, left, right)
	checkShape("einsum", lengths(out))
	n, m, k, r := lengths(batch), e.sizes(left), e.sizes(mid), e.sizes(right)
	x, y = x.Reshape(slices.Concat(n, []int{m, k})...), y.Reshape(slices.Concat(n, []int{k, r})...)
	if len(mid) > 0 {
		x = x.MatMul(y)
	} else { // nothing is summed
		x = x.Mul(y)
	}
	return labelled{x.Reshape(lengths(out)...), out}
}

// Einsum computes sums of products by Einstein's convention, in the notation of NumPy and PyTorch (18.1). The equation
// gives a letter to each axis of each operand, operands separated by commas; the letters of the result follow after ->.
//
//	Einsum("ij,jk->ik", A, B)     matrix product
//	Einsum("bij,bjk->bik", A, B)  matrix products of a batch
//	Einsum("ii->i", A)            diagonal
//	Einsum("i,j", x, y)           outer product
//	Einsum("...ij->...ji", A)     transpose of the last two axes
//
// The result is the product of all operands, summed over the letters that it does not name. Without -> it names the
// axes of an ellipsis and then the letters that occur once, in alphabetical order, upper case first. A letter that is
// repeated in an operand takes the diagonal. An ellipsis stands for any number of axes, which broadcast; if the result
// has none they are summed over, as in PyTorch. Lengths with one letter must be equal or 1.
//
// Operands are multiplied in pairs, as matrix products, the pair with the fewest multiplications first. They have one
// dtype, which is that of the result; sums of integers wrap. The result may be a view if nothing is multiplied or
// summed. The error of a wrong equation names the place in it.
func Einsum(equation string, xs ...*Tensor) *Tensor {
	someTensors("einsum", xs)
	for _, x := range xs[1:] {
		if x.dt != xs[0].dt {
			Misuse("einsum", "dtypes differ: "+xs[0].dt.String()+" and "+x.dt.String(), "use AsType", xs...)
		}
	}
	if half := xs[0].dt; half.IsHalf() {
		return Einsum(equation, widened(xs)...).AsType(half)
	}
	e := parseEinsum(equation, xs)
	todo := make([]labelled, len(xs))
	for k, x := range xs {
		todo[k] = e.operand(x, e.in[k])
	}
	for len(todo) > 1 {
		i, j := e.cheapest(todo)
		a, b := todo[i], todo[j]
		todo = slices.Delete(slices.Delete(todo, j, j+1), i, i+1) // i < j
		ab := e.pair(a, b, func(l label) bool {
			return slices.Contains(e.out, l) || slices.ContainsFunc(todo, func(c labelled) bool { return slices.Contains(c.ls, l) })
		})
		todo = slices.Insert(todo, i, ab)
	}
	last := todo[0].keep(func(l label) bool { return slices.Contains(e.out, l) })
	if len(e.out) == 0 {
		return last.x
	}
	return last.order(e.out)
}

// cheapest is the pair whose product has the fewest multiplications, the first of equals.
func (e *einsum) cheapest(todo []labelled) (a, b int) {
	best := 0
	for j := range todo {
		for i := range j {
			ls := slices.Clone(todo[i].ls)
			for _, l := range todo[j].ls {
				if !slices.Contains(ls, l) {
					ls = append(ls, l)
				}
			}
			if n := e.sizes(ls); b == 0 || n < best {
				a, b, best = i, j, n
			}
		}
	}
	return a, b
}
