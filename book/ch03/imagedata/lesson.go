// Package imagedata is lesson 3.5: a data set of pictures, read in minibatches.
package imagedata

import (
	_ "embed"
	"fmt"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/d2l"
	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/vision"
)

//go:embed lesson.go
var source string

func init() {
	book.Register(book.Lesson{
		Section: "3.5", Title: "The Image Classification Dataset",
		Run: ImageData, Data: []string{"fashion-mnist"}, Source: source,
	})
}

// # The Image Classification Dataset
//
// A classifier needs pictures to learn from. For twenty years the usual first choice was MNIST, a
// collection of handwritten digits. It has become too easy: even a crude model gets more than 95 % of it
// right, so it hardly tells a good model from a mediocre one. This chapter works with *Fashion-MNIST*
// [@xiao2017] instead. It has the same size and the same format, but shows pieces of
// clothing from an online shop, and simple models stop well short of perfection on it.
//
// The lesson opens the data, looks at it, and builds the loader that all later lessons use.
func ImageData(p *book.Page) {
	// ## Reading the dataset
	//
	// The data comes in two parts. A model learns from the *training set*; how good it has become is
	// measured on the *test set*, which it has never seen. `d2l.OpenFashionMNIST` looks for the files in the
	// folder that the environment variable `FATHOM_DATA` names, then among earlier downloads, then on the
	// network. If they cannot be had, a notice says so, and the lesson goes on with a small set of
	// digits that is built into the program: other pictures, but of the same size and in as many classes.

	train, test, err := d2l.OpenFashionMNIST(p)
	p.Check(err)
	p.Printf("(%d, %d)\n", train.Len(), test.Len())

	// All of it is now in memory. Each example is a picture and a *label*, the number of its class. The
	// shape of a picture is height, width and *channels*: 28 rows of 28 pixels with one
	// number each, its brightness. A colour picture would have three channels, red, green and blue.

	image, label := train.At(0)
	p.Show(image.Shape())
	p.Print("class", label, "is", train.Class(label))

	// There are ten classes, numbered from 0. In a table, with the number of examples of each:

	var rows [][]string
	trainCounts, testCounts := counts(train), counts(test)
	for k := range trainCounts {
		rows = append(rows, []string{fmt.Sprint(k), train.Class(k), fmt.Sprint(trainCounts[k]), fmt.Sprint(testCounts[k])})
	}
	p.Table([]string{"label", "name", "training", "test"}, rows)

	// Fashion-MNIST is *balanced*: every class has 6,000 examples to train on and 1,000 to be tested on. That
	// matters for reading results. Someone who always answers "bag" is right in one case out of ten, so an
	// accuracy of 0.1 is what no knowledge at all is worth. Were nine tenths of all pictures bags, the
	// same answer would score 0.9.
	//
	// Numbers say little about pictures, so we look at the first 18 of them. Their block has four axes:
	// example, height, width, channel. For drawing, the last axis, which has length 1, is squeezed out.
	// `train.Names` turns labels into the titles.

	X, y := train.Images.Narrow(0, 0, 18), train.Labels.Narrow(0, 0, 18)
	p.Show(X.Shape())
	d2l.ShowImages(p, "images", X.Squeeze(-1), 2, 9, train.Names(y), 1.5)

	// The pictures are grey. The colours come from the *colour map* of the drawing, viridis, which shows
	// small values in dark violet and large ones in yellow; it makes faint differences easier to see than
	// shades of grey. The background of each picture is 0.
	//
	// (The book's page shows other pieces. The copy of the data that its software downloads is in another
	// order than the files of the makers, which we read.)
	//
	// Some classes are easy to tell apart. Nothing looks like a pair of trousers except trousers. A shirt, a
	// pullover and a coat differ by details that are hard to see at 28 x 28 pixels, and this is where most
	// mistakes of the coming lessons will be made.
	//
	// ## Reading a minibatch
	//
	// Training goes through the data in *minibatches*, small groups of examples drawn at random. In section
	// 3.2 we wrote an iterator for that. From now on a loader does it: `data.NewLoader` takes a data set and
	// the size of a batch, and each loop over `Batches()` is one *pass*, or *epoch*: every
	// example once, in a new random order if `data.Shuffle(true)` is given. The last batch is smaller if the
	// size does not divide the number of examples.
	//
	// Two things happen to the pictures of a batch on the way; the transform `vision.ToTensor` does both.
	// The files of Fashion-MNIST hold each pixel as a whole number from 0 to 255 in one byte (dtype `uint8`),
	// which networks cannot use: it becomes a `float32` from 0 to 1. And the channels move in front: height x width x channels
	// becomes channels x height x width, the order that convolutions (chapter 6) expect.
	//
	// Only the pictures of the current batch are converted. The set as a whole stays in bytes, a quarter
	// of the memory.

	batch := p.Int("batch", 256, book.Doc("examples in a minibatch"))
	iter := data.NewLoader(train.TransformFirst(vision.ToTensor()), batch, data.Shuffle(true), data.Context(p.Context()))

	// Does reading slow training down? The stopwatch of section 3.1 tells how long a pass takes that does
	// nothing but read.

	timer := d2l.NewTimer()
	for range iter.Batches() {
	}
	seconds := timer.Stop()
	p.Check(iter.Err())
	p.Printf("%.2f sec\n", seconds)
	p.Result("seconds per pass", seconds)

	// `Err` is asked after the loop because a Go loop cannot fail by itself: it just ends early, and the
	// loader keeps the reason.
	//
	// The book's figure is about two seconds, with four worker processes reading ahead. Here
	// one goroutine copies bytes and looks up their floats, and there is nothing worth spreading over processes.
	// When batches do take long to make, `data.Prefetch(n)` lets the loader prepare up to `n` of them on
	// a goroutine of its own while the network computes.
	//
	// ## Putting all things together
	//
	// Some networks want larger pictures than 28 x 28. `vision.Resize` scales them, and
	// `vision.Compose` chains transforms. With that, one function makes both loaders: the training set
	// shuffled, the test set in its own order, since the order makes no difference to a measurement.

	size := p.Int("resize", 64, book.Doc("height and width of the resized pictures"))
	resized, _ := loaders(train, test, 32, size)
	for X, y := range resized.Batches() {
		p.Print(book.Shown(X.Shape()), X.DType(), book.Shown(y.Shape()), y.DType())
		break
	}

	// A batch is thus a tensor of shape batch x channels x height x width with the pictures, and a vector
	// with the labels, which stay integers. Leaving the loop with `break` is fine; the next loop begins a
	// new pass.
	//
	// Scaling up adds no information. A pixel of the larger picture is a weighted mean of the four pixels
	// nearest to its place in the smaller one (*bilinear* interpolation), so edges become
	// soft. The first nine pictures once more:

	big := vision.Resize(size, size)(X.Narrow(0, 0, 9))
	d2l.ShowImages(p, "resized", big.Squeeze(-1), 1, 9, train.Names(y), 1.5)

	// The library's form of all this is `d2l.LoadDataFashionMNIST(p, batch)`, with `d2l.Resize(64)` as an
	// option. It opens the data and returns the two loaders. The lessons that follow begin with it.
	//
	// ## Summary
	//
	// - Fashion-MNIST has 60,000 training and 10,000 test pictures of clothes, 28 x 28 pixels, in ten
	//   classes of equal size.
	// - A loader hands out a data set in shuffled minibatches and transforms pictures as they are needed.
	// - Batches of pictures have the axes batch, channel, height, width; values lie between 0 and 1.
	//
	// ## Exercises
	//
	// 1. *Does a smaller batch slow reading down?* We time a pass for several sizes. Every batch costs something
	//    that does not depend on its size: two tensors are allocated, a loop is left and entered. With one
	//    example a batch this is paid for each picture. From a few dozen examples on it no longer counts,
	//    and what remains is the conversion of the pixels. (The very first pass, further up, takes longer than
	//    the others: the machine had yet to hand out the memory that later passes use again.)

	rows = nil
	for _, batch := range []int{1, 4, 16, 64, 256, 1024} {
		seconds := pass(p, train, batch)
		rows = append(rows, []string{fmt.Sprint(batch), fmt.Sprintf("%.3f", seconds), fmt.Sprintf("%.0f", float64(train.Len())/seconds)})
	}
	p.Table([]string{"batch", "sec", "pictures/sec"}, rows)

	// 2. *Which other data sets are there?* `fathom list` shows what data each lesson reads. For pictures of the
	//    same size there are the built-in digits [@alpaydin1998]: 1,437 to train on and
	//    360 to be tested on, 8 x 8 pixels, scaled up to 28 x 28 in the way just described. Every lesson on
	//    Fashion-MNIST takes them with `--data-set digits`.

	digits := data.Digits(true)
	p.Printf("(%d, %d)\n", digits.Len(), data.Digits(false).Len())
	d2l.ShowImages(p, "digits", digits.Images.Narrow(0, 0, 9).Squeeze(-1), 1, 9, digits.Names(digits.Labels.Narrow(0, 0, 9)), 1.5)
}

// Counting the labels takes one loop.
func counts(set *data.ImageSet) []int {
	n := make([]int, len(set.Classes))
	for _, label := range set.Labels.Ints() {
		n[label]++
	}
	return n
}

// The function from two sets of pictures to two loaders. A `size` of 0 leaves the pictures as they are.
func loaders(train, test *data.ImageSet, batch, size int) (trainIter, testIter *d2l.Batches) {
	transform := vision.ToTensor()
	if size > 0 {
		transform = vision.Compose(vision.Resize(size, size), vision.ToTensor())
	}
	trainIter = data.NewLoader(train.TransformFirst(transform), batch, data.Shuffle(true))
	testIter = data.NewLoader(test.TransformFirst(transform), batch)
	return trainIter, testIter
}

// One pass, timed. Without a transform of its own a set of pictures applies `ToTensor`.
func pass(p *book.Page, set *data.ImageSet, batch int) (seconds float64) {
	iter := data.NewLoader(set, batch, data.Shuffle(true), data.Context(p.Context()))
	timer := d2l.NewTimer()
	for range iter.Batches() {
	}
	p.Check(iter.Err())
	return timer.Stop()
}
