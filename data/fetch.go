package data

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/fathom-ml/fathom/internal/atomicfile"
)

// Progress is told how far a download has come, a few times a second: the
// file's name, the bytes that are there, and how many there will be (0 if the
// server does not say). It is called on the goroutine that called Fetch.
type Progress func(name string, done, total int64)

// FetchOption changes how Fetch works.
type FetchOption func(*fetcher)

// WithProgress reports downloads to p, which may be nil.
func WithProgress(p Progress) FetchOption {
	return func(f *fetcher) { f.progress = p }
}

// WithTimeouts sets after what time a server is given up: to connect (5 s if
// not set; 2 s of these for the mirrors after one that timed out) and to send
// the first byte or the next one (15 s if not set).
func WithTimeouts(connect, byte time.Duration) FetchOption {
	return func(f *fetcher) { f.connect, f.silence = connect, byte }
}

type fetcher struct {
	progress Progress
	connect  time.Duration
	silence  time.Duration
}

// Fetch gives the path of the file's bytes, checked: from the folders of
// FATHOM_DATA, else from the cache, else downloaded into the cache from the
// first address that has them.
//
// A download goes into NAME.part, is resumed where an earlier one was cut off,
// and takes its name only when its checksum agrees. With a wrong checksum it is
// removed and the next address is tried. When ctx is cancelled the part stays,
// to be resumed; the final file is there in full or not at all. A wrong file in
// the cache is replaced; a wrong file in FATHOM_DATA is an error, and left alone.
func Fetch(ctx context.Context, file File, opts ...FetchOption) (path string, err error) {
	f := fetcher{connect: 5 * time.Second, silence: 15 * time.Second}
	for _, o := range opts {
		o(&f)
	}
	rel, err := localPath(file.Name)
	if err != nil {
		return "", err
	}
	if want, _, _ := file.sums(); len(want) == 0 {
		return "", fmt.Errorf("data: %s: no checksum is given", file.Name)
	}
	for {
		path, err := Find(file.Name)
		if missing(err) {
			break
		}
		if err != nil {
			return "", err
		}
		err = file.verify(ctx, path)
		if err == nil {
			return path, nil
		}
		if !errors.Is(err, ErrChecksum) || inFolders(path, rel) {
			return "", fmt.Errorf("data: %s: %w", path, err)
		}
		if err := os.Remove(path); err != nil {
			return "", fmt.Errorf("data: a wrong file cannot be removed: %w", err)
		}
	}
	dst, err := cachePath(rel)
	if err != nil {
		return "", fmt.Errorf("data: %s: %w", file.Name, err)
	}
	if err := f.download(ctx, file, dst); err != nil {
		return "", fmt.Errorf("data: %s cannot be had %s: %w", file.Name, searched(), err)
	}
	return dst, nil
}

// download fills dst through dst.part.
func (f *fetcher) download(ctx context.Context, file File, dst string) error {
	if len(file.URLs) == 0 {
		return errors.New("no address to download it from is known")
	}
	if err := os.MkdirAll(filepath.Dir(dst), 0o777); err != nil {
		return err
	}
	part, err := openPart(ctx, dst)
	if err != nil {
		return err
	}
	if part == nil { // another process has brought it meanwhile
		return file.verify(ctx, dst)
	}
	err = f.fill(ctx, file, part)
	if err == nil {
		err = part.Sync()
	}
	// The part changes its name, or goes, while it is still locked.
	if !renameOpen {
		part.Close()
	}
	if err == nil {
		err = os.Rename(part.Name(), dst)
	}
	if fi, serr := os.Stat(part.Name()); err != nil && serr == nil && fi.Size() == 0 {
		os.Remove(part.Name())
	}
	part.Close()
	if err != nil {
		return err
	}
	atomicfile.SyncDir(filepath.Dir(dst))
	return nil
}

// openPart opens dst.part for this process alone, waiting for another one that
// is downloading; nil if that one finished.
func openPart(ctx context.Context, dst string) (*os.File, error) {
	name := dst + ".part"
	for {
		part, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o666)
		if err != nil {
			return nil, err
		}
		for {
			ok, err := tryLock(part)
			if err == nil && !ok {
				select {
				case <-ctx.Done():
					err = ctx.Err()
				case <-time.After(100 * time.Millisecond):
					continue
				}
			}
			if err != nil {
				part.Close()
				return nil, err
			}
			break
		}
		// The one who had the lock may have renamed or removed the file.
		mine, err := part.Stat()
		if err == nil {
			if now, statErr := os.Stat(name); statErr == nil && os.SameFile(mine, now) {
				return part, nil
			}
		}
		part.Close()
		if isFile(dst) {
			return nil, nil
		}
	}
}
