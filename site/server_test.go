package site

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fathom-ml/fathom/book"
)

// TestMain is also the program that runs a lesson: it plays one of the scripts below.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "run" {
		play(os.Args[2:])
		return
	}
	os.Exit(m.Run())
}

// play stands for "fathom run SECTION --stream".
func play(args []string) {
	out := json.NewEncoder(os.Stdout)
	say := func(m book.Message) { out.Encode(m) }
	text := strings.Join(args, " ")
	say(book.Message{Type: "begin", Name: args[0]})
	switch {
	case strings.Contains(text, "mode=flood"):
		for i := range 400 {
			say(book.Message{Type: "figure", Name: fmt.Sprint("f", i), SVG: "<svg xmlns='http://www.w3.org/2000/svg'/>", Done: true})
			say(book.Message{Type: "text", Text: strings.Repeat("x", 100_000)})
		}
	case strings.Contains(text, "mode=sleep"):
		say(book.Message{Type: "text", Line: 60, Text: "asleep\n"})
		time.Sleep(time.Hour)
	case strings.Contains(text, "mode=crash"):
		fmt.Fprintln(os.Stderr, "something broke")
		os.Exit(3)
	default:
		say(book.Message{Type: "text", Line: 60, Text: text + "\n"})
		for i := 1; i < 4; i++ {
			say(book.Message{Type: "metric", Name: "loss", Step: i, X: 1, Value: 2})
		}
		say(book.Message{Type: "result", Line: 141, Name: "loss", Value: 0.5, Text: "loss = 0.5"})
	}
	say(book.Message{Type: "done", OK: true})
}

// client is a browser that came in with the token.
type client struct {
	*http.Client
	t    *testing.T
	base string
}

func serve(t *testing.T) (*Server, *client) {
	t.Helper()
	s, err := NewServer(Options{Addr: "127.0.0.1:0", Dir: "."})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	jar, _ := cookiejar.New(nil)
	c := &client{&http.Client{Jar: jar}, t, "http://" + s.listener.Addr().String()}
	r, err := c.Get(s.URL())
	if err != nil || r.StatusCode != 200 {
		t.Fatalf("%v %v", r, err)
	}
	r.Body.Close()
	return s, c
}

// do sends a request and returns status and body.
func (c *client) do(method, path, body string, change ...func(r *http.Request)) (int, string) {
	c.t.Helper()
	r, err := http.NewRequest(method, c.base+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, f := range change {
		f(r)
	}
	resp, err := c.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b)
}

// start begins a run and returns its number.
func (c *client) start(q Request) int {
	c.t.Helper()
	b, _ := json.Marshal(q)
	code, text := c.do("POST", "/api/run", string(b))
	var a struct{ ID int }
	if err := json.Unmarshal([]byte(text), &a); err != nil || code != 200 {
		c.t.Fatalf("status %d: %s", code, text)
	}
	return a.ID
}

// events reads the stream of a run to its end.
func (c *client) events(id int) (list []book.Message) {
	c.t.Helper()
	_, text := c.do("GET", fmt.Sprint("/api/events/", id), "")
	for line := range strings.SplitSeq(text, "\n") {
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			var m book.Message
			if err := json.Unmarshal([]byte(data), &m); err != nil {
				c.t.Fatal(err)
			}
			list = append(list, m)
		}
	}
	return list
}

func TestRunStreamsAndIsRemembered(t *testing.T) {
	_, c := serve(t)
	id := c.start(Request{Section: "3.2", Set: map[string]string{"lr": "0.1"}, Quick: true})
	list := c.events(id)
	last := list[len(list)-1]
	if last.Type != "end" || !last.OK || list[1].Text != "3.2 --stream --set lr=0.1 --quick\n" {
		t.Errorf("events %+v", list)
	}
	for range 50 { // what was shown stands on the page then
		if _, page := c.do("GET", "/s/3.2", ""); strings.Contains(page, "--set lr=0.1 --quick") && strings.Contains(page, "loss = 0.5") {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	_, page := c.do("GET", "/s/3.2", "")
	if !strings.Contains(page, "--set lr=0.1 --quick") {
		t.Error("the page does not show what the run showed")
	}
	if _, text := c.do("GET", "/api/history/3.2", ""); !strings.Contains(text, `"results":{"loss":0.5}`) {
		t.Errorf("history %s", text)
	}
	if code, text := c.do("GET", "/api/curves/3.2", ""); code != 200 || !strings.Contains(text, "<svg") {
		t.Errorf("curves: %d %.80s", code, text)
	}
	if code, _ := c.do("GET", "/api/curves/6.6", ""); code != 404 {
		t.Errorf("curves of a lesson that never ran: %d", code)
	}
}

func TestStopKills(t *testing.T) {
	_, c := serve(t)
	id := c.start(Request{Section: "3.2", Set: map[string]string{"mode": "sleep"}})
	go func() {
		time.Sleep(200 * time.Millisecond)
		c.do("POST", fmt.Sprint("/api/stop/", id), "{}")
	}()
	began := time.Now()
	list := c.events(id)
	if last := list[len(list)-1]; last.Error != "stopped" || time.Since(began) > 10*time.Second {
		t.Errorf("%+v after %v", last, time.Since(began))
	}
	if list := c.events(c.start(Request{Section: "3.2", Set: map[string]string{"mode": "crash"}})); !strings.Contains(list[len(list)-1].Error, "something broke") {
		t.Errorf("a crash: %+v", list)
	}
}

func TestFloodIsBounded(t *testing.T) {
	s, c := serve(t)
	id := c.start(Request{Section: "3.2", Set: map[string]string{"mode": "flood"}})
	list := c.events(id)
	r := s.runner.Find(id)
	if r.bytes > maxOutput+maxLine || r.figures < maxFigures || len(list) < 50 || len(list) > 420 {
		t.Errorf("%d bytes, %d figures, %d messages", r.bytes, r.figures, len(list))
	}
	if !strings.Contains(fmt.Sprint(list), "the rest is left out") {
		t.Error("nothing says that there was more")
	}
}

func TestRefused(t *testing.T) {
	s, c := serve(t)
	run := `{"section":"3.2"}`
	outside := &client{&http.Client{}, t, c.base}
	for name, f := range map[string]func() (int, string){
		"no cookie":   func() (int, string) { return outside.do("GET", "/", "") },
		"token again": func() (int, string) { return outside.do("GET", strings.TrimPrefix(s.URL(), c.base), "") },
		"wrong token": func() (int, string) { return outside.do("GET", "/enter?token=abc", "") },
		"empty token": func() (int, string) { return outside.do("GET", "/enter?token=", "") },
		"wrong cookie": func() (int, string) {
			return outside.do("GET", "/", "", func(r *http.Request) { r.AddCookie(&http.Cookie{Name: cookieName, Value: "x"}) })
		},
		"foreign origin": func() (int, string) {
			return c.do("POST", "/api/run", run, func(r *http.Request) { r.Header.Set("Origin", "http://evil.example") })
		},
		"null origin": func() (int, string) {
			return c.do("POST", "/api/run", run, func(r *http.Request) { r.Header.Set("Origin", "null") })
		},
		"other port": func() (int, string) {
			return c.do("POST", "/api/run", run, func(r *http.Request) { r.Header.Set("Origin", "http://127.0.0.1:1") })
		},
		"cross site": func() (int, string) {
			return c.do("POST", "/api/run", run, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") })
		},
		"rebinding":        func() (int, string) { return c.do("GET", "/", "", func(r *http.Request) { r.Host = "evil.example" }) },
		"rebinding a port": func() (int, string) { return c.do("GET", "/", "", func(r *http.Request) { r.Host = "127.0.0.1:80" }) },
		"form": func() (int, string) {
			return c.do("POST", "/api/run", run, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") })
		},
		"large body": func() (int, string) {
			return c.do("POST", "/api/run", `{"section":"`+strings.Repeat("x", maxBody)+`"}`)
		},
		"no JSON":    func() (int, string) { return c.do("POST", "/api/run", `{`) },
		"no lesson":  func() (int, string) { return c.do("POST", "/api/run", `{"section":"../../etc"}`) },
		"GET to run": func() (int, string) { return c.do("GET", "/api/run", "") },
		"wrong cell": func() (int, string) {
			return c.do("POST", "/api/run", `{"section":"3.2","edits":[{"from":1,"to":2,"code":"x"}]}`)
		},
		"run of no number":   func() (int, string) { return c.do("GET", "/api/events/x", "") },
		"run that is not":    func() (int, string) { return c.do("GET", "/api/events/99", "") },
		"stop what is not":   func() (int, string) { return c.do("POST", "/api/stop/99", "{}") },
		"lesson that is not": func() (int, string) { return c.do("GET", "/s/99.9", "") },
		"up in a lesson":     func() (int, string) { return c.do("GET", "/s/..%2f..%2fetc%2fpasswd", "") },
		"up in static":       func() (int, string) { return c.do("GET", "/static/..%2f..%2fserver.go", "") },
		"up in history":      func() (int, string) { return c.do("GET", "/api/curves/..%2f..%2fetc", "") },
	} {
		if code, text := f(); code < 400 || code >= 500 {
			t.Errorf("%s: status %d, %.100s", name, code, text)
		}
	}
	if code, _ := c.do("GET", "/", "", func(r *http.Request) { r.Header.Set("Origin", c.base) }); code != 200 {
		t.Errorf("its own origin is refused: %d", code)
	}
	r, err := c.Get(c.base + "/s/3.2")
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	for name, want := range map[string]string{"Content-Security-Policy": "default-src 'none'", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"} {
		if got := r.Header.Get(name); !strings.Contains(got, want) {
			t.Errorf("%s: %s", name, got)
		}
	}
	u, _ := url.Parse(c.base)
	for _, k := range c.Jar.Cookies(u) {
		if k.Value == s.door.token || k.Value == "" {
			t.Error("the cookie is the token")
		}
	}
}

func TestManyStreams(t *testing.T) {
	s, c := serve(t)
	id := c.start(Request{Section: "3.2", Set: map[string]string{"mode": "sleep"}})
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	codes := make(chan int, 500)
	for range 500 {
		wg.Go(func() {
			r, _ := http.NewRequestWithContext(ctx, "GET", fmt.Sprint(c.base, "/api/events/", id), nil)
			resp, err := c.Do(r)
			if err != nil {
				codes <- 0
				return
			}
			defer resp.Body.Close()
			codes <- resp.StatusCode
			io.Copy(io.Discard, resp.Body)
		})
	}
	open, refused := 0, 0
	for range 500 {
		switch <-codes {
		case 200:
			open++
		case 503:
			refused++
		}
	}
	if open > maxStreams || refused == 0 {
		t.Errorf("%d open, %d refused", open, refused)
	}
	if code, _ := c.do("GET", "/", ""); code != 200 {
		t.Errorf("the server answers %d", code)
	}
	cancel()
	wg.Wait()
	s.runner.Find(id).Stop()
}

func TestQueueIsBounded(t *testing.T) {
	_, c := serve(t)
	busy := 0
	for range maxRuns {
		if code, _ := c.do("POST", "/api/run", `{"section":"3.2","set":{"mode":"sleep"}}`); code == http.StatusServiceUnavailable {
			busy++
		}
	}
	if busy == 0 {
		t.Error("every run was taken")
	}
}

func TestRemoteAddresses(t *testing.T) {
	if _, err := NewServer(Options{Addr: "0.0.0.0:0"}); err == nil || !strings.Contains(err.Error(), "--allow-remote") {
		t.Errorf("error %v", err)
	}
	s, err := NewServer(Options{Addr: "0.0.0.0:0", AllowRemote: true, Dir: "."})
	if err != nil {
		t.Skip(err)
	}
	defer s.listener.Close()
	if s.whyNot == "" {
		t.Error("others can edit")
	}
}

func TestContentsAndSearch(t *testing.T) {
	_, c := serve(t)
	if _, page := c.do("GET", "/", ""); !strings.Contains(page, "Convolutional Neural Networks (LeNet)") || !strings.Contains(page, `href="/s/6.6"`) {
		t.Error("the contents lack LeNet")
	}
	if _, page := c.do("GET", "/search?q=minibatch+loader", ""); !strings.Contains(page, "<mark>") {
		t.Errorf("nothing found: %.300s", page)
	}
	if _, page := c.do("GET", "/search?q=%3Cscript%3E", ""); strings.Contains(page, "<script>") {
		t.Error("the query stands in the page as it came")
	}
}
