package random

import "github.com/fathom-ml/fathom/tensor"

// The distributions on the default stream. The methods of the same name say what they are.

// Randn is Normal(0, 1, shape...), NumPy's randn (2.1); see [Rand.Randn].
func Randn(shape ...int) *tensor.Tensor { return global.Randn(shape...) }

// Random is Uniform(0, 1, shape...), NumPy's random and rand (2.1); see [Rand.Random].
func Random(shape ...int) *tensor.Tensor { return global.Random(shape...) }

// NormalOf returns a normal number for each mean and standard deviation; see [Rand.NormalOf].
func NormalOf(mu, sigma *tensor.Tensor) *tensor.Tensor { return global.NormalOf(mu, sigma) }

// Exponential returns numbers of the exponential distribution with mean scale; see [Rand.Exponential].
func Exponential(scale float64, shape ...int) *tensor.Tensor {
	return global.Exponential(scale, shape...)
}

// Gamma returns numbers of the gamma distribution with shape k; see [Rand.Gamma].
func Gamma(k, scale float64, shape ...int) *tensor.Tensor { return global.Gamma(k, scale, shape...) }

// ChiSquare returns numbers of the chi-square distribution with df degrees of freedom; see [Rand.ChiSquare].
func ChiSquare(df float64, shape ...int) *tensor.Tensor { return global.ChiSquare(df, shape...) }

// Beta returns numbers of the beta distribution; see [Rand.Beta].
func Beta(a, b float64, shape ...int) *tensor.Tensor { return global.Beta(a, b, shape...) }

// Dirichlet returns points of the simplex, of the Dirichlet distribution; see [Rand.Dirichlet].
func Dirichlet(alpha []float64, size ...int) *tensor.Tensor { return global.Dirichlet(alpha, size...) }

// Laplace returns numbers of the Laplace distribution with mean mu; see [Rand.Laplace].
func Laplace(mu, b float64, shape ...int) *tensor.Tensor { return global.Laplace(mu, b, shape...) }

// Gumbel returns numbers of the Gumbel distribution with mode mu; see [Rand.Gumbel].
func Gumbel(mu, beta float64, shape ...int) *tensor.Tensor { return global.Gumbel(mu, beta, shape...) }

// Logistic returns numbers of the logistic distribution with mean mu; see [Rand.Logistic].
func Logistic(mu, s float64, shape ...int) *tensor.Tensor { return global.Logistic(mu, s, shape...) }

// LogNormal returns exponentials of normal numbers; see [Rand.LogNormal].
func LogNormal(mu, sigma float64, shape ...int) *tensor.Tensor {
	return global.LogNormal(mu, sigma, shape...)
}

// Weibull returns numbers of the Weibull distribution with shape a and scale 1; see [Rand.Weibull].
func Weibull(a float64, shape ...int) *tensor.Tensor { return global.Weibull(a, shape...) }

// Power returns numbers in [0, 1] of the power distribution; see [Rand.Power].
func Power(a float64, shape ...int) *tensor.Tensor { return global.Power(a, shape...) }

// Pareto returns numbers of the Pareto distribution, counted from 0; see [Rand.Pareto].
func Pareto(a float64, shape ...int) *tensor.Tensor { return global.Pareto(a, shape...) }

// Rayleigh returns numbers of the Rayleigh distribution; see [Rand.Rayleigh].
func Rayleigh(scale float64, shape ...int) *tensor.Tensor { return global.Rayleigh(scale, shape...) }

// Cauchy returns numbers of the Cauchy distribution with median mu; see [Rand.Cauchy].
func Cauchy(mu, b float64, shape ...int) *tensor.Tensor { return global.Cauchy(mu, b, shape...) }

// StudentT returns numbers of Student's t distribution with df degrees of freedom; see [Rand.StudentT].
func StudentT(df float64, shape ...int) *tensor.Tensor { return global.StudentT(df, shape...) }

// TruncatedNormal returns normal numbers that lie in [low, high]; see [Rand.TruncatedNormal].
func TruncatedNormal(mu, sigma, low, high float64, shape ...int) *tensor.Tensor {
	return global.TruncatedNormal(mu, sigma, low, high, shape...)
}

// MultivariateNormal returns normal vectors with mean mu and covariance cov; see [Rand.MultivariateNormal].
func MultivariateNormal(mu, cov *tensor.Tensor, size ...int) *tensor.Tensor {
	return global.MultivariateNormal(mu, cov, size...)
}

// Bernoulli returns numbers that are 1 with probability p, else 0; see [Rand.Bernoulli].
func Bernoulli(p float64, shape ...int) *tensor.Tensor { return global.Bernoulli(p, shape...) }

// BernoulliOf returns 1 or 0 for each probability of p; see [Rand.BernoulliOf].
func BernoulliOf(p *tensor.Tensor) *tensor.Tensor { return global.BernoulliOf(p) }

// Binomial returns how many of n trials succeed; see [Rand.Binomial].
func Binomial(n int, p float64, shape ...int) *tensor.Tensor { return global.Binomial(n, p, shape...) }

// Poisson returns counts of the Poisson distribution; see [Rand.Poisson].
func Poisson(mean float64, shape ...int) *tensor.Tensor { return global.Poisson(mean, shape...) }

// PoissonOf returns a count for each element of mean; see [Rand.PoissonOf].
func PoissonOf(mean *tensor.Tensor) *tensor.Tensor { return global.PoissonOf(mean) }

// Geometric returns how many trials it takes to succeed; see [Rand.Geometric].
func Geometric(p float64, shape ...int) *tensor.Tensor { return global.Geometric(p, shape...) }

// Permutation returns a copy of x with its rows in random order; see [Rand.Permutation].
func Permutation(x *tensor.Tensor) *tensor.Tensor { return global.Permutation(x) }

// Choice draws numbers of 0 ... n-1, equally likely or with the probabilities p; see [Rand.Choice].
func Choice(n int, replace bool, p []float64, shape ...int) *tensor.Tensor {
	return global.Choice(n, replace, p, shape...)
}

// Split returns n streams that do not depend on each other; see [Rand.Split].
func Split(n int) []*Rand { return global.Split(n) }
