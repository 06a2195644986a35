package plot

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// Node is a part of a [Diagram]. Its methods change it and return it, so that
// a node is written in one expression: plot.Box("GRU").Tint(plot.Green).
type Node struct {
	shape   shape
	label   string
	kids    []*Node
	tint    Tint
	font    float64 // size of the label
	w, h    float64 // wanted, then measured
	gap     float64 // between children
	pad     float64 // around children or the label
	cols    int     // of a grid
	align   Align
	stretch bool
	dashed  bool
	depth   float64 // of a block, or the number of sheets
	frames  []mark
	level   *Node // stands at the height of
	over    *Node // stands in the middle above or below
	r       rect  // where it stands
}

// shape is what a node looks like.
type shape uint8

const (
	boxShape shape = iota
	circleShape
	textShape
	blockShape
	sheetShape
	cellShape
	spaceShape
	rowShape
	columnShape
	gridShape
	groupShape
)

// Align says where nodes of different size stand in a row or column.
type Align uint8

// The alignments.
const (
	Center Align = iota
	Start
	End
)

// mark is a frame round some cells.
type mark struct {
	i, j, rows, cols int
	tint             Tint
}

const (
	nodeFont = 9.0
	nodeGap  = 22.0
)

// Box returns a box with rounded corners.
func Box(label string) *Node { return &Node{shape: boxShape, label: label, font: nodeFont, pad: 6} }

// Circle returns a circle: a neuron, a variable, or with a label such as "+" an operation.
func Circle(label string) *Node {
	return &Node{shape: circleShape, label: label, font: nodeFont, pad: 4, w: 24, h: 24}
}

// Op returns a small circle for an operation such as "+" or "×".
func Op(label string) *Node { return Circle(label).Size(16, 16).Pad(1) }

// Words returns text without a frame.
func Words(label string) *Node {
	return &Node{shape: textShape, label: label, font: nodeFont, pad: 1.5}
}

// Space returns a place that is left empty.
func Space(w, h float64) *Node { return &Node{shape: spaceShape, w: w, h: h} }

// Block returns a block of w x h points and the given depth, such as the
// features of a convolution, with its label below.
func Block(label string, w, h, depth float64) *Node {
	return &Node{shape: blockShape, label: label, font: nodeFont - 1, w: w, h: h, depth: depth}
}

// Sheets returns n sheets of w x h points, one behind the other: the channels of a picture.
func Sheets(label string, n int, w, h float64) *Node {
	return &Node{shape: sheetShape, label: label, font: nodeFont - 1, w: w, h: h, depth: float64(n)}
}

// Nodes returns n circles whose labels are format with the numbers from 1 on.
func Nodes(n int, format string) []*Node {
	out := make([]*Node, n)
	for i := range out {
		label := format
		if strings.Contains(format, "%") {
			label = fmt.Sprintf(format, i+1)
		}
		out[i] = Circle(label)
	}
	return out
}

// Row places nodes from left to right.
func Row(nodes ...*Node) *Node { return &Node{shape: rowShape, kids: nodes, gap: nodeGap} }

// Column places nodes from top to bottom.
func Column(nodes ...*Node) *Node { return &Node{shape: columnShape, kids: nodes, gap: nodeGap} }

// Table places nodes row by row in cols columns; nil leaves a place empty.
func Table(cols int, nodes ...*Node) *Node {
	for i, n := range nodes {
		if n == nil {
			nodes[i] = Space(0, 0)
		}
	}
	return &Node{shape: gridShape, kids: nodes, cols: cols, gap: nodeGap}
}

// Group draws a frame with a title round a node.
func Group(title string, n *Node) *Node {
	return &Node{shape: groupShape, label: title, kids: []*Node{n}, font: nodeFont - 0.5, pad: 8, tint: Gray}
}

// Cells returns a grid of cells with these labels. [Node.At] is one of them.
func Cells(rows ...[]string) *Node {
	n := &Node{shape: gridShape}
	for _, r := range rows {
		n.cols = max(n.cols, len(r))
	}
	for _, r := range rows {
		for j := range n.cols {
			c := &Node{shape: cellShape, font: nodeFont, pad: 3, w: 20, h: 20}
			if j < len(r) {
				c.label = r[j]
			}
			n.kids = append(n.kids, c)
		}
	}
	return n
}

// Numbers returns a grid of cells with these numbers.
func Numbers(rows ...[]float64) *Node {
	list := make([][]string, len(rows))
	for i, r := range rows {
		for _, v := range r {
			list[i] = append(list[i], fmt.Sprint(v))
		}
	}
	return Cells(list...)
}

// Blank returns a grid of rows x cols empty cells.
func Blank(rows, cols int) *Node {
	list := make([][]string, max(rows, 0))
	for i := range list {
		list[i] = make([]string, max(cols, 0))
	}
	return Cells(list...)
}

// At returns the node in row i and column j of a grid, an empty one outside.
func (n *Node) At(i, j int) *Node {
	if k := i*n.cols + j; i >= 0 && j >= 0 && j < n.cols && k < len(n.kids) {
		return n.kids[k]
	}
	return Space(0, 0)
}

// Tint sets the colours of n, and of its cells.
func (n *Node) Tint(t Tint) *Node {
	n.tint = t
	if n.shape == gridShape || n.shape == rowShape || n.shape == columnShape {
		for _, k := range n.kids {
			k.Tint(t)
		}
	}
	return n
}

// Shade tints rows x cols cells from (i, j) on.
func (n *Node) Shade(i, j, rows, cols int, t Tint) *Node {
	for a := i; a < i+min(rows, len(n.kids)); a++ {
		for b := j; b < j+min(cols, n.cols); b++ {
			n.At(a, b).Tint(t)
		}
	}
	return n
}

// Frame draws a frame round rows x cols cells from (i, j) on.
func (n *Node) Frame(i, j, rows, cols int, t Tint) *Node {
	n.frames = append(n.frames, mark{i, j, rows, cols, t})
	return n
}

// Size sets the least width and height of n, or of all its cells; zero leaves one as it is.
func (n *Node) Size(w, h float64) *Node {
	if n.shape == gridShape {
		for _, k := range n.kids {
			k.Size(w, h)
		}
		return n
	}
	if w != 0 {
		n.w = w
	}
	if h != 0 {
		n.h = h
	}
	return n
}

// Font sets the size of the label in points, or those of all children.
func (n *Node) Font(size float64) *Node {
	n.font = size
	if n.shape == gridShape {
		for _, k := range n.kids {
			k.Font(size)
		}
	}
	return n
}

// Gap sets the distance between the children of n.
func (n *Node) Gap(points float64) *Node { n.gap = points; return n }

// Pad sets the room inside the frame of n.
func (n *Node) Pad(points float64) *Node { n.pad = points; return n }

// Align says where the children of a row or column stand.
func (n *Node) Align(a Align) *Node { n.align = a; return n }

// Stretch makes the children of a column as wide, and those of a row as high, as the largest.
func (n *Node) Stretch() *Node { n.stretch = true; return n }

// Level moves n up or down to the height of m, wherever its row has put it.
func (n *Node) Level(m *Node) *Node { n.level = m; return n }

// InLine moves n left or right to stand straight above or below m.
func (n *Node) InLine(m *Node) *Node { n.over = m; return n }

// Dashed draws the frame of n dashed.
func (n *Node) Dashed() *Node { n.dashed = true; return n }

// title names n in an error.
func (n *Node) title() string {
	if n == nil {
		return "a nil node"
	}
	kind := [...]string{"box", "circle", "text", "block", "sheets", "cell", "space", "row", "column", "grid", "group"}[n.shape]
	if n.label != "" {
		return fmt.Sprintf("%s %q", kind, n.label)
	}
	return "a " + kind
}

// check says whether n and what is below it can be drawn, and collects the nodes.
func (n *Node) check(seen map[*Node]bool) error {
	if n == nil {
		return errors.New("a node is nil")
	}
	if seen[n] {
		return fmt.Errorf("%s stands in two places", n.title())
	}
	if seen[n] = true; len(seen) > maxNodes {
		return fmt.Errorf("has more than %d nodes", maxNodes)
	}
	for _, v := range []float64{n.w, n.h, n.gap, n.pad, n.font, n.depth} {
		if !(v >= 0 && v <= 5000) {
			return fmt.Errorf("%s: a measure of %v points", n.title(), v)
		}
	}
	if n.shape == gridShape && n.cols < 1 && len(n.kids) > 0 {
		return fmt.Errorf("%s has %d columns", n.title(), n.cols)
	}
	for _, f := range n.frames {
		if f.i < 0 || f.j < 0 || f.rows < 1 || f.cols < 1 || f.j+f.cols > n.cols || (f.i+f.rows)*n.cols > len(n.kids) {
			return fmt.Errorf("frame of %d x %d cells at (%d, %d) lies outside %s", f.rows, f.cols, f.i, f.j, n.title())
		}
	}
	for _, k := range n.kids {
		if err := k.check(seen); err != nil {
			return err
		}
	}
	return nil
}

// lines returns a label line by line.
func lines(label string) []string { return strings.Split(label, "\n") }

// slope is how far a block goes back for a point of depth, and a sheet for the next.
const (
	slope      = 0.5
	sheetShift = 3.0
)

// back returns how far a block or a pile of sheets goes back.
func (n *Node) back() float64 {
	if n.shape == sheetShape {
		return sheetShift * math.Max(0, min(n.depth, 100)-1)
	}
	return slope * n.depth
}
