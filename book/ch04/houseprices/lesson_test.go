package houseprices

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/book/booktest"
	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/tensor"
)

func lesson(t *testing.T) book.Lesson {
	t.Helper()
	l, err := book.Find("4.10")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func needData(t *testing.T) {
	t.Helper()
	for _, key := range []string{"kaggle_house_train", "kaggle_house_test"} {
		set, err := data.FindSet(key)
		if err != nil {
			t.Fatal(err)
		}
		if files, _ := set.Here(); files < 1 {
			t.Skipf("needs the data set %s in a folder of FATHOM_DATA", key)
		}
	}
}

// Without the tables the lesson says so and ends. The network is cut off for this; the test comes first, before a proxy is remembered.
func TestAbsent(t *testing.T) {
	t.Setenv("FATHOM_DATA", t.TempDir())
	t.Setenv("FATHOM_CACHE", t.TempDir())
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	t.Setenv("NO_PROXY", "")
	r := booktest.Run(t, lesson(t), book.Options{Set: map[string]string{"lr": "1", "submission": "x"}})
	if n := r.Notices(); len(n) != 1 || !strings.Contains(n[0], "house prices") {
		t.Errorf("notices %q", n)
	}
	if text := r.Text(); text != "" {
		t.Errorf("printed %q", text)
	}
}

var recorded *booktest.Recorded

// run is a quick run, in which the main training is as long as ever.
func run(t *testing.T) *booktest.Recorded {
	t.Helper()
	needData(t)
	if recorded == nil {
		t.Setenv("FATHOM_CACHE", t.TempDir())
		recorded = booktest.Run(t, lesson(t), book.Options{Quick: true})
	}
	return recorded
}

func TestTables(t *testing.T) {
	booktest.Contains(t, run(t).Text(), "[1460 81]", "[1459 80]", `
	   Id  MSSubClass MSZoning  LotFrontage SaleType SaleCondition  SalePrice
	0   1          60       RL         65.0       WD        Normal     208500
	1   2          20       RL         80.0       WD        Normal     181500
	2   3          60       RL         68.0       WD        Normal     223500
	3   4          70       RL         60.0       WD       Abnorml     140000`, "[2919 331]")
}

// The book's folds, one by one, within the range of its builds: the averages' is 0.16505 to 0.16531 and 0.17020 to 0.17057, which counts as 2 %.
func TestPublished(t *testing.T) {
	r := run(t)
	get := func(run, name string) float64 {
		v, ok := r.Result(run, name)
		if !ok {
			t.Errorf("run %q has no %q", run, name)
		}
		return v
	}
	for i, want := range [][2]float64{{0.169479, 0.157135}, {0.162017, 0.188877}, {0.163584, 0.167898}, {0.167862, 0.154684}, {0.162669, 0.182794}} {
		fold := fmt.Sprintf("fold %d", i+1)
		train, valid := get(fold, "train log rmse"), get(fold, "valid log rmse")
		if train < want[0]*0.98 || train > want[0]*1.02 || valid < want[1]*0.98 || valid > want[1]*1.02 {
			t.Errorf("%s: %g, %g, the book's %v", fold, train, valid, want)
		}
		booktest.Contains(t, r.Text(), fmt.Sprintf("%s, train log rmse %f, valid log rmse %f", fold, train, valid))
	}
	train, valid, final := get("", "train log rmse"), get("", "valid log rmse"), get("", "final train log rmse")
	if train < 0.16505-0.0033 || train > 0.16531+0.0033 || valid < 0.17020-0.0034 || valid > 0.17057+0.0034 || final < 0.1621-0.0032 || final > 0.1630+0.0032 {
		t.Errorf("averages %g, %g, all data %g", train, valid, final)
	}
	booktest.Contains(t, r.Text(), fmt.Sprintf("5-fold validation: avg train log rmse: %f, avg valid log rmse: %f", train, valid), fmt.Sprintf("train log rmse %f", final))
}

func TestFigures(t *testing.T) {
	r := run(t)
	if got := r.Figures(); !slices.Equal(got, []string{"kaggle", "prices", "fold-1", "all-data"}) {
		t.Fatalf("figures %q", got)
	}
	for name, want := range map[string]struct {
		label  string
		curves int
	}{"fold-1": {"rmse", 2}, "all-data": {"log rmse", 1}} {
		ax := r.Figure(name).Axes[0]
		if ax.XLabel != "epoch" || ax.YLabel != want.label || ax.YScale != plot.Log || ax.XLim != (plot.Range{Min: 1, Max: 100}) || len(ax.Items) != want.curves {
			t.Errorf("%s: %+v", name, ax)
		}
		for _, item := range ax.Items {
			if l := item.(*plot.Line); len(l.X) != 100 || l.X[0] != 1 || l.X[99] != 100 || l.Y[99] > 0.2 || l.Y[0] < 1 {
				t.Errorf("%s: curve %+v", name, l)
			}
		}
	}
}

// Kaggle wants the line Id,SalePrice and a line for each of the 1459 houses, 1461 to 2919.
func TestSubmission(t *testing.T) {
	needData(t)
	path := filepath.Join(t.TempDir(), "mine.csv")
	booktest.Run(t, lesson(t), book.Options{Quick: true, Set: map[string]string{"submission": path, "short": "1", "epochs": "2", "k": "3"}})
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
	if len(lines) != 1460 || lines[0] != "Id,SalePrice" {
		t.Fatalf("%d lines, the first is %q", len(lines), lines[0])
	}
	for i, line := range lines[1:] {
		var id int
		var price float64
		if n, err := fmt.Sscanf(line, "%d,%g", &id, &price); n != 2 || err != nil || id != 1461+i {
			t.Fatalf("line %d: %q", i+2, line)
		}
	}
}

func TestExercises(t *testing.T) {
	if testing.Short() {
		t.Skip("trains for long")
	}
	needData(t)
	t.Setenv("FATHOM_CACHE", t.TempDir())
	r := booktest.Run(t, lesson(t), book.Options{Set: map[string]string{"epochs": "1", "short": "50"}})
	get := func(run, name string) float64 {
		v, ok := r.Result(run, name)
		if !ok {
			t.Errorf("run %q has no %q", run, name)
		}
		return v
	}
	const valid = "valid log rmse"
	for _, c := range [][2]string{
		{"log price", "price"}, {"log price, wd=0.01", "log price"}, {"log price, hidden layer, dropout", "log price, hidden layer"},
		{"log price, hidden layer, dropout", "log price, wd=0.01"}, {"price", "price, wd=1"}, {"price", "price, not standardized"},
	} {
		if a, b := get(c[0], valid), get(c[1], valid); a > b {
			t.Errorf("%s has the error %g, %s %g", c[0], a, c[1], b)
		}
	}
	if a, b := get("log price, hidden layer", "train log rmse"), get("log price", "train log rmse"); a > b/2 {
		t.Errorf("the hidden layer does not overfit: %g, linear %g", a, b)
	}
}

func TestKFoldData(t *testing.T) {
	X := tensor.Arange(22).Reshape(11, 2)
	y := tensor.Arange(11).Reshape(11, 1)
	for i := range 5 {
		trainX, trainY, validX, validY := getKFoldData(5, i, X, y)
		if !slices.Equal(trainX.Shape(), []int{8, 2}) || !slices.Equal(validX.Shape(), []int{2, 2}) {
			t.Fatalf("shapes %v and %v", trainX.Shape(), validX.Shape())
		}
		if validY.At(0, 0) != float64(2*i) || validX.At(0, 0) != float64(4*i) {
			t.Errorf("fold %d begins with %v", i, validX)
		}
		seen := map[float64]bool{}
		for _, v := range append(trainY.Reshape(-1).Float64s(), validY.Reshape(-1).Float64s()...) {
			seen[v] = true
		}
		if len(seen) != 10 {
			t.Errorf("fold %d has %d examples", i, len(seen))
		}
	}
	if err := tensor.Try(func() { getKFoldData(1, 0, X, y) }); err == nil {
		t.Error("a single fold is taken")
	}
}

// Predictions below 1 count as 1; a factor of e is an error of 1.
func TestLogRMSE(t *testing.T) {
	net := nn.Func(func(x *tensor.Tensor) *tensor.Tensor { return x })
	X := tensor.Of([]float32{-5, 2.7182817}, 2, 1)
	if got := logRMSE(net, X, tensor.Of([]float32{2.7182817, 1}, 2, 1)); got < 1-1e-6 || got > 1+1e-6 {
		t.Errorf("error %g", got)
	}
}

// The averages on three seeds: the builds' ranges, widened on each side by 2 % of the value.
func TestRanges(t *testing.T) {
	needData(t)
	t.Setenv("FATHOM_CACHE", t.TempDir())
	var train, valid, final [3]float64
	for i, r := range booktest.Seeds(t, lesson(t), book.Options{Set: map[string]string{"short": "1"}}) {
		train[i], _ = r.Result("", "train log rmse")
		valid[i], _ = r.Result("", "valid log rmse")
		final[i], _ = r.Result("", "final train log rmse")
	}
	booktest.Within(t, "train log rmse", train, 0.1617, 0.1686)
	booktest.Within(t, "valid log rmse", valid, 0.1668, 0.1740)
	booktest.Within(t, "final train log rmse", final, 0.1588, 0.1663)
}
