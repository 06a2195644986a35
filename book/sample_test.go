package book_test

import (
	_ "embed"
	"iter"
	"sync"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/plot"
)

//go:embed sample_test.go
var sampleSource string

var sample = book.Lesson{Section: "0.1", Title: "A Sample", Run: Sample, Source: sampleSource}

// # A Sample
//
// Every way in which a lesson can cause output.
func Sample(p *book.Page) {
	defer p.Print("deferred")          // deferred
	defer printHelper(p, "put off")    // put off
	defer func() { p.Print("late") }() // late

	// ## Prose with math
	//
	// $$\mathbf{y} = \frac{\partial \ell}{\partial w}$$
	//
	// | a | b |
	// |---|---|
	// | 1 | `x_1` |
	//
	// - one
	//   1. nested

	p.Print("direct") // direct
	printHelper(p,
		"helper") // helper

	// this comment touches the code
	show := func(s string) {
		p.Print(s)
	}
	show("closure") // closure
	for i := range counting(2) {
		// inside a statement

		p.Print("range", i)
	}

	/*
		Prose in a block comment.
	*/

	var c counter
	c.add(p) // method

	// Goroutines come last.

	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		printHelper(p, "goroutine")
	}()
	go alone(p, &wg) // alone
	wg.Wait()
	p.Figure("line", &plot.Figure{})
	p.Printf("%d\n", p.Int("epochs", 3, book.Quick(1), book.Doc("passes over the data")))
}

// Printing is left to a helper.
func printHelper(p *book.Page, s string) {
	p.Print(s)
}

func alone(p *book.Page, wg *sync.WaitGroup) {
	printHelper(p, "alone")
	wg.Done()
}

// counting yields the numbers below n.
func counting(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 0; i < n && yield(i); i++ {
		}
	}
}

// step is what add adds.
const step = 2

// A counter counts.
type counter struct{ n int }

// add moves on.
func (c *counter) add(p *book.Page) {
	c.n += step
	p.Print("method", c.n)
}

// unused stays off the page.
func unused() int { return 0 }

var _ = unused
