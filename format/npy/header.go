package npy

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/fathom-ml/fathom/tensor/elem"
)

// readHeader reads what stands before the elements.
func readHeader(r *elem.Reader) (h header, err error) {
	var b [8]byte
	if err := r.Full(b[:]); err != nil {
		return h, fmt.Errorf("beginning: %w", err)
	}
	if string(b[:6]) != magic {
		return h, errors.New("not an .npy file: it does not begin with \\x93NUMPY")
	}
	size := make([]byte, 2, 4)
	switch {
	case b[7] != 0 || b[6] < 1 || b[6] > 3:
		return h, fmt.Errorf("version %d.%d is unknown", b[6], b[7])
	case b[6] > 1:
		size = size[:4]
	}
	if err := r.Full(size); err != nil {
		return h, fmt.Errorf("header length: %w", err)
	}
	n := binary.LittleEndian.Uint32(size[:4]) // the upper half is zero in version 1
	if n > maxHeader {
		return h, fmt.Errorf("the header claims %d bytes, more than %d", n, maxHeader)
	}
	text, err := r.Bytes(int64(n))
	if err != nil {
		return h, fmt.Errorf("header: %w", err)
	}
	if h, err = parse(string(text)); err != nil {
		return h, fmt.Errorf("header: %w", err)
	}
	return h, nil
}

// parse reads the dict of a header. The keys may come in any order, each once.
func parse(text string) (h header, err error) {
	p := &parser{s: text}
	if err := p.expect('{'); err != nil {
		return h, err
	}
	var seen [3]bool
	for !p.accept('}') {
		key, err := p.str()
		if err != nil {
			return h, err
		}
		if err := p.expect(':'); err != nil {
			return h, err
		}
		k := 0
		switch key {
		case "descr":
			k, err = 0, p.descr(&h)
		case "fortran_order":
			k = 1
			h.fortran, err = p.boolean()
		case "shape":
			k = 2
			h.shape, err = p.tuple()
		default:
			return h, fmt.Errorf("unknown key %q", clip(key))
		}
		if err == nil && seen[k] {
			err = errors.New("given twice")
		}
		if err != nil {
			return h, fmt.Errorf("%s: %w", key, err)
		}
		seen[k] = true
		if !p.accept(',') {
			if err := p.expect('}'); err != nil {
				return h, err
			}
			break
		}
	}
	if p.blank(); p.s != "" {
		return h, fmt.Errorf("%q after the closing brace", clip(p.s))
	}
	if seen != [3]bool{true, true, true} {
		return h, errors.New("descr, fortran_order and shape are not all given")
	}
	_, err = elem.Len(h.elem.Size(), h.shape)
	return h, err
}

// clip shortens text for a message.
func clip(s string) string {
	if len(s) <= 40 {
		return s
	}
	return s[:37] + "..."
}

// parser takes tokens off the front of s.
type parser struct{ s string }

func (p *parser) blank() { p.s = strings.TrimLeft(p.s, " \t\r\n") }

func (p *parser) accept(c byte) bool {
	p.blank()
	if p.s == "" || p.s[0] != c {
		return false
	}
	p.s = p.s[1:]
	return true
}

func (p *parser) expect(c byte) error {
	if p.accept(c) {
		return nil
	}
	if p.s == "" {
		return fmt.Errorf("it ends where %q was expected", c)
	}
	return fmt.Errorf("%q where %q was expected", clip(p.s), c)
}

// str takes a string without escapes in single or double quotes.
func (p *parser) str() (string, error) {
	p.blank()
	if p.s == "" || p.s[0] != '\'' && p.s[0] != '"' {
		return "", fmt.Errorf("%q where a string was expected", clip(p.s))
	}
	s, rest, ok := strings.Cut(p.s[1:], p.s[:1])
	if !ok || strings.ContainsAny(s, "\\\n") {
		return "", fmt.Errorf("%q is no plain string", clip(p.s))
	}
	p.s = rest
	return s, nil
}

// word takes letters and digits.
func (p *parser) word() string {
	p.blank()
	n := 0
	for n < len(p.s) && (p.s[n]|0x20 >= 'a' && p.s[n]|0x20 <= 'z' || p.s[n] >= '0' && p.s[n] <= '9') {
		n++
	}
	w := p.s[:n]
	p.s = p.s[n:]
	return w
}

func (p *parser) boolean() (bool, error) {
	switch w := p.word(); w {
	case "True":
		return true, nil
	case "False":
		return false, nil
	default:
		return false, fmt.Errorf("%q where True or False was expected", clip(w+p.s))
	}
}

// tuple takes (), (2,) or (2, 3). Python 2 wrote its long integers with an L.
func (p *parser) tuple() ([]int, error) {
	if err := p.expect('('); err != nil {
		return nil, err
	}
	shape := []int{}
	for comma := true; !p.accept(')'); {
		if !comma {
			return nil, fmt.Errorf("%q where a comma was expected", clip(p.s))
		}
		if len(shape) == elem.MaxRank {
			return nil, fmt.Errorf("more than %d axes", elem.MaxRank)
		}
		w := p.word()
		n, err := strconv.ParseInt(strings.TrimSuffix(w, "L"), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%q where a length was expected", clip(w+p.s))
		}
		shape = append(shape, int(n))
		if comma = p.accept(','); !comma && len(shape) == 1 && strings.HasPrefix(p.s, ")") {
			return nil, errors.New("a number in parentheses is no tuple")
		}
	}
	return shape, nil
}

func (p *parser) descr(h *header) error {
	if p.blank(); strings.HasPrefix(p.s, "[") || strings.HasPrefix(p.s, "(") || strings.HasPrefix(p.s, "{") {
		return errors.New("arrays of records have no tensor: save their fields one by one")
	}
	s, err := p.str()
	if err != nil {
		return err
	}
	h.descr, h.order = s, binary.LittleEndian
	var ok bool
	if len(s) > 1 {
		h.elem, ok = descrs[s[1:]]
	}
	switch {
	case strings.HasPrefix(s, "|O") || s == "O":
		return errors.New("arrays of Python objects are pickled programs and are not read")
	case !ok:
		return fmt.Errorf("no tensor holds the type %q", clip(s))
	case h.elem == elem.U64:
		return errors.New("uint64 fits no dtype of tensors: save it as int64")
	case s[0] == '>':
		h.order = binary.BigEndian
	case s[0] != '<' && (s[0] != '|' || h.elem.Size() > 1):
		return fmt.Errorf("the type %q has no byte order", clip(s))
	}
	return nil
}
