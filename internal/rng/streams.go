package rng

import (
	"encoding/binary"
	"errors"
	"sync"
)

// Global holds the streams of this process. They start at seed 0.
var Global = NewStreams(0)

// Streams are the three random streams that follow from one seed. None of them
// touches another.
type Streams struct {
	// Default is the book's stream: creation of tensors, initialisers, shuffles
	// and draws made by the user. With a seed below 2^32 it is the Mersenne
	// Twister of that seed.
	Default Stream
	// Loader is the stream of the data loaders' shuffles.
	Loader Stream
	// Layer gives out keys for the masks of layers (dropout and the like).
	Layer Keys
}

// NewStreams returns the streams of seed.
func NewStreams(seed uint64) *Streams {
	s := new(Streams)
	s.Seed(seed)
	return s
}

// Seed puts all three streams at their beginning.
func (s *Streams) Seed(seed uint64) {
	s.Default.With(func(m *MT) {
		if seed>>32 == 0 {
			m.Seed(uint32(seed))
		} else {
			m.SeedWords(uint32(seed), uint32(seed>>32))
		}
	})
	s.Loader.With(func(m *MT) { m.SeedWords(uint32(seed), uint32(seed>>32), 1) })
	s.Layer.seed(mix64(seed + 0x9e3779b97f4a7c15))
}

const streamsVersion = 1

// MarshalBinary returns the state of all three streams, as checkpoints keep it.
func (s *Streams) MarshalBinary() (b []byte, err error) {
	b = append(b, streamsVersion)
	for _, t := range []*Stream{&s.Default, &s.Loader} {
		t.With(func(m *MT) { b, err = m.AppendBinary(b) })
	}
	s.Layer.mu.Lock()
	defer s.Layer.mu.Unlock()
	b = binary.LittleEndian.AppendUint64(b, s.Layer.base)
	return binary.LittleEndian.AppendUint64(b, s.Layer.next), err
}

// UnmarshalBinary sets the state of all three streams; on an error none has
// changed.
func (s *Streams) UnmarshalBinary(b []byte) error {
	if len(b) != 1+2*mtBytes+16 || b[0] != streamsVersion {
		return errors.New("rng: not the state of random streams")
	}
	b = b[1:]
	var def, load MT
	if err := def.UnmarshalBinary(b[:mtBytes]); err != nil {
		return err
	}
	if err := load.UnmarshalBinary(b[mtBytes : 2*mtBytes]); err != nil {
		return err
	}
	s.Default.With(func(m *MT) { *m = def })
	s.Loader.With(func(m *MT) { *m = load })
	s.Layer.mu.Lock()
	defer s.Layer.mu.Unlock()
	s.Layer.base = binary.LittleEndian.Uint64(b[2*mtBytes:])
	s.Layer.next = binary.LittleEndian.Uint64(b[2*mtBytes+8:])
	return nil
}

// Stream is an MT behind a mutex. Each call draws its numbers in one go, so
// calls from several goroutines never mix within one result.
type Stream struct {
	mu sync.Mutex
	mt MT
}

// NewStream returns a stream of its own that starts at the beginning of seed.
func NewStream(seed uint32) *Stream {
	s := new(Stream)
	s.mt.Seed(seed)
	return s
}

// SplitStreams returns n streams that follow from a key: stream i is that of [Split](key, i).
func SplitStreams(key uint64, n int) []*Stream {
	out := make([]*Stream, n)
	for i := range out {
		k := Split(key, uint64(i))
		out[i] = new(Stream)
		out[i].mt.SeedWords(uint32(k), uint32(k>>32), 2)
	}
	return out
}

// With runs f on the generator, alone; f must not use s.
func (s *Stream) With(f func(m *MT)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.mt)
}

// FillUniform fills dst with numbers of U(a, b); see [MT.FillUniform].
func (s *Stream) FillUniform(dst []float32, a, b float32) {
	s.With(func(m *MT) { m.FillUniform(dst, a, b) })
}

// FillNormal fills dst with numbers of N(mu, sigma^2); see [MT.FillNormal].
func (s *Stream) FillNormal(dst []float32, mu, sigma float32) {
	s.With(func(m *MT) { m.FillNormal(dst, mu, sigma) })
}

// Float32 returns a uniform number in [0, 1).
func (s *Stream) Float32() (u float32) {
	s.With(func(m *MT) { u = m.Float32() })
	return u
}

// Intn returns a uniform integer in [0, n); it panics if n <= 0.
func (s *Stream) Intn(n int) (i int) {
	s.With(func(m *MT) { i = m.Intn(n) })
	return i
}

// Perm returns a random permutation of 0 ... n-1.
func (s *Stream) Perm(n int) (p []int) {
	s.With(func(m *MT) { p = m.Perm(n) })
	return p
}

// Shuffle permutes n elements; swap must not use s.
func (s *Stream) Shuffle(n int, swap func(i, j int)) {
	s.With(func(m *MT) { m.Shuffle(n, swap) })
}

// Keys gives out keys for [Philox], one after the other.
type Keys struct {
	mu         sync.Mutex
	base, next uint64
}

// NewKeys returns a sequence of keys of its own.
func NewKeys(seed uint64) *Keys {
	k := new(Keys)
	k.seed(mix64(seed + 0x9e3779b97f4a7c15))
	return k
}

func (k *Keys) seed(base uint64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.base, k.next = base, 0
}

// NextKey returns a key that no earlier call since the last seed has returned.
func (k *Keys) NextKey() uint64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.next++
	return Split(k.base, k.next)
}

// Split derives key number i from a key, for a layer that needs several or for
// one key per layer. Different i of one key give different keys.
func Split(key, i uint64) uint64 { return mix64(key + i*0x9e3779b97f4a7c15) }

// mix64 is the output function of SplitMix64 (Steele, Lea and Flood, 2014): a
// bijection in which every bit of the result depends on every bit of x.
func mix64(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
