package plot

import "math"

// measure finds the size of n and of what is below it; r then begins at the origin.
func (n *Node) measure() {
	for _, k := range n.kids {
		k.measure()
	}
	w, h := labelBox(n.label, n.font)
	if n.upright {
		w, h = h, w
	}
	switch n.shape {
	case boxShape, cellShape, textShape:
		w, h = max(n.w, w+2*n.pad)+n.behind(), max(n.h, h+2*n.pad)+n.behind()
	case circleShape:
		w = max(n.w, n.h, math.Hypot(w, h)+n.pad)
		h = w
	case spaceShape:
		w, h = n.w, n.h
	case blockShape, sheetShape, pictureShape:
		if n.label != "" {
			h += 5
		} else {
			h = 0
		}
		w, h = max(n.w+n.back(), w), n.h+n.back()+h
	case rowShape, columnShape:
		w, h = n.measureLine()
	case gridShape:
		w, h = n.measureGrid()
	case groupShape:
		k := n.kids[0].r
		title := 0.0
		if n.label != "" {
			title = h + 5
		}
		w, h = max(k.w(), w)+2*n.pad, k.h()+2*n.pad+title
	}
	n.r = rect{0, 0, w, h}
}

// measureLine finds the size of a row or column.
func (n *Node) measureLine() (w, h float64) {
	across, up := 0.0, n.above()
	for _, k := range n.kids {
		switch {
		case n.shape == columnShape:
			across = max(across, k.r.w())
		case n.align == Center:
			across = max(across, up+k.r.h()-k.axis())
		default:
			across = max(across, k.r.h())
		}
	}
	along := n.gap * float64(max(len(n.kids)-1, 0))
	for _, k := range n.kids {
		if n.shape == rowShape {
			if n.stretch && k.shape <= circleShape {
				k.r.y1 = across
			}
			along += k.r.w()
		} else {
			if n.stretch && k.shape <= circleShape {
				k.r.x1 = across
			}
			along += k.r.h()
		}
	}
	if n.shape == rowShape {
		return along, across
	}
	return across, along
}

// axis returns how far the middle of n, without the label below it, lies under
// its upper edge: the nodes of a row stand on one axis.
func (n *Node) axis() float64 { return n.body().center().y - n.r.y0 }

// above returns the room of a row above its axis.
func (n *Node) above() float64 {
	up := 0.0
	for _, k := range n.kids {
		up = max(up, k.axis())
	}
	return up
}

// tracks returns the widths of the columns and the heights of the rows of a grid.
func (n *Node) tracks() (widths, heights []float64) {
	widths = make([]float64, n.cols)
	for i, k := range n.kids {
		if i%n.cols == 0 {
			heights = append(heights, 0)
		}
		row := &heights[len(heights)-1]
		widths[i%n.cols], *row = max(widths[i%n.cols], k.r.w()), max(*row, k.r.h())
	}
	return widths, heights
}

func (n *Node) measureGrid() (w, h float64) {
	if len(n.kids) == 0 {
		return 0, 0
	}
	widths, heights := n.tracks()
	for _, v := range widths {
		w += v
	}
	for _, v := range heights {
		h += v
	}
	return w + n.gap*float64(len(widths)-1), h + n.gap*float64(len(heights)-1)
}

// place moves n so that its upper left corner is at q, and its children with it.
func (n *Node) place(q point) {
	n.r = rect{q.x, q.y, q.x + n.r.w(), q.y + n.r.h()}
	at := func(room, size float64) float64 {
		return (room - size) * [...]float64{Center: 0.5, Start: 0, End: 1}[min(n.align, End)]
	}
	switch n.shape {
	case rowShape:
		x, up := q.x, n.above()
		for _, k := range n.kids {
			w, y := k.r.w(), at(n.r.h(), k.r.h())
			if n.align == Center {
				y = up - k.axis()
			}
			k.place(point{x, q.y + y})
			x += w + n.gap
		}
	case columnShape:
		y := q.y
		for _, k := range n.kids {
			h := k.r.h()
			k.place(point{q.x + at(n.r.w(), k.r.w()), y})
			y += h + n.gap
		}
	case gridShape:
		if len(n.kids) > 0 {
			n.placeGrid(q)
		}
	case groupShape:
		k := n.kids[0]
		k.place(point{n.r.center().x - k.r.w()/2, n.r.y1 - n.pad - k.r.h()})
	}
}

// adjust moves what is to stand level or in line with another node, and returns what all nodes cover.
func (n *Node) adjust() rect {
	dx, dy := 0.0, 0.0
	if n.level != nil {
		dy = n.level.body().center().y - n.body().center().y
	}
	if n.over != nil {
		dx = n.over.body().center().x - n.body().center().x
	}
	if dx != 0 || dy != 0 {
		n.place(point{n.r.x0 + dx, n.r.y0 + dy})
	}
	b := n.r
	for _, k := range n.kids {
		b = b.join(k.adjust())
	}
	return b
}

func (n *Node) placeGrid(q point) {
	widths, heights := n.tracks()
	y := q.y
	for i, h := range heights {
		x := q.x
		for j, w := range widths {
			k := i*n.cols + j
			if k >= len(n.kids) {
				break
			}
			c := n.kids[k]
			if c.shape == cellShape { // cells fill their places
				c.r = rect{0, 0, w, h}
			}
			c.place(point{x + (w-c.r.w())/2, y + (h-c.r.h())/2})
			x += w + n.gap
		}
		y += h + n.gap
	}
}

// behind returns how far the copies of a box reach beyond it.
func (n *Node) behind() float64 {
	if n.shape != boxShape {
		return 0
	}
	return sheetShift * max(0, math.Floor(min(n.depth, 100))-1)
}

// body returns the part of n that links end at.
func (n *Node) body() rect {
	if n.shape != blockShape && n.shape != sheetShape && n.shape != pictureShape {
		return n.r
	}
	w, b := n.w+n.back(), n.back()
	x0 := n.r.center().x - w/2
	return rect{x0, n.r.y0, x0 + w, n.r.y0 + n.h + b}
}
