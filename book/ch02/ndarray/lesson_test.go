package ndarray

import (
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/book/booktest"
)

// printed is what the book's page shows, in its order.
var printed = []string{
	`array([ 0.,  1.,  2.,  3.,  4.,  5.,  6.,  7.,  8.,  9., 10., 11.])`,
	`(12,)`,
	`12`,
	`array([[ 0.,  1.,  2.,  3.],
       [ 4.,  5.,  6.,  7.],
       [ 8.,  9., 10., 11.]])`,
	`array([[[0., 0., 0., 0.],
        [0., 0., 0., 0.],
        [0., 0., 0., 0.]],

       [[0., 0., 0., 0.],
        [0., 0., 0., 0.],
        [0., 0., 0., 0.]]])`,
	`array([[[1., 1., 1., 1.],
        [1., 1., 1., 1.],
        [1., 1., 1., 1.]],

       [[1., 1., 1., 1.],
        [1., 1., 1., 1.],
        [1., 1., 1., 1.]]])`,
	`array([[ 2.2122064 ,  1.1630787 ,  0.7740038 ,  0.4838046 ],
       [ 1.0434405 ,  0.29956347,  1.1839255 ,  0.15302546],
       [ 1.8917114 , -1.1688148 , -1.2347414 ,  1.5580711 ]])`,
	`array([[2., 1., 4., 3.],
       [1., 2., 3., 4.],
       [4., 3., 2., 1.]])`,
	`(array([ 3.,  4.,  6., 10.]),
 array([-1.,  0.,  2.,  6.]),
 array([ 2.,  4.,  8., 16.]),
 array([0.5, 1. , 2. , 4. ]),
 array([ 1.,  4., 16., 64.]))`,
	`array([2.7182817e+00, 7.3890562e+00, 5.4598148e+01, 2.9809580e+03])`,
	`(array([[ 0.,  1.,  2.,  3.],
        [ 4.,  5.,  6.,  7.],
        [ 8.,  9., 10., 11.],
        [ 2.,  1.,  4.,  3.],
        [ 1.,  2.,  3.,  4.],
        [ 4.,  3.,  2.,  1.]]),
 array([[ 0.,  1.,  2.,  3.,  2.,  1.,  4.,  3.],
        [ 4.,  5.,  6.,  7.,  1.,  2.,  3.,  4.],
        [ 8.,  9., 10., 11.,  4.,  3.,  2.,  1.]]))`,
	`array([[False,  True, False,  True],
       [False, False, False, False],
       [False, False, False, False]])`,
	`array(66.)`,
	`(array([[0.],
        [1.],
        [2.]]),
 array([[0., 1.]]))`,
	`array([[0., 1.],
       [1., 2.],
       [2., 3.]])`,
	`(array([ 8.,  9., 10., 11.]),
 array([[ 4.,  5.,  6.,  7.],
        [ 8.,  9., 10., 11.]]))`,
	`array([[ 0.,  1.,  2.,  3.],
       [ 4.,  5.,  9.,  7.],
       [ 8.,  9., 10., 11.]])`,
	`array([[12., 12., 12., 12.],
       [12., 12., 12., 12.],
       [ 8.,  9., 10., 11.]])`,
	`False`,
	`True`, // the book prints two equal addresses
	`True`,
	`[]float32, *tensor.Tensor`,
	`(array([3.5]), 3.5, 3.5, 3)`,
}

// TestBook holds the printouts against the book's; those without random numbers or exp
// are equal column by column.
func TestBook(t *testing.T) {
	l, err := book.Find("2.1")
	if err != nil {
		t.Fatal(err)
	}
	r := booktest.Run(t, l, book.Options{})
	text := r.Text()
	end := strings.Index(text, "(array([[ True, False,  True, False]")
	if end < 0 {
		t.Fatalf("the exercises are missing:\n%s", text)
	}
	booktest.Equal(t, text[:end], strings.Join(printed, "\n"))

	for _, want := range printed {
		if strings.Contains(want, "array") && !strings.Contains(want, "3.5") && !strings.Contains(want, "2.2122") && !strings.Contains(want, "e+0") &&
			!strings.Contains(text, want+"\n") {
			t.Errorf("columns differ from\n%s", want)
		}
	}
	booktest.Contains(t, text[end:],
		`(array([[ True, False,  True, False],
        [False, False, False, False],
        [False, False, False, False]]),
 array([[False, False, False, False],
        [ True,  True,  True,  True],
        [ True,  True,  True,  True]]))`,
		`array([[[ 0.,  1.],
        [10., 11.],
        [20., 21.]],

       [[ 2.,  3.],
        [12., 13.],
        [22., 23.]]])`)
	if !strings.Contains(text[end:], "add: ") || !strings.Contains(text[end:], "[2 3]") {
		t.Errorf("the error does not name operation and shape:\n%s", text[end:])
	}
}
