// Package resample holds the loop that changes the size of pictures.
package resample

// Tap says from which two source cells one target cell is blended:
// y = (1-W)*x[I] + W*x[J].
type Tap struct {
	I, J int
	W    float32
}

// Taps places n target cells over m source cells with half-pixel centres:
// target cell k lies at (k+0.5)*m/n - 0.5, held inside the outermost centres.
// This is PyTorch's align_corners=False and OpenCV's INTER_LINEAR. m and n
// must be positive.
func Taps(n, m int) []Tap {
	taps := make([]Tap, n)
	for k := range taps {
		at := max(0, (float64(k)+0.5)*float64(m)/float64(n)-0.5)
		i := min(int(at), m-1)
		taps[k] = Tap{I: i, J: min(i+1, m-1), W: float32(at - float64(i))}
	}
	return taps
}

// Bilinear writes the picture x, len(cols) target columns wide and len(rows)
// high, into y. The value at row r, column c of x is x[r*rowStride+c*colStride];
// y is contiguous.
func Bilinear(y []float32, rows, cols []Tap, x []float32, rowStride, colStride int) {
	n := 0
	for _, r := range rows {
		a, b := x[r.I*rowStride:], x[r.J*rowStride:]
		for _, c := range cols {
			i, j := c.I*colStride, c.J*colStride
			top := a[i] + c.W*(a[j]-a[i])
			low := b[i] + c.W*(b[j]-b[i])
			y[n] = top + r.W*(low-top)
			n++
		}
	}
}
