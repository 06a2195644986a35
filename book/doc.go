// Package book is the book that runs: the registry of lessons, the [Page] that a lesson writes
// on, and the form of a lesson's source, from which its page is made.
//
// # How to write a lesson
//
// A lesson is a package of one file, book/chNN/SUBJECT/lesson.go, with its tests beside it:
//
//	package lenet
//
//	import (
//		_ "embed"
//
//		"github.com/fathom-ml/fathom/book"
//		"github.com/fathom-ml/fathom/plot"
//	)
//
//	//go:embed lesson.go
//	var source string
//
//	func init() {
//		book.Register(book.Lesson{
//			Section: "6.6", Title: "Convolutional Neural Networks (LeNet)",
//			Run: LeNet, Data: []string{"fashion-mnist"}, Source: source,
//		})
//	}
//
//	// # Convolutional Neural Networks (LeNet)
//	//
//	// The doc comment of the function opens the page.
//	func LeNet(p *book.Page) {
//		// ## The network
//		//
//		// A comment followed by a blank line is prose: Markdown, with
//		// $\LaTeX$ between dollars, lists and tables.
//
//		lr := p.Float("lr", 0.9, book.Doc("learning rate"))
//		epochs := p.Int("epochs", 10, book.Quick(1))
//
//		// Statements up to the next prose make one code cell.
//
//		net := newNet() // a comment that touches code belongs to the code
//		p.Print(net)
//		p.Result("test acc", train(p, net, lr, epochs))
//	}
//
//	// A top-level declaration stands on the page just before the first cell that
//	// needs it; its doc comment is its prose.
//	func newNet() *Net { ... }
//
// Package book/lessons imports every lesson; a new one is added there. "fathom show SECTION" prints
// the page that comes out of the source.
//
// The rules of the form:
//
//   - The story is one function, top to bottom in the order of the book. Its name is free. It
//     is passed to [Register] itself, not wrapped in a closure.
//   - A comment in its body that has a blank line (or the end of the function) below it, and code
//     neither on its own line nor on the line above, is prose. Prose parts code cells. Comments
//     inside a statement, such as the body of a loop, belong to the code.
//   - Types, methods, helper functions, variables and constants stand below it at top level. A
//     type appears with its methods, and what it needs appears before it. Imports, init, the
//     embedded source and what no cell needs do not appear.
//   - Prose is our own, never the book's sentences.
//
// References in prose: "section 3.3" leads to that lesson; an equation $$...$$ {#eq-loss} gets a number, to which @eq-loss refers;
// @fig-curve refers to the figure that p.Figure("curve", ...) draws; [@kingma2015] and @kingma2015 cite a work of the
// [Bibliography]. A test fails on one that leads nowhere. Code behind the heading "## Exercises" is a solution, folded away on the page.
//
// Output:
//
//   - Use p.Show(x) where the book's cell ends in the bare expression x: arrays print as
//     array([...]). Use p.Print(x) where the book calls print: arrays print as [...].
//   - Pass p on to every helper that prints or draws: d2l and train take a show.Display first.
//   - Output belongs to the statement of the lesson function that caused it, also out of
//     helpers, closures, range-over-func bodies and goroutines.
//   - p.Notice says plainly what differs from the book in this run, e.g. other data.
//   - p.Check(err) ends the lesson on an error of the world. Misuse of tensors panics by itself.
//
// Parameters read in the flow of the lesson and become --set NAME=VALUE: [Page.Float],
// [Page.Int], [Page.Bool], [Page.String]. Write the name as a string literal, so that the command can
// list them without running the lesson. [Quick] gives the value for --quick: quick mode
// shrinks data and epochs and never skips a step.
//
// Results are the figures that tests and pages check. Headline results are called
//
//	train loss, train acc, test acc, examples/sec, loss
//
// Run and name are unique: a lesson that trains twice gives each training a run of its own,
// p.Run("concise"), p.Run("lambda=3"), and passes that page to the training helper. The
// lesson's main training uses p itself.
//
// A test runs the lesson with booktest.Run and holds its text against the book's:
//
//	r := booktest.Run(t, lesson, book.Options{Quick: true})
//	booktest.Contains(t, r.Text(), "array([ 0.,  4.,  8., 12.])")
package book
