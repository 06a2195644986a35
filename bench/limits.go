package main

import (
	"fmt"
	"math"
	"strings"
)

// limit is what the ratio of our time to a peer's is to stay below.
type limit struct {
	peer string
	rows func(r row) bool
	most float64
}

// oneThread is the name under which our own time on one thread stands as a peer of more.
const oneThread = "1 thread"

// limits are the figures to reach; the first one that fits a row and a peer counts.
var limits = []limit{
	{"torch", isSquare, 1.00},
	{"torch", inGroup("gemm"), 0.90},
	{"openblas", isSquare, 1.02},
	{"openblas", inGroup("gemm"), 0.95},
	{"torch", named("exp-1M", "sigmoid-1M"), 0.50},
	{"torch", named("tanh-1M"), 0.15},
	{"torch", named("log-1M", "erf-1M"), 0.40},
	{"torch", named("add-1M", "relu-1M", "copy-1M", "sum-1M"), 1.05},
	{"torch", named("softmax", "layernorm"), 0.60},
	{"torch", func(r row) bool { return r.group == "conv" && strings.HasSuffix(r.name, "-back") }, 0.85},
	{"torch", inGroup("conv"), 1.00},
	{"torch", named("linreg"), 0.05},
	{"torch", named("mlp"), 0.90},
	{"torch", named("lenet"), 0.50},
	{"torch", named("rnn", "gru", "lstm"), 0.55},
	{"torch", named("transformer"), 0.40},
	{"torch", named("resnet18"), 0.95},
	{"torch", named(geometricMean), 0.45},
	{"torch", named("start"), 0.10},
	{"torch", named("memory"), 0.40},
	{"mxnet", inGroup("step"), 1.00},
	{"jax", inGroup("step"), 1.00},
	{oneThread, func(r row) bool {
		var n int
		_, err := fmt.Sscanf(r.name, "gemm-%d", &n)
		return err == nil && isSquare(r) && n >= 512
	}, 1 / 1.8},
	{oneThread, inGroup("conv"), 1 / 1.8},
	{oneThread, named("resnet18"), 1 / 1.8},
}

// steps are the training steps that the geometric mean is taken of.
var steps = []string{"linreg", "mlp", "lenet", "rnn", "gru", "lstm", "transformer", "resnet18"}

// geometricMean is the name of the row of their mean.
const geometricMean = "geometric mean"

func inGroup(group string) func(r row) bool { return func(r row) bool { return r.group == group } }

func named(names ...string) func(r row) bool {
	return func(r row) bool {
		for _, n := range names {
			if r.name == n {
				return true
			}
		}
		return false
	}
}

func isSquare(r row) bool { return r.group == "gemm" && !strings.Contains(r.name, "x") }

// limitOf is the limit of a row against a peer, 0 if it has none.
func limitOf(r row, peer string) float64 {
	for _, l := range limits {
		if l.peer == peer && l.rows(r) {
			return l.most
		}
	}
	return 0
}

// near says whether a ratio lies so close to its limit that one run does not decide.
func near(ratio, limit float64) bool { return limit > 0 && math.Abs(ratio/limit-1) <= 0.05 }
