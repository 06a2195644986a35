package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// options are what the command line asks for.
type options struct {
	peers    []string          // names of peerKinds
	threads  []int             // ascending
	only     []string          // see selected
	python   map[string]string // of a peer, "" if it is to be found
	json     bool
	markdown bool
	rounds   int
	seconds  float64 // of a worker in a round
}

// parse reads the arguments of compare. What flags mean is written to help when they are wrong or asked for.
func parse(args []string, help io.Writer) (options, error) {
	o := options{python: map[string]string{}}
	f := flag.NewFlagSet("compare", flag.ContinueOnError)
	f.SetOutput(help)
	var names []string
	for _, k := range peerKinds {
		names = append(names, k.name)
	}
	peers := f.String("peers", strings.Join(names, ","), "the libraries to compare with; \"none\": time Fathom alone")
	threads := f.String("threads", "1,2", "numbers of threads")
	only := f.String("only", "", "rows, groups of rows, or beginnings of their names; see bench list")
	f.BoolVar(&o.json, "json", false, "print one object a line")
	f.BoolVar(&o.markdown, "markdown", false, "print the page BENCHMARKS.md")
	f.IntVar(&o.rounds, "rounds", 7, "how often everybody takes a turn, at least 7 for figures to rely on")
	f.Float64Var(&o.seconds, "seconds", 0.05, "how long a turn takes")
	python := map[string]*string{}
	for _, k := range peerKinds {
		python[k.name] = f.String(k.name, "", "the Python that has "+k.module+"; otherwise the first python3 that does")
	}
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("compare: what is %q?", f.Arg(0))
	}
	if o.json && o.markdown {
		return o, fmt.Errorf("compare: --json or --markdown, not both")
	}
	if o.rounds < 1 || !(o.seconds > 0) {
		return o, fmt.Errorf("compare: %d rounds of %g seconds", o.rounds, o.seconds)
	}
	for name, p := range python {
		o.python[name] = *p
	}
	if *peers != "none" {
		o.peers = split(*peers)
	}
	for _, p := range o.peers {
		if !slices.Contains(names, p) {
			return o, fmt.Errorf("compare: no peer %q, there are %s", p, strings.Join(names, ", "))
		}
	}
	for _, s := range split(*threads) {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			return o, fmt.Errorf("compare: %q is no number of threads", s)
		}
		o.threads = append(o.threads, n)
	}
	if slices.Sort(o.threads); len(o.threads) == 0 {
		return o, fmt.Errorf("compare: no number of threads")
	}
	o.threads = slices.Compact(o.threads)
	o.only = split(*only)
	for _, s := range o.only {
		if len(selected(rows(), []string{s})) == 0 {
			return o, fmt.Errorf("compare: no row, group or beginning %q; see bench list", s)
		}
	}
	return o, nil
}

// split cuts a list at commas; what is empty is left out.
func split(list string) []string {
	var parts []string
	for s := range strings.SplitSeq(list, ",") {
		if s = strings.TrimSpace(s); s != "" {
			parts = append(parts, s)
		}
	}
	return parts
}
