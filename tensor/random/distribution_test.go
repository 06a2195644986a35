package random

import (
	"math"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
)

const (
	sample = 20000
	reject = 1e-4 // below this probability a fit is refused
)

var none = math.NaN() // a moment that does not exist, or is not worth a test

// checkMoments holds mean, variance and skewness of a sample against the distribution's: six standard
// errors for the mean, and for the others what they vary by in samples of light tails.
func checkMoments(t *testing.T, x []float64, mean, variance, skew float64) {
	t.Helper()
	m, v, s := moments(x)
	n := float64(len(x))
	if math.Abs(m-mean) > 6*math.Sqrt(v/n) {
		t.Errorf("mean %v, want %v", m, mean)
	}
	if math.Abs(v-variance) > 0.1*variance {
		t.Errorf("variance %v, want %v", v, variance)
	}
	if math.Abs(s-skew) > 0.1+0.1*math.Abs(skew) {
		t.Errorf("skewness %v, want %v", s, skew)
	}
}

// Every continuous distribution passes the test of Kolmogorov and Smirnov, and its sample fails that of a
// neighbour whose parameter is a little off: the test can tell them apart.
func TestContinuous(t *testing.T) {
	type cdf = func(x float64) float64
	gamma := func(k, scale float64) cdf { return func(x float64) float64 { return gammaP(k, x/scale) } }
	beta := func(a, b float64) cdf { return func(x float64) float64 { return betaP(a, b, x) } }
	normal := func(mu, sigma float64) cdf { return func(x float64) float64 { return normalCDF((x - mu) / sigma) } }
	logNormal := func(mu, sigma float64) cdf {
		return func(x float64) float64 { return normalCDF((math.Log(x) - mu) / sigma) }
	}
	uniform := func(a, b float64) cdf { return func(x float64) float64 { return min(max((x-a)/(b-a), 0), 1) } }
	laplace := func(mu, b float64) cdf {
		return func(x float64) float64 {
			tail := math.Exp(-math.Abs(x-mu)/b) / 2
			if x > mu {
				return 1 - tail
			}
			return tail
		}
	}
	gumbel := func(mu, b float64) cdf { return func(x float64) float64 { return math.Exp(-math.Exp(-(x - mu) / b)) } }
	logistic := func(mu, s float64) cdf { return func(x float64) float64 { return 1 / (1 + math.Exp(-(x-mu)/s)) } }
	weibull := func(a, scale float64) cdf {
		return func(x float64) float64 { return -math.Expm1(-math.Pow(x/scale, a)) }
	}
	pareto := func(a float64) cdf { return func(x float64) float64 { return -math.Expm1(-a * math.Log1p(x)) } }
	cauchy := func(mu, b float64) cdf { return func(x float64) float64 { return 0.5 + math.Atan((x-mu)/b)/math.Pi } }
	student := func(df, scale float64) cdf { return func(x float64) float64 { return studentCDF(df, x/scale) } }
	truncated := func(mu, sigma, low, high float64) cdf {
		return func(x float64) float64 { return truncatedCDF((low-mu)/sigma, (high-mu)/sigma, (x-mu)/sigma) }
	}
	inf := math.Inf(1)
	r := New(20)
	for _, c := range []struct {
		name                 string
		x                    *tensor.Tensor
		right, wrong         cdf
		mean, variance, skew float64
	}{
		{"normal", r.Normal(3, 2, sample), normal(3, 2), normal(3.1, 2), 3, 4, 0},
		{"randn", r.Randn(sample), normal(0, 1), normal(0, 1.1), 0, 1, 0},
		{"uniform", r.Uniform(-2, 6, sample), uniform(-2, 6), uniform(-2, 6.3), 2, 64. / 12, 0},
		{"random", r.Random(sample), uniform(0, 1), uniform(-0.03, 1), 0.5, 1. / 12, 0},
		{"exponential", r.Exponential(2, sample), gamma(1, 2), gamma(1, 2.2), 2, 4, 2},
		{"gamma 0.3", r.Gamma(0.3, 1, sample), gamma(0.3, 1), gamma(0.33, 1), 0.3, 0.3, none},
		{"gamma 1", r.Gamma(1, 3, sample), gamma(1, 3), gamma(1.1, 3), 3, 9, 2},
		{"gamma 2.5", r.Gamma(2.5, 0.5, sample), gamma(2.5, 0.5), gamma(2.7, 0.5), 1.25, 0.625, 2 / math.Sqrt(2.5)},
		{"gamma 400", r.Gamma(400, 1, sample), gamma(400, 1), gamma(402, 1), 400, 400, 0.1},
		{"gamma 1e8", r.Gamma(1e8, 1e-4, sample).SubScalar(1e4), normal(0, 1), normal(0.1, 1), none, none, none},
		{"chi-square 1", r.ChiSquare(1, sample), gamma(0.5, 2), gamma(0.55, 2), 1, 2, none},
		{"chi-square 7", r.ChiSquare(7, sample), gamma(3.5, 2), gamma(3.7, 2), 7, 14, math.Sqrt(8. / 7)},
		{"beta arc", r.Beta(0.5, 0.5, sample), beta(0.5, 0.5), beta(0.55, 0.5), 0.5, 1. / 8, 0},
		{"beta 2, 5", r.Beta(2, 5, sample), beta(2, 5), beta(2.15, 5), 2. / 7, 10. / 49 / 8, 0.5963},
		{"beta 30, 0.7", r.Beta(30, 0.7, sample), beta(30, 0.7), beta(34, 0.7), 30 / 30.7, none, none},
		{"laplace", r.Laplace(0.5, 2, sample), laplace(0.5, 2), laplace(0.5, 2.2), 0.5, 8, none},
		{"gumbel", r.Gumbel(0.5, 2, sample), gumbel(0.5, 2), gumbel(0.7, 2), 0.5 + 2*0.5772156649, math.Pi * math.Pi / 6 * 4, 1.1395},
		{"logistic", r.Logistic(0.5, 2, sample), logistic(0.5, 2), logistic(0.5, 2.2), 0.5, 4 * math.Pi * math.Pi / 3, 0},
		{"log-normal", r.LogNormal(1, 0.5, sample), logNormal(1, 0.5), logNormal(1.05, 0.5), math.Exp(1.125), none, none},
		{"weibull 0.7", r.Weibull(0.7, sample), weibull(0.7, 1), weibull(0.77, 1), math.Gamma(1 + 1/0.7), none, none},
		{"weibull 3", r.Weibull(3, sample), weibull(3, 1), weibull(3, 1.05), math.Gamma(4. / 3), math.Gamma(5./3) - math.Pow(math.Gamma(4./3), 2), 0.168},
		{"power", r.Power(3, sample), beta(3, 1), beta(3.3, 1), 0.75, 3. / 80, -0.8607},
		{"pareto", r.Pareto(3, sample), pareto(3), pareto(3.3), 0.5, none, none},
		{"rayleigh", r.Rayleigh(2, sample), weibull(2, 2*math.Sqrt2), weibull(2, 3), 2 * math.Sqrt(math.Pi/2), (4 - math.Pi) / 2 * 4, 0.631},
		{"cauchy", r.Cauchy(0.5, 2, sample), cauchy(0.5, 2), cauchy(0.7, 2), none, none, none},
		{"student 1", r.StudentT(1, sample), cauchy(0, 1), cauchy(0, 1.15), none, none, none},
		{"student 5", r.StudentT(5, sample), student(5, 1), student(5, 1.1), 0, 5. / 3, none},
		{"student 0.4", r.StudentT(0.4, sample), student(0.4, 1), student(0.33, 1), none, none, none},
		{"truncated, wide", r.TruncatedNormal(1, 2, -3, 5, sample), truncated(1, 2, -3, 5), truncated(1.15, 2, -3, 5), 1, 4 * 0.7737, 0},
		{"truncated, half", r.TruncatedNormal(0, 1, 0, inf, sample), truncated(0, 1, 0, inf), truncated(0, 1.1, 0, inf), math.Sqrt(2 / math.Pi), 1 - 2/math.Pi, 0.995},
		{"truncated, narrow", r.TruncatedNormal(0, 1, -1, 1.2, sample), truncated(0, 1, -1, 1.2), truncated(0.15, 1, -1, 1.2), none, none, none},
		{"truncated, narrow above", r.TruncatedNormal(0, 1, 2, 2.3, sample), truncated(0, 1, 2, 2.3), truncated(1, 1, 2, 2.3), none, none, none},
		{"truncated, tail", r.TruncatedNormal(0, 1, 8, inf, sample), truncated(0, 1, 8, inf), truncated(1, 1, 8, inf), none, none, none},
		{"truncated, cut tail", r.TruncatedNormal(0, 1, 2, 4, sample), truncated(0, 1, 2, 4), truncated(0.2, 1, 2, 4), none, none, none},
		{"truncated, lower tail", r.TruncatedNormal(0, 1, -inf, -3, sample).Neg(), truncated(0, 1, 3, inf), truncated(0.4, 1, 3, inf), none, none, none},
		{"dirichlet", r.Dirichlet([]float64{0.5, 2, 3}, sample).Slice(tensor.All, tensor.I(1)), beta(2, 3.5), beta(2.15, 3.5), 2 / 5.5, none, none},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := c.x.Float64s()
			if p := ks(x, c.right); p < reject {
				t.Errorf("the distribution is refused with p = %v", p)
			}
			if p := ks(x, c.wrong); p >= reject {
				t.Errorf("a wrong distribution is taken with p = %v", p)
			}
			checkMoments(t, x, c.mean, c.variance, c.skew)
		})
	}
}

// Every discrete distribution passes the chi-square test, and its sample fails that of a neighbour.
func TestDiscrete(t *testing.T) {
	type pmf = func(k float64) float64
	binomial := func(n, p float64) pmf { return func(k float64) float64 { return binomialPMF(n, p, k) } }
	poisson := func(mu float64) pmf { return func(k float64) float64 { return poissonPMF(mu, k) } }
	geometric := func(p float64) pmf { return func(k float64) float64 { return p * math.Pow(1-p, k-1) } }
	coin := func(p float64) pmf { return func(k float64) float64 { return 1 - p + k*(2*p-1) } }
	die := func(p ...float64) pmf { return func(k float64) float64 { return p[int(k)] } }
	ones := func(p float64) *tensor.Tensor { return tensor.Full(p, sample) }
	first := func(x *tensor.Tensor) *tensor.Tensor { return x.Slice(tensor.All, tensor.I(0)) }
	r := New(21)
	for _, c := range []struct {
		name                 string
		x                    *tensor.Tensor
		lo, hi               int
		right, wrong         pmf
		mean, variance, skew float64
	}{
		{"bernoulli", r.Bernoulli(0.3, sample), 0, 1, coin(0.3), coin(0.32), 0.3, 0.21, 0.4 / math.Sqrt(0.21)},
		{"bernoulli of a tensor", r.BernoulliOf(ones(0.9)), 0, 1, coin(0.9), coin(0.88), 0.9, 0.09, none},
		{"binomial 10, 0.2", r.Binomial(10, 0.2, sample), 0, 10, binomial(10, 0.2), binomial(10, 0.21), 2, 1.6, 0.6 / math.Sqrt(1.6)},
		{"binomial 20, 0.7", r.Binomial(20, 0.7, sample), 0, 20, binomial(20, 0.7), binomial(20, 0.71), 14, 4.2, -0.4 / math.Sqrt(4.2)},
		{"binomial 20, 0.5", r.Binomial(20, 0.5, sample), 0, 20, binomial(20, 0.5), binomial(20, 0.51), 10, 5, 0},
		{"binomial 40, 0.4", r.Binomial(40, 0.4, sample), 0, 40, binomial(40, 0.4), binomial(40, 0.41), 16, 9.6, none},
		{"binomial 1000, 0.03", r.Binomial(1000, 0.03, sample), 0, 90, binomial(1000, 0.03), binomial(1000, 0.031), 30, 29.1, 0.94 / math.Sqrt(29.1)},
		{"binomial 10000, 0.8", r.Binomial(10000, 0.8, sample), 7700, 8300, binomial(10000, 0.8), binomial(10000, 0.8003), 8000, 1600, none},
		{"poisson 0.5", r.Poisson(0.5, sample), 0, 20, poisson(0.5), poisson(0.53), 0.5, 0.5, 1 / math.Sqrt(0.5)},
		{"poisson 9.9", r.Poisson(9.9, sample), 0, 60, poisson(9.9), poisson(10.1), 9.9, 9.9, 1 / math.Sqrt(9.9)},
		{"poisson 10", r.Poisson(10, sample), 0, 60, poisson(10), poisson(10.2), 10, 10, 1 / math.Sqrt(10)},
		{"poisson 55", r.PoissonOf(ones(55)), 0, 130, poisson(55), poisson(55.5), 55, 55, 1 / math.Sqrt(55)},
		{"poisson 4000", r.Poisson(4000, sample), 3500, 4500, poisson(4000), poisson(4010), 4000, 4000, none},
		{"geometric 0.3", r.Geometric(0.3, sample), 1, 80, geometric(0.3), geometric(0.32), 1 / 0.3, 0.7 / 0.09, none},
		{"geometric 0.97", r.Geometric(0.97, sample), 1, 20, geometric(0.97), geometric(0.962), 1 / 0.97, none, none},
		{"randInt", r.RandInt(0, 4, sample), 0, 3, die(0.25, 0.25, 0.25, 0.25), die(0.27, 0.23, 0.25, 0.25), 1.5, 1.25, 0},
		{"choice", r.Choice(4, true, nil, sample), 0, 3, die(0.25, 0.25, 0.25, 0.25), die(0.27, 0.23, 0.25, 0.25), 1.5, 1.25, 0},
		{"choice, p", r.Choice(4, true, []float64{0.1, 0.5, 0, 0.4}, sample), 0, 3, die(0.1, 0.5, 0, 0.4), die(0.1, 0.48, 0, 0.42), 1.7, none, none},
		{"multinomial", first(r.Multinomial(10, []float64{0.3, 0.5, 0.2}, sample)), 0, 10, binomial(10, 0.3), binomial(10, 0.31), 3, 2.1, none},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := c.x.Float64s()
			if p := chiSquareTest(x, c.lo, c.hi, c.right); p < reject {
				t.Errorf("the distribution is refused with p = %v", p)
			}
			if p := chiSquareTest(x, c.lo, c.hi, c.wrong); p >= reject {
				t.Errorf("a wrong distribution is taken with p = %v", p)
			}
			checkMoments(t, x, c.mean, c.variance, c.skew)
		})
	}
}

// Choice without replacement draws as if one after the other, the rest's probabilities scaled up: each ordered
// pair of three has its probability.
func TestChoiceWithoutReplacement(t *testing.T) {
	r := New(22)
	for _, p := range [][]float64{nil, {0.2, 0.5, 0.3}} {
		pairs := make([]float64, sample)
		for i := range pairs {
			d := r.Choice(3, false, p, 2).Ints()
			pairs[i] = float64(3*d[0] + d[1])
		}
		if p == nil {
			p = []float64{1. / 3, 1. / 3, 1. / 3}
		}
		pair := func(i, j int) float64 {
			if i == j {
				return 0
			}
			return p[i] * p[j] / (1 - p[i])
		}
		fit := chiSquareTest(pairs, 0, 8, func(k float64) float64 { return pair(int(k)/3, int(k)%3) })
		wrong := chiSquareTest(pairs, 0, 8, func(k float64) float64 {
			i, j := int(k)/3, int(k)%3
			return (pair(i, j) + 0.15*pair(j, (i+j)%3)) / 1.15
		})
		if fit < reject || wrong >= reject {
			t.Errorf("p %v: fit %v, wrong %v", p, fit, wrong)
		}
	}
	if x := r.Choice(5, false, nil, 5).Float64s(); x[0]+x[1]+x[2]+x[3]+x[4] != 10 {
		t.Error(x)
	}
	if x := r.Choice(3, false, []float64{0.5, 0, 0.5}, 2).Sum().Item(); x != 2 {
		t.Error("a number without probability was drawn")
	}
	if x := r.Choice(math.MaxInt, false, nil, 3); x.Size() != 3 {
		t.Error(x)
	}
	if x := r.Choice(0, true, nil, 0); x.Size() != 0 {
		t.Error(x)
	}
}

// Along any direction a multivariate normal is normal, and its squared Mahalanobis length is chi-square.
func TestMultivariateNormal(t *testing.T) {
	cov := [][]float64{{2, 0.6, -0.3}, {0.6, 1, 0.2}, {-0.3, 0.2, 0.5}}
	mu := tensor.Of([]float64{1, -2, 0.5})
	x := New(23).MultivariateNormal(mu, tensor.Matrix(cov), sample).AsType(tensor.Float64)
	for _, w := range [][]float64{{1, 0, 0}, {0, 0, 1}, {1, -2, 0.5}, {0.3, 1, 4}} {
		variance, mean := 0.0, 0.0
		for i := range w {
			mean += w[i] * mu.At(i)
			for j := range w {
				variance += w[i] * w[j] * cov[i][j]
			}
		}
		y := x.MatMul(tensor.Of(w, 3, 1)).Float64s()
		fit := ks(y, func(v float64) float64 { return normalCDF((v - mean) / math.Sqrt(variance)) })
		wrong := ks(y, func(v float64) float64 { return normalCDF((v - mean) / math.Sqrt(1.2*variance)) })
		if fit < reject || wrong >= reject {
			t.Errorf("along %v: fit %v, wrong %v", w, fit, wrong)
		}
	}
	// a singular covariance keeps to its plane
	s := New(1).MultivariateNormal(tensor.Zeros(2), tensor.Matrix([][]float32{{1, 2}, {2, 4}}), 5)
	if d := s.Slice(tensor.All, tensor.I(1)).Sub(s.Slice(tensor.All, tensor.I(0)).MulScalar(2)).Abs().Max().Item(); d > 1e-6 {
		t.Error(s)
	}
	if s := New(1).MultivariateNormal(tensor.Ones(2), tensor.Zeros(2, 2)); !s.EqScalar(1).All() {
		t.Error(s)
	}
}

// Parameters at the ends of float64 and int64 give numbers, and at once.
func TestExtremes(t *testing.T) {
	r := New(24)
	const n = 2000
	standard := func(x *tensor.Tensor, mean, variance float64) []float64 {
		y := make([]float64, 0, n)
		for _, v := range x.Ints() {
			y = append(y, (float64(v)-mean)/math.Sqrt(variance))
		}
		return y
	}
	big := float64(1 << 50)
	for name, y := range map[string][]float64{
		"poisson":       standard(r.Poisson(1e14, n), 1e14, 1e14),
		"binomial":      standard(r.Binomial(1<<50, 0.3, n), 0.3*big, 0.21*big),
		"binomial rare": standard(r.Binomial(1<<60, 1e-8, n), 1e-8*(1<<60), 1e-8*(1<<60)),
	} {
		if p := ks(y, normalCDF); p < reject {
			t.Errorf("%s: p = %v", name, p)
		}
	}
	for name, x := range map[string]*tensor.Tensor{
		"poisson 0":       r.Poisson(0, n),
		"poisson 9e18":    r.Poisson(9e18, n),
		"binomial 0":      r.Binomial(0, 0.5, n),
		"binomial max":    r.Binomial(math.MaxInt, 0.9999, n),
		"binomial max 0":  r.Binomial(math.MaxInt, 0, n),
		"binomial max 1":  r.Binomial(math.MaxInt, 1, n),
		"binomial tiny":   r.Binomial(math.MaxInt, 1e-300, n),
		"geometric 1":     r.Geometric(1, n),
		"geometric tiny":  r.Geometric(1e-300, n),
		"gamma tiny":      r.Gamma(1e-300, 1, n),
		"gamma huge":      r.Gamma(1e300, 1e-300, n),
		"beta tiny":       r.Beta(1e-308, 3e-308, n),
		"beta huge":       r.Beta(1e300, 1e300, n),
		"beta uneven":     r.Beta(1e-300, 1e300, n),
		"dirichlet tiny":  r.Dirichlet([]float64{1e-308, 1e-308, 2e-308}, n),
		"truncated 1e8":   r.TruncatedNormal(0, 1, 1e8, math.Inf(1), n),
		"truncated 1e200": r.TruncatedNormal(0, 1, 1e200, math.Inf(1), n),
		"truncated -1e30": r.TruncatedNormal(0, 1e-10, -1e30, -1e29, n),
		"truncated thin":  r.TruncatedNormal(0, 1, 1e8, math.Nextafter(1e8, 2e8), n),
		"weibull":         r.Weibull(1e-300, n),
		"pareto":          r.Pareto(1e-300, n),
		"student":         r.StudentT(1e300, n),
	} {
		for _, v := range x.Float64s() {
			if math.IsNaN(v) || v < 0 && name != "student" && name != "truncated -1e30" {
				t.Fatalf("%s drew %v", name, v)
			}
		}
	}
	b := r.Beta(1e-308, 3e-308, n)
	if mean := b.Mean().Item(); math.Abs(mean-0.25) > 0.05 {
		t.Errorf("the limit of small weights is a coin of 1/4: %v", mean)
	}
	if x := r.Binomial(math.MaxInt, 1, 1); x.Ints()[0] != math.MaxInt {
		t.Error(x)
	}
}
