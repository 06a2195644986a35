package plot

import (
	"errors"
	"fmt"
	"reflect"
)

// maxInches bounds the sides of a figure, so that a slip cannot ask for gigabytes.
const maxInches = 200

// Check says what is wrong with f: sizes out of range, more axes than places,
// X and Y of different lengths, an image whose Pix does not fit its sides, an
// unknown format, colour or colour map. SVG and PNG call it first.
func (f *Figure) Check() error {
	w, h := f.size()
	if !(w > 0 && w <= maxInches && h > 0 && h <= maxInches) {
		return fmt.Errorf("plot: figure of %v x %v inches; each side must be above 0 and at most %d", f.Width, f.Height, maxInches)
	}
	if f.Rows < 0 || f.Cols < 0 {
		return fmt.Errorf("plot: grid of %d x %d", f.Rows, f.Cols)
	}
	if rows, cols := f.grid(); len(f.Axes) > rows*cols {
		return fmt.Errorf("plot: %d axes in a grid of %d x %d", len(f.Axes), rows, cols)
	} else if float64(rows) > h*36 || float64(cols) > w*36 {
		return fmt.Errorf("plot: a grid of %d x %d does not fit into %v x %v inches", rows, cols, w, h)
	}
	for i, a := range f.Axes {
		if a == nil {
			continue
		}
		if err := a.check(); err != nil {
			return fmt.Errorf("plot: axes %d%w", i, err)
		}
	}
	return nil
}

// check says what is wrong with a; the message goes on after its number.
func (a *Axes) check() error {
	solids, flats := 0, 0
	for j, it := range a.Items {
		err := errNil
		if !isNil(it) {
			err = it.check()
			if _, ok := it.(solidItem); ok {
				solids++
			} else {
				flats++
			}
		}
		if err == nil && solids > 0 && flats > 0 {
			err = errors.New("items of two and of three dimensions do not share axes")
		}
		if err != nil {
			return fmt.Errorf(", item %d (%s): %w", j, itemName(it), err)
		}
	}
	if r := a.Right; r != nil {
		if r.Right != nil || r == a {
			return errors.New(", right: an axis on the right has none of its own")
		}
		if err := r.check(); err != nil {
			return fmt.Errorf(", right%w", err)
		}
	}
	return nil
}

var errNil = errors.New("item is nil")

// itemName names an item in an error.
func itemName(it Item) string {
	if isNil(it) {
		return "nil"
	}
	kind, label := it.name()
	if label == "" {
		return kind
	}
	return fmt.Sprintf("%s %q", kind, label)
}

// isNil reports whether it is nothing, or a nil pointer of some kind.
func isNil(it Item) bool { return it == nil || reflect.ValueOf(it).IsNil() }
