package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"time"

	"github.com/fathom-ml/fathom/tensor"
)

// serve is our worker: it answers requests until its input ends.
func serve(in io.Reader, out io.Writer, all []row) error {
	w := worker{rows: map[string]row{}, made: map[string]*timed{}}
	for _, r := range all {
		w.rows[r.name] = r
	}
	answers := json.NewEncoder(out)
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		var q request
		var a answer
		err := json.Unmarshal(lines.Bytes(), &q)
		if err == nil {
			misuse := tensor.Try(func() { a, err = w.answer(q) })
			if err == nil {
				err = misuse
			}
		}
		if err != nil {
			a = answer{Error: err.Error()}
		}
		if err := answers.Encode(a); err != nil {
			return err
		}
	}
	return lines.Err()
}

type worker struct {
	rows map[string]row
	made map[string]*timed
}

// timed is work and how many runs of it make a reading.
type timed struct {
	work
	n int
}

func (w *worker) answer(q request) (a answer, err error) {
	if q.Do == "hello" {
		return answer{About: fmt.Sprintf("Fathom, %s", runtime.Version())}, nil
	}
	if q.Do == "make" {
		r, ok := w.rows[q.Row]
		if !ok {
			return answer{Void: "no row " + q.Row}, nil
		}
		in, err := load(q.Folder, -1)
		if err != nil {
			return a, err
		}
		w.made[q.Row] = &timed{work: r.make(in)}
		return a, nil
	}
	t, ok := w.made[q.Row]
	if !ok {
		return a, fmt.Errorf("%s %s: not made", q.Do, q.Row)
	}
	switch q.Do {
	case "result":
		arrays := t.result()
		a.Arrays = len(arrays)
		return a, save(q.Folder, arrays)
	case "time":
		a.Times = t.time(q.Seconds)
	case "drop":
		delete(w.made, q.Row)
		runtime.GC()
	default:
		err = fmt.Errorf("what is %q?", q.Do)
	}
	return a, err
}

// time runs the work for about the time given and returns the seconds of a run, one number a reading. Short
// work is run once for nothing first, and many times a reading.
func (t *timed) time(seconds float64) []float64 {
	if t.n == 0 { // the first run finds its memory
		t.run()
	}
	start := time.Now()
	t.run()
	first := time.Since(start).Seconds()
	if first > seconds/2 {
		t.n = max(t.n, 1)
		return []float64{first}
	}
	if t.n == 0 {
		t.n = 1
		t.reading()
		for range 2 {
			t.n = max(1, int(seconds/6/max(t.reading(), 1e-9)))
		}
		start = time.Now()
	}
	var times []float64
	t.reading()
	for {
		times = append(times, t.reading())
		if time.Since(start).Seconds() > seconds {
			return times
		}
	}
}

// reading is the time of a run, the mean of n.
func (t *timed) reading() float64 {
	start := time.Now()
	for range t.n {
		t.run()
	}
	return time.Since(start).Seconds() / float64(t.n)
}

// alone is the life of a process that does one row once.
func alone(name, folder string, out io.Writer) error {
	for _, r := range rows() {
		if r.name == name {
			in, err := load(folder, -1)
			if err != nil {
				return err
			}
			r.make(in).run()
			mb, err := peak()
			if err != nil {
				return err
			}
			return json.NewEncoder(out).Encode(answer{MB: mb})
		}
	}
	return fmt.Errorf("no row %s", name)
}
