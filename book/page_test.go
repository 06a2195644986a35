package book_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/book/booktest"
	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/show"
	"github.com/fathom-ml/fathom/tensor"
)

func lesson(f func(*book.Page)) book.Lesson {
	return book.Lesson{Section: "0.2", Title: "Test", Run: f}
}

func TestOutputBelongsToItsStatement(t *testing.T) {
	lines := strings.Split(sampleSource, "\n")
	find := func(mark string) int {
		for i, l := range lines {
			if strings.Contains(l, mark) {
				return i + 1
			}
		}
		t.Fatalf("no line with %q", mark)
		return 0
	}
	call := find(`"helper") // helper`) - 1
	want := map[string][2]int{
		"deferred\n": {find("// deferred")}, "put off\n": {find("// put off")}, "late\n": {find("// late")},
		"direct\n": {find("// direct")}, "helper\n": {call, call + 1},
		"closure\n": {find("// closure")}, "range 0\n": {find("range counting(2)")}, "range 1\n": {find("range counting(2)")},
		"method 2\n": {find("// method")}, "goroutine\n": {find(`printHelper(p, "goroutine")`)}, "alone\n": {find("go alone")},
		"3\n": {find("passes over the data")},
	}
	seen := 0
	for _, e := range booktest.Run(t, sample, book.Options{}).Events {
		e, ok := e.(book.Text)
		if !ok {
			continue
		}
		w, ok := want[e.Text]
		if !ok {
			t.Errorf("unexpected text %q", e.Text)
		} else if seen++; e.Line != w[0] && e.Line != w[1] {
			t.Errorf("%q belongs to line %d, want %v", e.Text, e.Line, w)
		}
	}
	if seen != len(want) {
		t.Errorf("%d texts, want %d", seen, len(want))
	}
}

func TestPageRecords(t *testing.T) {
	r := booktest.Run(t, lesson(func(p *book.Page) {
		p.Show(reprer{}, 3, true)
		p.Print(reprer{}, 3)
		p.Table([]string{"name", "value"}, [][]string{{"a", "1"}, {"bc", "23.5"}})
		p.Metric("loss", 1, 0.5, 2)
		q := p.Run("lambda=3")
		q.Metric("loss", 1, 0.5, 7)
		p.Result("loss", 1)
		q.Result("loss", math.Inf(1))
		q.Run("again").Result("loss", 3)
		p.Figure("loss", &plot.Figure{Alt: "first"})
		p.Figure("loss", &plot.Figure{Alt: "second"})
		q.Figure("a/b", &plot.Figure{})
		p.Notice("other data")
		live := p.Live("curve", &plot.Figure{})
		live.Update()
		p.Progress("epochs", 2).Add(1)
	}), book.Options{})
	if got, want := r.Text(), "(array(1), 3, True)\none 3\nname  value\n----  -----\na         1\nbc     23.5\n"; got != want {
		t.Errorf("text %q, want %q", got, want)
	}
	for run, want := range map[string]float64{"": 1, "lambda=3": math.Inf(1), "lambda=3/again": 3} {
		if got, ok := r.Result(run, "loss"); !ok || got != want {
			t.Errorf("result loss of %q is %v, %v; want %v", run, got, ok, want)
		}
	}
	if m := r.Metric("lambda=3", "loss"); len(m) != 1 || m[0].Value != 7 || m[0].Step != 1 || m[0].X != 0.5 {
		t.Errorf("metric %v", m)
	}
	if got := fmt.Sprint(r.Figures()); got != "[loss loss-2 lambda=3-a-b curve]" {
		t.Errorf("figures %v", got)
	}
	if f := r.Figure("loss-2"); f == nil || f.Alt != "second" {
		t.Errorf("figure %v", f)
	}
	if got := fmt.Sprint(r.Notices()); got != "[other data]" {
		t.Errorf("notices %v", got)
	}
	n := len(r.Events)
	if e, ok := r.Events[n-1].(book.End); !ok || e.Err != nil {
		t.Errorf("last event %v", r.Events[n-1])
	}
	if e, ok := r.Events[n-2].(book.Progress); !ok || !e.Done || e.Count != 1 {
		t.Errorf("the progress line was left open: %v", r.Events[n-2])
	}
}

type reprer struct{}

func (reprer) Repr() string   { return "array(1)" }
func (reprer) String() string { return "one" }

func TestParameters(t *testing.T) {
	type values struct {
		lr     float64
		epochs int
		fast   bool
		name   string
	}
	var got values
	l := lesson(func(p *book.Page) {
		got = values{
			p.Float("lr", 0.5, book.Quick(1)), p.Int("epochs", 10, book.Quick(2)),
			p.Bool("fast", true), p.String("name", "a"),
		}
		if again := p.Run("x").Float("lr", 3); again != got.lr {
			t.Errorf("asked again, lr is %v", again)
		}
	})
	for _, c := range []struct {
		opts book.Options
		want values
		err  string
	}{
		{book.Options{}, values{0.5, 10, true, "a"}, ""},
		{book.Options{Quick: true}, values{1, 2, true, "a"}, ""},
		{book.Options{Quick: true, Set: map[string]string{"epochs": "7", "fast": "false", "name": "b=c", "lr": "1e-3"}}, values{0.001, 7, false, "b=c"}, ""},
		{book.Options{Set: map[string]string{"epochs": "7.5"}}, values{}, `parameter epochs: "7.5" is not a value of type int`},
		{book.Options{Set: map[string]string{"epoch": "7"}}, values{0.5, 10, true, "a"}, `never asked for parameter "epoch"; the lesson's parameters:`},
	} {
		got = values{}
		r := booktest.Try(t, l, c.opts)
		var usage *book.UsageError
		if c.err == "" && r.Err != nil || c.err != "" && (!errors.As(r.Err, &usage) || !strings.Contains(r.Err.Error(), c.err)) {
			t.Errorf("%v: error %v, want %q", c.opts, r.Err, c.err)
		}
		if got != c.want {
			t.Errorf("%v: %v, want %v", c.opts, got, c.want)
		}
	}
}

func TestParamsFromSource(t *testing.T) {
	params, complete := sample.Params()
	if !complete || len(params) != 1 || params[0].String() != "epochs int, default 3, quick 1: passes over the data" {
		t.Errorf("params %v, complete %v", params, complete)
	}
	for set, want := range map[string]string{"epoch": `lesson 0.1 has no parameter "epoch"`, "epochs": `"x" is not a value of type int`} {
		r := booktest.Try(t, sample, book.Options{Set: map[string]string{set: "x"}})
		var usage *book.UsageError
		if !errors.As(r.Err, &usage) || !strings.Contains(r.Err.Error(), want) {
			t.Errorf("set %s: %v, want %q", set, r.Err, want)
		}
		if r.Text() != "" {
			t.Errorf("set %s: the lesson started", set)
		}
	}
}

func TestEndings(t *testing.T) {
	var panicked *book.PanicError
	var misuse *tensor.Error
	for name, c := range map[string]struct {
		f     func(*book.Page)
		check func(error) bool
	}{
		"misuse": {func(*book.Page) { panic(&tensor.Error{Op: "matmul", Msg: "no"}) }, func(err error) bool { return errors.As(err, &misuse) }},
		"panic": {func(*book.Page) { panic("oh") }, func(err error) bool {
			return errors.As(err, &panicked) && strings.Contains(panicked.Stack, "page_test.go")
		}},
		"world":    {func(p *book.Page) { p.Check(nil); p.Check(os.ErrNotExist) }, func(err error) bool { return err == os.ErrNotExist }},
		"repeated": {func(p *book.Page) { p.Result("a", 1); p.Result("a", 1) }, func(err error) bool { return errors.As(err, &panicked) && strings.Contains(err.Error(), `"a"`) }},
		"kinds":    {func(p *book.Page) { p.Int("a", 1); p.Float("a", 1) }, func(err error) bool { return errors.As(err, &panicked) }},
	} {
		r := booktest.Try(t, lesson(c.f), book.Options{})
		if r.Err == nil || !c.check(r.Err) {
			t.Errorf("%s: error %v", name, r.Err)
		}
		if e, ok := r.Events[len(r.Events)-1].(book.End); !ok || e.Err != r.Err {
			t.Errorf("%s: last event %v", name, e)
		}
	}
}

func TestCancelledPageStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	reached := false
	r := booktest.TryContext(ctx, lesson(func(p *book.Page) {
		live := p.Live("loss", &plot.Figure{})
		defer live.Done()
		cancel()
		done := make(chan bool)
		go func() { // must not bring the process down
			p.Print("dropped")
			close(done)
		}()
		<-done
		p.Print("unseen")
		reached = true
	}), book.Options{})
	var i show.Interrupted
	if !errors.As(r.Err, &i) || !book.Interrupted(r.Err) {
		t.Errorf("error %v", r.Err)
	}
	if reached || r.Text() != "" {
		t.Errorf("the lesson went on: %q", r.Text())
	}
}

type fullDisk struct{}

func (fullDisk) Event(e book.Event) error {
	if _, ok := e.(book.Text); ok {
		return errors.New("disk full")
	}
	return nil
}

func TestSinkErrorEndsTheLesson(t *testing.T) {
	err := book.Run(t.Context(), lesson(func(p *book.Page) { p.Print(1); t.Error("went on") }), book.Options{}, book.Tee{&booktest.Recorder{}, fullDisk{}})
	if err == nil || err.Error() != "disk full" {
		t.Errorf("error %v", err)
	}
}
