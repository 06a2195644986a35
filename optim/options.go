package optim

// SGDOption is an option of [NewSGD]: [LR], [WD], [Momentum], [Nesterov], [ClipNorm] or [ClipValue].
type SGDOption interface{ sgd(o *SGD) }

// AdamOption is an option of [NewAdam] and [NewAdamW]: [LR], [WD], [Betas], [Eps], [ClipNorm] or [ClipValue].
type AdamOption interface{ adam(o *Adam) }

// RMSPropOption is an option of [NewRMSProp]: [LR], [WD], [Alpha], [Momentum], [Centered], [Eps], [ClipNorm] or [ClipValue].
type RMSPropOption interface{ rmsprop(o *RMSProp) }

// AdagradOption is an option of [NewAdagrad]: [LR], [WD], [Eps], [ClipNorm] or [ClipValue].
type AdagradOption interface{ adagrad(o *Adagrad) }

// AdadeltaOption is an option of [NewAdadelta]: [LR], [WD], [Rho], [Eps], [ClipNorm] or [ClipValue].
type AdadeltaOption interface{ adadelta(o *Adadelta) }

// LR is the learning rate, an option.
type LR float64

func (v LR) sgd(o *SGD)           { o.lr = float64(v) }
func (v LR) adam(o *Adam)         { o.lr = float64(v) }
func (v LR) rmsprop(o *RMSProp)   { o.lr = float64(v) }
func (v LR) adagrad(o *Adagrad)   { o.lr = float64(v) }
func (v LR) adadelta(o *Adadelta) { o.lr = float64(v) }

// WD is the weight decay, an option: wd*w is added to the gradient of every
// parameter w, times its multiplier (4.5).
type WD float64

func (v WD) sgd(o *SGD)           { o.wd = float64(v) }
func (v WD) adam(o *Adam)         { o.wd = float64(v) }
func (v WD) rmsprop(o *RMSProp)   { o.wd = float64(v) }
func (v WD) adagrad(o *Adagrad)   { o.wd = float64(v) }
func (v WD) adadelta(o *Adadelta) { o.wd = float64(v) }

// ClipNorm bounds the norm of all gradients together, an option (8.5): if the root of the sum of the squares of all g/n is more than c,
// all are multiplied by c over it. The gradients themselves stay as they are; see [ClipGradNorm].
type ClipNorm float64

func (c ClipNorm) sgd(o *SGD)           { o.clipNorm = float64(c) }
func (c ClipNorm) adam(o *Adam)         { o.clipNorm = float64(c) }
func (c ClipNorm) rmsprop(o *RMSProp)   { o.clipNorm = float64(c) }
func (c ClipNorm) adagrad(o *Adagrad)   { o.clipNorm = float64(c) }
func (c ClipNorm) adadelta(o *Adadelta) { o.clipNorm = float64(c) }

// ClipValue bounds each element of g/n to [-c, c], an option. Weight decay is added after that.
type ClipValue float64

func (c ClipValue) sgd(o *SGD)           { o.clipValue = float64(c) }
func (c ClipValue) adam(o *Adam)         { o.clipValue = float64(c) }
func (c ClipValue) rmsprop(o *RMSProp)   { o.clipValue = float64(c) }
func (c ClipValue) adagrad(o *Adagrad)   { o.clipValue = float64(c) }
func (c ClipValue) adadelta(o *Adadelta) { o.clipValue = float64(c) }

// Momentum is the factor by which SGD and RMSProp keep their last step, an option.
type Momentum float64

func (m Momentum) sgd(o *SGD)         { o.momentum = float64(m) }
func (m Momentum) rmsprop(o *RMSProp) { o.momentum = float64(m) }

// Eps keeps an optimizer from dividing by zero, an option.
type Eps float64

func (e Eps) adam(o *Adam)         { o.eps = float64(e) }
func (e Eps) rmsprop(o *RMSProp)   { o.eps = float64(e) }
func (e Eps) adagrad(o *Adagrad)   { o.eps = float64(e) }
func (e Eps) adadelta(o *Adadelta) { o.eps = float64(e) }
