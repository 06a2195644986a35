package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/fathom-ml/fathom/tools/browser"
)

const (
	section       = "3.7" // softmax regression: a short text, one training, one curve
	width, height = 900, 744
	scale         = 2
)

// lesson is the page of a lesson after Run has finished, with its curve in sight.
func lesson(bin, root string) ([]byte, error) {
	url, stopServer, err := browser.Serve(bin, root)
	if err != nil {
		return nil, err
	}
	defer stopServer()
	ctx, stop, err := browser.Window(width, height)
	if err != nil {
		return nil, err
	}
	defer stop()
	base, _, _ := strings.Cut(url, "/enter")
	const finished = `/^(done|failed|stopped)/.test(document.querySelector(".status").textContent)`
	// The text before the figure comes right below the bar with the button, which stays in sight.
	const scroll = `(() => {
		const text = document.querySelector(".outputs figure").closest(".cell").previousElementSibling;
		const bar = document.querySelector(".go").closest("form");
		for (let i = 0; i < 2; i++) scrollBy(0, text.getBoundingClientRect().top - bar.getBoundingClientRect().bottom - 20);
	})()`
	var status string
	var picture []byte
	err = chromedp.Run(ctx, light(), chromedp.EmulateViewport(width, height, chromedp.EmulateScale(scale)),
		chromedp.Navigate(url), chromedp.WaitVisible(`.chapter`),
		chromedp.Navigate(base+"/s/"+section), chromedp.WaitVisible(`.go`), chromedp.Click(`.go`),
		chromedp.Poll(finished, nil, chromedp.WithPollingTimeout(2*time.Minute)),
		chromedp.WaitVisible(`.outputs figure svg`),
		chromedp.Text(`.status`, &status), chromedp.Evaluate(scroll, nil),
		chromedp.Sleep(300*time.Millisecond), // for the page to be painted where it is now
		chromedp.CaptureScreenshot(&picture))
	if err == nil && !strings.HasPrefix(status, "done") {
		err = fmt.Errorf("lesson %s: %s", section, status)
	}
	return picture, err
}

// light asks for light colours.
func light() chromedp.Action {
	return emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "light"}})
}
