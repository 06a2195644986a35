package kerneltest

import (
	"math"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// attention compares with the definition, in float64.
func (s *suite) attention() {
	for i := range 12 * rounds {
		dt := floats[i%2]
		var lead []int
		for range s.r.IntN(3) {
			lead = append(lead, 1+s.r.IntN(3))
		}
		heads := 1
		for _, n := range lead {
			heads *= n
		}
		lq, lk, d, dv := 1+s.r.IntN(20), 1+s.r.IntN(20), 1+s.r.IntN(20), 1+s.r.IntN(20)
		switch i {
		case 0, 1:
			lq, lk = 130, 200 // blocks
		case 2, 3:
			lead, heads, lq, lk, d, dv = []int{4, 3}, 12, 10, 10, 8, 8
		case 4, 5:
			d, dv, lq = 300, 260, 70
		}
		of := func(n ...int) []int { return append(append([]int{}, lead...), n...) }
		q, k, v := s.random(dt, of(lq, d), anyhow), s.random(dt, of(lk, d), anyhow), s.random(dt, of(lk, dv), anyhow)
		y, lse := s.box(dt, of(lq, dv), anyhow), s.box(dt, of(lq), anyhow)
		a := kernel.Attention{Scale: 0.5 / math.Sqrt(float64(d)), Causal: i/2%3 == 1}
		if i%7 == 6 {
			a.Drop, a.Key = 0.3, 99
		}
		var mask, length kernel.View
		sees := make([]bool, heads*lq*lk)
		extra := make([]float64, len(sees))
		for e := range sees {
			sees[e] = !a.Causal || e%lk <= e/lk%lq
		}
		if s.r.IntN(2) == 0 {
			l := s.with([]kernel.DType{kernel.Int32, kernel.Int64}[s.r.IntN(2)], of(lq), anyhow, func(int) float64 { return float64(s.r.IntN(lk + 3)) })
			length = l.View
			for e := range sees {
				sees[e] = sees[e] && e%lk < int(l.get(e/lk))
			}
		}
		switch s.r.IntN(3) {
		case 0:
			m := s.with(kernel.Bool, of(lq, lk), anyhow, func(int) float64 { return float64(min(1, s.r.IntN(3))) })
			mask = m.View
			for e := range sees {
				sees[e] = sees[e] && m.get(e) != 0
			}
		case 1:
			m := s.random(dt, of(lq, lk), anyhow)
			mask, extra = m.View, m.values()
		}
		ones, kept := s.with(kernel.Float64, []int{len(sees)}, flat, func(int) float64 { return 1 }), s.box(kernel.Float64, []int{len(sees)}, flat)
		s.dev.Dropout(kept.View, ones.View, a.Drop, a.Key)
		keep := kept.values()

		// the definition
		dy := s.random(dt, of(lq, dv), anyhow)
		want, wl := make([]float64, heads*lq*dv), make([]float64, heads*lq)
		wq, wk, wv, wm := make([]float64, heads*lq*d), make([]float64, heads*lk*d), make([]float64, heads*lk*dv), make([]float64, len(sees))
		for r := range heads * lq {
			h := r / lq
			p, sum, top := make([]float64, lk), 0.0, math.Inf(-1)
			for j := range p {
				for c := range d {
					p[j] += q.get(r*d+c) * k.get((h*lk+j)*d+c)
				}
				if p[j] = p[j]*a.Scale + extra[r*lk+j]; !sees[r*lk+j] {
					p[j] = math.Inf(-1)
				}
				top = max(top, p[j])
			}
			wl[r] = math.Inf(1)
			if math.IsInf(top, -1) {
				continue
			}
			for j := range p {
				sum += math.Exp(p[j] - top)
			}
			wl[r] = top + math.Log(sum)
			dot := 0.0
			dp := make([]float64, lk)
			for j := range p {
				p[j] = math.Exp(p[j] - wl[r])
				for c := range dv {
					want[r*dv+c] += p[j] * keep[r*lk+j] * v.get((h*lk+j)*dv+c)
					wv[(h*lk+j)*dv+c] += p[j] * keep[r*lk+j] * dy.get(r*dv+c)
					dp[j] += keep[r*lk+j] * dy.get(r*dv+c) * v.get((h*lk+j)*dv+c)
				}
				dot += p[j] * dp[j]
			}
			for j := range p {
				ds := p[j] * (dp[j] - dot)
				wm[r*lk+j] = ds
				for c := range d {
					wq[r*d+c] += a.Scale * ds * k.get((h*lk+j)*d+c)
					wk[(h*lk+j)*d+c] += a.Scale * ds * q.get(r*d+c)
				}
			}
		}
		s.dev.Attention(a, y.View, kernel.View{}, q.View, k.View, v.View, mask, length)
		s.check("attention", y, want, 200)
		s.dev.Attention(a, y.View, lse.View, q.View, k.View, v.View, mask, length)
		s.check("attention", y, want, 200)
		s.check("attention lse", lse, wl, 100)
		dq, dk, dvs := s.box(dt, q.Shape, anyhow), s.box(dt, k.Shape, anyhow), s.box(dt, v.Shape, anyhow)
		var dm kernel.View
		var dmask *box
		if mask.P != nil && mask.DT != kernel.Bool {
			dmask = s.box(dt, mask.Shape, anyhow)
			dm = dmask.View
		}
		s.dev.AttentionGrad(a, dq.View, dk.View, dvs.View, dm, dy.View, y.View, lse.View, q.View, k.View, v.View, mask, length)
		s.check("attention dq", dq, wq, 2000)
		s.check("attention dk", dk, wk, 2000)
		s.check("attention dv", dvs, wv, 2000)
		if dmask != nil {
			s.check("attention dmask", dmask, wm, 2000)
		}
		s.dev.AttentionGrad(a, kernel.View{}, dk.View, kernel.View{}, kernel.View{}, dy.View, y.View, lse.View, q.View, k.View, v.View, mask, length)
		s.check("attention dk", dk, wk, 2000)
	}
}
