package data

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
)

// ImageSet is a set of pictures with one label each, all in memory. Pictures stay
// as small as they came; a batch becomes float32 when it is handed out.
type ImageSet struct {
	Name    string         // "fashion-mnist", "digits"
	Images  *tensor.Tensor // [n, height, width, channels]: uint8, or float32 from 0 to 1
	Labels  *tensor.Tensor // [n] int32
	Classes []string       // Classes[label] is the label's name; may be empty

	transform func(*tensor.Tensor) *tensor.Tensor // nil: ToTensor
}

// NewImageSet makes a set of images, [n, height, width, channels] uint8 or float32, and
// int32 labels [n]. It panics with a [tensor.Error] if they do not fit each other.
func NewImageSet(name string, images, labels *tensor.Tensor, classes ...string) *ImageSet {
	if dt := images.DType(); images.NDim() != 4 || dt != tensor.Uint8 && dt != tensor.Float32 {
		tensor.Misuse("newImageSet", "wants images [n, height, width, channels] of uint8 or float32, not "+dt.String(), "", images)
	}
	if labels.NDim() != 1 || labels.Dim(0) != images.Dim(0) || labels.DType() != tensor.Int32 {
		tensor.Misuse("newImageSet", "wants one int32 label an image, not "+labels.DType().String(), "", images, labels)
	}
	return &ImageSet{Name: name, Images: images, Labels: labels, Classes: classes}
}

// Len is the number of images.
func (s *ImageSet) Len() int { return s.Images.Dim(0) }

// At is image i, [height, width, channels] as it is stored, and its label. The image shares
// the set's memory.
func (s *ImageSet) At(i int) (image *tensor.Tensor, label int) {
	return s.Images.Index(i), int(s.Labels.At(i))
}

// Class is the name of a label.
func (s *ImageSet) Class(label int) string {
	if label >= 0 && label < len(s.Classes) {
		return s.Classes[label]
	}
	return fmt.Sprint(label)
}

// Names gives the name of each label.
func (s *ImageSet) Names(labels *tensor.Tensor) []string {
	names := make([]string, 0, labels.Size())
	for _, k := range labels.Ints() {
		names = append(names, s.Class(k))
	}
	return names
}

// Range is the set of the images from, from+1, ..., to-1. It shares memory.
func (s *ImageSet) Range(from, to int) *ImageSet {
	t := *s
	t.Images = s.Images.Narrow(0, from, to-from)
	t.Labels = s.Labels.Narrow(0, from, to-from)
	return &t
}

// Take is the set of the first n images, or all if there are fewer. It shares memory.
func (s *ImageSet) Take(n int) *ImageSet { return s.Range(0, min(n, s.Len())) }

// TransformFirst is the same set with another way from stored images to the features of
// a batch (3.5: transform_first). f gets the chosen images, [n, height, width, channels] in
// memory of their own, and gives what the loader hands out. The way of a new set
// is [ToTensor].
func (s *ImageSet) TransformFirst(f func(*tensor.Tensor) *tensor.Tensor) *ImageSet {
	t := *s
	t.transform = f
	return &t
}

// Batch gives the features, [n, channels, height, width] float32 from 0 to 1 unless the
// set is transformed otherwise, and the labels, [n] int32.
func (s *ImageSet) Batch(idx []int) (Batch, error) { return s.BatchIn(nil, idx) }

// BatchIn is Batch with the results in a scope.
func (s *ImageSet) BatchIn(scope *tensor.Scope, idx []int) (Batch, error) {
	at := rows(scope, idx)
	x := s.Images.Take(at)
	if s.transform == nil {
		x = ToTensor(x)
	} else {
		x = s.transform(x)
	}
	return Batch{x, s.Labels.Take(at)}, nil
}

// ToTensor turns pictures, [..., height, width, channels], into what networks read,
// [..., channels, height, width] float32: uint8 values are divided by 255, float32 values
// are taken as they are. It panics with a [tensor.Error] for other dtypes and for
// fewer than 3 axes.
func ToTensor(x *tensor.Tensor) *tensor.Tensor {
	d := x.NDim()
	if dt := x.DType(); d < 3 || dt != tensor.Uint8 && dt != tensor.Float32 {
		tensor.Misuse("toTensor", "wants [..., height, width, channels] of uint8 or float32, not "+dt.String(), "", x)
	}
	shape := x.Shape()
	h, w, c := shape[d-3], shape[d-2], shape[d-1]
	shape[d-3], shape[d-2], shape[d-1] = c, h, w
	if c == 1 {
		x = x.Reshape(shape...)
	} else {
		axes := make([]int, 0, d)
		for a := range d - 3 {
			axes = append(axes, a)
		}
		x = x.Transpose(append(axes, d-1, d-3, d-2)...).Contiguous()
	}
	if x.DType() == tensor.Float32 {
		return x
	}
	return x.AsType(tensor.Float32).DivScalar(255)
}
