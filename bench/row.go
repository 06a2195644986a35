package main

import (
	"strings"

	"github.com/fathom-ml/fathom/tensor"
)

// row is a line of the table: one piece of work that both sides do on the same arrays.
type row struct {
	name  string
	group string
	// data makes the arrays that both sides read. It is called once, by the process that compares.
	data func() []*tensor.Tensor
	// make prepares the work on these arrays.
	make func(in []*tensor.Tensor) work
	// times is how often a run does the work; 0 stands for 1. Figures are for once.
	times int
	// alone says that the work is a process: it is started afresh for each reading.
	alone bool
}

// work is a row made ready.
type work struct {
	run    func()                  // what is timed
	result func() []*tensor.Tensor // what must agree with the peers'
}

// plain is work whose result is what it computes. It runs in a scope, as a training step does.
func plain(in []*tensor.Tensor, f func(in []*tensor.Tensor) *tensor.Tensor) work {
	return repeated(1, in, f)
}

// repeated is n runs of f in a scope: small work that is done many times a step.
func repeated(n int, in []*tensor.Tensor, f func(in []*tensor.Tensor) *tensor.Tensor) work {
	return work{
		run: func() {
			s := tensor.NewScope()
			defer s.Close()
			scoped := make([]*tensor.Tensor, len(in))
			for i, x := range in {
				scoped[i] = s.In(x)
			}
			for range n {
				f(scoped)
			}
		},
		result: func() []*tensor.Tensor { return []*tensor.Tensor{f(in).Detach()} },
	}
}

// rows lists all work, group by group in the order of the table.
func rows() []row {
	var all []row
	for _, g := range []struct {
		name string
		rows []row
	}{
		{"gemm", gemmRows()}, {"elem", elementRows()}, {"conv", convRows()}, {"norm", normRows()},
		{"step", stepRows()}, {"overhead", overheadRows()}, {"process", processRows()},
	} {
		for _, r := range g.rows {
			r.group = g.name
			all = append(all, r)
		}
	}
	return all
}

// selected are the rows that only asks for: by name, by group, or by how the name begins. An
// empty only asks for all.
func selected(all []row, only []string) []row {
	if len(only) == 0 {
		return all
	}
	named := func(r row, o string) bool { return o == r.name || o == r.group }
	exact := map[string]bool{} // a name or group that exists does not stand for what begins with it
	for _, r := range all {
		for _, o := range only {
			exact[o] = exact[o] || named(r, o)
		}
	}
	var list []row
	for _, r := range all {
		for _, o := range only {
			if named(r, o) || !exact[o] && strings.HasPrefix(r.name, o) {
				list = append(list, r)
				break
			}
		}
	}
	return list
}
