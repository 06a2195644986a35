package book_test

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/plot"
)

func TestFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "out")
	f, err := book.NewFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	figure := &plot.Figure{Axes: []*plot.Axes{{Items: []plot.Item{&plot.Line{X: []float64{0, 1}, Y: []float64{1, 2}}}}}}
	l := lesson(func(p *book.Page) {
		p.Figure("loss", figure)
		p.Run("lambda=3").Figure("loss", figure)
		p.Float("lr", math.Inf(1))
		p.Int("epochs", 3)
		p.Result("loss", 0.25)
		p.Run("lambda=3").Result("loss", math.NaN())
		p.Notice("other data")
		p.Check(errors.New("too bad"))
	})
	if err := book.Run(t.Context(), l, book.Options{Seed: 2, Quick: true, DataSet: "digits"}, f); err == nil {
		t.Fatal("no error")
	}
	var names []string
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if got := strings.Join(names, " "); got != "lambda=3-loss.png lambda=3-loss.svg loss.png loss.svg results.json" {
		t.Errorf("files %s", got)
	}
	data, err := os.ReadFile(filepath.Join(dir, "results.json"))
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	delete(got, "seconds")
	back, _ := json.Marshal(got)
	want := `{"data_set":"digits","error":"too bad","figures":["loss","lambda=3-loss"],"notices":["other data"],"ok":false,"params":{"epochs":3,"lr":"Infinity"},"quick":true,"results":[{"name":"loss","run":"","value":0.25},{"name":"loss","run":"lambda=3","value":"NaN"}],"section":"0.2","seed":2,"title":"Test"}`
	if string(back) != want {
		t.Errorf("results.json\n%s\nwant\n%s", back, want)
	}
	if f.Path("loss") != filepath.Join(dir, "loss.svg") {
		t.Errorf("path %s", f.Path("loss"))
	}
	// a new run in the folder takes the old results away
	if _, err := book.NewFolder(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "results.json")); !os.IsNotExist(err) {
		t.Errorf("old results: %v", err)
	}
	if _, err := book.NewFolder(filepath.Join(dir, "loss.svg")); err == nil {
		t.Error("made a folder of a file")
	}
}
