package models

import (
	"fmt"
	"regexp"
	"strconv"

	"github.com/fathom-ml/fathom/nn"
)

// TorchNames are torchvision's names of the parameters of all networks here, an option of nn.LoadFrom, nn.Export and nn.SaveAs: [nn.TorchNames], and for
// a [DenseNet] the blocks, layers and transitions counted from 1.
var TorchNames nn.Naming = func(path string) string {
	path = denseLayer.ReplaceAllStringFunc(path, func(s string) string {
		m := denseLayer.FindStringSubmatch(s)
		return fmt.Sprintf("Features.denseblock%d.denselayer%d.", next(m[1]), next(m[2]))
	})
	path = denseTransition.ReplaceAllStringFunc(path, func(s string) string {
		return fmt.Sprintf("Features.transition%d.", next(denseTransition.FindStringSubmatch(s)[1]))
	})
	return nn.TorchNames(path)
}

var (
	denseLayer      = regexp.MustCompile(`^Features\.Blocks\.(\d+)\.(\d+)\.`)
	denseTransition = regexp.MustCompile(`^Features\.Transitions\.(\d+)\.`)
)

func next(digits string) int {
	n, _ := strconv.Atoi(digits) // the pattern has digits only
	return n + 1
}

// CaffeSqueezeNetNames are the names of SqueezeNet 1.0 in its first form, that of Caffe: conv1, fire2 with squeeze1x1, expand1x1 and expand3x3, to
// conv10. Those weights want images with the channels blue, green, red, in numbers from 0 to 255 less 104, 117 and 123.
var CaffeSqueezeNetNames = func() nn.Naming {
	rules := []string{"Features.0.{p}", "conv1.{p}", "Classifier.1.{p}", "conv10.{p}"}
	for fire, at := range map[int]int{2: 3, 3: 4, 4: 5, 5: 7, 6: 8, 7: 9, 8: 10, 9: 12} {
		from, to := fmt.Sprintf("Features.%d.", at), fmt.Sprintf("fire%d.", fire)
		rules = append(rules, from+"Squeeze.{p}", to+"squeeze1x1.{p}", from+"Expand1x1.{p}", to+"expand1x1.{p}", from+"Expand3x3.{p}", to+"expand3x3.{p}")
	}
	rename := nn.Rename(rules...)
	return func(path string) string { return nn.TorchNames(rename(path)) }
}()
