package data

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// entry is a member of a test's archive.
type entry struct {
	name, body string
	kind       byte // of tar; 0 is a file
}

func zipOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		f, err := w.Create(e.name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(f, e.body)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func tarOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Mode: 0o644, Size: int64(len(e.body)), Typeflag: e.kind}
		if e.kind != 0 {
			h.Linkname, h.Size, e.body = e.body, 0, ""
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, e.body)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipped(b []byte) []byte {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	w.Write(b)
	w.Close()
	return z.Bytes()
}

// put writes an archive of that name.
func put(t testing.TB, name string, b []byte) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(p, b, 0o666); err != nil {
		t.Fatal(err)
	}
	return p
}

// tree lists the files below a folder with what they hold.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	m := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		m[filepath.ToSlash(rel)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestUnpack(t *testing.T) {
	files := []entry{{name: "set/a.txt", body: "one"}, {name: "./set/deep/er/b.txt", body: strings.Repeat("two", 1000)}, {name: "c", body: ""}}
	for name, b := range map[string][]byte{
		"x.zip": zipOf(t, files...), "x.tar": tarOf(t, files...), "x.tar.gz": zipped(tarOf(t, files...)), "x.tgz": zipped(tarOf(t, files...)),
	} {
		t.Run(name, func(t *testing.T) {
			p, dir := put(t, name, b), filepath.Join(t.TempDir(), "sub", "out")
			for range 2 { // the second finds it done
				if err := Unpack(t.Context(), p, dir); err != nil {
					t.Fatal(err)
				}
			}
			got := tree(t, dir)
			if len(got) != 3 || got["set/a.txt"] != "one" || got["set/deep/er/b.txt"] != files[1].body || got["c"] != "" {
				t.Errorf("unpacked %v", got)
			}
			if left := tree(t, filepath.Dir(dir)); len(left) != 3 {
				t.Errorf("left beside it: %v", left)
			}
		})
	}
}

func TestUnpackRefuses(t *testing.T) {
	bomb := strings.Repeat("\x00", 8<<20)
	for name, b := range map[string][]byte{
		"up.zip":         zipOf(t, entry{name: "good", body: "1"}, entry{name: "../evil", body: "2"}),
		"deep.zip":       zipOf(t, entry{name: "a/../../evil", body: "2"}),
		"absolute.zip":   zipOf(t, entry{name: "/tmp/evil", body: "2"}),
		"back.zip":       zipOf(t, entry{name: `..\evil`, body: "2"}),
		"drive.zip":      zipOf(t, entry{name: `C:\evil`, body: "2"}),
		"twice.zip":      zipOf(t, entry{name: "a", body: "1"}, entry{name: "./a", body: "2"}),
		"bomb.zip":       zipOf(t, entry{name: "zeros", body: bomb}),
		"up.tar":         tarOf(t, entry{name: "../evil", body: "2"}),
		"absolute.tar":   tarOf(t, entry{name: "/tmp/evil", body: "2"}),
		"twice.tar":      tarOf(t, entry{name: "a", body: "1"}, entry{name: "a", body: "2"}),
		"bomb.tar.gz":    zipped(tarOf(t, entry{name: "zeros", body: bomb})),
		"skipped.tar.gz": zipped(tarOf(t, entry{name: "a", body: "1"}, entry{name: "zeros", body: bomb}, entry{name: "../b"})),
	} {
		t.Run(name, func(t *testing.T) {
			p, dir := put(t, name, b), filepath.Join(t.TempDir(), "in", "out")
			err := Unpack(t.Context(), p, dir)
			if !errors.Is(err, ErrHostile) {
				t.Errorf("the error is %v", err)
			} else if !strings.Contains(err.Error(), name) {
				t.Errorf("%v does not name the archive", err)
			}
			if left := tree(t, filepath.Dir(filepath.Dir(dir))); len(left) > 0 {
				t.Errorf("left %v", left)
			}
		})
	}
}

// A bomb is refused before it is read to its end, also by those who skip its members.
func TestMembersBounded(t *testing.T) {
	p := put(t, "bomb.tar.gz", zipped(tarOf(t, entry{name: "zeros", body: strings.Repeat("\x00", 64<<20)}, entry{name: "last"})))
	seen := 0
	err := Members(p, func(Member) error { seen++; return nil })
	if !errors.Is(err, ErrHostile) || seen > 1 {
		t.Errorf("%d members seen, then %v", seen, err)
	}
}

// Links could make a later member go elsewhere, so none is made.
func TestUnpackLeavesLinksOut(t *testing.T) {
	p := put(t, "x.tar", tarOf(t, entry{"out", "/tmp", tar.TypeSymlink}, entry{"hard", "/etc/passwd", tar.TypeLink}, entry{"null", "", tar.TypeChar},
		entry{name: "out/evil", body: "2"}))
	dir := filepath.Join(t.TempDir(), "out")
	if err := Unpack(t.Context(), p, dir); err != nil {
		t.Fatal(err)
	}
	if got := tree(t, dir); len(got) != 1 || got["out/evil"] != "2" {
		t.Errorf("unpacked %v", got)
	}
}

func TestUnpackBroken(t *testing.T) {
	good := zipped(tarOf(t, entry{name: "a", body: "1"}, entry{name: "b", body: strings.Repeat("two", 1000)}))
	for name, b := range map[string][]byte{
		"cut.tar.gz": good[:len(good)-20], "empty.zip": nil, "noise.zip": []byte("PK noise"), "noise.tar": []byte(strings.Repeat("noise", 200)), "other.rar": []byte("Rar!"),
	} {
		dir := filepath.Join(t.TempDir(), "out")
		if err := Unpack(t.Context(), put(t, name, b), dir); err == nil {
			t.Errorf("%s: no error", name)
		}
		if left := tree(t, filepath.Dir(dir)); len(left) > 0 {
			t.Errorf("%s: left %v", name, left)
		}
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("enough")
	cancel(why)
	if err := Unpack(ctx, put(t, "x.tar.gz", good), filepath.Join(t.TempDir(), "out")); !errors.Is(err, why) && !errors.Is(err, context.Canceled) {
		t.Errorf("after the context's end: %v", err)
	}
}

// Many at once give one folder.
func TestUnpackTogether(t *testing.T) {
	p, dir := put(t, "x.zip", zipOf(t, entry{name: "a", body: strings.Repeat("one", 1<<16)})), filepath.Join(t.TempDir(), "out")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := Unpack(t.Context(), p, dir); err != nil {
				t.Error(err)
			}
			if info, err := os.Stat(filepath.Join(dir, "a")); err != nil || info.Size() != 3<<16 {
				t.Errorf("the folder is there without its file: %v", err)
			}
		})
	}
	all.Wait()
}

// A process is killed while it unpacks; the next one starts anew, and nothing of the first stays.
func TestUnpackKilled(t *testing.T) {
	if dir := os.Getenv("FATHOM_TEST_UNPACK"); dir != "" {
		Unpack(context.Background(), filepath.Join(filepath.Dir(dir), "x.tar"), dir)
		return
	}
	if testing.Short() {
		t.Skip("kills processes")
	}
	work := t.TempDir()
	dir := filepath.Join(work, "in", "out")
	var files []entry
	for i := range 2000 {
		files = append(files, entry{name: "f" + strings.Repeat("x", i%50) + string(rune('a'+i/50)), body: strings.Repeat("b", 2000)})
	}
	os.MkdirAll(filepath.Dir(dir), 0o777)
	if err := os.WriteFile(filepath.Join(filepath.Dir(dir), "x.tar"), tarOf(t, files...), 0o666); err != nil {
		t.Fatal(err)
	}
	killed := 0
	for i := range 6 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestUnpackKilled$")
		cmd.Env = append(os.Environ(), "FATHOM_TEST_UNPACK="+dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for { // until it has begun
			if m, _ := filepath.Glob(dir + ".tmp-*/f*"); len(m) > 50*i {
				break
			}
			if _, err := os.Stat(dir); err == nil {
				break
			}
			time.Sleep(time.Millisecond)
		}
		cmd.Process.Kill()
		cmd.Wait()
		if _, err := os.Stat(dir); err == nil {
			if n := len(tree(t, dir)); n != len(files) {
				t.Fatalf("the folder is there with %d of %d files", n, len(files))
			}
			os.RemoveAll(dir)
			continue
		}
		killed++
	}
	if killed == 0 {
		t.Skip("each process finished before it could be killed")
	}
	if err := Unpack(t.Context(), filepath.Join(filepath.Dir(dir), "x.tar"), dir); err != nil {
		t.Fatal(err)
	}
	if n := len(tree(t, dir)); n != len(files) {
		t.Errorf("%d of %d files", n, len(files))
	}
	if left := tree(t, filepath.Dir(dir)); len(left) != len(files)+1 {
		t.Errorf("%d files beside it", len(left)-len(files)-1)
	}
}

// FuzzMembers feeds archives of all sorts: no panic, no name that leads out.
func FuzzMembers(f *testing.F) {
	names := []string{"x.zip", "x.tar", "x.tar.gz"}
	f.Add(0, zipOf(f, entry{name: "a/b", body: "1"}, entry{name: "../c", body: "2"}))
	f.Add(1, tarOf(f, entry{name: "a/b", body: "1"}, entry{"l", "/etc", tar.TypeSymlink}, entry{name: "/c", body: "2"}))
	f.Add(2, zipped(tarOf(f, entry{name: "a/b", body: "1"})))
	f.Fuzz(func(t *testing.T, kind int, b []byte) {
		p := put(t, names[uint(kind)%3], b)
		out := int64(0)
		Members(p, func(m Member) error {
			if !filepath.IsLocal(filepath.FromSlash(m.Name)) {
				t.Errorf("the name %q leads out", m.Name)
			}
			r, err := m.Open()
			if err != nil {
				return err
			}
			defer r.Close()
			n, err := io.Copy(io.Discard, r)
			if out += n; out > 2<<20+maxRatio*int64(len(b)) {
				t.Errorf("%d bytes out of %d", out, len(b))
			}
			return err
		})
	})
}
