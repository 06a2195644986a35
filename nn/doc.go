// Package nn holds layers, parameters and losses.
//
// A model is a struct with layers as fields and a Forward method; its
// parameters are found by walking it ([Parameters]). [Init] gives them their
// initialiser, and a parameter's values are drawn at its first use, when its
// shape is known:
//
//	type MLP struct{ Hidden, Out *nn.Dense }
//
//	func (m *MLP) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
//		return m.Out.Forward(c, m.Hidden.Forward(c, x).ReLU())
//	}
//
// Whether a model is trained or evaluated is an argument: [Train] and [Eval]
// make the [Ctx] that every Forward takes first.
package nn
