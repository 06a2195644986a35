package vec

import "github.com/fathom-ml/fathom/internal/kernel/simd"

// Features lists the vector instructions of the processor, as package simd does.
func Features() string { return simd.Features() }

// Kernels is the set of kernels in use: "avx512", "avx2", "neon" or "go".
func Kernels() string { return simd.Active.String() }

// The routines that exist in assembly, by their operands.
type (
	opBinary uint8
	opUnary  uint8
	opScalar uint8
	opAngle  uint8
)

const (
	opAdd opBinary = iota
	opSub
	opMul
	opDiv
	opMax
	opMin
	opReluGrad
	opSigmoidGrad
	opTanhGrad
	opGeluGrad
	opGeluTanhGrad
	opMishGrad
	opSiluGrad
)

const (
	opExp opUnary = iota
	opLog
	opLog2
	opLog10
	opLog1p
	opExp2
	opExpm1
	opSinh
	opCosh
	opSoftplus
	opMish
	opTanh
	opSigmoid
	opRelu
	opSqrt
	opSquare
	opNeg
	opAbs
	opReciprocal
	opErf
	opErfc
	opGelu
	opGeluTanh
	opSilu
	opRsqrt
	opSign
	opFloor
	opCeil
	opTrunc
	opRound
	opCopy
)

const (
	opAddS opScalar = iota
	opRsubS
	opMulS
	opDivS
	opRdivS
	opMaxS
	opMinS
	opAffine
	opAddScaled
)

const (
	opSin opAngle = iota
	opCos
	opTan
)
