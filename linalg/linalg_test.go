package linalg_test

import (
	"reflect"
	"strings"
	"testing"

	_ "github.com/fathom-ml/fathom/linalg"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/optest"
)

// The operations of this package, of all that are registered.
func TestOperations(t *testing.T) {
	var table []tensor.Entry
	for _, e := range tensor.Table() {
		if strings.HasSuffix(reflect.TypeOf(e.Op).PkgPath(), "/linalg") {
			table = append(table, e)
		}
	}
	optest.Run(t, table)
}
