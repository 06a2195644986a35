package cell

// op names a routine in assembly among those with the same parameters.
type op uint8

const (
	opTanh op = iota
	opReLU
	opTanhGrad
	opReLUGrad
	opGRU
	opGRUGates
	opGRUState
	opGRUStateGrad
)
