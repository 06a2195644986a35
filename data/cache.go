package data

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Folders lists the folders of the environment variable FATHOM_DATA, separated
// as in PATH. They are searched for data sets and never written to.
func Folders() []string {
	var dirs []string
	for _, d := range filepath.SplitList(os.Getenv("FATHOM_DATA")) {
		if d != "" {
			dirs = append(dirs, d)
		}
	}
	return dirs
}

// CacheDir is the folder for downloads, unpacked archives and checkpoints: the
// environment variable FATHOM_CACHE, else the folder fathom in the user's
// cache folder ([os.UserCacheDir]). It need not exist.
func CacheDir() (string, error) {
	if dir := os.Getenv("FATHOM_CACHE"); dir != "" {
		return filepath.Abs(dir)
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no cache folder (set FATHOM_CACHE): %w", err)
	}
	return filepath.Join(dir, "fathom"), nil
}

// Find looks for a data file, named by its slash-separated path below a data
// folder ("fashion-mnist/train-labels-idx1-ubyte.gz"): first in the folders of
// FATHOM_DATA, then among the downloads in the cache. The error wraps
// [fs.ErrNotExist] if it is nowhere, and says where was looked. Contents are not
// checked; [Fetch] does that.
func Find(name string) (path string, err error) {
	rel, err := localPath(name)
	if err != nil {
		return "", err
	}
	for _, dir := range Folders() {
		p := filepath.Join(dir, rel)
		if isFile(p) {
			return p, nil
		}
	}
	if p, err := cachePath(rel); err == nil && isFile(p) {
		return p, nil
	}
	return "", fmt.Errorf("data: %s: %w %s", name, fs.ErrNotExist, searched())
}

// localPath refuses names that would leave the folders.
func localPath(name string) (string, error) {
	if !fs.ValidPath(name) || name == "." {
		return "", fmt.Errorf("data: %q is not a path below a data folder", name)
	}
	rel, err := filepath.Localize(name)
	if err != nil {
		return "", fmt.Errorf("data: %q is not a path below a data folder", name)
	}
	return rel, nil
}

// cachePath is where a download of that name lies.
func cachePath(rel string) (string, error) {
	dir, err := CacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "data", rel), nil
}

// inFolders says whether Find took path from FATHOM_DATA.
func inFolders(path, rel string) bool {
	for _, dir := range Folders() {
		if path == filepath.Join(dir, rel) {
			return true
		}
	}
	return false
}

func isFile(path string) bool {
	fi, err := os.Stat(path)
	return err == nil && fi.Mode().IsRegular()
}

// searched tells, in brackets, where Find looks.
func searched() string {
	where := "FATHOM_DATA is not set"
	if dirs := Folders(); len(dirs) > 0 {
		where = fmt.Sprintf("not in FATHOM_DATA=%s", os.Getenv("FATHOM_DATA"))
	}
	dir, err := CacheDir()
	if err != nil {
		return fmt.Sprintf("(%s; %v)", where, err)
	}
	return fmt.Sprintf("(%s; not in the cache %s)", where, filepath.Join(dir, "data"))
}

// missing says whether err means that a file is nowhere to be found.
func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
