package browser

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// tools is where npm install puts the checkers.
const tools = "node_modules"

// needTool gives the path of a checker, or skips the test.
func needTool(t *testing.T, name string) string {
	t.Helper()
	p := filepath.Join(tools, filepath.FromSlash(name))
	if _, err := os.Stat(p); err != nil {
		t.Skip("npm install in tools/browser brings ", name)
	}
	return p
}

// exported writes the static site, once for all tests, with the outputs of quick runs.
var exported = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "fathom-site-")
	if err != nil {
		return "", err
	}
	bin, err := Build("../..", dir)
	if err != nil {
		return "", err
	}
	site := filepath.Join(dir, "site")
	cmd := exec.Command(bin, "export", "--site", site)
	cmd.Stderr = os.Stderr
	return site, cmd.Run()
})

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := exported(); err == nil && ran {
		os.RemoveAll(filepath.Dir(dir))
	}
	os.Exit(code)
}

var ran bool

func pages(t *testing.T) (dir string, names []string) {
	t.Helper()
	ran = true
	dir, err := exported()
	if err != nil {
		t.Fatal(err)
	}
	names, err = filepath.Glob(filepath.Join(dir, "*.html"))
	if err != nil || len(names) < 3 {
		t.Fatalf("%d pages, %v", len(names), err)
	}
	return dir, names
}

// TestHTML has a validator look at all pages.
func TestHTML(t *testing.T) {
	bin := needTool(t, ".bin/html-validate")
	_, names := pages(t)
	bad := filepath.Join(t.TempDir(), "bad.html")
	if err := os.WriteFile(bad, []byte("<p><div></p><img src=x>"), 0o666); err != nil {
		t.Fatal(err)
	}
	check := func(files ...string) (string, error) {
		out, err := exec.Command(bin, append([]string{"-c", ".htmlvalidate.json"}, files...)...).CombinedOutput()
		return string(out), err
	}
	if _, err := check(bad); err == nil {
		t.Fatal("the validator finds nothing wrong with a bad page")
	}
	if out, err := check(names...); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestAccessible has axe look at all pages: light, dark, and on a phone. No finding may be serious or critical.
func TestAccessible(t *testing.T) {
	source, err := os.ReadFile(needTool(t, "axe-core/axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	dir, names := pages(t)
	server := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer server.Close()
	for _, look := range []struct {
		name, scheme  string
		width, height int
	}{{"light", "light", 1000, 900}, {"dark", "dark", 1000, 900}, {"phone", "light", 390, 800}} {
		t.Run(look.name, func(t *testing.T) {
			ctx := open(t, look.width, look.height)
			scheme := chromedp.ActionFunc(func(ctx context.Context) error {
				return emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: look.scheme}}).Do(ctx)
			})
			for _, name := range names {
				base := filepath.Base(name)
				if found, err := axe(ctx, server.URL+"/"+base, string(source), scheme); err != nil {
					t.Fatalf("%s: %v", base, err)
				} else if found != "" {
					t.Errorf("%s:\n%s", base, found)
				}
			}
			if found, err := axe(ctx, "data:text/html,<html><body><img src=x><p style='color:%23ddd'>pale", string(source), scheme); err != nil || !strings.Contains(found, "image-alt") {
				t.Errorf("axe finds nothing wrong with a bad page: %q, %v", found, err)
			}
		})
	}
}

// axe gives the serious findings about a page, a line each.
func axe(ctx context.Context, url, source string, before chromedp.Action) (found string, err error) {
	err = chromedp.Run(ctx, before, chromedp.Navigate(url), chromedp.WaitReady("body"), chromedp.Evaluate(source+";0", nil),
		chromedp.Evaluate(`window.found = null; axe.run().then((r) => {
			window.found = r.violations.filter((v) => v.impact === "serious" || v.impact === "critical")
				.map((v) => v.id + ": " + v.help + ": " + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 200)).join(" | ")).join("\n");
		}); 0`, nil),
		chromedp.Poll(`window.found !== null`, nil, chromedp.WithPollingTimeout(time.Minute)), chromedp.Evaluate(`window.found`, &found))
	return found, err
}
