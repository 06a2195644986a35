package book

import (
	"fmt"
	"math"
	"slices"
)

// Published is a headline figure of the book: what its release printed, and the range over its builds, where known.
type Published struct {
	Section  string
	Run      string // of the lesson, "" is the main one
	Name     string // of the result
	Value    float64
	Min, Max float64
	Rising   bool // more is better
}

// PublishedFigures are those of chapters 3 to 10 in the order of the book.
var PublishedFigures = []Published{
	{"3.2", "", "loss", 0.000051, 0.000051, 0.000051, false},
	{"3.3", "", "loss", 0.000051, 0.000051, 0.000051, false},
	{"3.6", "", "train loss", 0.452, 0.451, 0.452, false},
	{"3.6", "", "train acc", 0.846, 0.846, 0.846, true},
	{"3.6", "", "test acc", 0.847, 0.83, 0.85, true},
	{"3.7", "", "train loss", 0.452, 0.451, 0.452, false},
	{"3.7", "", "train acc", 0.845, 0.845, 0.846, true},
	{"3.7", "", "test acc", 0.835, 0.83, 0.85, true},
	{"4.2", "", "train loss", 0.387, 0.387, 0.387, false},
	{"4.2", "", "train acc", 0.864, 0.863, 0.864, true},
	{"4.2", "", "test acc", 0.864, 0.83, 0.87, true},
	{"4.3", "", "train loss", 0.385, 0.385, 0.386, false},
	{"4.3", "", "train acc", 0.865, 0.863, 0.865, true},
	{"4.3", "", "test acc", 0.863, 0.846, 0.863, true},
	{"4.4", "", "train loss", 0.00478, 0.00473, 0.00483, false},
	{"4.4", "", "test loss", 0.0062, 0.00614, 0.00626, false},
	{"4.4", "degree=1", "train loss", 6.61, 6.54, 6.68, false},
	{"4.4", "degree=1", "test loss", 10.8, 10.7, 10.9, false},
	{"4.4", "degree=19", "train loss", 0.00542, 0.00537, 0.00547, false},
	{"4.4", "degree=19", "test loss", 0.0299, 0.0296, 0.0302, false},
	{"4.5", "lambda=0", "test loss", 60.2, 60.2, 60.2, false},
	{"4.5", "lambda=3", "test loss", 0.095, 0.095, 0.095, false},
	{"4.5", "wd=0", "test loss", 94.6, 94.6, 94.6, false},
	{"4.5", "wd=3", "test loss", 0.0736, 0.0736, 0.0736, false},
	{"4.6", "", "train loss", 0.350, 0.349, 0.350, false},
	{"4.6", "", "train acc", 0.871, 0.871, 0.873, true},
	{"4.6", "", "test acc", 0.875, 0.85, 0.88, true},
	{"4.6", "concise", "train loss", 0.343, 0.343, 0.346, false},
	{"4.6", "concise", "train acc", 0.873, 0.873, 0.873, true},
	{"4.6", "concise", "test acc", 0.860, 0.85, 0.88, true},
	{"4.10", "", "train log rmse", 0.16512, 0.16505, 0.16531, false},
	{"4.10", "", "valid log rmse", 0.17028, 0.17020, 0.17057, false},
	{"6.6", "", "train loss", 0.474, 0.469, 0.474, false},
	{"6.6", "", "train acc", 0.822, 0.820, 0.824, true},
	{"6.6", "", "test acc", 0.827, 0.784, 0.834, true},
}

// Inside says whether a figure lies in the published range, widened on each side by its width, by 2 % of the value at least, or is better.
func (p Published) Inside(v float64) bool {
	if math.IsNaN(v) {
		return false
	}
	w := max(p.Max-p.Min, 0.02*math.Abs(p.Value))
	if p.Rising {
		return v >= p.Min-w
	}
	return v <= p.Max+w
}

// String is the published value with its range.
func (p Published) String() string {
	if p.Min == p.Max {
		return fmt.Sprintf("%.3g", p.Value)
	}
	return fmt.Sprintf("%.3g (%.3g to %.3g)", p.Value, p.Min, p.Max)
}

// drawings are the pictures of the book's sections that are drawn, by names of ours after the book's, of which a lesson is to have a drawing of its own.
var drawings = map[string][]string{
	"2.4": {"polygon-circle"}, "2.6": {"cat-dog-pixels"}, "4.10": {"kaggle"},
	"3.1": {"fit-linreg", "singleneuron", "neuron"}, "3.4": {"softmaxreg"}, "4.1": {"mlp"}, "4.4": {"capacity-vs-error"}, "4.6": {"dropout2"}, "4.7": {"forward"},
	"5.1": {"blocks"}, "5.6": {"copyto"}, "6.2": {"correlation"}, "6.3": {"conv-pad", "conv-stride"}, "6.4": {"conv-multi-in", "conv-1x1"}, "6.5": {"pooling"},
	"6.6": {"lenet", "lenet-vert"}, "7.1": {"filters", "alexnet"}, "7.2": {"vgg"}, "7.3": {"nin"}, "7.4": {"inception", "inception-full"},
	"7.6": {"functionclasses", "residual-block", "resnet-block", "resnet18"}, "7.7": {"densenet-block", "densenet"}, "8.1": {"sequence-model"}, "8.3": {"timemachine-5gram"},
	"8.4": {"rnn", "rnn-train"}, "8.7": {"truncated-bptt", "rnn-bptt"}, "9.1": {"gru-1", "gru-2", "gru-3"}, "9.2": {"lstm-0", "lstm-3"}, "9.3": {"deep-rnn"},
	"9.4": {"hmm", "birnn"}, "9.6": {"encoder-decoder"}, "9.7": {"seq2seq", "seq2seq-details", "seq2seq-predict"}, "9.8": {"s2s-prob1", "s2s-prob2", "beam-search"},
	"10.1": {"qkv"}, "10.3": {"attention-output"}, "10.4": {"seq2seq-attention-details"}, "10.5": {"multi-head-attention"}, "10.6": {"cnn-rnn-self-attention"}, "10.7": {"transformer"},
}

// Drawings are the drawings that a lesson is to have; a lesson shows each as a figure of that name.
func Drawings(section string) []string { return slices.Clone(drawings[section]) }
