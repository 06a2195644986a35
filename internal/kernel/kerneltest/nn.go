package kerneltest

import (
	"math"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// softmaxOf is softmax over rows of n numbers, with log(sum(exp)) of each row.
func softmaxOf(x []float64, n int) (p, lse []float64) {
	p, lse = make([]float64, len(x)), make([]float64, len(x)/n)
	for r := range lse {
		m, sum := math.Inf(-1), 0.0
		for _, v := range x[r*n : (r+1)*n] {
			m = max(m, v)
		}
		for _, v := range x[r*n : (r+1)*n] {
			sum += math.Exp(v - m)
		}
		lse[r] = m + math.Log(sum)
		for j, v := range x[r*n : (r+1)*n] {
			p[r*n+j] = math.Exp(v - lse[r])
		}
	}
	return p, lse
}

func (s *suite) softmax() {
	for i := range 6 * rounds {
		dt := floats[i%2]
		sh := append(s.shape(), 1+s.r.IntN(40))
		if i < 4 {
			sh = []int{1, 30, 1000}[i%3:]
		}
		n := sh[len(sh)-1]
		x := s.random(dt, sh, anyhow)
		if i%5 == 0 && x.Size() > 0 {
			x.set(s.r.IntN(x.Size()), 300) // must not overflow
		}
		y, dy, dx := s.box(dt, sh, anyhow), s.random(dt, sh, anyhow), s.box(dt, sh, anyhow)
		p, lse := softmaxOf(x.values(), n)
		want := make([]float64, len(p))
		for _, log := range []bool{false, true} {
			s.dev.Softmax(y.View, x.View, log)
			for i := range want {
				if want[i] = p[i]; log {
					want[i] = x.get(i) - lse[i/n]
				}
			}
			s.check("softmax", y, want, 16)
			s.dev.SoftmaxGrad(dx.View, dy.View, y.View, log)
			for r := range lse {
				sum := 0.0
				for j := r * n; j < (r+1)*n; j++ {
					if log {
						sum += dy.get(j)
					} else {
						sum += dy.get(j) * p[j]
					}
				}
				for j := r * n; j < (r+1)*n; j++ {
					if want[j] = p[j] * (dy.get(j) - sum); log {
						want[j] = dy.get(j) - p[j]*sum
					}
				}
			}
			s.check("softmax grad", dx, want, 200)
		}
	}
}

func (s *suite) crossEntropy() {
	for i := range 4 * rounds {
		dt, it := floats[i%2], []kernel.DType{kernel.Int64, kernel.Int32}[i/2%2]
		m, n := s.r.IntN(40), 1+s.r.IntN(30)
		if i < 2 {
			m, n = 900, 10 // threads
		}
		x, loss := s.random(dt, []int{m, n}, anyhow), s.box(dt, []int{m}, anyhow)
		prob := s.box(dt, []int{m, n}, anyhow)
		label := s.with(it, []int{m}, flat, func(int) float64 { return float64(s.r.IntN(n)) })
		p, lse := softmaxOf(x.values(), n)
		want := make([]float64, m)
		for i := range want {
			want[i] = lse[i] - x.get(i*n+int(label.get(i)))
		}
		s.dev.CrossEntropy(loss.View, kernel.View{}, x.View, label.View)
		s.check("cross entropy", loss, want, 16)
		s.dev.CrossEntropy(loss.View, prob.View, x.View, label.View)
		s.check("cross entropy", loss, want, 16)
		s.check("cross entropy prob", prob, p, 16)
		dy, dx := s.random(dt, []int{m}, anyhow), s.box(dt, []int{m, n}, anyhow)
		s.dev.CrossEntropyGrad(dx.View, dy.View, prob.View, label.View)
		for i := range p {
			p[i] = dy.get(i/n) * (p[i] - truth(i%n == int(label.get(i/n))))
		}
		s.check("cross entropy grad", dx, p, 60)
	}
}

func (s *suite) squaredError() {
	for i := range 6 * rounds {
		dt := floats[i%2]
		sh := append([]int{1 + s.r.IntN(20)}, s.shape()...)
		if i < 2 {
			sh = []int{40, 5, 700} // threads, several blocks
		}
		a, b := s.random(dt, sh, anyhow), s.random(dt, sh, anyhow)
		loss, dy, da := s.box(dt, sh[:1], anyhow), s.random(dt, sh[:1], anyhow), s.box(dt, sh, anyhow)
		n := a.Size() / sh[0]
		if n == 0 {
			continue // the mean of nothing
		}
		want, grad := make([]float64, sh[0]), make([]float64, a.Size())
		for j := range grad {
			d := a.get(j) - b.get(j)
			want[j/n] += d * d / 2 / float64(n)
			grad[j] = dy.get(j/n) * d / float64(n)
		}
		s.dev.SquaredError(loss.View, a.View, b.View)
		s.check("squared error", loss, want, 400) // both sums round
		s.dev.SquaredErrorGrad(da.View, dy.View, a.View, b.View)
		s.check("squared error grad", da, grad, 16)
	}
}

func (s *suite) dropout() {
	const n = 40003
	for _, dt := range floats {
		for _, p := range []float64{0, 0.2, 0.5, 1} {
			x := s.with(dt, []int{n}, flat, func(int) float64 { return 1 })
			y := s.box(dt, []int{n}, flat)
			s.dev.Dropout(y.View, x.View, p, 77)
			kept := 0
			for i := range n {
				v := y.get(i)
				if v != 0 {
					kept++
					if math.Abs(v*(1-p)-1) > 1e-6 {
						s.Fatalf("dropout %v: kept element is %v", p, v)
					}
				}
			}
			if math.Abs(float64(kept)/n-(1-p)) > 0.015 {
				s.Fatalf("dropout %v keeps %d of %d", p, kept, n)
			}
			s.guarded("dropout", y)
			// the mask is a matter of key and index alone
			z := s.box(dt, []int{n / 3, 3}, permuted)
			u := s.with(dt, []int{n / 3, 3}, anyhow, func(int) float64 { return 1 })
			s.dev.Dropout(z.View, u.View, p, 77)
			other, apart := s.box(dt, []int{n}, flat), 0
			s.dev.Dropout(other.View, x.View, p, 78)
			for i := range z.off {
				if z.get(i) != y.get(i) {
					s.Fatalf("dropout %v: the mask depends on the layout at %d", p, i)
				}
				if other.get(i) != y.get(i) {
					apart++
				}
			}
			if p == 0.5 && apart < n/3 {
				s.Fatal("dropout: two keys give one mask")
			}
		}
	}
}
