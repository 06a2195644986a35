package tensor

import (
	"cmp"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/fathom-ml/fathom/internal/pool"
)

// MemStats is what tensors hold.
type MemStats struct {
	Live   int64 // bytes in use: the results in scopes, and under TraceSites all tensors
	Peak   int64 // an upper bound of the largest Live so far: the peaks of both parts, added
	Pooled int64 // bytes that wait for use again
}

// Stats returns the present memory figures.
func Stats() MemStats {
	s := pool.Buffers.Stats()
	m := MemStats{Live: s.Live, Peak: s.Peak, Pooled: s.Idle}
	if watch.Load()&watchSites != 0 {
		traces.Lock()
		defer traces.Unlock()
		m.Live += traces.plain
		m.Peak += traces.peak
	}
	return m
}

// TraceSites turns the accounting of single tensors on: while it is on, plain Go memory counts in
// Stats().Live until the collector finds it unreachable, and [LiveSites] knows
// where tensors were made. It costs a cleanup and a look at the stack for each tensor, so it
// is for tests and leak hunts; the environment variable FATHOM_TRACE=1 turns it on at start.
func TraceSites(on bool) { watchFor(watchSites, on) }

// Site is a line of code that made tensors which are still held.
type Site struct {
	Where string // file:line of the first caller outside of the tensor packages
	Bytes int64
	Count int
}

// LiveSites lists where the tensors that are held were made, the largest first. It knows those made
// under [TraceSites].
func LiveSites() []Site {
	traces.Lock()
	defer traces.Unlock()
	var out []Site
	for _, s := range traces.sites {
		if s.Count > 0 {
			out = append(out, *s)
		}
	}
	slices.SortFunc(out, func(a, b Site) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), strings.Compare(a.Where, b.Where))
	})
	return out
}

// watch holds what is watched beside the computation: nothing, as a rule.
var watch atomic.Uint32

const (
	watchSites = 1 << iota // TraceSites
	watchBirth             // DetectAnomaly
)

func watchFor(bit uint32, on bool) {
	if on {
		watch.Or(bit)
	} else {
		watch.And(^bit)
	}
}

func init() { watchFor(watchSites, os.Getenv("FATHOM_TRACE") == "1") }

var traces = struct {
	sync.Mutex
	plain, peak int64 // bytes of Go memory, now and at most
	sites       map[string]*Site
}{sites: map[string]*Site{}}

// mark is the entry of one buffer in the accounts.
type mark struct {
	site    *Site
	bytes   int64
	plain   bool // counts in traces.plain; the pool counts its own
	dropped bool
}

// trace enters b in the accounts until it is released or collected.
func trace(b *buffer) {
	where := outside()
	traces.Lock()
	defer traces.Unlock()
	s := traces.sites[where]
	if s == nil {
		s = &Site{Where: where}
		traces.sites[where] = s
	}
	s.Bytes += int64(b.n)
	s.Count++
	b.mark = &mark{site: s, bytes: int64(b.n)}
	if b.class == plain {
		b.mark.countPlain()
	}
	runtime.AddCleanup(b, (*mark).drop, b.mark)
}

// countPlain adds the bytes to those of Go memory; traces is locked.
func (m *mark) countPlain() {
	m.plain = true
	traces.plain += m.bytes
	traces.peak = max(traces.peak, traces.plain)
}

// leavePool is called when pool memory becomes plain Go memory.
func (m *mark) leavePool() {
	traces.Lock()
	defer traces.Unlock()
	if !m.dropped && !m.plain {
		m.countPlain()
	}
}

func (m *mark) drop() {
	traces.Lock()
	defer traces.Unlock()
	if m.dropped {
		return
	}
	m.dropped = true
	m.site.Bytes -= m.bytes
	m.site.Count--
	if m.plain {
		traces.plain -= m.bytes
	}
}

// outside is the first caller that is not in package tensor or a folder of it; tests count as outside.
func outside() string {
	var pcs [48]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	for {
		f, more := frames.Next()
		if !more || !strings.HasPrefix(f.Function, "github.com/fathom-ml/fathom/tensor") || strings.HasSuffix(f.File, "_test.go") {
			return fmt.Sprintf("%s:%d", f.File, f.Line)
		}
	}
}
