package d2l

import (
	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// SyntheticData draws n examples of a linear model: X from N(0, 1), shape [n, len(w)], and
// y = Xw + b + noise from N(0, 0.01²), shape [n, 1] (3.2).
func SyntheticData(w *tensor.Tensor, b float64, n int) (X, y *tensor.Tensor) {
	return syntheticData(random.Normal, w, b, n)
}

// SyntheticDataFrom is SyntheticData with the numbers of r: the same data whatever the
// seed of the run.
func SyntheticDataFrom(r *random.Rand, w *tensor.Tensor, b float64, n int) (X, y *tensor.Tensor) {
	return syntheticData(r.Normal, w, b, n)
}

func syntheticData(normal func(mu, sigma float64, shape ...int) *tensor.Tensor, w *tensor.Tensor, b float64, n int) (X, y *tensor.Tensor) {
	X = normal(0, 1, n, w.Size())
	y = X.MatMul(w.Reshape(-1)).AddScalar(b)
	y = y.Add(normal(0, 0.01, y.Shape()...))
	return X, y.Reshape(-1, 1)
}

// Linreg is the linear model Xw + b (3.2).
func Linreg(X, w, b *tensor.Tensor) *tensor.Tensor { return X.MatMul(w).Add(b) }

// SquaredLoss is (yHat - y)²/2 for each example; y takes yHat's shape (3.2).
func SquaredLoss(yHat, y *tensor.Tensor) *tensor.Tensor {
	return yHat.Sub(y.Reshape(yHat.Shape()...)).Square().DivScalar(2)
}

// SGD updates parameters in place by minibatch stochastic gradient descent:
// p -= lr * grad / batchSize (3.2).
func SGD(params []*tensor.Tensor, lr float64, batchSize int) {
	for _, p := range params {
		p.AddScaled(-lr/float64(batchSize), p.Grad())
	}
}

// LoadArray makes a loader of minibatches from tensors in memory, shuffled if it
// is for training (3.3).
func LoadArray(batchSize int, isTrain bool, X *tensor.Tensor, ys ...*tensor.Tensor) *data.Loader[data.Batch] {
	return data.NewLoader(data.NewTensors(X, ys...), batchSize, data.Shuffle(isTrain))
}
