package plot

import (
	"fmt"
	"math"
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
		for j, it := range a.Items {
			if err := checkItem(it); err != nil {
				return fmt.Errorf("plot: axes %d, item %d (%s): %w", i, j, itemName(it), err)
			}
		}
	}
	return nil
}

// itemName names an item in an error.
func itemName(it Item) string {
	name := func(kind, label string) string {
		if label == "" {
			return kind
		}
		return fmt.Sprintf("%s %q", kind, label)
	}
	switch it := it.(type) {
	case *Line:
		return name("Line", it.Label)
	case *Scatter:
		return name("Scatter", it.Label)
	case *HLine:
		return name("HLine", it.Label)
	case *Image:
		return "Image"
	}
	return fmt.Sprintf("%T", it)
}

// checkItem says what is wrong with one item.
func checkItem(it Item) error {
	switch it := it.(type) {
	case *Line:
		if it.X != nil && len(it.X) != len(it.Y) {
			return fmt.Errorf("has %d X and %d Y", len(it.X), len(it.Y))
		}
		_, err := parseFormat(it.Format)
		return err
	case *Scatter:
		if len(it.X) != len(it.Y) {
			return fmt.Errorf("has %d X and %d Y", len(it.X), len(it.Y))
		}
		if it.Size < 0 || math.IsNaN(it.Size) || it.Size > 1000 {
			return fmt.Errorf("size %v is not a diameter", it.Size)
		}
		if it.Color == "" {
			return nil
		}
		_, err := parseColor(it.Color)
		return err
	case *HLine:
		_, err := parseFormat(it.Format)
		return err
	case *Image:
		if it.Height < 0 || it.Width < 0 || it.Channels != 1 && it.Channels != 3 {
			return fmt.Errorf("shape is %d x %d x %d; channels must be 1 or 3", it.Height, it.Width, it.Channels)
		}
		if n := it.Height * it.Width * it.Channels; len(it.Pix) != n {
			return fmt.Errorf("has %d values; %d x %d x %d needs %d", len(it.Pix), it.Height, it.Width, it.Channels, n)
		}
		_, err := colorMap(it.Map)
		return err
	case nil:
		return fmt.Errorf("item is nil")
	}
	return nil
}
