package d2l

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/show"
)

// DataURL is the address of the folder in which the book's authors keep their data (4.10).
const DataURL = "http://d2l-data.s3-accelerate.amazonaws.com/"

// DataHub lists the data sets of the book by their keys: addresses, checksums, licences (4.10).
func DataHub() map[string]data.Set {
	hub := map[string]data.Set{}
	for _, s := range data.Sets() {
		hub[s.Key] = s
	}
	return hub
}

// Download gives the path of a data set's first file (4.10): in a folder of FATHOM_DATA or the cache if its checksum agrees, else downloaded into
// the cache. A part of the set that serves in its place is called out.
func Download(p show.Display, key string) (path string, err error) {
	set, err := data.FindSet(key)
	if err != nil {
		return "", err
	}
	progress, done := downloads(p)
	defer done()
	paths, subset, err := set.Get(p.Context(), data.WithProgress(progress))
	if err != nil {
		return "", err
	}
	if len(paths) == 0 {
		return "", fmt.Errorf("d2l: the data set %q is embedded and has no file", key)
	}
	if subset {
		subsetNotice(p, set)
	}
	return paths[0], nil
}

// DownloadExtract downloads a data set that is an archive (zip, tar, tar.gz), unpacks it below the cache and gives the path of the folder inside it: the one
// of that name, or, if it is empty, the one called like the archive (4.10).
func DownloadExtract(p show.Display, key, folder string) (dir string, err error) {
	set, err := data.FindSet(key)
	if err != nil {
		return "", err
	}
	if len(set.Files) == 0 || stem(set.Files[0].Name) == "" {
		return "", fmt.Errorf("d2l: the data set %q is no archive", key)
	}
	progress, done := downloads(p)
	defer done()
	base, subset, err := set.Extract(p.Context(), data.WithProgress(progress))
	if err != nil {
		return "", err
	}
	if subset {
		subsetNotice(p, set)
	}
	if folder == "" {
		folder = stem(set.Files[0].Name)
	}
	return filepath.Join(base, folder), nil
}

// stem is an archive's name without its ending, "" if the file is none.
func stem(name string) string {
	name = path.Base(name)
	for _, ending := range []string{".zip", ".tar.gz", ".tgz", ".tar"} {
		if s, ok := strings.CutSuffix(name, ending); ok {
			return s
		}
	}
	return ""
}

// DownloadAll downloads every data set of the book (4.10): several gigabytes. It goes on after a set that cannot be had, and
// its error names the first of them.
func DownloadAll(p show.Display) error {
	var first error
	for _, set := range data.Sets() {
		show.Check(p)
		if len(set.Files) == 0 {
			continue
		}
		progress, done := downloads(p)
		_, _, err := set.Get(p.Context(), data.WithProgress(progress))
		done()
		if err != nil && first == nil {
			first = err
		}
	}
	return first
}

func subsetNotice(p show.Display, set data.Set) {
	notice(p, fmt.Sprintf("Data: a subset stands in for the data set %s (%s). Results are not the book's.", set.Key, set.Subset))
}
