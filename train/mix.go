package train

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/fathom-ml/fathom/tensor"
)

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// Mix is a source that takes its batches from several in turn, as evenly as their weights say, e.g. two of the first to one of the second for weights 2 and
// 1. One loop has n batches; a source that comes to its end begins again. It panics unless there is a positive weight for each source and none is empty.
func Mix[B any](n int, weights []float64, sources ...Source[B]) Source[B] {
	if len(weights) != len(sources) || len(sources) == 0 || n < 1 {
		panic(&tensor.Error{Op: "train.Mix", Msg: fmt.Sprintf("%d batches of %d sources with %d weights", n, len(sources), len(weights))})
	}
	for i, w := range weights {
		if !(w > 0) || sources[i].Len() == 0 {
			panic(&tensor.Error{Op: "train.Mix", Msg: fmt.Sprintf("source %d has %d batches and the weight %v", i, sources[i].Len(), w)})
		}
	}
	return &mix[B]{n: n, weights: weights, sources: sources}
}

type mix[B any] struct {
	n       int
	weights []float64
	sources []Source[B]
	err     error
}

func (m *mix[B]) Len() int   { return m.n }
func (m *mix[B]) Err() error { return m.err }

func (m *mix[B]) All(ctx context.Context) iter.Seq[B] {
	return func(yield func(B) bool) {
		m.err = nil
		total := 0.0
		for _, w := range m.weights {
			total += w
		}
		next := make([]func() (B, bool), len(m.sources))
		stop := make([]func(), len(m.sources))
		defer func() {
			for _, s := range stop {
				if s != nil {
					s()
				}
			}
		}()
		owed := make([]float64, len(m.sources)) // batches that are due
		for range m.n {
			k := 0
			for i, w := range m.weights {
				if owed[i] += w / total; owed[i] > owed[k]+1e-9 {
					k = i
				}
			}
			owed[k]--
			var b B
			ok := false
			for try := 0; !ok && try < 2; try++ { // the second time the source begins again
				if next[k] == nil {
					next[k], stop[k] = iter.Pull(m.sources[k].All(ctx))
				}
				if b, ok = next[k](); !ok {
					stop[k]()
					next[k] = nil
					if m.err = m.sources[k].Err(); m.err != nil {
						return
					}
				}
			}
			if !ok || !yield(b) {
				return
			}
		}
	}
}
