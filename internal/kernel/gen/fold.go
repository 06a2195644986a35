package main

import (
	"math"
	"strconv"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// foldKernels writes the routines of package fold.
func foldKernels() {
	for _, w := range widths {
		for _, r := range []reduction{
			{name: "Sum", fold: foldSum},
			{name: "Max", start: 0xff800000, fold: foldMax},
			{name: "Min", start: infBits, fold: foldMin},
		} {
			r.lines(w)
			r.columns(w)
		}
		for _, s := range wideSources {
			s.lines(w)
			s.columns(w)
		}
	}
}

// lines folds rows of float32, each in 64 running results, and those into acc. Sums go on in float64 after every eight
// rounds.
func (r reduction) lines(w width) {
	f := begin(w, "lines"+r.name, "func(rows, n, stride int, acc *float64, x *float32)", "is linesNarrow.")
	rows, stride, acc, x := f.arg("rows"), f.arg("stride"), f.arg("acc"), f.arg("x")
	count := f.arg("n")
	f.tail(count)
	f.hold(r.start)
	p, n, rounds := GP64(), GP64(), GP64()
	sum := r.start == 0
	var long regs // 16 doubles
	for range 32 / f.lanes {
		if sum {
			long = append(long, f.reg())
		}
	}
	run := make(regs, sumLanes/f.lanes)
	for u := range run {
		run[u] = f.reg()
	}
	start := func() {
		for _, v := range run {
			if sum {
				f.wipe(v)
			} else {
				VMOVAPS(f.bits(r.start), v)
			}
		}
	}
	flush := func() { // 64 numbers to 16, and these to long
		for h := len(run) / 2; h*f.lanes >= 16; h /= 2 {
			for u := range h {
				r.fold(f, run[u+h], run[u])
			}
		}
		for u := range 16 / f.lanes {
			for h := range 2 {
				d := f.reg()
				r.double(f, run[u], d, h)
				VADDPD(d, long[2*u+h], long[2*u+h])
			}
		}
	}
	CMPQ(count, U32(f.lanes))
	JLT(LabelRef(f.label("short")))
	Label(f.label("row"))
	MOVQ(x, p)
	MOVQ(count, n)
	start()
	for _, v := range long {
		f.wipe(v)
	}
	take := func(u, disp int) {
		v := f.load(p, disp)
		if f.masked && r.start != 0 {
			v = f.neutral(v, f.bits(r.start))
		}
		r.fold(f, v, run[u])
	}
	advance := func(vectors int) {
		ADDQ(U32(vectors*f.bytes()), p)
		SUBQ(U32(vectors*f.lanes), n)
	}
	CMPQ(n, U32(sumLanes))
	JLT(LabelRef(f.label("rest0")))
	Label(f.label("rounds"))
	if sum {
		MOVQ(U32(8), rounds)
	}
	Label(f.label("loop"))
	for u := range run {
		if u*f.bytes()%64 == 0 {
			PREFETCHT0(Mem{Base: p, Disp: ahead + u*f.bytes()})
		}
		take(u, u)
	}
	advance(len(run))
	if sum {
		DECQ(rounds)
		JZ(LabelRef(f.label("flush")))
	}
	CMPQ(n, U32(sumLanes))
	JGE(LabelRef(f.label("loop")))
	if sum {
		JMP(LabelRef(f.label("rest0")))
		Label(f.label("flush"))
		flush()
		start()
		CMPQ(n, U32(sumLanes))
		JGE(LabelRef(f.label("rounds")))
	}
	for u := range run { // whole vector u goes to running result u
		last := f.label("last" + strconv.Itoa(u))
		Label(f.label("rest" + strconv.Itoa(u)))
		CMPQ(n, U32(f.lanes))
		JLT(LabelRef(last))
		take(u, 0)
		advance(1)
	}
	JMP(LabelRef(f.label("fold")))
	for u := range run { // and so does the masked one
		Label(f.label("last" + strconv.Itoa(u)))
		TESTQ(n, n)
		JZ(LabelRef(f.label("fold")))
		f.masked = true
		take(u, 0)
		f.masked = false
		if u < len(run)-1 {
			JMP(LabelRef(f.label("fold")))
		}
	}
	Label(f.label("fold"))
	if sum {
		flush()
		one := f.halveWide(long, vaddpd)
		VADDSD(Mem{Base: acc}, one, one)
		VMOVSD(one, Mem{Base: acc})
	} else {
		one := f.halve(run, r.fold)
		VCVTSS2SD(one, one, one)
		old := XMM()
		VMOVSD(Mem{Base: acc}, old)
		r.limit(f, one, old)
		VMOVSD(old, Mem{Base: acc})
	}
	ADDQ(U32(8), acc)
	ADDQ(stride, x)
	DECQ(rows)
	JNZ(LabelRef(f.label("row")))
	VZEROUPPER()
	RET()
	Label(f.label("short")) // rows of less than a vector
	f.masked = true
	v := f.load(x, 0)
	f.masked = false
	if sum {
		var d regs
		for h := range 2 {
			d = append(d, f.reg())
			r.double(f, v, d[h], h)
		}
		one := f.halveWide(d, vaddpd)
		VADDSD(Mem{Base: acc}, one, one)
		VMOVSD(one, Mem{Base: acc})
	} else {
		if r.start != 0 {
			f.masked = true
			v = f.neutral(v, f.bits(r.start))
			f.masked = false
		}
		one := f.halve(regs{v}, r.fold)
		VCVTSS2SD(one, one, one)
		old := XMM()
		VMOVSD(Mem{Base: acc}, old)
		r.limit(f, one, old)
		VMOVSD(old, Mem{Base: acc})
	}
	ADDQ(U32(8), acc)
	ADDQ(stride, x)
	DECQ(rows)
	JNZ(LabelRef(f.label("short")))
	f.end()
}

// halveWide folds running results of eight bytes by halves, down to the lowest lane of a register.
func (f *fn) halveWide(run regs, add func(a, acc Op)) reg.VecVirtual {
	for h := len(run) / 2; h > 0; h /= 2 {
		for u := range h {
			add(run[u+h], run[u])
		}
	}
	y := YMM()
	VMOVAPS(run[0].AsY(), y)
	if f.wide {
		high := YMM()
		VEXTRACTF64X4(Imm(1), run[0], high)
		add(high, y)
	}
	v, high := XMM(), XMM()
	if f.wide {
		VEXTRACTF32X4(Imm(1), y, high)
	} else {
		VEXTRACTF128(Imm(1), y, high)
	}
	VMOVAPS(y.AsX(), v)
	add(high, v)
	high = XMM()
	VMOVHLPS(v, v, high)
	add(high, v)
	return v
}

// ahead is how many bytes before their use numbers are asked for: the processor's own prefetching ends with each page.
const ahead = 1024

// limit sets the doubles of old to the larger or smaller of v and old, a NaN if either is.
func (r reduction) limit(f *fn, v, old reg.VecVirtual) {
	m := v
	if r.name == "Max" {
		VMAXPD(old, v, old)
	} else {
		VMINPD(old, v, old)
	}
	if f.wide {
		VCMPPD(Imm(unord), m, m, reg.K2)
		VMOVAPD(v, reg.K2, old)
		return
	}
	c := like(v)
	VCMPPD(Imm(unord), m, m, c)
	VBLENDVPD(c, v, old, old)
}

// tail makes the mask of n modulo the lanes.
func (f *fn) tail(n reg.GPVirtual) {
	r := GP64()
	MOVQ(n, r)
	ANDQ(U32(f.lanes-1), r)
	f.tailMask(r)
}

// wipe sets v to 0.
func (f *fn) wipe(v reg.VecVirtual) {
	if f.wide {
		VPXORD(v, v, v)
	} else {
		VXORPS(v, v, v)
	}
}

// halve folds running results by halves, down to the lowest lane of a register.
func (f *fn) halve(acc regs, fold func(f *fn, a, acc reg.VecVirtual)) reg.VecVirtual {
	for h := len(acc) / 2; h > 0; h /= 2 {
		for u := range h {
			fold(f, acc[u+h], acc[u])
		}
	}
	low := YMM()
	VMOVAPS(acc[0].AsY(), low)
	if f.wide {
		high := YMM()
		VEXTRACTF64X4(Imm(1), acc[0], high)
		fold(f, high, low)
	}
	x, high := XMM(), XMM()
	if f.wide {
		VEXTRACTF32X4(Imm(1), low, high)
	} else {
		VEXTRACTF128(Imm(1), low, high)
	}
	VMOVAPS(low.AsX(), x)
	fold(f, high, x)
	high = XMM()
	VMOVHLPS(x, x, high)
	fold(f, high, x)
	high = XMM()
	VMOVSHDUP(x, high)
	fold(f, high, x)
	return x
}

// columns folds rows of float32 into a row of float64, eight rows at a time in pairs of pairs, then single ones. It writes
// whole vectors of results.
func (r reduction) columns(w width) {
	f := begin(w, "columns"+r.name, "func(rows, n, stride int, acc *float64, x *float32)", "is columns"+r.name+".")
	count, stride, x := f.arg("n"), f.arg("stride"), f.arg("x")
	f.tail(count)
	left := f.arg("rows")
	p, q, acc, n := GP64(), GP64(), GP64(), GP64()
	pNext, qNext := GP64(), GP64() // of the eight rows after these, which are asked for ahead
	stride3 := GP64()
	LEAQ(Mem{Base: stride, Index: stride, Scale: 2}, stride3)
	pass := func(tag string, rows int) {
		vector := func() {
			var v []reg.VecVirtual
			for i := range rows {
				m := Mem{Base: p}
				if i >= 4 {
					m.Base = q
				}
				switch i % 4 {
				case 1:
					m.Index, m.Scale = stride, 1
				case 2:
					m.Index, m.Scale = stride, 2
				case 3:
					m.Index, m.Scale = stride3, 1
				}
				if rows == 8 {
					next := m
					next.Base = map[reg.Register]reg.Register{p: pNext, q: qNext}[m.Base]
					PREFETCHT0(next)
				}
				v = append(v, f.from(m))
				for k := i; k%2 == 1; k /= 2 { // a full pair is folded at once
					r.fold(f, v[len(v)-1], v[len(v)-2])
					v = v[:len(v)-1]
				}
			}
			for h := range 2 {
				d, half := f.reg(), v[0]
				r.double(f, half, d, h)
				m := Mem{Base: acc, Disp: h * f.bytes()}
				if r.start == 0 {
					VADDPD(m, d, d)
				} else {
					old := f.reg()
					VMOVUPD(m, old)
					r.limit(f, d, old)
					d = old
				}
				VMOVUPD(d, m)
			}
			ADDQ(U32(f.bytes()), p)
			if rows > 4 {
				ADDQ(U32(f.bytes()), q)
				ADDQ(U32(f.bytes()), pNext)
				ADDQ(U32(f.bytes()), qNext)
			}
			ADDQ(U32(2*f.bytes()), acc)
		}
		MOVQ(x, p)
		if rows > 4 {
			LEAQ(Mem{Base: x, Index: stride, Scale: 4}, q)
			LEAQ(Mem{Base: x, Index: stride, Scale: 8}, pNext)
			LEAQ(Mem{Base: q, Index: stride, Scale: 8}, qNext)
		}
		Load(Param("acc"), acc)
		MOVQ(count, n)
		SUBQ(U32(f.lanes), n)
		JLT(LabelRef(f.label(tag + "Tail")))
		Label(f.label(tag + "Loop"))
		vector()
		SUBQ(U32(f.lanes), n)
		JGE(LabelRef(f.label(tag + "Loop")))
		Label(f.label(tag + "Tail"))
		ADDQ(U32(f.lanes), n)
		JZ(LabelRef(f.label(tag + "Done")))
		f.masked = true
		vector()
		f.masked = false
		Label(f.label(tag + "Done"))
	}
	SUBQ(U32(8), left)
	JLT(LabelRef(f.label("few")))
	Label(f.label("eight"))
	pass("many", 8)
	LEAQ(Mem{Base: x, Index: stride, Scale: 8}, x)
	SUBQ(U32(8), left)
	JGE(LabelRef(f.label("eight")))
	Label(f.label("few"))
	ADDQ(U32(8), left)
	JZ(LabelRef(f.label("end")))
	Label(f.label("single"))
	pass("one", 1)
	ADDQ(stride, x)
	DECQ(left)
	JNZ(LabelRef(f.label("single")))
	Label(f.label("end"))
	f.end()
}

// from reads a vector of float32 at m.
func (f *fn) from(m Mem) reg.VecVirtual {
	v := f.reg()
	switch {
	case !f.masked:
		VMOVUPS(m, v)
	case f.wide:
		VMOVUPS_Z(m, reg.K1, v)
	default:
		VMASKMOVPS(m, f.mask, v)
	}
	return v
}

// double sets d to half h of v as float64.
func (r reduction) double(f *fn, v, d reg.VecVirtual, h int) {
	if f.wide {
		low := YMM()
		if h == 0 {
			VMOVAPS(v.AsY(), low)
		} else {
			VEXTRACTF64X4(Imm(1), v, low)
		}
		VCVTPS2PD(low, d)
		return
	}
	low := XMM()
	if h == 0 {
		VMOVAPS(v.AsX(), low)
	} else {
		VEXTRACTF128(Imm(1), v, low)
	}
	VCVTPS2PD(low, d)
}

// A wideSource is an element type that is folded in lanes of eight bytes.
type wideSource struct {
	name, elem, acc string
	size            int
	widen           func(m, d Op)
	add             func(a, acc Op)
}

func vaddpd(a, acc Op) { VADDPD(a, acc, acc) }
func vmulpd(a, acc Op) { VMULPD(a, acc, acc) }
func vpaddq(a, acc Op) { VPADDQ(a, acc, acc) }

var wideSources = []wideSource{
	{"Prod32", "float32", "float64", 4, func(m, d Op) { VCVTPS2PD(m, d) }, vmulpd},
	{"Sum64", "float64", "float64", 8, func(m, d Op) { VMOVUPD(m, d) }, vaddpd},
	{"Prod64", "float64", "float64", 8, func(m, d Op) { VMOVUPD(m, d) }, vmulpd},
	{"SumInt64", "int64", "int64", 8, func(m, d Op) { VMOVUPD(m, d) }, vpaddq},
	{"SumInt32", "int32", "int64", 4, func(m, d Op) { VPMOVSXDQ(m, d) }, vpaddq},
	{"SumUint8", "uint8", "int64", 1, func(m, d Op) { VPMOVZXBQ(m, d) }, vpaddq},
}

// wideLanes is the number of running results of a row.
const wideLanes = 32

// lines folds rows whose length is a multiple of eight, each in 32 running results, into acc.
func (s wideSource) lines(w width) {
	f := begin(w, "lines"+s.name, "func(rows, n, stride int, acc *"+s.acc+", x *"+s.elem+")", "is linesWide.")
	rows, stride, acc, x, count := f.arg("rows"), f.arg("stride"), f.arg("acc"), f.arg("x"), f.arg("n")
	lanes := f.lanes / 2
	p, n := GP64(), GP64()
	one := f.reg()
	if s.prod() {
		VBROADCASTSD(wideOne(), one)
	} else {
		f.wipe(one)
	}
	Label(f.label("row"))
	MOVQ(x, p)
	MOVQ(count, n)
	run := make(regs, wideLanes/lanes)
	for u := range run {
		run[u] = f.reg()
		VMOVAPS(one, run[u])
	}
	take := func(u, i int) {
		m := Mem{Base: p, Disp: i * lanes * s.size}
		if s.size == 8 {
			s.add(m, run[u])
			return
		}
		v := f.reg()
		s.widen(m, v)
		s.add(v, run[u])
	}
	per := 8 / lanes // vectors of eight elements
	SUBQ(U32(wideLanes), n)
	JLT(LabelRef(f.label("rest")))
	Label(f.label("loop"))
	for u := range run {
		if u*lanes*s.size%64 == 0 {
			PREFETCHT0(Mem{Base: p, Disp: ahead + u*lanes*s.size})
		}
		take(u, u)
	}
	ADDQ(U32(wideLanes*s.size), p)
	SUBQ(U32(wideLanes), n)
	JGE(LabelRef(f.label("loop")))
	Label(f.label("rest"))
	for e := range 3 { // eight elements of what is left at a time
		CMPQ(n, I32(int32(8*(e+1)-wideLanes)))
		JLT(LabelRef(f.label("fold")))
		for i := range per {
			take(e*per+i, e*per+i)
		}
	}
	Label(f.label("fold"))
	v := f.halveWide(run, s.add)
	old := XMM()
	VMOVSD(Mem{Base: acc}, old)
	s.add(old, v)
	VMOVSD(v, Mem{Base: acc})
	ADDQ(U32(8), acc)
	ADDQ(stride, x)
	DECQ(rows)
	JNZ(LabelRef(f.label("row")))
	f.end()
}

func (s wideSource) prod() bool { return s.name[0] == 'P' }

// wideOne is 1 as a float64.
func wideOne() Mem {
	m, ok := constData["one64"]
	if !ok {
		m = GLOBL("one64", RODATA|NOPTR)
		DATA(0, U64(math.Float64bits(1)))
		constData["one64"] = m
	}
	return m
}

// columns folds rows, whose length is a multiple of eight, into a row of results: four rows at a time in pairs, then
// single ones.
func (s wideSource) columns(w width) {
	f := begin(w, "columns"+s.name, "func(rows, n, stride int, acc *"+s.acc+", x *"+s.elem+")", "is columnsWide.")
	left, count, stride, x := f.arg("rows"), f.arg("n"), f.arg("stride"), f.arg("x")
	lanes := f.lanes / 2
	stride3 := GP64()
	LEAQ(Mem{Base: stride, Index: stride, Scale: 2}, stride3)
	p, acc, n := GP64(), GP64(), GP64()
	pass := func(tag string, rows int) {
		MOVQ(x, p)
		Load(Param("acc"), acc)
		MOVQ(count, n)
		Label(f.label(tag + "Loop"))
		for u := range 8 / lanes {
			var v []reg.VecVirtual
			for i := range rows {
				m := Mem{Base: p, Disp: u * lanes * s.size}
				switch i {
				case 1:
					m.Index, m.Scale = stride, 1
				case 2:
					m.Index, m.Scale = stride, 2
				case 3:
					m.Index, m.Scale = stride3, 1
				}
				d := f.reg()
				s.widen(m, d)
				v = append(v, d)
				for k := i; k%2 == 1; k /= 2 {
					s.add(v[len(v)-1], v[len(v)-2])
					v = v[:len(v)-1]
				}
			}
			m := Mem{Base: acc, Disp: u * f.bytes()}
			s.add(m, v[0])
			VMOVUPD(v[0], m)
		}
		ADDQ(U32(8*s.size), p)
		ADDQ(U32(64), acc)
		SUBQ(U32(8), n)
		JG(LabelRef(f.label(tag + "Loop")))
	}
	SUBQ(U32(4), left)
	JLT(LabelRef(f.label("few")))
	Label(f.label("four"))
	pass("many", 4)
	LEAQ(Mem{Base: x, Index: stride, Scale: 4}, x)
	SUBQ(U32(4), left)
	JGE(LabelRef(f.label("four")))
	Label(f.label("few"))
	ADDQ(U32(4), left)
	JZ(LabelRef(f.label("end")))
	Label(f.label("single"))
	pass("one", 1)
	ADDQ(stride, x)
	DECQ(left)
	JNZ(LabelRef(f.label("single")))
	Label(f.label("end"))
	f.end()
}
