// Command fathom runs the lessons of the book.
//
//	fathom list
//	fathom run 6.6 --set epochs=2 --out out
//	fathom show 2.5
//	fathom serve
//	fathom export --site DIR
//	fathom data list
//	fathom doctor
//
// Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/alecthomas/kong"

	"github.com/fathom-ml/fathom/book"
	_ "github.com/fathom-ml/fathom/book/lessons"
)

// The exit codes.
const (
	exitFailed      = 1
	exitUsage       = 2
	exitInterrupted = 130
)

// command is what the command line says.
type command struct {
	List    listCommand    `cmd:"" help:"List the lessons: section, title, whether it runs here, the data it needs."`
	Run     runCommand     `cmd:"" help:"Run a lesson."`
	Show    showCommand    `cmd:"" help:"Print the text and code of a lesson as Markdown."`
	Serve   serveCommand   `cmd:"" help:"Show the book in the browser: read, run, change and run again."`
	Export  exportCommand  `cmd:"" help:"Write the book as a static site, or as notebooks."`
	Data    dataCommand    `cmd:"" help:"List, download and check the data sets of the book."`
	Report  reportCommand  `cmd:"" help:"Run lessons and hold their figures against the published ones."`
	Doctor  doctorCommand  `cmd:"" help:"Tell what Fathom finds on this machine: processor, kernels, threads, data."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// streams are the outputs of the command.
type streams struct {
	out, err io.Writer
}

func main() {
	// Nearly all of the heap is arrays of numbers, which cost the collector nothing to mark. So it may come
	// often: a training then takes little more memory than it works on.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(15)
	}
	os.Exit(execute(os.Args[1:], streams{os.Stdout, os.Stderr}))
}

// execute runs the command and returns its exit code. Errors go to the error stream.
func execute(args []string, s streams) int {
	code := -1 // set by kong after --help
	var c command
	parser, err := kong.New(&c,
		kong.Name("fathom"),
		kong.Description("Deep learning in Go, and the book that runs."),
		kong.Writers(s.out, s.err),
		kong.Exit(func(n int) { code = n }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Bind(s),
	)
	if err != nil {
		panic(err) // the command's own definition is wrong
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	ctx, err := parser.Parse(args)
	if code >= 0 {
		return code
	}
	if err != nil {
		fmt.Fprintf(s.err, "fathom: %v\nTry fathom --help.\n", err)
		return exitUsage
	}
	return exitCode(ctx.Run(), s.err)
}

// exitCode reports err and says how the command ends.
func exitCode(err error, w io.Writer) int {
	var usage *book.UsageError
	var panicked *book.PanicError
	switch {
	case err == nil:
		return 0
	case book.Interrupted(err):
		fmt.Fprintln(w, "fathom: interrupted")
		return exitInterrupted
	case errors.As(err, &usage):
		fmt.Fprintf(w, "fathom: %v\n", err)
		return exitUsage
	case errors.As(err, &panicked):
		fmt.Fprintf(w, "fathom: %v\n\n%s", err, panicked.Stack)
		return exitFailed
	default:
		fmt.Fprintf(w, "fathom: %v\n", err)
		return exitFailed
	}
}

// find is book.Find with a usage error.
func find(section string) (book.Lesson, error) {
	l, err := book.Find(section)
	if err != nil {
		return l, &book.UsageError{Msg: err.Error() + "; fathom list shows all"}
	}
	return l, nil
}
