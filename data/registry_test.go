package data

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/tensor"
)

// TestSets holds the registry to its form.
func TestSets(t *testing.T) {
	seen, names := map[string]bool{}, map[string]bool{}
	for _, s := range Sets() {
		if s.Key == "" || s.About == "" || s.Licence == "" || s.Citation == "" || len(s.Sections) == 0 || len(s.Files) == 0 || seen[s.Key] {
			t.Errorf("%q: something is missing, or it is there twice", s.Key)
		}
		seen[s.Key] = true
		for _, f := range s.Files {
			if _, err := localPath(f.Name); err != nil || names[f.Name] {
				t.Errorf("%s: the name %q; %v", s.Key, f.Name, err)
			}
			names[f.Name] = true
			want, _, hashes := f.sums()
			if len(want) == 0 || len(f.URLs) == 0 {
				t.Errorf("%s: %d checksums, %d addresses", f.Name, len(want), len(f.URLs))
			}
			for i, w := range want {
				if b, err := hex.DecodeString(w); err != nil || len(b) != hashes[i].Size() {
					t.Errorf("%s: the checksum %q", f.Name, w)
				}
			}
			for _, u := range f.URLs {
				if !strings.HasPrefix(u, "http://") && !strings.HasPrefix(u, "https://") || !strings.HasSuffix(u, f.Name[strings.LastIndex(f.Name, "/")+1:]) {
					t.Errorf("%s: the address %q", f.Name, u)
				}
			}
		}
		if s.Subset != "" {
			if _, err := localPath(s.Subset); err != nil {
				t.Error(err)
			}
		}
	}
	if _, err := FindSet("no such set"); err == nil || !strings.Contains(err.Error(), "time_machine") {
		t.Errorf("the error about an unknown set is %v", err)
	}
}

// needData skips a test where there is no folder of data.
func needData(t *testing.T) {
	t.Helper()
	if len(Folders()) == 0 {
		t.Skip("FATHOM_DATA is not set: no data sets here")
	}
	t.Setenv("FATHOM_CACHE", t.TempDir())
}

// need skips a test where a set is not here.
func need(t *testing.T, key string) Set {
	t.Helper()
	needData(t)
	s, err := FindSet(key)
	if err != nil {
		t.Fatal(err)
	}
	if n, subset := s.Here(); n < len(s.Files) && !subset {
		t.Skipf("%s is not in FATHOM_DATA", key)
	}
	return s
}

// TestSetsVerify compares what is here with the checksums of the registry.
func TestSetsVerify(t *testing.T) {
	needData(t)
	n := 0
	for _, s := range Sets() {
		good, bad, err := s.Verify(t.Context())
		if err != nil || len(bad) > 0 {
			t.Errorf("%s: %v differ; %v", s.Key, bad, err)
		}
		n += len(good)
		size := int64(0)
		for _, p := range good {
			info, err := os.Stat(p)
			if err != nil {
				t.Fatal(err)
			}
			size += info.Size()
		}
		if len(good) == len(s.Files) && s.Bytes() != size {
			t.Errorf("%s: %d bytes, not %d", s.Key, size, s.Bytes())
		}
	}
	t.Log(n, "files are what they should be")
}

// A file that differs is found, and so is a set of which only some files are here.
func TestSetVerifyFindsWrong(t *testing.T) {
	w := newWorld(t, 1000)
	dir := t.TempDir()
	t.Setenv("FATHOM_DATA", dir)
	s := Set{Key: "x", Files: []File{w.file, {Name: "set/other.bin", SHA1: strings.Repeat("0", 40)}}, Subset: "set/few.bin"}
	if n, subset := s.Here(); n != 0 || subset {
		t.Errorf("%d files, %v are here, of none", n, subset)
	}
	os.Mkdir(filepath.Join(dir, "set"), 0o777)
	for name, b := range map[string][]byte{"file.bin": w.body, "other.bin": w.body, "few.bin": nil} {
		os.WriteFile(filepath.Join(dir, "set", name), b, 0o666)
	}
	good, bad, err := s.Verify(t.Context())
	if err != nil || len(good) != 1 || len(bad) != 1 || !strings.HasSuffix(bad[0], "other.bin") {
		t.Errorf("good %v, bad %v, %v", good, bad, err)
	}
	os.Remove(filepath.Join(dir, "set", "other.bin"))
	if n, subset := s.Here(); n != 1 || !subset {
		t.Errorf("%d files, subset %v", n, subset)
	}
	if paths, subset, err := s.Get(t.Context()); err != nil || !subset || len(paths) != 1 || !strings.HasSuffix(paths[0], "few.bin") {
		t.Errorf("got %v, %v, %v", paths, subset, err)
	}
	if d, subset, err := s.Extract(t.Context()); err != nil || !subset || filepath.Clean(d) != dir {
		t.Errorf("extracted to %s, %v, %v", d, subset, err)
	}
}

// TestLoaders holds what loaders give to what the makers and the book say about the sets.
func TestLoaders(t *testing.T) {
	ctx := t.Context()
	t.Run("mnist", func(t *testing.T) {
		need(t, "mnist")
		m, err := MNIST(ctx, false, nil)
		if err != nil {
			t.Fatal(err)
		}
		if first := m.Labels.Slice(tensor.Until(8)).String(); m.Len() != 10000 || first != "[7 2 1 0 4 1 4 9]" {
			t.Errorf("%d digits, the first %s", m.Len(), first)
		}
	})
	t.Run("time machine", func(t *testing.T) {
		need(t, "time_machine")
		l, err := TimeMachine(ctx)
		if err != nil || len(l) != 3221 || !strings.HasPrefix(l[0], "The Time Machine, by H. G. Wells") {
			t.Errorf("%d lines, %v", len(l), err)
		}
	})
	t.Run("fra-eng", func(t *testing.T) {
		need(t, "fra-eng")
		p, err := EnglishFrench(ctx)
		if err != nil || len(p) != 167130 || p[0] != [2]string{"Go.", "Va !"} {
			t.Errorf("%d pairs, %v", len(p), err)
		}
	})
	t.Run("ptb", func(t *testing.T) {
		need(t, "ptb")
		s, err := PTB(ctx, "train")
		n := 0
		for _, l := range s {
			n += len(l)
		}
		if err != nil || len(s) != 42068 || n != 887521 {
			t.Errorf("%d sentences of %d words, %v", len(s), n, err)
		}
		if _, err := PTB(ctx, "../x"); err == nil {
			t.Error("an unknown split is no error")
		}
	})
	t.Run("imdb", func(t *testing.T) {
		if testing.Short() {
			t.Skip("reads 28 MB")
		}
		need(t, "aclImdb")
		for _, train := range []bool{true, false} {
			r, good, err := IMDB(ctx, train)
			n := int32(0)
			for _, g := range good {
				n += g
			}
			if err != nil || len(r) != 25000 || len(good) != 25000 || n != 12500 {
				t.Errorf("%d reviews, %d good, %v", len(r), n, err)
			}
		}
	})
	t.Run("snli", func(t *testing.T) {
		need(t, "SNLI")
		for split, want := range map[string]int{"train": 4655, "dev": 9842, "test": 9824} {
			p, subset, err := SNLI(ctx, split)
			if err != nil || len(p) != want && subset {
				t.Errorf("%s: %d pairs, %v", split, len(p), err)
			}
			for _, q := range p {
				if len(q.Premise) == 0 || len(q.Hypothesis) == 0 || strings.ContainsAny(strings.Join(q.Premise, ""), "()") {
					t.Fatalf("%s: %v", split, q)
				}
			}
		}
	})
	t.Run("wikitext-2", func(t *testing.T) {
		need(t, "wikitext-2")
		l, err := WikiText2(ctx, "valid")
		n := len(l) // the ends of lines count as tokens
		for _, s := range l {
			n += len(strings.Fields(s))
		}
		if err != nil || n != 217646 {
			t.Errorf("%d tokens, %v", n, err)
		}
	})
	t.Run("glove", func(t *testing.T) {
		need(t, "glove.6b.50d")
		words, v, subset, err := GloVe(ctx, "glove.6b.50d")
		if err != nil || v.Shape()[0] != len(words) || v.Shape()[1] != 50 || subset && len(words) != 501 || words[0] != "the" || v.At(0, 1) != float64(float32(0.24968)) {
			t.Errorf("%d words, %v", len(words), err)
		}
	})
	t.Run("word2vec", func(t *testing.T) {
		needData(t)
		path, err := Find("word2vec.googlenews.1000w.300d/vec.txt")
		if err != nil {
			t.Skip(err)
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		words, v, err := ReadVectors(f)
		if err != nil || len(words) != 1000 || v.Dim(1) != 300 || !slices.Contains(words, "queen") {
			t.Errorf("%d words, %v", len(words), err)
		}
	})
	t.Run("ml-100k", func(t *testing.T) {
		need(t, "ml-100k")
		u, i, r, at, err := MovieLens(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if u.Len() != 100000 || u.At(0) != 195 || i.At(0) != 241 || r.At(0) != 3 || at.At(0) != 881250949 || u.Max().Item() != 942 || i.Max().Item() != 1681 {
			t.Errorf("%d ratings, the first %v %v %v %v", u.Len(), u.At(0), i.At(0), r.At(0), at.At(0))
		}
	})
	t.Run("ctr", func(t *testing.T) {
		need(t, "ctr")
		for train, want := range map[bool]int{true: 1665, false: 334} {
			y, f, subset, err := CTR(ctx, train)
			if err != nil || subset && (y.Len() != want || len(f) != want || len(f[0]) != 39) {
				t.Errorf("train %v: %d rows, %v", train, len(f), err)
			}
		}
	})
	t.Run("airfoil", func(t *testing.T) {
		need(t, "airfoil")
		x, y, err := Airfoil(ctx)
		if err != nil || x.Dim(0) != 1503 || x.Dim(1) != 5 || y.Len() != 1503 || x.At(0, 0) != 800 || y.At(0) != float64(float32(126.201)) {
			t.Error(x.Shape(), y.Shape(), err)
		}
	})
	t.Run("archives", func(t *testing.T) {
		needData(t)
		for key, want := range map[string]int{"banana-detection": 5, "voc2012": 11, "cifar10_tiny": 1101, "dog_tiny": 335, "pokemon": 4819} {
			s, err := FindSet(key)
			if err != nil {
				t.Fatal(err)
			}
			if _, subset := s.Here(); !subset {
				continue
			}
			dir, subset, err := s.Extract(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if n := len(tree(t, dir)); !subset || n != want {
				t.Errorf("%s: %d files, not %d", key, n, want)
			}
		}
	})
}

func FuzzVectors(f *testing.F) {
	f.Add("the 1 2 3\nof 4 5 6\n")
	f.Add("2 3\nthe 1 2 3\nof 4 5\n")
	f.Add("a 1e999\n\x00 nan")
	f.Fuzz(func(t *testing.T, s string) {
		words, v, err := ReadVectors(strings.NewReader(s))
		if err == nil && (v.Dim(0) != len(words) || len(v.Shape()) != 2) {
			t.Errorf("%d words, shape %v", len(words), v.Shape())
		}
	})
}
