package main

import (
	"fmt"
	"strings"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/data"
)

// dataFiles are the files of the data sets that lessons name, as paths below a data folder.
var dataFiles = map[string][]string{"fashion-mnist": fashionFiles()}

func fashionFiles() (names []string) {
	for _, train := range []bool{true, false} {
		images, labels := data.FashionMNISTFiles(train)
		names = append(names, images.Name, labels.Name)
	}
	return names
}

// standIns are embedded data sets on which a lesson runs where its own is not to be had.
var standIns = map[string]string{"fashion-mnist": "digits"}

// found says how many files of a data set there are here, and how many it has.
func found(key string) (have, all int) {
	for _, name := range dataFiles[key] {
		if _, err := data.Find(name); err == nil {
			have++
		}
	}
	return have, len(dataFiles[key])
}

// runs says whether a lesson runs here: "yes", "on digits", "needs ...".
func runs(l book.Lesson) string {
	answer := "yes"
	for _, key := range l.Data {
		have, all := found(key)
		switch {
		case have == all: // also embedded data, which has no files
		case standIns[key] != "":
			answer = "on " + standIns[key] + " unless " + key + " can be downloaded"
		default:
			return "needs " + key
		}
	}
	return answer
}

// state is a line about a data set for doctor.
func state(key string) string {
	have, all := found(key)
	switch {
	case have == all:
		return key + ": complete"
	case standIns[key] != "":
		return fmt.Sprintf("%s: %d of %d files; lessons download it or run on the embedded %s", key, have, all, standIns[key])
	default:
		return fmt.Sprintf("%s: %d of %d files", key, have, all)
	}
}

// keys lists what a lesson needs.
func keys(l book.Lesson) string {
	if len(l.Data) == 0 {
		return "-"
	}
	return strings.Join(l.Data, ", ")
}
