package pt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"unicode/utf8"
)

// machine runs a pickle. Its stack and its memo grow by one value an instruction at most, so that they are bounded by the bytes of the pickle.
type machine struct {
	code    []byte
	at      int // of the next byte
	stack   []any
	marks   []int // heights of the stack
	memo    map[uint32]any
	archive *archive

	storages map[string]*storage
	views    map[string]any // tensors by storage, place and shape
	taken    int64          // bytes of the tensors
}

var errEmpty = errors.New("the stack is empty")

// run runs the program to its end.
func (m *machine) run() (any, error) {
	for {
		op, err := m.take(1)
		if err != nil {
			return nil, err
		}
		if op[0] == opStop {
			v, err := m.pop()
			if err == nil && (len(m.stack) > 0 || m.at != len(m.code)) {
				err = errors.New("something is left behind the end")
			}
			if g, ok := v.(global); err == nil && ok {
				err = fmt.Errorf("the object is %s itself", g)
			}
			return v, err
		}
		if err := m.step(op[0]); err != nil {
			return nil, err
		}
	}
}

// take reads n bytes of the program.
func (m *machine) take(n int) ([]byte, error) {
	if n < 0 || n > len(m.code)-m.at {
		return nil, fmt.Errorf("%d bytes where %d are left: %w", n, len(m.code)-m.at, io.ErrUnexpectedEOF)
	}
	b := m.code[m.at : m.at+n]
	m.at += n
	return b, nil
}

// number reads a little-endian number of n bytes.
func (m *machine) number(n int) (uint64, error) {
	b, err := m.take(n)
	if err != nil {
		return 0, err
	}
	var full [8]byte
	copy(full[:], b)
	return binary.LittleEndian.Uint64(full[:]), nil
}

// counted reads as many bytes as a number of n bytes says.
func (m *machine) counted(n int) ([]byte, error) {
	k, err := m.number(n)
	if err != nil {
		return nil, err
	}
	if k > uint64(len(m.code)) {
		return nil, fmt.Errorf("%d bytes where %d are left: %w", k, len(m.code)-m.at, io.ErrUnexpectedEOF)
	}
	return m.take(int(k))
}

// line reads up to the end of a line.
func (m *machine) line() (string, error) {
	n := bytes.IndexByte(m.code[m.at:], '\n')
	if n < 0 || n > 1<<10 {
		return "", errors.New("a line without an end")
	}
	b, err := m.take(n + 1)
	return string(b[:n]), err
}

func (m *machine) push(v any) { m.stack = append(m.stack, v) }

// floor is the height below which no value may be taken.
func (m *machine) floor() int {
	if n := len(m.marks); n > 0 {
		return m.marks[n-1]
	}
	return 0
}

func (m *machine) pop() (any, error) {
	n := len(m.stack)
	if n <= m.floor() {
		return nil, errEmpty
	}
	v := m.stack[n-1]
	m.stack = m.stack[:n-1]
	return v, nil
}

func (m *machine) top() (any, error) {
	if n := len(m.stack); n > m.floor() {
		return m.stack[n-1], nil
	}
	return nil, errEmpty
}

// popN takes the last n values.
func (m *machine) popN(n int) ([]any, error) {
	k := len(m.stack) - n
	if k < m.floor() {
		return nil, errEmpty
	}
	vs := append([]any(nil), m.stack[k:]...)
	m.stack = m.stack[:k]
	return vs, nil
}

// popMark takes the values above the last mark.
func (m *machine) popMark() ([]any, error) {
	n := len(m.marks)
	if n == 0 {
		return nil, errors.New("no mark is set")
	}
	vs, err := m.popN(len(m.stack) - m.marks[n-1])
	m.marks = m.marks[:n-1]
	return vs, err
}

// text is a string of the program.
func text(b []byte, err error) (any, error) {
	if err == nil && !utf8.Valid(b) {
		err = errors.New("a string that is not UTF-8")
	}
	return string(b), err
}

// long is a two's complement number of any length.
func long(b []byte, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	if len(b) > 8 {
		return nil, fmt.Errorf("an int of %d bytes fits no int64", len(b))
	}
	var v int64
	for i, x := range b {
		v |= int64(x) << (8 * i)
	}
	if n := len(b); n > 0 && n < 8 && b[n-1] >= 0x80 {
		v -= 1 << (8 * n)
	}
	return v, nil
}

func float(b []byte, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return math.Float64frombits(binary.BigEndian.Uint64(b)), nil
}
