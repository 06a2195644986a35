package booktest

import (
	"testing"

	"github.com/fathom-ml/fathom/data"
)

// NeedFashionMNIST skips the test unless the files of Fashion-MNIST lie on this machine.
func NeedFashionMNIST(t testing.TB) {
	t.Helper()
	for _, train := range []bool{true, false} {
		images, labels := data.FashionMNISTFiles(train)
		for _, f := range []data.File{images, labels} {
			if _, err := data.Find(f.Name); err != nil {
				t.Skipf("needs Fashion-MNIST: %v", err)
			}
		}
	}
}
