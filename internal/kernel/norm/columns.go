package norm

// The functions of this file go over a table of rows that lie stride numbers apart. Column j has
// its own numbers in slices as long as a row.

// ColMoments adds d and d*d to s[j] and q[j] for each number of column j, d = x - shift[j].
func ColMoments[T float](rows, stride int, x, shift, s, q []T) {
	n := len(s)
	shift, q = shift[:n], q[:n]
	if rows == 0 || n == 0 {
		return
	}
	x = x[:(rows-1)*stride+n]
	if isSingle[T]() && fast() {
		asmColMoments(rows, stride, singles(x), singles(shift), singles(s), singles(q))
		return
	}
	for i := range rows {
		for j, v := range x[i*stride : i*stride+n] {
			d := v - shift[j]
			s[j] += d
			q[j] += d * d
		}
	}
}

// ColApply sets y = (x-mean[j])*scale[j] + bias[j].
func ColApply[T float](rows, stride int, y, x, mean, scale, bias []T) {
	n := len(mean)
	scale, bias = scale[:n], bias[:n]
	if rows == 0 || n == 0 {
		return
	}
	y, x = y[:(rows-1)*stride+n], x[:(rows-1)*stride+n]
	if isSingle[T]() && fast() {
		asmColApply(rows, stride, singles(y), singles(x), singles(mean), singles(scale), singles(bias))
		return
	}
	for i := range rows {
		d := y[i*stride : i*stride+n]
		for j, v := range x[i*stride : i*stride+n] {
			d[j] = (v-mean[j])*scale[j] + bias[j]
		}
	}
}

// ColDots adds dy and dy*(x-mean[j]) to s[j] and q[j].
func ColDots[T float](rows, stride int, dy, x, mean, s, q []T) {
	n := len(s)
	mean, q = mean[:n], q[:n]
	if rows == 0 || n == 0 {
		return
	}
	dy, x = dy[:(rows-1)*stride+n], x[:(rows-1)*stride+n]
	if isSingle[T]() && fast() {
		asmColDots(rows, stride, singles(dy), singles(x), singles(mean), singles(s), singles(q))
		return
	}
	for i := range rows {
		v := x[i*stride : i*stride+n]
		for j, g := range dy[i*stride : i*stride+n] {
			s[j] += g
			q[j] += g * (v[j] - mean[j])
		}
	}
}

// ColBack sets dx = a[j]*dy + b[j]*(x-mean[j]) + c[j].
func ColBack[T float](rows, stride int, dx, dy, x, mean, a, b, c []T) {
	n := len(mean)
	a, b, c = a[:n], b[:n], c[:n]
	if rows == 0 || n == 0 {
		return
	}
	most := (rows-1)*stride + n
	dx, dy, x = dx[:most], dy[:most], x[:most]
	if isSingle[T]() && fast() {
		asmColBack(rows, stride, singles(dx), singles(dy), singles(x), singles(mean), singles(a), singles(b), singles(c))
		return
	}
	for i := range rows {
		d, g := dx[i*stride:i*stride+n], dy[i*stride:i*stride+n]
		for j, v := range x[i*stride : i*stride+n] {
			d[j] = a[j]*g[j] + b[j]*(v-mean[j]) + c[j]
		}
	}
}
