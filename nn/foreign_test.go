package nn_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/format/mxparams"
	"github.com/fathom-ml/fathom/format/npy"
	"github.com/fathom-ml/fathom/format/pt"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

// exchanged is the network of tools/oracle/exchange.py.
type exchanged struct {
	Conv1  *nn.Conv2D
	BN1    *nn.BatchNorm
	RNN    *nn.Recurrent
	Blocks []*nn.Dense
	FC     *nn.Dense
}

func newExchanged() *exchanged {
	return &exchanged{nn.NewConv2D(3, 3), nn.NewBatchNorm(), nn.NewGRU(4, nn.Stacked(2), nn.Bidirectional),
		[]*nn.Dense{nn.NewDense(8, nn.Tanh), nn.NewDense(8, nn.Tanh)}, nn.NewDense(3)}
}

func (m *exchanged) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	x = c.Chain(x, m.Conv1, m.BN1, nn.ReLU)
	x, _ = m.RNN.Forward(c, x.Transpose(2, 0, 1, 3).FlattenFrom(2), nil)
	x = x.Index(x.Len() - 1)
	for _, b := range m.Blocks {
		x = x.Add(b.Forward(c, x))
	}
	return m.FC.Forward(c, x)
}

func torchFile(t testing.TB) []pt.Entry {
	t.Helper()
	list, err := pt.LoadTensors("testdata/exchange.pt")
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func likeTorch(t *testing.T, what string, m *exchanged) {
	t.Helper()
	text, err := os.ReadFile("testdata/exchange.json")
	var want struct{ X, Y []float32 }
	if err == nil {
		err = json.Unmarshal(text, &want)
	}
	if err != nil {
		t.Fatal(err)
	}
	y := m.Forward(nn.Eval(), tensor.Of(want.X, 2, 2, 6, 6))
	if !tensor.AllClose(y, tensor.Of(want.Y, 2, 3), 1e-5, 1e-6) {
		t.Errorf("%s: %v, PyTorch has %v", what, y, want.Y)
	}
}

// A state dict that PyTorch wrote makes PyTorch's outputs, by names and by order, in a new model and in one that has values.
func TestLoadFromPyTorch(t *testing.T) {
	list := torchFile(t)
	for _, how := range [][]nn.ForeignOption{{nn.TorchNames}, {nn.InOrder}} {
		m := newExchanged()
		if err := nn.LoadFrom(m, pt.All(list), how...); err != nil {
			t.Fatal(err)
		}
		likeTorch(t, "a new model", m)
		m = newExchanged()
		nn.Init(m, nn.Uniform(1))
		m.Forward(nn.Train(), tensor.Ones(2, 2, 6, 6))
		if err := nn.LoadFrom(m, pt.All(list), how...); err != nil {
			t.Fatal(err)
		}
		likeTorch(t, "a model with values", m)
	}
}

// What is exported is what PyTorch had, name for name, and is read back.
func TestExport(t *testing.T) {
	list := torchFile(t)
	m := newExchanged()
	if err := nn.LoadFrom(m, pt.All(list), nn.TorchNames); err != nil {
		t.Fatal(err)
	}
	got := maps.Collect(nn.Export(m, nn.TorchNames))
	for _, e := range list {
		if strings.HasSuffix(e.Name, "num_batches_tracked") {
			continue
		}
		if x := got[e.Name]; x == nil || !tensor.Equal(x, e.Tensor) {
			t.Errorf("%s is %v", e.Name, x)
		}
		delete(got, e.Name)
	}
	if len(got) > 0 {
		t.Errorf("PyTorch has no %v", slices.Collect(maps.Keys(got)))
	}
	path := filepath.Join(t.TempDir(), "net.safetensors")
	if err := nn.SaveAs(path, m, nn.TorchNames); err != nil {
		t.Fatal(err)
	}
	again := newExchanged()
	if err := nn.LoadAs(path, again, nn.TorchNames); err != nil {
		t.Fatal(err)
	}
	likeTorch(t, "exported and read", again)
	var e *nn.LoadError
	if err := nn.LoadAs(path, again); !errors.As(err, &e) || len(e.Missing) == 0 || !strings.Contains(err.Error(), path) {
		t.Error(err)
	}
	if err := nn.LoadAs(filepath.Join(t.TempDir(), "no"), again); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if dir := os.Getenv("FATHOM_EXPORT"); dir != "" { // for exchange.py, which loads it into PyTorch
		var out []npy.Entry
		for n, x := range nn.Export(again, nn.TorchNames) {
			out = append(out, npy.Entry{Name: n, Tensor: x})
		}
		if err := npy.SaveArchive(filepath.Join(dir, "net.npz"), npy.Store, out...); err != nil {
			t.Fatal(err)
		}
	}
}

// All that is wrong is told at once, and nothing is changed.
func TestLoadErrorTellsAll(t *testing.T) {
	m := newExchanged()
	list := torchFile(t)
	if err := nn.LoadFrom(m, pt.All(list), nn.TorchNames); err != nil {
		t.Fatal(err)
	}
	values := maps.Collect(pt.All(list))
	delete(values, "fc.bias")
	delete(values, "bn1.weight")
	values["head.weight"] = tensor.Zeros(1)
	values["fc.weight"] = tensor.Zeros(3, 7)
	values["conv1.bias"] = tensor.Zeros(3).AsType(tensor.Int32)
	values["blocks.0.bias"] = tensor.Zeros(8)
	err := nn.LoadFrom(m, maps.All(values), nn.TorchNames)
	var e *nn.LoadError
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	want := &nn.LoadError{Missing: []string{"bn1.weight (BN1.Gamma)", "fc.bias (FC.Bias)"}, Extra: []string{"head.weight"},
		Misfit: []string{"conv1.bias (Conv1.Bias): the file holds int32, the model float32", "fc.weight (FC.Weight): the file's shape is [3 7], the model's [3 8]"}}
	if !reflect.DeepEqual(e, want) {
		t.Errorf("%+v", e)
	}
	if s := err.Error(); !strings.Contains(s, "the file lacks bn1.weight (BN1.Gamma), fc.bias (FC.Bias); the model lacks head.weight; conv1.bias") {
		t.Error(s)
	}
	likeTorch(t, "after the error", m)

	delete(values, "fc.weight")
	delete(values, "conv1.bias")
	values["blocks.0.bias"] = maps.Collect(pt.All(list))["blocks.0.bias"]
	if err := nn.LoadFrom(m, maps.All(values), nn.TorchNames, nn.AllowMissing, nn.Ignore(nn.Glob("head.*"))); err != nil {
		t.Error(err)
	}
	if err := nn.LoadFrom(m, maps.All(values), nn.TorchNames, nn.AllowMissing, nn.AllowExtra); err != nil {
		t.Error(err)
	}
	likeTorch(t, "what was there stays", m)

	twice := func(yield func(string, *tensor.Tensor) bool) {
		for range 2 {
			if !yield("a", tensor.Zeros(1)) {
				return
			}
		}
	}
	for want, err := range map[string]error{
		"two values are named":        nn.LoadFrom(m, twice),
		"has no tensor":               nn.LoadFrom(m, maps.All(map[string]*tensor.Tensor{"a": nil})),
		"1 values for 28 places":      nn.LoadFrom(m, maps.All(map[string]*tensor.Tensor{"a": tensor.Zeros(1)}), nn.InOrder),
		"have one name in the file: ": nn.LoadFrom(m, pt.All(list), nn.Rename("{x...}Weight", "w")),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestNamings(t *testing.T) {
	for _, c := range [][3]string{
		{"Layer1.0.Conv1.Weight", "layer1.0.conv1.weight", "layer1.0.conv1.weight"},
		{"BN1.Gamma", "bn1.weight", "bn1.gamma"},
		{"BN1.Beta", "bn1.bias", "bn1.beta"},
		{"Features.0.RunningVar", "features.0.running_var", "features.0.running_var"},
		{"Layers.0.WeightIH", "weight_ih_l0", "l0_i2h_weight"},
		{"Enc.RNN.Layers.12.Reverse.BiasHH", "enc.rnn.bias_hh_l12_reverse", "enc.rnn.r12_h2h_bias"},
		{"Layers.0.SelfAttn.OutProj.Bias", "layers.0.self_attn.out_proj.bias", "layers.0.self_attn.out_proj.bias"},
		{"Expand1x1.Weight", "expand1x1.weight", "expand1x1.weight"},
		{"MyBN.Gamma", "my_bn.weight", "my_bn.gamma"},
	} {
		if a, b := nn.TorchNames(c[0]), nn.GluonNames(c[0]); a != c[1] || b != c[2] {
			t.Errorf("%s is %s and %s, want %s and %s", c[0], a, b, c[1], c[2])
		}
	}
	r := nn.Rename("a.{i}.b.{p...}", "{p}$1.x{i}", "{all...}.c", "{all}.d", "a.{i}.c", "never")
	for in, want := range map[string]string{"a.7.b.w.v": "w.v$1.x7", "a.1.c": "a.1.d", "a.1.2.b.w": "a.1.2.b.w", "xa.1.b.w": "xa.1.b.w"} {
		if got := r(in); got != want {
			t.Errorf("%s is %s, want %s", in, got, want)
		}
	}
	odd := func(n int) []string { return make([]string, n) }
	for _, f := range []func(){func() { nn.Rename(odd(3)...) }, func() { nn.Rename("{a}", "{b}") }} {
		if err := tensor.Try(f); err == nil {
			t.Error("no panic")
		}
	}
}

// The weights [inputs, units] of another framework come transposed and go transposed; doubles and halves become what the model holds.
func TestTransposed(t *testing.T) {
	d := nn.NewDense(2)
	w := tensor.Matrix([][]float64{{1, 2}, {3, 4}, {5, 6}})
	nn.Init(d, nn.Zeros)
	d.Forward(nil, tensor.Zeros(1, 3))
	names := nn.Rename("Weight", "kernel", "Bias", "bias")
	all := map[string]*tensor.Tensor{"kernel": w, "bias": tensor.Ones(2).AsType(tensor.Float16)}
	if err := nn.LoadFrom(d, maps.All(all), names, nn.Transposed(nn.Glob("*"))); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(d.Forward(nil, tensor.Of([]float32{1, 0, 1}, 1, 3))); got != "[[7. 9.]]" {
		t.Error(got)
	}
	back := maps.Collect(nn.Export(d, names, nn.Transposed(nn.Glob("*"))))
	if !tensor.Equal(back["kernel"], w.AsType(tensor.Float32)) {
		t.Errorf("%v", back)
	}
	if err := tensor.Try(func() { nn.Export(d, nn.Rename("{x}", "same")) }); err == nil || !strings.Contains(err.Error(), "one name") {
		t.Error(err)
	}
}

// A file of Gluon's save_parameters goes into a model by its names: MXNet wrote it (see the case save_parameters of tools/oracle/files.py).
func TestLoadFromMXNet(t *testing.T) {
	list, err := mxparams.Load("testdata/gluon.params")
	if err != nil {
		t.Fatal(err)
	}
	net := nn.Sequential{nn.NewDense(2), nn.NewBatchNorm()}
	if err := nn.LoadFrom(net, mxparams.All(list), nn.GluonNames); err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if x := maps.Collect(nn.Export(net, nn.GluonNames))[e.Name]; x == nil || !tensor.Equal(x, e.Tensor) {
			t.Errorf("%s: %v, want %v", e.Name, x, e.Tensor)
		}
	}
}

// Projections that lie in one matrix of the file, as PyTorch's and, transposed, as GPT-2's.
func TestFused(t *testing.T) {
	type attention struct{ Q, K, V *nn.Dense }
	type model struct {
		Blocks []*attention
		Out    *nn.Dense
	}
	build := func() *model {
		d := func() *nn.Dense { return nn.NewDense(2) }
		return &model{[]*attention{{d(), d(), d()}, {d(), d(), d()}}, d()}
	}
	w := tensor.Arange(48).Reshape(2, 6, 4)
	values := map[string]*tensor.Tensor{"out.weight": tensor.Ones(2, 2), "out.bias": tensor.Ones(2)}
	for i := range 2 {
		values[fmt.Sprintf("blocks.%d.in_proj_weight", i)] = w.Index(i)
		values[fmt.Sprintf("blocks.%d.in_proj_bias", i)] = tensor.Arange(6).AddScalar(float64(10 * i))
	}
	parts := []string{"{a...}q.{p}", "{a...}k.{p}", "{a...}v.{p}"}
	for _, axis := range []int{0, -1} {
		opts := []nn.ForeignOption{nn.TorchNames, nn.Fused(axis, "{a...}in_proj_{p}", parts...)}
		if axis < 0 {
			opts = append(opts, nn.Transposed(nn.Glob("Blocks*")))
			for i := range 2 {
				values[fmt.Sprintf("blocks.%d.in_proj_weight", i)] = w.Index(i).T()
			}
		}
		m := build()
		if err := nn.LoadFrom(m, maps.All(values), opts...); err != nil {
			t.Fatal(err)
		}
		if !tensor.Equal(m.Blocks[1].K.Weight.Value().Detach(), w.Index(1).Narrow(0, 2, 2)) || fmt.Sprint(m.Blocks[1].V.Bias.Value().Detach()) != "[14. 15.]" {
			t.Errorf("axis %d: %v %v", axis, m.Blocks[1].K.Weight.Value(), m.Blocks[1].V.Bias.Value())
		}
		back := maps.Collect(nn.Export(m, opts...))
		if len(back) != len(values) {
			t.Errorf("axis %d: %v", axis, slices.Collect(maps.Keys(back)))
		}
		for n, x := range values {
			if back[n] == nil || !tensor.Equal(back[n], x) {
				t.Errorf("axis %d: %s is %v, want %v", axis, n, back[n], x)
			}
		}
		values["blocks.0.in_proj_bias"] = tensor.Zeros(7)
		if err := nn.LoadFrom(m, maps.All(values), opts...); err == nil || !strings.Contains(err.Error(), "the model lacks blocks.0.in_proj_bias") {
			t.Error(err)
		}
		values["blocks.0.in_proj_bias"] = tensor.Arange(6)
		m.Blocks[0].V.Bias = nil
		if err := tensor.Try(func() { nn.Export(m, opts...) }); err == nil || !strings.Contains(err.Error(), "blocks.0.v.bias, a part of blocks.0.in_proj_bias") {
			t.Error(err)
		}
	}
	for _, f := range []func(){func() { nn.Fused(0, "a") }, func() { nn.Fused(0, "{a}", "b{c}") }} {
		if err := tensor.Try(f); err == nil {
			t.Error("no panic")
		}
	}
}
