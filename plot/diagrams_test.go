package plot

import "fmt"

// diagrams are drawings of the kinds that the lessons need.
func diagrams() map[string]*Diagram {
	return map[string]*Diagram{
		"single-layer":    singleLayer(),
		"mlp":             mlp(),
		"forward":         forward(),
		"correlation":     correlation(),
		"padding":         padding(),
		"channels":        channels(),
		"lenet":           lenet(),
		"inception":       inception(),
		"residual":        residual(),
		"rnn":             rnn(),
		"lstm":            lstm(),
		"encoder-decoder": encoderDecoder(),
		"transformer":     transformer(),
		"mask":            mask(),
		"tree":            tree(),
		"gan":             gan(),
		"loop":            loop(),
		"multi-head":      multiHead(),
		"vgg":             vgg(),
	}
}

// singleLayer is linear regression as a network (3.1).
func singleLayer() *Diagram {
	x, o := []*Node{Circle("$x_1$").Tint(Blue), Circle("$x_2$").Tint(Blue), Words("…"), Circle("$x_d$").Tint(Blue)}, Circle("$o_1$").Tint(Orange)
	d := NewDiagram("Linear regression as a network of one layer: inputs x1 to xd, each joined to the one output o1.",
		Row(Column(Words("Output layer").Level(o), Words("Input layer").Level(x[0])).Align(End), Column(o, Row(x...)).Gap(30)).Gap(16))
	for _, n := range x {
		if n.shape == circleShape {
			d.Arrow(n, o)
		}
	}
	return d
}

// mlp has one hidden layer (4.1).
func mlp() *Diagram {
	x, h, o := Nodes(4, "$x_%d$"), Nodes(5, "$h_%d$"), Nodes(3, "$o_%d$")
	net := Column(Row(o...).Tint(Orange), Row(h...).Tint(Green), Row(x...).Tint(Blue)).Gap(34)
	d := NewDiagram("A multilayer perceptron: 4 inputs, a hidden layer of 5 units and 3 outputs, each layer fully joined to the next.",
		Row(Column(Words("Output layer").Level(o[0]), Words("Hidden layer").Level(h[0]), Words("Input layer").Level(x[0])).Align(End), net).Gap(16))
	d.Full(x, h)
	d.Full(h, o)
	return d
}

// forward is the computational graph of 4.7.
func forward() *Diagram {
	v := func(s string) *Node { return Box(s).Size(26, 22) }
	f := func(s string) *Node { return Circle(s).Tint(Blue) }
	x, w1, m1, z, phi, h := v("$\\mathbf{x}$"), v("$\\mathbf{W}^{(1)}$"), f("×"), v("$\\mathbf{z}$"), f("$\\phi$"), v("$\\mathbf{h}$")
	w2, m2, o, l, loss, y := v("$\\mathbf{W}^{(2)}$"), f("×"), v("$\\mathbf{o}$"), f("$l$"), v("$L$"), v("$y$")
	norm, s, add, j := f("$\\ell_2$"), v("$s$"), f("+"), v("$J$").Tint(Orange)
	d := NewDiagram("Computational graph of a network with one hidden layer and weight decay: x and W1 give z, the activation gives h, with W2 the output o; its loss L with the label y and the penalty s of both weights add up to J.",
		Table(10, nil, nil, nil, s, nil, nil, nil, nil, add, j,
			nil, w1, nil, norm, nil, w2, nil, y, nil, nil,
			x, m1, z, phi, h, m2, o, l, loss, nil).Gap(16))
	d.Chain(x, m1, z, phi, h, m2, o, l, loss, add, j)
	d.Chain(w1, norm, s, add)
	d.Chain(w1, m1)
	d.Chain(w2, m2)
	d.Arrow(w2, norm)
	d.Arrow(y, l)
	return d
}

// correlation is the arithmetic of cross-correlation (6.2).
func correlation() *Diagram {
	in := Numbers([]float64{0, 1, 2}, []float64{3, 4, 5}, []float64{6, 7, 8}).Shade(0, 0, 2, 2, Blue)
	k := Numbers([]float64{0, 1}, []float64{2, 3}).Tint(Blue)
	out := Numbers([]float64{19, 25}, []float64{37, 43}).Shade(0, 0, 1, 1, Blue)
	named := func(s string, n *Node) *Node { return Column(Words(s), n).Gap(6) }
	return NewDiagram("Cross-correlation: the upper left 2 x 2 window of a 3 x 3 input with a 2 x 2 kernel gives 0·0 + 1·1 + 3·2 + 4·3 = 19, the first of 2 x 2 outputs.",
		Column(Row(named("Input", in), Words("∗").Font(14), named("Kernel", k), Words("=").Font(14), named("Output", out)).Gap(14),
			Words("$0×0+1×1+3×2+4×3=19$")).Gap(10))
}

// padding adds a border of zeros (6.3).
func padding() *Diagram {
	in := Cells([]string{"0", "0", "0", "0", "0"}, []string{"0", "0", "1", "2", "0"}, []string{"0", "3", "4", "5", "0"}, []string{"0", "6", "7", "8", "0"}, []string{"0", "0", "0", "0", "0"})
	in.Shade(0, 0, 5, 5, Gray).Shade(1, 1, 3, 3, Plain).Frame(0, 0, 2, 2, Blue)
	out := Numbers([]float64{0, 3, 8, 4}, []float64{9, 19, 25, 10}, []float64{21, 37, 43, 16}, []float64{6, 7, 8, 0}).Shade(0, 0, 1, 1, Blue)
	kernel := Numbers([]float64{0, 1}, []float64{2, 3}).Tint(Blue)
	d := NewDiagram("Padding: a 3 x 3 input with a border of zeros and a 2 x 2 kernel give a 4 x 4 output.",
		Row(in, Words("∗").Font(14), kernel, Words("=").Font(14), out).Gap(14))
	d.Brace(Bottom, "input and a border of zeros", in)
	return d
}

func star() *Node  { return Words("∗").Font(14) }
func equal() *Node { return Words("=").Font(14) }

// channels sums over input channels (6.4).
func channels() *Diagram {
	pair := func(a, k, o []float64, t Tint) (in, kernel, out *Node) {
		return Numbers(a[:3], a[3:6], a[6:]).Tint(t), Numbers(k[:2], k[2:]).Tint(t), Numbers(o[:2], o[2:]).Tint(t)
	}
	in1, k1, o1 := pair([]float64{1, 2, 3, 4, 5, 6, 7, 8, 9}, []float64{1, 2, 3, 4}, []float64{37, 47, 67, 77}, Blue)
	in0, k0, o0 := pair([]float64{0, 1, 2, 3, 4, 5, 6, 7, 8}, []float64{0, 1, 2, 3}, []float64{19, 25, 37, 43}, Orange)
	sum, out := Op("+"), Numbers([]float64{56, 72}, []float64{104, 120}).Tint(Green)
	d := NewDiagram("Cross-correlation with two input channels: each channel has its own kernel, and the two results are added.",
		Row(Column(Row(in1, star(), k1, equal(), o1).Gap(10), Row(in0, star(), k0, equal(), o0).Gap(10)).Gap(14), sum, out).Gap(26))
	d.Arrow(o1, sum).Route(Right, Top)
	d.Arrow(o0, sum).Route(Right, Bottom)
	d.Arrow(sum, out)
	return d
}

// lenet is the stack of 6.6.
func lenet() *Diagram {
	nodes := []*Node{
		Sheets("image\n28×28", 1, 48, 48).Tint(Gray),
		Sheets("C1: 6@28×28", 6, 42, 42).Tint(Blue), Sheets("S2: 6@14×14", 6, 24, 24).Tint(Green),
		Sheets("C3: 16@10×10", 12, 18, 18).Tint(Blue), Sheets("S4: 16@5×5", 12, 11, 11).Tint(Green),
		Block("F5: 120", 7, 66, 6).Tint(Orange), Block("F6: 84", 7, 50, 6).Tint(Orange), Block("Output\n10", 7, 22, 6).Tint(Red),
	}
	steps := []string{"conv 5×5\npad 2", "pool 2×2", "conv 5×5", "pool 2×2", "dense", "dense", "dense"}
	d := NewDiagram("Data flow in LeNet: a 28 x 28 image, two pairs of convolution and pooling, three dense layers, 10 outputs.",
		Row(nodes...).Gap(42))
	for i, s := range steps {
		d.Arrow(nodes[i], nodes[i+1]).Words(s)
	}
	return d
}

// inception is the block with four paths of 7.4.
func inception() *Diagram {
	conv := func(s string) *Node { return Box(s).Size(94, 24).Tint(Blue) }
	pool := Box("3×3 max-pool, pad 1").Size(94, 24).Tint(Green)
	cat, in := Box("Concatenation").Size(412, 20).Tint(Orange), Box("Input").Size(412, 20).Tint(Gray)
	a, b1, b2 := conv("1×1 conv"), conv("1×1 conv"), conv("3×3 conv, pad 1")
	c1, c2, e := conv("1×1 conv"), conv("5×5 conv, pad 2"), conv("1×1 conv")
	d := NewDiagram("The Inception block: four parallel paths (1 x 1; 1 x 1 then 3 x 3; 1 x 1 then 5 x 5; pooling then 1 x 1) from the input, concatenated along the channels.",
		Column(cat, Row(Column(a), Column(b2, b1), Column(c2, c1), Column(e, pool)).Gap(12), in))
	for _, path := range [][]*Node{{a}, {b1, b2}, {c1, c2}, {pool, e}} {
		d.Chain(append(append([]*Node{in}, path...), cat)...)
	}
	return d
}

// residual compares a regular block with a residual one (7.6).
func residual() *Diagram {
	block := func() (act, w2, w1 *Node) {
		return Box("Activation").Tint(Green), Box("Weight layer").Tint(Blue), Box("Weight layer").Tint(Blue)
	}
	x1, y1, x2, y2 := Words("$\\mathbf{x}$"), Words(""), Words("$\\mathbf{x}$"), Words("")
	a, b, c := block()
	e, f, g := block()
	mid1, mid2, add := Box("Activation").Tint(Green), Box("Activation").Tint(Green), Op("+")
	inner := Group("", Column(f, mid2, g).Gap(14)).Dashed()
	d := NewDiagram("A regular block, which must learn f(x), and a residual block, which learns g(x) = f(x) - x and adds the input x before the last activation.",
		Row(Words("$f(\\mathbf{x})$").Level(mid1), Column(y1, a, Group("", Column(b, mid1, c).Gap(14)).Dashed(), x1).Gap(16),
			Words("$g(\\mathbf{x})=f(\\mathbf{x})-\\mathbf{x}$").Level(mid2), Column(y2, e, add, inner, x2).Gap(16)).Gap(12).Align(End))
	d.Chain(x1, c, mid1, b, a, y1)
	d.Chain(x2, g, mid2, f, add, e, y2)
	d.Arrow(x2, add).Route(Right, Right).Bend(44).Words("$\\mathbf{x}$")
	return d
}

// rnn is unrolled over three steps (8.4).
func rnn() *Diagram {
	var cols, xs, hs, os []*Node
	for _, t := range []string{"t-1", "t", "t+1"} {
		x, h, o := Circle("$\\mathbf{X}_{"+t+"}$").Tint(Blue).Size(34, 0), Box("$\\mathbf{H}_{"+t+"}$").Tint(Green).Size(52, 26), Circle("$\\mathbf{O}_{"+t+"}$").Tint(Orange).Size(34, 0)
		xs, hs, os, cols = append(xs, x), append(hs, h), append(os, o), append(cols, Column(o, h, x))
	}
	first, last := Words("…"), Words("…")
	d := NewDiagram("A recurrent network at three time steps: the hidden state of each step comes from its input and from the hidden state of the step before, and gives the output.",
		Row(append(append([]*Node{first}, cols...), last)...).Gap(34))
	d.Chain(append(append([]*Node{first}, hs...), last)...)
	for i := range xs {
		d.Chain(xs[i], hs[i], os[i])
	}
	return d
}

// lstm is the memory cell of 9.2.
func lstm() *Diagram {
	gate := func(s, f string) *Node { return Box(s+"\n"+f).Tint(Blue).Size(46, 30) }
	f, i, g, o := gate("$\\mathbf{F}_t$", "$\\sigma$"), gate("$\\mathbf{I}_t$", "$\\sigma$"), gate("$\\tilde{\\mathbf{C}}_t$", "tanh").Tint(Yellow), gate("$\\mathbf{O}_t$", "$\\sigma$")
	keep, write, out, add := Op("×").Tint(Orange), Op("×").Tint(Orange), Op("×").Tint(Orange), Op("+").Tint(Orange)
	tanh := Box("tanh").Tint(Orange).Pad(4)
	c0, c1 := Words("$\\mathbf{C}_{t-1}$").Level(keep), Words("$\\mathbf{C}_t$").Level(add)
	h0, h1, x := Words("$\\mathbf{H}_{t-1}$"), Words("$\\mathbf{H}_t$").Level(out), Words("$\\mathbf{X}_t$")
	bus := Box("").Size(300, 4).Pad(0).Tint(Gray)
	d := NewDiagram("A cell of long short-term memory: the forget gate scales the old memory, the input gate the candidate; their sum is the new memory, whose tanh times the output gate is the hidden state.",
		Column(Row(c0, Group("", Column(
			Table(5, keep, add, nil, nil, nil, nil, write, nil, tanh, out, f, i, g, nil, o).Gap(18), bus).Gap(16)), Column(c1, h1).Gap(24)).Gap(26).Align(Start),
			Row(h0, x).Gap(90)).Gap(16))
	d.Chain(c0, keep, add)
	d.Arrow(add, c1)
	d.Chain(f, keep)
	d.Chain(i, write, add)
	d.Arrow(g, write).Route(Top, Right)
	d.Arrow(add, tanh).Route(Right, Top).Offset(0, 0)
	d.Chain(tanh, out, h1)
	d.Chain(o, out)
	for _, n := range []*Node{f, i, g, o} {
		d.Arrow(bus, n)
	}
	d.Chain(h0, bus)
	d.Chain(x, bus)
	return d
}

// encoderDecoder is the architecture of 9.6.
func encoderDecoder() *Diagram {
	in, enc, state, dec, out := Words("Input"), Box("Encoder").Tint(Blue), Box("State").Tint(Gray).Dashed(), Box("Decoder").Tint(Green), Words("Output")
	d := NewDiagram("Encoder and decoder: the encoder turns the input into a state, the decoder the state into the output.", Row(in, enc, state, dec, out))
	d.Chain(in, enc, state, dec, out)
	return d
}

// transformer is the architecture of 10.7.
func transformer() *Diagram {
	att := func(s string) *Node { return Box(s).Tint(Orange).Size(92, 0) }
	norm := func() *Node { return Box("Add & norm").Tint(Yellow).Size(92, 0) }
	ffn := func() *Node { return Box("Positionwise FFN").Tint(Blue).Size(92, 0) }
	emb := func() *Node { return Box("Embedding").Tint(Red).Size(92, 0) }
	e := []*Node{emb(), Op("+"), att("Multi-head\nattention"), norm(), ffn(), norm()}
	c := []*Node{emb(), Op("+"), att("Masked multi-head\nattention"), norm(), att("Multi-head\nattention"), norm(), ffn(), norm(), Box("FC").Tint(Purple).Size(92, 0)}
	up := func(list []*Node) *Node {
		col := Column().Gap(13)
		for i := range list {
			col.kids = append(col.kids, list[len(list)-1-i])
		}
		return col
	}
	src, tgt, p1, p2 := Words("Sources"), Words("Targets"), Words("Positional\nencoding").Font(8), Words("Positional\nencoding").Font(8)
	d := NewDiagram("The Transformer: n encoder blocks of self-attention and a positionwise network, n decoder blocks of masked self-attention, attention to the encoder's output and a positionwise network; each is followed by add and norm.",
		Row(p1, Column(Group("Encoder ×n", up(e[2:])).Pad(15), e[1], e[0], src).Gap(13), p2,
			Column(c[8], Group("Decoder ×n", up(c[2:8])).Pad(15), c[1], c[0], tgt).Gap(13)).Gap(16).Align(End))
	d.Chain(append([]*Node{src}, e...)...)
	d.Chain(append([]*Node{tgt}, c...)...)
	for _, s := range [][2]*Node{{e[1], e[3]}, {e[3], e[5]}, {c[1], c[3]}, {c[3], c[5]}, {c[5], c[7]}} {
		d.Arrow(s[0], s[1]).Route(Right, Right).Bend(8).Offset(-0.25, 0.25)
	}
	d.Arrow(e[5], c[4]).Route(Right, Left).Offset(-0.25, 0)
	d.Arrow(p1, e[1]).Route(Top, Left)
	d.Arrow(p2, c[1]).Route(Top, Left)
	return d
}

// mask shows which keys a query may see (10.7).
func mask() *Diagram {
	n := Blank(6, 6).Size(16, 16)
	for i := range 6 {
		n.Shade(i, 0, 1, i+1, Blue)
	}
	d := NewDiagram("The mask of a decoder: query i sees the keys up to i.", n)
	d.Brace(Top, "keys", n)
	d.Brace(Left, "queries", n)
	return d
}

// tree is hierarchical softmax over eight words (14.2); the path to the third is marked.
func tree() *Diagram {
	d := NewDiagram("A binary tree with eight words for leaves; a word's probability is the product along its path from the root.", nil)
	var grow func(first, n int) (root, all *Node)
	grow = func(first, n int) (root, all *Node) {
		if n == 1 {
			leaf := Box(fmt.Sprintf("$w_%d$", first)).Tint(Blue).Pad(5)
			return leaf, leaf
		}
		a, left := grow(first, n/2)
		b, right := grow(first+n/2, n/2)
		root = Circle("").Size(14, 14)
		for _, k := range []*Node{a, b} {
			l := d.Line(root, k)
			if start := first + n/2; first <= 3 && 3 < first+n && (k == b) == (3 >= start) {
				l.Tint(Red).Width(2.2)
			}
		}
		return root, Column(root, Row(left, right).Gap(10).Align(Start)).Gap(18)
	}
	_, d.root = grow(1, 8)
	return d
}

// gan is a pair of networks that compete (17.1).
func gan() *Diagram {
	z, gen, fake := Words("noise $\\mathbf{z}$"), Box("Generator $G$").Tint(Green), Box("$G(\\mathbf{z})$").Tint(Gray)
	real, disc, answer := Box("data $\\mathbf{x}$").Tint(Gray), Box("Discriminator $D$").Tint(Orange).Size(0, 40), Words("real or fake?")
	d := NewDiagram("A generative adversarial network: the generator makes data of noise, the discriminator tells them from real data.",
		Row(Column(real, Row(z, gen, fake)).Align(End).Gap(16), disc, answer).Gap(30))
	d.Chain(z, gen, fake)
	d.Arrow(fake, disc).Route(Right, Left).Offset(0, 0.2)
	d.Arrow(real, disc).Route(Right, Left).Offset(0, -0.2)
	d.Arrow(disc, answer)
	return d
}

// loop is a recurrent network folded, beside the picture it reads.
func loop() *Diagram {
	pic, h, o := Picture("input", digit(28, 28, 3), 56, 56), Circle("$\\mathbf{H}$").Tint(Green).Size(34, 0), Box("$\\hat{y}\\in\\{0,1\\}$").Tint(Orange)
	d := NewDiagram("A recurrent network with an arrow from its hidden state to itself reads a picture row by row.", Row(pic, h, o).Gap(40))
	d.Chain(pic, h, o)
	d.Arrow(h, h).Route(Top, Top).Offset(-0.22, 0.22).Curved().Bend(30).Words("$\\mathbf{W}_{hh}$").At(0.5)
	return d
}

// multiHead is attention with several heads (10.5).
func multiHead() *Diagram {
	var ins, fcs []*Node
	for _, s := range []string{"Queries", "Keys", "Values"} {
		ins, fcs = append(ins, Words(s)), append(fcs, Box("FC").Copies(3).Tint(Blue).Size(40, 0))
	}
	att, cat, out := Box("Attention").Copies(3).Tint(Orange).Size(150, 24), Box("Concatenation").Tint(Gray).Size(156, 0), Box("FC").Tint(Blue).Size(156, 0)
	d := NewDiagram("Multi-head attention: queries, keys and values go through dense layers of each head, the heads' attention is concatenated and goes through a last dense layer.",
		Column(out, cat, att, Row(fcs...).Gap(30), Row(ins...).Gap(36)).Gap(18))
	for i := range ins {
		ins[i].InLine(fcs[i])
		d.Chain(ins[i], fcs[i], att)
	}
	d.Chain(att, cat, out)
	d.Brace(Right, "$h$ heads", att, fcs[0], fcs[2])
	return d
}

// vgg is a network of blocks (7.2), written on upright boxes.
func vgg() *Diagram {
	conv := func() *Node { return Box("3×3 conv").Upright().Tint(Blue).Size(20, 78) }
	pool := func() *Node { return Box("2×2 max-pool").Upright().Tint(Green).Size(20, 78) }
	fc := func(s string) *Node { return Box(s).Upright().Tint(Orange).Size(20, 78) }
	all := []*Node{conv(), pool(), conv(), conv(), pool(), fc("FC (4096)"), fc("FC (4096)"), fc("FC (1000)")}
	first, second := Group("", Row(all[:2]...).Gap(14)).Dashed(), Group("", Row(all[2:5]...).Gap(14)).Dashed()
	d := NewDiagram("VGG: blocks of convolutions and one pooling each, and three dense layers.", Row(first, second, Row(all[5:]...).Gap(14)).Gap(22))
	d.Chain(all...)
	d.Brace(Bottom, "VGG block", first)
	d.Brace(Bottom, "VGG block", second)
	return d
}
