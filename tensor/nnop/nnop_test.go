package nnop_test

import (
	"testing"

	_ "github.com/fathom-ml/fathom/tensor/nnop"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/optest"
)

func TestOperations(t *testing.T) { optest.Run(t, tensor.Table()) }
