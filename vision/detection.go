package vision

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/fathom-ml/fathom/tensor"
)

// Bananas gives the images of the set of 13.6, [n, 256, 256, 3] uint8, and for each its box, [n, 1, 5] float32: class 0, then left, top, right and bottom as fractions of
// 256. subset says that it is a part of the whole; the part holds no images for training, in whose place those for validation are given.
func Bananas(ctx context.Context, train bool) (images, boxes *tensor.Tensor, subset bool, err error) {
	dir, subset, err := extract(ctx, "banana-detection", "banana-detection")
	if err != nil {
		return nil, nil, subset, err
	}
	part := filepath.Join(dir, "bananas_val")
	if train {
		if t := filepath.Join(dir, "bananas_train"); !subset || exists(t) {
			part = t
		}
	}
	images, boxes, err = readBoxes(part)
	return images, boxes, subset, err
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// readBoxes reads label.csv of a folder, whose lines are name, class and corners in pixels, and the images that it names.
func readBoxes(dir string) (images, boxes *tensor.Tensor, err error) {
	const size = 256
	f, err := os.Open(filepath.Join(dir, "label.csv"))
	if err != nil {
		return nil, nil, fmt.Errorf("vision: %w", err)
	}
	defer f.Close()
	c := csv.NewReader(f)
	c.FieldsPerRecord = 6
	rows, err := c.ReadAll()
	if err != nil {
		return nil, nil, fmt.Errorf("vision: %s: %w", f.Name(), err)
	}
	if len(rows) < 2 {
		return nil, nil, fmt.Errorf("vision: %s names no images", f.Name())
	}
	var list []*tensor.Tensor
	var corners []float32
	for i, row := range rows[1:] {
		if !filepath.IsLocal(row[0]) || strings.ContainsAny(row[0], `/\`) {
			return nil, nil, fmt.Errorf("vision: line %d of %s: %q is not a file's name", i+2, f.Name(), row[0])
		}
		x, err := ReadImage(filepath.Join(dir, "images", row[0]))
		if err == nil && (x.Dim(0) != size || x.Dim(1) != size) {
			err = fmt.Errorf("vision: %s has %d x %d pixels, not %d x %d", row[0], x.Dim(1), x.Dim(0), size, size)
		}
		if err != nil {
			return nil, nil, err
		}
		list = append(list, x)
		for k, s := range row[1:] {
			v, err := strconv.ParseFloat(s, 32)
			if err != nil || v < 0 || v > size {
				return nil, nil, errors.Join(fmt.Errorf("vision: line %d of %s: %q is not a number from 0 to %d", i+2, f.Name(), s, size), err)
			}
			if k > 0 {
				v /= size
			}
			corners = append(corners, float32(v))
		}
	}
	return tensor.Stack(0, list...), tensor.Of(corners, len(list), 1, 5), nil
}
