package book_test

import (
	"context"
	"fmt"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/tensor"
)

// A lesson of a few lines. A real one embeds its source file; see the package comment.
const squaresSource = `package squares

// # Squares
//
// The derivative of a square is twice the number.
func Squares(p *book.Page) {
	x := tensor.Arange(p.Float("n", 4)).RequireGrad()
	x.Square().Backward()

	// The gradient lies in x.

	p.Show(x.Grad())
	p.Result("largest", x.Grad().Max().Item())
}
`

func Squares(p *book.Page) {
	x := tensor.Arange(p.Float("n", 4)).RequireGrad()
	x.Square().Backward()
	p.Show(x.Grad())
	p.Result("largest", x.Grad().Max().Item())
}

var squares = book.Lesson{Section: "0.3", Title: "Squares", Run: Squares, Source: squaresSource}

// printer is a sink of one's own.
type printer struct{}

func (printer) Event(e book.Event) error {
	switch e := e.(type) {
	case book.Begin:
		fmt.Println("begin", e.Lesson.Section)
	case book.Text:
		fmt.Print(e.Text)
	case book.Result:
		fmt.Println(e)
	case book.End:
		fmt.Println("end", e.Err)
	}
	return nil
}

// A sink gets everything that a lesson shows, one event at a time.
func ExampleRun() {
	err := book.Run(context.Background(), squares, book.Options{Set: map[string]string{"n": "3"}}, printer{})
	fmt.Println(err)
	// Output:
	// begin 0.3
	// array([0., 2., 4.])
	// largest = 4
	// end <nil>
	// <nil>
}

// What the command cannot do is a *UsageError.
func ExampleUsageError() {
	opts := book.Options{Set: map[string]string{"m": "3"}}
	err := book.Run(context.Background(), squares, opts, book.Tee{})
	fmt.Println(err)
	// Output:
	// lesson 0.3 has no parameter "m"; the lesson's parameters:
	//   n float, default 4
}

func ExampleSplit() {
	cells, err := book.Split(squaresSource, "Squares")
	for _, c := range cells {
		if c.Code == "" {
			fmt.Printf("prose %q\n", c.Prose)
		} else {
			fmt.Printf("code, lines %d to %d\n", c.From, c.To)
		}
	}
	fmt.Println(err)
	// Output:
	// prose "# Squares\n\nThe derivative of a square is twice the number."
	// code, lines 7 to 8
	// prose "The gradient lies in x."
	// code, lines 12 to 13
	// <nil>
}

func ExampleLesson_Params() {
	params, complete := squares.Params()
	fmt.Println(params, complete)
	// Output:
	// [n float, default 4] true
}

func ExampleCompareSections() {
	fmt.Println(book.CompareSections("2.5", "10.2"), book.CompareSections("3.10", "3.9"), book.CompareSections("6.6", "6.6"))
	// Output:
	// -1 1 0
}
