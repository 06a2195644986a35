package autograd_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	. "github.com/fathom-ml/fathom/tensor"
	. "github.com/fathom-ml/fathom/tensor/autograd"
)

func gru(x, h, wz, uz, wh, uh *Tensor) *Tensor {
	z := x.MatMul(wz).Add(h.MatMul(uz)).Sigmoid()
	c := x.MatMul(wh).Add(h.MatMul(uh)).Tanh()
	return z.Mul(h).Add(z.Neg().AddScalar(1).Mul(c))
}

func TestGraph(t *testing.T) {
	mk := func() *Tensor { return Full(0.1, 4, 4).RequireGrad() }
	names := map[*Tensor]string{}
	ws := []*Tensor{mk(), mk(), mk(), mk()}
	for i, n := range []string{"Wz", "Uz", "Wh", "Uh"} {
		names[ws[i]] = n
	}
	h, x := Zeros(2, 4), Ones(2, 4)
	for range 2 {
		h = gru(x, h, ws[0], ws[1], ws[2], ws[3])
	}
	names[h] = "<h>"
	loss := h.Square().Mean()
	g := GraphOf(loss, names)
	leaves := 0
	for i, v := range g.Nodes {
		for _, k := range v.In {
			if k >= i {
				t.Errorf("node %d is computed from node %d", i, k)
			}
		}
		if v.Leaf {
			leaves++
		}
	}
	if last := g.Nodes[len(g.Nodes)-1]; leaves != 4 || last.Name == "" || fmt.Sprint(last.Shapes) != "[[]]" {
		t.Error(leaves, last)
	}
	if dot := g.DOT(); !strings.Contains(dot, `label="Wz\n[4 4]" style=filled`) || strings.Count(dot, "->") < 20 {
		t.Error(dot)
	}
	svg := g.SVG()
	d := xml.NewDecoder(strings.NewReader(svg))
	var err error
	for err == nil {
		_, err = d.Token()
	}
	if err != io.EOF {
		t.Error(err)
	}
	if n := strings.Count(svg, "<rect"); n != len(g.Nodes)+1 || !strings.Contains(svg, "&lt;h&gt;") {
		t.Errorf("%d boxes for %d nodes", n-1, len(g.Nodes))
	}
	if dir := os.Getenv("FATHOM_GRAPH"); dir != "" { // to be looked at
		os.WriteFile(dir+"/gru.svg", []byte(svg), 0o644)
		a := Scalar(1).RequireGrad()
		os.WriteFile(dir+"/leaf.svg", []byte(GraphOf(a, nil).SVG()), 0o644)
	}
	wantError(t, func() { GraphOf(Ones(1), nil) }, "graphOf", "RequireGrad")
	loss.Backward()
	if n := len(GraphOf(loss, nil).Nodes); n != 1 {
		t.Errorf("%d nodes after Backward", n)
	}
}
