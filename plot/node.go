package plot

import (
	"fmt"
	"math"
	"slices"
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
	upright bool
	depth   float64 // of a block, or the number of sheets
	frames  []mark
	picture *Image
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
	pictureShape
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

// Picture returns an image of w x h points with its label below.
func Picture(label string, im *Image, w, h float64) *Node {
	return &Node{shape: pictureShape, label: label, font: nodeFont - 1, w: w, h: h, picture: im}
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
	kids := slices.Clone(nodes)
	for i, n := range kids {
		if n == nil {
			kids[i] = Space(0, 0)
		}
	}
	return &Node{shape: gridShape, kids: kids, cols: cols, gap: nodeGap}
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
