package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/cmd/fathom/internal/terminal"
)

type runCommand struct {
	Section string   `arg:"" help:"Section of the book, e.g. 6.6."`
	Quick   bool     `help:"Shrink data and epochs."`
	Set     []string `help:"Set a parameter of the lesson. May be repeated." placeholder:"NAME=VALUE" sep:"none"`
	Seed    uint64   `help:"Seed of the random streams." default:"0"`
	DataSet string   `help:"Data set to use instead of the lesson's first choice: digits or fashion-mnist." enum:",digits,fashion-mnist" default:"" placeholder:"NAME"`
	Out     string   `help:"Folder for figures (SVG and PNG) and results.json." placeholder:"DIR"`
	JSON    bool     `help:"Write JSON lines only." name:"json"`
	Stream  bool     `help:"Write all that the page shows as JSON lines, figures as SVG while they change: for programs that show it." hidden:""`
}

// Run runs the lesson until it ends, fails or is interrupted.
func (c *runCommand) Run(s streams) error {
	err := c.run(s)
	var started *startedError
	if errors.As(err, &started) {
		return started.error
	}
	if c.Stream && err != nil {
		_ = book.NewStream(s.out).Event(book.End{Err: err})
	}
	if c.JSON && err != nil { // the lesson never began, so nobody has written the last line
		_ = book.NewLines(s.out, nil).Event(book.End{Err: err})
	}
	return err
}

// startedError is an error that the sinks know of.
type startedError struct{ error }

func (c *runCommand) run(s streams) error {
	set, err := assignments(c.Set)
	if err != nil {
		return err
	}
	lesson, err := find(c.Section)
	if err != nil {
		return err
	}
	sink, err := c.sink(s)
	if err != nil {
		return err
	}
	ctx, stop := interruptible()
	defer stop()
	opts := book.Options{Quick: c.Quick, Seed: c.Seed, DataSet: c.DataSet, Set: set}
	if err := book.Run(ctx, lesson, opts, sink); err != nil {
		return &startedError{err}
	}
	return nil
}

// sink chooses where the output goes.
func (c *runCommand) sink(s streams) (book.Sink, error) {
	var tee book.Tee
	var path func(string) string
	if c.Out != "" {
		folder, err := book.NewFolder(c.Out)
		if err != nil {
			return nil, err
		}
		tee, path = append(tee, folder), folder.Path
	}
	if c.Stream {
		return append(tee, book.NewStream(s.out)), nil
	}
	if c.JSON {
		return append(tee, book.NewLines(s.out, path)), nil
	}
	opts := terminal.Options{Saved: path}
	if f, ok := s.out.(*os.File); ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb" {
		opts.Live = true
		opts.Bold = os.Getenv("NO_COLOR") == ""
		depth := os.Getenv("COLORTERM")
		opts.Color = opts.Bold && (depth == "truecolor" || depth == "24bit")
		opts.Size = func() (int, int) {
			cols, rows, err := term.GetSize(int(f.Fd()))
			if err != nil || cols == 0 || rows == 0 {
				return 80, 24
			}
			return cols, rows
		}
	}
	return append(tee, terminal.New(s.out, opts)), nil
}

// assignments reads NAME=VALUE. Of several values of a name the last counts.
func assignments(list []string) (map[string]string, error) {
	set := map[string]string{}
	for _, a := range list {
		name, value, ok := strings.Cut(a, "=")
		if !ok || name == "" {
			return nil, &book.UsageError{Msg: fmt.Sprintf("--set %s: want NAME=VALUE", a)}
		}
		set[name] = value
	}
	return set, nil
}

// interruptible is a context that Ctrl-C or SIGTERM cancels; a second one ends the process at once.
func interruptible() (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	done := make(chan struct{})
	go func() {
		for n := 0; ; n++ {
			select {
			case <-signals:
				if n > 0 {
					os.Exit(exitInterrupted)
				}
				cancel()
				time.AfterFunc(time.Second, func() {
					select {
					case <-done:
					default:
						fmt.Fprintln(os.Stderr, "fathom: stopping after this step; Ctrl-C again to stop at once")
					}
				})
			case <-done:
				return
			}
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(done)
		cancel()
	}
}
