package tensor_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
)

// far fails if got is further from want than a relative tolerance.
func far(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Abs(want)) {
		t.Errorf("%s: got %.9g, want %.9g", what, got, want)
	}
}

// Folds of float32 run in float64: ten million terms cost no more than one rounding.
func TestLongFolds(t *testing.T) {
	const n = 10_000_000
	r := rand.New(rand.NewPCG(3, 4))
	x := tensor.Zeros(n)
	sum, squares := 0.0, 0.0
	for i, d := 0, tensor.Data[float32](x); i < n; i++ {
		d[i] = r.Float32()
		sum += float64(d[i])
		squares += float64(d[i]) * float64(d[i])
	}
	far(t, "sum", x.Sum().Item(), sum, 1e-7)
	far(t, "mean", x.Mean().Item(), sum/n, 2e-7)
	far(t, "columns", x.Reshape(n/5, 5).Sum(0).Sum().Item(), sum, 2e-7)
	far(t, "norm", x.Norm().Item(), math.Sqrt(squares), 2e-7)
	far(t, "running sum", x.CumSum(0).Index(-1).Item(), sum, 1e-7)
	far(t, "variance", x.Var(0).Item(), squares/n-sum/n*(sum/n), 1e-6)
}

// Numbers around a million with deviation 1: float32 holds sixteenths there, and the two-pass variance is that of the
// numbers held.
func TestVarianceAroundLargeMean(t *testing.T) {
	const n = 100_000
	r := rand.New(rand.NewPCG(5, 6))
	x := tensor.Zeros(n)
	d := tensor.Data[float32](x)
	mean, m2 := 0.0, 0.0
	for i := range d {
		d[i] = float32(1e6 + r.NormFloat64())
		mean += float64(d[i]) / n
	}
	for _, v := range d {
		m2 += (float64(v) - mean) * (float64(v) - mean)
	}
	far(t, "variance", x.Var(1).Item(), m2/(n-1), 1e-6)
	far(t, "deviation", x.Std(0).Item(), math.Sqrt(m2/n), 1e-6)
	far(t, "covariance", x.Cov(1).Item(), m2/(n-1), 1e-6)
}

func TestLargeExponents(t *testing.T) {
	for _, v := range []float64{1e4, -1e4} {
		x := tensor.Full(v, 1000)
		want := v + math.Log(1000)
		far(t, "logSumExp", x.LogSumExp().Item(), want, 1e-7)
		far(t, "logCumSumExp", x.LogCumSumExp(0).Index(-1).Item(), want, 1e-7)
	}
}

func TestHalvesKeepTheirRange(t *testing.T) {
	x := tensor.Full(300, 1000).AsType(tensor.Float16) // the sum and the squares leave the range
	for what, y := range map[string]*tensor.Tensor{
		"mean": x.Mean(), "nanMean": x.NanMean(), "median": x.Median(), "quantile": x.Quantile(0.3), "average": x.Average(tensor.Ones(1000)),
	} {
		if y.DType() != tensor.Float16 {
			t.Errorf("%s is %v", what, y.DType())
		}
		far(t, what, y.Item(), 300, 0)
	}
	far(t, "norm", x.NormP(2).Item(), 300*math.Sqrt(1000), 1e-3)
	far(t, "variance", x.Var(0).Item(), 0, 0)
}

// Third derivatives of a product with zeros, too: d³(xyz)/dx dy dz = 1.
func TestProductOfZeros(t *testing.T) {
	x := tensor.Of([]float64{0, 0, 0}).RequireGrad()
	for _, f := range []func() *tensor.Tensor{func() *tensor.Tensor { return x.Prod() }, func() *tensor.Tensor { return x.CumProd(0).Index(-1) }} {
		g := gradient(f(), x)
		h := gradient(g.Index(0), x)
		third := gradient(h.Index(1), x)
		if got := tensor.Stack(0, g.Detach(), h.Detach(), third.Detach()).Float64s(); got[8] != 1 || tensor.Of(got).Sum().Item() != 1 {
			t.Errorf("derivatives %v", got)
		}
	}
}

// A second derivative of every composite that is not an operation of its own.
func TestSecondDerivativesOfReductions(t *testing.T) {
	at := []float64{0.5, -1.25, 2, 0.75, 1.5, -0.3}
	for name, f := range map[string]func(x *tensor.Tensor) *tensor.Tensor{
		"var":          func(x *tensor.Tensor) *tensor.Tensor { return x.Var(1, 1).Square() },
		"std":          func(x *tensor.Tensor) *tensor.Tensor { return x.Std(0, 0) },
		"logSumExp":    func(x *tensor.Tensor) *tensor.Tensor { return x.LogSumExp(0) },
		"logCumSumExp": func(x *tensor.Tensor) *tensor.Tensor { return x.LogCumSumExp(1) },
		"norm2":        func(x *tensor.Tensor) *tensor.Tensor { return x.NormP(2, 1) },
		"norm3.5":      func(x *tensor.Tensor) *tensor.Tensor { return x.NormP(3.5, 0) },
		"nanMean":      func(x *tensor.Tensor) *tensor.Tensor { return x.NanMean(1).Square() },
		"quantile":     func(x *tensor.Tensor) *tensor.Tensor { return x.Quantile(0.3, 1).Square() },
		"median":       func(x *tensor.Tensor) *tensor.Tensor { return x.Median(0).Square() },
		"cumMax":       func(x *tensor.Tensor) *tensor.Tensor { y, _ := x.CumMax(0); return y.Square() },
		"max":          func(x *tensor.Tensor) *tensor.Tensor { y, _ := x.MaxWithIndex(1); return y.Square() },
		"cov":          func(x *tensor.Tensor) *tensor.Tensor { return x.Cov(1).Square() },
		"corrCoef":     func(x *tensor.Tensor) *tensor.Tensor { return x.CorrCoef().Slice(tensor.I(0), tensor.I(1)) },
		"average":      func(x *tensor.Tensor) *tensor.Tensor { return x.Average(x.Square(), 1) },
	} {
		slope := func(p []float64) (*tensor.Tensor, *tensor.Tensor) { // Σ i dy/dx_i
			x := tensor.Of(p, 2, 3).RequireGrad()
			g := gradient(f(x).Sum(), x)
			return g.Mul(tensor.Arange(1, 7).Reshape(2, 3).AsType(tensor.Float64)).Sum(), x
		}
		y, x := slope(at)
		got := gradient(y, x).Float64s()
		for i := range at {
			const h = 1e-5
			p, q := append([]float64{}, at...), append([]float64{}, at...)
			p[i], q[i] = p[i]+h, q[i]-h
			up, _ := slope(p)
			down, _ := slope(q)
			if want := (up.Item() - down.Item()) / (2 * h); math.Abs(got[i]-want) > 1e-6*(1+math.Abs(want)) {
				t.Errorf("%s, element %d: %v, finite differences %v", name, i, got[i], want)
			}
		}
	}
}

func TestMisuseOfReductions(t *testing.T) {
	x, ints := tensor.Zeros(2, 0), tensor.Of([]int{1, 2})
	for want, f := range map[string]func(){
		"var: wants floats":                   func() { ints.Var(1) },
		"std: wants floats":                   func() { ints.Std(1) },
		"normP: wants floats":                 func() { ints.NormP(2) },
		"normP: the order is NaN":             func() { x.NormP(math.NaN()) },
		"logSumExp: axis 2":                   func() { x.LogSumExp(2) },
		"median: no elements":                 func() { x.Median(1) },
		"quantile: no elements":               func() { x.Quantile(0.5) },
		"quantile: wants q between 0 and 1":   func() { tensor.Ones(2).Quantile(1.5) },
		"quantile: no interpolation is":       func() { tensor.Ones(2).Quantiles([]float64{1}, "cubic") },
		"any: axis 3":                         func() { x.AnyOver(3) },
		"argmax: no elements":                 func() { x.MaxWithIndex(1) },
		"cummin: axis 2":                      func() { x.CumMin(2) },
		"cov: wants a matrix":                 func() { tensor.Zeros(2, 2, 2).Cov(1) },
		"average: axis 5":                     func() { x.Average(tensor.Ones(2), 5) },
		"prod: an axis is named twice":        func() { x.Prod(0, -2) },
		"max: no elements to choose from":     func() { x.NormP(math.Inf(1)) },
		"logCumSumExp: wants floats":          func() { ints.LogCumSumExp(0) },
		"cumsum: wants real numbers":          func() { ints.AsType(tensor.Complex64).CumSum(0) },
		"nanMean: wants floats, got int64":    func() { ints.NanMean() },
		"corrCoef: wants floats, got int64: ": func() { ints.CorrCoef() },
	} {
		if err := tensor.Try(f); err == nil || !strings.Contains(err.Error(), strings.TrimSuffix(want, ": ")) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
