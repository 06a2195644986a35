// Package csv reads numbers from text with columns into a tensor and writes them, as NumPy's
// genfromtxt and savetxt do: comma-separated files, tabs, blanks.
package csv

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/fathom-ml/fathom/tensor"
)

// Options say what a text looks like. The zero value is: commas, no header, all columns, no
// comments, float32.
type Options struct {
	Delimiter rune         // between fields; 0 is a comma, ' ' any number of blanks and tabs
	Header    int          // lines to skip at the beginning
	Columns   []int        // to take, in this order, counted from 0; nil: all
	Comment   string       // begins what is skipped up to the end of a line; "": nothing does
	Missing   []string     // texts that stand for no value, besides the empty one
	DType     tensor.DType // of the tensor: floats, integers or Bool
}

// maxLine is the most bytes that a line may have.
const maxLine = 1 << 24

// Load reads the file at path.
func Load(path string, o Options) (*tensor.Tensor, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("csv: %w", err)
	}
	defer f.Close()
	x, err := read(f, o)
	if err != nil {
		return nil, fmt.Errorf("csv: %s: %w", path, err)
	}
	return x, nil
}

// Read reads a text to its end into a tensor of shape (rows, columns), always of two axes. Lines
// that are empty are skipped. A field may stand in double quotes and between blanks. A missing
// value is NaN, and an error in a dtype that has none, as are a field that is no number, an
// integer out of range and a line of another number of fields; the error names line and column,
// counted from 1. A float too large for the dtype is infinite.
func Read(r io.Reader, o Options) (*tensor.Tensor, error) {
	x, err := read(r, o)
	if err != nil {
		return nil, fmt.Errorf("csv: %w", err)
	}
	return x, nil
}

func read(r io.Reader, o Options) (*tensor.Tensor, error) {
	switch o.DType {
	case tensor.Float64:
		return parse(r, o, math.NaN(), float(64))
	case tensor.Float32, tensor.Float16, tensor.BFloat16:
		x, err := parse(r, o, float32(math.NaN()), func(s string) (float32, error) { v, err := float(32)(s); return float32(v), err })
		if err != nil {
			return nil, err
		}
		return x.AsType(o.DType), nil
	case tensor.Int64:
		return parse(r, o, 0, integer[int64](64))
	case tensor.Int32:
		return parse(r, o, 0, integer[int32](32))
	case tensor.Int8:
		return parse(r, o, 0, integer[int8](8))
	case tensor.Uint8:
		return parse(r, o, 0, func(s string) (uint8, error) { v, err := strconv.ParseUint(s, 10, 8); return uint8(v), err })
	case tensor.Bool:
		return parse(r, o, false, strconv.ParseBool)
	}
	return nil, fmt.Errorf("%s is not read from text", o.DType)
}

func float(bits int) func(s string) (float64, error) {
	return func(s string) (float64, error) {
		v, err := strconv.ParseFloat(s, bits)
		if errors.Is(err, strconv.ErrRange) {
			err = nil // v is infinite
		}
		return v, err
	}
}

func integer[T int64 | int32 | int8](bits int) func(s string) (T, error) {
	return func(s string) (T, error) { v, err := strconv.ParseInt(s, 10, bits); return T(v), err }
}

// parse reads the rows; missing is the value of a missing field, and an error unless it is NaN.
func parse[T tensor.Element](r io.Reader, o Options, missing T, number func(s string) (T, error)) (*tensor.Tensor, error) {
	if err := delimiter(&o.Delimiter); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(o.Columns, func(c int) bool { return c < 0 }) {
		return nil, fmt.Errorf("a column of %v is negative", o.Columns)
	}
	var data []T
	var fields []string
	rows, width := 0, -1
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	line := 0
	for lines.Scan() {
		if line++; line <= o.Header {
			continue
		}
		text := lines.Text()
		if line == 1 {
			text = strings.TrimPrefix(text, "\ufeff")
		}
		if o.Comment != "" {
			text, _, _ = strings.Cut(text, o.Comment)
		}
		if strings.Trim(text, " \t\r") == "" {
			continue
		}
		fields = split(fields[:0], text, o.Delimiter)
		if width < 0 {
			width = len(fields)
		}
		if len(fields) != width {
			return nil, fmt.Errorf("line %d has %d fields, those before it %d", line, len(fields), width)
		}
		take := func(c int) error {
			if c >= width {
				return fmt.Errorf("line %d has %d fields, no column %d", line, width, c)
			}
			s := fields[c]
			v, err := missing, error(nil)
			if s == "" || slices.Contains(o.Missing, s) {
				if v == v { // not NaN
					err = fmt.Errorf("a missing value, which %s cannot say", o.DType)
				}
			} else if v, err = number(s); err != nil {
				err = fmt.Errorf("%.40q is no %s", s, o.DType)
			}
			if err != nil {
				return fmt.Errorf("line %d, column %d: %w", line, c+1, err)
			}
			data = append(data, v)
			return nil
		}
		if o.Columns == nil {
			for c := range width {
				if err := take(c); err != nil {
					return nil, err
				}
			}
		}
		for _, c := range o.Columns {
			if err := take(c); err != nil {
				return nil, err
			}
		}
		rows++
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("line %d: %w", line+1, err)
	}
	if o.Columns != nil {
		width = len(o.Columns)
	}
	return tensor.Of(data, rows, max(width, 0)), nil
}

// delimiter puts a comma for 0 and refuses what may stand in a number, in quotes or at a line's end.
func delimiter(d *rune) error {
	if *d == 0 {
		*d = ','
	}
	if strings.ContainsRune("\"\r\n+-.", *d) || unicode.IsLetter(*d) || unicode.IsDigit(*d) || *d == utf8.RuneError || !utf8.ValidRune(*d) {
		return fmt.Errorf("%q is no delimiter", *d)
	}
	return nil
}

// split cuts a line into fields without the blanks and the quotes around them. A delimiter in
// quotes belongs to its field.
func split(fields []string, line string, delimiter rune) []string {
	if delimiter == ' ' {
		return append(fields, strings.Fields(line)...)
	}
	blanks := " \t\r"
	if delimiter == '\t' {
		blanks = " \r"
	}
	for {
		end, quoted := -1, false
		for i, c := range line {
			if c == '"' {
				quoted = !quoted
			} else if c == delimiter && !quoted {
				end = i
				break
			}
		}
		field := line
		if end >= 0 {
			field = line[:end]
		}
		field = strings.Trim(field, blanks)
		if len(field) > 1 && field[0] == '"' && field[len(field)-1] == '"' {
			field = strings.Trim(field[1:len(field)-1], blanks)
		}
		fields = append(fields, field)
		if end < 0 {
			return fields
		}
		line = line[end+len(string(delimiter)):]
	}
}
