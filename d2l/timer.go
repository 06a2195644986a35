package d2l

import "time"

// Timer measures several runs of something, in seconds (3.1).
type Timer struct {
	begin time.Time
	Times []float64
}

// NewTimer returns a timer that runs already.
func NewTimer() *Timer {
	t := new(Timer)
	t.Start()
	return t
}

// Start begins a run.
func (t *Timer) Start() { t.begin = time.Now() }

// Stop ends the run, notes its time and returns it.
func (t *Timer) Stop() float64 {
	s := time.Since(t.begin).Seconds()
	t.Times = append(t.Times, s)
	return s
}

// Sum is the time of all runs.
func (t *Timer) Sum() float64 {
	sum := 0.0
	for _, s := range t.Times {
		sum += s
	}
	return sum
}

// Avg is the mean time of a run, 0 if there was none.
func (t *Timer) Avg() float64 {
	if len(t.Times) == 0 {
		return 0
	}
	return t.Sum() / float64(len(t.Times))
}

// CumSum are the running sums of the times.
func (t *Timer) CumSum() []float64 {
	out := make([]float64, len(t.Times))
	sum := 0.0
	for i, s := range t.Times {
		sum += s
		out[i] = sum
	}
	return out
}
