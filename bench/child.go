package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"
)

// child is a worker in a process of its own.
type child struct {
	side side
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	log  *tail
	// About and Warn are what the worker said of itself.
	about, warn string
}

// start runs the worker of a side. It ends with ctx.
func start(ctx context.Context, s side) (*child, error) {
	cmd := s.command(ctx, "serve")
	c := &child{side: s, cmd: cmd, log: new(tail)}
	cmd.Stderr = c.log
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.in, c.out = in, bufio.NewReader(out)
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	a, err := c.ask(request{Do: "hello"})
	if err != nil {
		c.stop()
		return nil, err
	}
	c.about, c.warn = a.About, a.Warn
	return c, nil
}

// ask sends a request and waits for its answer.
func (c *child) ask(q request) (answer, error) {
	var a answer
	line, err := json.Marshal(q)
	if err != nil {
		return a, err
	}
	if _, err := c.in.Write(append(line, '\n')); err != nil {
		return a, c.broken(err)
	}
	line, err = c.out.ReadBytes('\n')
	if err != nil {
		return a, c.broken(err)
	}
	if err := json.Unmarshal(line, &a); err != nil {
		return a, fmt.Errorf("%s: answered %q", c.side, line)
	}
	if a.Error != "" {
		return a, fmt.Errorf("%s: %s", c.side, a.Error)
	}
	return a, nil
}

// broken is the error of a worker that has ended.
func (c *child) broken(err error) error {
	if errors.Is(err, io.EOF) {
		err = errors.New("the worker ended")
	}
	time.Sleep(10 * time.Millisecond) // its last words may be on their way
	return fmt.Errorf("%s: %w: %s", c.side, err, c.log)
}

// stop ends the worker by ending its input, or by force if it does not listen.
func (c *child) stop() {
	c.in.Close()
	force := time.AfterFunc(5*time.Second, func() { c.cmd.Process.Kill() })
	defer force.Stop()
	c.cmd.Wait()
}

// tail keeps the end of what is written to it.
type tail struct{ b []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.b = append(t.b, p...)
	if const1K := 1024; len(t.b) > const1K {
		t.b = append([]byte(nil), t.b[len(t.b)-const1K:]...)
	}
	return len(p), nil
}

// String is the last lines.
func (t *tail) String() string {
	lines := strings.Split(strings.TrimSpace(string(t.b)), "\n")
	return strings.Join(lines[max(0, len(lines)-3):], "; ")
}

// runAlone is one process that does a row once: the seconds from its start to its answer, and the answer.
func runAlone(ctx context.Context, s side, r row, folder string) (seconds float64, a answer, err error) {
	cmd := s.command(ctx, "alone", r.name, folder)
	log := new(tail)
	cmd.Stderr = log
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, a, err
	}
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, a, err
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	seconds = time.Since(begin).Seconds()
	cmd.Wait()
	if err != nil {
		return 0, a, fmt.Errorf("%s: the process ended without an answer: %s", s, log)
	}
	if err := json.Unmarshal(line, &a); err != nil {
		return 0, a, fmt.Errorf("%s: answered %q", s, line)
	}
	if a.Error != "" {
		return 0, a, fmt.Errorf("%s: %s", s, a.Error)
	}
	return seconds, a, nil
}
