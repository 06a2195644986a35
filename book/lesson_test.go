package book

import (
	"strings"
	"testing"
)

func story(*Page) {}

func TestRegistry(t *testing.T) {
	saved := registry.lessons
	defer func() { registry.lessons = saved }()
	registry.lessons = nil
	if _, err := Find("1.1"); err == nil {
		t.Error("found a lesson in an empty registry")
	}
	for section, title := range map[string]string{"10.7": "Transformer", "2.5": "Differentiation", "2.1": "Data", "3.2": "Regression from Scratch", "10.2": "Pooling"} {
		Register(Lesson{Section: section, Title: title, Run: story})
	}
	var order []string
	for _, l := range All() {
		order = append(order, l.Section)
	}
	if got := strings.Join(order, " "); got != "2.1 2.5 3.2 10.2 10.7" {
		t.Errorf("order %s", got)
	}
	if l, err := Find("10.2"); err != nil || l.Title != "Pooling" || l.FuncName() != "story" {
		t.Errorf("%v, %v", l, err)
	}
	for ask, want := range map[string]string{"3.3": "2.1 (Data), 2.5 (Differentiation), 3.2", "10.3": "10.2", "regression": "3.2 (Regression from Scratch)", "": "2.1"} {
		if _, err := Find(ask); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Find(%q): %v, want %q", ask, err, want)
		}
	}
	for name, l := range map[string]Lesson{
		"taken": {Section: "2.1", Title: "x", Run: story}, "no function": {Section: "2.2", Title: "x"},
		"no title": {Section: "2.2", Run: story}, "no number": {Section: "2.x", Title: "x", Run: story},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			Register(l)
		}()
	}
}
