package main

import (
	"fmt"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// skinny are the shapes [m, k] x [k, n] that networks have.
var skinny = [][3]int{
	{256, 784, 256}, {256, 256, 10}, {32, 512, 1024}, {16, 25, 50176}, {64, 576, 3136},
	{32, 256, 768}, {640, 32, 32}, {6, 25, 784}, {16, 16, 16},
}

// gemmRows are products of matrices: N is a matrix as it lies in memory, T one that is read transposed.
func gemmRows() []row {
	var rows []row
	add := func(name string, m, k, n int) {
		for _, t := range []string{"NN", "NT", "TN"} {
			rows = append(rows, gemmRow(name+"-"+t, m, k, n, t))
		}
	}
	for _, n := range []int{128, 256, 512, 1024, 2048} {
		add(fmt.Sprintf("gemm-%d", n), n, n, n)
	}
	for _, s := range skinny {
		add(fmt.Sprintf("gemm-%dx%dx%d", s[0], s[1], s[2]), s[0], s[1], s[2])
	}
	return rows
}

func gemmRow(name string, m, k, n int, t string) row {
	return row{
		name: name,
		data: func() []*tensor.Tensor {
			return []*tensor.Tensor{stored(m, k, t[0] == 'T'), stored(k, n, t[1] == 'T')}
		},
		make: func(in []*tensor.Tensor) work {
			return plain(in, func(in []*tensor.Tensor) *tensor.Tensor {
				a, b := in[0], in[1]
				if t[0] == 'T' {
					a = a.T()
				}
				if t[1] == 'T' {
					b = b.T()
				}
				return a.MatMul(b)
			})
		},
	}
}

// stored is a random matrix, the other way round if it is to be read transposed.
func stored(m, n int, transposed bool) *tensor.Tensor {
	if transposed {
		m, n = n, m
	}
	return random.Uniform(-1, 1, m, n)
}
