package optim

// Option is an option of every optimizer: [LR], [WD], [ClipNorm], [ClipValue], [WithSchedule].
type Option func(b *Base)

// SGDOption is an [Option], or one of [NewSGD] and [NewLARS]: [Momentum], [Nesterov], [Trust].
type SGDOption interface{ sgd(o *SGD) }

// AdamOption is an [Option], or one of [NewAdam] and its kin: [Betas], [Eps], [AMSGrad].
type AdamOption interface{ adam(o *Adam) }

// RMSPropOption is an [Option], or one of [NewRMSProp]: [Alpha], [Momentum], [Centered], [Eps].
type RMSPropOption interface{ rmsprop(o *RMSProp) }

// AdagradOption is an [Option], or [Eps] of [NewAdagrad].
type AdagradOption interface{ adagrad(o *Adagrad) }

// AdadeltaOption is an [Option], or one of [NewAdadelta]: [Rho], [Eps].
type AdadeltaOption interface{ adadelta(o *Adadelta) }

// FtrlOption is an [Option], or one of [NewFtrl]: [L1], [Beta].
type FtrlOption interface{ ftrl(o *Ftrl) }

func (f Option) sgd(o *SGD)           { f(&o.Base) }
func (f Option) adam(o *Adam)         { f(&o.Base) }
func (f Option) rmsprop(o *RMSProp)   { f(&o.Base) }
func (f Option) adagrad(o *Adagrad)   { f(&o.Base) }
func (f Option) adadelta(o *Adadelta) { f(&o.Base) }
func (f Option) ftrl(o *Ftrl)         { f(&o.Base) }

// LR is the learning rate.
func LR(v float64) Option { return func(b *Base) { b.lr = v } }

// WD is the weight decay: wd*w is added to the gradient of every parameter w, times its multiplier (4.5). AdamW, LAMB and Lion decay the
// weights apart from the gradient, as their papers do.
func WD(v float64) Option { return func(b *Base) { b.wd = v } }

// ClipNorm bounds the norm of all gradients together (8.5): if the root of the sum of the squares of all g/n is more than c,
// all are multiplied by c over it. The gradients themselves stay as they are; see [ClipGradNorm].
func ClipNorm(c float64) Option { return func(b *Base) { b.clipNorm = c } }

// ClipValue bounds each element of g/n to [-c, c]. Weight decay is added after that.
func ClipValue(c float64) Option { return func(b *Base) { b.clipValue = c } }

// WithSchedule sets the learning rate before every step: that of step k, counted from 1, is s.At(k). To change it once an epoch, use
// [PerEpoch], or SetLR by hand.
func WithSchedule(s Schedule) Option { return func(b *Base) { b.schedule = s } }

// Momentum is the factor by which SGD, LARS and RMSProp keep their last step, an option.
type Momentum float64

func (m Momentum) sgd(o *SGD)         { o.momentum = float64(m) }
func (m Momentum) rmsprop(o *RMSProp) { o.momentum = float64(m) }

// Eps keeps an optimizer from dividing by zero, an option.
type Eps float64

func (e Eps) adam(o *Adam)         { o.eps = float64(e) }
func (e Eps) rmsprop(o *RMSProp)   { o.eps = float64(e) }
func (e Eps) adagrad(o *Adagrad)   { o.eps = float64(e) }
func (e Eps) adadelta(o *Adadelta) { o.eps = float64(e) }
