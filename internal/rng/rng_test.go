package rng

import (
	"math"
	"reflect"
	"slices"
	"sync"
	"testing"
)

// The numbers printed in the book, to the last digit.
var (
	bookNormals = []float32{
		2.2122064, 1.1630787, 0.7740038, 0.4838046, 1.0434405, 0.29956347, 1.1839255, 0.15302546,
		1.8917114, -1.1688148, -1.2347414, 1.5580711, -1.771029, -0.5459446, -0.45138445, -2.3556297,
	}
	bookUniforms = []float32{
		0.5488135, 0.5928446, 0.71518934, 0.84426576, 0.60276335, 0.8579456, 0.5448832, 0.8472517,
	}
)

func TestReferenceOutputs(t *testing.T) {
	// From the reference program of the generator's authors.
	m := NewMT(5489)
	if got := m.Uint32(); got != 3499211612 {
		t.Errorf("first output of seed 5489: %d", got)
	}
	for range 9998 {
		m.Uint32()
	}
	if got := m.Uint32(); got != 4123659995 {
		t.Errorf("output 10000 of seed 5489: %d", got)
	}
	m.SeedWords(0x123, 0x234, 0x345, 0x456)
	want := []uint32{1067595299, 955945823, 477289528, 4107218783, 4228976476}
	for i, w := range want {
		if got := m.Uint32(); got != w {
			t.Errorf("output %d of the array seed: %d, want %d", i, got, w)
		}
	}
}

func TestBookNormals(t *testing.T) {
	got := make([]float32, 16)
	NewMT(0).FillNormal(got, 0, 1)
	if !slices.Equal(got, bookNormals) {
		t.Errorf("got %v\nwant %v", got, bookNormals)
	}
	wide := make([]float64, 16)
	NewMT(0).FillNormal64(wide, 0, 1)
	for i, w := range wide {
		if w != float64(got[i]) {
			t.Errorf("number %d: %v is not %v", i, w, got[i])
		}
	}
}

func TestNormalPairsStayInsideACall(t *testing.T) {
	m := NewMT(0)
	var a, b [1]float32
	m.FillNormal(a[:], 0, 1)
	m.FillNormal(b[:], 10, 2)
	if a[0] != bookNormals[0] || b[0] != 2*bookNormals[2]+10 {
		t.Error(a, b)
	}
	m.Seed(0)
	wide := make([]float64, 3)
	m.FillNormal64(wide, 0, 1)
	m.FillNormal(a[:], 0, 1)
	if wide[2] != float64(bookNormals[2]) || a[0] != bookNormals[4] {
		t.Error(wide, a)
	}
}

func TestBookUniforms(t *testing.T) {
	got := make([]float32, 8)
	NewMT(0).FillUniform(got, 0, 1)
	if !slices.Equal(got, bookUniforms) {
		t.Errorf("got %v", got)
	}
	wide := make([]float64, 8)
	NewMT(0).FillUniform64(wide, -1, 3)
	for i, w := range wide {
		if w != float64(bookUniforms[i]*4-1) {
			t.Errorf("number %d: %v", i, w)
		}
	}
}

func TestUniformStaysBelowOne(t *testing.T) {
	m := new(MT)
	m.next = 0
	for i := range m.state {
		m.state[i] = untemper(math.MaxUint32)
	}
	if u := m.Float32(); u != math.Nextafter32(1, 0) {
		t.Errorf("Float32 of the largest output: %v", u)
	}
	if u := m.Float64(); u != math.Nextafter(1, 0) {
		t.Errorf("Float64 of the largest outputs: %v", u)
	}
	// rejection: the largest output is never taken when 2^32-1 is not s*n
	m.state[m.next+1] = 0
	if i := m.Intn(7); i != 0 { // a zero word is an output of zero
		t.Errorf("Intn did not reject: %d", i)
	}
}

// untemper returns the word of the state whose output is y.
func untemper(y uint32) uint32 {
	y ^= y >> 18
	y ^= y << 15 & 0xefc60000
	x := y
	for range 5 {
		x = y ^ x<<7&0x9d2c5680
	}
	y = x
	for range 3 {
		x = y ^ x>>11
	}
	return x
}

func TestBookMultinomial(t *testing.T) {
	m := NewMT(0)
	die := make([]float64, 6)
	for i := range die {
		die[i] = 1.0 / 6
	}
	draw := func(n, rows int) []int64 {
		dst := make([]int64, 6*rows)
		m.Multinomial(dst, n, die)
		return dst
	}
	for _, c := range []struct {
		n, rows int
		want    []int64
	}{
		{1, 1, []int64{0, 0, 0, 1, 0, 0}},
		{10, 1, []int64{1, 1, 5, 1, 1, 1}},
		{1000, 1, []int64{162, 149, 178, 170, 166, 175}},
		{10, 500, []int64{1, 3, 3, 1, 0, 2}},
	} {
		if got := draw(c.n, c.rows); !slices.Equal(got[:6], c.want) {
			t.Errorf("%d throws: %v, want %v", c.n, got[:6], c.want)
		}
	}
}

func TestMultinomialEdges(t *testing.T) {
	m := NewMT(0)
	dst := make([]int64, 4)
	m.Multinomial(dst, 1000, []float64{0, 1 - 1e-3, 0, 0})
	if !slices.Equal(dst, []int64{0, 1000, 0, 0}) {
		t.Error("a category without probability was drawn:", dst)
	}
	m.Seed(0)
	m.Multinomial(dst[:2], 3, []float64{0.5, 0.5})
	want := NewMT(0)
	for range 10 { // two outputs for each of 3 + 2 numbers
		want.Uint32()
	}
	if m.Uint32() != want.Uint32() {
		t.Error("a call does not use n*rows + k numbers")
	}
}

func TestLogf(t *testing.T) {
	worst := 0.0
	for bits := math.Float32bits(1e-14); bits <= math.Float32bits(1); bits += 997 {
		x := math.Float32frombits(bits)
		want := math.Log(float64(x))
		ulp := float64(math.Nextafter32(float32(want), float32(math.Inf(-1)))) - float64(float32(want))
		worst = max(worst, math.Abs((float64(logf(x))-want)/ulp))
	}
	if !(worst < 1) {
		t.Errorf("worst error %.3f ulp", worst)
	}
	if logf(1) != 0 {
		t.Error("ln 1 is", logf(1))
	}
}

func TestShuffleRule(t *testing.T) {
	m, n := NewMT(7), 10
	want := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
	for i := n - 1; i > 0; i-- {
		scale := uint32(math.MaxUint32) / uint32(i+1)
		r := m.Uint32()
		for r >= scale*uint32(i+1) {
			r = m.Uint32()
		}
		j := r / scale
		want[i], want[j] = want[j], want[i]
	}
	if got := NewMT(7).Perm(n); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestIntn(t *testing.T) {
	m := NewMT(1)
	for _, n := range []int{1, 2, 3, 10, 1 << 31, math.MaxUint32, 1 << 40, math.MaxInt} {
		for range 100 {
			if i := m.Intn(n); i < 0 || i >= n {
				t.Fatalf("Intn(%d) = %d", n, i)
			}
		}
	}
	count := [5]int{}
	for range 10000 {
		count[m.Intn(5)]++
	}
	for k, c := range count {
		if c < 1800 || c > 2200 {
			t.Errorf("%d came %d times of 10000", k, c)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("Intn(0) did not panic")
		}
	}()
	m.Intn(0)
}

// The known answers of the Random123 library.
func TestPhiloxKnownAnswers(t *testing.T) {
	const f = math.MaxUint32
	for _, c := range []struct {
		counter [4]uint32
		key     [2]uint32
		want    [4]uint32
	}{
		{want: [4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{[4]uint32{f, f, f, f}, [2]uint32{f, f}, [4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
		{[4]uint32{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, [2]uint32{0xa4093822, 0x299f31d0},
			[4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
	} {
		if got := Philox4x32(c.counter, c.key); got != c.want {
			t.Errorf("%x %x: %x, want %x", c.counter, c.key, got, c.want)
		}
	}
}

func TestPhiloxAnywhere(t *testing.T) {
	p := Philox(42)
	all := make([]float32, 103)
	p.FillUniform(all, 0)
	for i, u := range all {
		if u != p.Float32(uint64(i)) || u < 0 || u >= 1 {
			t.Fatalf("number %d: %v", i, u)
		}
	}
	part := make([]float32, 50)
	p.FillUniform(part, 17)
	if !slices.Equal(part, all[17:67]) {
		t.Error("a part of the stream differs from the whole")
	}
	if Philox(43).Uint32(0) == p.Uint32(0) {
		t.Error("two keys, one stream")
	}
}

func TestStreamsFromOneSeed(t *testing.T) {
	s := NewStreams(0)
	first := s.Default.Float32()
	if first != bookUniforms[0] {
		t.Error("seed 0 is not the book's stream:", first)
	}
	perm, key := s.Loader.Perm(20), s.Layer.NextKey()
	if again := s.Layer.NextKey(); again == key {
		t.Error("one key twice")
	}
	s.Seed(0)
	if s.Layer.NextKey() != key || !slices.Equal(s.Loader.Perm(20), perm) || s.Default.Float32() != first {
		t.Error("Seed does not reset all three streams")
	}
	for _, seed := range []uint64{1, 1 << 32, 1<<32 + 1} {
		s.Seed(seed)
		if s.Layer.NextKey() == key || slices.Equal(s.Loader.Perm(20), perm) || s.Default.Float32() == first {
			t.Errorf("seed %d repeats seed 0", seed)
		}
	}
}

func TestStreamsMarshal(t *testing.T) {
	s := NewStreams(3)
	next := func(s *Streams) []any {
		x := make([]float32, 5)
		s.Default.FillNormal(x, 0, 1)
		u := make([]float32, 2)
		s.Default.FillUniform(u, 2, 3)
		return []any{x, u, s.Loader.Perm(9), s.Loader.Intn(100), s.Layer.NextKey()}
	}
	next(s)
	saved, err := s.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	want := next(s)
	u := NewStreams(99)
	if err := u.UnmarshalBinary(saved); err != nil {
		t.Fatal(err)
	}
	if got := next(u); !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	bad := slices.Clone(saved)
	bad[1+4*mtLen+1] = 0xff
	for _, b := range [][]byte{nil, saved[1:], append([]byte{9}, saved[1:]...), bad} {
		if u.UnmarshalBinary(b) == nil {
			t.Errorf("%d damaged bytes were taken", len(b))
		}
	}
	m := NewMT(5)
	m.Uint32()
	state, _ := m.MarshalBinary()
	var n MT
	if err := n.UnmarshalBinary(state); err != nil || n.Uint32() != m.Uint32() {
		t.Error("a generator does not come back:", err)
	}
}

func TestStreamFromManyGoroutines(t *testing.T) {
	s := NewStream(0)
	rows := make([][]float32, 8)
	var wg sync.WaitGroup
	for i := range rows {
		rows[i] = make([]float32, 100)
		wg.Go(func() { s.FillUniform(rows[i], 0, 1) })
	}
	wg.Wait()
	all := make([]float32, 800)
	NewMT(0).FillUniform(all, 0, 1)
	for _, r := range rows {
		i := slices.Index(all, r[0])
		if i%100 != 0 || !slices.Equal(r, all[i:i+100]) {
			t.Error("two calls mixed their numbers")
		}
	}
	x := []int{1, 2, 3}
	s.Shuffle(3, func(i, j int) { x[i], x[j] = x[j], x[i] })
	if slices.Sort(x); !slices.Equal(x, []int{1, 2, 3}) {
		t.Error(x)
	}
}

func TestSplit(t *testing.T) {
	seen := map[uint64]bool{}
	k := NewKeys(1)
	for range 100 {
		key := k.NextKey()
		for i := range uint64(100) {
			seen[Split(key, i)] = true
		}
	}
	if len(seen) != 10000 {
		t.Errorf("%d different keys of 10000", len(seen))
	}
}

func BenchmarkFillNormal(b *testing.B) {
	m, x := NewMT(0), make([]float32, 1<<16)
	b.SetBytes(4 << 16)
	for b.Loop() {
		m.FillNormal(x, 0, 1)
	}
}

func BenchmarkFillUniform(b *testing.B) {
	m, x := NewMT(0), make([]float32, 1<<16)
	b.SetBytes(4 << 16)
	for b.Loop() {
		m.FillUniform(x, 0, 1)
	}
}

func BenchmarkPhilox(b *testing.B) {
	x := make([]float32, 1<<16)
	b.SetBytes(4 << 16)
	for b.Loop() {
		Philox(1).FillUniform(x, 0)
	}
}
