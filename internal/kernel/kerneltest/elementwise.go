package kerneltest

import (
	"math"
	"math/big"
	"math/cmplx"
	"slices"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel"
)

const rounds = 12

func (s *suite) fill() {
	for _, dt := range stored {
		for range rounds {
			y := s.box(dt, s.shape(), anyhow)
			v := s.number(dt)
			s.dev.Fill(y.View, v)
			s.check("fill", y, slices.Repeat([]float64{v}, y.Size()), 0)
		}
	}
}

func (s *suite) copies() {
	for _, to := range stored {
		for _, dt := range stored {
			for range rounds / 2 {
				sh := s.shape()
				x, y := s.random(dt, sh, anyhow), s.box(to, sh, anyhow)
				s.dev.Copy(y.View, x.View)
				s.check("copy from "+dt.String(), y, x.values(), 0)
			}
		}
	}
	// matrices large enough for tiles and threads, one of them transposed
	for _, dt := range []kernel.DType{kernel.Float32, kernel.Float64, kernel.Uint8, kernel.Float16, kernel.Complex128} {
		x, y := s.random(dt, []int{261, 515}, permuted), s.box(dt, []int{261, 515}, flat)
		s.dev.Copy(y.View, x.View)
		s.check("copy", y, x.values(), 0)
	}
}

func (s *suite) where() {
	for _, dt := range stored {
		for range rounds {
			sh := s.shape()
			c, a, b := s.random(kernel.Bool, sh, anyhow, s.some(sh)...), s.random(dt, sh, anyhow, s.some(sh)...), s.random(dt, sh, anyhow)
			y := s.box(dt, sh, anyhow)
			s.dev.Where(y.View, c.View, a.View, b.View)
			want := b.values()
			for i := range want {
				if c.get(i) != 0 {
					want[i] = a.get(i)
				}
			}
			s.check("where", y, want, 0)
		}
	}
}

// some draws axes to broadcast.
func (s *suite) some(shape []int) (axes []int) {
	if s.r.IntN(3) > 0 {
		return nil
	}
	for i := range shape {
		if s.r.IntN(2) == 0 {
			axes = append(axes, i)
		}
	}
	return axes
}

func sign(v float64) float64 {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return v
}

func sigmoid(v float64) float64 { return 1 / (1 + math.Exp(-v)) }

// unaries is every function of one argument: its definition, the error allowed
// in units of eps, and whether integers have it.
var unaries = map[kernel.UnaryOp]struct {
	f    func(float64) float64
	ulps float64
	ints bool
}{
	kernel.Neg:        {func(v float64) float64 { return -v }, 0, true},
	kernel.Abs:        {math.Abs, 0, true},
	kernel.Sign:       {sign, 0, true},
	kernel.Exp:        {math.Exp, 3, false},
	kernel.Log:        {math.Log, 3, false},
	kernel.Sqrt:       {math.Sqrt, 0, false},
	kernel.Square:     {func(v float64) float64 { return v * v }, 0, true},
	kernel.Reciprocal: {func(v float64) float64 { return 1 / v }, 0, false},
	kernel.Sin:        {math.Sin, 2, false},
	kernel.Cos:        {math.Cos, 2, false},
	kernel.Tanh:       {math.Tanh, 6, false},
	kernel.Sigmoid:    {sigmoid, 4, false},
	kernel.ReLU:       {func(v float64) float64 { return max(v, 0) }, 0, true},

	kernel.Exp2:     {math.Exp2, 2, false},
	kernel.Expm1:    {math.Expm1, 2, false},
	kernel.Log1p:    {math.Log1p, 2, false},
	kernel.Log2:     {math.Log2, 8, false},
	kernel.Log10:    {math.Log10, 8, false},
	kernel.Rsqrt:    {func(v float64) float64 { return 1 / math.Sqrt(v) }, 2, false},
	kernel.Cbrt:     {math.Cbrt, 2, false},
	kernel.Tan:      {math.Tan, 4, false},
	kernel.Asin:     {func(v float64) float64 { return 2 * math.Atan2(v, 1+math.Sqrt((1-v)*(1+v))) }, 4, false},
	kernel.Acos:     {func(v float64) float64 { return 2 * math.Atan2(math.Sqrt(1-v), math.Sqrt(1+v)) }, 4, false},
	kernel.Atan:     {math.Atan, 2, false},
	kernel.Sinh:     {math.Sinh, 4, false},
	kernel.Cosh:     {math.Cosh, 4, false},
	kernel.Asinh:    {math.Asinh, 4, false},
	kernel.Acosh:    {math.Acosh, 4, false},
	kernel.Atanh:    {math.Atanh, 4, false},
	kernel.Erf:      {math.Erf, 2, false},
	kernel.Erfc:     {math.Erfc, 2, false},
	kernel.ErfInv:   {math.Erfinv, 4, false},
	kernel.Lgamma:   {lgamma, 4, false},
	kernel.Softplus: {func(v float64) float64 { return math.Log1p(math.Exp(min(v, 700))) + max(v-700, 0) }, 4, false},
	kernel.GELU:     {gated(normal), 4, false},
	kernel.GELUTanh: {gated(func(v float64) float64 { return sigmoid(cubic(v)) }), 4, false},
	kernel.SiLU:     {gated(sigmoid), 4, false},
	kernel.Mish:     {gated(func(v float64) float64 { return math.Tanh(math.Log1p(math.Exp(v))) }), 4, false},
	kernel.Floor:    {math.Floor, 0, false},
	kernel.Ceil:     {math.Ceil, 0, false},
	kernel.Trunc:    {math.Trunc, 0, false},
	kernel.Round:    {math.RoundToEven, 0, false},
}

// gated is v f(v).
func gated(f func(float64) float64) func(float64) float64 {
	return func(v float64) float64 {
		if v < -1e10 { // cubic overflows
			return v * 0
		}
		return v * f(v)
	}
}

// gatedGrad is dy (f(v) + v f'(v)).
func gatedGrad(f, slope func(float64) float64) func(dy, v float64) float64 {
	return func(dy, v float64) float64 {
		if math.Abs(v) > 1e10 {
			return dy * (truth(v > 0) + v*0)
		}
		return dy * (f(v) + v*slope(v))
	}
}

func bell(v float64) float64 { return math.Exp(-v*v/2) / math.Sqrt(2*math.Pi) }

func sigmoidSlope(v float64) float64 { return sigmoid(v) * sigmoid(-v) }

func normal(v float64) float64 { return math.Erfc(-v/math.Sqrt2) / 2 }

func cubic(v float64) float64 {
	return 2 * math.Sqrt(2/math.Pi) * (v + 0.044715*v*v*v)
}

func lgamma(v float64) float64 {
	if math.IsInf(v, -1) {
		return -v
	}
	y, _ := math.Lgamma(v)
	return y
}

// complexes checks arithmetic on complex numbers with both parts.
func (s *suite) complexes() {
	sh := []int{3, 50}
	for _, dt := range []kernel.DType{kernel.Complex64, kernel.Complex128} {
		read := func(b *box) []complex128 {
			w := s.box(kernel.Complex128, sh, flat)
			s.dev.Copy(w.View, b.View)
			return slices.Clone(unsafe.Slice((*complex128)(w.P), w.Size()))
		}
		draw := func() *box {
			w := s.box(kernel.Complex128, sh, flat)
			for i := range w.Size() {
				*(*complex128)(unsafe.Add(w.P, 16*i)) = complex(s.r.NormFloat64(), s.r.NormFloat64())
			}
			b := s.box(dt, sh, anyhow)
			s.dev.Copy(b.View, w.View)
			return b
		}
		a, b, y, same := draw(), draw(), s.box(dt, sh, anyhow), s.box(kernel.Bool, sh, anyhow)
		near := func(what string, f func(a, b complex128) complex128) {
			for i, v := range read(y) {
				want := f(read(a)[i], read(b)[i])
				if e := cmplx.Abs(v - want); e > 8*eps(dt)*(1+cmplx.Abs(want)) {
					s.Fatalf("%s of %v: element %d is %v, want %v", what, dt, i, v, want)
				}
			}
			s.guarded(what, y)
		}
		for op, f := range map[kernel.BinaryOp]func(a, b complex128) complex128{
			kernel.Add: func(a, b complex128) complex128 { return a + b },
			kernel.Sub: func(a, b complex128) complex128 { return a - b },
			kernel.Mul: func(a, b complex128) complex128 { return a * b },
			kernel.Div: func(a, b complex128) complex128 { return a / b },
		} {
			s.dev.Binary(op, y.View, a.View, b.View)
			near(label(op, dt), f)
		}
		for op, f := range map[kernel.UnaryOp]func(a, b complex128) complex128{
			kernel.Neg:        func(a, b complex128) complex128 { return -a },
			kernel.Square:     func(a, b complex128) complex128 { return a * a },
			kernel.Reciprocal: func(a, b complex128) complex128 { return 1 / a },
		} {
			s.dev.Unary(op, y.View, a.View)
			near(label(op, dt), f)
		}
		s.dev.Binary(kernel.Eq, same.View, a.View, a.View)
		s.check("eq", same, slices.Repeat([]float64{1}, same.Size()), 0)
		s.dev.Binary(kernel.Ne, same.View, a.View, b.View)
		s.check("ne", same, slices.Repeat([]float64{1}, same.Size()), 0)
	}
}

func (s *suite) unary() {
	for op, c := range unaries {
		for _, dt := range numbers {
			if !dt.IsFloat() && (!c.ints || op == kernel.Neg && dt == kernel.Uint8) {
				continue
			}
			for i := range rounds {
				sh := s.shape()
				if i == 0 {
					sh = []int{9001}
				}
				x, y := s.random(dt, sh, anyhow, s.some(sh)...), s.box(dt, sh, anyhow)
				s.dev.Unary(op, y.View, x.View)
				want := x.values()
				for i, v := range want {
					want[i] = c.f(v)
				}
				s.check(label(op, dt), y, want, c.ulps)
			}
		}
	}
	x, y := s.random(kernel.Bool, []int{3, 5}, anyhow), s.box(kernel.Bool, []int{3, 5}, anyhow)
	s.dev.Unary(kernel.Not, y.View, x.View)
	for i := range y.off {
		if y.get(i) != 1-x.get(i) {
			s.Fatal("not")
		}
	}
}

func (s *suite) affine() {
	for _, dt := range numbers {
		for _, mc := range [][2]float64{{2, 0}, {1, 3}, {3, 2}, {0, 1}, {1, 0}} {
			for range rounds / 2 {
				sh := s.shape()
				x, y := s.random(dt, sh, anyhow), s.box(dt, sh, anyhow)
				s.dev.Affine(y.View, x.View, mc[0], mc[1])
				want := x.values()
				for i, v := range want {
					want[i] = mc[0]*v + mc[1]
				}
				s.check("affine", y, want, 2)
			}
		}
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// binaries is every function of two arguments.
var binaries = map[kernel.BinaryOp]struct {
	f    func(a, b float64) float64
	ulps float64
	ints bool
}{
	kernel.Add:     {func(a, b float64) float64 { return a + b }, 0, true},
	kernel.Sub:     {func(a, b float64) float64 { return a - b }, 0, true},
	kernel.Mul:     {func(a, b float64) float64 { return a * b }, 0, true},
	kernel.Div:     {func(a, b float64) float64 { return a / b }, 0, false},
	kernel.Pow:     {math.Pow, 2, false},
	kernel.Maximum: {func(a, b float64) float64 { return max(a, b) }, 0, true},
	kernel.Minimum: {func(a, b float64) float64 { return min(a, b) }, 0, true},
	kernel.ReLUGrad: {func(a, b float64) float64 {
		if b > 0 {
			return a
		}
		return 0
	}, 0, true},
	kernel.SigmoidGrad: {func(a, b float64) float64 { return a * b * (1 - b) }, 4, false},
	kernel.TanhGrad:    {func(a, b float64) float64 { return a * (1 - b*b) }, 8, false},
	kernel.GELUGrad:    {gatedGrad(normal, bell), 30, false},
	kernel.GELUTanhGrad: {gatedGrad(func(v float64) float64 { return sigmoid(cubic(v)) }, func(v float64) float64 {
		return sigmoidSlope(cubic(v)) * 2 * math.Sqrt(2/math.Pi) * (1 + 3*0.044715*v*v)
	}), 30, false},
	kernel.SiLUGrad: {gatedGrad(sigmoid, sigmoidSlope), 30, false},
	kernel.MishGrad: {gatedGrad(func(v float64) float64 { return math.Tanh(math.Log1p(math.Exp(v))) }, func(v float64) float64 {
		t := math.Tanh(math.Log1p(math.Exp(v)))
		return sigmoid(v) * (1 - t*t)
	}), 30, false},
	kernel.Eq: {func(a, b float64) float64 { return truth(a == b) }, 0, true},
	kernel.Ne: {func(a, b float64) float64 { return truth(a != b) }, 0, true},
	kernel.Lt: {func(a, b float64) float64 { return truth(a < b) }, 0, true},
	kernel.Le: {func(a, b float64) float64 { return truth(a <= b) }, 0, true},
	kernel.Gt: {func(a, b float64) float64 { return truth(a > b) }, 0, true},
	kernel.Ge: {func(a, b float64) float64 { return truth(a >= b) }, 0, true},

	kernel.FloorDivide: {func(a, b float64) float64 {
		switch {
		case b == 0:
			return a / b
		case math.IsInf(a, 0), a != a:
			return math.NaN()
		case math.IsInf(b, 0):
			return -truth(a*b < 0)
		}
		return math.Floor(a / b)
	}, 2, false},
	kernel.Remainder: {func(a, b float64) float64 {
		if math.IsInf(b, 0) && a*b < 0 && !math.IsInf(a, 0) {
			return b
		}
		if m := math.Mod(a, b); m == 0 || m*b > 0 || m != m {
			return m
		}
		return math.Mod(a, b) + b
	}, 0, false},
	kernel.Fmod:       {math.Mod, 0, false},
	kernel.Atan2:      {math.Atan2, 2, false},
	kernel.Hypot:      {math.Hypot, 2, false},
	kernel.CopySign:   {math.Copysign, 0, false},
	kernel.LogAddExp:  {func(a, b float64) float64 { return logSum(a, b, math.E) }, 4, false},
	kernel.LogAddExp2: {func(a, b float64) float64 { return logSum(a, b, 2) }, 4, false},
	kernel.Xlogy: {func(a, b float64) float64 {
		if a == 0 && b == b {
			return 0
		}
		return a * math.Log(b)
	}, 4, false},
}

// logSum is the logarithm of base^a + base^b.
func logSum(a, b, base float64) float64 {
	switch m := max(a, b); {
	case math.IsInf(m, 0) || m != m:
		return m
	default:
		return m + math.Log(math.Pow(base, a-m)+math.Pow(base, b-m))/math.Log(base)
	}
}

// wholes is every function of two integers only, and those that have rules of their own for integers.
var wholes = map[kernel.BinaryOp]func(a, b int64) int64{
	kernel.And:        func(a, b int64) int64 { return a & b },
	kernel.Or:         func(a, b int64) int64 { return a | b },
	kernel.Xor:        func(a, b int64) int64 { return a ^ b },
	kernel.LeftShift:  func(a, b int64) int64 { return int64(float64(a) * math.Exp2(float64(b)) * truth(b >= 0)) },
	kernel.RightShift: func(a, b int64) int64 { return a >> min(uint64(b), 63) },
	kernel.Gcd: func(a, b int64) int64 {
		return new(big.Int).GCD(nil, nil, big.NewInt(max(a, -a)), big.NewInt(max(b, -b))).Int64()
	},
	kernel.Lcm: func(a, b int64) int64 {
		for m := int64(0); a != 0 && b != 0; {
			if m += max(a, -a); m%b == 0 {
				return m
			}
		}
		return 0
	},
	kernel.FloorDivide: func(a, b int64) int64 { return int64(math.Floor(float64(a)/float64(b)) * truth(b != 0)) },
	kernel.Remainder:   func(a, b int64) int64 { return a - b*int64(math.Floor(float64(a)/float64(b))*truth(b != 0)) },
	kernel.Fmod:        func(a, b int64) int64 { return a - b*int64(math.Trunc(float64(a)/float64(b))*truth(b != 0)) },
}

// integers checks the functions of integers.
func (s *suite) integers() {
	for _, dt := range []kernel.DType{kernel.Int32, kernel.Int64, kernel.Uint8, kernel.Int8} {
		for op, f := range wholes {
			divides := op == kernel.FloorDivide || op == kernel.Remainder || op == kernel.Fmod
			for range rounds {
				sh := s.shape()
				a, b, y := s.random(dt, sh, anyhow, s.some(sh)...), s.random(dt, sh, anyhow), s.box(dt, sh, anyhow)
				s.dev.Binary(op, y.View, a.View, b.View)
				want := a.values()
				for i, v := range want {
					if want[i] = float64(f(int64(v), int64(b.get(i)))); divides && b.get(i) == 0 {
						want[i] = 0
					}
				}
				s.check(label(op, dt), y, want, 0)
			}
		}
		x, y := s.random(dt, []int{5, 7}, anyhow), s.box(dt, []int{5, 7}, anyhow)
		s.dev.Unary(kernel.Not, y.View, x.View)
		want := x.values()
		for i, v := range want {
			want[i] = float64(^int64(v))
		}
		s.check("not", y, want, 0)
	}
}

// polygamma checks derivatives of digamma at points where they are known, with the recurrence
// and the reflection that define them elsewhere.
func (s *suite) polygamma() {
	const gamma, zeta3, pi = 0.57721566490153286060651209, 1.2020569031595942853997381615, math.Pi
	known := []struct{ x, n, want float64 }{
		{1, 0, -gamma}, {0.5, 0, -gamma - 2*math.Ln2}, {2, 0, 1 - gamma}, {-0.5, 0, 2 - gamma - 2*math.Ln2},
		{0.25, 0, -gamma - pi/2 - 3*math.Ln2}, {1, 1, pi * pi / 6}, {0.5, 1, pi * pi / 2}, {-0.5, 1, pi*pi/2 + 4},
		{1, 2, -2 * zeta3}, {0.5, 2, -14 * zeta3}, {-0.5, 2, 16 - 14*zeta3}, {1, 3, pi * pi * pi * pi / 15},
		{-1.5, 3, pi*pi*pi*pi + 96 + 6/math.Pow(1.5, 4)}, {0, 0, math.Inf(-1)}, {-2, 0, math.NaN()}, {-2, 1, math.Inf(1)},
		{math.Inf(1), 0, math.Inf(1)}, {math.Inf(1), 1, 0}, {1, 0.5, math.NaN()}, {1e10, 1, 1.00000000005e-10}}
	for _, dt := range floats {
		sh := []int{len(known)}
		x := s.with(dt, sh, anyhow, func(i int) float64 { return known[i].x })
		n := s.with(dt, sh, anyhow, func(i int) float64 { return known[i].n })
		y := s.box(dt, sh, anyhow)
		s.dev.Binary(kernel.Polygamma, y.View, x.View, n.View)
		want := make([]float64, len(known))
		for i, k := range known {
			want[i] = k.want
		}
		s.check("polygamma", y, want, 30)
	}
	at := func(x, n float64) float64 {
		a, b, y := s.with(kernel.Float64, []int{1}, flat, func(int) float64 { return x }),
			s.with(kernel.Float64, []int{1}, flat, func(int) float64 { return n }), s.box(kernel.Float64, []int{1}, flat)
		s.dev.Binary(kernel.Polygamma, y.View, a.View, b.View)
		return y.get(0)
	}
	for range 300 {
		x, n := s.r.NormFloat64()*8, float64(s.r.IntN(6))
		step := math.Gamma(n+1) / math.Pow(x, n+1) * math.Pow(-1, n)
		a, b := at(x, n)+step, at(x+1, n)
		if scale := math.Abs(step) + math.Abs(b) + 1; math.Abs(a-b) > 1e-11*scale {
			s.Fatalf("polygamma(%v, %v) + %v is %v, want %v", n, x, step, a, b)
		}
	}
}

func (s *suite) binary() {
	for op, c := range binaries {
		for _, dt := range all {
			if !dt.IsFloat() && !c.ints || dt == kernel.Bool && !op.IsCompare() {
				continue
			}
			for i := range rounds {
				sh := s.shape()
				if i == 0 {
					sh = []int{70001} // threads
				}
				a, b := s.random(dt, sh, anyhow, s.some(sh)...), s.random(dt, sh, anyhow, s.some(sh)...)
				to := dt
				if op.IsCompare() {
					to = kernel.Bool
				}
				y := s.box(to, sh, anyhow)
				s.dev.Binary(op, y.View, a.View, b.View)
				want := a.values()
				for i, v := range want {
					want[i] = c.f(v, b.get(i))
				}
				ulps := c.ulps
				if dt == kernel.Float64 && ulps > 0 {
					ulps += 2
				}
				s.check(label(op, dt), y, want, ulps)
				a, b, y = s.clone(a, flat), s.clone(b, flat), s.box(to, sh, flat)
				s.dev.BinaryRun(op, dt, y.P, a.P, b.P, y.Size())
				s.check(label(op, dt)+" of a run", y, want, ulps)
			}
		}
	}
	for range rounds {
		sh := s.shape()
		a, b := s.random(kernel.Bool, sh, anyhow), s.random(kernel.Bool, sh, anyhow)
		y, z := s.box(kernel.Bool, sh, anyhow), s.box(kernel.Bool, sh, anyhow)
		s.dev.Binary(kernel.And, y.View, a.View, b.View)
		s.dev.Binary(kernel.Or, z.View, a.View, b.View)
		and, or := a.values(), a.values()
		for i := range and {
			and[i] = and[i] * b.get(i)
			or[i] = max(or[i], b.get(i))
		}
		s.check("and", y, and, 0)
		s.check("or", z, or, 0)
	}
	for _, dt := range []kernel.DType{kernel.Int32, kernel.Int64} {
		a := s.with(dt, []int{6}, flat, func(i int) float64 { return []float64{2, -3, 0, 5, -1, 7}[i] })
		b := s.with(dt, []int{6}, flat, func(i int) float64 { return []float64{10, 3, 0, 1, 9, -2}[i] })
		y := s.box(dt, []int{6}, flat)
		s.dev.Binary(kernel.Pow, y.View, a.View, b.View)
		s.check("pow", y, []float64{1024, -27, 1, 5, -1, 0}, 0)
	}
}

// special feeds NaN, infinities, signed zeros and subnormal numbers.
func (s *suite) special() {
	nan, inf := math.NaN(), math.Inf(1)
	for _, dt := range floats {
		odd := []float64{nan, inf, -inf, 0, math.Copysign(0, -1), 1, -1, 1e-40, -1e-40, 88, -88, 1e30, -1e30, 0.5, 104, -104}
		n := len(odd) * len(odd)
		a := s.with(dt, []int{n}, flat, func(i int) float64 { return odd[i/len(odd)] })
		b := s.with(dt, []int{n}, flat, func(i int) float64 { return odd[i%len(odd)] })
		for op, c := range unaries {
			y := s.box(dt, []int{n}, flat)
			s.dev.Unary(op, y.View, a.View)
			want := a.values()
			for i, v := range want {
				want[i] = c.f(v)
			}
			if op == kernel.Sin || op == kernel.Cos {
				continue // huge arguments: only that nothing breaks
			}
			s.check(label(op, dt), y, want, c.ulps)
		}
		for op, c := range binaries {
			to := dt
			if op.IsCompare() {
				to = kernel.Bool
			}
			y := s.box(to, []int{n}, flat)
			s.dev.Binary(op, y.View, a.View, b.View)
			if op == kernel.TanhGrad || op == kernel.SigmoidGrad || op >= kernel.GELUGrad {
				continue // intermediate overflow may differ
			}
			want := a.values()
			for i, v := range want {
				want[i] = c.f(v, b.get(i))
			}
			s.check(label(op, dt), y, want, c.ulps)
		}
		for _, op := range []kernel.ReduceOp{kernel.ReduceMax, kernel.ReduceMin} {
			for _, n := range []int{1, 5, 37, 200} {
				for _, at := range []int{0, n / 2, n - 1} {
					x := s.random(dt, []int{n, 3}, anyhow)
					x.set(at*3+1, nan)
					y, arg := s.box(dt, []int{1, 3}, flat), s.box(kernel.Int64, []int{1, 3}, flat)
					s.dev.Reduce(op, y.View, x.View)
					s.dev.ArgReduce(op, arg.View, x.View, 0)
					if v := y.values(); v[1] == v[1] || v[0] != v[0] || v[2] != v[2] {
						s.Fatalf("maximum or minimum with a NaN is %v", v)
					}
					if arg.get(1) != float64(at) {
						s.Fatalf("a NaN at %d: argument is %v", at, arg.get(1))
					}
				}
			}
		}
	}
}

// inPlace lets the result be the very view of an operand.
func (s *suite) inPlace() {
	for _, dt := range floats {
		for _, l := range []layout{flat, permuted, spaced, reversed} {
			for op, c := range unaries {
				x := s.random(dt, []int{7, 33}, l)
				want := x.values()
				for i, v := range want {
					want[i] = c.f(v)
				}
				s.dev.Unary(op, x.View, x.View)
				s.check(label(op, dt), x, want, c.ulps)
			}
			for op, c := range binaries {
				if op.IsCompare() || op == kernel.Pow {
					continue
				}
				for side := range 3 {
					x, o := s.random(dt, []int{7, 33}, l), s.random(dt, []int{7, 33}, anyhow)
					a, b := x, o
					if side == 1 {
						a, b = o, x
					} else if side == 2 {
						b = x
					}
					want := a.values()
					for i, v := range want {
						want[i] = c.f(v, b.get(i))
					}
					s.dev.Binary(op, x.View, a.View, b.View)
					s.check(label(op, dt), x, want, 2*c.ulps+2*truth(c.ulps > 0))
				}
			}
			x := s.random(dt, []int{9, 21}, l)
			y := s.clone(x, flat)
			z := s.clone(x, flat)
			s.dev.Softmax(y.View, x.View, false)
			s.dev.Softmax(x.View, x.View, false)
			s.check("softmax in place", x, y.values(), 0)
			s.dev.Dropout(y.View, z.View, 0.5, 3)
			s.dev.Dropout(z.View, z.View, 0.5, 3)
			s.check("dropout in place", z, y.values(), 0)
			s.dev.Affine(z.View, z.View, 3, 1)
		}
	}
}

func (s *suite) addScaled() {
	for _, dt := range numbers {
		for range rounds {
			sh := s.shape()
			x, y := s.random(dt, sh, anyhow, s.some(sh)...), s.random(dt, sh, anyhow)
			want := y.values()
			for i := range want {
				want[i] += 3 * x.get(i)
			}
			s.dev.AddScaled(y.View, x.View, 3)
			s.check("add scaled", y, want, 8)
		}
	}
}

func (s *suite) chains() {
	for _, dt := range floats {
		for range rounds {
			sh := s.shape()
			x, a, b := s.random(dt, sh, anyhow, s.some(sh)...), s.random(dt, sh, anyhow, s.some(sh)...), s.random(dt, sh, anyhow)
			y := s.box(dt, sh, anyhow)
			s.dev.MulAdd(y.View, x.View, a.View, b.View, 0.5)
			want := x.values()
			for i := range want {
				want[i] += 0.5 * round(dt, a.get(i)*b.get(i))
			}
			s.check("multiply and add", y, want, 0)
			for _, f := range []kernel.UnaryOp{kernel.ReLU, kernel.Tanh, kernel.GELU} {
				s.dev.Chain(f, kernel.Add, y.View, x.View, a.View)
				for i := range want {
					want[i] = unaries[f].f(round(dt, x.get(i)+a.get(i)))
				}
				s.check(label(f, dt)+" of a sum", y, want, unaries[f].ulps)
			}
		}
	}
	x, a, y := s.random(kernel.Float32, []int{70001}, flat), s.random(kernel.Float32, []int{70001}, flat), s.box(kernel.Float32, []int{70001}, flat)
	s.dev.Chain(kernel.ReLU, kernel.Mul, y.View, x.View, a.View)
	want := x.values()
	for i := range want {
		want[i] = max(0, round(kernel.Float32, want[i]*a.get(i)))
	}
	s.check("relu of a product", y, want, 0)
}
