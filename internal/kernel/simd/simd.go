// Package simd says which vector instructions the kernels use.
package simd

import (
	"os"
	"strings"
)

// Level is a set of kernels.
type Level int

// The levels: those of amd64 each want more of the processor, and arm64 has one.
const (
	Go     Level = iota // plain Go
	AVX2                // AVX2, FMA, BMI2 and F16C
	AVX512              // AVX-512 F, DQ, BW and VL too
	NEON                // arm64's vectors
)

// String is the name that FATHOM_KERNELS takes.
func (l Level) String() string { return [...]string{"go", "avx2", "avx512", "neon"}[l] }

var (
	// Best is the highest level of this processor and build.
	Best = detect()
	// Active is the level in use: Best, or a lower one if the environment
	// variable FATHOM_KERNELS (go, avx2, avx512, neon) asks for it. Tests change it
	// while no kernel runs.
	Active = chosen(os.Getenv("FATHOM_KERNELS"), Best)
)

// chosen is the level that a user's word asks for, at most best.
func chosen(word string, best Level) Level {
	for _, l := range upTo(best) {
		if strings.EqualFold(strings.TrimSpace(word), l.String()) {
			return l
		}
	}
	return best
}

// Levels is all levels that this processor and build can run.
func Levels() []Level { return upTo(Best) }

func upTo(best Level) []Level {
	if best == NEON {
		return []Level{Go, NEON}
	}
	var all []Level
	for l := Go; l <= best; l++ {
		all = append(all, l)
	}
	return all
}

// Features lists the vector instructions of the processor that matter here, such as
// "avx2 fma avx512f"; it is empty in builds without assembly.
func Features() string { return strings.Join(features(), " ") }
