package kernel

// isHalving says whether s is the window of 2x2 with stride 2 and no padding,
// which nearly every network has: averages have loops of their own. In ceil mode windows at
// the border are smaller.
func (p *pooler) isHalving() bool {
	s := p.Pool
	return !s.Adaptive && s.KH == 2 && s.KW == 2 && s.StrideH == 2 && s.StrideW == 2 && s.PadH == 0 && s.PadW == 0 &&
		2*p.oh <= p.h && 2*p.ow <= p.w
}

// avgHalf sets each y to the mean of a block of 2x2.
func avgHalf[T float](y, x []T, w, ow int) {
	for i := 0; i < len(y); i += ow {
		o := i / ow * 2 * w
		a, b := x[o:o+2*ow], x[o+w:o+w+2*ow]
		row := y[i : i+ow]
		for j := range row {
			p, q := a[2*j:2*j+2:2*j+2], b[2*j:2*j+2:2*j+2]
			row[j] = (p[0] + p[1] + q[0] + q[1]) * 0.25
		}
	}
}

// avgHalfGrad sets each block of 2x2 of d to a quarter of g; a last odd row or
// column is 0.
func avgHalfGrad[T float](d, g []T, w, ow int) {
	if w != 2*ow || len(d) != 4*len(g) {
		clear(d)
	}
	for i := 0; i < len(g); i += ow {
		o := i / ow * 2 * w
		a, b := d[o:o+2*ow], d[o+w:o+w+2*ow]
		for j, v := range g[i : i+ow] {
			v *= 0.25
			a[2*j], a[2*j+1], b[2*j], b[2*j+1] = v, v, v, v
		}
	}
}
