package kerneltest

import (
	"math"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel"
)

func at8(b *box, i int) *byte { return (*byte)(unsafe.Add(b.block, i)) }

// convCase is one convolution to test.
type convCase struct {
	n, c, h, w, o, kh, kw int
	s                     kernel.Conv
}

func (s *suite) convCase(i int) convCase {
	unit := kernel.Conv{StrideH: 1, StrideW: 1, DilationH: 1, DilationW: 1, Groups: 1}
	padded := unit
	padded.PadH, padded.PadW = 2, 2
	same := unit
	same.PadH, same.PadW = 1, 1
	two := same
	two.StrideH, two.StrideW = 2, 2
	points := unit
	points.StrideH, points.StrideW = 2, 2
	depth := same
	depth.Groups = 20
	fixed := []convCase{
		{3, 1, 28, 28, 6, 5, 5, padded},
		{3, 6, 14, 14, 16, 5, 5, unit},
		{2, 16, 9, 9, 40, 3, 3, same},
		{2, 33, 7, 7, 17, 3, 3, same},
		{2, 24, 6, 6, 35, 1, 1, unit},
		{3, 16, 3, 3, 32, 3, 3, same},
		{2, 4, 40, 40, 3, 3, 3, two},
		{2, 20, 11, 11, 20, 3, 3, depth},
		{1, 1, 6, 8, 1, 1, 2, unit},
		{4, 17, 19, 18, 24, 3, 3, same}, // many channels and images
		{8, 20, 9, 7, 34, 3, 3, two},
		{9, 17, 3, 3, 33, 3, 3, same},
		{8, 16, 10, 9, 16, 1, 1, points},
	}
	if i < len(fixed) {
		return fixed[i]
	}
	g := 1 + s.r.IntN(3)*s.r.IntN(2)
	r := func(n int) int { return 1 + s.r.IntN(n) }
	c := convCase{n: r(4), c: g * r(5), o: g * r(9), kh: r(4), kw: r(5)}
	c.s = kernel.Conv{StrideH: r(3), StrideW: r(3), PadH: s.r.IntN(4), PadW: s.r.IntN(4), DilationH: r(2), DilationW: r(3), Groups: g}
	c.h = max(1, (c.kh-1)*c.s.DilationH+1-2*c.s.PadH) + s.r.IntN(12)
	c.w = max(1, (c.kw-1)*c.s.DilationW+1-2*c.s.PadW) + s.r.IntN(20)
	return c
}

func (s *suite) conv() {
	for i := range 60 {
		c := s.convCase(i)
		for _, dt := range floats {
			s.convolve(dt, c)
		}
	}
}

func (s *suite) convolve(dt kernel.DType, c convCase) {
	oh := (c.h+2*c.s.PadH-(c.kh-1)*c.s.DilationH-1)/c.s.StrideH + 1
	ow := (c.w+2*c.s.PadW-(c.kw-1)*c.s.DilationW-1)/c.s.StrideW + 1
	x := s.random(dt, []int{c.n, c.c, c.h, c.w}, flat)
	w := s.random(dt, []int{c.o, c.c / c.s.Groups, c.kh, c.kw}, flat)
	dy := s.random(dt, []int{c.n, c.o, oh, ow}, flat)
	y := s.box(dt, []int{c.n, c.o, oh, ow}, flat)
	dx, dw := s.box(dt, x.Shape, flat), s.box(dt, w.Shape, flat)
	bias := s.random(dt, []int{c.o}, flat)
	a := kernel.Activation(s.r.IntN(4))
	if s.r.IntN(2) == 0 {
		bias.View = kernel.View{}
	}
	xs, ws, gs := x.values(), w.values(), dy.values()
	wantY, wantX, wantW := make([]float64, len(gs)), make([]float64, len(xs)), make([]float64, len(ws))
	ci, co := c.c/c.s.Groups, c.o/c.s.Groups
	for i := range wantY {
		n, o, oy, ox := i/(c.o*oh*ow), i/(oh*ow)%c.o, i/ow%oh, i%ow
		for q := range ci {
			for ky := range c.kh {
				for kx := range c.kw {
					r, l := oy*c.s.StrideH-c.s.PadH+ky*c.s.DilationH, ox*c.s.StrideW-c.s.PadW+kx*c.s.DilationW
					if r < 0 || r >= c.h || l < 0 || l >= c.w {
						continue
					}
					xi := ((n*c.c+o/co*ci+q)*c.h+r)*c.w + l
					wi := ((o*ci+q)*c.kh+ky)*c.kw + kx
					wantY[i] += xs[xi] * ws[wi]
					wantX[xi] += gs[i] * ws[wi]
					wantW[wi] += gs[i] * xs[xi]
				}
			}
		}
		if bias.P != nil {
			wantY[i] += bias.get(o)
		}
		wantY[i] = act(a, wantY[i])
	}
	s.dev.Conv(c.s, y.View, x.View, w.View, bias.View, a)
	s.check("conv", y, wantY, 30+4*float64(ci*c.kh*c.kw))
	s.dev.ConvGradX(c.s, dx.View, dy.View, w.View)
	s.check("conv grad x", dx, wantX, 30+4*float64(co*c.kh*c.kw))
	s.dev.ConvGradW(c.s, dw.View, dy.View, x.View)
	s.check("conv grad w", dw, wantW, 30+2*float64(c.n*oh*ow))
	for _, b := range []*box{x, w, dy} {
		s.guarded("conv operands", b)
	}
}

func (s *suite) pool() {
	for i := range 90 {
		r := func(n int) int { return 1 + s.r.IntN(n) }
		p := kernel.Pool{Max: i%2 == 0, KH: r(4), KW: r(4), StrideH: r(3), StrideW: r(3), Inside: i%4 == 1}
		p.PadH, p.PadW = s.r.IntN(p.KH), s.r.IntN(p.KW)
		n, c, h, w := r(3), r(4), p.KH+s.r.IntN(12), p.KW+s.r.IntN(40)
		switch i % 9 {
		case 0, 3: // the usual window
			p = kernel.Pool{Max: p.Max, KH: 2, KW: 2, StrideH: 2, StrideW: 2}
			h, w = 2+s.r.IntN(20), 2+s.r.IntN(70)
		case 1, 4: // the whole plane
			p.KH, p.KW, p.PadH, p.PadW = h, w, 0, 0
		case 2:
			p = kernel.Pool{Max: p.Max, KH: 3, KW: 3, StrideH: 1 + i/9%2, StrideW: 1 + i/9%2, PadH: 1, PadW: 1}
			h, w = 3+s.r.IntN(20), 3+s.r.IntN(70)
		}
		oh, ow := (h+2*p.PadH-p.KH)/p.StrideH+1, (w+2*p.PadW-p.KW)/p.StrideW+1
		switch i % 5 {
		case 1: // ceil mode: windows that begin inside
			oh, ow = (h+p.PadH-1)/p.StrideH+1, (w+p.PadW-1)/p.StrideW+1
		case 2:
			p.Adaptive = true
			oh, ow = r(h), r(w)
			if i%2 == 0 {
				oh, ow = 1, w
			}
		}
		for _, dt := range floats {
			s.poolCase(dt, p, []int{n, c, h, w}, oh, ow)
		}
	}
}

// poolWindow is where window o begins and ends, and the cells that count.
func poolWindow(p kernel.Pool, o, out, n, k, stride, pad int) (lo, hi int, count float64) {
	if p.Adaptive {
		lo, hi = o*n/out, ((o+1)*n+out-1)/out
		return lo, hi, float64(hi - lo)
	}
	lo = o*stride - pad
	count = float64(min(lo+k, n+pad) - lo)
	lo, hi = max(lo, 0), min(lo+k, n)
	if p.Inside {
		count = float64(hi - lo)
	}
	return lo, hi, count
}

func (s *suite) poolCase(dt kernel.DType, p kernel.Pool, shape []int, oh, ow int) {
	n, c, h, w := shape[0], shape[1], shape[2], shape[3]
	x := s.random(dt, shape, flat)
	if p.Max {
		x.set(s.r.IntN(x.Size()), math.NaN())
		x.set(s.r.IntN(x.Size()), 9)
		x.set(s.r.IntN(x.Size()), 9)
		x.set(s.r.IntN(x.Size()), math.Inf(-1))
	}
	y, dy := s.box(dt, []int{n, c, oh, ow}, flat), s.random(dt, []int{n, c, oh, ow}, flat)
	arg, dx := s.box(kernel.Int32, y.Shape, flat), s.box(dt, x.Shape, flat)
	wantY, wantX, wantA := make([]float64, y.Size()), make([]float64, x.Size()), make([]float64, y.Size())
	for i := range wantY {
		plane := i / (oh * ow) * h * w
		r0, r1, rows := poolWindow(p, i/ow%oh, oh, h, p.KH, p.StrideH, p.PadH)
		l0, l1, cols := poolWindow(p, i%ow, ow, w, p.KW, p.StrideW, p.PadW)
		best, at := math.Inf(-1), -1
		for r := r0; r < r1; r++ {
			for l := l0; l < l1; l++ {
				v := x.get(plane + r*w + l)
				if best == best && (at < 0 || v > best || v != v) {
					best, at = v, r*w+l
				}
				if !p.Max {
					wantY[i] += v / (rows * cols)
					wantX[plane+r*w+l] += dy.get(i) / (rows * cols)
				}
			}
		}
		if p.Max {
			wantY[i], wantA[i] = best, float64(at)
			wantX[plane+at] += dy.get(i)
		}
	}
	var av kernel.View
	if p.Max {
		y2 := s.box(dt, y.Shape, flat)
		s.dev.Pool(p, y2.View, x.View, kernel.View{})
		s.check("pool without arg", y2, wantY, 0)
		av = arg.View
	}
	s.dev.Pool(p, y.View, x.View, av)
	s.check("pool", y, wantY, 20*truth(!p.Max))
	if p.Max {
		s.check("pool arg", arg, wantA, 0)
	}
	s.dev.PoolGrad(p, dx.View, dy.View, av)
	s.check("pool grad", dx, wantX, 20)
}
