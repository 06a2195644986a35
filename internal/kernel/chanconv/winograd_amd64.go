//go:build amd64 && !noasm

package chanconv

import "github.com/fathom-ml/fathom/internal/pool"

// Winograd's convolution (Lavin and Gray, Fast Algorithms for Convolutional Neural Networks,
// 2016) makes tiles of 3 by 3 outputs of windows of 3 by 3: patches of 5 by 5 of x and the
// weights are transformed, multiplied number by number, which for many channels is 25 matrix
// products, and transformed back. It takes 25 of 81 multiplications.
//
// Its rounding errors are two to three times those of sums of products in the mean, and four times
// at the largest: up to 7e-7 and 4.5e-6 of the root mean square of the result, see TestWinogradError.
// An infinity or NaN in x spreads over the tiles that it meets. Tiles of 4 by 4
// were no faster on the shapes of ResNet-18, and their errors are twice as large.
const (
	patch  = 5             // side of a patch
	tile   = 3             // side of its outputs
	places = patch * patch // products of a patch
)

// winograd says whether the tiles fit well: not on images so small that most of them would lie
// outside, nor with so few patches that transforming the weights is the larger part.
func (s *Shape) winograd() bool {
	if s.KH != 3 || s.KW != 3 || s.StrideH != 1 || s.StrideW != 1 || s.DilationH != 1 || s.DilationW != 1 {
		return false
	}
	if s.Groups != 1 || s.CI < 16 || s.CO < 16 || s.PadH > 2 || s.PadW > 2 || s.N < pool.Workers() {
		return false
	}
	h, w := s.tiles()
	alive := meetings(s.OH, s.H, s.PadH) * meetings(s.OW, s.W, s.PadW)
	return float64(h*w*places) < 0.45*float64(alive) && 2*s.N*h*w >= max(64, min(s.CI, s.CO))
}

// meetings is how often one of three taps falls on a line of n numbers, over out outputs.
func meetings(out, n, pad int) int {
	sum := 0
	for t := range 3 {
		sum += max(0, min(out, n+pad-t)-max(0, pad-t))
	}
	return sum
}

// tiles is the number of tiles down and across.
func (s *Shape) tiles() (h, w int) { return (s.OH + tile - 1) / tile, (s.OW + tile - 1) / tile }

// rowsAtOnce is about how many patches of c channels, and of how many images, a worker takes
// through all steps, so that they stay in the second-level cache.
func (s *Shape) rowsAtOnce(c, least int) (rows, images int) {
	const cache = 600 << 10
	rows = max(least, min(cache/(4*places*c), 256))
	h, w := s.tiles()
	return rows, min(s.N, max(rows/(h*w), 4))
}

// A square cutter finds the pixels of tiles of images, [pixel][image] in a mesh.
type cutter struct {
	*mesh
	h, w       int
	padH, padW int
	side       int       // of the squares, which lie a tile apart
	outside    []float32 // some pixels outside of the images
	b, ty, tx  int       // which square the pointers show
}

// cut returns a cutter for squares of the given side.
func (m *mesh) cut(h, w, padH, padW, side int) *cutter {
	return &cutter{m, h, w, padH, padW, side, make([]float32, (w+2*patch)*m.n*m.wide), -1, -1, -1}
}

// at sets p to the pixels of the square at row ty and column tx of the tiles, and
// returns how many bytes after p they lie: squares inside of the images share p.
func (c *cutter) at(p *[places]*float32, b, ty, tx int) (shift int) {
	show := tx
	if x := tx*tile - c.padW; x >= 0 && x+c.side <= c.w {
		show = (c.padW + tile - 1) / tile // the first of the row that is inside
		shift = 4 * (tx - show) * tile * c.n * c.wide
	}
	if c.b == b && c.ty == ty && c.tx == show {
		return shift
	}
	c.b, c.ty, c.tx = b, ty, show
	y, x := ty*tile-c.padH, show*tile-c.padW
	i := 0
	for r := y; r < y+c.side; r++ {
		for q := x; q < x+c.side; q++ {
			p[i] = &c.outside[0]
			if r >= 0 && r < c.h && q >= 0 && q < c.w {
				p[i] = &c.rows(b, (r*c.w+q)*c.n)[0]
			}
			i++
		}
	}
	return shift
}

// A patchwork is a mesh of transformed patches: [place][patch][image], with places an odd number
// of rows apart, so that they do not fall on the same lines of a cache.
type patchwork struct {
	mesh
	pitch int
}

// patchworkOf returns a patchwork in buf with count patches of each image.
func (k *kernels) patchworkOf(buf *[]float32, n, c, count int) patchwork {
	pitch := n*count | 1
	return patchwork{k.meshOf(buf, 1, c, places*pitch), pitch}
}

// pointers sets p to the places of block b.
func (m *patchwork) pointers(p *[places]*float32, b int) {
	for i := range p {
		p[i] = &m.rows(b, i*m.pitch)[0]
	}
}

// A sandwich transforms n vectors of patches; see stubs_amd64.go.
type sandwich = func(n int, in **float32, shiftIn int, out **float32, shiftOut int, tmp *float32)

// pointers is those that a sandwich takes, and its room.
type pointers struct {
	in, out [places]*float32
	tmp     [places * 16]float32
}

// vectorsAtOnce is how many vectors one call of a sandwich does: it cannot be preempted.
const vectorsAtOnce = 256

// apply runs f over n vectors of lanes numbers, which lie some bytes after the pointers.
func (p *pointers) apply(f sandwich, n, lanes, shiftIn, shiftOut int) {
	for i := 0; i < n; i += vectorsAtOnce {
		f(min(n-i, vectorsAtOnce), &p.in[0], shiftIn+4*i*lanes, &p.out[0], shiftOut+4*i*lanes, &p.tmp[0])
	}
}

// transformed sets u to the weights w transformed; turned around if turn is set.
func (u *packed) transformed(w *packed, turn bool) {
	pool.For(u.blocks()*u.k, 64, func(lo, hi int) {
		var p pointers
		for lo < hi {
			b, q := lo/u.k, lo%u.k
			n, l := min(hi-lo, u.k-q), u.lanesOf(b)
			for i := range 9 {
				j := i
				if turn {
					j = 8 - i
				}
				p.in[i] = &w.at(b, j)[q*l]
			}
			for i := range places {
				p.out[i] = &u.at(b, i)[q*l]
			}
			p.apply(u.patchW, n*l/u.lanes, u.lanes, 0, 0)
			lo += n
		}
	})
}

// folded sets w to the gradient of weights whose transforms have the gradient u.
func (u *packed) folded(w *packed) {
	pool.For(u.blocks()*u.k, 64, func(lo, hi int) {
		var p pointers
		for lo < hi {
			b, q := lo/u.k, lo%u.k
			n, l := min(hi-lo, u.k-q), u.lanesOf(b)
			for i := range places {
				p.in[i] = &u.at(b, i)[q*l]
			}
			for i := range 9 {
				p.out[i] = &w.at(b, i)[q*l]
			}
			p.apply(u.patchDW, n*l/u.lanes, u.lanes, 0, 0)
			lo += n
		}
	})
}
