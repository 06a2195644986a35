// Package frame is a small data frame: a table whose columns have names and types of their own. It does what the
// book asks of pandas (2.2, 4.10): read CSV with missing values, look at it, choose rows and columns, fill in
// what is missing, standardise, turn categories into indicators, and hand the numbers over as a tensor.
//
//	f, err := frame.Load("house_tiny.csv")
//	inputs, outputs := f.Cols(0, 2), f.Cols(2, 3)
//	inputs = inputs.FillMeans().OneHot(true)
//	X, y := inputs.Tensor(), outputs.Tensor()
//
// A frame is not changed by its methods: each returns another frame, which shares the columns that stay the same. A
// number that is missing is NaN; a text that is missing is no text at all and prints as NaN. Rows carry the number that they
// had where they came from, as in pandas: printing shows it, and nothing else depends on it.
//
// A column that is not there, or does not fit, is misuse: it panics with a [*tensor.Error] that lists the columns.
package frame
