package random

import (
	"fmt"
	"math"

	"github.com/fathom-ml/fathom/internal/rng"
	"github.com/fathom-ml/fathom/tensor"
)

// Names and parameters are NumPy's. The numbers are drawn in float64 and rounded to float32; what is
// too large for it becomes infinite.

// fill draws float32 numbers one after the other. It panics unless ok, with the parameters in the message.
func (r *Rand) fill(op string, ok bool, params []float64, shape []int, draw func(m *rng.MT) float64) *tensor.Tensor {
	check(op, ok, params)
	x := empty(op, tensor.Float32, shape)
	d := tensor.Data[float32](x)
	r.stream.With(func(m *rng.MT) {
		for i := range d {
			d[i] = float32(draw(m))
		}
	})
	return x
}

// check panics if a distribution does not have these parameters.
func check(op string, ok bool, params []float64) {
	if !ok {
		tensor.Misuse(op, fmt.Sprintf("no distribution has the parameters %v", params), "")
	}
}

func positive(xs ...float64) bool {
	for _, x := range xs {
		if !(x > 0) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}

func finite(x float64) bool { return x-x == 0 }

// Randn returns Normal(0, 1, shape...).
func (r *Rand) Randn(shape ...int) *tensor.Tensor { return r.Normal(0, 1, shape...) }

// Random returns Uniform(0, 1, shape...).
func (r *Rand) Random(shape ...int) *tensor.Tensor { return r.Uniform(0, 1, shape...) }

// NormalOf returns one normal number for each pair of a mean and a standard deviation, whose shapes
// broadcast, in their dtype. It is a draw: no gradient flows into mu and sigma. It panics if one of sigma is negative.
func (r *Rand) NormalOf(mu, sigma *tensor.Tensor) *tensor.Tensor {
	mu, sigma = mu.Detach(), sigma.Detach()
	for _, v := range sigma.Float64s() {
		check("normalOf", v >= 0, []float64{v})
	}
	return mu.Add(sigma.Mul(r.Normal(0, 1, mu.Add(sigma).Shape()...)))
}

// Exponential returns numbers of density exp(-x/scale)/scale, x > 0. PyTorch's rate is 1/scale.
func (r *Rand) Exponential(scale float64, shape ...int) *tensor.Tensor {
	return r.fill("exponential", positive(scale), []float64{scale}, shape, func(m *rng.MT) float64 { return scale * m.Exp() })
}

// Gamma returns numbers of density x^(k-1) exp(-x/scale) / (Gamma(k) scale^k), x > 0. PyTorch's rate is 1/scale.
func (r *Rand) Gamma(k, scale float64, shape ...int) *tensor.Tensor {
	return r.fill("gamma", positive(k, scale), []float64{k, scale}, shape, func(m *rng.MT) float64 { return scale * m.Gamma(k) })
}

// ChiSquare returns sums of squares of df standard normal numbers; df may be a fraction.
func (r *Rand) ChiSquare(df float64, shape ...int) *tensor.Tensor {
	return r.fill("chiSquare", positive(df), []float64{df}, shape, func(m *rng.MT) float64 { return 2 * m.Gamma(df/2) })
}

// Beta returns numbers of density proportional to x^(a-1) (1-x)^(b-1), 0 < x < 1.
func (r *Rand) Beta(a, b float64, shape ...int) *tensor.Tensor {
	alpha, p := []float64{a, b}, make([]float64, 2)
	return r.fill("beta", positive(a, b), alpha, shape, func(m *rng.MT) float64 {
		m.Dirichlet(p, alpha)
		return p[0]
	})
}

// Dirichlet returns points p of the simplex (each coordinate at least 0, the sum 1), of density
// proportional to the product of p[i]^(alpha[i]-1): the axes of size, then one of length len(alpha).
func (r *Rand) Dirichlet(alpha []float64, size ...int) *tensor.Tensor {
	check("dirichlet", len(alpha) > 0 && positive(alpha...), alpha)
	x := empty("dirichlet", tensor.Float32, append(size[:len(size):len(size)], len(alpha)))
	d, p := tensor.Data[float32](x), make([]float64, len(alpha))
	r.stream.With(func(m *rng.MT) {
		for i := 0; i < len(d); i += len(p) {
			m.Dirichlet(p, alpha)
			for k, v := range p {
				d[i+k] = float32(v)
			}
		}
	})
	return x
}

// Laplace returns numbers of density exp(-|x-mu|/b) / 2b.
func (r *Rand) Laplace(mu, b float64, shape ...int) *tensor.Tensor {
	return r.fill("laplace", finite(mu) && positive(b), []float64{mu, b}, shape, func(m *rng.MT) float64 {
		return mu + math.Copysign(b*m.Exp(), m.Float64()-0.5)
	})
}

// Gumbel returns numbers whose distribution function is exp(-exp(-(x-mu)/beta)).
func (r *Rand) Gumbel(mu, beta float64, shape ...int) *tensor.Tensor {
	return r.fill("gumbel", finite(mu) && positive(beta), []float64{mu, beta}, shape, func(m *rng.MT) float64 {
		return mu - beta*math.Log(m.Exp())
	})
}

// Logistic returns numbers whose distribution function is sigmoid((x-mu)/s).
func (r *Rand) Logistic(mu, s float64, shape ...int) *tensor.Tensor {
	return r.fill("logistic", finite(mu) && positive(s), []float64{mu, s}, shape, func(m *rng.MT) float64 {
		return mu + s*(math.Log(m.Exp())-math.Log(m.Exp())) // the difference of two Gumbel numbers
	})
}

// LogNormal returns exponentials of normal numbers with mean mu and standard deviation sigma.
func (r *Rand) LogNormal(mu, sigma float64, shape ...int) *tensor.Tensor {
	return r.fill("logNormal", finite(mu) && finite(sigma) && sigma >= 0, []float64{mu, sigma}, shape, func(m *rng.MT) float64 {
		return math.Exp(mu + sigma*m.Norm())
	})
}

// Weibull returns numbers whose distribution function is 1 - exp(-x^a), x > 0, as in NumPy; PyTorch
// multiplies them by a scale.
func (r *Rand) Weibull(a float64, shape ...int) *tensor.Tensor {
	return r.fill("weibull", positive(a), []float64{a}, shape, func(m *rng.MT) float64 { return math.Pow(m.Exp(), 1/a) })
}

// Power returns numbers in [0, 1] whose distribution function is x^a.
func (r *Rand) Power(a float64, shape ...int) *tensor.Tensor {
	return r.fill("power", positive(a), []float64{a}, shape, func(m *rng.MT) float64 { return math.Exp(-m.Exp() / a) })
}

// Pareto returns numbers whose distribution function is 1 - (1+x)^-a, x > 0, as in NumPy; PyTorch adds 1 and
// multiplies by a scale.
func (r *Rand) Pareto(a float64, shape ...int) *tensor.Tensor {
	return r.fill("pareto", positive(a), []float64{a}, shape, func(m *rng.MT) float64 { return math.Expm1(m.Exp() / a) })
}

// Rayleigh returns numbers whose distribution function is 1 - exp(-(x/scale)^2 / 2), x > 0.
func (r *Rand) Rayleigh(scale float64, shape ...int) *tensor.Tensor {
	return r.fill("rayleigh", positive(scale), []float64{scale}, shape, func(m *rng.MT) float64 { return scale * math.Sqrt(2*m.Exp()) })
}

// Cauchy returns numbers of density 1 / (pi b (1 + ((x-mu)/b)^2)). They have no mean.
func (r *Rand) Cauchy(mu, b float64, shape ...int) *tensor.Tensor {
	return r.fill("cauchy", finite(mu) && positive(b), []float64{mu, b}, shape, func(m *rng.MT) float64 {
		return mu + b*math.Tan(math.Pi*(m.Float64()-0.5))
	})
}

// StudentT returns numbers of Student's distribution with df degrees of freedom: N / sqrt(ChiSquare(df)/df).
func (r *Rand) StudentT(df float64, shape ...int) *tensor.Tensor {
	return r.fill("studentT", positive(df), []float64{df}, shape, func(m *rng.MT) float64 {
		return m.Norm() * math.Exp((math.Log(df/2)-m.LogGamma(df/2))/2)
	})
}

// TruncatedNormal returns normal numbers given that they lie in [low, high], which may be infinite: the
// initialiser of PyTorch's trunc_normal_. It is exact, and as fast, far out in a tail.
func (r *Rand) TruncatedNormal(mu, sigma, low, high float64, shape ...int) *tensor.Tensor {
	a, b := (low-mu)/sigma, (high-mu)/sigma
	return r.fill("truncatedNormal", finite(mu) && positive(sigma) && a < b, []float64{mu, sigma, low, high}, shape,
		func(m *rng.MT) float64 { return min(max(mu+sigma*m.TruncNorm(a, b), low), high) })
}

// MultivariateNormal returns float32 vectors of the normal distribution with mean mu, a vector of length d, and
// covariance cov, [d, d]: the axes of size, then d. cov must be symmetric and have no negative
// eigenvalue; it may be singular.
func (r *Rand) MultivariateNormal(mu, cov *tensor.Tensor, size ...int) *tensor.Tensor {
	const op = "multivariateNormal"
	d := mu.Size()
	if mu.NDim() != 1 || cov.NDim() != 2 || cov.Shape()[0] != d || cov.Shape()[1] != d {
		tensor.Misuse(op, "wants a mean [d] and a covariance [d, d]", "", mu, cov)
	}
	mean, l := mu.Float64s(), cov.Float64s()
	if !rng.Cholesky(l, d) {
		tensor.Misuse(op, "the covariance is not symmetric and positive semidefinite", "", mu, cov)
	}
	x := empty(op, tensor.Float32, append(size[:len(size):len(size)], d))
	r.stream.With(func(m *rng.MT) { m.MultiNormal(tensor.Data[float32](x), mean, l) })
	return x
}
