package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// cellKernels writes the routines of package recur: for each cell one step of one
// sequence, and its gradient.
func cellKernels() {
	for _, w := range widths {
		for _, relu := range []bool{false, true} {
			simpleCell(w, relu)
			simpleGrad(w, relu)
		}
		gruCell(w)
		gruGrad(w)
		gruGates(w)
		gruGatesGrad(w)
		gruState(w)
		gruStateGrad(w)
		lstmCell(w)
		lstmGrad(w)
	}
}

// lane is the state of a routine over the n hidden units of one sequence. Of an operand with
// several gates the unit's numbers lie stride bytes apart.
type lane struct {
	*fn
	stride, stride3 reg.GPVirtual
	ptrs            map[string]reg.GPVirtual
}

// cell writes a routine: body does one vector of units. Parameters are the names of pointers;
// holds are called before the loop.
func cell(w width, name, doc, params string, names []string, hold []func(*fn), gates bool, body func(l *lane)) {
	sig := "func(n int, " + params + " *float32)"
	if gates {
		sig = "func(n, stride int, " + params + " *float32)"
	}
	f := begin(w, name, sig, doc)
	l := &lane{fn: f, ptrs: map[string]reg.GPVirtual{}}
	f.n = f.arg("n")
	if gates {
		l.stride, l.stride3 = f.arg("stride"), GP64()
		LEAQ(Mem{Base: l.stride, Index: l.stride, Scale: 2}, l.stride3)
	}
	var ptrs []reg.GPVirtual
	for _, p := range names {
		l.ptrs[p] = f.arg(p)
		ptrs = append(ptrs, l.ptrs[p])
	}
	for _, h := range hold {
		h(f)
	}
	f.each(1, ptrs, func(int) { body(l) })
	f.end()
}

// at is where gate k of the operand p lies.
func (l *lane) at(p string, k int) Mem {
	m := Mem{Base: l.ptrs[p]}
	switch k {
	case 1, 2:
		m.Index, m.Scale = l.stride, uint8(k)
	case 3:
		m.Index, m.Scale = l.stride3, 1
	}
	return m
}

// get reads gate k of p.
func (l *lane) get(p string, k int) reg.VecVirtual {
	v, m := l.reg(), l.at(p, k)
	switch {
	case !l.masked:
		VMOVUPS(m, v)
	case l.wide:
		VMOVUPS_Z(m, reg.K1, v)
	default:
		VMASKMOVPS(m, l.mask, v)
	}
	return v
}

// put writes gate k of p.
func (l *lane) put(v reg.VecVirtual, p string, k int) {
	m := l.at(p, k)
	switch {
	case !l.masked:
		VMOVUPS(v, m)
	case l.wide:
		VMOVUPS(v, reg.K1, m)
	default:
		VMASKMOVPS(v, l.mask, m)
	}
}

// ahead asks for the next sequence's gates of p, which lie behind this one's and were written long ago. It
// pays where the weights stay in the second-level cache beside them: not for the LSTM.
func (l *lane) ahead(p string, gates int) {
	next := GP64()
	if gates == 3 {
		LEAQ(Mem{Base: l.ptrs[p], Index: l.stride3, Scale: 1}, next)
	} else {
		LEAQ(Mem{Base: l.ptrs[p], Index: l.stride, Scale: uint8(gates)}, next)
	}
	for k := range gates {
		m := l.at(p, k)
		m.Base = next
		PREFETCHT0(m)
	}
}

// sum is gate k of a plus gate k of b.
func (l *lane) sum(a string, k int, b string, j int) reg.VecVirtual {
	v := l.get(a, k)
	VADDPS(l.get(b, j), v, v)
	return v
}

// mul and sub are a*b and a-b in fresh registers.
func (l *lane) mul(a, b reg.VecVirtual) reg.VecVirtual { r := l.reg(); VMULPS(b, a, r); return r }
func (l *lane) sub(a, b reg.VecVirtual) reg.VecVirtual { r := l.reg(); VSUBPS(b, a, r); return r }

// fma adds a*b to c.
func (l *lane) fma(c, a, b reg.VecVirtual) { VFMADD231PS(a, b, c) }

// oneMinus is 1 - a.
func (l *lane) oneMinus(a reg.VecVirtual) reg.VecVirtual { return l.sub(l.one(), a) }

// one holds ones.
func (l *lane) one() reg.VecVirtual { return l.kr(1) }

func holdOne(f *fn) { f.hold(0x3f800000) }

// ofSigmoid is d*y*(1-y), ofTanh is d*(1-y*y).
func (l *lane) ofSigmoid(d, y reg.VecVirtual) reg.VecVirtual {
	r := l.mul(d, y)
	VMULPS(l.oneMinus(y), r, r)
	return r
}

func (l *lane) ofTanh(d, y reg.VecVirtual) reg.VecVirtual {
	r := l.oneMinus(l.mul(y, y))
	VMULPS(d, r, r)
	return r
}

func simpleCell(w width, relu bool) {
	if relu {
		cell(w, "relu", "sets y = max(0, p + z).", "y, p, z", []string{"y", "p", "z"}, []func(*fn){func(f *fn) { f.hold(0) }}, false, func(l *lane) {
			v := l.sum("p", 0, "z", 0)
			VMAXPS(v, l.kr(0), v)
			l.put(v, "y", 0)
		})
		return
	}
	cell(w, "tanh", "sets y = tanh(p + z).", "y, p, z", []string{"y", "p", "z"}, []func(*fn){holdTanh}, false, func(l *lane) {
		l.put(l.tanh(l.sum("p", 0, "z", 0)), "y", 0)
	})
}

func simpleGrad(w width, relu bool) {
	names, params := []string{"dp", "dy", "dh", "y"}, "dp, dy, dh, y"
	if relu {
		cell(w, "reluGrad", "sets dp = dy + dh where y > 0, else 0.", params, names, []func(*fn){func(f *fn) { f.hold(0) }}, false, func(l *lane) {
			d := l.sum("dy", 0, "dh", 0)
			l.keep(gt, l.get("y", 0), l.kr(0), d)
			l.put(d, "dp", 0)
		})
		return
	}
	cell(w, "tanhGrad", "sets dp = (dy + dh)*(1 - y*y).", params, names, []func(*fn){holdOne}, false, func(l *lane) {
		l.put(l.ofTanh(l.sum("dy", 0, "dh", 0), l.get("y", 0)), "dp", 0)
	})
}

// mix is n + z*(h - n).
func (l *lane) mix(n, z, h reg.VecVirtual) reg.VecVirtual {
	y := l.sub(h, n)
	VFMADD213PS(n, z, y)
	return y
}

func gruCell(w width) {
	cell(w, "gru", "makes r, z, n, q in g and y from p, u and h.", "y, gate, p, u, h", []string{"y", "gate", "p", "u", "h"}, []func(*fn){holdSigmoid, holdTanh}, true, func(l *lane) {
		l.ahead("p", 3)
		l.ahead("gate", 4)
		r := l.sigmoid(l.sum("p", 0, "u", 0))
		l.put(r, "gate", 0)
		q := l.get("u", 2)
		l.put(q, "gate", 3)
		v := l.get("p", 2)
		l.fma(v, r, q)
		n := l.tanh(v)
		l.put(n, "gate", 2)
		z := l.sigmoid(l.sum("p", 1, "u", 1))
		l.put(z, "gate", 1)
		l.put(l.mix(n, z, l.get("h", 0)), "y", 0)
	})
}

func gruGates(w width) {
	cell(w, "gruGates", "makes r, z in g and rh = r*h from p, u and h.", "rh, gate, p, u, h", []string{"rh", "gate", "p", "u", "h"}, []func(*fn){holdSigmoid}, true, func(l *lane) {
		r := l.sigmoid(l.sum("p", 0, "u", 0))
		l.put(r, "gate", 0)
		l.put(l.mul(r, l.get("h", 0)), "rh", 0)
		z := l.sigmoid(l.sum("p", 1, "u", 1))
		l.put(z, "gate", 1)
	})
}

func gruState(w width) {
	cell(w, "gruState", "makes n in g and y from p, u, h and z in g.", "y, gate, p, u, h", []string{"y", "gate", "p", "u", "h"}, []func(*fn){holdTanh}, true, func(l *lane) {
		n := l.tanh(l.sum("p", 2, "u", 2))
		l.put(n, "gate", 2)
		l.put(l.mix(n, l.get("gate", 1), l.get("h", 0)), "y", 0)
	})
}

// mixGrad is the gradient of mix: what goes to n's and z's arguments; dh becomes what goes to h.
func (l *lane) mixGrad() (dn reg.VecVirtual) {
	d := l.sum("dy", 0, "dh", 0)
	z, n := l.get("gate", 1), l.get("gate", 2)
	l.put(l.mul(d, z), "dh", 0)
	dn = l.ofTanh(l.mul(d, l.oneMinus(z)), n)
	l.put(dn, "dp", 2)
	l.put(l.ofSigmoid(l.mul(d, l.sub(l.get("h", 0), n)), z), "dp", 1)
	return dn
}

func gruGrad(w width) {
	cell(w, "gruGrad", "makes dp, dq and what goes to h straight, in dh.", "dp, dq, dh, dy, gate, h", []string{"dp", "dq", "dh", "dy", "gate", "h"}, []func(*fn){holdOne}, true, func(l *lane) {
		l.ahead("gate", 4)
		l.ahead("dp", 3)
		dn := l.mixGrad()
		r := l.get("gate", 0)
		l.put(l.mul(dn, r), "dq", 0)
		l.put(l.ofSigmoid(l.mul(dn, l.get("gate", 3)), r), "dp", 0)
	})
}

func gruStateGrad(w width) {
	cell(w, "gruStateGrad", "makes n and z in dp, and what goes to h straight, in dh.", "dp, dh, dy, gate, h", []string{"dp", "dh", "dy", "gate", "h"}, []func(*fn){holdOne}, true, func(l *lane) {
		l.mixGrad()
	})
}

func gruGatesGrad(w width) {
	cell(w, "gruGatesGrad", "makes r in dp and rh, and adds to dh, from the gradient d of rh.", "dp, rh, dh, d, gate, h", []string{"dp", "rh", "dh", "d", "gate", "h"}, []func(*fn){holdOne}, true, func(l *lane) {
		d, r, h := l.get("d", 0), l.get("gate", 0), l.get("h", 0)
		l.put(l.mul(r, h), "rh", 0)
		s := l.get("dh", 0)
		l.fma(s, d, r)
		l.put(s, "dh", 0)
		l.put(l.ofSigmoid(l.mul(d, h), r), "dp", 0)
	})
}

// lstmCell reads gates back that it has just written: the constants leave few registers.
func lstmCell(w width) {
	cell(w, "lstm", "makes i, f, g, o in g, c and y from p, u and c0.", "y, c, gate, p, u, c0", []string{"y", "c", "gate", "p", "u", "c0"}, []func(*fn){holdSigmoid, holdTanh}, true, func(l *lane) {
		i := l.sigmoid(l.sum("p", 0, "u", 0))
		l.put(i, "gate", 0)
		g := l.tanh(l.sum("p", 2, "u", 2))
		l.put(g, "gate", 2)
		f := l.sigmoid(l.sum("p", 1, "u", 1))
		l.put(f, "gate", 1)
		o := l.sigmoid(l.sum("p", 3, "u", 3))
		l.put(o, "gate", 3)
		c := l.mul(l.get("gate", 0), l.get("gate", 2))
		l.fma(c, l.get("gate", 1), l.get("c0", 0))
		l.put(c, "c", 0)
		t := l.tanh(c)
		VMULPS(l.get("gate", 3), t, t)
		l.put(t, "y", 0)
	})
}

func lstmGrad(w width) {
	cell(w, "lstmGrad", "makes dp and what goes to c0, in dc.", "dp, dc, dh, dy, gate, c, c0", []string{"dp", "dc", "dh", "dy", "gate", "c", "c0"}, []func(*fn){holdTanh, holdOne}, true, func(l *lane) {
		d := l.sum("dy", 0, "dh", 0)
		t := l.tanh(l.get("c", 0))
		o := l.get("gate", 3)
		l.put(l.ofSigmoid(l.mul(d, t), o), "dp", 3)
		VMULPS(o, d, d)
		dc := l.get("dc", 0)
		VADDPS(l.ofTanh(d, t), dc, dc)
		i, g := l.get("gate", 0), l.get("gate", 2)
		l.put(l.ofSigmoid(l.mul(dc, g), i), "dp", 0)
		l.put(l.ofTanh(l.mul(dc, i), g), "dp", 2)
		f := l.get("gate", 1)
		l.put(l.ofSigmoid(l.mul(dc, l.get("c0", 0)), f), "dp", 1)
		VMULPS(f, dc, dc)
		l.put(dc, "dc", 0)
	})
}
