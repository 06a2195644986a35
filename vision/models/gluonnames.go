package models

import (
	"fmt"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
)

// GluonNames are the names that save_parameters of Gluon's zoo gives to the parameters of a network: an option of nn.LoadFrom and nn.Export.
//
//	list, err := mxparams.Load("resnet18_v2.params")
//	err = nn.LoadFrom(net, mxparams.All(list), models.GluonNames(net), models.GluonFixed)
//
// It knows AlexNet, VGG, SqueezeNet, DenseNet, ResNet and ResNet v2 of this package (from 50 layers on a ResNet is Gluon's with the option
// [Gluon]). Gluon's MobileNet v2 is another network. It panics on other networks.
func GluonNames(net any) nn.Naming {
	var rename nn.Naming
	switch n := net.(type) {
	case *ResNetV2:
		return nn.GluonNames
	case *ResNet:
		rename = gluonResNet
	case *DenseNet:
		rename = gluonDenseNet
	case *Net:
		rename = n.gluon()
	}
	if rename == nil {
		panic(&tensor.Error{Op: "models.GluonNames", Msg: fmt.Sprintf("Gluon's zoo does not have this network, a %T", net)})
	}
	return func(path string) string { return nn.GluonNames(rename(path)) }
}

// GluonFixed leaves out the scale and the offset of the first normalisation of Gluon's ResNet v2, which are in its files and always 1 and 0.
var GluonFixed = nn.Ignore(func(name string) bool { return name == "features.0.gamma" || name == "features.0.beta" })

func (n *Net) gluon() nn.Naming {
	switch n.kind {
	case "alexnet": // ReLU is a part of the convolutions
		return nn.Rename("Features.3.{p}", "features.2.{p}", "Features.6.{p}", "features.4.{p}", "Features.8.{p}", "features.5.{p}",
			"Features.10.{p}", "features.6.{p}", "Classifier.1.{p}", "features.9.{p}", "Classifier.4.{p}", "features.11.{p}", "Classifier.6.{p}", "output.{p}")
	case "vgg": // all but the last layer are features
		first := len(n.Features) - 2
		return nn.Rename("Classifier.0.{p}", fmt.Sprintf("features.%d.{p}", first), "Classifier.3.{p}", fmt.Sprintf("features.%d.{p}", first+2),
			"Classifier.6.{p}", "output.{p}")
	case "squeezenet":
		return nn.Rename("Features.{i}.Squeeze.{p}", "features.{i}.0.0.{p}", "Features.{i}.Expand1x1.{p}", "features.{i}.1.0.0.{p}",
			"Features.{i}.Expand3x3.{p}", "features.{i}.1.1.0.{p}", "Classifier.1.{p}", "output.0.{p}")
	}
	return nil
}

var gluonResNet = func() nn.Naming {
	rules := []string{"Conv1.{p}", "features.0.{p}", "BN1.{p}", "features.1.{p}", "FC.{p}", "output.{p}"}
	for stage := 1; stage <= 4; stage++ {
		from, to := fmt.Sprintf("Layer%d.{i}.", stage), fmt.Sprintf("features.%d.{i}.", stage+3)
		for k := 1; k <= 3; k++ {
			rules = append(rules, fmt.Sprintf("%sConv%d.{p}", from, k), fmt.Sprintf("%sbody.%d.{p}", to, 3*k-3),
				fmt.Sprintf("%sBN%d.{p}", from, k), fmt.Sprintf("%sbody.%d.{p}", to, 3*k-2))
		}
		rules = append(rules, from+"Downsample.{k}.{p}", to+"downsample.{k}.{p}")
	}
	return nn.Rename(rules...)
}()

var gluonDenseNet = func() nn.Naming {
	rules := []string{"Features.Conv0.{p}", "features.0.{p}", "Features.Norm0.{p}", "features.1.{p}", "Features.Norm5.{p}", "features.11.{p}",
		"Classifier.{p}", "output.{p}"}
	for b := range 4 {
		from, to := fmt.Sprintf("Features.Blocks.%d.{i}.", b), fmt.Sprintf("features.%d.{i}.1.", 4+2*b)
		rules = append(rules, from+"Norm1.{p}", to+"0.{p}", from+"Conv1.{p}", to+"2.{p}", from+"Norm2.{p}", to+"3.{p}", from+"Conv2.{p}", to+"5.{p}",
			fmt.Sprintf("Features.Transitions.%d.Norm.{p}", b), fmt.Sprintf("features.%d.0.{p}", 5+2*b),
			fmt.Sprintf("Features.Transitions.%d.Conv.{p}", b), fmt.Sprintf("features.%d.2.{p}", 5+2*b))
	}
	return nn.Rename(rules...)
}()
