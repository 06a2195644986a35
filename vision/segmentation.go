package vision

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/tensor"
)

// VOC gives the images of Pascal VOC 2012 for training or validating segmentation, and for each a picture of the same size whose colours are the classes (13.9): [h, w, 3]
// uint8, of different sizes. subset says that it is a part of the whole.
func VOC(ctx context.Context, train bool) (images, masks []*tensor.Tensor, subset bool, err error) {
	dir, subset, err := extract(ctx, "voc2012", "VOCdevkit", "VOC2012")
	if err != nil {
		return nil, nil, subset, err
	}
	part := "val.txt"
	if train {
		part = "train.txt"
	}
	list, err := os.ReadFile(filepath.Join(dir, "ImageSets", "Segmentation", part))
	if err != nil {
		return nil, nil, subset, fmt.Errorf("vision: %w", err)
	}
	for _, name := range strings.Fields(string(list)) {
		if !filepath.IsLocal(name) {
			return nil, nil, subset, fmt.Errorf("vision: %s: %q is not a file's name", part, name)
		}
		x, err := ReadImage(filepath.Join(dir, "JPEGImages", name+".jpg"))
		if err != nil {
			return nil, nil, subset, err
		}
		m, err := ReadImage(filepath.Join(dir, "SegmentationClass", name+".png"))
		if err != nil {
			return nil, nil, subset, err
		}
		if !slices.Equal(x.Shape(), m.Shape()) {
			return nil, nil, subset, fmt.Errorf("vision: image %s has shape %v, its mask %v", name, x.Shape(), m.Shape())
		}
		images, masks = append(images, x), append(masks, m)
	}
	return images, masks, subset, nil
}

// VOCColormap is the colours of the 21 classes of VOC 2012, [21, 3] uint8, of which the first is the background (13.9). Bit k of class i's number, counted in threes, goes to
// bit 7 - k/3 of red, green and blue in turn.
func VOCColormap() *tensor.Tensor {
	c := make([]uint8, 21*3)
	for i := range 21 {
		for k := range 8 {
			c[3*i+k%3] |= uint8(i>>k&1) << (7 - k/3)
		}
	}
	return tensor.Of(c, 21, 3)
}

// VOCLabels is the classes of a mask's colours: [h, w] int32 of [h, w, 3] uint8; white, the edges of objects, counts as background, as in 13.9. It panics if the mask is of
// another kind.
func VOCLabels(mask *tensor.Tensor) *tensor.Tensor {
	if len(mask.Shape()) != 3 || mask.Dim(2) != 3 || mask.DType() != tensor.Uint8 {
		tensor.Misuse("VOCLabels", "the mask is not [height, width, 3] uint8", "", mask)
	}
	colours := tensor.Data[uint8](VOCColormap())
	class := map[[3]uint8]int32{}
	for i := range 21 {
		class[[3]uint8(colours[3*i:])] = int32(i)
	}
	pixels := tensor.Data[uint8](mask.Contiguous())
	out := make([]int32, len(pixels)/3)
	for i := range out {
		out[i] = class[[3]uint8(pixels[3*i:])]
	}
	return tensor.Of(out, mask.Dim(0), mask.Dim(1))
}

// CamVid gives scenes of a road, [n, 360, 480, 3] uint8, and the classes of their pixels, [n, 360, 480] uint8 from 0 to 11, of which 11 is void: a part of CamVid (G. Brostow et
// al., 2009) in which segmentation can be trained where VOC is not to be had. split is "train" or "val". The archive camvid.subset.zip must be in a data folder.
func CamVid(ctx context.Context, split string) (images, classes *tensor.Tensor, err error) {
	if split != "train" && split != "val" {
		return nil, nil, fmt.Errorf("vision: CamVid has the splits train and val, not %q", split)
	}
	path, err := data.Find("camvid.subset.zip")
	if err != nil {
		return nil, nil, err
	}
	pictures := map[string]*tensor.Tensor{}
	err = data.Members(path, func(m data.Member) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		folder, name, ok := strings.Cut(strings.TrimPrefix(m.Name, "CamVid/"), "/")
		if !ok || folder != split && folder != split+"annot" {
			return nil
		}
		r, err := m.Open()
		if err != nil {
			return err
		}
		defer r.Close()
		x, err := Decode(r)
		pictures[folder+"/"+strings.TrimSuffix(name, filepath.Ext(name))] = x
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	var xs, ys []*tensor.Tensor
	for _, name := range slices.Sorted(maps.Keys(pictures)) { // an order of their own
		if x := pictures[name]; strings.HasPrefix(name, split+"/") {
			y := pictures[split+"annot/"+strings.TrimPrefix(name, split+"/")]
			if y == nil || !slices.Equal(x.Shape(), []int{360, 480, 3}) || !slices.Equal(y.Shape(), x.Shape()) {
				return nil, nil, fmt.Errorf("vision: %s: %s has no mask of its size", path, name)
			}
			xs, ys = append(xs, x), append(ys, y.Slice(tensor.Ellipsis, tensor.I(0)))
		}
	}
	if len(xs) == 0 {
		return nil, nil, fmt.Errorf("vision: %s holds no images of %s", path, split)
	}
	return tensor.Stack(0, xs...), tensor.Stack(0, ys...), nil
}
