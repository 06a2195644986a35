package data

import (
	"context"
	"strconv"

	"github.com/fathom-ml/fathom/tensor"
)

// MNIST gives the 60,000 training or 10,000 test images of MNIST (LeCun, Cortes and Burges 1998; 18.9 in the book): 28 x 28 grey pictures of
// digits, Images [n, 28, 28, 1] uint8, in the makers' order. Files and progress are as in [FashionMNIST].
func MNIST(ctx context.Context, train bool, progress Progress) (*ImageSet, error) {
	s, err := FindSet("mnist")
	if err != nil {
		return nil, err
	}
	files, n := s.Files[2:], 10000
	if train {
		files, n = s.Files[:2], 60000
	}
	y, err := fetchIDX(ctx, files[1], progress, n)
	if err != nil {
		return nil, err
	}
	x, err := fetchIDX(ctx, files[0], progress, n, 28, 28)
	if err != nil {
		return nil, err
	}
	ints, err := y.Int32s()
	if err != nil {
		return nil, err
	}
	var names []string
	for i := range 10 {
		names = append(names, strconv.Itoa(i))
	}
	return NewImageSet("mnist", tensor.Of(x.Data, n, 28, 28, 1), tensor.Of(ints), names...), nil
}
