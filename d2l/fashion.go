package d2l

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/show"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/vision"
)

// Batches is a loader of minibatches of features and labels.
type Batches = data.Loader[data.Batch]

// GetFashionMNISTLabels turns numeric labels into names (3.5).
func GetFashionMNISTLabels(labels *tensor.Tensor) []string {
	names := data.FashionClasses()
	out := make([]string, 0, labels.Size())
	for _, k := range labels.Ints() {
		if k < 0 || k >= len(names) {
			tensor.Misuse("getFashionMNISTLabels", fmt.Sprintf("no class has the number %d", k), "", labels)
		}
		out = append(out, names[k])
	}
	return out
}

// ClassNames returns the function from labels to names that fits the data set of a loader:
// for Fashion-MNIST it is [GetFashionMNISTLabels], for the digits it gives "0" to "9".
func ClassNames(iter *Batches) func(labels *tensor.Tensor) []string {
	if set, ok := iter.Dataset().(*data.ImageSet); ok {
		return set.Names
	}
	return GetFashionMNISTLabels
}

// OpenFashionMNIST returns the image sets of a run (3.5): those chosen with --data-set;
// else Fashion-MNIST from FATHOM_DATA, the cache or a download; else, saying so on the
// display, the embedded digits, pictures of the same size in as many classes.
func OpenFashionMNIST(p show.Display) (train, test *data.ImageSet, err error) {
	choice := ""
	if c, ok := p.(show.Chooser); ok {
		choice = c.DataSet()
	}
	if choice == "digits" {
		notice(p, "Data: the embedded UCI digits (1,437 training and 360 test images), as asked for with --data-set.")
		return data.Digits(true), data.Digits(false), nil
	}
	train, test, err = fashionMNIST(p)
	if err != nil && p.Context().Err() == nil && choice == "" {
		notice(p, "Data: Fashion-MNIST is not to be had, so this run uses the embedded UCI digits: "+
			"1,437 training and 360 test images, 28 x 28 pixels, ten classes. Results differ from the book's. "+
			"The reason: "+reason(err)+".")
		return data.Digits(true), data.Digits(false), nil
	}
	return train, test, err
}

// reason is err, in few words if it says no more than that there is no network.
func reason(err error) string {
	var network net.Error
	if errors.As(err, &network) && !errors.Is(err, data.ErrChecksum) {
		return "it is neither in a folder of FATHOM_DATA nor in the cache, and no server that has it can be reached"
	}
	return err.Error()
}

func fashionMNIST(p show.Display) (train, test *data.ImageSet, err error) {
	progress, done := downloads(p)
	defer done()
	if train, err = data.FashionMNIST(p.Context(), true, progress); err == nil {
		test, err = data.FashionMNIST(p.Context(), false, progress)
	}
	return train, test, err
}

// downloads shows a progress line for each file that is downloaded; done ends the last.
func downloads(p show.Display) (progress data.Progress, done func()) {
	var bar show.Progress
	open := ""
	var have int64
	progress = func(name string, n, total int64) {
		if name != open {
			if bar != nil {
				bar.Done()
			}
			bar, open, have = p.Progress("downloading "+name, int(total)), name, 0
		}
		bar.Add(int(n - have))
		have = n
	}
	return progress, func() {
		if bar != nil {
			bar.Done()
		}
	}
}

// notice shows a remark that a reader must not miss.
func notice(p show.Display, text string) {
	if n, ok := p.(interface{ Notice(string) }); ok {
		n.Notice(text)
		return
	}
	p.Print(text)
}

// LoadOption changes what LoadDataFashionMNIST returns.
type LoadOption func(*loadOptions)

type loadOptions struct {
	resize, examples int
	ctx              context.Context
}

// Resize scales the images to size x size pixels, bilinearly.
func Resize(size int) LoadOption { return func(o *loadOptions) { o.resize = size } }

// Examples keeps only the first n training images and n/6 test images (but
// at least 100), for quick runs; 0 keeps all.
func Examples(n int) LoadOption { return func(o *loadOptions) { o.examples = n } }

// LoadDataFashionMNIST returns loaders of the training set, shuffled, and of the test
// set: features [n, 1, 28, 28] of float32 in [0, 1], labels [n] of int32 (3.5). For the
// choice of data see [OpenFashionMNIST]. A loop over a loader ends early, with an error,
// when the run is cancelled.
func LoadDataFashionMNIST(p show.Display, batchSize int, opts ...LoadOption) (train, test *Batches, err error) {
	trainSet, testSet, err := OpenFashionMNIST(p)
	if err != nil {
		return nil, nil, err
	}
	opts = append(opts, func(o *loadOptions) { o.ctx = p.Context() })
	train, test = LoadImages(trainSet, testSet, batchSize, opts...)
	return train, test, nil
}

// LoadImages makes the two loaders from image sets that are open already.
func LoadImages(train, test *data.ImageSet, batchSize int, opts ...LoadOption) (trainIter, testIter *Batches) {
	o := loadOptions{ctx: context.Background()}
	for _, f := range opts {
		f(&o)
	}
	if o.examples > 0 {
		train, test = train.Take(o.examples), test.Take(max(o.examples/6, 100))
	}
	if o.resize > 0 {
		scale := vision.Compose(vision.Resize(o.resize, o.resize), vision.ToTensor())
		train, test = train.TransformFirst(scale), test.TransformFirst(scale)
	}
	ctx := data.Context(o.ctx)
	return data.NewLoader(train, batchSize, data.Shuffle(true), ctx), data.NewLoader(test, batchSize, ctx)
}

// ShowImages draws a grid of images with titles (3.5). The images are [n, height, width]
// or [n, height, width, 3]; a cell is scale inches wide.
func ShowImages(p show.Display, name string, images *tensor.Tensor, rows, cols int, titles []string, scale float64) {
	f := plot.NewGrid(rows, cols, float64(cols)*scale, float64(rows)*scale)
	for i := range min(rows*cols, images.Len()) {
		img := images.Index(i)
		channels := 1
		if img.NDim() == 3 {
			channels = img.Dim(2)
		}
		ax := &plot.Axes{Hidden: true}
		if i < len(titles) {
			ax.Title = titles[i]
		}
		ax.Add(&plot.Image{Height: img.Dim(0), Width: img.Dim(1), Channels: channels, Pix: img.Float64s()})
		f.Axes[i] = ax
	}
	p.Figure(name, f)
}
