package nn

import (
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// Summarized is the account of a model on one input; see [Summary].
type Summarized struct {
	Rows              []SummaryRow
	Params, Trainable int // elements, shared ones once
	Bytes             int // of the parameters
	FLOPs             int
}

// SummaryRow is one layer in the order in which they ran.
type SummaryRow struct {
	Path   string
	Layer  string // its type
	Output []int
	Params int // of the layer itself, 0 if they were counted before
	FLOPs  int
}

// Summary runs a model on x in evaluation and tells of each layer its output's shape, its parameters and its floating-point operations, see [Counter]. Print
// what comes. forward is the model's Forward. It is found by itself if the model is a [Layer]; pass it for others:
//
//	nn.Summary(m, x, func(c *nn.Ctx) { m.Forward(c, x, lengths) })
//
// Nothing changes but that parameters whose shapes were not known are drawn.
func Summary(model any, x *tensor.Tensor, forward ...func(c *Ctx)) *Summarized {
	s := &Summarized{}
	seen := map[*Param]bool{}
	parts := partsOf(model)
	var c *Ctx
	c = Eval(Rand(random.New(0)), Observe(func(layer any, x, y *tensor.Tensor) {
		row := SummaryRow{Path: parts[identity(layer)], Layer: typeName(reflect.TypeOf(layer)), Output: y.Shape()}
		if l, ok := layer.(Layer); ok && (!reports(l) || sameThing(l, c.now.l)) && c.now.l != nil {
			row.Path = c.now.path(parts)
		}
		if row.Path == "" && sameThing(layer, model) {
			row.Path = "."
		}
		if a, ok := layer.(*Activation); ok {
			row.Layer = a.name
		}
		composite := holdsLayers(layer)
		for _, p := range Parameters(layer) {
			if !composite && !seen[p.Param] {
				seen[p.Param] = true
				row.Params += p.Value().Size()
			}
		}
		row.FLOPs = flops(layer, x, y)
		if !composite || row.FLOPs > 0 {
			s.Rows = append(s.Rows, row)
			s.FLOPs += row.FLOPs
		}
	}))
	switch l, ok := model.(Layer); {
	case len(forward) > 0:
		forward[0](c)
	case ok:
		c.run(part{l: l}, x)
	default:
		panic(&tensor.Error{Op: "nn.Summary", Msg: typeName(reflect.TypeOf(model)) + " is no nn.Layer", Hint: "pass a function that calls its Forward"})
	}
	for _, p := range Parameters(model) {
		if p.HasValue() {
			v := p.Value()
			s.Params += v.Size()
			s.Bytes += v.Size() * v.DType().Size()
			if !p.Frozen() {
				s.Trainable += v.Size()
			}
		}
	}
	return s
}

// holdsLayers says whether a thing is made of layers, which report themselves.
func holdsLayers(layer any) bool {
	v := reflect.ValueOf(layer)
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Slice, reflect.Array, reflect.Map:
		return true
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Field(i)
			t := f.Type()
			if t.Kind() == reflect.Slice {
				t = t.Elem()
			}
			if t.Implements(layerType) && t != reflect.TypeFor[*Activation]() && !f.IsZero() {
				return true
			}
		}
	}
	return false
}

// String is the table.
func (s *Summarized) String() string {
	rows := [][]string{{"layer", "kind", "output", "parameters", "FLOPs"}}
	for _, r := range s.Rows {
		rows = append(rows, []string{r.Path, r.Layer, tuple(r.Output), commas(r.Params), commas(r.FLOPs)})
	}
	width := make([]int, 5)
	for _, r := range rows {
		for j, cell := range r {
			width[j] = max(width[j], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for i, r := range rows {
		for j, cell := range r {
			pad := strings.Repeat(" ", width[j]-utf8.RuneCountInString(cell))
			if j > 0 {
				b.WriteString("  ")
			}
			switch {
			case j > 2:
				b.WriteString(pad + cell)
			default:
				b.WriteString(cell + pad)
			}
		}
		b.WriteByte('\n')
		if i == 0 {
			b.WriteString(strings.Repeat("-", width[0]+width[1]+width[2]+width[3]+width[4]+8) + "\n")
		}
	}
	fmt.Fprintf(&b, "parameters: %s (%s trained), %s\nFLOPs: %s", commas(s.Params), commas(s.Trainable), bytesText(s.Bytes), commas(s.FLOPs))
	return b.String()
}

func bytesText(n int) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d bytes", n)
}
