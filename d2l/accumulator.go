package d2l

// Accumulator adds several numbers up over many steps (3.6).
type Accumulator struct{ sums []float64 }

// NewAccumulator returns n sums that are zero.
func NewAccumulator(n int) *Accumulator { return &Accumulator{make([]float64, n)} }

// Add adds one value to each sum; it panics unless there are as many values as sums.
func (a *Accumulator) Add(values ...float64) {
	if len(values) != len(a.sums) {
		panic("d2l: Accumulator.Add: wrong number of values")
	}
	for i, v := range values {
		a.sums[i] += v
	}
}

// Reset sets the sums to zero.
func (a *Accumulator) Reset() { clear(a.sums) }

// At is sum i.
func (a *Accumulator) At(i int) float64 { return a.sums[i] }
