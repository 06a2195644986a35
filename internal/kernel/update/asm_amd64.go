//go:build amd64 && !noasm

package update

//go:generate go run -C ../gen . -kernels update -pkg update -out ../update/update_amd64.s -stubs ../update/stubs_amd64.go

import (
	"math"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/simd"
)

// chunk is the number of elements that one call does at most: it cannot be preempted.
const chunk = 16384

// asmStep runs the routine of a rule and says whether there is one.
func asmStep(r Rule, w, g []float32, s *[3][]float32, h *Numbers) bool {
	if simd.Active == simd.Go {
		return false
	}
	k := [20]float32{float32(h.LR), float32(h.WD), float32(h.Scale), float32(h.Clip), -float32(h.Clip),
		float32(h.B1), float32(1 - h.B1), float32(h.B2), float32(1 - h.B2), float32(h.Eps), float32(h.Keep),
		float32(h.C), -float32(h.C), 1, -1, 1e38, math.Float32frombits(1<<31 - 1)}
	var p [3]*float32
	for i := 0; i < len(w); i += chunk {
		for j := range States[r] {
			p[j] = &s[j][i]
		}
		if n := min(chunk, len(w)-i); simd.Active == simd.AVX512 {
			callAVX512(r, n, &w[i], &g[i], &p, &k)
		} else {
			callAVX2(r, n, &w[i], &g[i], &p, &k)
		}
	}
	return true
}

// asmSumSquares adds the sums of chunks in their order.
func asmSumSquares(x []float32) (sum float64, ok bool) {
	if simd.Active == simd.Go {
		return 0, false
	}
	for ; len(x) > 0; x = x[min(chunk, len(x)):] {
		n := min(chunk, len(x))
		if simd.Active == simd.AVX512 {
			sum += sumSquaresAVX512(n, unsafe.SliceData(x))
		} else {
			sum += sumSquaresAVX2(n, unsafe.SliceData(x))
		}
	}
	return sum, true
}

// callAVX512 runs the routine of a rule; a table of routines would move their operands to the heap.
func callAVX512(r Rule, n int, w, g *float32, s *[3]*float32, h *[20]float32) {
	switch r {
	case SGD:
		sgdAVX512(n, w, g, s[0], s[1], s[2], h)
	case Momentum:
		momentumAVX512(n, w, g, s[0], s[1], s[2], h)
	case Nesterov:
		nesterovAVX512(n, w, g, s[0], s[1], s[2], h)
	case Adam:
		adamAVX512(n, w, g, s[0], s[1], s[2], h)
	case RMSProp:
		rmspropAVX512(n, w, g, s[0], s[1], s[2], h)
	case RMSPropMomentum:
		rmspropMomentumAVX512(n, w, g, s[0], s[1], s[2], h)
	case RMSPropCentered:
		rmspropCenteredAVX512(n, w, g, s[0], s[1], s[2], h)
	case RMSPropCenteredMomentum:
		rmspropCenteredMomentumAVX512(n, w, g, s[0], s[1], s[2], h)
	case Adagrad:
		adagradAVX512(n, w, g, s[0], s[1], s[2], h)
	case Adadelta:
		adadeltaAVX512(n, w, g, s[0], s[1], s[2], h)
	case AMSGrad:
		amsgradAVX512(n, w, g, s[0], s[1], s[2], h)
	case Adamax:
		adamaxAVX512(n, w, g, s[0], s[1], s[2], h)
	case Nadam:
		nadamAVX512(n, w, g, s[0], s[1], s[2], h)
	case AdamMean:
		adamMeanAVX512(n, w, g, s[0], s[1], s[2], h)
	case Yogi:
		yogiAVX512(n, w, g, s[0], s[1], s[2], h)
	case Lion:
		lionAVX512(n, w, g, s[0], s[1], s[2], h)
	case AdamDirection:
		adamDirectionAVX512(n, w, g, s[0], s[1], s[2], h)
	case Ftrl:
		ftrlAVX512(n, w, g, s[0], s[1], s[2], h)
	}
}

// callAVX2 runs the routine of a rule; a table of routines would move their operands to the heap.
func callAVX2(r Rule, n int, w, g *float32, s *[3]*float32, h *[20]float32) {
	switch r {
	case SGD:
		sgdAVX2(n, w, g, s[0], s[1], s[2], h)
	case Momentum:
		momentumAVX2(n, w, g, s[0], s[1], s[2], h)
	case Nesterov:
		nesterovAVX2(n, w, g, s[0], s[1], s[2], h)
	case Adam:
		adamAVX2(n, w, g, s[0], s[1], s[2], h)
	case RMSProp:
		rmspropAVX2(n, w, g, s[0], s[1], s[2], h)
	case RMSPropMomentum:
		rmspropMomentumAVX2(n, w, g, s[0], s[1], s[2], h)
	case RMSPropCentered:
		rmspropCenteredAVX2(n, w, g, s[0], s[1], s[2], h)
	case RMSPropCenteredMomentum:
		rmspropCenteredMomentumAVX2(n, w, g, s[0], s[1], s[2], h)
	case Adagrad:
		adagradAVX2(n, w, g, s[0], s[1], s[2], h)
	case Adadelta:
		adadeltaAVX2(n, w, g, s[0], s[1], s[2], h)
	case AMSGrad:
		amsgradAVX2(n, w, g, s[0], s[1], s[2], h)
	case Adamax:
		adamaxAVX2(n, w, g, s[0], s[1], s[2], h)
	case Nadam:
		nadamAVX2(n, w, g, s[0], s[1], s[2], h)
	case AdamMean:
		adamMeanAVX2(n, w, g, s[0], s[1], s[2], h)
	case Yogi:
		yogiAVX2(n, w, g, s[0], s[1], s[2], h)
	case Lion:
		lionAVX2(n, w, g, s[0], s[1], s[2], h)
	case AdamDirection:
		adamDirectionAVX2(n, w, g, s[0], s[1], s[2], h)
	case Ftrl:
		ftrlAVX2(n, w, g, s[0], s[1], s[2], h)
	}
}
