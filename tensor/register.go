package tensor

// Case is one way to call an operation in the generic tests: the gradient
// check, the wrong-shape test, the device suite and the coverage page.
type Case struct {
	Name   string                     // told apart from the other cases, "" if there is one
	F      func(in []*Tensor) *Tensor // calls the operation on float operands
	In     [][]int                    // shapes of the operands
	Lo, Hi float64                    // operands are drawn from [Lo, Hi); both zero: [0.5, 2)
	Once   bool                       // no second derivative: asking for it must panic
	Wrong  bool                       // must panic with the operation's name and all the shapes
}

// Entry is an operation of the table.
type Entry struct {
	Op       Op
	AnyShape bool // accepts every shape: no wrong one exists
	Cases    []Case
}

var table []Entry

// Register adds an operation to the table that the generic tests loop over. Every operation has at least one right
// case and one wrong one. Call it from a package-level variable: var _ = tensor.Register(...).
func Register(op Op, cases ...Case) bool {
	table = append(table, Entry{Op: op, Cases: cases})
	return true
}

// RegisterAny is Register for an operation that accepts operands of every shape.
func RegisterAny(op Op, cases ...Case) bool {
	table = append(table, Entry{Op: op, AnyShape: true, Cases: cases})
	return true
}

// Table lists the registered operations. Package tensor/optest tests them.
func Table() []Entry { return table }
