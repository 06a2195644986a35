package direct

import "github.com/fathom-ml/fathom/internal/pool"

// GradX sets dx from dy and w, for strides of 1: the cross-correlation of dy and
// the weights with input and output channels exchanged and the window turned
// by half a turn.
func GradX(s Shape, dx, dy, w []float32) {
	t := s
	t.C, t.O = s.O, s.C
	t.H, t.W, t.OH, t.OW = s.OH, s.OW, s.H, s.W
	t.PadH, t.PadW = (s.KH-1)*s.DilationH-s.PadH, (s.KW-1)*s.DilationW-s.PadW
	ci, co, win := s.C/s.Groups, s.O/s.Groups, s.KH*s.KW
	b, turned := take(len(w))
	pool.For(s.C, work/(co*win)+1, func(lo, hi int) {
		for c := lo; c < hi; c++ {
			g, q := c/ci, c%ci
			for o := range co {
				src := w[((g*co+o)*ci+q)*win:][:win]
				d := turned[(c*co+o)*win:][:win]
				for i, v := range src {
					d[win-1-i] = v
				}
			}
		}
	})
	Forward(t, dx, dy, turned, nil)
	b.release()
}

// pixelChunk is how many pixels of dy and x go into scalar products at a time: what
// they touch stays in the caches.
const pixelChunk = 1024

// GradW sets dw from dy and x. Each worker adds up its images; the sums of
// the workers are added in their order. An infinity or NaN in x may also spread to
// taps that only meet it outside the output.
func GradW(s Shape, dw, dy, x []float32) {
	set := active()
	if s.depthwise() {
		s.depthGradW(set, dw, dy, x)
		return
	}
	t := newStage(s, pixelChunk)
	for len(t.tab)%4 != 0 { // the last group of taps repeats one
		t.tab = append(t.tab, t.tab[t.k-1])
	}
	cols := len(t.tab)
	batches := (s.N + t.batch - 1) / t.batch
	cost := t.batch * s.O * t.k * s.OH * s.OW
	parts := max(1, min(pool.Workers(), batches/(work/max(1, cost)+1)))
	sb, sums := take(parts * s.O * cols)
	pool.For(parts, 1, func(lo, hi int) {
		pitch := (t.plane+set.lanes-1)/set.lanes*set.lanes + 16
		ib, in := take(t.size())
		ob, out := take(t.co * pitch)
		for part := lo; part < hi; part++ {
			sum := sums[part*s.O*cols : (part+1)*s.O*cols]
			for b := part * batches / parts; b < (part+1)*batches/parts; b++ {
				first := b * t.batch
				n := min(t.batch, s.N-first)
				for g := range s.Groups {
					for i := range n {
						t.put(in, x[((first+i)*s.C+g*t.ci)*s.H*s.W:], i)
					}
					t.putOut(out, dy[(first*s.O+g*t.co)*s.OH*s.OW:], n, pitch)
					t.products(set, sum[g*t.co*cols:], out, in, t.length(n), pitch)
				}
			}
		}
		ib.release()
		ob.release()
	})
	pool.For(s.O, work/(parts*t.k)+1, func(lo, hi int) {
		for o := lo; o < hi; o++ {
			d := dw[o*t.k : (o+1)*t.k]
			copy(d, sums[o*cols:])
			for part := 1; part < parts; part++ {
				for i, v := range sums[(part*s.O+o)*cols:][:t.k] {
					d[i] += v
				}
			}
		}
	})
	sb.release()
}

// putOut lays the outputs of n images out like the planes of the inputs, with zeros in
// between.
func (t *stage) putOut(dst, dy []float32, n, pitch int) {
	for c := range t.co {
		d := dst[c*pitch : (c+1)*pitch]
		for i := range n {
			s := dy[(i*t.O+c)*t.OH*t.OW:]
			for r := range t.OH {
				copy(d[(i*t.ph+r)*t.pw:][:t.OW], s[r*t.OW:])
			}
		}
		clear(d[t.length(n):])
	}
}

// products adds to sum, [co, taps], the scalar products of all rows over n pixels.
func (t *stage) products(set *set, sum, out, in []float32, n, pitch int) {
	cols := len(t.tab)
	starts := cut(t.co, len(set.taps))
	for p := 0; p < n; p += pixelChunk {
		vectors := (min(pixelChunk, n-p) + set.lanes - 1) / set.lanes
		for i, first := range starts[:len(starts)-1] {
			kernel := set.taps[starts[i+1]-first-1]
			for j := 0; j < cols; j += 4 {
				kernel(vectors, &out[first*pitch+p], 4*pitch, &in[p], &t.tab[j], &sum[first*cols+j], 4*cols)
			}
		}
	}
}
