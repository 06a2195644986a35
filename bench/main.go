// Command bench times training steps of Fathom, and beside them the same steps in
// PyTorch if a Python that has it is named:
//
//	go run ./bench                          # Fathom alone
//	go run ./bench -peer python3 -rounds 7  # both in turn, with the ratio
//
// Rounds are interleaved, so that both meet the same noise of the machine; the
// table shows medians over the rounds, and the ratio as the median of the rounds'
// ratios (under 1: Fathom is faster). How many threads the peer takes is set by its
// environment (OMP_NUM_THREADS, OPENBLAS_NUM_THREADS).
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"
)

func main() {
	peer := flag.String("peer", "", "a Python with PyTorch, e.g. python3")
	rounds := flag.Int("rounds", 5, "how often to measure")
	seconds := flag.Float64("seconds", 0.5, "time for one measurement")
	only := flag.String("only", "", "one case")
	flag.Parse()
	if err := run(*peer, *rounds, *seconds, *only); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(python string, rounds int, seconds float64, only string) error {
	var ask func(name string) (float64, error)
	if python != "" {
		p, stop, err := startPeer(python)
		if err != nil {
			return err
		}
		defer stop()
		ask = func(name string) (float64, error) { return p(name, seconds) }
	}
	fmt.Printf("%-8s %12s %12s %8s  %s\n", "step", "fathom", "peer", "ratio", "what")
	for _, c := range cases {
		if only != "" && c.name != only {
			continue
		}
		step := c.make()
		step()
		var ours, theirs, ratios []float64
		for range rounds {
			ours = append(ours, measure(step, seconds))
			if ask == nil {
				continue
			}
			t, err := ask(c.name)
			if err != nil {
				return err
			}
			theirs = append(theirs, t)
			ratios = append(ratios, ours[len(ours)-1]/t)
		}
		fmt.Printf("%-8s %12s %12s %8s  %s\n", c.name, duration(ours), duration(theirs), number(ratios), c.what)
	}
	return nil
}

// measure is the median time of a step in seconds.
func measure(step func(), seconds float64) float64 {
	start := time.Now()
	step()
	n := max(1, int(0.01/time.Since(start).Seconds())) // steps a reading
	var times []float64
	for time.Since(start).Seconds() < seconds {
		t := time.Now()
		for range n {
			step()
		}
		times = append(times, time.Since(t).Seconds()/float64(n))
	}
	return median(times)
}

func median(x []float64) float64 {
	y := slices.Sorted(slices.Values(x))
	return y[len(y)/2]
}

func duration(s []float64) string {
	if len(s) == 0 {
		return "-"
	}
	return time.Duration(median(s) * 1e9).String()
}

func number(s []float64) string {
	if len(s) == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", median(s))
}

// startPeer starts peer.py, which lies beside this file.
func startPeer(python string) (ask func(name string, seconds float64) (float64, error), stop func(), err error) {
	cmd := exec.Command(python, "bench/peer.py")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	lines := bufio.NewReader(out)
	ask = func(name string, seconds float64) (float64, error) {
		if _, err := fmt.Fprintln(in, name, seconds); err != nil {
			return 0, err
		}
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			return 0, fmt.Errorf("the peer ended; run this from the root of the repository")
		}
		if err != nil {
			return 0, err
		}
		return strconv.ParseFloat(strings.TrimSpace(line), 64)
	}
	stop = func() {
		in.Close()
		cmd.Wait()
	}
	return ask, stop, nil
}
