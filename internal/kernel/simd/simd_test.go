package simd

import "testing"

func TestChosen(t *testing.T) {
	for _, c := range []struct {
		word string
		best Level
		want Level
	}{
		{"", AVX512, AVX512}, {"go", AVX512, Go}, {"AVX2", AVX512, AVX2}, {"avx512", AVX512, AVX512},
		{"avx512", AVX2, AVX2}, {"avx2", Go, Go}, {"sse", AVX512, AVX512},
		{"go", NEON, Go}, {"avx2", NEON, NEON}, {"", NEON, NEON}, {"neon", AVX512, AVX512},
	} {
		if got := chosen(c.word, c.best); got != c.want {
			t.Errorf("chosen(%q, %v) = %v, want %v", c.word, c.best, got, c.want)
		}
	}
}

func TestLevels(t *testing.T) {
	all := Levels()
	if all[0] != Go || all[len(all)-1] != Best || Active > Best {
		t.Errorf("levels %v, best %v, active %v", all, Best, Active)
	}
}
