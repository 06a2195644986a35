package d2l_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/d2l"
	"github.com/fathom-ml/fathom/data"
)

// The hub has the book's keys, with its addresses and checksums.
func TestDataHub(t *testing.T) {
	hub := d2l.DataHub()
	for key, want := range map[string][2]string{
		"kaggle_house_train": {"kaggle_house_pred_train.csv", "585e9cc93e70b39160e7921475f9bcd7d31219ce"},
		"kaggle_house_test":  {"kaggle_house_pred_test.csv", "fa19780a7b011d9b009e8bff8e99922a8ee2eb90"},
		"time_machine":       {"timemachine.txt", "090b5e7e70c295757f55df93cb0a180b9691891a"},
		"fra-eng":            {"fra-eng.zip", "94646ad1522d915e7b0f9296181140edcf86a4f5"},
	} {
		s := hub[key]
		if len(s.Files) != 1 || s.Files[0].SHA1 != want[1] || len(s.Files[0].URLs) == 0 || s.Files[0].URLs[0] != d2l.DataURL+want[0] {
			t.Errorf("%s: %+v", key, s.Files)
		}
	}
}

func here(t *testing.T, key string) {
	t.Helper()
	set, err := data.FindSet(key)
	if err != nil {
		t.Fatal(err)
	}
	if files, subset := set.Here(); files < len(set.Files) && !subset {
		t.Skipf("needs the data set %s in a folder of FATHOM_DATA", key)
	}
}

func TestDownload(t *testing.T) {
	if _, err := d2l.Download(newScreen(), "no such set"); err == nil || !strings.Contains(err.Error(), "kaggle_house_train") {
		t.Errorf("an unknown key: %v", err)
	}
	if _, err := d2l.DownloadExtract(newScreen(), "kaggle_house_train", ""); err == nil || !strings.Contains(err.Error(), "no archive") {
		t.Errorf("a table: %v", err)
	}
	here(t, "kaggle_house_train")
	path, err := d2l.Download(newScreen(), "kaggle_house_train")
	if err != nil || filepath.Base(path) != "kaggle_house_pred_train.csv" {
		t.Errorf("%s, %v", path, err)
	}
	if fi, err := os.Stat(path); err != nil || fi.Size() != 460676 {
		t.Errorf("%v, %v", fi, err)
	}
}

func TestDownloadExtract(t *testing.T) {
	t.Setenv("FATHOM_CACHE", t.TempDir())
	here(t, "fra-eng")
	dir, err := d2l.DownloadExtract(newScreen(), "fra-eng", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "fra.txt")); err != nil {
		t.Error(err)
	}
	again, err := d2l.DownloadExtract(newScreen(), "fra-eng", "fra-eng")
	if err != nil || again != dir {
		t.Errorf("the folder by name is %s, not %s: %v", again, dir, err)
	}
}
