package rng

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// MultiNormal fills dst, vectors one after the other, with numbers of the normal distribution
// with the given mean and covariance L L', l being the factor L that [Cholesky] makes.
func (m *MT) MultiNormal(dst []float32, mean, l []float64) {
	d := len(mean)
	z := make([]float64, d)
	for ; len(dst) > 0; dst = dst[d:] {
		for i := range z {
			z[i] = m.Norm()
			sum := mean[i]
			for j, v := range z[:i+1] {
				sum += l[i*d+j] * v
			}
			dst[i] = float32(sum)
		}
	}
}

// Cholesky replaces a d x d matrix by the lower triangle of its Cholesky factor, and says whether there is
// one. A pivot that is zero within rounding leaves a column of zeros.
func Cholesky(a []float64, d int) bool {
	top := 0.0
	for i := range d {
		top = max(top, math.Abs(a[i*d+i]))
		for j := range i {
			if s := math.Abs(a[i*d+j]) + math.Abs(a[j*d+i]); !(math.Abs(a[i*d+j]-a[j*d+i]) <= 1e-5*s) {
				return false
			}
		}
	}
	tiny := 1e-6 * top // float32 covariances are rounded
	for j := range d {
		for i := j; i < d; i++ {
			s := a[i*d+j]
			for k := range j {
				s -= a[i*d+k] * a[j*d+k]
			}
			switch pivot := a[j*d+j]; {
			case i == j && !(s >= -tiny) || s-s != 0:
				return false
			case i == j && s > tiny*1e-4:
				s = math.Sqrt(s)
			case i == j:
				s = 0
			case pivot == 0 && math.Abs(s) > 1e-3*top:
				return false
			case pivot == 0:
				s = 0
			default:
				s /= pivot
			}
			a[i*d+j] = s
		}
	}
	return true
}

// Choice fills dst with numbers of 0 ... n-1, again and again the same (replace) or each at most once,
// with the probabilities p, nil for equal ones. There must be enough of them.
func (m *MT) Choice(dst []int64, n int, replace bool, p []float64) {
	switch {
	case replace && p == nil:
		for i := range dst {
			dst[i] = int64(m.Intn(n))
		}
	case replace:
		sums, sum := make([]float64, n), 0.0
		for k, v := range p {
			sum += v
			sums[k] = sum
		}
		for i := range dst {
			u := m.Float64() * sum
			dst[i] = int64(sort.Search(n-1, func(k int) bool { return sums[k] > u }))
		}
	case p == nil: // the first steps of a shuffle of 0 ... n-1
		moved := map[int]int{}
		at := func(i int) int {
			if k, ok := moved[i]; ok {
				return k
			}
			return i
		}
		for i := range dst {
			j := i + m.Intn(n-i)
			dst[i] = int64(at(j))
			moved[j] = at(i)
		}
	default: // clocks that ring at the rates p: their order is that of draws one after the other
		ring, order := make([]float64, n), make([]int64, n)
		for k, v := range p {
			ring[k], order[k] = math.Log(m.Exp())-math.Log(v), int64(k)
		}
		slices.SortStableFunc(order, func(i, j int64) int { return cmp.Compare(ring[i], ring[j]) })
		copy(dst, order)
	}
}
