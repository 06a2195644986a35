package nn_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/format/safetensors"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// centred has a running mean, assigned at every training step.
type centred struct {
	Mean  *tensor.Tensor
	scale *tensor.Tensor // a constant
	Dense *nn.Dense
}

func newCentred() *centred { return &centred{scale: tensor.Full(2, 1), Dense: nn.NewDense(3)} }

func (m *centred) Forward(c *nn.Ctx, x *tensor.Tensor) *tensor.Tensor {
	if m.Mean == nil {
		m.Mean = x.New(x.Dim(1))
	}
	if c.Training() {
		m.Mean = m.Mean.MulScalar(0.9).Add(x.Mean(0).Detach().MulScalar(0.1))
	}
	return m.Dense.Forward(c, x.Sub(m.Mean).Mul(m.scale))
}

func TestSaveAndLoad(t *testing.T) { // 5.5
	file := filepath.Join(t.TempDir(), "model.safetensors")
	m := newCentred()
	nn.Init(m, nn.Normal(1))
	x := random.Normal(0, 1, 4, 40)
	if err := nn.Save(file, m); err == nil || !strings.Contains(err.Error(), "no value yet: Dense.Weight") {
		t.Errorf("saving a model that never ran: %v", err)
	}
	m.Forward(nn.Train(), x)
	m.scale.Fill(3)
	if err := nn.Save(file, m); err != nil {
		t.Fatal(err)
	}
	want := m.Forward(nn.Eval(), x)

	fresh := newCentred() // shapes deferred, Init never called, the state still nil
	if err := nn.Load(file, fresh); err != nil {
		t.Fatal(err)
	}
	if got := fresh.Forward(nn.Eval(), x); !tensor.Equal(got, want) {
		t.Errorf("after loading\n%v\nwant\n%v", got, want)
	}
	if !fresh.Forward(nn.Train(), x).Recorded() {
		t.Error("loaded parameters are not recorded")
	}

	used := newCentred() // in place: handles stay valid
	nn.Init(used, nn.Ones)
	used.Forward(nn.Train(), x)
	w, mean := used.Dense.Weight.Value(), used.Mean
	if err := nn.Load(file, used); err != nil {
		t.Fatal(err)
	}
	if got := used.Forward(nil, x); !tensor.Equal(got, want) || used.Dense.Weight.Value() != w || used.Mean != mean {
		t.Error("loading into a model that ran")
	}
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := nn.Save(file, used); err != nil {
		t.Fatal(err)
	}
	if after, err := os.ReadFile(file); err != nil || string(after) != string(before) {
		t.Error("equal models give different files")
	}
}

func TestSaveAllTypes(t *testing.T) {
	type model struct {
		A, B, C, D, E *tensor.Tensor
		P             *nn.Param
		Many          []*tensor.Tensor
	}
	m := &model{tensor.Of([]float64{1e-300, 2}), tensor.Of([]int32{-1, 2}), tensor.Of([]int64{1 << 60}), tensor.Of([]uint8{255}), tensor.Of([]bool{true, false}), nn.NewParam(), nil}
	m.P.SetValue(tensor.Of([]float64{1, 2, 3}))
	m.Many = []*tensor.Tensor{tensor.Arange(6).Reshape(2, 3).T(), tensor.Scalar(4)}
	file := filepath.Join(t.TempDir(), "all.safetensors")
	if err := nn.Save(file, m); err != nil {
		t.Fatal(err)
	}
	got := &model{P: nn.NewParam(), Many: make([]*tensor.Tensor, 2)}
	if err := nn.Load(file, got); err != nil {
		t.Fatal(err)
	}
	for _, pair := range [][2]*tensor.Tensor{{m.A, got.A}, {m.B, got.B}, {m.C, got.C}, {m.D, got.D}, {m.E, got.E},
		{m.P.Value(), got.P.Value()}, {m.Many[0], got.Many[0]}, {m.Many[1], got.Many[1]}} {
		if pair[0].DType() != pair[1].DType() || !tensor.Equal(pair[0].Detach(), pair[1].Detach()) {
			t.Errorf("%v %v became %v %v", pair[0].DType(), pair[0], pair[1].DType(), pair[1])
		}
	}
	// A transposed view is written in place too, by replacing the field.
	m2 := &model{P: nn.NewParam(), Many: []*tensor.Tensor{tensor.Zeros(2, 3).T(), tensor.Scalar(0)}}
	if err := nn.Load(file, m2); err != nil || !tensor.Equal(m2.Many[0], m.Many[0]) {
		t.Errorf("loading into a view: %v %v", err, m2.Many[0])
	}
}

func TestLoadRefuses(t *testing.T) {
	dir := t.TempDir()
	ones := func(n int) []byte { return make([]byte, n) }
	weight := safetensors.Array{Name: "Weight", DType: safetensors.F32, Shape: []int{3, 2}, Data: ones(24)}
	bias := safetensors.Array{Name: "Bias", DType: safetensors.F32, Shape: []int{3}, Data: ones(12)}
	change := func(a safetensors.Array, f func(a *safetensors.Array)) safetensors.Array { f(&a); return a }
	for want, arrays := range map[string][]safetensors.Array{
		"the file lacks Bias; the model lacks bias":              {weight, change(bias, func(a *safetensors.Array) { a.Name = "bias" })},
		"the file lacks Bias":                                    {weight},
		"the model lacks Extra":                                  {weight, bias, change(bias, func(a *safetensors.Array) { a.Name = "Extra" })},
		"Weight: the file's shape is [2 3], the model's [3 2]":   {change(weight, func(a *safetensors.Array) { a.Shape = []int{2, 3} }), bias},
		"Bias: the file's shape is [1 3], the model's [3]":       {weight, change(bias, func(a *safetensors.Array) { a.Shape = []int{1, 3} })},
		"Bias: the file holds int32, the model float32":          {weight, change(bias, func(a *safetensors.Array) { a.DType = safetensors.I32 })},
		"Bias: the file holds U64, which tensors cannot":         {weight, change(bias, func(a *safetensors.Array) { a.DType = safetensors.U64; a.Data = ones(24) })},
		"the model lacks x0, x1, x2, x3, x4 and 1 more":          {weight, bias, named(bias, "x0"), named(bias, "x1"), named(bias, "x2"), named(bias, "x3"), named(bias, "x4"), named(bias, "x5")},
		"Weight: the file's shape is [3 2 0], the model's [3 2]": {change(weight, func(a *safetensors.Array) { a.Shape = []int{3, 2, 0}; a.Data = nil }), bias},
		"Weight: the file holds float64, the model float32":      {change(weight, func(a *safetensors.Array) { a.DType = safetensors.F64; a.Data = ones(48) }), bias},
	} {
		file := filepath.Join(dir, "bad.safetensors")
		if err := safetensors.WriteFile(file, arrays, nil); err != nil {
			t.Fatal(err)
		}
		d := nn.NewDense(3)
		nn.Init(d, nn.Ones)
		d.Forward(nil, tensor.Zeros(1, 2))
		err := nn.Load(file, d)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), file) {
			t.Errorf("error %v, want %q", err, want)
		}
		if d.Weight.Value().Sum().Item() != 6 || d.Bias.Value().Sum().Item() != 0 {
			t.Errorf("%s: the model was changed", want)
		}
	}
	d := nn.NewDense(3)
	if err := nn.Load(filepath.Join(dir, "nothing"), d); err == nil || !strings.Contains(err.Error(), "nothing") {
		t.Errorf("no file: %v", err)
	}
	cut := filepath.Join(dir, "cut")
	if err := os.WriteFile(cut, []byte("abc"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := nn.Load(cut, d); err == nil || d.Weight.HasValue() {
		t.Errorf("three bytes: %v", err)
	}
	// A weight whose shape is not known yet must hold floats and fit what is known.
	ints := change(weight, func(a *safetensors.Array) { a.DType = safetensors.I32 })
	if err := safetensors.WriteFile(cut, []safetensors.Array{ints, bias}, nil); err != nil {
		t.Fatal(err)
	}
	if err := nn.Load(cut, nn.NewDense(3)); err == nil || !strings.Contains(err.Error(), "a parameter holds floats") {
		t.Errorf("integers for a weight: %v", err)
	}
	if err := nn.Load(cut, nn.NewDense(4)); err == nil {
		t.Error("a file of 3 units was loaded into 4")
	}
	if err := nn.Save(filepath.Join(dir, "no", "such", "folder"), newLoaded()); err == nil {
		t.Error("saving into a folder that is not there")
	}
}

func named(a safetensors.Array, name string) safetensors.Array {
	a.Name = name
	return a
}

func newLoaded() *nn.Dense {
	d := nn.NewDense(1, nn.Inputs(1))
	nn.Init(d, nn.Ones)
	return d
}

func TestKeepState(t *testing.T) {
	m := newCentred()
	nn.Init(m, nn.Normal(1))
	x := tensor.Ones(4, 40)
	for range 3 {
		s := tensor.NewScope()
		y := m.Forward(nn.Train(nn.In(s)), s.In(x))
		y.Sum().Backward()
		nn.KeepState(m, s)
		s.Close()
		if tensor.Try(func() { y.At(0, 0) }) == nil {
			t.Fatal("the result outlived its scope")
		}
	}
	if got := m.Mean.At(39); got < 0.27 || got > 0.272 { // 1 - 0.9^3
		t.Errorf("running mean %v", got)
	}
}

// Half-precision weights load into a float32 model: 0x3f80 is 1 in BF16, 0xc000 is -2 in F16.
func TestLoadHalfPrecision(t *testing.T) {
	file := filepath.Join(t.TempDir(), "half.safetensors")
	err := safetensors.WriteFile(file, []safetensors.Array{
		{Name: "Weight", DType: safetensors.BF16, Shape: []int{1, 2}, Data: []byte{0x80, 0x3f, 0x80, 0x3f}},
		{Name: "Bias", DType: safetensors.F16, Shape: []int{1}, Data: []byte{0x00, 0xc0}},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	d := nn.NewDense(1)
	if err := nn.Load(file, d); err != nil {
		t.Fatal(err)
	}
	if y := d.Forward(nil, tensor.Ones(1, 2)).Item(); y != 0 {
		t.Errorf("1 + 1 - 2 = %v", y)
	}
}
