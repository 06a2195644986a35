package show_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"time"

	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/show"
)

func ExamplePlain() {
	d := show.Plain(context.Background(), os.Stdout)
	d.Print("training for", 2, "epochs")
	for epoch := 1.0; epoch <= 2; epoch++ {
		d.Metric("train loss", int(epoch), epoch, 1/epoch)
		d.Metric("test acc", int(epoch), epoch, 0.4*epoch)
	}
	d.Figure("loss", plot.New(&plot.Axes{XLabel: "epoch", Items: []plot.Item{
		&plot.Line{Y: []float64{1, 0.5}, Label: "train loss"},
	}}))
	d.Result("test acc", 0.8)
	// Output:
	// training for 2 epochs
	// at 2: train loss 0.5, test acc 0.8
	// [figure loss: Line plot of train loss; horizontal axis epoch.]
	// test acc = 0.8
}

func ExampleBar() {
	b := show.Bar{Label: "train", Total: 235}
	b.Done, b.Elapsed, b.Note = 106, 12*time.Second, "loss 0.312"
	fmt.Println(b.Line(72))
	// Output:
	// train ━━━━━━━━━───────────  45% 106/235 0:12, 0:15 left  loss 0.312
}

func ExampleFormatTable() {
	fmt.Print(show.FormatTable(
		[]string{"section", "title", "seconds"},
		[][]string{{"3.2", "Linear regression from scratch", "0.4"}, {"6.6", "LeNet", "58.1"}}))
	// Output:
	// section  title                           seconds
	// -------  ------------------------------  -------
	//     3.2  Linear regression from scratch      0.4
	//     6.6  LeNet                              58.1
}

func ExampleFormatValue() {
	fmt.Println(show.FormatValue(0.123456), show.FormatValue(60000), show.FormatValue(1e-7), show.FormatValue(math.NaN()))
	// Output:
	// 0.1235 60000 1e-07 nan
}

func ExampleFormatDuration() {
	fmt.Println(show.FormatDuration(83*time.Second), show.FormatDuration(2*time.Hour))
	// Output:
	// 1:23 2:00:00
}

// Loops stop where they look whether they should.
func ExampleCheck() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	d := show.Plain(ctx, os.Stdout)
	defer func() {
		if r, ok := recover().(show.Interrupted); ok {
			fmt.Println(r.Error())
		}
	}()
	for step := 1; ; step++ {
		show.Check(d)
		d.Print("step", step)
		if step == 2 {
			cancel() // the user pressed Ctrl-C
		}
	}
	// Output:
	// step 1
	// step 2
	// interrupted: context canceled
}
