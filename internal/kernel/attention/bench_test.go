package attention

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func BenchmarkBlock(b *testing.B) {
	for _, s := range [][3]int{{10, 16, 8}, {48, 64, 64}} {
		m, n, d := s[0], s[1], s[2]
		blk := Block{M: m, N: n, LD: n}
		for range m {
			blk.Limit = append(blk.Limit, int32(m))
		}
		r := rand.New(rand.NewPCG(1, 1))
		x, y := numbers(r, m*max(n, d)), numbers(r, m*max(n, d))
		a, c, wide := numbers(r, m), numbers(r, m), numbers(r, 64*d)
		run := func(name string, f func()) {
			b.Run(fmt.Sprintf("%s/%dx%d", name, m, n), func(b *testing.B) {
				for b.Loop() {
					f()
				}
			})
		}
		run("weights", func() { Weights(blk, x, 0.1, a, c, Keep[float32]{}) })
		run("grads", func() { Grads(blk, x, y, 0.1, a, c, Keep[float32]{}) })
		run("dots", func() { RowDots(m, d, &x[0], d, &y[0], d, c) })
		run("scale", func() { ScaleRows(m, d, &x[0], d, a) })
		run("columns", func() { Columns(m, d, &x[0], d, 1, wide, 64) })
	}
}
