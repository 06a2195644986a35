package tensor_test

import (
	"cmp"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
)

// An entry is one entry of an index expression in a form that a naive reader understands.
type entry struct {
	kind             string // "index", "range", "new", "dots", "ints", "mask"
	i                int
	from, to         *int
	step             int
	vals, shape      []int // of ints and masks
	start, run, axis int   // of a resolved range: x's axis is start, start+step, ...
}

func (e entry) rangeOf() tensor.Range {
	switch e.kind {
	case "index":
		return tensor.I(e.i)
	case "new":
		return tensor.NewAxis
	case "dots":
		return tensor.Ellipsis
	case "ints":
		return tensor.At(tensor.Of(e.vals).Reshape(e.shape...))
	case "mask":
		return tensor.Mask(tensor.Of(e.vals).AsType(tensor.Bool).Reshape(e.shape...))
	}
	r := tensor.All
	switch {
	case e.from != nil && e.to != nil:
		r = tensor.R(*e.from, *e.to)
	case e.from != nil:
		r = tensor.From(*e.from)
	case e.to != nil:
		r = tensor.Until(*e.to)
	}
	return r.By(e.step)
}

func product(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// stretch is the shape to which shapes broadcast.
func stretch(shapes ...[]int) (out []int, ok bool) {
	for _, s := range shapes {
		for len(out) < len(s) {
			out = append([]int{1}, out...)
		}
		for i, d := range s {
			o := &out[len(out)-len(s)+i]
			if *o != d && *o != 1 && d != 1 {
				return nil, false
			}
			if *o == 1 {
				*o = d
			}
		}
	}
	return out, true
}

// at is the element of an array for an index of the shape that it was stretched to.
func at(vals, shape, index []int) int {
	k := 0
	for a, d := range shape {
		i := index[len(index)-len(shape)+a]
		if d == 1 {
			i = 0
		}
		k = k*d + i
	}
	return vals[k]
}

// naive is the shape of x[entries] and for each of its elements the place in x, by the words of NumPy's manual.
func naive(shape []int, entries []entry) (out []int, from []int, ok bool) {
	used, dots, arrays := 0, 0, false
	for _, e := range entries {
		switch e.kind {
		case "dots":
			dots++
		case "mask":
			used, arrays = used+len(e.shape), true
		case "ints":
			used, arrays = used+1, true
		case "index", "range":
			used++
		}
	}
	if used > len(shape) || dots > 1 {
		return nil, nil, false
	}
	if dots == 0 {
		entries = append(slices.Clone(entries), entry{kind: "dots"})
	}
	axis, group, groupAt, last := 0, 0, 0, "" // group counts runs of arrays
	var ranges, ints []entry
	for _, e := range entries {
		isArray := e.kind == "ints" || e.kind == "mask" || e.kind == "index" && arrays
		if isArray && last != "array" {
			if group++; group == 1 {
				groupAt = len(ranges)
			}
		}
		if last = e.kind; isArray {
			last = "array"
		}
		switch e.kind {
		case "new":
			ranges = append(ranges, entry{axis: -1, run: 1})
		case "dots":
			for range len(shape) - used {
				ranges = append(ranges, entry{axis: axis, step: 1, run: shape[axis]})
				axis++
			}
		case "range":
			d := shape[axis]
			e.axis, e.run = axis, 0
			lo, hi := 0, d // Python: indices that a slice may start or stop at
			if e.step < 0 {
				lo, hi = -1, d-1
			}
			clip := func(p *int, open int) int {
				if p == nil {
					return open
				}
				v := *p
				if v < 0 {
					v += d
				}
				return min(max(v, lo), hi)
			}
			first, end := clip(e.from, lo), clip(e.to, hi)
			if e.step < 0 {
				first, end = clip(e.from, hi), clip(e.to, lo)
			}
			for i := first; e.step > 0 && i < end || e.step < 0 && i > end; i += e.step {
				e.run++
			}
			e.start = first
			ranges = append(ranges, e)
			axis++
		case "index", "ints":
			if e.kind == "index" {
				e.vals = []int{e.i}
			}
			e.axis = axis
			e.vals = slices.Clone(e.vals)
			for k, v := range e.vals {
				if v < 0 {
					v += shape[axis]
				}
				if e.vals[k] = v; v < 0 || v >= shape[axis] {
					return nil, nil, false
				}
			}
			ints = append(ints, e)
			axis++
		case "mask":
			if !slices.Equal(e.shape, shape[axis:axis+len(e.shape)]) {
				return nil, nil, false
			}
			columns := make([]entry, len(e.shape)+1) // the last one stands for a mask without axes
			n := 0
			eachIndex(e.shape, func(index []int) {
				if at(e.vals, e.shape, index) != 0 {
					n++
					for k, i := range index {
						columns[k].vals = append(columns[k].vals, i)
					}
				}
			})
			columns[len(e.shape)].vals = make([]int, n)
			for k := range columns {
				columns[k].shape, columns[k].axis = []int{n}, axis+k
			}
			columns[len(e.shape)].axis = -1
			ints = append(ints, columns...)
			axis += len(e.shape)
		}
	}
	var shapes [][]int
	for _, e := range ints {
		shapes = append(shapes, e.shape)
	}
	wide, ok := stretch(shapes...)
	if !ok {
		return nil, nil, false
	}
	if group != 1 {
		groupAt = 0
	}
	for k, r := range ranges {
		if k == groupAt {
			out = append(out, wide...)
		}
		out = append(out, r.run)
	}
	if groupAt == len(ranges) {
		out = append(out, wide...)
	}
	eachIndex(out, func(index []int) {
		place := make([]int, len(shape))
		for k, r := range ranges {
			i := index[k]
			if k >= groupAt {
				i = index[k+len(wide)]
			}
			if r.axis >= 0 {
				place[r.axis] = r.start + i*r.step
			}
		}
		for _, e := range ints {
			if e.axis >= 0 {
				place[e.axis] = at(e.vals, e.shape, index[groupAt:groupAt+len(wide)])
			}
		}
		k := 0
		for a, i := range place {
			k = k*shape[a] + i
		}
		from = append(from, k)
	})
	return out, from, true
}

// A source of decisions: random, or the bytes of a fuzz test.
type source func(n int) int

func drawEntries(r source, shape []int) []entry {
	var es []entry
	wide := []int{1 + r(3), 1 + r(3)}[r(3)%2:] // index arrays of one expression broadcast mostly
	for a := 0; a <= len(shape) && r(12) > 0; {
		d := 1
		if a < len(shape) {
			d = shape[a]
		}
		switch k := r(10); {
		case k == 0:
			es = append(es, entry{kind: "new"})
		case k == 1:
			es = append(es, entry{kind: "dots"})
			a += r(2)
		case a == len(shape) && r(8) > 0:
			return es
		case k == 2:
			es = append(es, entry{kind: "index", i: r(2*d+1) - d})
			a++
		case k < 6:
			e := entry{kind: "range", step: []int{1, 1, 2, 3, -1, -2}[r(6)]}
			if r(2) > 0 {
				v := r(2*d+5) - d - 2
				e.from = &v
			}
			if r(2) > 0 {
				v := r(2*d+5) - d - 2
				e.to = &v
			}
			es = append(es, e)
			a++
		case k < 8:
			e := entry{kind: "ints", shape: slices.Clone(wide[r(len(wide)+1):])}
			for i := range e.shape {
				if r(5) == 0 {
					e.shape[i] = []int{1, 1, 1, 0}[r(4)]
				}
			}
			for range product(e.shape) {
				v := r(max(2*d, 1)) - d
				if r(60) == 0 {
					v = d
				}
				e.vals = append(e.vals, v)
			}
			es = append(es, e)
			a++
		default:
			n := r(3)
			e := entry{kind: "mask", shape: slices.Clone(shape[min(a, len(shape)):min(a+n, len(shape))])}
			for range product(e.shape) {
				e.vals = append(e.vals, r(2))
			}
			es = append(es, e)
			a += n
		}
	}
	return es
}

// checkEntries holds reading, writing, adding and the gradients of one index expression against naive. It says whether the
// expression was right and took something with tensors.
func checkEntries(t *testing.T, r source) bool {
	shape := make([]int, r(5))
	for i := range shape {
		if shape[i] = 1 + r(4); r(12) == 0 {
			shape[i] = 0
		}
	}
	es := drawEntries(r, shape)
	var rs []tensor.Range
	for _, e := range es {
		rs = append(rs, e.rangeOf())
	}
	x, m := tensor.ZerosOf(tensor.Float64, shape...), product(shape)
	for i, d := 0, tensor.Data[float64](x); i < m; i++ {
		d[i] = float64(i)*1.25 - 3
	}
	v := x.Float64s()
	if r(2) == 0 { // the same on other memory
		x = x.T().Clone().T()
	}
	out, from, ok := naive(shape, es)
	var y *tensor.Tensor
	x = x.RequireGrad()
	err := tensor.Try(func() { y = x.Slice(rs...) })
	if !ok {
		var e *tensor.Error
		if !errors.As(err, &e) {
			t.Fatalf("%v %v: no error", shape, rs)
		}
		return false
	}
	if err != nil {
		t.Fatalf("%v %v: %v", shape, rs, err)
	}
	want := make([]float64, len(from))
	for i, k := range from {
		want[i] = v[k]
	}
	if !slices.Equal(y.Shape(), out) || !slices.Equal(y.Float64s(), want) {
		t.Fatalf("%v %v: got %v %v, want %v %v", shape, rs, y.Shape(), y, out, want)
	}
	weights, g := make([]float64, len(from)), make([]float64, m)
	for i, k := range from {
		weights[i] = float64(1 + i%7)
		g[k] += weights[i]
	}
	y.Mul(tensor.Of(weights).Reshape(out...)).Sum().Backward()
	if !slices.Equal(x.Grad().Float64s(), g) {
		t.Fatalf("%v %v: gradient %v, want %v", shape, rs, x.Grad(), g)
	}

	vs := slices.Clone(out[r(len(out)+1):])
	for i := range vs {
		if r(4) == 0 {
			vs[i] = 1
		}
	}
	for _, add := range []bool{false, true} {
		val := tensor.ArangeOf(tensor.Float64, float64(product(vs))).AddScalar(100).Reshape(vs...).RequireGrad()
		data := val.Detach().Ints()
		z, got := slices.Clone(v), x.Detach().Clone().RequireGrad()
		writer := make([]int, m) // the element of the region that x's element comes from
		lines := make([]int, 0, len(from))
		i := 0
		eachIndex(out, func(index []int) {
			w := at(data, vs, index)
			if lines = append(lines, w-100); add {
				z[from[i]] += float64(w)
			} else {
				z[from[i]], writer[from[i]] = float64(w), i
			}
			i++
		})
		res := got.Clone()
		if add {
			res.AddAt(val, rs...)
		} else {
			res.SetSlice(val, rs...)
		}
		if !slices.Equal(res.Float64s(), z) {
			t.Fatalf("%v %v, adding %v: got %v, want %v", shape, rs, add, res, z)
		}
		for k := range g {
			g[k] = float64(1 + k%5)
		}
		dx, dv := slices.Clone(g), make([]float64, product(vs))
		for i, k := range from {
			switch {
			case add:
				dv[lines[i]] += g[k]
			default:
				if dx[k] = 0; writer[k] == i {
					dv[lines[i]] += g[k]
				}
			}
		}
		res.Mul(tensor.Of(g).Reshape(shape...)).Sum().Backward()
		if !slices.Equal(got.Grad().Float64s(), dx) || !slices.Equal(val.Grad().Float64s(), dv) {
			t.Fatalf("%v %v, adding %v: gradients %v and %v, want %v and %v", shape, rs, add, got.Grad(), val.Grad(), dx, dv)
		}
	}
	return len(from) > 0 && slices.ContainsFunc(es, func(e entry) bool { return e.kind == "ints" || e.kind == "mask" })
}

func TestIndexExpressions(t *testing.T) {
	n, taken := 12000, 0
	if testing.Short() || raceDetector {
		n = 1000
	}
	for seed := range uint64(n) {
		r := rand.New(rand.NewPCG(seed, 5))
		if checkEntries(t, r.IntN) {
			taken++
		}
	}
	t.Logf("%d of %d expressions took elements with tensors", taken, n)
	if taken < n/6 {
		t.Error("the expressions do not test much")
	}
}

func FuzzIndexExpressions(f *testing.F) {
	f.Add([]byte("\x03\x02\x03\x01\x02\x07\x07\x08\x01"))
	f.Fuzz(func(t *testing.T, b []byte) {
		checkEntries(t, func(n int) int {
			if len(b) == 0 {
				return 0
			}
			k := int(b[0]) % n
			b = b[1:]
			return k
		})
	})
}

// lines calls f with the elements of each line of x along the last axis.
func lines(x *tensor.Tensor, f func(line []float64)) {
	d := x.Dim(-1)
	for v := x.Float64s(); d > 0 && len(v) > 0; v = v[d:] {
		f(v[:d])
	}
}

// order ranks numbers as sorting does: NaN last.
func rank(a, b float64) int {
	if a != a || b != b {
		return cmp.Compare(b, a) // cmp puts NaN first
	}
	return cmp.Compare(a, b)
}

func TestOrderProperties(t *testing.T) {
	for seed := range uint64(600) {
		r := rand.New(rand.NewPCG(seed, 6))
		n := 1 + r.IntN(12)
		if seed%50 == 0 {
			n = 2000
		}
		x := tensor.ZerosOf([]tensor.DType{tensor.Float64, tensor.Float32, tensor.Int32, tensor.Float16}[r.IntN(4)], 1+r.IntN(3), n)
		for i := range x.Dim(0) {
			for j := range n {
				v := float64(r.IntN(9) - 4)
				if x.DType().IsFloat() && r.IntN(9) == 0 {
					v = []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1)}[r.IntN(4)]
				}
				x.SetAt(v, i, j)
			}
		}
		down := tensor.Order(r.IntN(2) == 0)
		y, idx := x.Sort(-1, down)
		perm := idx.Ints()
		lines(y, func(got []float64) {
			p := perm[:n]
			perm = perm[n:]
			seen := make([]bool, n)
			for k, i := range p {
				seen[i] = true
				if k == 0 {
					continue
				}
				c := rank(got[k-1], got[k])
				if down {
					c = -c
				}
				if c > 0 || c == 0 && p[k-1] > i {
					t.Fatalf("seed %d: %v is not sorted, or not stably: %v", seed, got, p)
				}
			}
			if slices.Contains(seen, false) {
				t.Fatalf("seed %d: %v is no permutation", seed, p)
			}
		})
		k := r.IntN(n + 1)
		top, at := x.TopK(k, 1, bool(down))
		if !same(top, y.Narrow(1, 0, k)) || !tensor.Equal(at, idx.Narrow(1, 0, k)) {
			t.Fatalf("seed %d: the first %d of %v are not %v", seed, k, y, top)
		}

		values, inverse, counts := x.Unique()
		if !same(values.Take(inverse), x) || counts.Sum().Item() != float64(x.Size()) {
			t.Fatalf("seed %d: unique of %v: %v %v %v", seed, x, values, inverse, counts)
		}
		lines(values, func(v []float64) {
			for k := 1; k < len(v); k++ {
				if v[k] == v[k-1] || rank(v[k-1], v[k]) > 0 {
					t.Fatalf("seed %d: %v are not different and ascending", seed, v)
				}
			}
		})
		vals, run, _ := x.UniqueAxis(0)
		if !same(vals.Take(run), x) {
			t.Fatalf("seed %d: unique rows of %v: %v %v", seed, x, vals, run)
		}

		table, _ := x.Index(0).Sort(0, tensor.Ascending)
		for _, right := range []bool{false, true} {
			places, row := tensor.SearchSorted(table, x, right).Ints(), table.Float64s()
			for i, v := range x.Float64s()[:min(x.Size(), 100)] {
				want := 0
				for _, w := range row {
					if c := rank(w, v); c < 0 || right && c == 0 {
						want++
					}
				}
				if places[i] != want {
					t.Fatalf("seed %d: %v belongs at %d of %v, not at %d", seed, v, want, table, places[i])
				}
			}
		}
	}
}

// same is Equal with NaN equal to itself.
func same(x, y *tensor.Tensor) bool {
	return x.DType() == y.DType() && slices.Equal(x.Shape(), y.Shape()) &&
		slices.EqualFunc(x.Float64s(), y.Float64s(), func(a, b float64) bool { return a == b || a != a && b != b })
}

func TestRearrangingProperties(t *testing.T) {
	for seed := range uint64(1500) {
		r := rand.New(rand.NewPCG(seed, 7))
		shape := make([]int, 1+r.IntN(4))
		for i := range shape {
			shape[i] = 1 + r.IntN(5)
		}
		x := tensor.ArangeOf(tensor.Int32, float64(product(shape))).Reshape(shape...)
		a := r.IntN(len(shape))
		if r.IntN(2) == 0 {
			x = x.SwapAxes(0, a)
			shape = x.Shape()
		}
		check := func(what string, ok bool) {
			t.Helper()
			if !ok {
				t.Fatalf("seed %d, %v, axis %d: %s", seed, shape, a, what)
			}
		}
		read := func(y *tensor.Tensor, f func(index []int) []int) bool { // y[index] is x[f(index)]
			ok := true
			eachIndex(y.Shape(), func(index []int) { ok = ok && y.At(index...) == x.At(f(slices.Clone(index))...) })
			return ok
		}
		d := shape[a]
		mod := func(i, n int) int { return (i%n + n) % n }
		moved := func(f func(i int) int) func(index []int) []int {
			return func(index []int) []int { index[a] = f(index[a]); return index }
		}
		s := r.IntN(21) - 10
		check("roll", read(x.Roll([]int{s}, a), moved(func(i int) int { return mod(i-s, d) })))
		check("rolled back", tensor.Equal(x.Roll([]int{s}).Roll([]int{-s}), x))
		check("flip", read(x.Flip(a), moved(func(i int) int { return d - 1 - i })))
		n := 1 + r.IntN(3)
		check("repeat", read(x.Repeat(n, a), moved(func(i int) int { return i / n })))
		reps := slices.Repeat([]int{1}, len(shape))
		reps[a] = n
		check("tile", read(x.Tile(reps...), moved(func(i int) int { return i % d })))
		before, after := r.IntN(8), r.IntN(8)
		pads := slices.Repeat([][2]int{{}}, len(shape))
		pads[a] = [2]int{before, after}
		walk := func(start, dir int) func(i int) int { // to and fro between the ends
			return func(i int) int {
				p, v := start, dir
				for range i {
					if d > 1 && (p+v < 0 || p+v >= d) {
						v = -v
					}
					if d > 1 {
						p += v
					}
				}
				return p
			}
		}
		reflected := x.Pad(tensor.PadReflect, pads...)
		check("reflect", read(reflected.Narrow(a, before, d+after), moved(walk(0, 1))))
		check("reflect before", read(reflected.Flip(a).Narrow(a, after, d+before), moved(walk(d-1, -1))))
		check("replicate", read(x.Pad(tensor.PadReplicate, pads...), moved(func(i int) int { return min(max(i-before, 0), d-1) })))
		check("circular", read(x.Pad(tensor.PadCircular, pads...), moved(func(i int) int { return mod(i-before, d) })))
		padded := x.Pad(tensor.PadConstant(-7), pads...)
		pads[a] = [2]int{-before, -after}
		check("cut off again", tensor.Equal(padded.Pad(tensor.PadConstant(0), pads...), x))
		check("constant", padded.EqScalar(-7).AsType(tensor.Int64).Sum().Item() == float64(padded.Size()-x.Size()))
		check("parts", tensor.Equal(tensor.Concat(a, x.ArraySplit(a, n)...), x) && tensor.Equal(tensor.Concat(a, x.Chunk(a, n)...), x) &&
			tensor.Equal(tensor.Stack(a, x.Unbind(a)...), x))
		b := r.IntN(len(shape))
		check("moveAxis", tensor.Equal(x.MoveAxis(a, b).MoveAxis(b, a), x))
		if a != b {
			y := x
			for range 4 {
				y = y.Rot90(1, a, b)
			}
			check("four turns", tensor.Equal(y, x) && tensor.Equal(x.Rot90(2, a, b), x.Flip(a, b)))
		}
		idx := x.Mul(tensor.Of([]int32{7})).AddScalar(3)
		idx = idx.Sub(idx.Div(tensor.Of([]float32{float32(d)})).AsType(tensor.Int32).MulScalar(float64(d))) // modulo d
		g := x.Gather(a, idx)
		check("gather", read(g, func(index []int) []int { index[a] = int(idx.At(index...)); return index }))
	}
}
