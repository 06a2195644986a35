package autograd

import (
	"fmt"
	"slices"

	"github.com/fathom-ml/fathom/tensor"
)

// fresh are leaves with the values of xs, for one derivative; with Create, a recorded x keeps its history.
func fresh(xs []*tensor.Tensor, modes []tensor.Mode) []*tensor.Tensor {
	in := make([]*tensor.Tensor, len(xs))
	for i, x := range xs {
		if x.Recorded() && slices.Contains(modes, tensor.Create) {
			in[i] = x.Clone()
		} else {
			in[i] = x.Detach().Clone().RequireGrad()
		}
	}
	return in
}

// orZeros puts zeros for gradients that do not exist: the function does not depend on that operand.
func orZeros(gs, xs []*tensor.Tensor) []*tensor.Tensor {
	for i, g := range gs {
		if g == nil {
			gs[i] = tensor.ZerosOf(xs[i].DType(), xs[i].Shape()...)
		}
	}
	return gs
}

// VJP returns y = f(xs...) and the vector-Jacobian product of f at xs: for each x the gradient of the sum of v * y, in x's
// shape; zeros if y does not depend on it. v has y's shape. The results are plain values; with Create they are
// recorded and depend on those xs that are.
func VJP(f func(xs ...*tensor.Tensor) *tensor.Tensor, xs []*tensor.Tensor, v *tensor.Tensor, modes ...tensor.Mode) (y *tensor.Tensor, grads []*tensor.Tensor) {
	in := fresh(xs, modes)
	if y = f(in...); !y.Recorded() {
		return y, orZeros(make([]*tensor.Tensor, len(xs)), xs)
	}
	return result(y, modes), orZeros(tensor.GradOfAll([]*tensor.Tensor{y}, []*tensor.Tensor{v}, in, modes...), xs)
}

// result is y for the caller.
func result(y *tensor.Tensor, modes []tensor.Mode) *tensor.Tensor {
	if slices.Contains(modes, tensor.Create) {
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
func JVP(f func(xs ...*tensor.Tensor) *tensor.Tensor, xs, vs []*tensor.Tensor, modes ...tensor.Mode) (y, dy *tensor.Tensor) {
	if len(vs) != len(xs) {
		tensor.Misuse("jvp", fmt.Sprintf("%d directions for %d operands", len(vs), len(xs)), "", xs...)
	}
	in := fresh(xs, modes)
	y = f(in...)
	dy = tensor.ZerosOf(y.DType(), y.Shape()...)
	if !y.Recorded() {
		return y, dy
	}
	u := tensor.ZerosOf(y.DType(), y.Shape()...).RequireGrad()
	gs := tensor.GradOfAll([]*tensor.Tensor{y}, []*tensor.Tensor{u}, in, tensor.Create)
	var ys, ws []*tensor.Tensor
	for i, g := range gs {
		if g != nil && g.Recorded() {
			ys, ws = append(ys, g), append(ws, vs[i])
		}
	}
	if len(ys) > 0 {
		dy = orZeros(tensor.GradOfAll(ys, ws, []*tensor.Tensor{u}, modes...), []*tensor.Tensor{u})[0]
	}
	return result(y, modes), dy
}

// Jacobian returns the derivatives of y = f(xs...): for each x a tensor of y's shape followed by x's, whose element
// [i..., j...] is that of y[i...] with respect to x[j...] (2.4). It takes one Backward for each element of y. Modes are
// as in [VJP].
func Jacobian(f func(xs ...*tensor.Tensor) *tensor.Tensor, xs []*tensor.Tensor, modes ...tensor.Mode) []*tensor.Tensor {
	in := fresh(xs, modes)
	return jacobian(f(in...), in, modes)
}

func jacobian(y *tensor.Tensor, xs []*tensor.Tensor, modes []tensor.Mode) []*tensor.Tensor {
	out := make([]*tensor.Tensor, len(xs))
	rows := make([][]*tensor.Tensor, len(xs))
	for k := range y.Size() {
		gs := make([]*tensor.Tensor, len(xs))
		if y.Recorded() {
			one := tensor.ZerosOf(y.DType(), y.Size())
			one.FillSlice(1, tensor.I(k))
			gs = tensor.GradOfAll([]*tensor.Tensor{y}, []*tensor.Tensor{one.Reshape(y.Shape()...)}, xs, modes...)
		}
		for i, g := range orZeros(gs, xs) {
			rows[i] = append(rows[i], g)
		}
	}
	for i, x := range xs {
		shape := append(y.Shape(), x.Shape()...)
		if len(rows[i]) == 0 {
			out[i] = tensor.ZerosOf(x.DType(), shape...)
		} else {
			out[i] = tensor.Stack(0, rows[i]...).Reshape(shape...)
		}
	}
	return out
}

// gradient1 is the recorded gradient of the one number f(x), nil if f does not depend on x.
func gradient1(op string, f func(x *tensor.Tensor) *tensor.Tensor, x *tensor.Tensor) *tensor.Tensor {
	y := f(x)
	if y.Size() != 1 {
		tensor.Misuse(op, "wants a function of one result", "Sum it, or use Jacobian", y)
	}
	if !y.Recorded() {
		return nil
	}
	if g := tensor.GradOf(y, []*tensor.Tensor{x}, tensor.Create)[0]; g != nil && g.Recorded() {
		return g
	}
	return nil
}

// Hessian returns the second derivatives of a function of one result: a tensor of x's shape twice. It
// takes one Backward for each element of x. Modes are as in [VJP]. It panics if f(x) has several elements or an
// operation of f has no second derivative.
func Hessian(f func(x *tensor.Tensor) *tensor.Tensor, x *tensor.Tensor, modes ...tensor.Mode) *tensor.Tensor {
	in := fresh([]*tensor.Tensor{x}, modes)
	g := gradient1("hessian", f, in[0])
	if g == nil {
		g = tensor.ZerosOf(x.DType(), x.Shape()...)
	}
	return jacobian(g, in, modes)[0]
}

// HVP returns the product of the Hessian of f at x with v, in x's shape, without making the Hessian: the gradient of the
// product of f's gradient with v. Otherwise it is like [Hessian].
func HVP(f func(x *tensor.Tensor) *tensor.Tensor, x, v *tensor.Tensor, modes ...tensor.Mode) *tensor.Tensor {
	in := fresh([]*tensor.Tensor{x}, modes)
	g := gradient1("hvp", f, in[0])
	if g == nil {
		return tensor.ZerosOf(x.DType(), x.Shape()...)
	}
	return orZeros(tensor.GradOfAll([]*tensor.Tensor{g}, []*tensor.Tensor{v}, in, modes...), in)[0]
}
