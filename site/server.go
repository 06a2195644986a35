package site

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net"
	"net/http"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/fathom-ml/fathom/book"
)

// Options of a [Server].
type Options struct {
	Addr        string // host:port; a port of 0 is any free one
	AllowRemote bool   // take an address that other machines reach; then nothing can be edited
	AllowEdit   bool   // unless this is said too
	Dir         string // where a checkout is looked for, upwards
}

// The bounds of the server.
const (
	maxBody    = 2 << 20
	maxStreams = 64 // event streams at once
)

// Server is the book on this machine.
type Server struct {
	door     *door
	runner   *Runner
	shop     *Workshop
	whyNot   string
	listener net.Listener
	http     *http.Server
	streams  chan struct{}

	mu       sync.Mutex
	captures map[string]*Capture // of the last run of each lesson that came to its end
}

// NewServer listens. Serve answers.
func NewServer(o Options) (*Server, error) {
	if !o.AllowRemote && !loopback(o.Addr) {
		return nil, fmt.Errorf("site: other machines reach the address %s; say --allow-remote if they should", o.Addr)
	}
	l, err := net.Listen("tcp", o.Addr)
	if err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	addr := l.Addr().String()
	_, port, _ := net.SplitHostPort(addr)
	hosts := []string{addr}
	if loopback(addr) {
		hosts = append(hosts, "localhost:"+port, "127.0.0.1:"+port)
	} else if host, _, err := net.SplitHostPort(o.Addr); err == nil {
		hosts = append(hosts, net.JoinHostPort(host, port))
	}
	s := &Server{door: newDoor(hosts...), shop: NewWorkshop(o.Dir), listener: l, streams: make(chan struct{}, maxStreams), captures: map[string]*Capture{}}
	if s.whyNot = s.shop.why; s.whyNot == "" && !loopback(addr) && !o.AllowEdit {
		s.whyNot = "other machines reach this server (--allow-edit lets them edit)"
	}
	s.runner = newRunner(max(1, runtime.GOMAXPROCS(0)/2), s.program)
	s.http = &http.Server{Handler: s.Handler(), ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 64 << 10, IdleTimeout: 2 * time.Minute}
	return s, nil
}

// URL is the address with the token, which lets in once.
func (s *Server) URL() string {
	return fmt.Sprintf("http://%s/enter?token=%s", s.listener.Addr(), s.door.token)
}

// Serve answers until ctx is done; then it stops the runs.
func (s *Server) Serve(ctx context.Context) error {
	failed := make(chan error, 1)
	go func() { failed <- s.http.Serve(s.listener) }()
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	s.runner.Close()
	wait, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	if s.http.Shutdown(wait) != nil {
		s.http.Close()
	}
	if err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("site: %w", err)
	}
	return nil
}

// program is what runs a lesson: this program, or one that was compiled with the edits.
func (s *Server) program(q Request) (string, func(), error) {
	if len(q.Edits) == 0 {
		p, err := self()
		return p, func() {}, err
	}
	if s.whyNot != "" {
		return "", nil, fmt.Errorf("site: editing is off: %s", s.whyNot)
	}
	l, err := book.Find(q.Section)
	if err != nil {
		return "", nil, err
	}
	source, err := Apply(l, q.Edits)
	if err != nil {
		return "", nil, err
	}
	return s.shop.Build(context.Background(), l, source)
}

// Handler answers all requests.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.contents)
	mux.HandleFunc("GET /s/{section}", s.lesson)
	mux.HandleFunc("GET /search", s.search)
	mux.HandleFunc("GET "+liveLinks.Works, s.works)
	mux.HandleFunc("GET /static/code.css", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write([]byte(codeStyle()))
	})
	files, err := fs.Sub(static, "static")
	if err != nil {
		panic(err)
	}
	mux.Handle("GET /static/", http.StripPrefix("/static/", http.FileServerFS(files)))
	mux.HandleFunc("POST /api/run", s.run)
	mux.HandleFunc("POST /api/stop/{id}", s.stop)
	mux.HandleFunc("POST /api/save", s.save)
	mux.HandleFunc("GET /api/events/{id}", s.events)
	mux.HandleFunc("GET /api/history/{section}", s.history)
	mux.HandleFunc("GET /api/curves/{section}", s.curves)
	return s.door.guard(mux)
}

func (s *Server) view(title string) view {
	return view{Title: title, Root: "/", Live: true, CanEdit: s.whyNot == "", WhyNot: s.whyNot, File: liveLinks.Lesson}
}

func (s *Server) show(w http.ResponseWriter, name string, v view) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, v); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(b.Bytes())
}

func (s *Server) contents(w http.ResponseWriter, r *http.Request) {
	v := s.view("Fathom: deep learning that runs")
	v.Chapters = Chapters()
	s.show(w, "contents", v)
}

func (s *Server) works(w http.ResponseWriter, _ *http.Request) {
	s.show(w, "works", s.view("Works cited"))
}

func (s *Server) search(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query().Get("q")
	if len(q) > 200 {
		q = q[:200]
	}
	v := s.view("Search: " + q)
	v.Query, v.Found = q, Search(q)
	s.show(w, "search", v)
}

func (s *Server) lesson(w http.ResponseWriter, r *http.Request) {
	l, err := book.Find(r.PathValue("section"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	s.mu.Lock()
	capture := s.captures[l.Section]
	s.mu.Unlock()
	p, err := NewPage(l, capture, inlineFigure, liveLinks)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	v := s.view(l.Section + " " + l.Title)
	v.Page = p
	s.show(w, "lesson", v)
}

// inlineFigure puts a figure into the page. Its SVG is of our own making.
func inlineFigure(m book.Message) template.HTML {
	return template.HTML(`<figure><div role="img" aria-label="` + template.HTMLEscapeString(m.Alt) + `">` + svgBody(m.SVG) + `</div></figure>`)
}

// svgBody is an SVG file without its XML declaration.
func svgBody(svg string) string {
	if i := bytes.Index([]byte(svg), []byte("<svg")); i > 0 {
		return svg[i:]
	}
	return svg
}

// body reads a request's JSON.
func body(w http.ResponseWriter, r *http.Request, v any) bool {
	if r.Header.Get("Content-Type") != "application/json" {
		http.Error(w, "JSON is wanted", http.StatusUnsupportedMediaType)
		return false
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(v); err != nil {
		code := http.StatusBadRequest
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			code = http.StatusRequestEntityTooLarge
		}
		http.Error(w, err.Error(), code)
		return false
	}
	return true
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func (s *Server) run(w http.ResponseWriter, r *http.Request) {
	var q Request
	if !body(w, r, &q) {
		return
	}
	l, err := book.Find(q.Section)
	if err != nil || len(q.Set) > 100 || len(q.Edits) > 1000 {
		http.Error(w, "no such lesson", http.StatusBadRequest)
		return
	}
	if len(q.Edits) > 0 {
		if s.whyNot != "" {
			http.Error(w, "editing is off: "+s.whyNot, http.StatusForbidden)
			return
		}
		if _, err := Apply(l, q.Edits); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	run, err := s.runner.Start(q)
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	go s.remember(run)
	answer(w, map[string]int{"id": run.ID})
}

// remember keeps what a run of the lesson as it is showed, for the page.
func (s *Server) remember(r *Run) {
	for n := 0; ; {
		lines, _, ended, changed := r.since(n)
		if n += len(lines); ended {
			break
		}
		<-changed
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.problem != "" || len(r.Request.Edits) > 0 {
		return
	}
	c := &Capture{Messages: r.capture, Seconds: r.seconds, Quick: r.Request.Quick}
	s.mu.Lock()
	s.captures[r.Request.Section] = c
	s.mu.Unlock()
}

// find is the run that a path names.
func (s *Server) find(w http.ResponseWriter, r *http.Request) *Run {
	id, err := strconv.Atoi(r.PathValue("id"))
	if err == nil {
		if run := s.runner.Find(id); run != nil {
			return run
		}
	}
	http.NotFound(w, r)
	return nil
}

func (s *Server) stop(w http.ResponseWriter, r *http.Request) {
	if run := s.find(w, r); run != nil {
		run.Stop()
		answer(w, map[string]bool{"ok": true})
	}
}

func (s *Server) save(w http.ResponseWriter, r *http.Request) {
	var q Request
	if !body(w, r, &q) {
		return
	}
	l, err := book.Find(q.Section)
	if err != nil {
		http.Error(w, "no such lesson", http.StatusBadRequest)
		return
	}
	if s.whyNot != "" {
		http.Error(w, "editing is off: "+s.whyNot, http.StatusForbidden)
		return
	}
	source, err := Apply(l, q.Edits)
	if err == nil {
		err = s.shop.Save(l, source)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	answer(w, map[string]bool{"ok": true})
}

// events streams a run: numbered messages that stay, and states that pass ("live").
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	run := s.find(w, r)
	if run == nil {
		return
	}
	select {
	case s.streams <- struct{}{}:
		defer func() { <-s.streams }()
	default:
		http.Error(w, "too many streams are open", http.StatusServiceUnavailable)
		return
	}
	flush, ok := w.(http.Flusher)
	if !ok {
		http.Error(w, "this connection cannot stream", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	from, _ := strconv.Atoi(r.Header.Get("Last-Event-ID"))
	from = max(from, 0)
	beat := time.NewTicker(15 * time.Second)
	defer beat.Stop()
	for {
		lines, live, ended, changed := run.since(from)
		for _, l := range lines {
			from++
			fmt.Fprintf(w, "id: %d\ndata: %s\n\n", from, l)
		}
		for _, l := range live {
			fmt.Fprintf(w, "data: %s\n\n", l)
		}
		flush.Flush()
		if ended {
			return
		}
		select {
		case <-changed:
			time.Sleep(20 * time.Millisecond) // several changes go in one
		case <-beat.C:
			fmt.Fprint(w, ": here\n\n")
		case <-r.Context().Done():
			return
		}
	}
}

func (s *Server) history(w http.ResponseWriter, r *http.Request) {
	list := []RunInfo{}
	for _, run := range s.runner.Of(r.PathValue("section")) {
		list = append(list, run.info())
	}
	answer(w, list)
}
