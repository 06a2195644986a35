//go:build amd64 && !noasm

package simd

import "golang.org/x/sys/cpu"

func detect() Level {
	x := &cpu.X86
	switch {
	case !(x.HasAVX2 && x.HasFMA && x.HasBMI2 && x.HasF16C):
		return Go
	case x.HasAVX512F && x.HasAVX512DQ && x.HasAVX512BW && x.HasAVX512VL:
		return AVX512
	}
	return AVX2
}

func features() []string {
	x := &cpu.X86
	var all []string
	for _, f := range []struct {
		name string
		has  bool
	}{
		{"avx", x.HasAVX}, {"avx2", x.HasAVX2}, {"fma", x.HasFMA}, {"bmi2", x.HasBMI2}, {"f16c", x.HasF16C},
		{"avx512f", x.HasAVX512F}, {"avx512dq", x.HasAVX512DQ}, {"avx512bw", x.HasAVX512BW}, {"avx512vl", x.HasAVX512VL},
	} {
		if f.has {
			all = append(all, f.name)
		}
	}
	return all
}
