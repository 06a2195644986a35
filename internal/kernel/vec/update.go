package vec

import "math"

// SGD updates w[i] -= lr*(scale*g[i] + wd*w[i]): one step of stochastic gradient
// descent with weight decay wd; scale is mostly one over the size of the batch.
func SGD(w, g []float32, lr, wd, scale float64) {
	g = g[:len(w)]
	l, d, c := float32(lr), float32(wd), float32(scale)
	if asmSGD(w, g, l, d, c) {
		return
	}
	for i := range w {
		w[i] -= float32(l * (float32(c*g[i]) + float32(d*w[i])))
	}
}

// Adam updates m, v and w from the gradient g, with the step size lr already
// corrected for the bias of the running means (Kingma and Ba, 2015, end of
// section 2):
//
//	g' = scale*g + wd*w
//	m  = b1*m + (1-b1)*g'
//	v  = b2*v + (1-b2)*g'*g'
//	w -= lr*m/(sqrt(v)+eps)
func Adam(w, m, v, g []float32, lr, b1, b2, eps, wd, scale float64) {
	m, v, g = m[:len(w)], v[:len(w)], g[:len(w)]
	l, e, d, c := float32(lr), float32(eps), float32(wd), float32(scale)
	m1, c1, m2, c2 := float32(b1), float32(1-b1), float32(b2), float32(1-b2)
	if asmAdam(w, m, v, g, &[8]float32{l, m1, c1, m2, c2, e, d, c}) {
		return
	}
	for i := range w {
		gi := float32(c*g[i]) + float32(d*w[i])
		mi := float32(m1*m[i]) + float32(c1*gi)
		vi := float32(m2*v[i]) + float32(float32(c2*gi)*gi)
		m[i], v[i] = mi, vi
		w[i] -= float32(l*mi) / (float32(math.Sqrt(float64(vi))) + e)
	}
}
