package vision

import (
	"bufio"
	"bytes"
	"fmt"
	"image"
	_ "image/gif" // the formats that Decode knows
	_ "image/jpeg"
	_ "image/png"
	"io"
	"os"

	"github.com/fathom-ml/fathom/tensor"
)

// MaxPixels is how many pixels an image may have that [Decode] decodes.
const MaxPixels = 1 << 27

// ReadImage reads the JPEG, PNG or GIF file at path: [height, width, 3] uint8, red, green, blue. What is transparent gets black behind it.
func ReadImage(path string) (*tensor.Tensor, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("vision: %w", err)
	}
	defer f.Close()
	x, err := Decode(bufio.NewReader(f))
	if err != nil {
		return nil, fmt.Errorf("%w (in %s)", err, path)
	}
	return x, nil
}

// Decode reads an image as [ReadImage] does. It is an error if the image claims more than [MaxPixels].
func Decode(r io.Reader) (*tensor.Tensor, error) {
	var head bytes.Buffer
	config, _, err := image.DecodeConfig(io.TeeReader(r, &head))
	if err == nil && (config.Width < 1 || config.Height < 1 || config.Width > MaxPixels/config.Height) {
		err = fmt.Errorf("%d x %d pixels are none or too many", config.Width, config.Height)
	}
	if err != nil {
		return nil, fmt.Errorf("vision: %w", err)
	}
	m, _, err := image.Decode(io.MultiReader(&head, r))
	if err != nil {
		return nil, fmt.Errorf("vision: %w", err)
	}
	return FromImage(m), nil
}

// FromImage is an image of package image as a tensor [height, width, 3] uint8.
func FromImage(m image.Image) *tensor.Tensor {
	b := m.Bounds()
	x := tensor.ZerosOf(tensor.Uint8, b.Dy(), b.Dx(), 3)
	d := tensor.Data[uint8](x)
	for row := b.Min.Y; row < b.Max.Y; row++ {
		for col := b.Min.X; col < b.Max.X; col++ {
			r, g, blue, _ := m.At(col, row).RGBA()
			d[0], d[1], d[2] = uint8(r>>8), uint8(g>>8), uint8(blue>>8)
			d = d[3:]
		}
	}
	return x
}
