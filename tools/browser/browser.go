// Package browser shows the book in a real browser: its tests try it there, and the program shots makes pictures for the
// README. Both need Chromium.
package browser

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

// ErrNone is returned where there is no Chromium.
var ErrNone = errors.New("there is no Chromium")

// Build builds the command fathom of the checkout root into dir and returns its path.
func Build(root, dir string) (string, error) {
	bin := filepath.Join(dir, "fathom")
	build := exec.Command("go", "build", "-o", bin, "./cmd/fathom")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return bin, nil
}

// Serve starts "fathom serve" in the checkout root and returns the address with its token. Stop ends it.
func Serve(bin, root string) (url string, stop func(), err error) {
	cmd := exec.Command(bin, "serve", "--addr", "127.0.0.1:0", "--no-browser")
	cmd.Dir = root
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		stop()
		return "", nil, fmt.Errorf("fathom serve: %w", err)
	}
	return strings.TrimSpace(line), stop, nil
}

// Window opens a browser window without a screen, for three minutes at most.
func Window(width, height int) (ctx context.Context, stop func(), err error) {
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
		}
	}
	if path == "" {
		return nil, nil, ErrNone
	}
	profile, err := os.MkdirTemp("", "fathom-browser-")
	if err != nil {
		return nil, nil, err
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(profile),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.WindowSize(width, height))
	ctx, endBrowser := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, endTab := chromedp.NewContext(ctx)
	ctx, endTime := context.WithTimeout(ctx, 3*time.Minute)
	return ctx, func() {
		endTime()
		endTab()
		endBrowser()
		os.RemoveAll(profile) // the browser may still write: what it leaves then is the system's to clean
	}, nil
}
