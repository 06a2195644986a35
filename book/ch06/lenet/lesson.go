// Package lenet is lesson 6.6: LeNet, a convolutional network trained to the end.
package lenet

import (
	_ "embed"
	"fmt"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/d2l"
	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/tensor/random"
)

//go:embed lesson.go
var source string

func init() {
	book.Register(book.Lesson{
		Section: "6.6", Title: "Convolutional Neural Networks (LeNet)",
		Run: LeNet, Data: []string{"fashion-mnist"}, Source: source,
	})
}

// # Convolutional Neural Networks (LeNet)
//
// The multilayer perceptron of 4.2 begins by laying the rows of a picture end to end. After that it no longer
// knows which pixels were neighbours, and it needs a weight for every pair of pixel and hidden unit. A
// convolutional network keeps the picture a picture: it slides small windows of weights over it (6.2), so the same
// detector of an edge serves everywhere, and a few numbers do the work of many.
//
// The first such network in daily use was LeNet, built by Yann LeCun and others at AT&T Bell Labs from 1989 on to
// read handwritten digits; for years it read the amounts on a good part of the cheques cashed in the United
// States. Here we build it, look at what comes out of each layer, train it, and look at what it has learned.
func LeNet(p *book.Page) {
	// ## The network
	//
	// Two blocks of convolution and pooling turn a picture into 16 small maps of features. Three fully connected
	// layers turn these into one score for each of ten classes.
	//
	// A convolution with window $k \times k$, padding $p$ and stride $s$ makes from an input of height $n$ an output
	// of height
	//
	// $$\left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1,$$
	//
	// and the same for the width. The first convolution has $n = 28$, $k = 5$, $p = 2$, $s = 1$, so the picture keeps
	// its size: $28 + 4 - 5 + 1 = 28$. The second has no padding and takes off four rows and four columns. An average
	// pooling layer (6.5) replaces each block of $2 \times 2$ values by their mean, which halves height and width and
	// makes the network forgiving about small shifts.
	//
	// After each convolution and each hidden layer comes the *sigmoid* function
	//
	// $$\sigma(x) = \frac{1}{1 + e^{-x}},$$
	//
	// which squeezes any number into the interval from 0 to 1. That was the choice of the time. Rectifiers and maximum
	// pooling work better; the end of this lesson tries them.

	net := nn.Sequential{
		nn.NewConv2D(6, 5, nn.Pad(2), nn.Sigmoid), nn.NewAvgPool2D(2),
		nn.NewConv2D(16, 5, nn.Sigmoid), nn.NewAvgPool2D(2),
		nn.NewDense(120, nn.Sigmoid), nn.NewDense(84, nn.Sigmoid),
		nn.NewDense(10),
	}

	// The picture on its way through the network: stacks of sheets are maps of features, and the arrows are layers.

	p.Figure("lenet", lenetDrawing().Figure())

	// The same as a list of layers, from the picture below to the scores above:

	p.Figure("lenet-vert", layersDrawing().Figure())

	// A dense layer reads each example as one long vector: it folds all axes after the first, so no layer for that is
	// needed between the blocks. The LeNet-5 of 1998 differs in four points: it squeezes with a scaled hyperbolic
	// tangent, its pooling has trainable factors, not every map of the second convolution sees every map of the first,
	// and its last layer measures distances to fixed patterns. None of these is missed.
	//
	// ## Shapes
	//
	// We send one picture of random noise through the network, layer by layer, and print the shape of every output:
	// examples, channels, height, width. This is the cheapest test of a new network, and the one that finds most
	// mistakes. Layers do not know their number of inputs until they see some, so this first run is also what makes
	// the weights.

	nn.Init(net, nn.Uniform(0.07))
	X := random.Uniform(0, 1, 1, 1, 28, 28)
	count := map[string]int{}
	for _, layer := range net {
		X = layer.Forward(nn.Eval(), X)
		kind := nn.Name(layer)
		p.Print(fmt.Sprint(kind, count[kind]), "output shape:\t", book.Shown(X.Shape()))
		count[kind]++
	}

	// Read it from top to bottom: the pictures get smaller, from $28 \times 28$ to $5 \times 5$, while their number
	// grows from 1 to 16. The network gives up *where* and gains *what*. Then $16 \cdot 5 \cdot 5 = 400$ numbers go
	// through 120 and 84 to ten.
	//
	// A convolution from $c$ to $d$ channels has $d \cdot c \cdot k^2$ weights and $d$ biases, a dense layer from $m$
	// to $n$ units has $mn$ weights and $n$ biases; pooling has none.
	//
	// | layer | weights | biases | together |
	// |---|---|---|---|
	// | conv0 | 6 · 1 · 25 | 6 | 156 |
	// | conv1 | 16 · 6 · 25 | 16 | 2,416 |
	// | dense0 | 120 · 400 | 120 | 48,120 |
	// | dense1 | 84 · 120 | 84 | 10,164 |
	// | dense2 | 10 · 84 | 10 | 850 |

	p.Print("parameters:", nn.Count(net))

	// That is less than a third of the 203,530 parameters of the perceptron in 4.2, and the two convolutions own only
	// 2,572 of them. But each weight of a convolution is used at every place of the picture: the first layer does
	// $28 \cdot 28 \cdot 150 = 117{,}600$ multiplications for one picture, the second
	// $10 \cdot 10 \cdot 2{,}400 = 240{,}000$, the whole network about 417,000, twice as many as the perceptron.
	// Convolutional networks are small and busy.
	//
	// ## Data
	//
	// Fashion-MNIST (3.5): 60,000 pictures of clothes to learn from and 10,000 to test with, $28 \times 28$ pixels,
	// ten classes. Where it is not to be had, this lesson runs on 1,797 handwritten digits that come with the program,
	// scaled to the same size. The page says above its results which of the two it used.

	trainSet, testSet, err := d2l.OpenFashionMNIST(p)
	p.Check(err)

	// ## Training
	//
	// The recipe is that of 3.6 and 3.7: minibatches, the cross-entropy of the softmax as loss $L$, stochastic
	// gradient descent $w \leftarrow w - \eta \, \partial L / \partial w$ with learning rate $\eta$. Two things are
	// different. The weights begin with *Xavier's* values (4.8), uniform in
	//
	// $$\left[ -\sqrt{\tfrac{6}{n_\text{in} + n_\text{out}}}, \; \sqrt{\tfrac{6}{n_\text{in} + n_\text{out}}} \right],$$
	//
	// where $n_\text{in}$ and $n_\text{out}$ are the numbers of inputs and outputs that one unit is connected with, so
	// that signals neither fade nor blow up on their way through the layers. And the learning rate is a bold 0.9. It
	// has to be, as we are about to see.
	//
	// On the digits these settings fail. A pass over Fashion-MNIST in batches of 256 is 235 updates of the weights, a
	// pass over 1,437 digits is six, and the network would still be guessing after all ten passes; nor do more passes
	// or smaller batches help it. There the lesson keeps the network and changes the optimizer to Adam (11.10), which
	// measures each weight's step by the size of its past gradients and so gets off the plateau.

	var lr float64
	var epochs, batch, examples int
	optimizer := sgd
	if trainSet.Name == "fashion-mnist" {
		lr = p.Float("lr", 0.9, book.Doc("learning rate (on digits 0.003)"))
		epochs = p.Int("epochs", 10, book.Quick(2), book.Doc("passes over the training set (on digits 100)"))
		batch = p.Int("batch", 256, book.Doc("pictures in a minibatch (on digits 32)"))
		examples = p.Int("examples", 0, book.Quick(6000), book.Doc("pictures to train with; 0 means all"))
	} else {
		p.Notice("The book's settings, gradient descent with rate 0.9 on a network of sigmoids, stay at chance " +
			"on so small a set. This run keeps the network and trains it with Adam, rate 0.003, batches of 32.")
		lr = p.Float("lr", 0.003)
		epochs = p.Int("epochs", 100, book.Quick(15))
		batch = p.Int("batch", 32)
		examples = p.Int("examples", 0)
		optimizer = adam
	}
	train, test := d2l.LoadImages(trainSet, testSet, batch, d2l.Examples(examples))

	// `TrainCh6` is the training loop that this and the next chapters share: fresh Xavier weights, then for each batch
	// the prediction, the loss, `Backward`, and a step of the optimizer. With `--set save=FILE` it also writes the
	// network to a file after every epoch.

	save := p.String("save", "", book.Doc("file (safetensors) for the network, written after each epoch"))
	p.Check(d2l.TrainCh6(p, net, train, test, epochs, lr, d2l.TryGPU(),
		d2l.Optimizer(optimizer), d2l.SaveTo(save)))

	// The curves start with a surprise: for about one epoch (three on the digits) nothing happens. The loss sits at
	// 2.3 and the accuracy at 0.1, which is what guessing gives among ten classes, $-\ln \frac{1}{10} = 2.303$. The
	// sigmoids are to blame. The derivative $\sigma'(x) = \sigma(x) (1 - \sigma(x))$ is nowhere larger than $\frac14$.
	// The gradient for the first convolution passes through four of them, so it arrives at most $\frac{1}{256}$ as
	// strong, apart from the weights in between. At the small rates of the chapters before, it would take much longer
	// to get away. Once the first layers have found something that tells the classes apart, the gradients grow and the
	// loss falls quickly. (A quick run, with `--quick`, may well end before that.)
	//
	// Two more things to know when you read the numbers. The training loss and accuracy are averages over the epoch so
	// far, taken while the weights were changing, so they lag behind; early on the test accuracy, measured with the
	// weights at the end of the epoch, is often the higher one. And on Fashion-MNIST the test accuracy jumps by
	// several hundredths from one epoch to the next. That is the price of the rate 0.9: the last steps are still
	// large.
	//
	// ## What it sees
	//
	// The title of each test picture is its true class, and below that the network's guess.

	p.Check(d2l.PredictCh3(p, net, test, 6, testSet.Names))

	// A layer is a value, so we can also ask it alone. These are the six maps that the first convolution makes of the
	// first test picture, and the sixteen that the second makes of them (after pooling). Bright is where a map is
	// large; each is scaled to its own range.

	image, _ := testSet.At(0)
	first := net[0].Forward(nn.Eval(), data.ToTensor(image).Unsqueeze(0))
	second := net[1:3].Forward(nn.Eval(), first)
	d2l.ShowImages(p, "conv0", first.Index(0), 1, 6, nil, 1)
	d2l.ShowImages(p, "conv1", second.Index(0), 2, 8, nil, 1)

	// The first maps still show the picture: some as it is, some as a negative, some only its edges on one side.
	// Nobody told the network to look for edges. The second maps are coarse, and each of their values sums up a window
	// of $14 \times 14$ pixels: five values of the pooled map, each the mean of two, each of those from five pixels,
	// $5 \cdot 2 + 4 = 14$. They no longer draw the picture; they say where in it something was found.
	//
	// ## Thirty years on
	//
	// Three changes make LeNet a network of today: rectifiers $\max(x, 0)$, whose derivative is 1 wherever they are
	// active; the maximum in place of the average in the pooling; and, since gradients no longer fade, a smaller rate.
	// `--set modern=true` trains this network too. There is no plateau. On Fashion-MNIST the loss falls to 0.31, where
	// the old network ends at 0.47.

	if p.Bool("modern", false, book.Doc("train a second network, with rectifiers and maximum pooling")) {
		modern := nn.Sequential{
			nn.NewConv2D(6, 5, nn.Pad(2), nn.ReLU), nn.NewMaxPool2D(2),
			nn.NewConv2D(16, 5, nn.ReLU), nn.NewMaxPool2D(2),
			nn.NewDense(120, nn.ReLU), nn.NewDense(84, nn.ReLU),
			nn.NewDense(10),
		}
		p.Check(d2l.TrainCh6(p.Run("modern"), modern, train, test, epochs, min(lr, 0.1), d2l.TryGPU(),
			d2l.Optimizer(optimizer)))
	}

	// ## Exercises
	//
	// 1. Train with `--set lr=0.1`. How long does the plateau last now? Does the network leave it in ten epochs?
	// 2. Double the channels of both convolutions. How do the number of parameters and the speed change, and which layer
	//    takes most of each?
	// 3. Put the sigmoids back into the modern network and leave the maximum pooling. Which of the changes
	//    ended the plateau?
	// 4. Show the maps for a noise picture, and for a picture shifted by two pixels.
}

// The two optimizers, with everything but the rate left at its default:
func sgd(ps []nn.Named, lr float64) optim.Optimizer  { return optim.NewSGD(ps, optim.LR(lr)) }
func adam(ps []nn.Named, lr float64) optim.Optimizer { return optim.NewAdam(ps, optim.LR(lr)) }

// Each sheet is drawn as large as its map: convolution makes more maps, pooling makes them smaller.
func lenetDrawing() *plot.Diagram {
	stages := []*plot.Node{
		plot.Sheets("image\n28×28", 1, 48, 48).Tint(plot.Gray),
		plot.Sheets("6@28×28", 6, 42, 42).Tint(plot.Blue), plot.Sheets("6@14×14", 6, 24, 24).Tint(plot.Green),
		plot.Sheets("16@10×10", 12, 18, 18).Tint(plot.Blue), plot.Sheets("16@5×5", 12, 11, 11).Tint(plot.Green),
		plot.Block("120", 7, 66, 6).Tint(plot.Orange), plot.Block("84", 7, 50, 6).Tint(plot.Orange), plot.Block("10", 7, 22, 6).Tint(plot.Red),
	}
	d := plot.NewDiagram("LeNet: an image of 28 by 28 becomes 6 maps of 28 by 28, 6 of 14 by 14, 16 of 10 by 10, 16 of 5 by 5, then 120, 84 and 10 numbers",
		plot.Row(stages...).Gap(42))
	for i, layer := range []string{"conv 5×5\npad 2", "pool 2×2", "conv 5×5", "pool 2×2", "dense", "dense", "dense"} {
		d.Arrow(stages[i], stages[i+1]).Words(layer)
	}
	return d
}

// A box for each layer.
func layersDrawing() *plot.Diagram {
	var boxes []*plot.Node
	for _, layer := range []string{"Dense 10", "Dense 84", "Dense 120", "Average pooling 2×2", "Convolution 5×5, 16", "Average pooling 2×2", "Convolution 5×5, 6, pad 2"} {
		tint := plot.Orange
		if layer[0] == 'C' {
			tint = plot.Blue
		} else if layer[0] == 'A' {
			tint = plot.Green
		}
		boxes = append(boxes, plot.Box(layer).Size(150, 24).Tint(tint))
	}
	boxes = append(boxes, plot.Words("Image (28×28)"))
	d := plot.NewDiagram("LeNet as a list of layers: two convolutions, each with average pooling behind it, and three dense layers", plot.Column(boxes...).Gap(16))
	for i := len(boxes) - 1; i > 0; i-- {
		d.Arrow(boxes[i], boxes[i-1])
	}
	return d
}
