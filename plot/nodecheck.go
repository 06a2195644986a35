package plot

import (
	"errors"
	"fmt"
)

// title names n in an error.
func (n *Node) title() string {
	if n == nil {
		return "a nil node"
	}
	kind := [...]string{"box", "circle", "text", "block", "sheets", "cell", "space", "picture", "row", "column", "grid", "group"}[n.shape]
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
	if n.shape == pictureShape {
		if n.picture == nil {
			return fmt.Errorf("%s has no image", n.title())
		}
		if err := n.picture.check(); err != nil {
			return fmt.Errorf("%s: %w", n.title(), err)
		}
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
