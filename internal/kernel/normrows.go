package kernel

import (
	"math"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/norm"
	"github.com/fathom-ml/fathom/internal/pool"
)

// This file normalises groups of neighbours: the rows of layer normalisation, the groups of
// channels of group normalisation. Group r is row r of a matrix; its numbers belong to the
// channels of part r mod Groups, m to each.

// normParts is into how many parts the groups are cut, at most, whose gradients of gamma and
// beta are summed apart and then in order.
const normParts = 16

// width is the length of a group.
func (f *norming[T]) width() int { return f.c / f.Groups * f.m }

// groups is their number.
func (f *norming[T]) groups() int { return f.n * f.Groups }

// next is the part of an image that the group after one of the given part is.
func (f *norming[T]) next(part int) int {
	if part+1 == f.Groups {
		return 0
	}
	return part + 1
}

// borrowed is n numbers, not cleared, and the function that gives them back.
func borrowed[T any](n int) ([]T, func()) {
	var z T
	p, class := pool.Buffers.Get(n * int(unsafe.Sizeof(z)))
	return vecOf[T](p, n), func() { pool.Buffers.Put(p, class) }
}

// perColumn is a factor for each number of an image, from one a channel, and the function that
// gives it back.
func (f *norming[T]) perColumn(v []T, absent T) ([]T, func()) {
	if v != nil && f.m == 1 {
		return v, func() {}
	}
	w, back := borrowed[T](f.c * f.m)
	eachColumn(w, f.m, 0, func(c int) T { return factor(v, c, absent) })
	return w, back
}

func (f *norming[T]) rows() {
	w := f.width()
	var gamma, beta []T
	if f.m < normRun {
		var back [2]func()
		gamma, back[0] = f.perColumn(f.gamma, 1)
		beta, back[1] = f.perColumn(f.beta, 0)
		defer back[0]()
		defer back[1]()
	}
	pool.For(f.groups(), max(1, grainCheap/w), func(lo, hi int) {
		for r, part := lo, lo%f.Groups; r < hi; r, part = r+1, f.next(part) {
			x, y := f.x[r*w:(r+1)*w], f.y[r*w:(r+1)*w]
			first := part * w // of the image
			if f.m < normRun && !f.Given && !f.RMS {
				f.mean[r], f.variance[r] = norm.Row(y, x, gamma[first:first+w], beta[first:first+w], f.Eps)
				continue
			}
			if !f.Given {
				f.rowStats(r, x)
			}
			if f.m < normRun {
				norm.RowApply(y, x, gamma[first:first+w], beta[first:first+w], f.mean[r], T(f.scale(r)))
				continue
			}
			for o := 0; o < w; o += f.m {
				c := (first + o) / f.m
				scale := T(f.scale(r) * float64(factor(f.gamma, c, 1)))
				norm.Center(y[o:o+f.m], x[o:o+f.m], f.mean[r], scale, factor(f.beta, c, 0))
			}
		}
	})
}

// rowStats finds mean and variance of group r: two passes over a row that is in the cache.
func (f *norming[T]) rowStats(r int, x []T) {
	var shift T
	if !f.RMS {
		s, _ := norm.Moments(x, 0)
		shift = T(s / float64(len(x)))
	}
	s, q := norm.Moments(x, shift)
	if f.RMS {
		s = 0
	}
	f.settle(r, float64(shift), s, q, float64(len(x)))
}

func (f *norming[T]) rowsGrad() {
	if f.m >= normRun {
		f.runsGrad()
		return
	}
	w, all, image := f.width(), f.groups(), f.c*f.m
	parts := max(1, min(normParts, all/64))
	gamma, back := f.perColumn(f.gamma, 1)
	defer back()
	sums, back := borrowed[T](parts * 2 * image) // of gamma, then of beta
	defer back()
	clear(sums)
	inv := 1 / float64(w)
	pool.For(parts, max(1, grainCheap*parts/(all*w)), func(lo, hi int) {
		for p := lo; p < hi; p++ {
			dgamma, dbeta := sums[2*p*image:(2*p+1)*image], sums[(2*p+1)*image:(2*p+2)*image]
			first := p * all / parts
			for r, part := first, first%f.Groups; r < (p+1)*all/parts; r, part = r+1, f.next(part) {
				x, dy := f.x[r*w:(r+1)*w], f.g[r*w:(r+1)*w]
				k := part * w
				g := gamma[k : k+w]
				root := math.Sqrt(float64(f.variance[r]) + f.Eps)
				scale := 1 / root
				s, q := norm.RowDots(dy, x, g, dgamma[k:k+w], dbeta[k:k+w], f.mean[r], T(scale))
				if f.dx != nil {
					b, c := f.coefficients(scale, s*inv, q*inv*root)
					norm.RowBack(f.dx[r*w:(r+1)*w], dy, x, g, f.mean[r], T(scale), T(b), T(c))
				}
			}
		}
	})
	for c := range f.c {
		var dgamma, dbeta float64
		for p := range parts {
			part := sums[2*p*image : (2*p+2)*image]
			dgamma += total(part[c*f.m : (c+1)*f.m])
			dbeta += total(part[image+c*f.m : image+(c+1)*f.m])
		}
		f.noteGrads(c, dbeta, dgamma)
	}
}

// runsGrad is rowsGrad where each channel is a run of its own.
func (f *norming[T]) runsGrad() {
	w := f.width()
	per := f.c / f.Groups
	sums, back := borrowed[[2]float64](f.n * f.c) // of dy and of dy*(x-mean)*scale, for each run
	defer back()
	pool.For(f.groups(), max(1, grainCheap/w), func(lo, hi int) {
		for r := lo; r < hi; r++ {
			first, scale := r%f.Groups*per, f.scale(r)
			var s, q float64
			for k := range per {
				i := r*per + k
				a, b := norm.Dots(f.g[i*f.m:(i+1)*f.m], f.x[i*f.m:(i+1)*f.m], f.mean[r])
				sums[i] = [2]float64{a, b * scale}
				gamma := float64(factor(f.gamma, first+k, 1))
				s, q = s+a*gamma, q+b*gamma
			}
			if f.dx == nil {
				continue
			}
			b, c := f.coefficients(scale, s/float64(w), q/float64(w))
			for k := range per {
				i := r*per + k
				gamma := float64(factor(f.gamma, first+k, 1))
				norm.Back(f.dx[i*f.m:(i+1)*f.m], f.g[i*f.m:(i+1)*f.m], f.x[i*f.m:(i+1)*f.m], f.mean[r], T(scale*gamma), T(b), T(c))
			}
		}
	})
	for c := range f.c {
		var dbeta, dgamma float64
		for i := range f.n {
			dbeta += sums[i*f.c+c][0]
			dgamma += sums[i*f.c+c][1]
		}
		f.noteGrads(c, dbeta, dgamma)
	}
}
