package kerneltest

import (
	"math"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// norm holds Norm and NormGrad to their formulas.
func (s *suite) norm() {
	shapes := [][3]int{{1, 1, 1}, {5, 3, 1}, {4, 6, 5}, {3, 4, 120}, {2, 8, 300}, {300, 12, 2}, {70, 40, 1}, {3, 2, 5000}, {2, 1200, 1}, {900, 4, 9}, {0, 2, 3}}
	for i, sh := range shapes {
		for _, dt := range floats {
			for _, sp := range []kernel.Norm{{Batch: true}, {Groups: 1}, {Groups: 2}, {Groups: sh[1]}, {Groups: 1, RMS: true}, {Batch: true, Given: true}} {
				if sh[1]%max(sp.Groups, 1) == 0 {
					sp.Eps = 1e-3
					s.normCase(sp, dt, sh, i%2 == 0)
				}
			}
		}
	}
}

// normGroup is the group of number i.
func normGroup(sp kernel.Norm, sh [3]int, i int) int {
	c := i / sh[2] % sh[1]
	if sp.Batch {
		return c
	}
	return i/(sh[1]*sh[2])*sp.Groups + c/(sh[1]/sp.Groups)
}

func (s *suite) normCase(sp kernel.Norm, dt kernel.DType, sh [3]int, affine bool) {
	groups := sh[1]
	if !sp.Batch {
		groups = sh[0] * sp.Groups
	}
	centre := 3 * s.r.NormFloat64()
	x := s.with(dt, sh[:], flat, func(int) float64 { return centre + s.r.NormFloat64() })
	mean, variance := s.random(dt, []int{groups}, flat), s.with(dt, []int{groups}, flat, func(int) float64 { return 0.5 + s.r.Float64() })
	gamma, beta := s.random(dt, sh[1:2], flat), s.random(dt, sh[1:2], flat)
	g, b := gamma.View, beta.View
	if !affine {
		g, b = kernel.View{}, kernel.View{}
		for c := range sh[1] {
			gamma.set(c, 1)
			beta.set(c, 0)
		}
	}
	count := 1.0
	if groups > 0 {
		count = float64(x.Size()) / float64(groups)
	}
	m, v := make([]float64, groups), make([]float64, groups)
	if sp.Given {
		m, v = mean.values(), variance.values()
	} else {
		if !sp.RMS {
			for i := range x.off {
				m[normGroup(sp, sh, i)] += x.get(i) / count
			}
		}
		for i := range x.off {
			k := normGroup(sp, sh, i)
			v[k] += (x.get(i) - m[k]) * (x.get(i) - m[k]) / count
		}
	}
	y, dx := s.box(dt, sh[:], flat), s.box(dt, sh[:], flat)
	dy := s.random(dt, sh[:], flat)
	h, want := make([]float64, x.Size()), make([]float64, x.Size())
	sums := make([][2]float64, groups)
	dgamma, dbeta := make([]float64, sh[1]), make([]float64, sh[1])
	for i := range h {
		k, c := normGroup(sp, sh, i), i/sh[2]%sh[1]
		h[i] = (x.get(i) - m[k]) / math.Sqrt(v[k]+sp.Eps)
		want[i] = h[i]*gamma.get(c) + beta.get(c)
		dgamma[c] += dy.get(i) * h[i]
		dbeta[c] += dy.get(i)
		sums[k][0] += dy.get(i) * gamma.get(c) / count
		sums[k][1] += dy.get(i) * gamma.get(c) * h[i] / count
	}
	s.dev.Norm(sp, y.View, x.View, g, b, mean.View, variance.View)
	exact := 8.0
	if dt == kernel.Float64 {
		exact = 200 // the sums above are as rough
	}
	s.check("norm mean", mean, m, exact)
	s.check("norm variance", variance, v, 4*exact)
	s.check("norm", y, want, 400) // a small variance makes much of the rounding of x - mean
	for i := range want {
		k, c := normGroup(sp, sh, i), i/sh[2]%sh[1]
		e := sums[k]
		if sp.RMS {
			e[0] = 0
		}
		if sp.Given {
			e = [2]float64{}
		}
		want[i] = (dy.get(i)*gamma.get(c) - e[0] - h[i]*e[1]) / math.Sqrt(v[k]+sp.Eps)
	}
	dg, db := s.box(dt, sh[1:2], flat), s.box(dt, sh[1:2], flat)
	s.dev.NormGrad(sp, dx.View, dg.View, db.View, dy.View, x.View, g, mean.View, variance.View)
	size := float64(sh[0]*sh[2]) + 10
	s.check("norm grad", dx, want, 2000)
	s.check("norm grad of gamma", dg, dgamma, 40*size)
	s.check("norm grad of beta", db, dbeta, 40*size)
	// each gradient alone
	only := s.box(dt, sh[:], flat)
	s.dev.NormGrad(sp, only.View, kernel.View{}, kernel.View{}, dy.View, x.View, g, mean.View, variance.View)
	s.check("norm grad alone", only, dx.values(), 0)
	og := s.box(dt, sh[1:2], flat)
	s.dev.NormGrad(sp, kernel.View{}, og.View, kernel.View{}, dy.View, x.View, g, mean.View, variance.View)
	s.check("norm grad of gamma alone", og, dg.values(), 0)
}
