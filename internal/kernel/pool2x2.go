package kernel

// isHalving says whether s is the window of 2x2 with stride 2 and no padding,
// which nearly every network has: it has loops of its own.
func (s Pool) isHalving() bool {
	return s.KH == 2 && s.KW == 2 && s.StrideH == 2 && s.StrideW == 2 && s.PadH == 0 && s.PadW == 0
}

// maxHalf sets each y to the largest of a block of 2x2, the first one if equal,
// a NaN if there is one.
func maxHalf[T float](y, x []T, arg []int32, w, ow int) {
	for i := 0; i < len(y); i += ow {
		o := i / ow * 2 * w
		a, b := x[o:o+2*ow], x[o+w:o+w+2*ow]
		row := y[i : i+ow]
		if arg == nil {
			for j := range row {
				row[j] = max(a[2*j], a[2*j+1], b[2*j], b[2*j+1])
			}
			continue
		}
		at := arg[i : i+ow]
		for j := range row {
			best, k := a[2*j], o+2*j
			if v := a[2*j+1]; v > best || v != v && best == best {
				best, k = v, o+2*j+1
			}
			if v := b[2*j]; v > best || v != v && best == best {
				best, k = v, o+w+2*j
			}
			if v := b[2*j+1]; v > best || v != v && best == best {
				best, k = v, o+w+2*j+1
			}
			row[j], at[j] = best, int32(k)
		}
	}
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
