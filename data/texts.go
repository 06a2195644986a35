package data

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/fathom-ml/fathom/tensor"
)

// maxText bounds a text that is read as a whole, in bytes.
const maxText = 1 << 30

// readAll reads a text, refusing one beyond the bound.
func readAll(name string, r io.Reader) (string, error) {
	var b strings.Builder
	n, err := io.Copy(&b, io.LimitReader(r, maxText+1))
	if err != nil {
		return "", fmt.Errorf("data: %s: %w", name, err)
	}
	if n > maxText {
		return "", fmt.Errorf("data: %s is longer than %d bytes", name, maxText)
	}
	return b.String(), nil
}

// readFile reads a text file.
func readFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("data: %w", err)
	}
	defer f.Close()
	return readAll(path, f)
}

// readMember reads one text of a set's archive.
func readMember(ctx context.Context, key, name string, opts []FetchOption) (string, error) {
	s, err := FindSet(key)
	if err != nil {
		return "", err
	}
	text, found := "", false
	_, err = s.EachFile(ctx, func(m Member) error {
		if m.Name != name {
			return nil
		}
		r, err := m.Open()
		if err != nil {
			return err
		}
		defer r.Close()
		found = true
		text, err = readAll(name, r)
		return err
	}, opts...)
	if err == nil && !found {
		err = fmt.Errorf("data: there is no %s in the archive of %s", name, key)
	}
	return text, err
}

// lines splits a text; the end of the last line makes no other.
func lines(text string) []string {
	text = strings.TrimSuffix(text, "\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// TimeMachine gives the 3,221 lines of H. G. Wells, The Time Machine, as they are in the file (8.2).
func TimeMachine(ctx context.Context, opts ...FetchOption) ([]string, error) {
	s, err := FindSet("time_machine")
	if err != nil {
		return nil, err
	}
	paths, _, err := s.Get(ctx, opts...)
	if err != nil {
		return nil, err
	}
	text, err := readFile(paths[0])
	return lines(text), err
}

// EnglishFrench gives the 167,130 pairs of an English sentence and its French translation, as they are in the file (9.5).
func EnglishFrench(ctx context.Context, opts ...FetchOption) ([][2]string, error) {
	text, err := readMember(ctx, "fra-eng", "fra-eng/fra.txt", opts)
	if err != nil {
		return nil, err
	}
	var pairs [][2]string
	for i, l := range lines(text) {
		english, french, ok := strings.Cut(strings.TrimSuffix(l, "\r"), "\t")
		if !ok {
			return nil, fmt.Errorf("data: line %d of fra.txt has no tab", i+1)
		}
		pairs = append(pairs, [2]string{english, french})
	}
	return pairs, nil
}

// PTB gives the sentences of the Penn Treebank's split "train", "valid" or "test", as lists of words (14.3).
func PTB(ctx context.Context, split string, opts ...FetchOption) ([][]string, error) {
	if split != "train" && split != "valid" && split != "test" {
		return nil, fmt.Errorf("data: PTB has the splits train, valid and test, not %q", split)
	}
	text, err := readMember(ctx, "ptb", "ptb/ptb."+split+".txt", opts)
	if err != nil {
		return nil, err
	}
	var sentences [][]string
	for _, l := range lines(text) {
		sentences = append(sentences, strings.Fields(l))
	}
	return sentences, nil
}

// IMDB gives 25,000 film reviews of the training or test part, and for each 1 if it is a good one, else 0 (15.1): the good ones first, each part in
// the order of the archive.
func IMDB(ctx context.Context, train bool, opts ...FetchOption) (reviews []string, good []int32, err error) {
	s, err := FindSet("aclImdb")
	if err != nil {
		return nil, nil, err
	}
	part := "aclImdb/test/"
	if train {
		part = "aclImdb/train/"
	}
	var bad []string
	_, err = s.EachFile(ctx, func(m Member) error {
		rest, ok := strings.CutPrefix(m.Name, part)
		kind, name, _ := strings.Cut(rest, "/")
		if !ok || !strings.HasSuffix(name, ".txt") || kind != "pos" && kind != "neg" {
			return nil
		}
		r, err := m.Open()
		if err != nil {
			return err
		}
		defer r.Close()
		text, err := readAll(m.Name, r)
		if kind == "pos" {
			reviews = append(reviews, text)
		} else {
			bad = append(bad, text)
		}
		return err
	}, opts...)
	if err != nil {
		return nil, nil, err
	}
	good = make([]int32, len(reviews)+len(bad))
	for i := range reviews {
		good[i] = 1
	}
	return append(reviews, bad...), good, nil
}

// SNLIPair is a premise, a hypothesis, and whether the one entails the other (0), contradicts it (1) or neither (2).
type SNLIPair struct {
	Premise, Hypothesis []string // words
	Label               int32
}

// SNLI gives the pairs of the split "train", "dev" or "test" that have a label (15.4). subset says that the training pairs are a part of the whole.
func SNLI(ctx context.Context, split string, opts ...FetchOption) (pairs []SNLIPair, subset bool, err error) {
	if split != "train" && split != "dev" && split != "test" {
		return nil, false, fmt.Errorf("data: SNLI has the splits train, dev and test, not %q", split)
	}
	s, err := FindSet("SNLI")
	if err != nil {
		return nil, false, err
	}
	dir, subset, err := s.Extract(ctx, opts...)
	if err != nil {
		return nil, subset, err
	}
	text, err := readFile(filepath.Join(dir, "snli_1.0", "snli_1.0_"+split+".txt"))
	if err != nil {
		return nil, subset, err
	}
	labels := map[string]int32{"entailment": 0, "contradiction": 1, "neutral": 2}
	words := strings.NewReplacer("(", " ", ")", " ")
	for i, l := range lines(text) {
		f := strings.Split(l, "\t")
		if len(f) < 3 {
			return nil, subset, fmt.Errorf("data: line %d of SNLI's %s has %d columns, not 3 or more", i+1, split, len(f))
		}
		if label, ok := labels[f[0]]; ok {
			pairs = append(pairs, SNLIPair{strings.Fields(words.Replace(f[1])), strings.Fields(words.Replace(f[2])), label})
		}
	}
	return pairs, subset, nil
}

// WikiText2 gives the lines of WikiText-2's split "train", "valid" or "test" (14.9).
func WikiText2(ctx context.Context, split string, opts ...FetchOption) ([]string, error) {
	if split != "train" && split != "valid" && split != "test" {
		return nil, fmt.Errorf("data: WikiText-2 has the splits train, valid and test, not %q", split)
	}
	s, err := FindSet("wikitext-2")
	if err != nil {
		return nil, err
	}
	dir, _, err := s.Extract(ctx, opts...)
	if err != nil {
		return nil, err
	}
	text, err := readFile(filepath.Join(dir, "wikitext-2", "wiki."+split+".tokens"))
	return lines(text), err
}

// GloVe gives the words and the vectors [n, d] of the sets "glove.6b.50d", "glove.6b.100d", "glove.42b.300d" and "wiki.en" (14.7). subset says that there
// are only some of the words.
func GloVe(ctx context.Context, key string, opts ...FetchOption) (words []string, vectors *tensor.Tensor, subset bool, err error) {
	s, err := FindSet(key)
	if err != nil {
		return nil, nil, false, err
	}
	dir, subset, err := s.Extract(ctx, opts...)
	if err != nil {
		return nil, nil, subset, err
	}
	folder := strings.TrimSuffix(s.Files[0].Name, ".zip")
	f, err := os.Open(filepath.Join(dir, folder, "vec.txt"))
	if err != nil {
		return nil, nil, subset, fmt.Errorf("data: %w", err)
	}
	defer f.Close()
	words, vectors, err = ReadVectors(f)
	if err != nil {
		err = fmt.Errorf("data: %s: %w", f.Name(), err)
	}
	return words, vectors, subset, err
}

// ReadVectors reads the vectors of words in the layout of GloVe and fastText, a line for each: the word, and its numbers with blanks between them. vectors is [n, d]. The first line of fastText's files, which holds their counts, is left out.
func ReadVectors(r io.Reader) (words []string, vectors *tensor.Tensor, err error) {
	scan := bufio.NewScanner(r)
	scan.Buffer(nil, 1<<20)
	var x []float32
	d := 0
	for n := 1; scan.Scan(); n++ {
		f := strings.Fields(scan.Text())
		if len(f) < 2 || n == 1 && len(f) == 2 {
			continue
		}
		if d == 0 {
			d = len(f) - 1
		}
		if len(f) != d+1 {
			return nil, nil, fmt.Errorf("line %d holds %d numbers, not %d", n, len(f)-1, d)
		}
		if len(x)+d > math.MaxInt32 {
			return nil, nil, fmt.Errorf("there are more than %d numbers", math.MaxInt32)
		}
		for _, s := range f[1:] {
			v, err := strconv.ParseFloat(s, 32)
			if err != nil {
				return nil, nil, fmt.Errorf("line %d: %q is not a number", n, s)
			}
			x = append(x, float32(v))
		}
		words = append(words, f[0])
	}
	if err := scan.Err(); err != nil {
		return nil, nil, err
	}
	if d == 0 {
		return nil, nil, fmt.Errorf("there is no vector in it")
	}
	return words, tensor.Of(x, len(words), d), nil
}
