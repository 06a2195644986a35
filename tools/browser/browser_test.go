package browser

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// server builds and starts "fathom serve" and returns the address with its token.
func server(t *testing.T) string {
	t.Helper()
	bin, err := Build("../..", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	url, stop, err := Serve(bin, "../..")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	t.Logf("serves after %v", time.Since(began))
	return url
}

// open starts a browser window.
func open(t *testing.T, width, height int) context.Context {
	t.Helper()
	ctx, stop, err := Window(width, height)
	if errors.Is(err, ErrNone) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return ctx
}

// picture keeps what the window shows where FATHOM_PICTURES names a folder.
func picture(name string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		dir := os.Getenv("FATHOM_PICTURES")
		if dir == "" {
			return nil
		}
		var b []byte
		if err := chromedp.CaptureScreenshot(&b).Do(ctx); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, name+".png"), b, 0o666)
	})
}

const (
	run    = `.go`
	status = `.status`
)

// done waits until the status line begins with a word.
func done(word string) chromedp.Action {
	return chromedp.Poll(`document.querySelector(".status").textContent.startsWith("`+word+`")`, nil, chromedp.WithPollingTimeout(90*time.Second))
}

// press clicks what is not covered by anything else.
func press(sel string) chromedp.Action {
	return chromedp.Evaluate(`(() => {
		const e = document.querySelector("`+sel+`"), r = e.getBoundingClientRect();
		const at = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
		if (at !== e) throw new Error("covered by " + (at && at.outerHTML.slice(0, 80)));
		e.click();
	})()`, nil)
}

// write puts code into the cell that holds some text.
func write(old, new string) chromedp.Action {
	return chromedp.Evaluate(`(() => {
		const t = [...document.querySelectorAll("textarea.source")].find((t) => t.value.includes(`+"`"+old+"`"+`));
		t.value = t.value.replace(`+"`"+old+"`, `"+new+"`"+`);
		t.dispatchEvent(new Event("input"));
	})()`, nil)
}

// TestReader reads 3.2, runs it and watches the curve, makes it diverge, breaks it, mends it, and stops a long run.
func TestReader(t *testing.T) {
	ctx := open(t, 1000, 900)
	url := server(t)
	base := url[:strings.Index(url, "/enter")]
	var title, out, problem, wrong string
	var curves, figures int
	count := func(sel string, n *int) chromedp.Action {
		return chromedp.Evaluate(`document.querySelectorAll("`+sel+`").length`, n)
	}
	steps := func(name string, actions ...chromedp.Action) {
		t.Helper()
		if err := chromedp.Run(ctx, actions...); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	steps("open", chromedp.Navigate(url), chromedp.WaitVisible(`.chapter`), picture("contents"),
		chromedp.Navigate(base+"/s/3.2"), chromedp.WaitVisible(run), chromedp.Title(&title))
	if !strings.Contains(title, "Linear Regression") {
		t.Errorf("title %q", title)
	}
	steps("run", press(run), done("done"), chromedp.WaitVisible(`.curves svg`), count(".curves svg", &curves), count(".outputs figure svg", &figures),
		chromedp.Text(`main`, &out), picture("ran"))
	steps("look", chromedp.ScrollIntoView(`.outputs figure`), picture("lesson"), chromedp.ScrollIntoView(`.curves svg`), picture("runs"))
	if curves != 1 || figures < 1 || !strings.Contains(out, "epoch 3, loss 0.000051") {
		t.Errorf("%d curves, %d figures", curves, figures)
	}
	began := time.Now()
	steps("diverge", press(`.edit`), chromedp.WaitVisible(`textarea.source`), write(`"lr", 0.03`, `"lr", 10`), press(run),
		chromedp.Poll(`document.querySelectorAll(".outputs pre.out").length > 0`, nil, chromedp.WithPollingTimeout(time.Minute)))
	t.Logf("from the edit to the first output: %v", time.Since(began))
	steps("diverged", done("done"), chromedp.Text(`main`, &out))
	if !strings.Contains(out, "epoch 3, loss NaN") && !strings.Contains(out, "epoch 3, loss +Inf") && !strings.Contains(out, "e+") {
		t.Errorf("a rate of 10 shows %.3000s", out[strings.Index(out, "epoch 1"):])
	}
	steps("break", write(`"lr", 10`, `"lr", = 10`), press(run), done("failed"), chromedp.Text(`.problem`, &problem),
		chromedp.Text(`.cell.wrong`, &wrong, chromedp.AtLeast(0)), picture("broken"))
	if !strings.Contains(problem, "of the marked cell") {
		t.Errorf("the problem is %q", problem)
	}
	steps("repair", write(`"lr", = 10`, `"lr", 0.03`), press(run), done("done"), chromedp.Text(`main`, &out))
	if !strings.Contains(out, "epoch 3, loss 0.000051") {
		t.Error("mended, it shows something else")
	}
	steps("stop", chromedp.Navigate(base+"/s/6.6"), chromedp.WaitVisible(run), press(run), done("running"), chromedp.Sleep(time.Second),
		press(`.stop`), done("stopped"), picture("stopped"))
}

// TestPhone wants no page wider than a phone.
func TestPhone(t *testing.T) {
	ctx := open(t, 390, 800)
	url := server(t)
	base := url[:strings.Index(url, "/enter")]
	if err := chromedp.Run(ctx, chromedp.Navigate(url), chromedp.WaitVisible(`.chapter`)); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/s/3.2", "/s/6.6", "/search?q=loss"} {
		var over int
		err := chromedp.Run(ctx, chromedp.EmulateViewport(390, 800), chromedp.Navigate(base+path), chromedp.WaitReady(`main`),
			chromedp.Evaluate(`document.documentElement.scrollWidth - document.documentElement.clientWidth`, &over), picture("phone"))
		if err != nil || over > 0 {
			t.Errorf("%s is %d pixels too wide: %v", path, over, err)
		}
	}
}
