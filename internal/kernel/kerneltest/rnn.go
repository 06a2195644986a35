package kerneltest

import (
	"math"
	"slices"

	"github.com/fathom-ml/fathom/internal/kernel"
)

// naiveRNN is a run by the definition, one number at a time. in is p, h0, c0, w and b.
type naiveRNN struct {
	kernel.RNN
	t, n, h int
}

func (r naiveRNN) run(in [5][]float64) (y, hn, cn []float64) {
	p, w, b := in[0], in[3], in[4]
	y, hn, cn = make([]float64, r.t*r.n*r.h), slices.Clone(in[1]), slices.Clone(in[2])
	wide := r.Cell.Gates() * r.h
	for k := range r.t {
		t := k
		if r.Reverse {
			t = r.t - 1 - k
		}
		for q := range r.n {
			if r.Lengths != nil && t >= r.Lengths[q] {
				continue
			}
			h, c := hn[q*r.h:(q+1)*r.h], cn
			if cn != nil {
				c = cn[q*r.h:]
			}
			x := func(g, i int) float64 { return p[(t*r.n+q)*wide+g*r.h+i] }
			u := func(g, i int, h []float64) (sum float64) {
				for j, v := range h {
					sum += w[(g*r.h+i)*r.h+j] * v
				}
				return sum
			}
			next := make([]float64, r.h)
			rh := make([]float64, r.h)
			for i := range rh {
				if r.Cell == kernel.CellGRUBefore {
					rh[i] = sigmoid(x(0, i)+u(0, i, h)) * h[i]
				}
			}
			for i := range next {
				switch r.Cell {
				case kernel.CellTanh:
					next[i] = math.Tanh(x(0, i) + u(0, i, h))
				case kernel.CellReLU:
					next[i] = max(0, x(0, i)+u(0, i, h))
				case kernel.CellGRU, kernel.CellGRUBefore:
					z := sigmoid(x(1, i) + u(1, i, h))
					n := math.Tanh(x(2, i) + u(2, i, rh))
					if r.Cell == kernel.CellGRU {
						v := u(2, i, h)
						if b != nil {
							v += b[i]
						}
						n = math.Tanh(x(2, i) + sigmoid(x(0, i)+u(0, i, h))*v)
					}
					next[i] = z*h[i] + (1-z)*n
				case kernel.CellLSTM:
					c[i] = sigmoid(x(1, i)+u(1, i, h))*c[i] + sigmoid(x(0, i)+u(0, i, h))*math.Tanh(x(2, i)+u(2, i, h))
					next[i] = sigmoid(x(3, i)+u(3, i, h)) * math.Tanh(c[i])
				}
			}
			copy(h, next)
			copy(y[(t*r.n+q)*r.h:], next)
		}
	}
	return y, hn, cn
}

func (s *suite) rnn() {
	for i := range 10 * rounds {
		dt := floats[i%2]
		r := naiveRNN{kernel.RNN{Cell: kernel.Cell(i / 2 % 5), Reverse: s.r.IntN(2) == 0}, s.r.IntN(4), 1 + s.r.IntN(4), 1 + s.r.IntN(5)}
		if i >= 10 && i < 20 {
			r.t, r.n, r.h = 3, 9, 40 // threads, and vectors
		}
		if s.r.IntN(2) == 0 {
			for range r.n {
				r.Lengths = append(r.Lengths, s.r.IntN(r.t+1))
			}
		}
		s.run(dt, r)
	}
}

// run compares one run with the definition and its gradient with finite differences.
func (s *suite) run(dt kernel.DType, r naiveRNN) {
	wide, lstm := r.Cell.Gates()*r.h, r.Cell == kernel.CellLSTM
	draw := func(shape ...int) *box {
		return s.with(dt, shape, flat, func(int) float64 { return s.r.NormFloat64() / 2 })
	}
	empty := &box{}
	in := [5]*box{draw(r.t, r.n, wide), draw(r.n, r.h), empty, draw(wide, r.h), empty}
	y, hn, cn := s.box(dt, []int{r.t, r.n, r.h}, flat), s.box(dt, []int{r.n, r.h}, flat), empty
	if lstm {
		in[2], cn = draw(r.n, r.h), s.box(dt, []int{r.n, r.h}, flat)
	}
	if r.Cell == kernel.CellGRU && s.r.IntN(2) == 0 {
		in[4] = draw(r.h)
	}
	var v [5][]float64
	for i, b := range in {
		if b != empty {
			v[i] = b.values()
		}
	}
	d := kernel.RNNData{P: in[0].View, H0: in[1].View, C0: in[2].View, W: in[3].View, B: in[4].View, Y: y.View, HN: hn.View, CN: cn.View}
	wy, wh, wc := r.run(v)
	check := func() {
		s.check("rnn y", y, wy, 100)
		s.check("rnn h", hn, wh, 100)
		if lstm {
			s.check("rnn c", cn, wc, 100)
		}
	}
	s.dev.RNN(r.RNN, d)
	check()
	kept, cs := s.box(dt, []int{r.t, r.n, r.Cell.Kept() * r.h}, flat), empty
	d.Kept = kept.View
	if lstm {
		cs = s.box(dt, []int{r.t, r.n, r.h}, flat)
		d.Cs = cs.View
	}
	s.dev.RNN(r.RNN, d)
	check()

	dy, dhn, dcn := draw(r.t, r.n, r.h), draw(r.n, r.h), empty
	out := [5]*box{}
	for i, b := range in {
		if out[i] = empty; b != empty {
			out[i] = s.box(dt, b.Shape, flat)
		}
	}
	if lstm {
		dcn = draw(r.n, r.h)
	}
	switch s.r.IntN(4) {
	case 0:
		dy = empty
	case 1:
		dhn, dcn = empty, empty
	}
	g := kernel.RNNGrads{DY: dy.View, DHN: dhn.View, DCN: dcn.View, DP: out[0].View, DH0: out[1].View, DC0: out[2].View, DW: out[3].View, DB: out[4].View}
	s.dev.RNNGrad(r.RNN, d, g)
	loss := func() (sum float64) {
		y, hn, cn := r.run(v)
		for _, q := range []struct {
			b *box
			v []float64
		}{{dy, y}, {dhn, hn}, {dcn, cn}} {
			if q.b != empty {
				for i, x := range q.v {
					sum += q.b.get(i) * x
				}
			}
		}
		return sum
	}
	for i, b := range out {
		if b == empty {
			continue
		}
		want := make([]float64, len(v[i]))
		for k, x := range v[i] {
			if r.h == 40 && k%397 > 0 { // some of them
				want[k] = b.get(k)
				continue
			}
			v[i][k] = x + 1e-5
			a := loss()
			v[i][k] = x - 1e-5
			want[k] = (a - loss()) / 2e-5
			v[i][k] = x
		}
		ulps := 300.0
		if dt == kernel.Float64 {
			ulps = 1e-7 / eps(dt)
		}
		s.check("rnn grad", b, want, ulps)
	}
}
