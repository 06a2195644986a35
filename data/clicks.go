package data

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/fathom-ml/fathom/tensor"
)

// CTR gives advertisements that were shown: whether each was clicked, [n] float32 of 0 and 1, and its fields as text, "" where one is missing (16.8). subset says that they
// are of another collection, Criteo's, with 39 fields instead of 34.
func CTR(ctx context.Context, train bool, opts ...FetchOption) (clicked *tensor.Tensor, fields [][]string, subset bool, err error) {
	s, err := FindSet("ctr")
	if err != nil {
		return nil, nil, false, err
	}
	dir, subset, err := s.Extract(ctx, opts...)
	if err != nil {
		return nil, nil, subset, err
	}
	folder, name, n := "ctr", "test.csv", 34
	if subset {
		folder, n = "criteo_tiny", 39
	}
	if train {
		name = "train.csv"
	}
	path := filepath.Join(dir, folder, name)
	text, err := readFile(path)
	if err != nil {
		return nil, nil, subset, err
	}
	var y []float32
	for i, l := range lines(text) {
		f := strings.Split(strings.TrimSuffix(l, "\r"), "\t")
		if len(f) != n+1 || f[0] != "0" && f[0] != "1" {
			return nil, nil, subset, fmt.Errorf("data: line %d of %s is not 0 or 1 and %d fields", i+1, path, n)
		}
		y = append(y, float32(f[0][0]-'0'))
		fields = append(fields, f[1:])
	}
	if len(y) == 0 {
		return nil, nil, subset, fmt.Errorf("data: %s is empty", path)
	}
	return tensor.Of(y), fields, subset, nil
}
