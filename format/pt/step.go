package pt

import (
	"errors"
	"fmt"
)

// The instructions that are not told by their letter alone.
const (
	opStop  = '.'
	opProto = 0x80
)

// step runs one instruction.
func (m *machine) step(op byte) error {
	if done, err := m.literal(op); done {
		return err
	}
	switch op {
	case opProto:
		v, err := m.number(1)
		if err == nil && v > 5 {
			err = fmt.Errorf("protocol %d is unknown", v)
		}
		return err
	case 0x95: // a frame: how many bytes follow
		_, err := m.take(8)
		return err
	case '(':
		m.marks = append(m.marks, len(m.stack))
	case '0':
		_, err := m.pop()
		return err
	case '1':
		_, err := m.popMark()
		return err
	case '2':
		v, err := m.top()
		m.push(v)
		return err
	case 'q', 'r', 0x94, 'h', 'j':
		return m.remember(op)
	case 'a', 'e', 's', 'u', 0x90:
		return m.fill(op)
	case 'c', 0x93:
		return m.global(op)
	case 'R':
		return m.reduce()
	case 'b':
		return m.build()
	case 'Q':
		return m.persistent()
	default:
		return fmt.Errorf("instruction %q makes nothing that is read here", op)
	}
	return nil
}

// literal runs the instructions that push one value.
func (m *machine) literal(op byte) (done bool, err error) {
	var v any
	var many []any
	switch op {
	case 'N':
	case 0x88, 0x89:
		v = op == 0x88
	case 'K', 'M', 'J': // 1, 2 and 4 bytes, the last signed
		var n uint64
		n, err = m.number(map[byte]int{'K': 1, 'M': 2, 'J': 4}[op])
		if v = int64(n); op == 'J' {
			v = int64(int32(n))
		}
	case 0x8a:
		v, err = long(m.counted(1))
	case 0x8b:
		v, err = long(m.counted(4))
	case 'G':
		v, err = float(m.take(8))
	case 'X':
		v, err = text(m.counted(4))
	case 0x8c:
		v, err = text(m.counted(1))
	case 0x8d:
		v, err = text(m.counted(8))
	case 'T', 'U': // the strings of Python 2
		v, err = text(m.counted(map[byte]int{'T': 4, 'U': 1}[op]))
	case 'B', 'C', 0x8e:
		var b []byte
		b, err = m.counted(map[byte]int{'B': 4, 'C': 1, 0x8e: 8}[op])
		v = append([]byte{}, b...)
	case '}':
		v = new(Dict)
	case ']', 0x8f:
		v = new(List)
	case ')':
		v = Tuple{}
	case 0x85, 0x86, 0x87:
		many, err = m.popN(int(op - 0x84))
		v = Tuple(many)
	case 't':
		many, err = m.popMark()
		v = Tuple(many)
	case 'l', 0x91:
		many, err = m.popMark()
		v = &List{many}
	case 'd':
		if many, err = m.popMark(); err == nil {
			d := new(Dict)
			v, err = d, put(d, many)
		}
	default:
		return false, nil
	}
	if err == nil {
		m.push(v)
	}
	return true, err
}

// remember runs the instructions of the memo.
func (m *machine) remember(op byte) error {
	if op == 'h' || op == 'j' {
		n, err := m.number(map[byte]int{'h': 1, 'j': 4}[op])
		v, ok := m.memo[uint32(n)]
		if err == nil && !ok {
			err = fmt.Errorf("nothing was remembered as %d", n)
		}
		m.push(v)
		return err
	}
	n := uint64(len(m.memo))
	v, err := m.top()
	if err == nil && op != 0x94 {
		n, err = m.number(map[byte]int{'q': 1, 'r': 4}[op])
	}
	if err == nil {
		m.memo[uint32(n)] = v
	}
	return err
}

// fill puts values into the list or dict below them.
func (m *machine) fill(op byte) error {
	var vs []any
	var err error
	switch op {
	case 'a':
		vs, err = m.popN(1)
	case 's':
		vs, err = m.popN(2)
	default:
		vs, err = m.popMark()
	}
	if err != nil {
		return err
	}
	into, err := m.top()
	if err != nil {
		return err
	}
	pairs := op == 's' || op == 'u'
	switch c := into.(type) {
	case *List:
		if !pairs {
			c.Items = append(c.Items, vs...)
			return nil
		}
	case *Dict:
		if pairs {
			return put(c, vs)
		}
	}
	return fmt.Errorf("values are put into a %s", kindOf(into))
}

func put(d *Dict, pairs []any) error {
	if len(pairs)%2 != 0 {
		return errors.New("a key without a value")
	}
	for i := 0; i < len(pairs); i += 2 {
		if err := d.set(pairs[i], pairs[i+1]); err != nil {
			return err
		}
	}
	return nil
}
