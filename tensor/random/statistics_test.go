package random

import (
	"math"
	"slices"
	"testing"
)

// Distribution functions and tests of fit, written for the tests of this package and held against SciPy below.

func normalCDF(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }

// gammaP is the regularised lower incomplete gamma function.
func gammaP(a, x float64) float64 {
	if x <= 0 {
		return 0
	}
	lg, _ := math.Lgamma(a)
	scale := math.Exp(a*math.Log(x) - x - lg)
	if x < a+1 { // a power series
		sum, term := 1/a, 1/a
		for k := 1.0; term > sum*1e-16; k++ {
			term *= x / (a + k)
			sum += term
		}
		return scale * sum
	}
	return 1 - scale*fraction(func(k float64) (float64, float64) { // a continued fraction for 1-P
		if k == 0 {
			return 1, x + 1 - a
		}
		return -k * (k - a), x + 2*k + 1 - a
	})
}

// betaP is the regularised incomplete beta function.
func betaP(a, b, x float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	case x > (a+1)/(a+b+2):
		return 1 - betaP(b, a, 1-x)
	}
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	scale := math.Exp(lab-la-lb+a*math.Log(x)+b*math.Log1p(-x)) / a
	return scale * fraction(func(k float64) (float64, float64) {
		m := math.Floor(k / 2)
		switch {
		case k == 0:
			return 1, 1
		case math.Mod(k, 2) == 0:
			return m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m)), 1
		}
		return -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1)), 1
	})
}

// fraction is the continued fraction a0 / (b0 + a1 / (b1 + ...)), from the recurrences of its convergents.
func fraction(ab func(k float64) (a, b float64)) float64 {
	p0, q0, p1, q1 := 1.0, 0.0, 0.0, 1.0
	last := math.NaN()
	for k := 0.0; k < 10000; k++ {
		a, b := ab(k)
		p0, p1 = p1, b*p1+a*p0
		q0, q1 = q1, b*q1+a*q0
		s := 1 / q1
		p0, p1, q0, q1 = p0*s, p1*s, q0*s, 1
		if math.Abs(p1-last) <= 1e-15*math.Abs(p1) {
			break
		}
		last = p1
	}
	return p1
}

func studentCDF(df, x float64) float64 {
	tail := betaP(df/2, 0.5, df/(df+x*x)) / 2
	if x > 0 {
		return 1 - tail
	}
	return tail
}

func truncatedCDF(a, b, x float64) float64 {
	if a > 0 { // in the upper tail the differences are of small numbers
		return (normalCDF(-a) - normalCDF(-x)) / (normalCDF(-a) - normalCDF(-b))
	}
	return (normalCDF(x) - normalCDF(a)) / (normalCDF(b) - normalCDF(a))
}

func logChoose(n, k float64) float64 {
	a, _ := math.Lgamma(n + 1)
	b, _ := math.Lgamma(k + 1)
	c, _ := math.Lgamma(n - k + 1)
	return a - b - c
}

func binomialPMF(n, p, k float64) float64 {
	return math.Exp(logChoose(n, k) + k*math.Log(p) + (n-k)*math.Log1p(-p))
}

func poissonPMF(mu, k float64) float64 {
	l, _ := math.Lgamma(k + 1)
	return math.Exp(k*math.Log(mu) - mu - l)
}

// kolmogorov is the probability that sqrt(n) D exceeds t.
func kolmogorov(t float64) float64 {
	if t < 0.3 {
		return 1
	}
	sum := 0.0
	for k := 1.0; k < 100; k++ {
		sum += math.Pow(-1, k-1) * math.Exp(-2*k*k*t*t)
	}
	return min(1, 2*sum)
}

// ks is the p-value of the Kolmogorov-Smirnov test that x follows cdf.
func ks(x []float64, cdf func(float64) float64) float64 {
	x = slices.Clone(x)
	slices.Sort(x)
	n, d := float64(len(x)), 0.0
	for i, v := range x {
		f := cdf(v)
		d = max(d, f-float64(i)/n, float64(i+1)/n-f)
	}
	return kolmogorov(d * (math.Sqrt(n) + 0.12 + 0.11/math.Sqrt(n)))
}

// chiSquareTest is the p-value of the chi-square test that x has the probabilities pmf(k) for k = lo ... hi and
// hardly any beside; neighbours are put together until 20 of them are expected.
func chiSquareTest(x []float64, lo, hi int, pmf func(k float64) float64) float64 {
	count := map[int]float64{}
	for _, v := range x {
		count[min(max(int(v), lo), hi)]++
	}
	n := float64(len(x))
	stat, cells, want, got := 0.0, 0.0, 0.0, 0.0
	wantLeft, gotLeft := n, n
	for k := lo; k <= hi; k++ {
		want += n * pmf(float64(k))
		got += count[k]
		if want >= 20 && wantLeft-want >= 20 {
			stat += (got - want) * (got - want) / want
			wantLeft, gotLeft = wantLeft-want, gotLeft-got
			cells++
			want, got = 0, 0
		}
	}
	stat += (gotLeft - wantLeft) * (gotLeft - wantLeft) / wantLeft
	return 1 - gammaP(cells/2, stat/2)
}

// moments returns mean, variance and skewness.
func moments(x []float64) (mean, variance, skew float64) {
	n := float64(len(x))
	for _, v := range x {
		mean += v / n
	}
	third := 0.0
	for _, v := range x {
		d := v - mean
		variance += d * d / n
		third += d * d * d / n
	}
	return mean, variance, third / math.Pow(variance, 1.5)
}

// The values are SciPy's.
func TestStatistics(t *testing.T) {
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"gammaP(0.4, 0.3)", gammaP(0.4, 0.3), 0.641490143410242},
		{"gammaP(3, 2.5)", gammaP(3, 2.5), 0.45618688411667},
		{"gammaP(120.5, 130)", gammaP(120.5, 130), 0.80890070946948},
		{"betaP(0.5, 0.5, 0.3)", betaP(0.5, 0.5, 0.3), 0.369010119565545},
		{"betaP(3, 2, 0.7)", betaP(3, 2, 0.7), 0.6517},
		{"betaP(10, 90, 0.09)", betaP(10, 90, 0.09), 0.400064534297909},
		{"studentCDF(2.5, 1.3)", studentCDF(2.5, 1.3), 0.849756605364646},
		{"studentCDF(30, -0.7)", studentCDF(30, -0.7), 0.244660221749836},
		{"1 - gammaP(10, 20)", 1 - gammaP(10, 20), 0.00499541230830758},
		{"kolmogorov(1.2)", kolmogorov(1.2), 0.112249666670725},
		{"kolmogorov(2.3)", kolmogorov(2.3), 5.08386930323977e-05},
		{"normalCDF(1.1)", normalCDF(1.1), 0.864333939053617},
		{"truncatedCDF(3, 5, 3.2)", truncatedCDF(3, 5, 3.2), 0.491074766786317},
		{"poissonPMF(9.5, 12)", poissonPMF(9.5, 12), 0.0844400965671657},
		{"binomialPMF(100, 0.3, 31)", binomialPMF(100, 0.3, 31), 0.0839843852452528},
	} {
		if !(math.Abs(c.got-c.want) <= 1e-10*c.want) {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
}
