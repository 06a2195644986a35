package rng

import "math"

// The draws of this file take numbers of Float64 from the stream, as many as
// they need, and keep nothing back between calls.

// open returns a uniform number in (0, 1).
func (m *MT) open() float64 {
	for {
		if u := m.Float64(); u > 0 {
			return u
		}
	}
}

// Exp returns a number of the exponential distribution with mean 1; it is above 0.
func (m *MT) Exp() float64 { return -math.Log(m.open()) }

// Norm returns a number of N(0, 1) in float64, by Marsaglia's polar method.
func (m *MT) Norm() float64 {
	for {
		x, y := 2*m.Float64()-1, 2*m.Float64()-1
		if r := float64(x*x) + float64(y*y); r > 0 && r < 1 {
			return y * math.Sqrt(-2*math.Log(r)/r)
		}
	}
}

// LogGamma returns the logarithm of a number of the gamma distribution with
// shape a > 0 and scale 1, by the method of Marsaglia and Tsang ("A simple
// method for generating gamma variables", 2000). Below shape 1 it draws with
// shape a+1 and adds ln(u)/a; the logarithm keeps what would underflow.
func (m *MT) LogGamma(a float64) float64 {
	if a < 1 {
		return m.LogGamma(a+1) - m.Exp()/a
	}
	d := a - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := m.Norm()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		lv := 3 * math.Log(v)
		if math.Log(m.open()) < 0.5*x*x+d*(1-v*v*v+lv) {
			return math.Log(d) + lv
		}
	}
}

// Gamma returns a number of the gamma distribution with shape a > 0 and scale 1.
func (m *MT) Gamma(a float64) float64 { return math.Exp(m.LogGamma(a)) }

// Dirichlet fills dst with a point of the simplex, of the Dirichlet
// distribution with the weights alpha, all above 0. If all gamma numbers are too
// small for float64, one coordinate is 1, as in the limit.
func (m *MT) Dirichlet(dst, alpha []float64) {
	high := math.Inf(-1)
	for i, a := range alpha {
		dst[i] = m.LogGamma(a)
		high = max(high, dst[i])
	}
	if math.IsInf(high, -1) {
		clear(dst)
		best, low := 0, math.Inf(1)
		for i, a := range alpha { // the first of exponential clocks with the rates alpha
			if t := math.Log(m.Exp()) - math.Log(a); t < low {
				best, low = i, t
			}
		}
		dst[best] = 1
		return
	}
	sum := 0.0
	for i, v := range dst {
		dst[i] = math.Exp(v - high)
		sum += dst[i]
	}
	for i := range dst {
		dst[i] /= sum
	}
}

// Poisson returns a number of the Poisson distribution with mean mu >= 0: below
// 10 by inversion, above by transformed rejection with squeeze (PTRS; Hoermann,
// "The transformed rejection method for generating Poisson random variables", 1993).
// A count that does not fit is the largest int64.
func (m *MT) Poisson(mu float64) int64 {
	if mu < 10 {
		return m.invert(math.Exp(-mu), func(k float64) float64 { return mu / k })
	}
	b := 0.931 + 2.53*math.Sqrt(mu)
	alpha := 1 / (1.1239 + 1.1328/(b-3.4))
	return m.transformed(mu+0.43, -0.059+0.02483*b, b, 0.9277-3.6224/(b-2), math.Inf(1), func(k float64) float64 {
		return logPoisson(k, mu) + math.Log(alpha)
	})
}

// Binomial returns how many of n >= 0 trials succeed, each with probability p:
// below 10 expected successes by inversion, above by transformed rejection
// (BTRS; Hoermann, "The generation of binomial random variates", 1993).
func (m *MT) Binomial(n int64, p float64) int64 {
	if p > 0.5 {
		return n - m.Binomial(n, 1-p)
	}
	N, q := float64(n), 1-p
	if N*p < 10 {
		k := m.invert(math.Exp(N*math.Log1p(-p)), func(k float64) float64 { return (N - k + 1) / k * (p / q) })
		return min(k, n)
	}
	s := math.Sqrt(N * p * q)
	b := 1.15 + 2.53*s
	alpha := (2.83 + 5.1/b) * s
	mode := logBinomial(math.Floor((N+1)*p), N, p)
	k := m.transformed(N*p+0.5, -0.0873+0.0248*b+0.01*p, b, 0.92-4.2/b, N, func(k float64) float64 {
		return logBinomial(k, N, p) - mode - math.Log(alpha)
	})
	return min(k, n)
}

// invert draws by inversion: p is the probability of 0, and that of k is ratio(k) times that of k-1.
func (m *MT) invert(p0 float64, ratio func(k float64) float64) int64 {
	for {
		u, p := m.Float64(), p0
		for k := 0.0; k < 200; k++ { // no count that is drawn so comes near
			if u < p {
				return int64(k)
			}
			u -= p
			p *= ratio(k + 1)
		}
	}
}

// transformed draws a count of 0 ... top by transformed rejection with the hat's
// constants: centre c, a, b, and the squeeze vr. It accepts k where
// ln(V / (a/us^2 + b)) <= logp(k).
func (m *MT) transformed(c, a, b, vr, top float64, logp func(k float64) float64) int64 {
	for {
		u, v := m.Float64()-0.5, m.Float64()
		us := 0.5 - math.Abs(u)
		k := math.Floor((2*a/us+b)*u + c)
		if !(k >= 0 && k <= top) {
			continue
		}
		if us >= 0.07 && v <= vr || math.Log(v/(a/(us*us)+b)) <= logp(k) {
			if k >= 1<<63 {
				return math.MaxInt64
			}
			return int64(k)
		}
	}
}

// logPoisson is ln(mu^k e^-mu / k!), without cancellation for large mu (Loader, "Fast and accurate
// computation of binomial probabilities", 2000).
func logPoisson(k, mu float64) float64 {
	if k == 0 {
		return -mu
	}
	return -stirling(k) - deviance(k, mu) - 0.5*math.Log(2*math.Pi*k)
}

// logBinomial is ln(C(n, k) p^k (1-p)^(n-k)), for 0 < p < 1.
func logBinomial(k, n, p float64) float64 {
	switch k {
	case 0:
		return n * math.Log1p(-p)
	case n:
		return n * math.Log(p)
	}
	return stirling(n) - stirling(k) - stirling(n-k) - deviance(k, n*p) - deviance(n-k, n*(1-p)) +
		0.5*(math.Log(n/k)-math.Log(2*math.Pi*(n-k)))
}

// stirling is the error of Stirling's formula: ln k! - ln(sqrt(2 pi k) (k/e)^k).
func stirling(k float64) float64 {
	if k < 16 {
		l, _ := math.Lgamma(k + 1)
		return l - (k+0.5)*math.Log(k) + k - 0.5*math.Log(2*math.Pi)
	}
	r := 1 / (k * k)
	return (1./12 - r*(1./360-r*(1./1260-r/1680))) / k
}

// deviance is x ln(x/y) + y - x, by a series where x is near y.
func deviance(x, y float64) float64 {
	d := x - y
	v := d / (x + y)
	if math.Abs(v) >= 0.1 {
		return x*math.Log(x/y) - d
	}
	sum, term := d*v, 2*x*v
	for j := 3.0; j < 100; j += 2 {
		term *= v * v
		if next := sum + term/j; next != sum {
			sum = next
			continue
		}
		break
	}
	return sum
}

// Geometric returns how many trials it takes to succeed, each with probability
// p in (0, 1]: 1 or more; the largest int64 if that is not enough.
func (m *MT) Geometric(p float64) int64 {
	k := math.Ceil(-m.Exp() / math.Log1p(-p))
	if k >= 1<<63 {
		return math.MaxInt64
	}
	return max(1, int64(k))
}

// TruncNorm returns a number of N(0, 1) given that it lies in [a, b], a < b, by
// rejection from the normal, a uniform or a shifted exponential distribution, whichever
// fits (Robert, "Simulation of truncated normal variables", 1995).
func (m *MT) TruncNorm(a, b float64) float64 {
	switch {
	case b <= 0:
		return -m.TruncNorm(-b, -a)
	case a < 0 && b-a > math.Sqrt(2*math.Pi):
		for {
			if x := m.Norm(); a <= x && x <= b {
				return x
			}
		}
	}
	near := max(a, 0) // the densest point
	h := near + math.Hypot(near, 2)
	if a < 0 || b-a <= 2*math.Sqrt(math.E)/h*math.Exp(-near/h) {
		for {
			d := m.Float64() * (b - a)
			if x := a + d; m.Exp() >= (x-near)*(x+near)/2 {
				return x
			}
		}
	}
	for { // a + an exponential number of rate h/2, thinned
		e := m.Exp() / (h / 2)
		if z := e - 2/h; a+e <= b && m.Exp() >= z*z/2 {
			return a + e
		}
	}
}
