package site

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/internal/atomicfile"
)

// Edit is a cell's code in place of lines of the lesson's file.
type Edit struct {
	From int    `json:"from"` // lines, from 1
	To   int    `json:"to"`
	Code string `json:"code"`
}

// maxSource bounds an edited lesson.
const maxSource = 1 << 20

// Workshop compiles edited lessons from a checkout with the Go toolchain.
type Workshop struct {
	root string // of the checkout
	go_  string // the go command
	why  string // why nothing can be edited, "" if it can
}

// NewWorkshop looks for a checkout, from the folder dir upwards, and for Go.
func NewWorkshop(dir string) *Workshop {
	w := &Workshop{}
	dir, err := filepath.Abs(dir)
	if err != nil {
		w.why = "the folder is gone"
		return w
	}
	for d := dir; ; d = filepath.Dir(d) {
		if b, err := os.ReadFile(filepath.Join(d, "go.mod")); err == nil && bytes.HasPrefix(b, []byte("module github.com/fathom-ml/fathom\n")) {
			w.root = d
			break
		}
		if d == filepath.Dir(d) {
			w.why = "this is no checkout of Fathom"
			return w
		}
	}
	if w.go_, err = exec.LookPath("go"); err != nil {
		w.why = "the go command is not to be found"
	}
	return w
}

// file is the lesson's file in the checkout.
func (w *Workshop) file(l book.Lesson) string {
	pkg, _, _ := strings.Cut(strings.TrimPrefix(l.Package(), "github.com/fathom-ml/fathom/"), "@")
	return filepath.Join(w.root, filepath.FromSlash(pkg), "lesson.go")
}

// Apply puts edits into the source of a lesson. Where the story's cells are one tab less deep on the page, the tab comes back.
func Apply(l book.Lesson, edits []Edit) (string, error) {
	cells, err := l.Cells()
	if err != nil {
		return "", err
	}
	lines := strings.Split(l.Source, "\n")
	edits = slices.Clone(edits)
	slices.SortFunc(edits, func(a, b Edit) int { return b.From - a.From }) // from the end, so that lines keep their numbers
	last := len(lines) + 1
	for _, e := range edits {
		i := slices.IndexFunc(cells, func(c book.Cell) bool { return c.Code != "" && c.From == e.From && c.To == e.To })
		if i < 0 || e.To >= last {
			return "", fmt.Errorf("site: lesson %s has no cell of the lines %d to %d", l.Section, e.From, e.To)
		}
		last = e.From
		code := strings.Split(strings.TrimRight(strings.ReplaceAll(e.Code, "\r\n", "\n"), "\n"), "\n")
		if !cells[i].Decl {
			code = indented(code)
		}
		lines = slices.Concat(lines[:e.From-1:e.From-1], code, lines[e.To:])
	}
	source := strings.Join(lines, "\n")
	if len(source) > maxSource {
		return "", errors.New("site: the edited lesson is too long")
	}
	return source, nil
}

// indented puts a tab before each line that is not inside a raw string.
func indented(code []string) []string {
	out, raw := make([]string, len(code)), false
	for i, l := range code {
		if out[i] = l; !raw && l != "" {
			out[i] = "\t" + l
		}
		if strings.Count(l, "`")%2 == 1 {
			raw = !raw
		}
	}
	return out
}

// CompileError is what the compiler says of an edited lesson: the first line is of the lesson's file.
type CompileError struct {
	Text string
	Line int // 0 if it is not known
}

func (e *CompileError) Error() string { return e.Text }

var errorLine = regexp.MustCompile(`(?m)lesson\.go:(\d+)(?::\d+)?:`)

// Build compiles the command with the edited lesson in place of the lesson's file, which is not touched. done removes what was made.
func (w *Workshop) Build(ctx context.Context, l book.Lesson, source string) (program string, done func(), err error) {
	if w.why != "" {
		return "", nil, fmt.Errorf("site: editing is off: %s", w.why)
	}
	dir, err := os.MkdirTemp("", "fathom-edit-") // 0700
	if err != nil {
		return "", nil, fmt.Errorf("site: %w", err)
	}
	remove := func() { os.RemoveAll(dir) }
	defer func() {
		if err != nil {
			remove()
		}
	}()
	edited, overlay, program := filepath.Join(dir, "lesson.go"), filepath.Join(dir, "overlay.json"), filepath.Join(dir, "fathom")
	if err := os.WriteFile(edited, []byte(source), 0o600); err != nil {
		return "", nil, fmt.Errorf("site: %w", err)
	}
	text, err := json.Marshal(map[string]map[string]string{"Replace": {w.file(l): edited}})
	if err == nil {
		err = os.WriteFile(overlay, text, 0o600)
	}
	if err != nil {
		return "", nil, fmt.Errorf("site: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, w.go_, "build", "-mod=readonly", "-overlay", overlay, "-o", program, "./cmd/fathom")
	group(cmd)
	cmd.WaitDelay = 2 * time.Second
	cmd.Dir = w.root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOPROXY=off", "GOTOOLCHAIN=local", "GOWORK=off")
	var out tail
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return "", nil, errors.New("site: the compiler took more than a minute, or was stopped")
		}
		e := &CompileError{Text: strings.ReplaceAll(out.String(), edited, "lesson.go")}
		if m := errorLine.FindStringSubmatch(e.Text); m != nil {
			fmt.Sscan(m[1], &e.Line)
		}
		return "", nil, e
	}
	return program, remove, nil
}

// Save puts an edited lesson into the checkout, if the file there is still the one that was edited.
func (w *Workshop) Save(l book.Lesson, source string) error {
	if w.why != "" {
		return fmt.Errorf("site: editing is off: %s", w.why)
	}
	path := w.file(l)
	now, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("site: %w", err)
	}
	if hash(string(now)) != hash(l.Source) {
		return fmt.Errorf("site: %s has changed since this server was built: nothing was saved", path)
	}
	return atomicfile.Write(path, func(out io.Writer) error { _, err := out.Write([]byte(source)); return err })
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
