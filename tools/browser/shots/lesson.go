package main

import (
	"strings"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/fathom-ml/fathom/tools/browser"
)

const (
	section       = "3.7" // softmax regression: a short text, one training, one curve
	width, height = 1000, 900
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
	var picture []byte
	err = chromedp.Run(ctx, light(), chromedp.EmulateViewport(width, height, chromedp.EmulateScale(scale)),
		chromedp.Navigate(url), chromedp.WaitVisible(`.chapter`),
		chromedp.Navigate(base+"/s/"+section), chromedp.WaitVisible(`.go`), chromedp.Click(`.go`),
		chromedp.Poll(finished, nil, chromedp.WithPollingTimeout(2*time.Minute)),
		chromedp.WaitVisible(`.outputs figure svg`),
		chromedp.Evaluate(`document.querySelector(".outputs figure").scrollIntoView({block: "center"})`, nil),
		chromedp.Sleep(300*time.Millisecond), // for the page to be painted where it is now
		chromedp.CaptureScreenshot(&picture))
	return picture, err
}

// light asks for light colours.
func light() chromedp.Action {
	return emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "light"}})
}
