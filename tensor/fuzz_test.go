package tensor

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// program is a random computation. It runs twice, without scopes and with
// scopes that are opened, kept from and closed at random, released memory filled
// with NaN. Every value that can be read must be the same: a value that is
// gone must panic with *Error, never be a wrong number.
type program struct {
	r      *rand.Rand
	scoped bool
	leaves []*Tensor
	held   []*Tensor // gradients that hooks saw
	vals   []*Tensor // nil: not to be had in this run
	scopes []*Scope
	log    [][]float64 // nil: could not be read
	over   bool
}

const fuzzLen = 24 // elements, more than fit into a handle

func (p *program) try(f func()) bool { return Try(f) == nil }

func (p *program) step() {
	r := p.r
	kind := r.IntN(16)
	i, j := r.IntN(len(p.vals)), r.IntN(len(p.vals))
	k, v := r.IntN(1<<20), r.Float64()
	a, b := p.vals[i], p.vals[j]
	push := func(f func() *Tensor, needs ...*Tensor) {
		var y *Tensor
		if !slices.Contains(needs, nil) {
			p.try(func() { y = f() })
		}
		p.vals = append(p.vals, y)
	}
	change := func(f func(), needs ...*Tensor) { // its effect reaches other values: must not be missed
		if slices.Contains(needs, nil) || !p.try(f) {
			p.over = true
		}
	}
	switch kind {
	case 0:
		push(func() *Tensor { return a.Add(b) }, a, b)
	case 1:
		push(func() *Tensor { return a.Mul(b) }, a, b)
	case 2:
		push(func() *Tensor { return a.Tanh() }, a)
	case 3:
		push(func() *Tensor { return a.Reshape(4, 6).T().Sigmoid().Reshape(fuzzLen) }, a)
	case 4:
		push(func() *Tensor { return Concat(0, a.Slice(R(0, 10)), b.Slice(From(10))) }, a, b)
	case 5:
		push(func() *Tensor { return a.Reshape(4, 6).SumKeep(0).Expand(4, 6).Reshape(fuzzLen) }, a)
	case 6:
		push(func() *Tensor { return a.Detach() }, a)
	case 7, 8: // open a scope and put a value into it
		push(func() *Tensor {
			if !p.scoped {
				return NewScope().In(a)
			}
			s := NewScope()
			if n := len(p.scopes); n > 0 && k%2 == 0 {
				s = p.scopes[k%n].Sub()
			}
			p.scopes = append(p.scopes, s)
			return s.In(a)
		}, a)
	case 9:
		if n := len(p.scopes); n > 0 && a != nil {
			p.scopes[k%n].Keep(a)
		}
	case 10:
		if n := len(p.scopes); n > 0 {
			p.scopes[k%n].Close()
		}
	case 11:
		change(func() { a.AddAssign(b.MulScalar(v)) }, a, b)
	case 12:
		push(func() *Tensor {
			return Checkpoint(func(xs ...*Tensor) *Tensor { return xs[0].Mul(p.leaves[k%3]).Tanh().Add(xs[1]) }, a, b)
		}, a, b)
	case 13:
		push(func() *Tensor { return cubed.Apply(a.MulScalar(0.1)) }, a)
	case 14:
		if a != nil && a.Recorded() {
			p.try(func() { a.OnGrad(func(g *Tensor) *Tensor { p.held = append(p.held, g); return g.MulScalar(v) }) })
		}
	case 15:
		change(func() { a.Sum().Backward() }, a)
		for _, l := range p.leaves {
			if !p.over {
				p.log = append(p.log, l.Grad().Float64s())
			}
		}
	}
}

func (p *program) read() {
	for _, x := range slices.Concat(p.vals, p.held) {
		var d []float64
		if x != nil {
			p.try(func() { d = x.Float64s() })
		}
		p.log = append(p.log, d)
	}
}

// cubed is x³ with a gradient of its own.
var cubed = Function{
	Name: "cubed",
	Forward: func(c *FunctionCall, xs []*Tensor) []*Tensor {
		y := xs[0].Square()
		c.Save(xs[0])
		c.SaveConst(y)
		return []*Tensor{y.Mul(xs[0])}
	},
	Backward: func(c *FunctionCall, dys []*Tensor) []*Tensor {
		return []*Tensor{dys[0].Mul(c.Saved()[1]).MulScalar(3)}
	},
}

func runProgram(seed uint64, scoped bool) (log [][]float64, n int) {
	p := &program{r: rand.New(rand.NewPCG(seed, 1)), scoped: scoped}
	for i := range 3 {
		l := Full(0.3*float64(i+1), fuzzLen).RequireGrad()
		p.leaves, p.vals = append(p.leaves, l), append(p.vals, l)
	}
	for n = 0; n < 40 && !p.over; n++ {
		p.step()
	}
	if !p.over {
		p.read()
	}
	for _, s := range p.scopes {
		s.Close()
	}
	return p.log, n
}

func TestRandomGraphsWithScopes(t *testing.T) {
	poison = true
	defer func() { poison = false }()
	graphs := 3000
	if testing.Short() {
		graphs = 500
	}
	read, gone := 0, 0
	for seed := range uint64(graphs) {
		want, _ := runProgram(seed, false)
		got, _ := runProgram(seed, true)
		for k := range min(len(got), len(want)) {
			switch {
			case got[k] == nil:
				gone++
			case want[k] == nil:
			case !slices.Equal(got[k], want[k]):
				t.Fatalf("seed %d, reading %d: %v with scopes, %v without", seed, k, got[k], want[k])
			default:
				read++
			}
		}
	}
	if read < graphs || gone < graphs/10 {
		t.Errorf("%d values read, %d gone: the programs do not test much", read, gone)
	}
	t.Logf("%d values read, %d gone", read, gone)
}
