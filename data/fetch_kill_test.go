package data

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestFetchKilled kills processes in the middle of a download. Never is there a file under the final name that is not the whole one, and the next start goes on where the
// last one was.
func TestFetchKilled(t *testing.T) {
	if url := os.Getenv("FATHOM_TEST_FETCH"); url != "" {
		sum, addr, _ := strings.Cut(url, " ")
		_, err := Fetch(context.Background(), File{Name: "set/file.bin", SHA256: sum, URLs: []string{addr}})
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		return
	}
	if testing.Short() {
		t.Skip("kills processes")
	}
	const size, piece = 1 << 20, 1 << 16
	w := newWorld(t, size)
	var resumed atomic.Int64
	var hold atomic.Bool
	w.serve(t, func(rw http.ResponseWriter, r *http.Request) {
		from := 0
		if _, err := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from); err == nil && from > 0 {
			resumed.Add(1)
			rw.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, size-1, size))
			rw.WriteHeader(http.StatusPartialContent)
		}
		if !hold.Load() {
			rw.Write(w.body[from:])
			return
		}
		rw.Write(w.body[from : from+piece])
		rw.(http.Flusher).Flush()
		<-r.Context().Done() // the process is killed
	})
	start := func() *exec.Cmd {
		cmd := exec.Command(os.Args[0], "-test.run=^TestFetchKilled$")
		cmd.Env = append(os.Environ(), "FATHOM_TEST_FETCH="+w.file.SHA256+" "+w.file.URLs[0])
		return cmd
	}
	hold.Store(true)
	for i := range 4 {
		cmd := start()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		at := func() int64 {
			info, err := os.Stat(w.path() + ".part")
			if err != nil {
				return 0
			}
			return info.Size()
		}
		before := at()
		for end := time.Now().Add(20 * time.Second); at() <= before && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
		if at() <= before {
			t.Errorf("start %d: nothing came beyond %d bytes", i, before)
		}
		cmd.Process.Kill()
		cmd.Wait()
		if _, err := os.Stat(w.path()); err == nil {
			t.Fatal("killed, and the file is there")
		}
	}
	if resumed.Load() != 3 {
		t.Errorf("%d of 3 starts went on where the last was", resumed.Load())
	}
	hold.Store(false)
	if out, err := start().CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	b, err := os.ReadFile(w.path())
	if err != nil || !bytes.Equal(b, w.body) {
		t.Errorf("%d bytes, %v", len(b), err)
	}
	w.only(t, "file.bin")
}
