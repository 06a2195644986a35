package data

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"time"
)

// errSilent says that a server stopped sending.
var errSilent = errors.New("the server sends nothing")

// fill brings the file's bytes into part, from one address after the other.
func (f *fetcher) fill(ctx context.Context, file File, part *os.File) error {
	have, err := part.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if file.Size > 0 && have >= file.Size { // an earlier run came to the end, but not to the renaming
		if err := file.verify(ctx, part.Name()); err == nil || !errors.Is(err, ErrChecksum) {
			return err
		}
		if err := part.Truncate(0); err != nil {
			return err
		}
	}
	var connect atomic.Int64
	connect.Store(int64(f.connect))
	tr := http.DefaultTransport.(*http.Transport).Clone()
	tr.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		d := net.Dialer{Timeout: time.Duration(connect.Load())}
		return d.DialContext(ctx, network, addr)
	}
	tr.TLSHandshakeTimeout = f.connect
	tr.ResponseHeaderTimeout = f.silence
	tr.DisableCompression = true // the bytes as they lie on the server
	defer tr.CloseIdleConnections()
	client := &http.Client{Transport: tr}

	var failed []error
	for _, addr := range file.URLs {
		err := f.from(ctx, client, file, addr, part)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		failed = append(failed, fmt.Errorf("%s: %w", addr, shorten(err)))
		var timeout net.Error
		if errors.As(err, &timeout) && timeout.Timeout() {
			connect.Store(int64(min(f.connect, 2*time.Second))) // a dead network is known sooner
		}
	}
	return joined(failed)
}

// from tries one address: the missing rest first, then, if the rest does not
// fit, everything.
func (f *fetcher) from(ctx context.Context, client *http.Client, file File, addr string, part *os.File) error {
	for {
		have, err := part.Seek(0, io.SeekEnd)
		if err != nil {
			return err
		}
		err = f.get(ctx, client, file, addr, part, have)
		if err == nil {
			if err = part.Sync(); err == nil {
				err = file.verify(ctx, part.Name())
			}
		}
		var bad *misfit
		if err == nil || !errors.Is(err, ErrChecksum) && !errors.As(err, &bad) {
			return err // a cut connection leaves its part to be resumed
		}
		if err := part.Truncate(0); err != nil {
			return err
		}
		if have == 0 {
			return err
		}
	}
}

// misfit is an answer after which the part cannot be trusted.
type misfit struct{ msg string }

func (m *misfit) Error() string { return m.msg }

// get appends to part, which has the first have bytes, or writes it anew if
// the server does not do ranges.
func (f *fetcher) get(ctx context.Context, client *http.Client, file File, addr string, part *os.File, have int64) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watch := time.AfterFunc(f.connect+f.silence, func() { cancel(errSilent) })
	defer watch.Stop()

	req, err := http.NewRequestWithContext(ctx, http.MethodGet, addr, nil)
	if err != nil {
		return err
	}
	req.Header.Set("User-Agent", "fathom")
	if have > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", have))
	}
	resp, err := client.Do(req)
	if err != nil {
		return because(ctx, err)
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
		have = 0
	case http.StatusPartialContent:
		if want := fmt.Sprintf("bytes %d-", have); have == 0 || !strings.HasPrefix(resp.Header.Get("Content-Range"), want) {
			return &misfit{fmt.Sprintf("asked for the bytes from %d on, got %q", have, resp.Header.Get("Content-Range"))}
		}
	case http.StatusRequestedRangeNotSatisfiable:
		return &misfit{resp.Status}
	default:
		return errors.New(resp.Status)
	}
	total := file.Size
	if resp.ContentLength >= 0 {
		if n := have + resp.ContentLength; total == 0 {
			total = n
		} else if n != total {
			return fmt.Errorf("the server has %d bytes, the file %d", n, total)
		}
	}
	if err := part.Truncate(have); err != nil {
		return err
	}
	if _, err := part.Seek(have, io.SeekStart); err != nil {
		return err
	}
	return f.copy(ctx, file, part, resp.Body, have, total, watch)
}

// copy writes the body into part and reports progress.
func (f *fetcher) copy(ctx context.Context, file File, part *os.File, body io.Reader, done, total int64, watch *time.Timer) error {
	var told time.Time
	buf := make([]byte, 64<<10)
	for {
		watch.Reset(f.silence)
		n, err := body.Read(buf)
		watch.Stop()
		if done += int64(n); file.Size > 0 && done > file.Size {
			return &misfit{fmt.Sprintf("the server sends more than the %d bytes of the file", file.Size)}
		}
		if _, err := part.Write(buf[:n]); err != nil {
			return err
		}
		if f.progress != nil && (err == io.EOF || time.Since(told) > 100*time.Millisecond) {
			told = time.Now()
			f.progress(file.Name, done, total)
		}
		if err == io.EOF {
			if file.Size > 0 && done < file.Size {
				return fmt.Errorf("cut off after %d of %d bytes: %w", done, file.Size, io.ErrUnexpectedEOF)
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("after %d bytes: %w", done, because(ctx, err))
		}
	}
}

// because gives the reason for which ctx was cancelled in place of what the
// network code makes of it.
func because(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// shorten drops the address that http puts before its errors.
func shorten(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// joined is errors.Join on one line.
type joined []error

func (j joined) Error() string {
	s := make([]string, len(j))
	for i, e := range j {
		s[i] = e.Error()
	}
	return strings.Join(s, "; ")
}

func (j joined) Unwrap() []error { return j }
