package resample

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// testdata/bilinear.json is made by tools/oracle/resize.py with PyTorch.
func TestBilinearAgainstPyTorch(t *testing.T) {
	var cases []struct {
		In, Out [2]int
		X, Y    []float32
	}
	b, err := os.ReadFile("testdata/bilinear.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		y := make([]float32, c.Out[0]*c.Out[1])
		Bilinear(y, Taps(c.Out[0], c.In[0]), Taps(c.Out[1], c.In[1]), c.X, c.In[1], 1)
		for i := range y {
			if d := math.Abs(float64(y[i] - c.Y[i])); d > 1e-6 {
				t.Fatalf("%v to %v: element %d is %v, want %v", c.In, c.Out, i, y[i], c.Y[i])
			}
		}
	}
	if len(cases) < 5 {
		t.Errorf("only %d cases", len(cases))
	}
}

func TestBilinearStrides(t *testing.T) {
	// Columns of a row-major [2 3] picture are the rows of its transpose.
	x := []float32{1, 2, 3, 4, 5, 6}
	y := make([]float32, 6)
	Bilinear(y, Taps(3, 3), Taps(2, 2), x, 1, 3)
	for i, want := range []float32{1, 4, 2, 5, 3, 6} {
		if y[i] != want {
			t.Fatalf("%v", y)
		}
	}
}
