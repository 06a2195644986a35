package autograd

import (
	"cmp"
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/fathom-ml/fathom/tensor"
)

// Graph is a picture of how values were computed: what Backward would walk through.
type Graph struct{ Nodes []GraphNode }

// GraphNode is an operation or a leaf.
type GraphNode struct {
	Name   string  // of the operation, or of the leaf
	Shapes [][]int // of its results
	Leaf   bool
	In     []int // the nodes, by position in Graph.Nodes, that its recorded operands come from; -1: a plain value
}

// GraphOf returns the graph behind y, every node after those it was computed from. names are names of leaves and
// results, by handle; it may be nil. It panics if y is not recorded. After Backward only y is left of
// a graph, unless it was retained.
func GraphOf(y *tensor.Tensor, names map[*tensor.Tensor]string) *Graph {
	if y.Node() == nil {
		tensor.Misuse("graphOf", "nothing was recorded", "call RequireGrad on a value before computing with it", y)
	}
	called := map[*tensor.Node]string{}
	for t, name := range names {
		called[t.Node()] = name
	}
	g, at := &Graph{}, map[*tensor.Node]int{nil: -1}
	stack := []*tensor.Node{y.Node()}
	for len(stack) > 0 {
		n, size, in := stack[len(stack)-1], len(stack), stack[len(stack)-1].Operands()
		for _, m := range slices.Backward(in) {
			if _, ok := at[m]; !ok {
				stack = append(stack, m)
			}
		}
		if len(stack) > size {
			continue // operands first
		}
		stack = stack[:size-1]
		if _, ok := at[n]; ok {
			continue
		}
		v := GraphNode{Name: n.Name(), Leaf: n.IsLeaf(), Shapes: n.Shapes()}
		if name := called[n]; v.Leaf && name != "" {
			v.Name = name
		} else if name != "" {
			v.Name += " " + name
		}
		for _, m := range in {
			v.In = append(v.In, at[m])
		}
		at[n] = len(g.Nodes)
		g.Nodes = append(g.Nodes, v)
	}
	return g
}

// shapes is the second line of a node's box.
func (v GraphNode) shapes() string {
	var out []string
	for _, s := range v.Shapes {
		out = append(out, fmt.Sprint(s))
	}
	return strings.Join(out, " ")
}

// DOT is the graph in the language of Graphviz.
func (g *Graph) DOT() string {
	var b strings.Builder
	b.WriteString("digraph {\n\tnode [shape=box fontname=\"sans-serif\"]\n")
	for i, v := range g.Nodes {
		style := ""
		if v.Leaf {
			style = " style=filled fillcolor=lightblue"
		}
		fmt.Fprintf(&b, "\tn%d [label=%q%s]\n", i, v.Name+"\n"+v.shapes(), style)
	}
	for i, v := range g.Nodes {
		for _, k := range v.In {
			if k >= 0 {
				fmt.Fprintf(&b, "\tn%d -> n%d\n", k, i)
			}
		}
	}
	b.WriteString("}\n")
	return b.String()
}

// spot is a box of the picture, or a point where an edge passes a row.
type spot struct {
	row, node int     // node -1: a point
	w, x      float64 // width and middle
	in, out   []*spot
}

const boxHeight, rowHeight, gap = 36, 72, 14

// layout puts every node into a row below its operands, leaves right above their first user.
func (g *Graph) layout() (rows [][]*spot) {
	row := make([]int, len(g.Nodes))
	for i, v := range slices.Backward(g.Nodes) { // counted from y upwards, so that leaves are near their users
		for _, k := range v.In {
			if k >= 0 {
				row[k] = max(row[k], row[i]+1)
			}
		}
	}
	last := slices.Max(row)
	rows = make([][]*spot, last+1)
	put := func(s *spot) *spot {
		rows[s.row] = append(rows[s.row], s)
		return s
	}
	boxes := make([]*spot, len(g.Nodes))
	for i, v := range g.Nodes {
		letters := max(len(v.Name), len(v.shapes()))
		boxes[i] = put(&spot{row: last - row[i], node: i, w: 7.5*float64(letters) + 16})
		for _, k := range v.In {
			if k < 0 {
				continue
			}
			from := boxes[k]
			for from.row < boxes[i].row {
				to := boxes[i]
				if from.row+1 < to.row {
					to = put(&spot{row: from.row + 1, node: -1, w: 4})
				}
				from.out, to.in = append(from.out, to), append(to.in, from)
				from = to
			}
		}
	}
	for sweep := range 9 { // each row under the middle of its neighbours, down and up in turn
		for k := range rows {
			if sweep%2 == 0 {
				place(rows[k], func(s *spot) []*spot { return s.in })
			} else {
				place(rows[last-k], func(s *spot) []*spot { return s.out })
			}
		}
	}
	return rows
}

// place orders a row by the middles of the neighbours and keeps the boxes apart.
func place(row []*spot, neighbours func(s *spot) []*spot) {
	for _, s := range row {
		if ns := neighbours(s); len(ns) > 0 {
			s.x = 0
			for _, n := range ns {
				s.x += n.x / float64(len(ns))
			}
		}
	}
	slices.SortStableFunc(row, func(a, b *spot) int { return cmp.Compare(a.x, b.x) })
	shift := 0.0
	for i, s := range row {
		want := s.x
		if i > 0 {
			left := row[i-1]
			s.x = max(s.x, left.x+(left.w+s.w)/2+gap)
		}
		shift += (want - s.x) / float64(len(row))
	}
	for _, s := range row {
		s.x += shift
	}
}

// SVG is the picture: operands above results, leaves shaded.
func (g *Graph) SVG() string {
	rows := g.layout()
	left, right := 0.0, 0.0
	for _, row := range rows {
		left, right = min(left, row[0].x-row[0].w/2), max(right, row[len(row)-1].x+row[len(row)-1].w/2)
	}
	var lines, boxes strings.Builder
	for k, row := range rows {
		for _, s := range row {
			x, y := s.x-left+gap, float64(gap+k*rowHeight)
			for _, to := range s.out {
				from, mid, end := y+boxHeight, y+(boxHeight+rowHeight)/2, y+rowHeight
				if s.node < 0 {
					fmt.Fprintf(&lines, "<path d=\"M%.1f %.1fV%.1f\"/>\n", x, y, from)
				}
				tip := ""
				if to.node >= 0 {
					tip = ` marker-end="url(#tip)"`
				}
				fmt.Fprintf(&lines, "<path d=\"M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f\"%s/>\n", x, from, x, mid, to.x-left+gap, mid, to.x-left+gap, end, tip)
			}
			if s.node < 0 {
				continue
			}
			v, fill := g.Nodes[s.node], "white"
			if v.Leaf {
				fill = "lightblue"
			}
			fmt.Fprintf(&boxes, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" rx=\"4\" fill=\"%s\" stroke=\"black\"/>\n", x-s.w/2, y, s.w, boxHeight, fill)
			fmt.Fprintf(&boxes, "<text x=\"%.1f\" y=\"%.1f\">%s</text><text x=\"%.1f\" y=\"%.1f\">%s</text>\n", x, y+15, html.EscapeString(v.Name), x, y+30, v.shapes())
		}
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%d" font-family="sans-serif" font-size="12" text-anchor="middle">
<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>
<rect width="100%%" height="100%%" fill="white"/>
<g fill="none" stroke="gray">
%s</g>
%s</svg>
`, right-left+2*gap, len(rows)*rowHeight-rowHeight+boxHeight+2*gap, lines.String(), boxes.String())
}
