package data

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// Set is a data set of the book.
type Set struct {
	Key      string // by which the book's helpers name it
	About    string
	Files    []File
	Licence  string
	Citation string
	Sections []string // that use it
	Subset   string   // a file of real data of the same kind that serves where the set itself is not to be had, below a data folder
}

// book is where the authors keep their files.
const book = "http://d2l-data.s3-accelerate.amazonaws.com/"

// mnistMirrors keep the makers' files of MNIST.
var mnistMirrors = []string{"https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"}

func mnistFile(name string, size int64, md5 string) File {
	f := File{Name: "mnist/" + name, Size: size, MD5: md5}
	for _, m := range mnistMirrors {
		f.URLs = append(f.URLs, m+name)
	}
	return f
}

// Sets lists all data sets of the book.
func Sets() []Set {
	a, b := FashionMNISTFiles(true)
	c, d := FashionMNISTFiles(false)
	return append([]Set{
		{Key: "fashion-mnist", About: "70,000 pictures of clothes, 28 x 28", Files: []File{a, b, c, d}, Licence: "MIT", Citation: "H. Xiao, K. Rasul, R. Vollgraf, Fashion-MNIST, 2017",
			Sections: []string{"3.5", "3.6", "3.7", "4.2", "4.3", "4.6", "6.6", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "7.7", "11.11", "12.5", "12.6", "18.1"}},
		{Key: "mnist", About: "70,000 handwritten digits, 28 x 28", Files: []File{
			mnistFile("train-images-idx3-ubyte.gz", 9912422, "f68b3c2dcbeaaa9fbdd348bbdeb94873"), mnistFile("train-labels-idx1-ubyte.gz", 28881, "d53e105ee54ea40749a09fcbcd1e9432"),
			mnistFile("t10k-images-idx3-ubyte.gz", 1648877, "9fb629c4189551a2d022fa330f9573f3"), mnistFile("t10k-labels-idx1-ubyte.gz", 4542, "ec29112dd5afa0611ce80d1b7f02629c")},
			Licence: "not stated (commonly CC BY-SA 3.0)", Citation: "Y. LeCun, C. Cortes, C. Burges, 1998", Sections: []string{"18.9"}},
	}, sets...)
}

var sets = []Set{
	{Key: "time_machine", About: "H. G. Wells, The Time Machine: 3,221 lines", Files: []File{{Name: "timemachine.txt", Size: 178979, SHA1: "090b5e7e70c295757f55df93cb0a180b9691891a", URLs: []string{book + "timemachine.txt"}}},
		Licence: "public domain", Citation: "H. G. Wells, The Time Machine, 1895", Sections: []string{"8.2", "8.3", "8.5", "8.6", "9.1", "9.2", "9.3", "9.4"}, Subset: ""},
	{Key: "fra-eng", About: "167,130 pairs of English and French sentences", Files: []File{{Name: "fra-eng.zip", Size: 3420152, SHA1: "94646ad1522d915e7b0f9296181140edcf86a4f5", URLs: []string{book + "fra-eng.zip"}}},
		Licence: "CC BY 2.0 FR (tatoeba.org by way of manythings.org)", Citation: "Tatoeba, manythings.org/anki", Sections: []string{"9.5", "9.7", "10.4", "10.7"}, Subset: ""},
	{Key: "kaggle_house_train", About: "Ames house prices, 1,460 rows for training", Files: []File{{Name: "kaggle_house_pred_train.csv", Size: 460676, SHA1: "585e9cc93e70b39160e7921475f9bcd7d31219ce", URLs: []string{book + "kaggle_house_pred_train.csv"}}},
		Licence: "not stated (Kaggle competition)", Citation: "D. De Cock, Ames, Iowa, Journal of Statistics Education, 2011", Sections: []string{"4.10"}, Subset: ""},
	{Key: "kaggle_house_test", About: "Ames house prices, 1,459 rows for testing", Files: []File{{Name: "kaggle_house_pred_test.csv", Size: 451405, SHA1: "fa19780a7b011d9b009e8bff8e99922a8ee2eb90", URLs: []string{book + "kaggle_house_pred_test.csv"}}},
		Licence: "not stated (Kaggle competition)", Citation: "D. De Cock, Ames, Iowa, Journal of Statistics Education, 2011", Sections: []string{"4.10"}, Subset: ""},
	{Key: "airfoil", About: "noise of airfoils: 1,503 rows", Files: []File{{Name: "airfoil_self_noise.dat", Size: 59984, SHA1: "76e5be1548fd8222e5074cf0faae75edff8cf93f", URLs: []string{book + "airfoil_self_noise.dat"}}},
		Licence: "CC BY 4.0 (UCI)", Citation: "T. Brooks, D. Pope, M. Marcolini, NASA, 1989", Sections: []string{"11.5", "11.6", "11.7", "11.8", "11.9", "11.10"}, Subset: ""},
	{Key: "hotdog", About: "photos of hot dogs and of other things", Files: []File{{Name: "hotdog.zip", Size: 0, SHA1: "fba480ffa8aa7e0febbb511d181409f899b9baa5", URLs: []string{book + "hotdog.zip"}}},
		Licence: "not stated", Citation: "Dive into Deep Learning", Sections: []string{"13.2"}, Subset: "hotdog.subset.zip"},
	{Key: "banana-detection", About: "pictures with a banana each, and where it is", Files: []File{{Name: "banana-detection.zip", Size: 0, SHA1: "5de26c8fce5ccdea9f91267273464dc968d20d72", URLs: []string{book + "banana-detection.zip"}}},
		Licence: "not stated", Citation: "Dive into Deep Learning", Sections: []string{"13.6", "13.7"}, Subset: "banana-detection.subset.zip"},
	{Key: "voc2012", About: "Pascal VOC 2012: photos with masks of objects", Files: []File{{Name: "VOCtrainval_11-May-2012.tar", Size: 0, SHA1: "4e443f8a2eca6b1dac8a6c57641b67dd40621a49", URLs: []string{book + "VOCtrainval_11-May-2012.tar"}}},
		Licence: "Flickr terms of use", Citation: "M. Everingham et al., The Pascal Visual Object Classes Challenge, IJCV, 2010", Sections: []string{"13.9", "13.11"}, Subset: "VOCtrainval_11-May-2012.subset.tar"},
	{Key: "cifar10_tiny", About: "a part of CIFAR-10 as Kaggle hands it out", Files: []File{{Name: "kaggle_cifar10_tiny.zip", Size: 0, SHA1: "2068874e4b9a9f0fb07ebe0ad2b29754449ccacd", URLs: []string{book + "kaggle_cifar10_tiny.zip"}}},
		Licence: "not stated", Citation: "A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009", Sections: []string{"13.13"}, Subset: "kaggle_cifar10_tiny.subset.zip"},
	{Key: "dog_tiny", About: "a part of Kaggle's dog breeds", Files: []File{{Name: "kaggle_dog_tiny.zip", Size: 0, SHA1: "0cb91d09b814ecdc07b50f31f8dcad3e81d6a86d", URLs: []string{book + "kaggle_dog_tiny.zip"}}},
		Licence: "not stated (Kaggle competition, ImageNet pictures)", Citation: "J. Deng et al., ImageNet, CVPR, 2009", Sections: []string{"13.14"}, Subset: "kaggle_dog_tiny.subset.zip"},
	{Key: "ptb", About: "Penn Treebank text: 42,068 lines for training", Files: []File{{Name: "ptb.zip", Size: 1981551, SHA1: "319d85e578af0cdc590547f26231e4e31cdf1e42", URLs: []string{book + "ptb.zip"}}},
		Licence: "LDC", Citation: "M. Marcus et al., Building a Large Annotated Corpus of English, 1993", Sections: []string{"14.3", "14.4"}, Subset: ""},
	{Key: "glove.6b.50d", About: "GloVe word vectors, 50 numbers each", Files: []File{{Name: "glove.6B.50d.zip", Size: 0, SHA1: "0b8703943ccdb6eb788e6f091b8946e82231bc4d", URLs: []string{book + "glove.6B.50d.zip"}}},
		Licence: "PDDL 1.0", Citation: "J. Pennington, R. Socher, C. Manning, GloVe, EMNLP, 2014", Sections: []string{"14.7"}, Subset: "glove.6B.50d/vec.txt"},
	{Key: "glove.6b.100d", About: "GloVe word vectors, 100 numbers each", Files: []File{{Name: "glove.6B.100d.zip", Size: 0, SHA1: "cd43bfb07e44e6f27cbcc7bc9ae3d80284fdaf5a", URLs: []string{book + "glove.6B.100d.zip"}}},
		Licence: "PDDL 1.0", Citation: "J. Pennington, R. Socher, C. Manning, GloVe, EMNLP, 2014", Sections: []string{"14.7", "15.2", "15.3", "15.5"}, Subset: ""},
	{Key: "glove.42b.300d", About: "GloVe word vectors of web text, 300 numbers each", Files: []File{{Name: "glove.42B.300d.zip", Size: 0, SHA1: "b5116e234e9eb9076672cfeabf5469f3eec904fa", URLs: []string{book + "glove.42B.300d.zip"}}},
		Licence: "PDDL 1.0", Citation: "J. Pennington, R. Socher, C. Manning, GloVe, EMNLP, 2014", Sections: []string{"14.7"}, Subset: ""},
	{Key: "wiki.en", About: "fastText word vectors of the English Wikipedia", Files: []File{{Name: "wiki.en.zip", Size: 0, SHA1: "c1816da3821ae9f43899be655002f6c723e91b88", URLs: []string{book + "wiki.en.zip"}}},
		Licence: "CC BY-SA 3.0", Citation: "P. Bojanowski et al., Enriching Word Vectors with Subword Information, TACL, 2017", Sections: []string{"14.7"}, Subset: ""},
	{Key: "wikitext-2", About: "WikiText-2: paragraphs of good Wikipedia articles", Files: []File{{Name: "wikitext-2-v1.zip", Size: 0, SHA1: "3c914d17d80b1459be871a5039ac23e752a53cbe", URLs: []string{"https://s3.amazonaws.com/research.metamind.io/wikitext/wikitext-2-v1.zip"}}},
		Licence: "CC BY-SA 3.0", Citation: "S. Merity et al., Pointer Sentinel Mixture Models, ICLR, 2017", Sections: []string{"14.9", "14.10"}, Subset: "wikitext-2/wiki.valid.tokens"},
	{Key: "aclImdb", About: "50,000 film reviews, half of them good", Files: []File{{Name: "aclImdb_v1.tar.gz", Size: 0, SHA1: "01ada507287d82875905620988597833ad4e0903", URLs: []string{"http://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz"}}},
		Licence: "not stated; to be cited", Citation: "A. Maas et al., Learning Word Vectors for Sentiment Analysis, ACL, 2011", Sections: []string{"15.1", "15.2", "15.3"}, Subset: "aclImdb_v1.subset.tar.gz"},
	{Key: "SNLI", About: "pairs of sentences: entailment, contradiction, neutral", Files: []File{{Name: "snli_1.0.zip", Size: 0, SHA1: "9fcde07509c7e87ec61c640c1b2753d9041758e4", URLs: []string{"https://nlp.stanford.edu/projects/snli/snli_1.0.zip"}}},
		Licence: "CC BY-SA 4.0", Citation: "S. Bowman et al., A Large Annotated Corpus for Learning Natural Language Inference, EMNLP, 2015", Sections: []string{"15.4", "15.5", "15.7"}, Subset: "snli_1.0/snli_1.0_train.txt"},
	{Key: "ml-100k", About: "MovieLens: 100,000 ratings of films", Files: []File{{Name: "ml-100k.zip", Size: 0, SHA1: "cd4dcac4241c8a4ad7badc7ca635da8a69dddb83", URLs: []string{"http://files.grouplens.org/datasets/movielens/ml-100k.zip"}}},
		Licence: "GroupLens terms: no redistribution without permission", Citation: "F. Harper, J. Konstan, The MovieLens Datasets, ACM TiiS, 2015", Sections: []string{"16.2", "16.3", "16.4", "16.5", "16.6", "16.7"}, Subset: "ml-100k/u.data"},
	{Key: "ctr", About: "clicks on advertisements, 34 fields", Files: []File{{Name: "ctr.zip", Size: 0, SHA1: "e18327c48c8e8e5c23da714dd614e390d369843f", URLs: []string{book + "ctr.zip"}}},
		Licence: "not stated", Citation: "Dive into Deep Learning", Sections: []string{"16.8", "16.9", "16.10"}, Subset: "criteo_tiny/train.csv"},
	{Key: "pokemon", About: "pictures of Pokemon", Files: []File{{Name: "pokemon.zip", Size: 0, SHA1: "c065c0e2593b8b161a2d7873e42418bf6a21106c", URLs: []string{book + "pokemon.zip"}}},
		Licence: "not stated", Citation: "Dive into Deep Learning; pokemondb.net", Sections: []string{"17.2"}, Subset: "pokemon.subset.zip"},
	{Key: "bert.base", About: "BERT, 110 million weights", Files: []File{{Name: "bert.base.zip", Size: 0, SHA1: "7b3820b35da691042e5d34c0971ac3edbd80d3f4", URLs: []string{book + "bert.base.zip"}}},
		Licence: "not stated", Citation: "J. Devlin et al., BERT, NAACL, 2019", Sections: []string{"15.7"}, Subset: ""},
	{Key: "bert.small", About: "a small BERT", Files: []File{{Name: "bert.small.zip", Size: 0, SHA1: "a4e718a47137ccd1809c9107ab4f5edd317bae2c", URLs: []string{book + "bert.small.zip"}}},
		Licence: "not stated", Citation: "J. Devlin et al., BERT, NAACL, 2019", Sections: []string{"15.7"}, Subset: ""},
}

// FindSet is the data set of a key; its error names all.
func FindSet(key string) (Set, error) {
	var keys []string
	for _, s := range Sets() {
		if s.Key == key {
			return s, nil
		}
		keys = append(keys, s.Key)
	}
	return Set{}, fmt.Errorf("data: there is no data set %q; there are %s", key, strings.Join(keys, ", "))
}

// Here says how many files of the set are in the data folders or the cache, and whether, where some are missing, its subset is.
func (s Set) Here() (files int, subset bool) {
	for _, f := range s.Files {
		if _, err := Find(f.Name); err == nil {
			files++
		}
	}
	if s.Subset != "" && files < len(s.Files) {
		_, err := Find(s.Subset)
		subset = err == nil
	}
	return files, subset
}

// Get gives the paths of the set's files, downloaded where need be, or, where they cannot be had, that of its subset; subset says which. A lesson that
// runs on a subset says so.
func (s Set) Get(ctx context.Context, opts ...FetchOption) (paths []string, subset bool, err error) {
	have, there := s.Here()
	if have < len(s.Files) && there {
		p, err := Find(s.Subset)
		return []string{p}, true, err
	}
	for _, f := range s.Files {
		p, err := Fetch(ctx, f, opts...)
		if err != nil {
			return nil, false, err
		}
		paths = append(paths, p)
	}
	return paths, false, nil
}

// Verify compares those files of the set that are here with their checksums; bad names those that differ.
func (s Set) Verify(ctx context.Context) (good, bad []string, err error) {
	for _, f := range s.Files {
		p, err := Find(f.Name)
		if missing(err) {
			continue
		}
		if err != nil {
			return good, bad, err
		}
		switch err := f.verify(ctx, p); {
		case err == nil:
			good = append(good, p)
		case errors.Is(err, ErrChecksum):
			bad = append(bad, p)
		default:
			return good, bad, err
		}
	}
	return good, bad, nil
}

// Bytes is the size of all files, 0 if it is not known.
func (s Set) Bytes() (n int64) {
	for _, f := range s.Files {
		if f.Size == 0 {
			return 0
		}
		n += f.Size
	}
	return n
}

// Uses says whether a section uses the set.
func (s Set) Uses(section string) bool { return slices.Contains(s.Sections, section) }

// Extract gives the folder that holds the set's files: the cache's own, unpacked, if they come as an archive, and the one that they lie in otherwise.
// Archives of the book hold a folder of their own, as does the answer then. subset is as in [Set.Get].
func (s Set) Extract(ctx context.Context, opts ...FetchOption) (dir string, subset bool, err error) {
	paths, subset, err := s.Get(ctx, opts...)
	if err != nil {
		return "", subset, err
	}
	p := paths[0]
	if !isArchive(p) {
		name := s.Files[0].Name
		if subset {
			name = s.Subset
		}
		return strings.TrimSuffix(p, filepath.FromSlash(name)), subset, nil
	}
	cache, err := CacheDir()
	if err != nil {
		return "", subset, err
	}
	dir = filepath.Join(cache, "unpacked", filepath.Base(p))
	return dir, subset, Unpack(ctx, p, dir)
}

// EachFile calls f for each file of the set's archive, as [Members] does, without writing any.
func (s Set) EachFile(ctx context.Context, f func(m Member) error, opts ...FetchOption) (subset bool, err error) {
	paths, subset, err := s.Get(ctx, opts...)
	if err != nil {
		return subset, err
	}
	return subset, Members(paths[0], func(m Member) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return f(m)
	})
}
