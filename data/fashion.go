package data

import (
	"context"
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
)

// fashionMirrors are folders that hold the makers' four files: the makers' own
// addresses first, then the copy that TensorFlow serves.
var fashionMirrors = []string{
	"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
	"https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
	"https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
}

func fashionFile(name string, size int64, sha256, md5 string) File {
	f := File{Name: "fashion-mnist/" + name, Size: size, SHA256: sha256, MD5: md5}
	for _, m := range fashionMirrors {
		f.URLs = append(f.URLs, m+name)
	}
	return f
}

// FashionMNISTFiles are the makers' files of images and labels.
func FashionMNISTFiles(train bool) (images, labels File) {
	if train {
		return fashionFile("train-images-idx3-ubyte.gz", 26421880,
				"3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84", "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
			fashionFile("train-labels-idx1-ubyte.gz", 29515,
				"a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845", "25c81989df183df01b3e8a0aad5dffbe")
	}
	return fashionFile("t10k-images-idx3-ubyte.gz", 4422102,
			"346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073", "bef4ecab320f06d8554ea6380940ec79"),
		fashionFile("t10k-labels-idx1-ubyte.gz", 5148,
			"67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5", "bb300cfdad3c16e7a12a480ee83cd310")
}

// FashionClasses are the names of Fashion-MNIST's labels (3.5).
func FashionClasses() []string {
	return []string{"t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"}
}

// FashionMNIST gives the 60,000 training or 10,000 test images of Fashion-MNIST
// (Xiao, Rasul and Vollgraf 2017; 3.5 in the book): 28 x 28 grey pictures of clothes,
// Images [n, 28, 28, 1] uint8, in the makers' order. The files come from FATHOM_DATA, the
// cache, or the makers' and mirrors' addresses ([Fetch]); progress may be nil.
func FashionMNIST(ctx context.Context, train bool, progress Progress) (*ImageSet, error) {
	n := 10000
	if train {
		n = 60000
	}
	images, labels := FashionMNISTFiles(train)
	// The small file first: without a network that is where it ends.
	y, err := fetchIDX(ctx, labels, progress, n)
	if err != nil {
		return nil, err
	}
	x, err := fetchIDX(ctx, images, progress, n, 28, 28)
	if err != nil {
		return nil, err
	}
	ints, err := y.Int32s()
	if err != nil {
		return nil, err
	}
	return NewImageSet("fashion-mnist", tensor.Of(x.Data, n, 28, 28, 1), tensor.Of(ints), FashionClasses()...), nil
}

// fetchIDX reads an idx file of bytes of a known shape.
func fetchIDX(ctx context.Context, f File, progress Progress, shape ...int) (*IDX, error) {
	path, err := Fetch(ctx, f, WithProgress(progress))
	if err != nil {
		return nil, err
	}
	x, err := OpenIDX(path)
	if err != nil {
		return nil, err
	}
	if x.Type != IDXUint8 || fmt.Sprint(x.Shape) != fmt.Sprint(shape) {
		return nil, fmt.Errorf("data: %s holds %s of shape %v, not uint8 of shape %v", path, x.Type, x.Shape, shape)
	}
	return x, nil
}
