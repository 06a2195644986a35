package booktest

import (
	"fmt"
	"strings"
	"testing"
)

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		got, want string
		equal     bool
	}{
		{"[ 0.  4.  8. 12.]", "[0. 4. 8. 12.]", true},
		{"array([[2.2122064, 1.1630787],\n       [0.7740038, 0.4838046]])", "array([[2.2122064 , 1.1630788 ],[0.7740038 , 0.4838046 ]])", true},
		{"[2.2122064 1.1630787]", "[2.2122064 1.1630887]", false},
		{"[1e-08 1.]", "[1.3e-08 1.]", true},
		{"[1.3e-05 1.]", "[1.4e-05 1.]", false},
		{"[0.50000006]", "[0.5]", false},            // exact
		{"[12.000001]", "[12.]", false},             // exact
		{"[1.e-08]", "[0.]", false},                 // exact
		{"array([1, 2])", "array([1., 2.])", false}, // integers are not floats
		{"array([1., 2.])", "[1., 2.]", false},
		{"[[1. 2.]]", "[1. 2.]", false},
		{"[1. 2. 3.]", "[1. 2.]", false},
		{"[1. 2.]", "[1. 2. 3.]", false},
		{"array([1, 2], dtype=int64)", "array([1, 2])", false},
		{"array([1, 2], dtype=int64)", "array([1, 2], dtype=int32)", false},
		{"array([1, 2], dtype=int64)", "array([1, 2], dtype=int64)", true},
		{"[ True False]", "[ True  True]", false},
		{"[ true False]", "[ True False]", false},
		{"true", "True", true},
		{"[nan inf]", "[nan inf]", true},
		{"[nan]", "[1.5]", false},
		{"[0.1234567]", "[nan]", false},
		{"epoch 1, loss 0.023456", "epoch 1, loss 0.023456", true},
		{"epoch 2, loss 0.023456", "epoch 1, loss 0.023456", false},
		{"[-1.5]", "[1.5]", false},
		{"[0.1234567]", "[0.1234568]", true},
	} {
		if err := compare(c.got, c.want); (err == nil) != c.equal {
			t.Errorf("compare(%q, %q) = %v, want equal %v", c.got, c.want, err, c.equal)
		}
	}
}

// failures counts what a test would report.
type failures struct {
	testing.TB
	texts []string
}

func (f *failures) Helper() {}
func (f *failures) Errorf(format string, a ...any) {
	f.texts = append(f.texts, fmt.Sprintf(format, a...))
}

func TestContains(t *testing.T) {
	text := "shape: (2, 2)\narray([[1., 2.],\n       [3., 4.1234567]])\nsum 10.\narray([1., 2.])\n"
	for _, c := range []struct {
		wants []string
		found bool
	}{
		{[]string{"array([[1., 2.], [3., 4.1234568]])"}, true},
		{[]string{"(2, 2)", "[3., 4.1234567]", "array([1., 2.])"}, true},
		{[]string{"[1., 2.]", "[1., 2.]"}, true},
		{[]string{"[1., 2.]", "[1., 2.]", "[1., 2.]"}, false},
		{[]string{"array([1., 2.])", "sum 10."}, false}, // order
		{[]string{"[3., 4.1244567]"}, false},
		{[]string{"[1., 2., 3.]"}, false},
		{[]string{""}, false},
	} {
		f := &failures{TB: t}
		Contains(f, text, c.wants...)
		if (len(f.texts) == 0) != c.found {
			t.Errorf("Contains(%q) reported %q, want found %v", c.wants, f.texts, c.found)
		}
	}
	f := &failures{TB: t}
	Equal(f, "[1. 2.]", "[1. 3.]")
	if len(f.texts) != 1 || !strings.Contains(f.texts[0], `"2.", want "3."`) {
		t.Errorf("Equal reported %q", f.texts)
	}
}
