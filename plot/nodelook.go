package plot

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

// Upright turns the label of a box by a quarter, to be read from below.
func (n *Node) Upright() *Node { n.upright = true; return n }

// Copies draws n boxes, one behind the other, such as the heads of attention.
func (n *Node) Copies(count int) *Node { n.depth = float64(count); return n }
