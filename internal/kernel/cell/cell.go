// Package cell does one step of a recurrent cell for one sequence, and the gradient of such a
// step: what is elementwise in it, in one pass over the hidden units. The products with the weights
// are the caller's.
//
// Slices of h units: y the new state, h or c0 the old one, p the input's part of the gates'
// arguments and u the state's part. Of p, u, the gates g and the gradient dp the numbers of gate k are
// [k*h, (k+1)*h). A routine of gradients reads dy and dh, whose sum is the gradient of y.
//
// Every routine is written in assembly for AVX-512 and for AVX2, and as the Go loop that stands here, which
// is the definition. Results are equal within the errors of tanh and sigmoid in package vec and of fused
// multiplications.
package cell

import "math"

// Float is what a state holds.
type Float interface{ float32 | float64 }

func tanh[T Float](x T) T    { return T(math.Tanh(float64(x))) }
func sigmoid[T Float](x T) T { return T(1 / (1 + math.Exp(-float64(x)))) }

// Tanh sets y = tanh(p + u).
func Tanh[T Float](y, p, u []T) {
	if asm3(opTanh, y, p, u) {
		return
	}
	for i := range y {
		y[i] = tanh(p[i] + u[i])
	}
}

// ReLU sets y = max(0, p + u); NaN stays NaN.
func ReLU[T Float](y, p, u []T) {
	if asm3(opReLU, y, p, u) {
		return
	}
	for i := range y {
		v := p[i] + u[i]
		if v < 0 {
			v = 0
		}
		y[i] = v
	}
}

// TanhGrad sets dp = (dy + dh)*(1 - y*y).
func TanhGrad[T Float](dp, dy, dh, y []T) {
	if asm4(opTanhGrad, dp, dy, dh, y) {
		return
	}
	for i, v := range y {
		dp[i] = (dy[i] + dh[i]) * (1 - v*v)
	}
}

// ReLUGrad sets dp = dy + dh where y > 0, else 0.
func ReLUGrad[T Float](dp, dy, dh, y []T) {
	if asm4(opReLUGrad, dp, dy, dh, y) {
		return
	}
	for i, v := range y {
		d := dy[i] + dh[i]
		if !(v > 0) {
			d = 0
		}
		dp[i] = d
	}
}

// GRU is the unit whose reset gate follows the product:
//
//	r = sigmoid(p0 + u0), z = sigmoid(p1 + u1), n = tanh(p2 + r*u2), y = n + z*(h - n)
//
// It keeps r, z, n and u2 in g.
func GRU[T Float](y, g, p, u, h []T) {
	if asm5(opGRU, y, g, p, u, h) {
		return
	}
	w := len(y)
	for i := range y {
		r, z, q := sigmoid(p[i]+u[i]), sigmoid(p[w+i]+u[w+i]), u[2*w+i]
		n := tanh(p[2*w+i] + r*q)
		g[i], g[w+i], g[2*w+i], g[3*w+i] = r, z, n, q
		y[i] = n + z*(h[i]-n)
	}
}

// GRUGrad sets dp, and dq, the gradient of u2; dh becomes what goes straight to h.
func GRUGrad[T Float](dp, dq, dh, dy, g, h []T) {
	if asmGRUGrad(dp, dq, dh, dy, g, h) {
		return
	}
	w := len(dh)
	for i := range dh {
		r, dn := g[i], mixGrad(i, dp, dh, dy, g, h)
		dq[i] = dn * r
		dp[i] = dn * g[3*w+i] * (1 - r) * r
	}
}

// mixGrad is the gradient of y = n + z*(h - n) in unit i; it returns that of n's argument.
func mixGrad[T Float](i int, dp, dh, dy, g, h []T) T {
	w := len(dh)
	d, z, n := dy[i]+dh[i], g[w+i], g[2*w+i]
	dh[i] = d * z
	dn := d * (1 - z) * (1 - n*n)
	dp[2*w+i] = dn
	dp[w+i] = d * (h[i] - n) * z * (1 - z)
	return dn
}

// GRUGates is the first half of the unit whose reset gate comes before the product:
//
//	r = sigmoid(p0 + u0), z = sigmoid(p1 + u1), rh = r*h
//
// It keeps r and z in g. The caller then sets u2 to the product of rh.
func GRUGates[T Float](rh, g, p, u, h []T) {
	if asm5(opGRUGates, rh, g, p, u, h) {
		return
	}
	w := len(rh)
	for i := range rh {
		r := sigmoid(p[i] + u[i])
		g[i], g[w+i] = r, sigmoid(p[w+i]+u[w+i])
		rh[i] = r * h[i]
	}
}

// GRUState is the second half: n = tanh(p2 + u2), y = n + z*(h - n). It keeps n in g, where z is.
func GRUState[T Float](y, g, p, u, h []T) {
	if asm5(opGRUState, y, g, p, u, h) {
		return
	}
	w := len(y)
	for i := range y {
		n := tanh(p[2*w+i] + u[2*w+i])
		g[2*w+i] = n
		y[i] = n + g[w+i]*(h[i]-n)
	}
}

// GRUStateGrad sets the parts of dp for z and n; dh becomes what goes straight to h.
func GRUStateGrad[T Float](dp, dh, dy, g, h []T) {
	if asm5(opGRUStateGrad, dh, dp, dy, g, h) {
		return
	}
	for i := range dh {
		mixGrad(i, dp, dh, dy, g, h)
	}
}

// GRUGatesGrad takes the gradient d of rh: it sets the part of dp for r, adds d*r to dh and makes rh again.
func GRUGatesGrad[T Float](dp, rh, dh, d, g, h []T) {
	if asmGRUGatesGrad(dp, rh, dh, d, g, h) {
		return
	}
	for i := range dh {
		r := g[i]
		rh[i] = r * h[i]
		dh[i] += d[i] * r
		dp[i] = d[i] * h[i] * r * (1 - r)
	}
}

// LSTM is
//
//	i, f, o = sigmoid of p0 + u0, p1 + u1, p3 + u3; g = tanh(p2 + u2); c = f*c0 + i*g; y = o*tanh(c)
//
// It keeps i, f, g and o in g. c may be c0.
func LSTM[T Float](y, c, g, p, u, c0 []T) {
	if asmLSTM(y, c, g, p, u, c0) {
		return
	}
	w := len(y)
	for k := range y {
		i, f := sigmoid(p[k]+u[k]), sigmoid(p[w+k]+u[w+k])
		n, o := tanh(p[2*w+k]+u[2*w+k]), sigmoid(p[3*w+k]+u[3*w+k])
		g[k], g[w+k], g[2*w+k], g[3*w+k] = i, f, n, o
		c[k] = f*c0[k] + i*n
		y[k] = o * tanh(c[k])
	}
}

// LSTMGrad sets dp from the gradients of y and, in dc, of c; dc becomes that of c0.
func LSTMGrad[T Float](dp, dc, dh, dy, g, c, c0 []T) {
	if asmLSTMGrad(dp, dc, dh, dy, g, c, c0) {
		return
	}
	w := len(dc)
	for k := range dc {
		i, f, n, o := g[k], g[w+k], g[2*w+k], g[3*w+k]
		d, t := dy[k]+dh[k], tanh(c[k])
		dp[3*w+k] = d * t * o * (1 - o)
		e := dc[k] + d*o*(1-t*t)
		dp[k] = e * n * i * (1 - i)
		dp[w+k] = e * c0[k] * f * (1 - f)
		dp[2*w+k] = e * i * (1 - n*n)
		dc[k] = e * f
	}
}
