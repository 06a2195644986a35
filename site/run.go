package site

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/fathom-ml/fathom/book"
)

// The bounds of a run.
const (
	maxOutput  = 10 << 20 // bytes of messages that are kept and sent on
	maxFigures = 200      // finished figures
	maxLine    = 8 << 20  // bytes of one message
	maxRuns    = 50       // that are remembered
)

// Request asks for a run.
type Request struct {
	Section string            `json:"section"`
	Set     map[string]string `json:"set"`
	Quick   bool              `json:"quick"`
	Seed    uint64            `json:"seed"`
	Edits   []Edit            `json:"edits"` // the lesson as it is if there are none
}

// Run is a run of a lesson: its messages as they come.
type Run struct {
	ID      int
	Request Request
	Started time.Time

	mu       sync.Mutex
	changed  chan struct{}     // closed at each change, and made anew
	lines    [][]byte          // messages as JSON
	live     map[string][]byte // the present state of figures and progress lines that are not finished
	order    []string
	bytes    int
	figures  int
	ended    bool
	problem  string
	seconds  float64
	results  []book.Message
	metrics  []book.Message
	cancel   context.CancelFunc
	capture  []book.Message
	overflow bool
}

// add takes in a message.
func (r *Run) add(m book.Message) {
	line, err := json.Marshal(m)
	if err != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	key := ""
	switch m.Type {
	case "figure":
		key = "figure " + m.Name
	case "progress":
		key = fmt.Sprint("progress ", m.ID)
	case "result":
		r.results = append(r.results, m)
	case "metric":
		if len(r.metrics) < 100_000 {
			r.metrics = append(r.metrics, m)
		}
	}
	if key != "" && !m.Done { // only the last state counts
		if _, ok := r.live[key]; !ok {
			r.order = append(r.order, key)
		}
		r.live[key] = line
		r.wake()
		return
	}
	delete(r.live, key)
	if m.Type == "figure" {
		if r.figures++; r.figures > maxFigures {
			r.full()
			return
		}
	}
	if r.bytes+len(line) > maxOutput && m.Type != "done" {
		r.full()
		return
	}
	r.bytes += len(line)
	r.lines = append(r.lines, line)
	if m.Type != "metric" {
		r.capture = append(r.capture, m)
	}
	r.wake()
}

// full says once that no more is kept.
func (r *Run) full() {
	if !r.overflow {
		r.overflow = true
		line, _ := json.Marshal(book.Message{Type: "notice", Text: "The lesson shows more than a page holds (10 MB, 200 figures); the rest is left out."})
		r.lines = append(r.lines, line)
		r.wake()
	}
}

func (r *Run) wake() {
	close(r.changed)
	r.changed = make(chan struct{})
}

// end closes the run.
func (r *Run) end(problem string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return
	}
	r.ended, r.problem, r.seconds = true, problem, time.Since(r.Started).Seconds()
	r.live, r.order = map[string][]byte{}, nil
	line, _ := json.Marshal(struct {
		Type    string  `json:"type"`
		OK      bool    `json:"ok"`
		Error   string  `json:"error,omitempty"`
		Seconds float64 `json:"seconds"`
	}{"end", problem == "", problem, r.seconds})
	r.lines = append(r.lines, line)
	r.wake()
}

// since is the messages from number n on, the present states, whether the run has ended, and what is closed at the next change.
func (r *Run) since(n int) (lines [][]byte, live [][]byte, ended bool, changed <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n < len(r.lines) {
		lines = r.lines[n:len(r.lines):len(r.lines)]
	}
	for _, key := range r.order {
		if l := r.live[key]; l != nil {
			live = append(live, l)
		}
	}
	return lines, live, r.ended, r.changed
}

// Stop ends the run: it is interrupted, and after 2 s killed with all that it started.
func (r *Run) Stop() { r.cancel() }

// RunInfo is a run as its history tells it.
type RunInfo struct {
	ID      int                `json:"id"`
	Params  map[string]string  `json:"params"`
	Quick   bool               `json:"quick"`
	Edited  bool               `json:"edited"`
	Ended   bool               `json:"ended"`
	Error   string             `json:"error,omitempty"`
	Seconds float64            `json:"seconds"`
	Results map[string]float64 `json:"results"`
}

func (r *Run) info() RunInfo {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := RunInfo{ID: r.ID, Params: r.Request.Set, Quick: r.Request.Quick, Edited: len(r.Request.Edits) > 0, Ended: r.ended, Error: r.problem, Seconds: r.seconds, Results: map[string]float64{}}
	for _, m := range r.results {
		name := m.Name
		if m.Run != "" {
			name = m.Run + ": " + name
		}
		if v := float64(m.Value); v == v && v < 1e300 && v > -1e300 {
			i.Results[name] = v
		}
	}
	return i
}

// Runner runs lessons, so many at a time; the others wait.
type Runner struct {
	command func(q Request) (path string, done func(), err error) // the program that runs the lesson
	slots   chan struct{}
	mu      sync.Mutex
	next    int
	runs    []*Run
	wg      sync.WaitGroup
	ctx     context.Context
	stop    context.CancelFunc
}

func newRunner(atOnce int, command func(q Request) (string, func(), error)) *Runner {
	ctx, stop := context.WithCancel(context.Background())
	return &Runner{command: command, slots: make(chan struct{}, atOnce), ctx: ctx, stop: stop}
}

// errBusy says that too many runs wait.
var errBusy = errors.New("too many runs wait already")

// Start begins a run, or puts it into the queue.
func (s *Runner) Start(q Request) (*Run, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	waiting := 0
	for _, r := range s.runs {
		if !r.info().Ended {
			waiting++
		}
	}
	if waiting >= maxRuns/2 {
		return nil, errBusy
	}
	s.next++
	ctx, cancel := context.WithCancel(s.ctx)
	r := &Run{ID: s.next, Request: q, Started: time.Now(), changed: make(chan struct{}), live: map[string][]byte{}, cancel: cancel}
	s.runs = append(s.runs, r)
	for i := 0; len(s.runs) > maxRuns && i < len(s.runs); { // forget the oldest that have ended
		if s.runs[i].info().Ended {
			s.runs = append(s.runs[:i:i], s.runs[i+1:]...)
		} else {
			i++
		}
	}
	s.wg.Go(func() {
		defer cancel()
		select {
		case s.slots <- struct{}{}:
		case <-ctx.Done():
			r.end("stopped before it began")
			return
		}
		defer func() { <-s.slots }()
		r.end(s.run(ctx, r))
	})
	return r, nil
}

// Find is a run by its number.
func (s *Runner) Find(id int) *Run {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.runs {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// Of lists the runs of a section, the oldest first.
func (s *Runner) Of(section string) (list []*Run) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.runs {
		if r.Request.Section == section {
			list = append(list, r)
		}
	}
	return list
}

// Close stops all runs and waits for them.
func (s *Runner) Close() {
	s.stop()
	s.wg.Wait()
}

// run is one run from the compilation to the end; it returns what went wrong.
func (s *Runner) run(ctx context.Context, r *Run) string {
	r.mu.Lock()
	r.Started = time.Now()
	r.mu.Unlock()
	program, done, err := s.command(r.Request)
	if err != nil {
		return err.Error()
	}
	defer done()
	args := []string{"run", r.Request.Section, "--stream"}
	for name, value := range r.Request.Set {
		args = append(args, "--set", name+"="+value)
	}
	if r.Request.Quick {
		args = append(args, "--quick")
	}
	if r.Request.Seed != 0 {
		args = append(args, "--seed", fmt.Sprint(r.Request.Seed))
	}
	cmd := exec.CommandContext(ctx, program, args...)
	group(cmd)
	cmd.WaitDelay = 2 * time.Second
	var stderr tail
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return err.Error()
	}
	defer killGroup(cmd) // what it may have left behind
	failed, ended := "", false
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		var m book.Message
		if json.Unmarshal(lines.Bytes(), &m) != nil {
			continue
		}
		if m.Type == "done" {
			failed, ended = m.Error, true
		}
		r.add(m)
	}
	io.Copy(io.Discard, out)
	err = cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return "stopped"
	case failed != "":
		return failed
	case err != nil && !ended:
		return fmt.Sprintf("the lesson's process ended: %v\n%s", err, stderr.String())
	}
	return ""
}

// tail keeps the last part of what is written.
type tail struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b.Write(p)
	if over := t.b.Len() - 16<<10; over > 0 {
		t.b.Next(over)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.b.String()
}

// self is the program that is running.
func self() (string, error) {
	p, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("site: %w", err)
	}
	return p, nil
}
