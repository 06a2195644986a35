package models_test

import (
	"compress/gzip"
	"encoding/json"
	"hash/fnv"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/vision/models"
)

// modelCase is what PyTorch or MXNet computes: see tools/oracle/models.py and gluon.py. Both sides make the weights and images by the
// formula of tools/oracle/generator.py.
type modelCase struct {
	Name            string
	State           map[string][]int // the names and shapes of parameters and buffers
	Shape           []int            // of the images
	Eval, Train     []float64        // logits
	Loss            float64
	Grads, Averages map[string][2]float64 // product with the numbers of the name, norm
	LR              float64
	Curve           []float64
}

// uniform returns n numbers in [0, 1) that belong to a name.
func uniform(name string, n int) []float64 {
	h := fnv.New64a()
	h.Write([]byte(name))
	seed := h.Sum64()
	u := make([]float64, n)
	for i := range u {
		z := seed + uint64(i+1)*0x9e3779b97f4a7c15
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		z ^= z >> 31
		u[i] = float64(z>>11) / (1 << 53)
	}
	return u
}

// weights are the values of a parameter or buffer.
func weights(name string, shape []int) *tensor.Tensor {
	n, inputs := 1, 1
	for i, d := range shape {
		n *= d
		if i > 0 {
			inputs *= d
		}
	}
	factor, add := 1., 0.5
	switch {
	case len(shape) > 1:
		factor = 2 * math.Sqrt(6/float64(inputs))
		add = -factor / 2
	case strings.HasSuffix(name, "bias"), strings.HasSuffix(name, "beta"), strings.HasSuffix(name, "running_mean"):
		factor, add = 0.2, -0.1
	}
	u := uniform(name, n)
	for i, v := range u {
		u[i] = v*factor + add
	}
	return tensor.Of(u, shape...)
}

func mark(name string, g *tensor.Tensor) [2]float64 {
	v := g.Float64s()
	dot, square := 0., 0.
	for i, r := range uniform("of "+name, len(v)) {
		dot += v[i] * (2*r - 1)
		square += v[i] * v[i]
	}
	return [2]float64{dot, math.Sqrt(square)}
}

func loadModels(t testing.TB, path string) map[string]modelCase {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var list []modelCase
	z, err := gzip.NewReader(f)
	if err == nil {
		err = json.NewDecoder(z).Decode(&list)
	}
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]modelCase{}
	for _, c := range list {
		cases[c.Name] = c
	}
	return cases
}

// networks makes the networks of the oracle; slow ones are left out of short tests.
var networks = []struct {
	name string
	make func() nn.Layer
	slow bool
}{
	{"MLP", func() nn.Layer {
		return nn.Sequential{nn.NewDense(32, nn.ReLU), nn.NewDense(16, nn.ReLU), nn.NewDense(10)}
	}, false},
	{"LeNet", func() nn.Layer { return models.NewLeNet() }, false},
	{"AlexNet", func() nn.Layer {
		return models.NewAlexNet(models.Classes(10), models.Dropout(0), models.Hidden(64))
	}, true},
	{"VGG-11", func() nn.Layer {
		return models.NewVGG(11, models.Classes(10), models.Dropout(0), models.Hidden(32))
	}, true},
	{"VGG-11 BN", func() nn.Layer {
		return models.NewVGG(11, models.BatchNorm, models.Classes(10), models.Dropout(0), models.Hidden(32))
	}, true},
	{"NiN", func() nn.Layer { return models.NewNiN(models.Classes(10), models.Dropout(0)) }, true},
	{"GoogLeNet", func() nn.Layer { return models.NewGoogLeNet(models.Classes(10), models.Dropout(0)) }, true},
	{"ResNet-18", func() nn.Layer { return models.NewResNet(18, models.Classes(10)) }, true},
	{"ResNet-50", func() nn.Layer { return models.NewResNet(50, models.Classes(10)) }, true},
	{"ResNet-18 v2", func() nn.Layer { return models.NewResNetV2(18, models.Classes(10), models.Width(0.5)) }, false},
	{"ResNet-50 v2", func() nn.Layer { return models.NewResNetV2(50, models.Classes(10), models.Width(0.25)) }, true},
	{"DenseNet-121", func() nn.Layer { return models.NewDenseNet(121, models.Classes(10)) }, true},
	{"MobileNet v2", func() nn.Layer { return models.NewMobileNetV2(models.Classes(10), models.Dropout(0)) }, true},
	{"SqueezeNet 1.0", func() nn.Layer { return models.NewSqueezeNet("1.0", models.Classes(10), models.Dropout(0)) }, true},
	{"SqueezeNet 1.1", func() nn.Layer { return models.NewSqueezeNet("1.1", models.Classes(10), models.Dropout(0)) }, false},
}

// near says whether values differ by no more than tol of the largest.
func near(t *testing.T, what string, got *tensor.Tensor, want []float64, tol float64) {
	t.Helper()
	scale, diff := 0., 0.
	for i, v := range got.Float64s() {
		scale = max(scale, math.Abs(want[i]))
		diff = max(diff, math.Abs(v-want[i]))
	}
	if !(diff <= tol*scale) || got.Size() != len(want) {
		t.Errorf("%s is off by %.2g of %.3g", what, diff, scale)
	}
}

// marks compares what is left of gradients or averages.
func marks(t *testing.T, what string, got, want map[string][2]float64, tol float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d %ss, want %d", len(got), what, len(want))
	}
	most := 0.
	for _, w := range want {
		most = max(most, w[1])
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		g, w := got[name], want[name]
		if d := max(math.Abs(g[0]-w[0]), math.Abs(g[1]-w[1])); !(d <= tol*(w[1]+1e-3*most)) {
			t.Errorf("%s of %s: %v, want %v", what, name, g, w)
		}
	}
}

// oracle is a network and how another framework calls its parameters.
type oracle struct {
	make   func() nn.Layer
	naming func(net nn.Layer) nn.Naming
	opts   []nn.ForeignOption
}

// load gives the network the weights of the case.
func (o oracle) load(t *testing.T, net nn.Layer, state map[string]*tensor.Tensor, dt tensor.DType) {
	t.Helper()
	all := func(yield func(string, *tensor.Tensor) bool) {
		for name, x := range state {
			if !yield(name, x.AsType(dt)) {
				return
			}
		}
	}
	if err := nn.LoadFrom(net, all, append([]nn.ForeignOption{o.naming(net)}, o.opts...)...); err != nil {
		t.Fatal(err)
	}
}

// check compares all that the case has.
func (o oracle) check(t *testing.T, want modelCase) {
	state := map[string]*tensor.Tensor{}
	for name, shape := range want.State {
		state[name] = weights(name, shape)
	}
	size := 1
	for _, d := range want.Shape {
		size *= d
	}
	x := tensor.Of(uniform("images", size), want.Shape...).MulScalar(2).SubScalar(1)
	o.single(t, want, state, x.AsType(tensor.Float32))
	if want.Train == nil {
		return
	}
	net := o.make()
	o.load(t, net, state, tensor.Float64)
	near(t, "evaluation", net.Forward(nn.Eval(), x), want.Eval, 1e-9)
	y := net.Forward(nn.Train(), x)
	near(t, "training", y, want.Train, 1e-9)
	loss := o.loss(y)
	near(t, "loss", loss, []float64{want.Loss}, 1e-9)
	loss.Backward()
	averages := map[string][2]float64{}
	for name, v := range nn.Export(net, o.naming(net)) {
		_, moved := want.Averages[name] // MXNet does not move those of a first layer
		if strings.Contains(name, ".running_") && (moved || !strings.HasPrefix(name, "features.0.")) {
			averages[name] = mark(name, v)
		}
	}
	marks(t, "gradient", o.grads(net), want.Grads, 1e-6)
	marks(t, "running average", averages, want.Averages, 1e-6)
	if want.Curve == nil {
		return
	}
	o.load(t, net, state, tensor.Float64)
	opt := optim.NewSGD(nn.Parameters(net), optim.LR(want.LR), optim.Momentum(0.9))
	for i, w := range want.Curve {
		loss := o.loss(net.Forward(nn.Train(), x))
		near(t, "loss of a step", loss, []float64{w}, 1e-6)
		loss.Backward()
		opt.Step(1)
		if t.Failed() {
			t.Fatalf("at step %d", i)
		}
	}
}

// loss is the mean cross-entropy, where image i is of class 3i modulo 10.
func (o oracle) loss(logits *tensor.Tensor) *tensor.Tensor {
	labels := tensor.ArangeOf(tensor.Int64, float64(logits.Len())).MulScalar(3).RemainderScalar(10)
	return nn.SoftmaxCrossEntropy(logits, labels).Mean()
}

// grads are the marks of all gradients.
func (o oracle) grads(net nn.Layer) map[string][2]float64 {
	g, naming := map[string][2]float64{}, o.naming(net)
	for _, p := range nn.Parameters(net) {
		name := naming(p.Path)
		g[name] = mark(name, p.Grad())
	}
	return g
}

// single compares what float32 makes. In training the deep networks divide by deviations of as few as 8 numbers; and a unit whose sum is 1e-7 instead of -1e-7
// passes its whole gradient on, which moves some gradients by up to 4 percent where there are many units. Most are within 1e-5.
func (o oracle) single(t *testing.T, want modelCase, state map[string]*tensor.Tensor, x *tensor.Tensor) {
	net := o.make()
	o.load(t, net, state, tensor.Float32)
	near(t, "float32: evaluation", net.Forward(nn.Eval(), x), want.Eval, 1e-4)
	if want.Train != nil {
		y := net.Forward(nn.Train(), x)
		near(t, "float32: training", y, want.Train, 5e-4)
		o.loss(y).Backward()
		tol := 0.1
		if len(want.Grads) <= 10 { // MLP and LeNet
			tol = 1e-4
		}
		marks(t, "float32: gradient", o.grads(net), want.Grads, tol)
	}
}

// Every network gives what torchvision's gives with the same weights: in float32 the logits to 1e-4, in float64 the logits, the loss, the gradients of all
// parameters, the running averages and, for four of them, the losses of ten steps, to 1e-6.
func TestAgainstPyTorch(t *testing.T) {
	cases := loadModels(t, "testdata/models.json.gz")
	if len(cases) != len(networks) {
		t.Errorf("%d networks for %d cases", len(networks), len(cases))
	}
	for _, n := range networks {
		t.Run(n.name, func(t *testing.T) {
			if n.slow && testing.Short() {
				t.Skip("slow")
			}
			oracle{n.make, func(nn.Layer) nn.Naming { return models.TorchNames }, nil}.check(t, cases[n.name])
		})
	}
}

// The same for the networks of Gluon's zoo. Of those that are too large the names and shapes agree.
func TestAgainstGluon(t *testing.T) {
	ten := models.Classes(10)
	networks := map[string]func() nn.Layer{
		"resnet18_v1":   func() nn.Layer { return models.NewResNet(18, ten) },
		"resnet34_v1":   func() nn.Layer { return models.NewResNet(34, ten) },
		"resnet50_v1":   func() nn.Layer { return models.NewResNet(50, ten, models.Gluon) },
		"resnet18_v2":   func() nn.Layer { return models.NewResNetV2(18, ten) },
		"resnet50_v2":   func() nn.Layer { return models.NewResNetV2(50, ten) },
		"resnet101_v2":  func() nn.Layer { return models.NewResNetV2(101, ten) },
		"densenet121":   func() nn.Layer { return models.NewDenseNet(121, ten) },
		"densenet169":   func() nn.Layer { return models.NewDenseNet(169, ten) },
		"squeezenet1.0": func() nn.Layer { return models.NewSqueezeNet("1.0", ten) },
		"squeezenet1.1": func() nn.Layer { return models.NewSqueezeNet("1.1", ten) },
		"alexnet":       func() nn.Layer { return models.NewAlexNet(ten) },
		"vgg11":         func() nn.Layer { return models.NewVGG(11, ten) },
		"vgg16_bn":      func() nn.Layer { return models.NewVGG(16, ten, models.BatchNorm) },
	}
	cases := loadModels(t, "testdata/gluon.json.gz")
	if len(cases) != len(networks) {
		t.Errorf("%d networks for %d cases", len(networks), len(cases))
	}
	for _, name := range slices.Sorted(maps.Keys(networks)) {
		t.Run(name, func(t *testing.T) {
			want := cases[name]
			sameShapes(t, networks[name](), want.State)
			if want.Eval == nil {
				return
			}
			if testing.Short() {
				t.Skip("slow")
			}
			oracle{networks[name], func(net nn.Layer) nn.Naming { return models.GluonNames(net) }, []nn.ForeignOption{models.GluonFixed}}.check(t, want)
		})
	}
	for _, net := range []any{models.NewMobileNetV2(), models.NewGoogLeNet(), nn.Sequential{}} {
		if err := tensor.Try(func() { models.GluonNames(net) }); err == nil || !strings.Contains(err.Error(), "does not have") {
			t.Error(err)
		}
	}
}

// sameShapes compares the shapes of parameters with those under Gluon's names.
func sameShapes(t *testing.T, net nn.Layer, want map[string][]int) {
	t.Helper()
	naming, n := models.GluonNames(net), 0
	for _, p := range nn.Parameters(net) {
		if name := naming(p.Path); !slices.Equal(p.Shape(), want[name]) {
			t.Errorf("%s: shape %v, Gluon has %v as %s", p.Path, p.Shape(), want[name], name)
		}
		n++
	}
	for name := range want {
		if strings.Contains(name, ".running_") || name == "features.0.gamma" || name == "features.0.beta" {
			n++
		}
	}
	if n != len(want) {
		t.Errorf("%d names, Gluon has %d", n, len(want))
	}
}
