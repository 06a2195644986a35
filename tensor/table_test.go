package tensor_test

import (
	"testing"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/optest"
)

func TestOperations(t *testing.T) { optest.Run(t, tensor.Table()) }
