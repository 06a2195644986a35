// Package optim holds the optimizers: SGD with and without momentum, Adam and its kin, RMSProp, Adagrad, Adadelta, LARS, LAMB, Lion, Ftrl, SGLD,
// and the schedules of learning rates.
// They update parameters in place from the gradients that Backward wrote, in one
// pass over memory each, and one more to read the gradients if their norm is bounded.
//
//	opt := optim.NewSGD(nn.Parameters(net), optim.LR(0.9))
//	for X, y := range train.Batches() {
//		loss := nn.SoftmaxCrossEntropy(net.Forward(nn.Train(), X), y)
//		loss.Backward()
//		opt.Step(X.Dim(0))
//	}
package optim
