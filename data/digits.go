package data

import (
	"bytes"
	_ "embed" // the digits' files

	"github.com/fathom-ml/fathom/internal/resample"
	"github.com/fathom-ml/fathom/tensor"
)

//go:embed embedded/digits-images-idx3-ubyte.gz
var digitImages []byte

//go:embed embedded/digits-labels-idx1-ubyte.gz
var digitLabels []byte

// The split of the digits, and the size of their pictures.
const (
	digitsTrain = 1437
	digitsRaw   = 8
	digitsSize  = 28
)

// Digits gives the embedded digits, which need no file and no network: the UCI optical
// recognition data set (Alpaydin and Kaynak 1998, CC BY 4.0, see
// embedded/LICENSES.md), 1,797 real handwritten digits; the first 1,437 are the
// training set, the last 360 the test set. The 8 x 8 pictures with values 0 to 16 are
// divided by 16 and scaled bilinearly to 28 x 28, so that every network for Fashion-MNIST
// runs on them: Images [n, 28, 28, 1] float32.
func Digits(train bool) *ImageSet {
	x, y := embeddedIDX(digitImages), embeddedIDX(digitLabels)
	labels, err := y.Int32s()
	if err != nil {
		panic(err)
	}
	from, to := 0, digitsTrain
	if !train {
		from, to = digitsTrain, len(labels)
	}
	images := tensor.Zeros(to-from, digitsSize, digitsSize, 1)
	dst := tensor.Data[float32](images)
	taps := resample.Taps(digitsSize, digitsRaw)
	var small [digitsRaw * digitsRaw]float32
	for i := range to - from {
		for k, v := range x.Data[(from+i)*len(small):][:len(small)] {
			small[k] = float32(v) / 16
		}
		resample.Bilinear(dst[i*digitsSize*digitsSize:], taps, taps, small[:], digitsRaw, 1)
	}
	return NewImageSet("digits", images, tensor.Of(labels[from:to]), "0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
}

// embeddedIDX reads a file that a test has read before; it cannot fail.
func embeddedIDX(file []byte) *IDX {
	x, err := ReadIDX(bytes.NewReader(file))
	if err != nil {
		panic(err)
	}
	return x
}
