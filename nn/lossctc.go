package nn

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/nnop"
)

// CTCLoss is connectionist temporal classification, one value an example; see [nnop.CTCLoss]. Shapes: logits [n, steps, classes] as in Gluon (SwapAxes(0, 1)
// for time first), labels [n, most] of integers; example i has labelLengths[i] labels, and steps[i] of its steps count. Where labelLengths is nil labels end
// at the first that is negative; where steps is nil all steps count. The blank is the last class, as in Gluon's loss, unless [Blank] says otherwise.
// With [AsMean] each loss is divided by the number of its labels first, as in PyTorch.
func CTCLoss(logits, labels *tensor.Tensor, steps, labelLengths []int) *tensor.Tensor {
	return noOptions.CTCLoss(logits, labels, steps, labelLengths)
}

// CTCLoss is [CTCLoss] with options.
func (l *LossOptions) CTCLoss(logits, labels *tensor.Tensor, steps, labelLengths []int) *tensor.Tensor {
	const op = "nn.CTCLoss"
	if logits.NDim() != 3 || labels.NDim() != 2 || labels.Dim(0) != logits.Dim(0) || labelLengths != nil && len(labelLengths) != labels.Dim(0) {
		tensor.Misuse(op, "logits and labels do not match", "logits [n, steps, classes], labels [n, most]", logits, labels)
	}
	o := l.of(op)
	blank := logits.Dim(2) - 1
	if o.ignore != nil {
		blank = *o.ignore
	}
	most, all := labels.Dim(1), labels.Detach().Flatten().Ints()
	spelled := make([][]int, labels.Dim(0))
	lengths := make([]float64, len(spelled))
	for i := range spelled {
		l := all[i*most : (i+1)*most]
		n := 0
		if labelLengths != nil {
			if n = labelLengths[i]; n < 0 || n > most {
				tensor.Misuse(op, fmt.Sprintf("example %d has %d of %d labels", i, n, most), "", logits, labels)
			}
		} else {
			for n < most && l[n] >= 0 {
				n++
			}
		}
		spelled[i], lengths[i] = l[:n], float64(max(n, 1))
	}
	e := nnop.CTCLoss(logits.SwapAxes(0, 1), spelled, steps, blank)
	if o.mean {
		e = e.Div(tensor.Of(lengths).AsType(e.DType()))
	}
	return o.reduce(e, nil)
}

// Blank is the class of [CTCLoss] that stands for nothing: 0 in PyTorch.
func Blank(class int) LossOption { return func(o *LossOptions) { o.ignore = &class } }
