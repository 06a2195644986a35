package random_test

import (
	"fmt"
	"slices"
	"sync"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// The first random numbers of the book (2.1).
func ExampleNormal() {
	tensor.Seed(0)
	fmt.Println(random.Normal(0, 1, 3, 4).Repr())
	// Output:
	// array([[ 2.2122064 ,  1.1630787 ,  0.7740038 ,  0.4838046 ],
	//        [ 1.0434405 ,  0.29956347,  1.1839255 ,  0.15302546],
	//        [ 1.8917114 , -1.1688148 , -1.2347414 ,  1.5580711 ]])
}

func ExampleUniform() {
	tensor.Seed(0)
	fmt.Println(random.Uniform(0, 1, 2, 4))
	// Output:
	// [[0.5488135  0.5928446  0.71518934 0.84426576]
	//  [0.60276335 0.8579456  0.5448832  0.8472517 ]]
}

// The throws of a fair die of section 2.6.
func ExampleMultinomial() {
	tensor.Seed(0)
	die := []float64{1. / 6, 1. / 6, 1. / 6, 1. / 6, 1. / 6, 1. / 6}
	fmt.Println(random.Multinomial(1, die).Repr())
	fmt.Println(random.Multinomial(10, die).Repr())
	fmt.Println(random.Multinomial(1000, die).AsType(tensor.Float32).DivScalar(1000))
	groups := random.Multinomial(10, die, 500)
	fmt.Println(groups.Shape(), groups.Index(0))
	// Output:
	// array([0, 0, 0, 1, 0, 0], dtype=int64)
	// array([1, 1, 5, 1, 1, 1], dtype=int64)
	// [0.162 0.149 0.178 0.17  0.166 0.175]
	// [500 6] [1 3 3 1 0 2]
}

// The features of section 4.4: 200 normal numbers whose rows are shuffled.
func ExampleShuffle() {
	tensor.Seed(0)
	features := random.Normal(0, 1, 200, 1)
	random.Shuffle(features)
	fmt.Println(features.Slice(tensor.Until(2)))
	// Output:
	// [[-0.03716067]
	//  [-1.1468065 ]]
}

func ExamplePerm() {
	tensor.Seed(0)
	fmt.Println(random.Perm(8))
	// Output:
	// [0 1 3 2 5 6 7 4]
}

func ExampleRandInt() {
	tensor.Seed(0)
	fmt.Println(random.RandInt(1, 7, 10))
	// Output:
	// [4 4 5 6 4 6 4 6 3 4]
}

// A stream of one's own leaves the default stream alone.
func ExampleNew() {
	tensor.Seed(0)
	r := random.New(42)
	r.Normal(0, 1, 1000)
	fmt.Println(random.Normal(0, 1, 2))
	fmt.Println(random.New(0).Normal(0, 1, 2))
	// Output:
	// [2.2122064 1.1630787]
	// [2.2122064 1.1630787]
}

// A job in four pieces, each with a stream of its own: any number of goroutines gives the same result.
func ExampleSplit() {
	job := func(workers int) []float64 {
		tensor.Seed(7)
		streams, sums := random.Split(4), make([]float64, 4)
		var wg sync.WaitGroup
		for w := range workers {
			wg.Go(func() {
				for piece := w; piece < len(sums); piece += workers {
					sums[piece] = streams[piece].Normal(0, 1, 100).Sum().Item()
				}
			})
		}
		wg.Wait()
		return sums
	}
	fmt.Println(slices.Equal(job(1), job(3)))
	// Output:
	// true
}

// Half of the inputs, chosen with unequal chances.
func ExampleChoice() {
	x := tensor.Of([]int{10, 20, 30, 40})
	rows := random.New(0).Choice(x.Len(), false, []float64{0.4, 0.4, 0.2, 0}, 3)
	fmt.Println(x.Take(rows).Sum())
	// Output:
	// 60
}

func ExampleBernoulli() {
	keep := random.New(0).Bernoulli(0.8, 10000)
	fmt.Printf("%.2f\n", keep.Mean())
	// Output:
	// 0.80
}

func ExampleDirichlet() {
	p := random.New(0).Dirichlet([]float64{1, 2, 3}, 4)
	fmt.Println(p.Shape(), tensor.AllClose(p.Sum(1), tensor.Ones(4), 1e-6, 0))
	// Output:
	// [4 3] true
}

// Two numbers that go together.
func ExampleMultivariateNormal() {
	cov := tensor.Matrix([][]float32{{1, 0.9}, {0.9, 1}})
	x := random.New(0).MultivariateNormal(tensor.Zeros(2), cov, 10000)
	fmt.Println(x.T().MatMul(x).DivScalar(10000).StringWith(tensor.PrintOptions{Precision: 1}))
	// Output:
	// [[1.  0.9]
	//  [0.9 1. ]]
}
