// Package rng holds the library's random number generators: the Mersenne
// Twister with the exact rules of the book's framework, so that the numbers
// printed in the book come out again; Philox, a generator without state, for
// masks that must not depend on the number of threads; and the three streams
// that a process draws from.
package rng

import (
	"encoding/binary"
	"errors"
	"math"
)

const (
	mtLen   = 624
	mtShift = 397
)

// MT is MT19937, the 32-bit Mersenne Twister (Matsumoto and Nishimura, 1998)
// with its standard initialisation. It is not safe for concurrent use; [Stream]
// is. All numbers drawn from it depend only on the seed and on the order of the
// calls.
type MT struct {
	state [mtLen]uint32
	next  int // index of the next word; mtLen when the state is used up
}

// NewMT returns a generator that starts at the beginning of the stream of seed.
func NewMT(seed uint32) *MT {
	m := new(MT)
	m.Seed(seed)
	return m
}

// Seed puts m at the beginning of the stream of seed.
func (m *MT) Seed(seed uint32) {
	m.state[0] = seed
	for i := uint32(1); i < mtLen; i++ {
		p := m.state[i-1]
		m.state[i] = 1812433253*(p^p>>30) + i
	}
	m.next = mtLen
}

// SeedWords puts m at the beginning of the stream of a key of several words.
func (m *MT) SeedWords(key ...uint32) {
	m.Seed(19650218)
	s := &m.state
	i, j := uint32(1), 0
	step := func() {
		if i++; i == mtLen {
			s[0], i = s[mtLen-1], 1
		}
	}
	for range max(mtLen, len(key)) {
		s[i] = (s[i] ^ (s[i-1]^s[i-1]>>30)*1664525) + key[j] + uint32(j)
		step()
		if j++; j == len(key) {
			j = 0
		}
	}
	for range mtLen - 1 {
		s[i] = (s[i] ^ (s[i-1]^s[i-1]>>30)*1566083941) - i
		step()
	}
	s[0] = 1 << 31
}

// refill computes the next 624 words of the state.
func (m *MT) refill() {
	s := &m.state
	mix := func(i, next, far int) {
		y := s[i]&(1<<31) | s[next]&(1<<31-1)
		s[i] = s[far] ^ y>>1 ^ -(y&1)&0x9908b0df
	}
	for i := range mtLen - mtShift {
		mix(i, i+1, i+mtShift)
	}
	for i := mtLen - mtShift; i < mtLen-1; i++ {
		mix(i, i+1, i+mtShift-mtLen)
	}
	mix(mtLen-1, 0, mtShift-1)
	m.next = 0
}

// Uint32 returns the next output of the generator.
func (m *MT) Uint32() uint32 {
	if m.next == mtLen {
		m.refill()
	}
	y := m.state[m.next]
	m.next++
	y ^= y >> 11
	y ^= y << 7 & 0x9d2c5680
	y ^= y << 15 & 0xefc60000
	return y ^ y>>18
}

// Uint64 returns two outputs, the low word first.
func (m *MT) Uint64() uint64 {
	lo := uint64(m.Uint32())
	return lo | uint64(m.Uint32())<<32
}

// Float32 returns a uniform number in [0, 1): one output, rounded to float32,
// divided by 2^32; if that is 1, the largest number below 1.
func (m *MT) Float32() float32 {
	return min(float32(m.Uint32())*(1.0/(1<<32)), 1-1.0/(1<<24))
}

// Float64 returns a uniform number in [0, 1) made of two outputs, the low word
// first: (lo + hi*2^32) / 2^64.
func (m *MT) Float64() float64 {
	lo := float64(m.Uint32())
	hi := float64(m.Uint32())
	return min((lo+hi*(1<<32))*(1.0/(1<<64)), 1-1.0/(1<<53))
}

// Intn returns a uniform integer in [0, n). With s = floor((2^32-1)/n) it draws
// outputs r until r < s*n and returns floor(r/s). From 2^32 on it does the same
// with pairs of outputs. It panics if n <= 0.
func (m *MT) Intn(n int) int {
	if n <= 0 {
		panic("rng: Intn of a number below 1")
	}
	if uint64(n) <= math.MaxUint32 {
		scale := math.MaxUint32 / uint32(n)
		for {
			if r := m.Uint32(); r < scale*uint32(n) {
				return int(r / scale)
			}
		}
	}
	scale := math.MaxUint64 / uint64(n)
	for {
		if r := m.Uint64(); r < scale*uint64(n) {
			return int(r / scale)
		}
	}
}

// Shuffle permutes n elements: for i from n-1 down to 1 it swaps i with a
// uniform j in [0, i].
func (m *MT) Shuffle(n int, swap func(i, j int)) {
	for i := n - 1; i > 0; i-- {
		swap(i, m.Intn(i+1))
	}
}

// Perm returns a random permutation of 0 ... n-1.
func (m *MT) Perm(n int) []int {
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	m.Shuffle(n, func(i, j int) { p[i], p[j] = p[j], p[i] })
	return p
}

const mtBytes = 4*mtLen + 2

// AppendBinary appends the state of m to b; its length is always the same.
func (m *MT) AppendBinary(b []byte) ([]byte, error) {
	for _, w := range m.state {
		b = binary.LittleEndian.AppendUint32(b, w)
	}
	return binary.LittleEndian.AppendUint16(b, uint16(m.next)), nil
}

// MarshalBinary returns the state of m.
func (m *MT) MarshalBinary() ([]byte, error) { return m.AppendBinary(nil) }

// UnmarshalBinary sets the state of m; on an error m is unchanged.
func (m *MT) UnmarshalBinary(b []byte) error {
	if len(b) != mtBytes {
		return errors.New("rng: state of a Mersenne Twister has the wrong length")
	}
	next := int(binary.LittleEndian.Uint16(b[4*mtLen:]))
	if next > mtLen {
		return errors.New("rng: state of a Mersenne Twister is damaged")
	}
	for i := range m.state {
		m.state[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	m.next = next
	return nil
}
