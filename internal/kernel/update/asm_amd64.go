//go:build amd64 && !noasm

package update

//go:generate go run -C ../gen . -kernels update -pkg update -out ../update/update_amd64.s -stubs ../update/stubs_amd64.go

import (
	"unsafe"

	"github.com/fathom-ml/fathom/internal/kernel/simd"
)

type routine = func(n int, w, g, s0, s1, s2 *float32, h *[16]float32)

var (
	wide = [Rules]routine{sgdAVX512, momentumAVX512, nesterovAVX512, adamAVX512, rmspropAVX512, rmspropMomentumAVX512,
		rmspropCenteredAVX512, rmspropCenteredMomentumAVX512, adagradAVX512, adadeltaAVX512}
	narrow = [Rules]routine{sgdAVX2, momentumAVX2, nesterovAVX2, adamAVX2, rmspropAVX2, rmspropMomentumAVX2,
		rmspropCenteredAVX2, rmspropCenteredMomentumAVX2, adagradAVX2, adadeltaAVX2}
)

// chunk is the number of elements that one call does at most: it cannot be preempted.
const chunk = 16384

// asmStep runs the routine of a rule and says whether there is one.
func asmStep(r Rule, w, g []float32, s *[3][]float32, h *Numbers) bool {
	f := wide[r]
	switch simd.Active {
	case simd.Go:
		return false
	case simd.AVX2:
		f = narrow[r]
	}
	k := [16]float32{float32(h.LR), float32(h.WD), float32(h.Scale), float32(h.Clip), -float32(h.Clip),
		float32(h.B1), float32(1 - h.B1), float32(h.B2), float32(1 - h.B2), float32(h.Eps), float32(h.Keep)}
	var p [3]*float32
	for i := 0; i < len(w); i += chunk {
		for j := range States[r] {
			p[j] = &s[j][i]
		}
		f(min(chunk, len(w)-i), &w[i], &g[i], p[0], p[1], p[2], &k)
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
