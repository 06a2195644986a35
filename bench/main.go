// Command bench does the same work here and in other libraries, and compares the times:
//
//	go run ./bench compare                              # everything, beside every peer that is installed
//	go run ./bench compare --peers torch --threads 1    # against PyTorch, on one thread
//	go run ./bench compare --only gemm,lenet,tanh       # groups, rows, beginnings of names
//	go run ./bench compare --markdown > BENCHMARKS.md
//
// Both sides read the same arrays from files: inputs, and the first weights of models. Before anything is timed
// the results are compared, the weights of models after ten steps; a row whose results differ is void. Then all
// sides take turns, in processes that stay alive, so that each meets the same noise of the machine. A figure
// is the median of the rounds; beside it stands the best. The ratio is that of our median to the peer's: under 1, Fathom is faster.
//
// What a training step counts is forward, loss, backward, update and reset of gradients; data is prepared before. On several
// threads PyTorch runs in the three ways that its threads can be set, and the best one counts.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

const usage = "usage: bench compare [--peers torch,openblas,mxnet,jax] [--threads 1,2] [--only NAME,...] [--json | --markdown]\n" +
	"       bench list"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	switch {
	case err == nil:
	case errors.Is(err, flag.ErrHelp):
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errors.New(usage)
	}
	switch args[0] {
	case "compare":
		o, err := parse(args[1:], os.Stderr)
		if err != nil {
			return err
		}
		return compare(ctx, o, os.Stdout)
	case "list":
		for _, r := range rows() {
			fmt.Printf("%-9s %s\n", r.group, r.name)
		}
		return nil
	case "worker":
		return asWorker(args[1:])
	}
	return errors.New(usage)
}

// asWorker is our side of a comparison, started by the process that compares.
func asWorker(args []string) error {
	switch {
	case len(args) == 1 && args[0] == "serve":
		signal.Ignore(os.Interrupt) // the parent, which gets it as well, ends our input
		return serve(os.Stdin, os.Stdout, rows())
	case len(args) == 3 && args[0] == "alone":
		return alone(args[1], args[2], os.Stdout)
	}
	return errors.New(usage)
}
