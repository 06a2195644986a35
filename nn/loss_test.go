package nn_test

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

// wide is a tensor in testdata/losses.json, which tools/oracle/losses.py writes.
type wide struct {
	Shape []int
	Data  []float64
	Int   bool
}

func (p *wide) tensor() *tensor.Tensor {
	t := tensor.Of(p.Data, p.Shape...)
	if p.Int {
		t = t.AsType(tensor.Int64)
	}
	return t
}

type lossCase struct {
	In    []*wide
	Y     *wide
	Grads []*wide
}

func matrix(rows ...[]float64) *tensor.Tensor { return tensor.Matrix(rows) }

var lossTests = map[string]func(in []*tensor.Tensor) *tensor.Tensor{}

func init() {
	type ts = []*tensor.Tensor
	y := tensor.Of([]int{2, 0, 3, 3, 1})
	y3 := tensor.Matrix([][]int{{0, 1, 2, 3, 0}, {1, 1, 1, 1, 1}, {3, 2, 1, 0, 3}})
	w := nn.ClassWeights(tensor.Of([]float64{0.5, 1, 2, 3}))
	mask := matrix([]float64{1, 1, 0, 0, 0}, []float64{1, 1, 1, 1, 1}, []float64{0, 0, 0, 0, 0})
	hard := matrix([]float64{0, 1, 1}, []float64{1, 0, 0}, []float64{0, 1, 0}, []float64{1, 1, 0})
	sign := matrix([]float64{1, -1, 1}, []float64{-1, -1, 1}, []float64{1, 1, 1}, []float64{-1, 1, -1})
	s1 := tensor.Of([]float64{1, -1, -1, 1, -1})
	labels := tensor.Matrix([][]int{{1, 2, 2}, {3, 0, 0}, {4, 1, 0}})
	last := tensor.Matrix([][]int{{1, 2, 2}, {3, -1, -1}, {0, 1, -1}})

	type loss func(a, b *tensor.Tensor) *tensor.Tensor
	two := func(f loss) func(in ts) *tensor.Tensor {
		return func(in ts) *tensor.Tensor { return f(in[0], in[1]) }
	}
	ce := func(y *tensor.Tensor, opts ...nn.LossOption) func(in ts) *tensor.Tensor {
		return func(in ts) *tensor.Tensor { return nn.With(opts...).SoftmaxCrossEntropy(in[0], y) }
	}
	on := func(y *tensor.Tensor, f loss) func(in ts) *tensor.Tensor {
		return func(in ts) *tensor.Tensor { return f(in[0], y) }
	}
	lossTests = map[string]func(in ts) *tensor.Tensor{
		"l1":                 two(nn.L1Loss),
		"l2":                 two(nn.L2Loss),
		"mse mean":           two(nn.With(nn.AsMean).MSELoss),
		"mse sum":            two(nn.With(nn.AsSum).MSELoss),
		"huber":              func(in ts) *tensor.Tensor { return nn.HuberLoss(in[0], in[1], 0.7) },
		"huber mean":         func(in ts) *tensor.Tensor { return nn.With(nn.AsMean).HuberLoss(in[0], in[1], 1.5) },
		"smooth l1":          func(in ts) *tensor.Tensor { return nn.SmoothL1Loss(in[0], in[1], 0.7) },
		"poisson":            two(nn.PoissonNLLLoss),
		"poisson full mean":  two(nn.With(nn.Full, nn.AsMean).PoissonNLLLoss),
		"poisson rates":      two(nn.With(nn.Rates, nn.AsSum).PoissonNLLLoss),
		"gaussian":           func(in ts) *tensor.Tensor { return nn.GaussianNLLLoss(in[0], in[1], in[2]) },
		"gaussian full mean": func(in ts) *tensor.Tensor { return nn.With(nn.Full, nn.AsMean).GaussianNLLLoss(in[0], in[1], in[2]) },

		"ce":                      ce(y),
		"ce mean":                 ce(y, nn.AsMean),
		"ce weights mean":         ce(y, w, nn.AsMean),
		"ce weights sum":          ce(y, w, nn.AsSum),
		"ce ignore mean":          ce(y, nn.IgnoreIndex(3), nn.AsMean),
		"ce ignore weights":       ce(y, nn.IgnoreIndex(3), w, nn.AsMean),
		"ce smooth":               ce(y, nn.LabelSmoothing(0.1)),
		"ce smooth all":           ce(y, nn.LabelSmoothing(0.1), w, nn.IgnoreIndex(3), nn.AsMean),
		"ce probabilities":        two(nn.SoftmaxCrossEntropy),
		"ce probabilities smooth": two(nn.With(nn.LabelSmoothing(0.2), w, nn.AsMean).SoftmaxCrossEntropy),
		"ce axis":                 ce(y3, nn.Axis(1)),
		"ce axis mean":            ce(y3, nn.Axis(1), w, nn.LabelSmoothing(0.05), nn.AsMean),
		"ce large":                ce(y),
		"nll":                     ce(y, nn.LogProbabilities),
		"nll weights mean":        ce(y, nn.LogProbabilities, w, nn.AsMean),
		"ce sample weights":       ce(y, nn.SampleWeight(tensor.Of([]float64{1, 0, 2, 0.5, 3}))),
		"ce masked 9.7":           ce(y3, nn.Axis(1), nn.SampleWeight(mask)),
		"ce mask":                 ce(y3, nn.Axis(1), nn.Mask(mask)),
		"ce mask mean":            ce(y3, nn.Axis(1), nn.Mask(mask.AsType(tensor.Bool)), nn.AsMean),

		"bce":               two(nn.SigmoidBCELoss),
		"bce pos":           two(nn.With(nn.PosWeight(tensor.Of([]float64{1, 2, 0.5})), nn.AsMean).SigmoidBCELoss),
		"bce large":         two(nn.SigmoidBCELoss),
		"bce probabilities": two(nn.With(nn.Probabilities, nn.AsSum).SigmoidBCELoss),
		"focal":             func(in ts) *tensor.Tensor { return nn.FocalLoss(in[0], hard, 0.25, 2) },
		"kl":                two(nn.KLDivLoss),
		"kl batchmean":      func(in ts) *tensor.Tensor { return nn.With(nn.AsSum).KLDivLoss(in[0], in[1]).DivScalar(5) },
		"kl logits":         two(nn.With(nn.FromLogits).KLDivLoss),

		"hinge":          on(sign, nn.HingeLoss),
		"squared hinge":  on(sign, nn.With(nn.Margin(0.5)).SquaredHingeLoss),
		"logistic":       on(sign.AddScalar(1).DivScalar(2), nn.With(nn.BinaryLabels).LogisticLoss),
		"triplet":        func(in ts) *tensor.Tensor { return nn.TripletLoss(in[0], in[1], in[2]) },
		"triplet margin": func(in ts) *tensor.Tensor { return nn.With(nn.Margin(0.5)).TripletMarginLoss(in[0], in[1], in[2]) },
		"cosine":         func(in ts) *tensor.Tensor { return nn.With(nn.Margin(0.1)).CosineEmbeddingLoss(in[0], in[1], s1) },
		"ranking":        func(in ts) *tensor.Tensor { return nn.With(nn.Margin(0.3)).MarginRankingLoss(in[0], in[1], s1) },
		"bpr":            two(nn.BPRLoss),
		"ctc": func(in ts) *tensor.Tensor {
			return nn.With(nn.Blank(0)).CTCLoss(in[0], labels, []int{7, 4, 6}, []int{3, 1, 2})
		},
		"ctc mean": func(in ts) *tensor.Tensor {
			return nn.With(nn.Blank(0), nn.AsMean).CTCLoss(in[0], labels, []int{7, 4, 6}, []int{3, 1, 2})
		},
		"ctc last": func(in ts) *tensor.Tensor { return nn.CTCLoss(in[0], last, nil, nil) },
	}
}

func TestLossesAgainstPyTorch(t *testing.T) {
	text, err := os.ReadFile("testdata/losses.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases map[string]lossCase
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) != len(lossTests) {
		t.Errorf("%d losses, PyTorch has %d", len(lossTests), len(cases))
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			f := lossTests[name]
			if f == nil {
				t.Fatal("no such loss")
			}
			in := make([]*tensor.Tensor, len(c.In))
			for i, p := range c.In {
				if in[i] = p.tensor(); !p.Int {
					in[i].RequireGrad()
				}
			}
			y := f(in)
			if !tensor.AllClose(y.Detach(), c.Y.tensor(), 1e-7, 1e-9) {
				t.Errorf("%v\nPyTorch:\n%v", y, c.Y.tensor())
			}
			y.BackwardWith(tensor.ArangeOf(tensor.Float64, 1, float64(y.Size()+1)).Reshape(y.Shape()...))
			for i, g := range c.Grads {
				if g != nil && !tensor.AllClose(in[i].Grad().Detach(), g.tensor(), 1e-6, 1e-9) {
					t.Errorf("gradient %d:\n%v\nPyTorch:\n%v", i, in[i].Grad(), g.tensor())
				}
			}
		})
	}
}

// What is masked out may be NaN and spoils neither the loss nor the gradient.
func TestMaskedNaN(t *testing.T) {
	x := tensor.Of([]float32{1, float32(math.NaN()), 3}, 1, 3).RequireGrad()
	l := nn.With(nn.Mask(tensor.Of([]float32{1, 0, 1}, 1, 3))).L2Loss(x, tensor.Zeros(1, 3))
	if got := l.Item(); got != 2.5 {
		t.Errorf("loss %v, want 2.5", got)
	}
	if l.Backward(); x.Grad().At(0, 0) != 0.5 || x.Grad().At(0, 2) != 1.5 {
		t.Errorf("gradient %v", x.Grad())
	}
}

// TestMaskedLossOfTheBook holds 9.7: logits and labels of ones, lengths 4, 2, 0.
func TestMaskedLossOfTheBook(t *testing.T) {
	weights := tensor.Ones(3, 4).SequenceMask(tensor.Of([]int{4, 2, 0}), 0, 1)
	l := nn.With(nn.SampleWeight(weights)).SoftmaxCrossEntropy(tensor.Ones(3, 4, 10), tensor.Ones(3, 4).AsType(tensor.Int32))
	near(t, "masked loss", l, 2.3025851, 1.1512926, 0)
}

func TestLossMisuse(t *testing.T) {
	x := tensor.Zeros(2, 3)
	for want, f := range map[string]func(){
		"nn.L1Loss: predictions and labels do not match: [2 3] x [4]": func() { nn.L1Loss(x, tensor.Zeros(4)) },
		"delta is -1":                        func() { nn.HuberLoss(x, x, -1) },
		"one weight a class":                 func() { nn.With(nn.ClassWeights(tensor.Ones(2))).SoftmaxCrossEntropy(x, tensor.Of([]int{0, 1})) },
		"there is no axis 7":                 func() { nn.With(nn.Axis(7)).SoftmaxCrossEntropy(x, x) },
		"the weights do not fit":             func() { nn.With(nn.SampleWeight(tensor.Ones(5))).L2Loss(x, x) },
		"example 0: the label 7 is no class": func() { nn.CTCLoss(tensor.Zeros(1, 4, 3), tensor.Of([]int{7}, 1, 1), nil, nil) },
		"one label a pair":                   func() { nn.CosineEmbeddingLoss(x, x, tensor.Ones(3)) },
		"nn.SoftmaxCrossEntropy":             func() { nn.SoftmaxCrossEntropy(x, tensor.Of([]int{0, 1, 2})) },
	} {
		if err := tensor.Try(f); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

func TestImpossibleCTC(t *testing.T) {
	x := tensor.Zeros(1, 2, 3).RequireGrad()
	l := nn.CTCLoss(x, tensor.Of([]int{0, 0}, 1, 2), nil, nil) // a repetition needs a blank between
	if !math.IsInf(l.Item(), 1) {
		t.Errorf("the loss of labels that do not fit is %v", l)
	}
	if l.Backward(); x.Grad().Abs().Sum().Item() != 0 {
		t.Errorf("its gradient is %v", x.Grad())
	}
}
