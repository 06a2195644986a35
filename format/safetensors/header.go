package safetensors

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"unicode/utf8"
)

// parseHeader turns the JSON of a header into entries ordered by position, and
// checks them against dataLen, the number of bytes that follow the header.
// It walks the tokens itself: encoding/json would let the last of two equal
// names win and would ignore what it does not know.
func parseHeader(text []byte, dataLen int64) ([]Info, map[string]string, error) {
	if !utf8.Valid(text) {
		return nil, nil, errors.New("the header is not UTF-8")
	}
	if len(text) == 0 || text[0] != '{' {
		return nil, nil, errors.New("the header does not begin with {")
	}
	p := parser{json.NewDecoder(bytes.NewReader(text))}
	p.d.UseNumber()
	if err := p.delim('{'); err != nil {
		return nil, nil, err
	}
	var infos []Info
	var meta map[string]string
	seen := map[string]bool{}
	for p.d.More() {
		name, err := p.str()
		if err != nil {
			return nil, nil, err
		}
		if seen[name] {
			return nil, nil, fmt.Errorf("two entries are named %q", clip(name))
		}
		seen[name] = true
		if name == metaKey {
			if meta, err = p.metadata(); err != nil {
				return nil, nil, fmt.Errorf("%s: %w", metaKey, err)
			}
			continue
		}
		info, err := p.entry(dataLen)
		if err != nil {
			return nil, nil, fmt.Errorf("array %q: %w", clip(name), err)
		}
		info.Name = name
		infos = append(infos, info)
	}
	if err := p.delim('}'); err != nil {
		return nil, nil, err
	}
	if _, err := p.d.Token(); err != io.EOF {
		return nil, nil, errors.New("the header goes on after its closing brace")
	}
	return infos, meta, layout(infos, dataLen)
}

// layout orders the entries by position and refuses gaps and overlaps.
func layout(infos []Info, dataLen int64) error {
	slices.SortStableFunc(infos, func(a, b Info) int {
		if a.begin != b.begin {
			return cmp.Compare(a.begin, b.begin)
		}
		return cmp.Compare(a.end, b.end)
	})
	at := int64(0)
	for _, e := range infos {
		if e.begin < at {
			return fmt.Errorf("array %q begins at byte %d, inside the one before it, which ends at %d", clip(e.Name), e.begin, at)
		}
		if e.begin > at {
			return fmt.Errorf("no array owns the bytes %d to %d before array %q", at, e.begin, clip(e.Name))
		}
		at = e.end
	}
	if at != dataLen {
		return fmt.Errorf("the arrays end at byte %d, the file has %d bytes after the header", at, dataLen)
	}
	return nil
}

// clip shortens a name for a message.
func clip(s string) string {
	if len(s) <= 80 {
		return s
	}
	n := 77
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "..."
}

type parser struct{ d *json.Decoder }

func (p parser) token() (json.Token, error) {
	t, err := p.d.Token()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, fmt.Errorf("the header is not valid JSON: %w", err)
	}
	return t, nil
}

func (p parser) delim(want json.Delim) error {
	t, err := p.token()
	if err != nil {
		return err
	}
	if t != want {
		return fmt.Errorf("%v where %v was expected", show(t), want)
	}
	return nil
}

func (p parser) str() (string, error) {
	t, err := p.token()
	if err != nil {
		return "", err
	}
	s, ok := t.(string)
	if !ok {
		return "", fmt.Errorf("%v where a string was expected", show(t))
	}
	return s, nil
}

// integer reads a whole number from 0 to max.
func (p parser) integer(max int64) (int64, error) {
	t, err := p.token()
	if err != nil {
		return 0, err
	}
	num, ok := t.(json.Number)
	if !ok {
		return 0, fmt.Errorf("%v where a number was expected", show(t))
	}
	n, err := strconv.ParseInt(string(num), 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%s is not a whole number that counts something", clip(string(num)))
	}
	if n > max {
		return 0, fmt.Errorf("%d is more than %d", n, max)
	}
	return n, nil
}

func show(t json.Token) string {
	switch t := t.(type) {
	case string:
		return strconv.Quote(clip(t))
	case nil:
		return "null"
	}
	return clip(fmt.Sprint(t))
}

// metadata reads {"key": "value", ...}.
func (p parser) metadata() (map[string]string, error) {
	if err := p.delim('{'); err != nil {
		return nil, err
	}
	m := map[string]string{}
	for p.d.More() {
		k, err := p.str()
		if err != nil {
			return nil, err
		}
		if _, ok := m[k]; ok {
			return nil, fmt.Errorf("two entries are named %q", clip(k))
		}
		if m[k], err = p.str(); err != nil {
			return nil, fmt.Errorf("%q: %w", clip(k), err)
		}
	}
	return m, p.delim('}')
}

// entry reads {"dtype": ..., "shape": [...], "data_offsets": [begin, end]}.
func (p parser) entry(dataLen int64) (e Info, err error) {
	if err = p.delim('{'); err != nil {
		return e, err
	}
	var dtype, shape, offsets bool
	once := func(flag *bool, key string) error {
		if *flag {
			return fmt.Errorf("%s is given twice", key)
		}
		*flag = true
		return nil
	}
	for p.d.More() {
		key, err := p.str()
		if err != nil {
			return e, err
		}
		switch key {
		case "dtype":
			if err = once(&dtype, key); err == nil {
				var s string
				s, err = p.str()
				e.DType = DType(s)
			}
		case "shape":
			if err = once(&shape, key); err == nil {
				e.Shape, err = p.shape()
			}
		case "data_offsets":
			if err = once(&offsets, key); err == nil {
				e.begin, e.end, err = p.offsets(dataLen)
			}
		default:
			err = errors.New("unknown key")
		}
		if err != nil {
			return e, fmt.Errorf("%s: %w", clip(key), err)
		}
	}
	if err = p.delim('}'); err != nil {
		return e, err
	}
	if !dtype || !shape || !offsets {
		return e, errors.New("dtype, shape and data_offsets are not all given")
	}
	if e.DType.Size() == 0 {
		return e, fmt.Errorf("unknown dtype %q", clip(string(e.DType)))
	}
	n, err := byteLen(e.DType, e.Shape)
	if err != nil {
		return e, err
	}
	if n != e.Len() {
		return e, fmt.Errorf("%s of shape %v takes %d bytes, data_offsets [%d, %d] hold %d", e.DType, e.Shape, n, e.begin, e.end, e.Len())
	}
	return e, nil
}

func (p parser) shape() ([]int, error) {
	if err := p.delim('['); err != nil {
		return nil, err
	}
	shape := []int{}
	for p.d.More() {
		if len(shape) == maxRank {
			return nil, fmt.Errorf("more than %d axes", maxRank)
		}
		n, err := p.integer(int64(^uint(0) >> 1))
		if err != nil {
			return nil, err
		}
		shape = append(shape, int(n))
	}
	return shape, p.delim(']')
}

func (p parser) offsets(dataLen int64) (begin, end int64, err error) {
	if err = p.delim('['); err != nil {
		return 0, 0, err
	}
	if begin, err = p.integer(dataLen); err != nil {
		return 0, 0, fmt.Errorf("begin: %w", err)
	}
	if end, err = p.integer(dataLen); err != nil {
		return 0, 0, fmt.Errorf("end: %w", err)
	}
	if begin > end {
		return 0, 0, fmt.Errorf("begin %d is after end %d", begin, end)
	}
	return begin, end, p.delim(']')
}
