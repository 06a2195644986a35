package vision

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/tensor"
)

// Files is a data set of image files, read when a batch asks for them ([data.Dataset]).
type Files struct {
	Paths     []string
	Labels    []int32 // numbers of Classes; -1 where the label is not known
	Classes   []string
	Transform Transform // of an image [h, w, 3] uint8 to one of a size common to all; nil for none
}

var _ data.Dataset[data.Batch] = (*Files)(nil)

// Len is the number of images.
func (f *Files) Len() int { return len(f.Paths) }

// At reads image i and its label.
func (f *Files) At(i int) (*tensor.Tensor, int32, error) {
	x, err := ReadImage(f.Paths[i])
	if err != nil {
		return nil, 0, err
	}
	if f.Transform != nil {
		x = f.Transform(x)
	}
	return x, f.Labels[i], nil
}

// Batch reads images, and gives them stacked, and their labels.
func (f *Files) Batch(idx []int) (data.Batch, error) {
	if len(idx) == 0 {
		return nil, errors.New("vision: a batch of no images")
	}
	images, labels := make([]*tensor.Tensor, len(idx)), make([]int32, len(idx))
	for k, i := range idx {
		x, label, err := f.At(i)
		if err != nil {
			return nil, err
		}
		if k > 0 && !slices.Equal(x.Shape(), images[0].Shape()) {
			return nil, fmt.Errorf("vision: %s has shape %v, %s %v; a Transform such as Resize makes them alike", f.Paths[i], x.Shape(), f.Paths[idx[0]], images[0].Shape())
		}
		images[k], labels[k] = x, label
	}
	return data.Batch{tensor.Stack(0, images...), tensor.Of(labels)}, nil
}

// isImage goes by a file's name.
func isImage(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".jpg", ".jpeg", ".png", ".gif":
		return true
	}
	return false
}

// ImageFolder finds the images below the subfolders of dir, which are the classes (13.2). Classes and files are in the order of their names, numbers in names by their
// values.
func ImageFolder(dir string) (*Files, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("vision: %w", err)
	}
	f := &Files{}
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		paths, err := imagesBelow(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		for range paths {
			f.Labels = append(f.Labels, int32(len(f.Classes)))
		}
		f.Paths, f.Classes = append(f.Paths, paths...), append(f.Classes, e.Name())
	}
	if len(f.Paths) == 0 {
		return nil, fmt.Errorf("vision: there are no images in subfolders of %s", dir)
	}
	return f, nil
}

func imagesBelow(dir string) (paths []string, err error) {
	err = filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && isImage(p) {
			paths = append(paths, p)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("vision: %w", err)
	}
	slices.SortFunc(paths, func(a, b string) int { // 2.png before 10.png
		if filepath.Dir(a) == filepath.Dir(b) {
			return cmp.Or(cmp.Compare(digits(filepath.Base(a)), digits(filepath.Base(b))), cmp.Compare(a, b))
		}
		return cmp.Compare(a, b)
	})
	return paths, nil
}

// digits is the length of the number that a name begins with, 0 if it is none as a whole.
func digits(name string) int {
	stem := strings.TrimSuffix(name, filepath.Ext(name))
	if strings.Trim(stem, "0123456789") != "" {
		return 0
	}
	return len(strings.TrimLeft(stem, "0"))
}

// LabelledImages finds the images in dir, and takes their labels from a CSV file of lines "name without ending,label" below a header (13.13, 13.14). Classes are all labels
// of the file in order. Images that it does not name have the label -1.
func LabelledImages(dir, labels string) (*Files, error) {
	table, err := os.Open(labels)
	if err != nil {
		return nil, fmt.Errorf("vision: %w", err)
	}
	defer table.Close()
	names, classes, err := readLabels(table)
	if err != nil {
		return nil, fmt.Errorf("vision: %s: %w", labels, err)
	}
	f := &Files{Classes: classes}
	if f.Paths, err = imagesBelow(dir); err != nil {
		return nil, err
	}
	for _, p := range f.Paths {
		label := int32(-1)
		if class, ok := names[strings.TrimSuffix(filepath.Base(p), filepath.Ext(p))]; ok {
			i, _ := slices.BinarySearch(classes, class)
			label = int32(i)
		}
		f.Labels = append(f.Labels, label)
	}
	return f, nil
}

func readLabels(r io.Reader) (names map[string]string, classes []string, err error) {
	c := csv.NewReader(r)
	c.FieldsPerRecord = 2
	names = map[string]string{}
	for first := true; ; first = false {
		row, err := c.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		if !first {
			names[row[0]] = row[1]
			classes = append(classes, row[1])
		}
	}
	slices.Sort(classes)
	return names, slices.Compact(classes), nil
}

// extract gives a folder inside the unpacked archive of a data set.
func extract(ctx context.Context, key string, folder ...string) (dir string, subset bool, err error) {
	s, err := data.FindSet(key)
	if err != nil {
		return "", false, err
	}
	dir, subset, err = s.Extract(ctx)
	return filepath.Join(append([]string{dir}, folder...)...), subset, err
}
