package vec

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/simd"
)

type (
	fn2 = func(y, a, b []float32)
	fn1 = func(y, x []float32)
	fnS = func(y, a []float32, s float32)
	fnR = func(x []float32) float32
)

var binaries = map[string]fn2{"Add": Add, "Sub": Sub, "Mul": Mul, "Div": Div, "Max": Max, "Min": Min,
	"ReLUGrad": ReLUGrad, "SigmoidGrad": SigmoidGrad, "TanhGrad": TanhGrad}

var exacts = map[string]fn1{"ReLU": ReLU, "Sqrt": Sqrt, "Square": Square, "Neg": Neg, "Abs": Abs, "Reciprocal": Reciprocal, "Copy": Copy,
	"Sign": Sign, "Floor": Floor, "Ceil": Ceil, "Trunc": Trunc, "Round": Round}

// smooth are the functions that may differ from their loops by some ulp.
var smooth = map[string]struct {
	f   fn1
	f64 func(float64) float64
	ulp float64
}{
	"Exp":     {Exp, math.Exp, expUlp},
	"Log":     {Log, math.Log, logUlp},
	"Tanh":    {Tanh, math.Tanh, tanhUlp},
	"Sigmoid": {Sigmoid, func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }, sigmoidUlp},

	"Erf":      {Erf, math.Erf, 1.15},
	"Erfc":     {Erfc, math.Erfc, 5},
	"GELU":     {GELU, GELU64, 5.9},
	"GELUTanh": {GELUTanh, GELUTanh64, 3.5},
	"SiLU":     {SiLU, SiLU64, 3.5},
	"Exp2":     {Exp2, math.Exp2, 1.1},
	"Expm1":    {Expm1, math.Expm1, 1.5},
	"Log1p":    {Log1p, math.Log1p, 0.9},
	"Log2":     {Log2, log2, 1.9},
	"Log10":    {Log10, math.Log10, 1.7},
	"Sinh":     {Sinh, math.Sinh, 1.7},
	"Cosh":     {Cosh, math.Cosh, 1.5},
	"Softplus": {Softplus, softplus, 1.8},
	"Mish":     {Mish, Mish64, 4.7},
	"Sin":      {Sin, math.Sin, 1.6},
	"Cos":      {Cos, math.Cos, 1.6},
	"Tan":      {Tan, math.Tan, 3.4},
	"Rsqrt":    {Rsqrt, func(x float64) float64 { return 1 / math.Sqrt(x) }, 1.5},
}

// slopes are the gradients that may differ from their loops: by this much times 2^-24, where the slope is at most 1.2.
var slopes = map[string]struct {
	f     fn2
	f64   func(float64) float64
	error float64
}{
	"GELUGrad":     {GELUGrad, GELUSlope, 3.5},
	"GELUTanhGrad": {GELUTanhGrad, GELUTanhSlope, 3},
	"SiLUGrad":     {SiLUGrad, SiLUSlope, 3},
	"MishGrad":     {MishGrad, MishSlope, 6},
}

var scalars = map[string]fnS{"AddS": AddS, "SubS": SubS, "RSubS": RSubS, "MulS": MulS, "DivS": DivS, "RDivS": RDivS,
	"MaxS": MaxS, "MinS": MinS, "AddScaled": AddScaled,
	"Affine": func(y, a []float32, s float32) { Affine(y, a, s, 0.3) },
	"Fill":   func(y, a []float32, s float32) { Fill(y, s) },
}

var reductions = map[string]fnR{"Sum": Sum, "MaxOf": MaxOf, "MinOf": MinOf}

// The accuracies stated in the documentation, in ulp.
const (
	expUlp     = 1.05
	logUlp     = 0.85
	tanhUlp    = 2.5
	sigmoidUlp = 2.5
	powUlp     = 0.52
)

// levels runs f at each level above Go that there is.
func levels(t *testing.T, f func(t *testing.T)) {
	for _, l := range simd.Levels()[1:] {
		t.Run(l.String(), func(t *testing.T) {
			defer set(l)()
			f(t)
		})
	}
}

// set makes l the active level and returns the way back.
func set(l simd.Level) func() {
	old := simd.Active
	simd.Active = l
	return func() { simd.Active = old }
}

// plain runs f at level Go.
func plain(f func()) {
	defer set(simd.Go)()
	f()
}

// special are numbers that vector code likes to get wrong.
var special = []float32{0, float32(math.Copysign(0, -1)), 1, -1, 0.5, 2, float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()),
	math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32, 1.17549435e-38, -1.17549435e-38, 1e-39, -1e-39, math.MaxFloat32, -math.MaxFloat32,
	88.7, 88.8, 89, 1000, -87.3, -87.4, -100, -103.9, -104, -110, -1000, 1e-8, -1e-8, 9, 10, 20, -20, 0.75, 1.5, 0.7499999, 1.4999999}

// numbers is n numbers at an odd address: mostly ordinary, some special.
func numbers(rng *rand.Rand, n int) []float32 {
	x := guarded(n)
	for i := range x {
		x[i] = float32(rng.NormFloat64() * 3)
		if rng.IntN(4) == 0 {
			x[i] = special[rng.IntN(len(special))]
		}
	}
	return x
}

const canary = -777.25

// guarded is n numbers between canaries, starting at one of 16 positions in a line.
func guarded(n int) []float32 {
	const gap = 24
	b := make([]float32, n+2*gap+16)
	for i := range b {
		b[i] = canary
	}
	from := gap + n%16
	return b[from : from+n : from+n]
}

// intact checks the canaries around x.
func intact(t *testing.T, x []float32) {
	t.Helper()
	if len(x) == 0 {
		return
	}
	for i := 1; i <= 16; i++ {
		p := unsafe.Pointer(unsafe.SliceData(x))
		before := *(*float32)(unsafe.Add(p, -4*i))
		after := *(*float32)(unsafe.Add(p, 4*(len(x)+i-1)))
		if before != canary || after != canary {
			t.Fatalf("length %d: written outside, at %d before or after", len(x), i)
		}
	}
}

// same says whether the bits are equal, all NaN being one.
func same(a, b float32) bool {
	return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b
}

func compare(t *testing.T, name string, got, want []float32, in ...[]float32) {
	t.Helper()
	intact(t, got)
	for i := range want {
		if !same(got[i], want[i]) {
			msg := fmt.Sprintf("%s, length %d: element %d is %g, want %g, of", name, len(want), i, got[i], want[i])
			for _, x := range in {
				msg += fmt.Sprintf(" %g", x[i])
			}
			t.Fatal(msg)
		}
	}
}

func lengths() []int {
	var all []int
	for n := range 101 {
		all = append(all, n)
	}
	return append(all, 127, 128, 129, 255, 1000, 4096, 4099, 16384, 16385, 40000)
}

func TestBinary(t *testing.T) {
	levels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 1))
		for name, f := range binaries {
			for _, n := range lengths() {
				a, b := numbers(rng, n), numbers(rng, n)
				got, want := guarded(n), make([]float32, n)
				f(got, a, b)
				plain(func() { f(want, a, b) })
				compare(t, name, got, want, a, b)
				f(a, a, b) // in place
				compare(t, name+" in place", a, want)
			}
		}
	})
}

func TestUnary(t *testing.T) {
	levels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 2))
		for name, f := range exacts {
			for _, n := range lengths() {
				x := numbers(rng, n)
				got, want := guarded(n), make([]float32, n)
				f(got, x)
				plain(func() { f(want, x) })
				compare(t, name, got, want, x)
			}
		}
	})
}

func TestMulAdd(t *testing.T) {
	levels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 9))
		for _, n := range lengths() {
			x, a, b := numbers(rng, n), numbers(rng, n), numbers(rng, n)
			got, want := guarded(n), make([]float32, n)
			MulAdd(got, x, a, b, 0.3)
			plain(func() { MulAdd(want, x, a, b, 0.3) })
			compare(t, "MulAdd", got, want, x, a, b)
			MulAdd(x, x, a, b, 0.3)
			compare(t, "MulAdd in place", x, want)
		}
	})
}

func TestScalar(t *testing.T) {
	levels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 3))
		for name, f := range scalars {
			for _, n := range lengths() {
				a, s := numbers(rng, n), numbers(rng, 1)[0]
				got, want := guarded(n), make([]float32, n)
				for i := range want {
					want[i] = float32(i)
					got[i] = want[i]
				}
				f(got, a, s)
				plain(func() { f(want, a, s) })
				compare(t, fmt.Sprint(name, " by ", s), got, want, a)
			}
		}
	})
}

func TestSmooth(t *testing.T) {
	levels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 4))
		for name, f := range smooth {
			for _, n := range lengths() {
				x := numbers(rng, n)
				got := guarded(n)
				f.f(got, x)
				intact(t, got)
				for i := range x {
					if u := ulps(got[i], f.f64(float64(x[i]))); !(u <= f.ulp) {
						t.Fatalf("%s(%g) = %g, want %g: %g ulp", name, x[i], got[i], f.f64(float64(x[i])), u)
					}
				}
				f.f(x, x)
				compare(t, name+" in place", x, got)
			}
		}
	})
}

func TestPow(t *testing.T) {
	odd := append([]float32{3, -3, 2, 0.3333333, 8388607, -8388607, 8388608, 16777217, 4e9, 1e-20, 1e-30, 1e-40}, special...)
	levels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 8))
		number := func() float32 {
			switch rng.IntN(4) {
			case 0:
				return odd[rng.IntN(len(odd))]
			case 1:
				return float32(rng.IntN(20) - 10)
			case 2:
				return float32(math.Exp(rng.NormFloat64()))
			}
			return math.Float32frombits(rng.Uint32())
		}
		for _, n := range append(lengths(), 1<<18) {
			a, b, got := guarded(n), guarded(n), guarded(n)
			for i := range a {
				a[i], b[i] = number(), number()
			}
			Pow(got, a, b)
			intact(t, got)
			for i := range got {
				want := math.Pow(float64(a[i]), float64(b[i]))
				if u := ulps(got[i], want); !(u <= powUlp) {
					t.Fatalf("Pow(%g, %g) = %g, want %g: %g ulp", a[i], b[i], got[i], want, u)
				}
			}
			for i := range min(n, 100) { // no result depends on its neighbours
				one := make([]float32, 1)
				if Pow(one, a[i:], b[i:]); !same(one[0], got[i]) {
					t.Fatalf("Pow(%g, %g) = %g among others and %g alone", a[i], b[i], got[i], one[0])
				}
			}
			Pow(a, a, b)
			compare(t, "Pow in place", a, got)
		}
	})
}

func TestSlopes(t *testing.T) {
	levels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 7))
		for name, f := range slopes {
			for _, n := range lengths() {
				dy, x := numbers(rng, n), numbers(rng, n)
				got := guarded(n)
				f.f(got, dy, x)
				intact(t, got)
				for i, v := range x {
					s := f.f64(float64(v))
					want := float64(dy[i]) * s
					if w := float32(want); same(got[i], w) || want == 0 && got[i] == 0 || math.IsInf(float64(dy[i]), 0) && math.Abs(s) < 1e-30 {
						continue
					}
					if e := math.Abs(float64(got[i])-want) / math.Abs(float64(dy[i])); !(e <= f.error/(1<<24)+1e-45/math.Abs(float64(dy[i]))) {
						t.Fatalf("%s(%g, %g) = %g, want %g", name, dy[i], v, got[i], want)
					}
				}
				f.f(x, dy, x)
				compare(t, name+" in place", x, got)
			}
		}
	})
}

func TestReduce(t *testing.T) {
	levels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 5))
		for name, f := range reductions {
			for _, n := range lengths() {
				x := guarded(n)
				for i := range x {
					x[i] = float32(rng.NormFloat64())
				}
				for range 3 { // as it is, then with one and two special numbers
					got, want := f(x), float32(0)
					plain(func() { want = f(x) })
					if !same(got, want) && (name == "Sum" || got != want) {
						t.Fatalf("%s, length %d: %g, want %g", name, n, got, want)
					}
					if n > 0 {
						x[rng.IntN(n)] = special[rng.IntN(len(special))]
					}
				}
			}
		}
		for _, n := range lengths() {
			a, b := guarded(n), guarded(n)
			for i := range a {
				a[i], b[i] = float32(rng.NormFloat64()), float32(rng.NormFloat64())
			}
			got, want := Dot(a, b), float32(0)
			plain(func() { want = Dot(a, b) })
			if !same(got, want) {
				t.Fatalf("Dot, length %d: %g, want %g", n, got, want)
			}
			y, z := guarded(n), make([]float32, n)
			got = ExpSum(y, a, 0.5)
			plain(func() { want = ExpSum(z, a, 0.5) })
			intact(t, y)
			for i := range z {
				if u := ulps(y[i], math.Exp(float64(a[i]-0.5))); u > expUlp {
					t.Fatalf("ExpSum, length %d: element %d is %g, want %g", n, i, y[i], z[i])
				}
			}
			if math.Abs(float64(got-want)) > 2e-6*float64(want) {
				t.Fatalf("ExpSum, length %d: %g, want %g", n, got, want)
			}
		}
	})
}

func TestSoftmax(t *testing.T) {
	x := []float32{1, 2, 3, 1000}
	y := make([]float32, 4)
	Softmax(y, x)
	if y[3] != 1 || y[0] != 0 {
		t.Errorf("Softmax(%g) = %g", x, y)
	}
	if l := LogSumExp(y, x); l != 1000 {
		t.Errorf("LogSumExp(%g) = %g", x, l)
	}
	Softmax(y, []float32{0, 0, 0, 0})
	if y[0] != 0.25 || Sum(y) != 1 {
		t.Errorf("Softmax of zeros = %g", y)
	}
	Softmax(y[:2], []float32{1, float32(math.NaN())})
	if y[0] == y[0] {
		t.Errorf("Softmax with NaN = %g", y[:2])
	}
}

func BenchmarkVec(b *testing.B) {
	for _, n := range []int{4, 4096, 1 << 20} {
		x, y, z := make([]float32, n), make([]float32, n), make([]float32, n)
		for i := range x {
			x[i], y[i] = float32(i%100)/10-4.9, 1
		}
		run := func(name string, f func()) {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				for b.Loop() {
					f()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/elem")
			})
		}
		run("Add", func() { Add(z, x, y) })
		run("ReLU", func() { ReLU(z, x) })
		run("MulSInPlace", func() { MulS(z, z, 1) })
		run("Copy", func() { Copy(z, x) })
		run("Fill", func() { Fill(z, 1) })
		for name, f := range smooth {
			run(name, func() { f.f(z, x) })
		}
		for name, f := range slopes {
			run(name, func() { f.f(z, x, y) })
		}
		run("Pow", func() { Pow(z, y, x) })
		run("Floor", func() { Floor(z, x) })
		run("MulAdd", func() { MulAdd(z, x, y, z, 0.5) })
		run("Sum", func() { Sum(x) })
		run("MaxOf", func() { MaxOf(x) })
		run("Dot", func() { Dot(x, y) })
		run("Softmax", func() { Softmax(z, x) })
	}
}
