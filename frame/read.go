package frame

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
)

// Marks are the texts that stand for a missing value, besides the empty one: those of pandas.
var Marks = []string{"#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA", "NULL", "NaN", "n/a", "nan", "null"}

// maxCells bounds the number of values of a file, so that many short rows under a long header do not fill the memory.
const maxCells = 1 << 28

// Option is an option of [Load] and [Read].
type Option func(*options)

type options struct {
	sep     rune
	marks   []string
	header  []string
	asTexts []string
}

// Sep is the character between fields, a comma unless given.
func Sep(c rune) Option { return func(o *options) { o.sep = c } }

// Missing are the texts that stand for a missing value, besides the empty one; [Marks] unless given.
func Missing(marks ...string) Option { return func(o *options) { o.marks = marks } }

// Header names the columns of a file that has no line of names.
func Header(names ...string) Option { return func(o *options) { o.header = names } }

// AsText keeps these columns as texts, though they look like numbers.
func AsText(names ...string) Option { return func(o *options) { o.asTexts = names } }

// Load reads a file of comma-separated values; see [Read].
func Load(path string, opts ...Option) (*Frame, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("frame: %w", err)
	}
	defer file.Close()
	f, err := Read(file, opts...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

// Read reads comma-separated values, the first line of which names the columns (2.2). Fields may stand in double quotes. A column is one of
// integers if all its values are; of floats if all are numbers or missing; of truths if all are True or False; else of texts. A row
// with fewer fields than there are columns misses the others; one with more is an error, as is a name that occurs twice.
func Read(r io.Reader, opts ...Option) (*Frame, error) {
	o := options{sep: ',', marks: Marks}
	for _, opt := range opts {
		opt(&o)
	}
	in := csv.NewReader(r)
	in.Comma, in.FieldsPerRecord, in.ReuseRecord = o.sep, -1, true
	names := o.header
	if names == nil {
		line, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil, errors.New("frame: no columns: the file is empty")
		}
		if err != nil {
			return nil, fmt.Errorf("frame: %w", err)
		}
		names = slices.Clone(line)
		names[0] = strings.TrimPrefix(names[0], "\ufeff")
	}
	for i, n := range names {
		if slices.Index(names, n) < i {
			return nil, fmt.Errorf("frame: two columns are called %q", n)
		}
	}
	for _, n := range o.asTexts {
		if !slices.Contains(names, n) {
			return nil, fmt.Errorf("frame: no column %q to keep as texts", n)
		}
	}
	cells := make([][]string, len(names))
	for rows := 0; ; rows++ {
		line, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("frame: %w", err)
		}
		if at, _ := in.FieldPos(0); len(line) > len(names) {
			return nil, fmt.Errorf("frame: line %d has %d fields for %d columns", at, len(line), len(names))
		}
		if (rows+1)*len(names) > maxCells {
			return nil, fmt.Errorf("frame: more than %d values", maxCells)
		}
		for j := range cells {
			cell := ""
			if j < len(line) {
				cell = line[j]
			}
			cells[j] = append(cells[j], cell)
		}
	}
	cols := make([]*Series, len(names))
	for j, n := range names {
		cols[j] = infer(n, cells[j], o.marks, slices.Contains(o.asTexts, n))
		cells[j] = nil
	}
	return New(cols...), nil
}

// infer finds the kind of a column.
func infer(name string, cells []string, marks []string, asText bool) *Series {
	isMark := map[string]bool{"": true}
	for _, m := range marks {
		isMark[m] = true
	}
	gone := make([]bool, len(cells))
	missing := 0
	for i, c := range cells {
		if gone[i] = isMark[c]; gone[i] {
			missing++
		}
	}
	if !asText {
		if s := numbers(name, cells, gone, missing); s != nil {
			return s
		}
		if s := truths(name, cells, missing); s != nil {
			return s
		}
	}
	s := &Series{name: name, kind: Text, texts: cells, gone: gone}
	for i := range cells {
		if gone[i] {
			cells[i] = ""
		}
	}
	return s
}

func numbers(name string, cells []string, gone []bool, missing int) *Series {
	floats := &Series{name: name, kind: Float}
	ints := &Series{name: name, kind: Int}
	for i, c := range cells {
		c = strings.TrimSpace(c)
		if gone[i] {
			floats.floats = append(floats.floats, math.NaN())
			continue
		}
		v, err := strconv.ParseFloat(c, 64)
		if err != nil && !errors.Is(err, strconv.ErrRange) || strings.ContainsAny(c, "_xXpP") {
			return nil
		}
		floats.floats = append(floats.floats, v)
		if n, err := strconv.ParseInt(c, 10, 64); err == nil && ints != nil {
			ints.ints = append(ints.ints, n)
		} else {
			ints = nil
		}
	}
	if ints != nil && missing == 0 && len(cells) > 0 {
		return ints
	}
	return floats
}

func truths(name string, cells []string, missing int) *Series {
	s := &Series{name: name, kind: Bool}
	for _, c := range cells {
		switch c {
		case "True", "TRUE", "true":
			s.ints = append(s.ints, 1)
		case "False", "FALSE", "false":
			s.ints = append(s.ints, 0)
		default:
			return nil
		}
	}
	if missing > 0 {
		return nil
	}
	return s
}
