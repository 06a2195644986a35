package book

import (
	"fmt"
	"strings"
)

// Work is an entry of the bibliography.
type Work struct {
	Key     string // family name of the first author and year: kingma2015
	Authors []string
	Year    int
	Title   string
	Where   string // journal, conference or publisher
	URL     string
}

// Bibliography lists the works that lessons cite, by key.
var Bibliography = []Work{
	{"alpaydin1998", []string{"E. Alpaydin", "C. Kaynak"}, 1998, "Optical Recognition of Handwritten Digits", "UCI Machine Learning Repository", "https://doi.org/10.24432/C50P49"},
	{"cock2011", []string{"D. De Cock"}, 2011, "Ames, Iowa: Alternative to the Boston Housing Data as an End of Semester Regression Project", "Journal of Statistics Education 19(3)", "https://doi.org/10.1080/10691898.2011.11889627"},
	{"glorot2010", []string{"X. Glorot", "Y. Bengio"}, 2010, "Understanding the difficulty of training deep feedforward neural networks", "AISTATS", "https://proceedings.mlr.press/v9/glorot10a.html"},
	{"he2015", []string{"K. He", "X. Zhang", "S. Ren", "J. Sun"}, 2015, "Delving Deep into Rectifiers: Surpassing Human-Level Performance on ImageNet Classification", "ICCV", "https://arxiv.org/abs/1502.01852"},
	{"kingma2015", []string{"D. P. Kingma", "J. Ba"}, 2015, "Adam: A Method for Stochastic Optimization", "ICLR", "https://arxiv.org/abs/1412.6980"},
	{"lecun1998", []string{"Y. LeCun", "L. Bottou", "Y. Bengio", "P. Haffner"}, 1998, "Gradient-Based Learning Applied to Document Recognition", "Proceedings of the IEEE 86(11)", "https://doi.org/10.1109/5.726791"},
	{"srivastava2014", []string{"N. Srivastava", "G. Hinton", "A. Krizhevsky", "I. Sutskever", "R. Salakhutdinov"}, 2014, "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", "Journal of Machine Learning Research 15", "https://jmlr.org/papers/v15/srivastava14a.html"},
	{"xiao2017", []string{"H. Xiao", "K. Rasul", "R. Vollgraf"}, 2017, "Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms", "arXiv", "https://arxiv.org/abs/1708.07747"},
}

// FindWork is the work of a key.
func FindWork(key string) (Work, bool) {
	for _, w := range Bibliography {
		if w.Key == key {
			return w, true
		}
	}
	return Work{}, false
}

// Names is the authors as a text cites them: "Kingma and Ba", "He et al.".
func (w Work) Names() string {
	family := func(i int) string {
		f := strings.Fields(w.Authors[i])
		k := 0
		for k < len(f)-1 && strings.HasSuffix(f[k], ".") {
			k++
		}
		return strings.Join(f[k:], " ")
	}
	switch len(w.Authors) {
	case 1:
		return family(0)
	case 2:
		return family(0) + " and " + family(1)
	case 3:
		return family(0) + ", " + family(1) + " and " + family(2)
	}
	return family(0) + " et al."
}

// String is the entry as a list of works shows it.
func (w Work) String() string {
	return fmt.Sprintf("%s. %s. %s, %d.", strings.Join(w.Authors, ", "), w.Title, w.Where, w.Year)
}
