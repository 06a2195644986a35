package direct

import "github.com/fathom-ml/fathom/internal/pool"

// kcMax is the most taps in one pass over the pixels: their weights stay in the
// caches.
const kcMax = 512

// work is the least number of multiplications worth a worker's while.
const work = 100_000

// weights is the weights of one group, packed in blocks of channels: block i has
// its taps one after the other, each with the weights of all its channels.
type weights struct {
	w      []float32
	starts []int // first channel of each block, and the end
	k      int
}

// cut divides n channels into equal blocks of at most most.
func cut(n, most int) []int {
	blocks := (n + most - 1) / most
	starts := make([]int, blocks+1)
	for i := range starts {
		starts[i] = i * n / blocks
	}
	return starts
}

// pack packs w, [channels, k], the taps in the given order.
func pack(dst, w []float32, order, starts []int) weights {
	k := len(order)
	p := weights{dst, starts, k}
	for i, first := range starts[:len(starts)-1] {
		d, mr := p.block(i)
		for r := range mr {
			for l, from := range order {
				d[l*mr+r] = w[(first+r)*k+from]
			}
		}
	}
	return p
}

// block is block i and its number of channels.
func (p weights) block(i int) ([]float32, int) {
	return p.w[p.starts[i]*p.k : p.starts[i+1]*p.k], p.starts[i+1] - p.starts[i]
}

// Forward sets y to the cross-correlation of x and w. Each finished plane (one image, one
// channel) is handed to finish, if that is not nil, while it is in cache.
func Forward(s Shape, y, x, w []float32, finish func(channel int, plane []float32)) {
	set := active()
	if s.depthwise() {
		s.depthForward(set, y, x, w, finish)
		return
	}
	t := newStage(s, 0)
	rows := t.OH * ((t.OW + set.lanes - 1) / set.lanes)
	flat := set.lanes*rows > t.length(1)+t.length(1)/8+set.lanes
	if flat {
		t = newStage(s, 512)
	}
	wb, packed := take(len(w))
	starts := cut(t.co, len(set.pixels[0]))
	order, tab := t.byRows()
	groups := make([]weights, s.Groups)
	for g := range groups {
		n := t.co * t.k
		groups[g] = pack(packed[g*n:(g+1)*n], w[g*n:(g+1)*n], order, starts)
	}
	batches := (s.N + t.batch - 1) / t.batch
	cost := t.batch * s.O * t.k * s.OH * s.OW
	pool.For(batches, work/max(1, cost)+1, func(lo, hi int) {
		run := &forward{stage: t, set: set, tab: tab, y: y}
		var ib, ob *buffer
		ib, run.in = take(t.size())
		if flat {
			ob, run.out = take(t.co * run.pitch())
			defer ob.release()
		}
		defer ib.release()
		for b := lo; b < hi; b++ {
			first := b * t.batch
			n := min(t.batch, s.N-first)
			for g := range groups {
				for i := range n {
					t.put(run.in, x[((first+i)*s.C+g*t.ci)*s.H*s.W:], i)
				}
				if flat {
					run.flat(groups[g], first, n, g)
				} else {
					run.rows(groups[g], first, g)
				}
				if finish == nil {
					continue
				}
				for i := range n {
					for c := range t.co {
						finish(g*t.co+c, run.planeAt(first+i, g, c))
					}
				}
			}
		}
	})
	wb.release()
}

// forward is one worker's share of a forward pass.
type forward struct {
	*stage
	set     *set
	tab     []int64 // by rows of the kernels
	in, out []float32
	y       []float32
}

// planeAt is the output of one image, group and channel.
func (f *forward) planeAt(image, g, c int) []float32 {
	p := f.OH * f.OW
	o := (image*f.O + g*f.co + c) * p
	return f.y[o : o+p]
}

// rows makes the outputs of one image row by row, straight into y.
func (f *forward) rows(w weights, image, g int) {
	p := f.OH * f.OW
	y := f.y[(image*f.O+g*f.co)*p:]
	n := f.ci * f.KW // taps of a row of the kernels
	for r := range f.OH {
		first, end := f.alive(r)
		f.line(w, n*first, n*end, f.in[r*f.pw:], y[r*f.OW:], f.OW, p)
	}
}

// pitch is the distance of channels in the scratch of flat, no multiple of a page.
func (f *forward) pitch() int {
	return (f.length(f.batch)+2*f.set.lanes-1)/(2*f.set.lanes)*2*f.set.lanes + 16
}

// flat makes the outputs of n images in one run along the padded rows, margins
// and all, into scratch, and copies what counts.
func (f *forward) flat(w weights, first, n, g int) {
	unit := 2 * f.set.lanes
	whole := (f.length(n) + unit - 1) / unit * unit
	pitch := f.pitch()
	f.line(w, 0, f.k, f.in, f.out, whole, pitch)
	for i := range n {
		for c := range f.co {
			d := f.planeAt(first+i, g, c)
			s := f.out[c*pitch+i*f.ph*f.pw:]
			for r := range f.OH {
				copy(d[r*f.OW:(r+1)*f.OW], s[r*f.pw:])
			}
		}
	}
}

// line makes n neighbouring pixels of all channels, pitch apart, from the taps first
// to end.
func (f *forward) line(w weights, first, end int, b, c []float32, n, pitch int) {
	lanes := f.set.lanes
	for k := first; k < end; k += kcMax {
		acc := min(k-first, 1)
		kc := min(kcMax, end-k)
		for j := 0; j < n; j += 2 * lanes {
			v, last := 0, n-j
			if last > lanes {
				v, last = 1, min(last-lanes, lanes)
			}
			for i := range len(w.starts) - 1 {
				a, mr := w.block(i)
				f.set.pixels[v][mr-1](kc, &a[k*mr], &b[j], &f.tab[k], &c[w.starts[i]*pitch+j], 4*pitch, last, acc)
			}
		}
	}
}
