package main

import (
	"strings"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/data"
)

// standIns are embedded data sets on which a lesson runs where its own is not to be had.
var standIns = map[string]string{"fashion-mnist": "digits"}

// found says whether a data set is here, or a part of it that serves. Embedded sets, which the registry does not have, always are.
func found(key string) (data.Set, bool) {
	d, err := data.FindSet(key)
	if err != nil {
		return data.Set{Key: key}, true
	}
	files, subset := d.Here()
	return d, files == len(d.Files) || subset
}

// runs says whether a lesson runs here: "yes", "on digits", "needs ...".
func runs(l book.Lesson) string {
	answer := "yes"
	for _, key := range l.Data {
		_, here := found(key)
		switch {
		case here:
		case standIns[key] != "":
			answer = "on " + standIns[key] + " unless " + key + " can be downloaded"
		default:
			return "needs " + key
		}
	}
	return answer
}

// state is a line about a data set of lessons for doctor.
func state(key string) string {
	d, here := found(key)
	text := key + ": " + hereText(d)
	if stand := standIns[key]; !here && stand != "" {
		text += "; lessons download it or run on the embedded " + stand
	}
	return text
}

// keys lists what a lesson needs.
func keys(l book.Lesson) string {
	if len(l.Data) == 0 {
		return "-"
	}
	return strings.Join(l.Data, ", ")
}
