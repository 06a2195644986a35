// Package houseprices is lesson 4.10: a competition from the table to the submission.
package houseprices

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/d2l"
	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/frame"
	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/tensor"
)

//go:embed lesson.go
var source string

func init() {
	book.Register(book.Lesson{
		Section: "4.10", Title: "Predicting House Prices on Kaggle", Run: HousePrices,
		Data: []string{"kaggle_house_train", "kaggle_house_test"}, Source: source,
	})
}

// # Predicting House Prices on Kaggle
//
// The data of the lessons so far came ready for a network: numbers of the same kind, complete, of a reasonable size. Real tables are not like that. This lesson takes
// one from the raw file to predictions that could be handed in: houses sold in Ames, Iowa, from 2006 to 2010, each described by 79 columns, from the
// size of the plot to the kind of the roof. What a house sold for is to be predicted. Bart de Cock collected the data [@cock2011], and *Kaggle*, a site where people
// compete in such tasks, made a long-running competition of them: it gives out one half with the prices and one half without, and
// scores predictions for the second.
func HousePrices(p *book.Page) {
	k := p.Int("k", 5, book.Doc("folds of the cross-validation"))
	epochs := p.Int("epochs", 100, book.Doc("epochs of each training"))
	lr := p.Float("lr", 5, book.Doc("learning rate"))
	weightDecay := p.Float("wd", 0, book.Doc("weight decay"))
	batchSize := p.Int("batch", 64, book.Doc("examples in a minibatch"))
	submission := p.String("submission", "", book.Doc("file to write; if empty, submission.csv in the cache"))
	short := p.Int("short", 100, book.Quick(8), book.Doc("epochs of each training in the exercises"))

	// The way of a competition is drawn in @fig-kaggle. Nobody but the site knows the prices of the second half, so a model cannot be fitted to them by accident or on purpose.

	p.Figure("kaggle", competition().Figure())

	// ## Getting the data
	//
	// Every data set of the book has a key. The table of them, `d2l.DataHub`, knows where the file is and its checksum, a number of 160 bits computed from its bytes. `d2l.Download` looks
	// for the file in the folders of `FATHOM_DATA` and in the cache, and fetches it if it is in neither. A file whose checksum is wrong, because a download was cut off or someone tampered with it, is not used. (`d2l.DownloadExtract` does the same for archives and unpacks
	// them.)

	trainPath, err := d2l.Download(p, "kaggle_house_train")
	testPath := ""
	if err == nil {
		testPath, err = d2l.Download(p, "kaggle_house_test")
	}
	if err != nil && p.Context().Err() == nil {
		p.Notice("Data: the tables of house prices are neither in a folder of FATHOM_DATA nor in the cache, and could not be downloaded. The lesson ends here.")
		return
	}
	p.Check(err)

	// ## Looking at the data
	//
	// Package `frame` reads tables: columns with names, each of numbers or of texts.

	trainData, err := frame.Load(trainPath)
	p.Check(err)
	testData, err := frame.Load(testPath)
	p.Check(err)
	p.Print(trainData.Shape())
	p.Print(testData.Shape())

	// 1460 houses with prices and 1459 without; the second table lacks the column. Here are four houses by their first four columns and the last three:

	p.Print(trainData.Head(4).Select("Id", "MSSubClass", "MSZoning", "LotFrontage", "SaleType", "SaleCondition", "SalePrice"))

	// The columns are of all kinds. `LotFrontage` is a length, `MSZoning` a category, and `MSSubClass` looks like a number but is the code of a type of building. Many values are missing. These columns have
	// the most gaps:

	gaps := frame.Concat(trainData, testData).Drop("SalePrice").MissingCounts()
	p.Print(gaps.Sort(gaps.Names()[1], true).Head(5))

	// That a house has no pool is written as a missing value. So a gap can say something.
	//
	// The first column, `Id`, says nothing about a house. If it were left in, a model could learn prices by heart. We take it out, and the price from the training part, and put
	// both tables on top of each other, to treat them alike.

	allFeatures := frame.Concat(trainData.Cols(1, -1), testData.Cols(1, testData.Shape()[1]))

	// ## Preprocessing
	//
	// **Numbers.** A column $x$ is *standardized*: from each value its mean $\mu$ is taken away, and the rest is divided by the standard deviation $\sigma$,
	//
	// $$x \leftarrow \frac{x - \mu}{\sigma},$$
	//
	// so that it has mean 0 and variance 1. There are two reasons. One learning rate then suits all weights; an area of 10,000 square feet and a number of bathrooms
	// would need very different ones. And we do not know beforehand which columns matter, so none should be punished more than another by weight decay. A missing number is replaced by the mean, that is, by
	// 0 after standardization.
	//
	// **Categories.** A column of texts becomes one column of zeros and ones for each text that occurs: the house is in zone RL, or not. This is *one-hot encoding*. A gap gets
	// a column of its own.

	allFeatures = allFeatures.Standardize().Fill(0).OneHot(true)
	p.Print(allFeatures.Shape())

	// So 79 columns have become 331. They go into tensors of `float32`: the first 1460 rows for training, the rest for predictions.

	nTrain := trainData.Len()
	X := allFeatures.Tensor().AsType(tensor.Float32)
	trainFeatures, testFeatures := X.Slice(tensor.R(0, nTrain)), X.Slice(tensor.From(nTrain))
	trainLabels := trainData.Col("SalePrice").Tensor().AsType(tensor.Float32).Reshape(-1, 1)

	// ## Training
	//
	// We begin with a linear model and the squared loss. It will not win a competition. But it shows whether there is anything to be learned from the data, and if a
	// fancier model cannot beat it, we know that something is wrong with that.
	//
	// How should an error be measured? An error of 50,000 dollars makes nonsense of the price of a cottage, and nobody would complain about it with a villa. What counts is the *relative* error. The ratio of the predicted price $\hat y$ and
	// the true price $y$ becomes a difference with logarithms, and so the competition scores by
	//
	// $$\sqrt{\frac{1}{n} \sum_{i=1}^n \left(\log y_i - \log \hat y_i\right)^2}.$$
	//
	// An error of 0.16 means that predictions are off by 16 % or so. The function `logRMSE` computes it. Prices spread over more than a factor of ten:

	prices := plot.New(&plot.Axes{XLabel: "price in dollars", YLabel: "houses", Grid: true, Items: []plot.Item{&plot.Hist{Series: []plot.Series{{Y: trainLabels.Float64s()}}, Bins: 40}}})
	prices.Alt = "Most houses sold for 100,000 to 250,000 dollars, few for more than 400,000."
	p.Figure("prices", prices)

	// The loss for training stays $\frac12 (\hat y - y)^2$. Weights have to grow from 0 to tens of thousands, for which plain gradient descent would need careful tuning. *Adam*, an optimizer explained in section 11.10, takes steps whose size
	// depends little on the size of the gradients. With a learning rate of 5 each weight can move by about 5 dollars a step. (Squared errors of billions also explain why the raw loss is
	// no good to look at.)
	//
	// ## K-fold cross-validation
	//
	// To choose hyperparameters, we need a validation set, and 1460 houses are few. *K-fold cross-validation*, named in section 4.4, uses all of them: cut the data into $K$ slices, and train $K$ times, each time
	// leaving out another slice for validation. The mean of the $K$ validation errors is the estimate.

	h := hyper{epochs, lr, weightDecay, batchSize}
	trainL, validL := kFold(p, k, trainFeatures, trainLabels, h, linear, true)
	p.Printf("%d-fold validation: avg train log rmse: %f, avg valid log rmse: %f\n", k, trainL, validL)
	p.Result("train log rmse", trainL)
	p.Result("valid log rmse", validL)

	// The chart is that of the first fold. In the first epochs the error is far above 1: the model predicts almost nothing and prices are in the hundred thousands. (`logRMSE` counts predictions below 1 as 1, since there is no logarithm of a negative
	// price.) The mean errors of training and validation are close, 0.165 and 0.170. So the model hardly overfits. That the folds differ by more than that, from 0.15 to 0.19, says how much a single validation set of
	// 292 houses could have misled us.
	//
	// Beware of trying too many settings. Whoever picks the best of hundreds by validation error picks partly by chance.
	//
	// ## Submitting predictions
	//
	// Once the hyperparameters are chosen, there is no reason to hold anything back: train on all 1460 houses, and predict the others. The competition wants a file with two columns, the number of the house and its
	// price.

	path := submission
	if path == "" {
		cache, err := data.CacheDir()
		p.Check(err)
		path = filepath.Join(cache, "results", "submission.csv")
		p.Check(os.MkdirAll(filepath.Dir(path), 0o777))
	}
	final, table := trainAndPredict(p, trainFeatures, testFeatures, trainLabels, testData, h)
	p.Printf("train log rmse %f\n", final)
	p.Result("final train log rmse", final)
	p.Check(table.Save(path))
	p.Print(table.Head(4))

	// The file, `submission.csv` in the results folder of the cache unless `--set submission=FILE` says otherwise, could now be uploaded at Kaggle. It pays to compare: are the predictions
	// for the test houses in the range of the known prices? A mean far off would be a sign that something went wrong.

	predicted := table.Col("SalePrice")
	p.Printf("mean price: known %.0f, predicted %.0f; predictions from %.0f to %.0f\n", trainLabels.Mean(), predicted.Mean(), predicted.Min(), predicted.Max())

	// ## Summary
	//
	// - Real tables have gaps and mix numbers with categories. Standardize the first, one-hot encode the second.
	// - For prices the relative error counts: compare logarithms.
	// - K-fold cross-validation makes the most of few data when hyperparameters are chosen.
	//
	// ## Exercises
	//
	// 1. *Improve the model by predicting the logarithm of the price.* Then the squared loss measures what the competition scores. The labels are of size 12, so that a much smaller
	//    learning rate is right. The validation error falls from 0.17 to 0.15, with the same linear model.
	//
	// 2. *What does weight decay do?* That depends on the scale. With prices in dollars a decay of 1 ruins the model: it acts on the bias too, which ought to be 180,000, and pulls all predictions down. For
	//    logarithms, a decay of 0.01 raises the training error and lowers the validation error, as it should.
	//
	// 3. *Use a deeper model.* With a hidden layer of 64 units the training error falls to almost nothing, and the validation error is not much better than that of the linear model with weight decay: it overfits. With
	//    dropout it overfits less, and gives the best predictions on this page.
	//
	// 4. *What happens without standardization?* Columns with large numbers take over, and the weights of the others do not arrive in 100 epochs.

	logPrice := trainLabels.Log()
	raw := frame.Concat(trainData.Cols(1, -1), testData.Cols(1, testData.Shape()[1])).Fill(0).OneHot(true)
	rawFeatures := raw.Tensor().AsType(tensor.Float32).Slice(tensor.R(0, nTrain))
	var rows [][]string
	for _, t := range []trial{
		{"price", trainFeatures, trainLabels, hyper{short, 5, 0, 64}, linear},
		{"price, wd=1", trainFeatures, trainLabels, hyper{short, 5, 1, 64}, linear},
		{"price, not standardized", rawFeatures, trainLabels, hyper{short, 5, 0, 64}, linear},
		{"log price", trainFeatures, logPrice, hyper{short, 0.002, 0, 64}, linearLog},
		{"log price, wd=0.01", trainFeatures, logPrice, hyper{short, 0.002, 0.01, 64}, linearLog},
		{"log price, hidden layer", trainFeatures, logPrice, hyper{short, 0.001, 0, 64}, hidden(0)},
		{"log price, hidden layer, dropout", trainFeatures, logPrice, hyper{short, 0.001, 0, 64}, hidden(0.3)},
	} {
		train, valid := kFold(p, k, t.X, t.y, t.hyper, t.model, false)
		run := p.Run(t.name)
		run.Result("train log rmse", train)
		run.Result("valid log rmse", valid)
		rows = append(rows, []string{t.name, fmt.Sprintf("%.4f", train), fmt.Sprintf("%.4f", valid)})
	}
	p.Table([]string{"model", "train log rmse", "valid log rmse"}, rows)

	// 5. *Is it right to replace every missing number by the mean?* Only if it is missing by chance. Where the year of the garage is missing because there is no garage, the mean is a lie, and a further
	//    column that says so would be better.
}

// What is chosen by cross-validation.
type hyper struct {
	epochs    int
	lr, wd    float64
	batchSize int
}

// A model, and how it is scored on its labels.
type model struct {
	net   func() nn.Layer
	score func(net nn.Layer, X, y *tensor.Tensor) float64
}

// A single layer with one output. The bias is among its parameters.
func getNet() nn.Layer {
	net := nn.Sequential{nn.NewDense(1)}
	nn.Init(net, nn.Uniform(0.07))
	return net
}

// The root of twice the mean of $\frac12 (\log \hat y - \log y)^2$.
func logRMSE(net nn.Layer, X, y *tensor.Tensor) float64 {
	clipped := net.Forward(nn.Eval(), X).MaximumScalar(1)
	return nn.L2Loss(clipped.Log(), y.Log()).Mean().MulScalar(2).Sqrt().Item()
}

var linear = model{getNet, logRMSE}

// The training, with the errors after each epoch. The validation data may be missing.
func train(p *book.Page, m model, trainX, trainY, validX, validY *tensor.Tensor, h hyper) (trainLs, validLs []float64) {
	net := m.net()
	trainer := optim.NewAdam(nn.Parameters(net), optim.LR(h.lr), optim.WD(h.wd))
	trainIter := d2l.LoadArray(h.batchSize, true, trainX, trainY).With(data.Context(p.Context()))
	net.Forward(nn.Eval(), trainX.Slice(tensor.R(0, 1))) // the layers see how many inputs there are
	for range h.epochs {
		for X, y := range trainIter.Batches() {
			nn.L2Loss(net.Forward(nn.Train(), X), y).Backward()
			trainer.Step(X.Len())
		}
		p.Check(trainIter.Err())
		trainLs = append(trainLs, m.score(net, trainX, trainY))
		if validX != nil {
			validLs = append(validLs, m.score(net, validX, validY))
		}
	}
	return trainLs, validLs
}

// Slice $i$ of $k$ is for validation, the others are joined for training.
func getKFoldData(k, i int, X, y *tensor.Tensor) (trainX, trainY, validX, validY *tensor.Tensor) {
	if k < 2 || i < 0 || i >= k || X.Len() < k {
		tensor.Misuse("getKFoldData", fmt.Sprintf("there is no fold %d of %d", i, k), "", X)
	}
	size := X.Len() / k
	fold := tensor.R(i*size, (i+1)*size)
	before, after := tensor.R(0, i*size), tensor.R((i+1)*size, k*size)
	join := func(x *tensor.Tensor) *tensor.Tensor { return tensor.Concat(0, x.Slice(before), x.Slice(after)) }
	return join(X), join(y), X.Slice(fold), y.Slice(fold)
}

// The mean errors after the last epoch. If it shall show them, the errors of each fold are printed, and those of the first are drawn.
func kFold(p *book.Page, k int, X, y *tensor.Tensor, h hyper, m model, show bool) (trainL, validL float64) {
	for i := range k {
		trainX, trainY, validX, validY := getKFoldData(k, i, X, y)
		trainLs, validLs := train(p, m, trainX, trainY, validX, validY, h)
		trainL += trainLs[len(trainLs)-1] / float64(k)
		validL += validLs[len(validLs)-1] / float64(k)
		if !show {
			continue
		}
		if i == 0 {
			d2l.Plot(p, "fold-1", epochNumbers(h), []*tensor.Tensor{tensor.Of(trainLs), tensor.Of(validLs)}, d2l.Axis{
				XLabel: "epoch", YLabel: "rmse", XLim: plot.Range{Min: 1, Max: float64(h.epochs)}, YScale: plot.Log, Legend: []string{"train", "valid"},
			})
		}
		p.Printf("fold %d, train log rmse %f, valid log rmse %f\n", i+1, trainLs[len(trainLs)-1], validLs[len(validLs)-1])
		fold := p.Run(fmt.Sprintf("fold %d", i+1))
		fold.Result("train log rmse", trainLs[len(trainLs)-1])
		fold.Result("valid log rmse", validLs[len(validLs)-1])
	}
	return trainL, validL
}

func epochNumbers(h hyper) *tensor.Tensor { return tensor.Arange(1, float64(h.epochs+1)) }

// Training on everything, and a table of predictions as Kaggle wants it.
func trainAndPredict(p *book.Page, trainX, testX, trainY *tensor.Tensor, test *frame.Frame, h hyper) (float64, *frame.Frame) {
	net := getNet()
	ls, _ := train(p, model{func() nn.Layer { return net }, logRMSE}, trainX, trainY, nil, nil, h)
	d2l.Plot(p, "all-data", epochNumbers(h), []*tensor.Tensor{tensor.Of(ls)}, d2l.Axis{
		XLabel: "epoch", YLabel: "log rmse", XLim: plot.Range{Min: 1, Max: float64(h.epochs)}, YScale: plot.Log,
	})
	prices := net.Forward(nn.Eval(), testX).Reshape(-1).Float64s()
	return ls[len(ls)-1], frame.New(test.Col("Id"), frame.Floats("SalePrice", prices...))
}

// Labels that are logarithms are scored as they are. The bias begins at 12, the size of the labels, to spare the network the way there.
var linearLog = model{func() nn.Layer { return atTwelve(nn.Sequential{nn.NewDense(1)}) }, rmse}

func hidden(dropout float64) model {
	return model{func() nn.Layer {
		return atTwelve(nn.Sequential{nn.NewDense(64, nn.ReLU), nn.NewDropout(dropout), nn.NewDense(1)})
	}, rmse}
}

func atTwelve(net nn.Sequential) nn.Layer {
	nn.Init(net, nn.Uniform(0.07))
	net[len(net)-1].(*nn.Dense).Bias.SetValue(tensor.Of([]float32{12}))
	return net
}

func rmse(net nn.Layer, X, y *tensor.Tensor) float64 {
	return nn.L2Loss(net.Forward(nn.Eval(), X), y).Mean().MulScalar(2).Sqrt().Item()
}

type trial struct {
	name  string
	X, y  *tensor.Tensor
	hyper hyper
	model model
}

func competition() *plot.Diagram {
	box := func(label string, tint plot.Tint) *plot.Node { return plot.Box(label).Tint(tint) }
	train, test := box("train table, with prices", plot.Blue), box("test table, without", plot.Blue)
	fit, predict := box("train", plot.Gray), box("predict", plot.Gray)
	submission, hidden := box("submission.csv", plot.Green), box("true prices, kept secret", plot.Orange)
	compare, score := box("compare", plot.Gray), box("score", plot.Green)
	d := plot.NewDiagram("A competition: a model is trained on the table with prices, predicts prices for the table without them, and writes them to submission.csv; the site compares these with "+
		"the true prices, which it keeps secret, and answers with a score.",
		plot.Table(5, train, fit, nil, hidden, nil, test, predict, submission, compare, score).Gap(22))
	d.Chain(train, fit, predict, submission, compare, score)
	d.Arrow(test, predict)
	d.Arrow(hidden, compare)
	return d
}
