package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/plot"
	"github.com/fathom-ml/fathom/show"
	"github.com/fathom-ml/fathom/tensor"
)

// The test binary plays the command when this is set: the same code as main, with the lessons
// below registered besides.
const playCommand = "FATHOM_TEST_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(playCommand) == "" {
		os.Exit(m.Run())
	}
	book.Register(book.Lesson{Section: "0.1", Title: "Quick", Run: quickLesson, Source: "package main\nfunc quickLesson(p *book.Page) {\n\t// # Quick\n\n\tp.Int(\"epochs\", 3, book.Quick(1))\n}\n"})
	book.Register(book.Lesson{Section: "0.2", Title: "Slow", Run: slowLesson})
	book.Register(book.Lesson{Section: "0.3", Title: "Misuse", Run: misuseLesson})
	book.Register(book.Lesson{Section: "0.4", Title: "Panic", Run: panicLesson})
	book.Register(book.Lesson{Section: "0.5", Title: "Deaf", Run: deafLesson, Data: []string{"fashion-mnist"}})
	main()
}

func quickLesson(p *book.Page) {
	epochs := p.Int("epochs", 3, book.Quick(1))
	p.Print("hello", p.Seed(), p.DataSet())
	fig := &plot.Figure{Axes: []*plot.Axes{{Items: []plot.Item{&plot.Line{X: []float64{0, 1}, Y: []float64{1, 2}}}}}}
	live := p.Live("loss", fig)
	for i := range epochs {
		p.Metric("train loss", i+1, float64(i+1), 1/float64(i))
		live.Update()
	}
	p.Result("loss", 0.5)
	p.Run("concise").Result("loss", 0.25)
}

func slowLesson(p *book.Page) {
	bar := p.Progress("steps", 6000)
	p.Print("started")
	for range 6000 {
		show.Check(p)
		time.Sleep(10 * time.Millisecond)
		bar.Add(1)
	}
}

func misuseLesson(*book.Page) {
	panic(&tensor.Error{Op: "matmul", Msg: "inner dimensions differ"})
}

func panicLesson(*book.Page) { panic("oh") }

func deafLesson(p *book.Page) {
	p.Print("started")
	time.Sleep(time.Minute)
}

// fathom is the command, not yet started.
func fathom(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), playCommand+"=1", "FATHOM_DATA=", "FATHOM_CACHE="+t.TempDir())
	return cmd
}

// run runs the command and returns its outputs and exit code.
func run(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := fathom(t, args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

func TestExitCodes(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args   string
		code   int
		stderr string
	}{
		{"run 0.1", 0, ""},
		{"run 0.1 --set epochs=2 --set epochs=1 --seed 3 --data-set digits --quick", 0, ""},
		{"list", 0, ""},
		{"version", 0, ""},
		{"run --help", 0, ""},
		{"", 0, ""},
		{"run 0.3", 1, "matmul: inner dimensions differ"},
		{"run 0.4", 1, "main_test.go"}, // the stack
		{"run 0.1 --out " + file, 1, "folder for figures"},
		{"bogus", 2, "bogus"},
		{"run", 2, "section"},
		{"run 0.1 --bogus", 2, "--bogus"},
		{"run 0.9", 2, "near it: 0."},
		{"run 0.1 --data-set x", 2, "digits"},
		{"run 0.1 --seed -1", 2, "seed"},
		{"run 0.1 --set epochs", 2, "want NAME=VALUE"},
		{"run 0.1 --set epochs=x", 2, `"x" is not a value of type int`},
		{"run 0.1 --set epoch=1", 2, "epochs int, default 3, quick 1"},
		{"run 0.3 --set a=1", 1, "matmul"}, // known only at the end
		{"show 0.9", 2, "near it"},
	} {
		stdout, stderr, code := run(t, strings.Fields(c.args)...)
		if code != c.code || !strings.Contains(stderr, c.stderr) || (code == 0) != (stderr == "") {
			t.Errorf("fathom %s: exit code %d, want %d\nstdout: %s\nstderr: %s", c.args, code, c.code, stdout, stderr)
		}
	}
}

func TestRunPlain(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	stdout, _, _ := run(t, "run", "0.1", "--seed", "3", "--data-set", "digits", "--out", out)
	for _, want := range []string{"0.1 Quick (seed 3)\n\nhello 3 digits\n", "[figure loss: " + out, "\nResults\n  loss = 0.5\n  concise: loss = 0.25\n\nDone in "} {
		if !strings.Contains(stdout, want) {
			t.Errorf("%q is not in\n%s", want, stdout)
		}
	}
	if strings.Contains(stdout, "\x1b") {
		t.Errorf("codes in plain output: %q", stdout)
	}
	for _, name := range []string{"loss.svg", "loss.png", "results.json"} {
		if info, err := os.Stat(filepath.Join(out, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// readLines reads JSON lines and fails the test on anything else.
func readLines(t *testing.T, r io.Reader) (lines []map[string]any) {
	t.Helper()
	for s := bufio.NewScanner(r); s.Scan(); {
		var line map[string]any
		if err := json.Unmarshal(s.Bytes(), &line); err != nil {
			t.Fatalf("%q: %v", s.Text(), err)
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		t.Fatal("no lines")
	}
	return lines
}

func TestRunJSON(t *testing.T) {
	out := t.TempDir()
	stdout, stderr, code := run(t, "run", "0.1", "--json", "--quick", "--out", out)
	if code != 0 || stderr != "" {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	lines := readLines(t, strings.NewReader(stdout))
	last := lines[len(lines)-1]
	if last["type"] != "done" || last["ok"] != true || last["seconds"] == nil {
		t.Errorf("last line %v", last)
	}
	want := []string{
		`map[text:hello 0 ` + "\n" + ` type:text]`,
		`map[name:train loss run: step:1 type:metric value:Infinity x:1]`,
		`map[name:loss run: type:result value:0.5]`,
		`map[name:loss run:concise type:result value:0.25]`,
		`map[name:loss path:` + filepath.Join(out, "loss.svg") + ` type:figure]`,
	}
	for i, w := range want {
		if got := fmt.Sprint(lines[i]); got != w {
			t.Errorf("line %d is %s, want %s", i+1, got, w)
		}
	}
	for args, wantErr := range map[string]string{
		"run 0.3 --json": "matmul: inner", "run 0.4 --json": "the lesson panicked: oh", "run 7.7 --json": "no lesson",
		"run 0.1 --json --set a=1": "no parameter",
	} {
		stdout, _, _ := run(t, strings.Fields(args)...)
		lines := readLines(t, strings.NewReader(stdout))
		last := lines[len(lines)-1]
		if text, _ := last["error"].(string); last["type"] != "done" || last["ok"] != false || !strings.Contains(text, wantErr) {
			t.Errorf("fathom %s: last line %v", args, last)
		}
	}
}

// interrupt starts the command, waits for its first line with "started" and sends Ctrl-C, n times. It
// returns when the command has ended.
func interrupt(t *testing.T, n int, args ...string) (stdout string, took time.Duration, code int) {
	t.Helper()
	cmd := fathom(t, args...)
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer time.AfterFunc(30*time.Second, func() { cmd.Process.Kill() }).Stop()
	r := bufio.NewReader(pipe)
	for {
		line, err := r.ReadString('\n')
		stdout += line
		if err != nil {
			t.Fatalf("the lesson did not start: %v\n%s", err, stdout)
		}
		if strings.Contains(line, "started") {
			break
		}
	}
	start := time.Now()
	for range n {
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		time.Sleep(100 * time.Millisecond)
	}
	rest, _ := io.ReadAll(r)
	_ = cmd.Wait()
	return stdout + string(rest), time.Since(start), cmd.ProcessState.ExitCode()
}

func TestInterrupt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("one process cannot send Ctrl-C to another")
	}
	out := t.TempDir()
	stdout, took, code := interrupt(t, 1, "run", "0.2", "--json", "--out", out)
	if code != 130 || took > time.Second {
		t.Errorf("exit code %d after %v", code, took)
	}
	lines := readLines(t, strings.NewReader(stdout))
	if last := lines[len(lines)-1]; last["ok"] != false || !strings.Contains(fmt.Sprint(last["error"]), "interrupted") {
		t.Errorf("last line %v", last)
	}
	entries, _ := os.ReadDir(out)
	if len(entries) != 1 || entries[0].Name() != "results.json" {
		t.Errorf("left behind: %v", entries)
	}
	data, _ := os.ReadFile(filepath.Join(out, "results.json"))
	var results map[string]any
	if err := json.Unmarshal(data, &results); err != nil || results["ok"] != false {
		t.Errorf("results.json: %v, %v", results, err)
	}
	if _, took, code := interrupt(t, 2, "run", "0.5"); code != 130 || took > time.Second {
		t.Errorf("second Ctrl-C: exit code %d after %v", code, took)
	}
}

func TestListAndDoctor(t *testing.T) {
	stdout, _, _ := run(t, "list")
	words := strings.Join(strings.Fields(stdout), " ") // the columns are as wide as the longest title
	for _, want := range []string{"section title", "0.1 Quick yes", "on digits unless fashion-mnist can be downloaded fashion-mnist"} {
		if !strings.Contains(words, want) {
			t.Errorf("list: %q is not in\n%s", want, stdout)
		}
	}
	stdout, _, code := run(t, "doctor")
	for _, want := range []string{"processor", "features", "kernels", "threads", "FATHOM_DATA  not set", "cache", "fashion-mnist: 0 of 4 files"} {
		if code != 0 || !strings.Contains(stdout, want) {
			t.Errorf("doctor: exit code %d, %q is not in\n%s", code, want, stdout)
		}
	}
	stdout, _, _ = run(t, "show", "0.1")
	if want := "# Quick\n\n```go\np.Int(\"epochs\", 3, book.Quick(1))\n```\n"; stdout != want {
		t.Errorf("show: %q, want %q", stdout, want)
	}
}
