package rng

// Philox4x32 is the counter-based generator Philox4x32-10 (Salmon and others,
// "Parallel random numbers: as easy as 1, 2, 3", 2011): four random words for a
// counter and a key. It has no state, so any element of a stream can be
// computed alone, on any thread, in any order.
func Philox4x32(counter [4]uint32, key [2]uint32) [4]uint32 {
	c0, c1, c2, c3 := counter[0], counter[1], counter[2], counter[3]
	k0, k1 := key[0], key[1]
	for range 10 {
		a := uint64(c0) * 0xd2511f53
		b := uint64(c2) * 0xcd9e8d57
		c0, c1, c2, c3 = uint32(b>>32)^c1^k0, uint32(b), uint32(a>>32)^c3^k1, uint32(a)
		k0 += 0x9e3779b9
		k1 += 0xbb67ae85
	}
	return [4]uint32{c0, c1, c2, c3}
}

// Philox is a stream of Philox4x32, chosen by its key.
type Philox uint64

// Block returns words 4*i ... 4*i+3 of the stream.
func (p Philox) Block(i uint64) [4]uint32 {
	return Philox4x32([4]uint32{uint32(i), uint32(i >> 32)}, [2]uint32{uint32(p), uint32(p >> 32)})
}

// Uint32 returns word i of the stream.
func (p Philox) Uint32(i uint64) uint32 { return p.Block(i / 4)[i%4] }

// Float32 returns number i of the stream as a uniform number in [0, 1), a
// multiple of 2^-24.
func (p Philox) Float32(i uint64) float32 { return unit(p.Uint32(i)) }

// FillUniform fills dst with the uniform numbers first, first+1, ... of the stream.
func (p Philox) FillUniform(dst []float32, first uint64) {
	for i := 0; i < len(dst); {
		b := p.Block((first + uint64(i)) / 4)
		for j := (first + uint64(i)) % 4; j < 4 && i < len(dst); j++ {
			dst[i] = unit(b[j])
			i++
		}
	}
}

func unit(w uint32) float32 { return float32(w>>8) * (1.0 / (1 << 24)) }
