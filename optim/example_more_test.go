package optim_test

import (
	"fmt"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// A learning rate that rises for five steps and falls along half a wave (11.11).
func ExampleWithSchedule() {
	w := nn.NewParam(nn.Shape(1), nn.InitWith(nn.Ones))
	ps := []nn.Named{{Path: "w", Param: w}}
	w.SetValue(tensor.Ones(1))
	opt := optim.NewSGD(ps, optim.WithSchedule(optim.WarmUp(5, 0, optim.Cosine(0.3, 0.01, 15))))
	for step := range 20 {
		nn.Train().Param(w).Square().Backward()
		opt.Step(1)
		if (step+1)%5 == 0 {
			fmt.Printf("step %d: rate %.4f\n", step+1, opt.LR())
		}
	}
	// Output:
	// step 5: rate 0.3000
	// step 10: rate 0.2275
	// step 15: rate 0.0825
	// step 20: rate 0.0100
}

// signSGD steps by the sign of the gradient, with momentum.
type signSGD struct {
	optim.Base
	v *optim.Slot
}

func newSignSGD(params []nn.Named, opts ...optim.Option) *signSGD {
	o := &signSGD{Base: optim.NewBase("signSGD", params, 0.01, opts...)}
	o.v = o.NewSlot("v")
	return o
}

func (o *signSGD) Step(batchSize int) {
	o.Each(batchSize, func(u *optim.Update) {
		v := u.Memory(o.v)
		v.MulScalarAssign(0.9)
		v.AddScaled(0.1, u.Gradient())
		u.W.AddScaled(-u.LR, v.Sign())
	})
}

// An optimizer of one's own has rates, decay, clipping, schedules and saving from [optim.Base].
func ExampleBase() {
	w := nn.NewParam()
	w.SetValue(tensor.Of([]float32{1, -2}))
	var opt optim.Optimizer = newSignSGD([]nn.Named{{Path: "w", Param: w}}, optim.LR(0.5), optim.ClipNorm(1))
	for range 2 {
		nn.Train().Param(w).Square().Backward()
		opt.Step(1)
	}
	fmt.Println(w.Value())
	// Output: [ 0. -1.]
}

// Two networks against each other, an optimizer each, as in a GAN (17.1): the generator learns where the data lie.
func ExampleOptimizer_twoNetworks() {
	tensor.Seed(0)
	generator := nn.NewDense(1, nn.Inputs(1))
	critic := nn.Sequential{nn.NewDense(8, nn.Tanh, nn.Inputs(1)), nn.NewDense(1, nn.Inputs(8))}
	nn.Init(generator, nn.Normal(0.02))
	nn.Init(critic, nn.Xavier())
	optG := optim.NewAdam(nn.Parameters(generator), optim.LR(0.02))
	optD := optim.NewAdam(nn.Parameters(critic), optim.LR(0.02))
	bce := func(logits *tensor.Tensor, real bool) *tensor.Tensor { // log(1 + exp(∓x))
		if real {
			logits = logits.Neg()
		}
		return logits.Softplus()
	}
	for range 400 {
		real := random.Normal(3, 0.5, 64, 1)
		fake := generator.Forward(nn.Train(), random.Normal(0, 1, 64, 1))

		loss := bce(critic.Forward(nn.Train(), real), true).Add(bce(critic.Forward(nn.Train(), fake.Detach()), false))
		loss.Backward()
		optD.Step(64)

		bce(critic.Forward(nn.Train(), fake), true).Backward() // gradients of both; only the generator steps
		optG.Step(64)
	}
	mean := generator.Forward(nn.Eval(), random.Normal(0, 1, 1000, 1)).Mean().Item()
	fmt.Println(mean > 2.5 && mean < 3.5)
	// Output: true
}

// A batch of 8 in four pieces: the first Backward replaces the gradients, the others add to them.
func ExampleOptimizer_accumulation() {
	w := nn.NewParam()
	w.SetValue(tensor.Ones(2))
	opt := optim.NewSGD([]nn.Named{{Path: "w", Param: w}}, optim.LR(1))
	x := tensor.Arange(16).Reshape(8, 2)
	for i := 0; i < 8; i += 2 {
		mode := tensor.Accumulate
		if i == 0 {
			mode = 0
		}
		x.Slice(tensor.R(i, i+2)).MatMul(nn.Train().Param(w)).Backward(mode)
	}
	opt.Step(8) // w - the mean of the rows
	fmt.Println(w.Value())
	// Output: [-6. -7.]
}

// Rates and momentum of their own for two parts of a model.
func ExampleGroups() {
	body, head := nn.NewDense(2, nn.Inputs(2)), nn.NewDense(1, nn.Inputs(2))
	for _, l := range []*nn.Dense{body, head} {
		nn.Init(l, nn.Ones)
	}
	opt := optim.Groups{
		optim.NewSGD(nn.Parameters(body), optim.LR(0.01)),
		optim.NewSGD(nn.Parameters(head), optim.LR(0.1), optim.Momentum(0.9)),
	}
	head.Forward(nn.Train(), body.Forward(nn.Train(), tensor.Ones(1, 2))).Backward()
	opt.Step(1)
	fmt.Println(body.Bias.Value(), head.Bias.Value())
	// Output: [-0.01 -0.01] [-0.1]
}

// What an optimizer remembers goes into another one, which goes on with the next step.
func ExampleStateful() {
	w := nn.NewParam()
	w.SetValue(tensor.Zeros(1))
	ps := []nn.Named{{Path: "w", Param: w}}
	opt := optim.NewSGD(ps, optim.LR(1), optim.Momentum(0.5))
	nn.Train().Param(w).Backward()
	opt.Step(1)

	again := optim.NewSGD(ps, optim.Momentum(0.5))
	if err := again.SetState(opt.State()); err != nil {
		fmt.Println(err)
	}
	nn.Train().Param(w).Backward()
	again.Step(1)
	fmt.Println(w.Value(), again.LR())
	// Output: [-2.5] 1
}
