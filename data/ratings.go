package data

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/fathom-ml/fathom/tensor"
)

// MovieLens gives the 100,000 ratings of MovieLens 100K in the order of u.data (16.2): users and items [n] int32, counted from 0 (the file counts from
// 1), scores [n] float32 from 1 to 5, and times [n] int64 in seconds since 1970. There are 943 users and 1,682 items.
func MovieLens(ctx context.Context, opts ...FetchOption) (users, items, scores, times *tensor.Tensor, err error) {
	s, err := FindSet("ml-100k")
	if err != nil {
		return nil, nil, nil, nil, err
	}
	dir, _, err := s.Extract(ctx, opts...)
	if err != nil {
		return nil, nil, nil, nil, err
	}
	name := filepath.Join(dir, "ml-100k", "u.data")
	text, err := readFile(name)
	if err != nil {
		return nil, nil, nil, nil, err
	}
	var u, i []int32
	var r []float32
	var at []int64
	for n, l := range lines(text) {
		f := strings.Fields(l)
		var v [4]int64
		if len(f) != len(v) {
			return nil, nil, nil, nil, fmt.Errorf("data: line %d of %s has %d columns, not 4", n+1, name, len(f))
		}
		for k := range v {
			if v[k], err = strconv.ParseInt(f[k], 10, 64); err != nil {
				return nil, nil, nil, nil, fmt.Errorf("data: line %d of %s: %w", n+1, name, err)
			}
		}
		if v[0] < 1 || v[0] > 943 || v[1] < 1 || v[1] > 1682 || v[2] < 1 || v[2] > 5 {
			return nil, nil, nil, nil, fmt.Errorf("data: line %d of %s: user %d, item %d, score %d are not within 943, 1682, 5", n+1, name, v[0], v[1], v[2])
		}
		u, i, r, at = append(u, int32(v[0]-1)), append(i, int32(v[1]-1)), append(r, float32(v[2])), append(at, v[3])
	}
	return tensor.Of(u), tensor.Of(i), tensor.Of(r), tensor.Of(at), nil
}

// Airfoil gives NASA's measurements of the noise of airfoils: X [1503, 5] (frequency in Hz, angle in degrees, chord in m, speed in m/s, thickness in
// m) and y [1503], the sound pressure in dB (11.5). The numbers are the file's; the book standardises them.
func Airfoil(ctx context.Context, opts ...FetchOption) (X, y *tensor.Tensor, err error) {
	s, err := FindSet("airfoil")
	if err != nil {
		return nil, nil, err
	}
	paths, _, err := s.Get(ctx, opts...)
	if err != nil {
		return nil, nil, err
	}
	text, err := readFile(paths[0])
	if err != nil {
		return nil, nil, err
	}
	var rows []float32
	n := 0
	for i, l := range lines(text) {
		f := strings.Fields(l)
		if len(f) != 6 {
			return nil, nil, fmt.Errorf("data: line %d of %s has %d columns, not 6", i+1, paths[0], len(f))
		}
		for _, s := range f {
			v, err := strconv.ParseFloat(s, 32)
			if err != nil {
				return nil, nil, fmt.Errorf("data: line %d of %s: %q is not a number", i+1, paths[0], s)
			}
			rows = append(rows, float32(v))
		}
		n++
	}
	t := tensor.Of(rows, n, 6)
	return t.Slice(tensor.All, tensor.Until(5)).Contiguous(), t.Slice(tensor.All, tensor.I(5)).Contiguous(), nil
}
