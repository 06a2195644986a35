package tensor

import "slices"

// fresh are leaves with the values of xs, for one derivative; with Create, a recorded x keeps its history.
func fresh(xs []*Tensor, modes []Mode) []*Tensor {
	in := make([]*Tensor, len(xs))
	for i, x := range xs {
		if x.node != nil && slices.Contains(modes, Create) {
			in[i] = x.Clone()
		} else {
			in[i] = x.alias().Clone().RequireGrad()
		}
	}
	return in
}

// orZeros puts zeros for gradients that do not exist: the function does not depend on that operand.
func orZeros(gs, xs []*Tensor) []*Tensor {
	for i, g := range gs {
		if g == nil {
			gs[i] = ZerosOf(xs[i].dt, xs[i].shape...)
		}
	}
	return gs
}

// VJP returns y = f(xs...) and the vector-Jacobian product of f at xs: for each x the gradient of the sum of v * y, in x's
// shape; zeros if y does not depend on it. v has y's shape. The results are plain values; with Create they are
// recorded and depend on those xs that are.
func VJP(f func(xs ...*Tensor) *Tensor, xs []*Tensor, v *Tensor, modes ...Mode) (y *Tensor, grads []*Tensor) {
	in := fresh(xs, modes)
	if y = f(in...); y.node == nil {
		return y, orZeros(make([]*Tensor, len(xs)), xs)
	}
	return result(y, modes), orZeros(GradOfAll([]*Tensor{y}, []*Tensor{v}, in, modes...), xs)
}

// result is y for the caller.
func result(y *Tensor, modes []Mode) *Tensor {
	if slices.Contains(modes, Create) {
		return y
	}
	return y.Detach()
}

// JVP returns y = f(xs...) and the Jacobian-vector product of f at xs: the derivative of y when each x moves along its v,
// in y's shape. Each v has the shape of its x. Modes are as in [VJP].
//
// It differentiates twice: the vector-Jacobian product is linear in its vector u, and the derivative of its product
// with v with respect to u is J v. So every operation of f must have a second derivative; fused ones that
// have none panic. Its cost is that of a few gradients, whatever the shapes.
func JVP(f func(xs ...*Tensor) *Tensor, xs, vs []*Tensor, modes ...Mode) (y, dy *Tensor) {
	in := fresh(xs, modes)
	y = f(in...)
	dy = ZerosOf(y.dt, y.shape...)
	if y.node == nil {
		return y, dy
	}
	u := ZerosOf(y.dt, y.shape...).RequireGrad()
	gs := GradOfAll([]*Tensor{y}, []*Tensor{u}, in, Create)
	var ys, ws []*Tensor
	for i, g := range gs {
		if g != nil && g.node != nil {
			ys, ws = append(ys, g), append(ws, vs[i])
		}
	}
	if len(ys) > 0 {
		dy = orZeros(GradOfAll(ys, ws, []*Tensor{u}, modes...), []*Tensor{u})[0]
	}
	return result(y, modes), dy
}

// Jacobian returns the derivatives of y = f(xs...): for each x a tensor of y's shape followed by x's, whose element
// [i..., j...] is that of y[i...] with respect to x[j...] (2.4). It takes one Backward for each element of y. Modes are
// as in [VJP].
func Jacobian(f func(xs ...*Tensor) *Tensor, xs []*Tensor, modes ...Mode) []*Tensor {
	in := fresh(xs, modes)
	return jacobian(f(in...), in, modes)
}

func jacobian(y *Tensor, xs []*Tensor, modes []Mode) []*Tensor {
	out := make([]*Tensor, len(xs))
	rows := make([][]*Tensor, len(xs))
	for k := range y.Size() {
		gs := make([]*Tensor, len(xs))
		if y.node != nil {
			one := ZerosOf(y.dt, y.Size())
			one.FillSlice(1, I(k))
			gs = GradOfAll([]*Tensor{y}, []*Tensor{one.Reshape(y.shape...)}, xs, modes...)
		}
		for i, g := range orZeros(gs, xs) {
			rows[i] = append(rows[i], g)
		}
	}
	for i, x := range xs {
		shape := append(y.Shape(), x.shape...)
		if len(rows[i]) == 0 {
			out[i] = ZerosOf(x.dt, shape...)
		} else {
			out[i] = Stack(0, rows[i]...).Reshape(shape...)
		}
	}
	return out
}

// gradient1 is the recorded gradient of the one number f(x), nil if f does not depend on x.
func gradient1(op string, f func(x *Tensor) *Tensor, x *Tensor) *Tensor {
	y := f(x)
	if y.Size() != 1 {
		Misuse(op, "wants a function of one result", "Sum it, or use Jacobian", y)
	}
	if y.node == nil {
		return nil
	}
	if g := GradOf(y, []*Tensor{x}, Create)[0]; g != nil && g.node != nil {
		return g
	}
	return nil
}

// Hessian returns the second derivatives of a function of one result: a tensor of x's shape twice. It
// takes one Backward for each element of x. Modes are as in [VJP]. It panics if f(x) has several elements or an
// operation of f has no second derivative.
func Hessian(f func(x *Tensor) *Tensor, x *Tensor, modes ...Mode) *Tensor {
	in := fresh([]*Tensor{x}, modes)
	g := gradient1("hessian", f, in[0])
	if g == nil {
		g = ZerosOf(x.dt, x.shape...)
	}
	return jacobian(g, in, modes)[0]
}

// HVP returns the product of the Hessian of f at x with v, in x's shape, without making the Hessian: the gradient of the
// product of f's gradient with v. Otherwise it is like [Hessian].
func HVP(f func(x *Tensor) *Tensor, x, v *Tensor, modes ...Mode) *Tensor {
	in := fresh([]*Tensor{x}, modes)
	g := gradient1("hvp", f, in[0])
	if g == nil {
		return ZerosOf(x.dt, x.shape...)
	}
	return orZeros(GradOfAll([]*Tensor{g}, []*Tensor{v}, in, modes...), in)[0]
}
