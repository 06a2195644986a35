package kernel

// A walker steps through the index space of a shape in row-major order and
// keeps the offsets of up to three sets of strides.
type walker struct {
	nd    int
	shape [maxAxes]int
	idx   [maxAxes]int
	st    [3][maxAxes]int
	off   [3]int
}

// axis adds one more (faster) axis.
func (w *walker) axis(d int, st ...int) {
	if d == 1 {
		return
	}
	if w.nd == maxAxes {
		panic(tooManyAxes)
	}
	w.shape[w.nd] = d
	for k, s := range st {
		w.st[k][w.nd] = s
	}
	w.nd++
}

// size is the number of steps.
func (w *walker) size() int {
	n := 1
	for _, d := range w.shape[:w.nd] {
		n *= d
	}
	return n
}

// seek moves to step i.
func (w *walker) seek(i int) {
	w.off = [3]int{}
	for k := w.nd - 1; k >= 0; k-- {
		w.idx[k] = i % w.shape[k]
		i /= w.shape[k]
		for j := range w.off {
			w.off[j] += w.idx[k] * w.st[j][k]
		}
	}
}

// next moves one step; after the last it stands at the first again.
func (w *walker) next() {
	for k := w.nd - 1; k >= 0; k-- {
		w.idx[k]++
		for j := range w.off {
			w.off[j] += w.st[j][k]
		}
		if w.idx[k] < w.shape[k] {
			return
		}
		w.idx[k] = 0
		for j := range w.off {
			w.off[j] -= w.shape[k] * w.st[j][k]
		}
	}
}
