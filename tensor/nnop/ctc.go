package nnop

import (
	"fmt"
	"math"
	"sync"

	"github.com/fathom-ml/fathom/tensor"
)

// ctc: loss[i] = -log of the sum over all paths that spell the labels of example i
type ctc struct {
	labels [][]int // of each example
	steps  []int   // of each example
	blank  int
}

func (ctc) Name() string { return "ctcLoss" }

func (p ctc) Shape(c *tensor.Call) []int {
	c.Float(0)
	if x := c.In(0); len(x) != 3 || x[1] != len(p.labels) {
		return c.Fail("wants logits [steps, n, classes]", "")
	}
	return c.Dims(len(p.labels))
}

func (p ctc) Run(c *tensor.Call) {
	x, dt := c.Operand(0), c.Operand(0).DType()
	logp := LogSoftmax(x.Detach().AsType(tensor.Float64))
	k := logp.Dim(2)
	data := tensor.Data[float64](logp)
	losses := make([]float64, len(p.labels))
	var grad *tensor.Tensor
	var slopes []float64
	if c.Recorded() {
		grad = tensor.ZerosOf(tensor.Float64, logp.Shape()...)
		slopes = tensor.Data[float64](grad)
	}
	var wg sync.WaitGroup
	for i := range p.labels {
		at := func(d []float64) func(t int) []float64 {
			return func(t int) []float64 { o := (t*len(p.labels) + i) * k; return d[o : o+k] }
		}
		wg.Go(func() {
			var slope func(t int) []float64
			if slopes != nil {
				slope = at(slopes)
			}
			losses[i] = alignments(at(data), p.steps[i], p.labels[i], p.blank, slope)
		})
	}
	wg.Wait()
	c.Dev().Copy(c.Y(), tensor.Of(losses).AsType(c.Operand(0).DType()).View())
	if grad != nil {
		s := c.Scratch(dt, logp.Shape()...)
		c.Dev().Copy(s.View(), grad.AsType(dt).View())
		c.Save(s)
	}
}

func (ctc) Grad(n *tensor.Node, _ int, dy *tensor.Tensor) *tensor.Tensor {
	return n.Saved(0, "sum over the alignments with LogSumExp").Mul(dy.Reshape(1, dy.Dim(0), 1))
}

// alignments is the negative logarithm of the sum over all paths by the forward and backward recursions over the labels with blanks between them
// (Graves et al., 2006), logp(t) being the logarithms of the probabilities in step t. It sets slope(t), if there is one, to the gradient with
// respect to the logits: the probability of a class less its share in the paths.
func alignments(logp func(t int) []float64, steps int, labels []int, blank int, slope func(t int) []float64) float64 {
	s := make([]int, 2*len(labels)+1) // with blanks
	for j := range s {
		if s[j] = blank; j%2 == 1 {
			s[j] = labels[j/2]
		}
	}
	none := math.Inf(-1)
	if steps == 0 {
		if len(labels) == 0 {
			return 0
		}
		return math.Inf(1)
	}
	// The path may go on from j-2 if that is no blank and another label.
	skips := func(j int) bool { return j >= 2 && s[j] != blank && s[j] != s[j-2] }
	a := make([][]float64, steps)
	for t := range a {
		a[t] = make([]float64, len(s))
		p := logp(t)
		for j := range s {
			v := none
			switch {
			case t == 0 && j < 2:
				v = 0
			case t > 0:
				v = a[t-1][j]
				if j > 0 {
					v = logAdd(v, a[t-1][j-1])
				}
				if skips(j) {
					v = logAdd(v, a[t-1][j-2])
				}
			}
			a[t][j] = v + p[s[j]]
		}
	}
	last := len(s) - 1
	total := a[steps-1][last]
	if last > 0 {
		total = logAdd(total, a[steps-1][last-1])
	}
	if slope == nil || math.IsInf(total, -1) {
		return -total
	}
	b := make([]float64, len(s)) // of the steps after t
	share := make([]float64, len(logp(0)))
	for t := steps - 1; t >= 0; t-- {
		next := make([]float64, len(s))
		for j := range s {
			v := none
			if t == steps-1 {
				if j >= last-1 {
					v = 0
				}
			} else {
				p := logp(t + 1)
				v = b[j] + p[s[j]]
				if j < last {
					v = logAdd(v, b[j+1]+p[s[j+1]])
				}
				if j+2 <= last && skips(j+2) {
					v = logAdd(v, b[j+2]+p[s[j+2]])
				}
			}
			next[j] = v
		}
		b = next
		clear(share)
		for j := range s {
			share[s[j]] += math.Exp(a[t][j] + b[j] - total)
		}
		out := slope(t)
		for k, lp := range logp(t) {
			out[k] = math.Exp(lp) - share[k]
		}
	}
	return -total
}

// logAdd is log(exp(a) + exp(b)).
func logAdd(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	if math.IsInf(b, -1) {
		return a
	}
	return a + math.Log1p(math.Exp(b-a))
}

// CTCLoss is connectionist temporal classification (Graves et al., 2006): one loss an example, the negative logarithm of the probability that the
// outputs of the steps, each drawn by the softmax of its logits, spell the labels once repetitions and blanks are taken out. Shapes: logits
// [steps, n, classes]; labels[i] are those of example i, without blanks; steps[i] is how many steps of it count, all if steps is
// nil. The loss is infinite, without a gradient, where there are too few steps. It panics if shapes do not fit or a number is out of range.
func CTCLoss(logits *tensor.Tensor, labels [][]int, steps []int, blank int) *tensor.Tensor {
	const op = "ctcLoss"
	if logits.NDim() != 3 || len(labels) != logits.Dim(1) || steps != nil && len(steps) != len(labels) {
		tensor.Misuse(op, fmt.Sprintf("%d sequences of labels and %d lengths for logits [steps, n, classes]", len(labels), len(steps)), "", logits)
	}
	n, k := logits.Dim(0), logits.Dim(2)
	if blank < 0 || blank >= k {
		tensor.Misuse(op, fmt.Sprintf("the blank %d is no class of %d", blank, k), "", logits)
	}
	for i, l := range labels {
		for _, c := range l {
			if c < 0 || c >= k || c == blank {
				tensor.Misuse(op, fmt.Sprintf("example %d: the label %d is no class of %d or the blank", i, c, k), "", logits)
			}
		}
	}
	if steps == nil {
		steps = make([]int, len(labels))
		for i := range steps {
			steps[i] = n
		}
	}
	for i, t := range steps {
		if t < 0 || t > n {
			tensor.Misuse(op, fmt.Sprintf("example %d has %d of %d steps", i, t, n), "", logits)
		}
	}
	return tensor.Do(ctc{labels, steps, blank}, logits)
}

var _ = tensor.Register(ctc{},
	tensor.Case{F: func(in []*tensor.Tensor) *tensor.Tensor {
		return CTCLoss(in[0], [][]int{{1, 1, 2}, {}, {3}}, []int{6, 4, 2}, 0)
	}, In: [][]int{{6, 3, 4}}, Lo: -2, Hi: 2, Once: true},
	tensor.Case{Name: "wrong", F: func(in []*tensor.Tensor) *tensor.Tensor { return CTCLoss(in[0], [][]int{{1}}, nil, 0) }, In: [][]int{{3, 2, 4}}, Wrong: true})
