package data

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// world is a test's own cache and its own bytes to serve.
type world struct {
	cache string
	body  []byte
	file  File
}

func newWorld(t *testing.T, n int) *world {
	t.Helper()
	w := &world{cache: t.TempDir(), body: make([]byte, n)}
	r := rand.NewChaCha8([32]byte{1})
	r.Read(w.body)
	sum := sha256.Sum256(w.body)
	w.file = File{Name: "set/file.bin", SHA256: hex.EncodeToString(sum[:]), Size: int64(n)}
	t.Setenv("FATHOM_DATA", "")
	t.Setenv("FATHOM_CACHE", w.cache)
	return w
}

func (w *world) serve(t *testing.T, h http.HandlerFunc) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	w.file.URLs = append(w.file.URLs, s.URL+"/file.bin")
}

// ranges serves the body as a good server does.
func (w *world) ranges(rw http.ResponseWriter, r *http.Request) {
	http.ServeContent(rw, r, "file.bin", time.Time{}, bytes.NewReader(w.body))
}

func (w *world) path() string { return filepath.Join(w.cache, "data", "set", "file.bin") }

// only checks which files are in the cache.
func (w *world) only(t *testing.T, names ...string) {
	t.Helper()
	var got []string
	filepath.WalkDir(w.cache, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			got = append(got, d.Name())
		}
		return err
	})
	if strings.Join(got, " ") != strings.Join(names, " ") {
		t.Errorf("the cache holds %q, want %q", got, names)
	}
}

func (w *world) arrives(t *testing.T, opts ...FetchOption) {
	t.Helper()
	path, err := Fetch(context.Background(), w.file, opts...)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(b, w.body) {
		t.Fatalf("%d bytes, %v", len(b), err)
	}
	if path != w.path() {
		t.Errorf("path %s", path)
	}
	w.only(t, "file.bin")
}

func (w *world) fails(t *testing.T, want string, opts ...FetchOption) error {
	t.Helper()
	_, err := Fetch(context.Background(), w.file, opts...)
	if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
		t.Fatalf("%v: want %q", err, want)
	}
	return err
}

func TestFetch(t *testing.T) {
	w := newWorld(t, 300_000)
	var asked atomic.Int32
	w.serve(t, func(rw http.ResponseWriter, r *http.Request) { asked.Add(1); w.ranges(rw, r) })
	if _, err := Find(w.file.Name); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Find before: %v", err)
	}
	var done, total int64
	w.arrives(t, WithProgress(func(name string, d, n int64) {
		if name != w.file.Name || d < done {
			t.Errorf("%s: %d after %d", name, d, done)
		}
		done, total = d, n
	}))
	if done != 300_000 || total != 300_000 {
		t.Errorf("progress ended at %d of %d", done, total)
	}
	w.arrives(t)
	if asked.Load() != 1 {
		t.Errorf("%d requests", asked.Load())
	}
	if p, err := Find(w.file.Name); err != nil || p != w.path() {
		t.Errorf("Find after: %s %v", p, err)
	}

	// A spoiled file in the cache is replaced.
	if err := os.WriteFile(w.path(), w.body[1:], 0o666); err != nil {
		t.Fatal(err)
	}
	w.arrives(t)
}

func TestFetchOldChecksums(t *testing.T) {
	w := newWorld(t, 1000)
	w.serve(t, w.ranges)
	m, s := md5.Sum(w.body), sha1.Sum(w.body)
	w.file.SHA256, w.file.MD5, w.file.SHA1, w.file.Size = "", hex.EncodeToString(m[:]), strings.ToUpper(hex.EncodeToString(s[:])), 0
	w.arrives(t)
	w.file.SHA1 = strings.Repeat("0", 40)
	if err := w.fails(t, "SHA-1 is"); !errors.Is(err, ErrChecksum) {
		t.Error(err)
	}
	w.only(t)
	w.file.SHA1, w.file.MD5 = "", ""
	w.fails(t, "no checksum is given")
}

// FATHOM_DATA comes first and is never written to.
func TestFetchFromFolder(t *testing.T) {
	w := newWorld(t, 1000)
	a, b := t.TempDir(), t.TempDir()
	t.Setenv("FATHOM_DATA", a+string(os.PathListSeparator)+b)
	path := filepath.Join(b, "set", "file.bin")
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, w.body, 0o666); err != nil {
		t.Fatal(err)
	}
	got, err := Fetch(context.Background(), w.file)
	if err != nil || got != path {
		t.Errorf("%s %v", got, err)
	}
	if err := os.WriteFile(path, []byte("wrong"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := w.fails(t, path); !errors.Is(err, ErrChecksum) {
		t.Error(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "wrong" {
		t.Error("a file in FATHOM_DATA was changed")
	}
	w.only(t)
}

func TestFetchResumes(t *testing.T) {
	w := newWorld(t, 300_000)
	var mu sync.Mutex
	var asked []string
	w.serve(t, func(rw http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked = append(asked, r.Header.Get("Range"))
		first := len(asked) == 1
		mu.Unlock()
		if first { // promise all, send a third, hang up
			rw.Header().Set("Content-Length", fmt.Sprint(len(w.body)))
			rw.Write(w.body[:100_000])
			return
		}
		w.ranges(rw, r)
	})
	w.fails(t, "unexpected EOF")
	w.only(t, "file.bin.part")
	fi, err := os.Stat(w.path() + ".part")
	if err != nil {
		t.Fatal(err)
	}
	w.arrives(t)
	if want := fmt.Sprintf("bytes=%d-", fi.Size()); len(asked) != 2 || asked[1] != want || fi.Size() == 0 {
		t.Errorf("ranges asked: %q, want the second %s", asked, want)
	}
}

// What an earlier run left may be complete, too long, of another file, or on a
// server that does no ranges: in each case the file arrives.
func TestFetchFromAnyPart(t *testing.T) {
	whole := func(w *world) http.HandlerFunc {
		return func(rw http.ResponseWriter, r *http.Request) { rw.Write(w.body) }
	}
	wrongRange := func(w *world) http.HandlerFunc {
		return func(rw http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Range") != "" {
				rw.Header().Set("Content-Range", "bytes 0-9/1000")
				rw.WriteHeader(http.StatusPartialContent)
				return
			}
			rw.Write(w.body)
		}
	}
	good := func(w *world) http.HandlerFunc { return w.ranges }
	tests := []struct {
		name   string
		part   func(w *world) []byte
		server func(w *world) http.HandlerFunc
		sized  bool
	}{
		{"complete", func(w *world) []byte { return w.body }, good, true},
		{"complete, size unknown", func(w *world) []byte { return w.body }, good, false},
		{"too long", func(w *world) []byte { return append(w.body[:len(w.body):len(w.body)], 1) }, good, true},
		{"too long, size unknown", func(w *world) []byte { return append(w.body[:len(w.body):len(w.body)], 1) }, good, false},
		{"other bytes", func(w *world) []byte { return make([]byte, 500) }, good, true},
		{"other bytes, full length", func(w *world) []byte { return make([]byte, 1000) }, good, true},
		{"no ranges", func(w *world) []byte { return w.body[:500] }, whole, true},
		{"wrong range", func(w *world) []byte { return w.body[:500] }, wrongRange, true},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, 1000)
			w.serve(t, c.server(w))
			if !c.sized {
				w.file.Size = 0
			}
			if err := os.MkdirAll(filepath.Dir(w.path()), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(w.path()+".part", c.part(w), 0o666); err != nil {
				t.Fatal(err)
			}
			w.arrives(t)
		})
	}
}

func TestFetchTakesTheNextMirror(t *testing.T) {
	w := newWorld(t, 200_000)
	dead, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead.Close() // nobody listens here now
	w.file.URLs = []string{"http://" + dead.Addr().String() + "/x", "http://%zz"}
	w.serve(t, func(rw http.ResponseWriter, r *http.Request) { http.NotFound(rw, r) })
	w.serve(t, func(rw http.ResponseWriter, r *http.Request) { io.WriteString(rw, "<html>please log in") })
	w.serve(t, func(rw http.ResponseWriter, r *http.Request) { rw.Write(make([]byte, len(w.body))) })
	w.serve(t, func(rw http.ResponseWriter, r *http.Request) {
		for range 100 { // endless for the client's purposes, length not told
			rw.Write(make([]byte, 10_000))
			rw.(http.Flusher).Flush()
		}
	})
	good := len(w.file.URLs)
	w.serve(t, w.ranges)
	w.arrives(t)

	if err := os.Remove(w.path()); err != nil {
		t.Fatal(err)
	}
	w.file.URLs = w.file.URLs[:good]
	err = w.fails(t, "cannot be had (FATHOM_DATA is not set; not in the cache")
	for _, want := range []string{"refused", "404", "19 bytes", "wrong checksum: SHA-256 is", "more than the 200000 bytes"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v: want %q", err, want)
		}
	}
	w.only(t)
	w.file.URLs = nil
	w.fails(t, "no address")
}

func TestFetchWrongChecksum(t *testing.T) {
	w := newWorld(t, 1000)
	w.serve(t, func(rw http.ResponseWriter, r *http.Request) { rw.Write(make([]byte, 1000)) })
	if err := w.fails(t, "wrong checksum"); !errors.Is(err, ErrChecksum) {
		t.Error(err)
	}
	w.only(t)
}

func TestFetchGivesUp(t *testing.T) {
	limit := WithTimeouts(50*time.Millisecond, 50*time.Millisecond)
	hang := make(chan struct{})
	defer close(hang)
	t.Run("no first byte", func(t *testing.T) {
		w := newWorld(t, 1000)
		w.serve(t, func(rw http.ResponseWriter, r *http.Request) {
			select {
			case <-hang:
			case <-r.Context().Done():
			}
		})
		start := time.Now()
		w.fails(t, "timeout", limit)
		if d := time.Since(start); d > 5*time.Second {
			t.Errorf("took %v", d)
		}
		w.only(t)
	})
	t.Run("silent in the middle", func(t *testing.T) {
		w := newWorld(t, 1000)
		w.serve(t, func(rw http.ResponseWriter, r *http.Request) {
			rw.Header().Set("Content-Length", "1000")
			rw.Write(w.body[:400])
			rw.(http.Flusher).Flush()
			select {
			case <-hang:
			case <-r.Context().Done():
			}
		})
		w.fails(t, errSilent.Error(), limit)
		w.only(t, "file.bin.part")
		w.serve(t, w.ranges)
		w.file.URLs = w.file.URLs[1:]
		w.arrives(t)
	})
}

func TestFetchCancelled(t *testing.T) {
	w := newWorld(t, 1000)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	w.serve(t, func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Length", "1000")
		rw.Write(w.body[:400])
		rw.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	second := false
	w.serve(t, func(rw http.ResponseWriter, r *http.Request) { second = true })
	_, err := Fetch(ctx, w.file, WithProgress(func(string, int64, int64) { cancel() }))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if second {
		t.Error("went on to the next mirror after the cancellation")
	}
	w.only(t, "file.bin.part")
	if _, err := Fetch(ctx, w.file); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// Many at once download once.
func TestFetchTogether(t *testing.T) {
	if !renameOpen {
		t.Skip("no file locks here")
	}
	w := newWorld(t, 1_000_000)
	var asked atomic.Int32
	w.serve(t, func(rw http.ResponseWriter, r *http.Request) { asked.Add(1); w.ranges(rw, r) })
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := Fetch(context.Background(), w.file); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if asked.Load() != 1 {
		t.Errorf("%d downloads", asked.Load())
	}
	w.arrives(t)
}

func TestNames(t *testing.T) {
	t.Setenv("FATHOM_CACHE", t.TempDir())
	for _, bad := range []string{"", ".", "..", "../x", "/etc/passwd", "a//b", "a/../../b"} {
		if _, err := Find(bad); err == nil || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v", bad, err)
		}
		if _, err := Fetch(context.Background(), File{Name: bad, MD5: "0"}); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
	t.Setenv("FATHOM_DATA", "/nowhere")
	if _, err := Find("a/b"); err == nil || !strings.Contains(err.Error(), "/nowhere") {
		t.Errorf("%v", err)
	}
}
