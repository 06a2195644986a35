package book

import (
	"cmp"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Lesson is one section of the book as a program.
type Lesson struct {
	Section string      // number in the book, e.g. "6.6"
	Title   string      // e.g. "Convolutional Neural Networks (LeNet)"
	Run     func(*Page) // the story: a declared function, not a closure
	Data    []string    // keys of the data sets it wants, e.g. "fashion-mnist"
	Source  string      // the text of lesson.go, embedded
}

// FuncName is the bare name of the lesson's function, as it stands in Source.
func (l Lesson) FuncName() string {
	full := l.fullName()
	return full[strings.LastIndexByte(full, '.')+1:]
}

// fullName is the function's name as stack frames show it.
func (l Lesson) fullName() string {
	if l.Run == nil {
		return ""
	}
	return runtime.FuncForPC(reflect.ValueOf(l.Run).Pointer()).Name()
}

var registry struct {
	sync.Mutex
	lessons map[string]Lesson
}

// Register adds a lesson; lesson packages call it from init. It panics if the section
// is not a number like 6.6, is taken, or if title or function are missing.
func Register(l Lesson) {
	if _, err := sectionNumbers(l.Section); err != nil {
		panic("book: Register: " + err.Error())
	}
	if l.Title == "" || l.Run == nil {
		panic(fmt.Sprintf("book: Register: lesson %s has no title or no function", l.Section))
	}
	registry.Lock()
	defer registry.Unlock()
	if old, ok := registry.lessons[l.Section]; ok {
		panic(fmt.Sprintf("book: Register: section %s is taken by %q", l.Section, old.Title))
	}
	if registry.lessons == nil {
		registry.lessons = map[string]Lesson{}
	}
	registry.lessons[l.Section] = l
}

// All lists the registered lessons in the order of the book: 2.5 before 10.2.
func All() []Lesson {
	registry.Lock()
	defer registry.Unlock()
	all := make([]Lesson, 0, len(registry.lessons))
	for _, l := range registry.lessons {
		all = append(all, l)
	}
	slices.SortFunc(all, func(a, b Lesson) int { return CompareSections(a.Section, b.Section) })
	return all
}

// Find returns the lesson of a section. Its error names sections near the one
// asked for.
func Find(section string) (Lesson, error) {
	all := All()
	for _, l := range all {
		if l.Section == section {
			return l, nil
		}
	}
	if len(all) == 0 {
		return Lesson{}, fmt.Errorf("no lesson for section %q: no lessons are registered", section)
	}
	near := nearest(all, section)
	names := make([]string, len(near))
	for i, l := range near {
		names[i] = fmt.Sprintf("%s (%s)", l.Section, l.Title)
	}
	return Lesson{}, fmt.Errorf("no lesson for section %q; near it: %s", section, strings.Join(names, ", "))
}

// nearest picks up to three lessons: those whose title holds the words asked for, else
// those of the same chapter nearest in number, else those of the nearest chapter.
func nearest(all []Lesson, section string) []Lesson {
	want, err := sectionNumbers(section)
	if err != nil {
		word := strings.ToLower(strings.TrimSpace(section))
		var near []Lesson
		for _, l := range all {
			if word != "" && strings.Contains(strings.ToLower(l.Title), word) {
				near = append(near, l)
			}
		}
		if len(near) > 0 {
			return near[:min(3, len(near))]
		}
		want = []int{0}
	}
	// chapters weigh more than any section number
	place := func(n []int) int {
		p := n[0] * 1000
		if len(n) > 1 {
			p += n[1]
		}
		return p
	}
	distance := func(l Lesson) int {
		n, _ := sectionNumbers(l.Section)
		d := place(n) - place(want)
		return max(d, -d)
	}
	near := slices.Clone(all)
	slices.SortStableFunc(near, func(a, b Lesson) int { return cmp.Compare(distance(a), distance(b)) })
	near = near[:min(3, len(near))]
	slices.SortFunc(near, func(a, b Lesson) int { return CompareSections(a.Section, b.Section) })
	return near
}

// CompareSections orders section numbers by their parts: "2.5" < "10.2", "6" < "6.1".
// What is not a number comes last, in the order of text.
func CompareSections(a, b string) int {
	x, errA := sectionNumbers(a)
	y, errB := sectionNumbers(b)
	switch {
	case errA != nil && errB != nil:
		return cmp.Compare(a, b)
	case errA != nil:
		return 1
	case errB != nil:
		return -1
	}
	return slices.Compare(x, y)
}

func sectionNumbers(s string) ([]int, error) {
	var n []int
	for part := range strings.SplitSeq(s, ".") {
		v, err := strconv.ParseUint(part, 10, 16)
		if err != nil {
			return nil, fmt.Errorf("section %q is not a number like 6.6", s)
		}
		n = append(n, int(v))
	}
	return n, nil
}

// Package is the import path of the lesson's package.
func (l Lesson) Package() string {
	full := l.fullName()
	slash := strings.LastIndexByte(full, '/')
	dot := strings.IndexByte(full[slash+1:], '.')
	if dot < 0 {
		return ""
	}
	return full[:slash+1+dot]
}
