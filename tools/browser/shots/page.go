package main

import (
	"context"
	"fmt"
	"html"
	"image/color"
	"math"
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/vt"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/fathom-ml/fathom/tools/browser"
)

// style puts every character in a box of one size, so that the cells join whatever the font says. DejaVu Sans Mono has
// the Braille patterns.
const style = `body { margin: 0; background: #14171a; }
#screen { display: inline-block; padding: 12px 16px; background: #14171a; color: #e4e8ec; font: 14px "DejaVu Sans Mono", monospace; }
.row { display: flex; height: 16px; }
i { display: block; flex: none; width: 8.5px; height: 16px; line-height: 16px; font-style: normal; white-space: pre; }`

// write writes the screen in HTML, as far as something is on it.
func write(screen *vt.Emulator) string {
	width, height := 0, 0
	for y := range screen.Height() {
		for x := range screen.Width() {
			if c := screen.CellAt(x, y); c != nil && strings.TrimSpace(c.Content) != "" {
				width, height = max(width, x+1), y+1
			}
		}
	}
	var body strings.Builder
	for y := range height {
		body.WriteString(`<div class="row">`)
		for x := range width {
			c := screen.CellAt(x, y)
			if c == nil {
				c = &uv.EmptyCell
			}
			fmt.Fprintf(&body, "<i%s>%s</i>", look(c.Style), html.EscapeString(c.Content))
		}
		body.WriteString("</div>\n")
	}
	return "<!DOCTYPE html><meta charset=utf-8><style>" + style + "</style><div id=screen>\n" + body.String() + "</div>"
}

// look is the style attribute of a cell.
func look(s uv.Style) string {
	var css string
	if s.Fg != nil {
		css += "color:" + hex(s.Fg) + ";"
	}
	if s.Bg != nil {
		css += "background:" + hex(s.Bg) + ";"
	}
	if s.Attrs&uv.AttrBold != 0 {
		css += "font-weight:bold;"
	}
	if css == "" {
		return ""
	}
	return ` style="` + css + `"`
}

// hex is a colour as CSS writes it.
func hex(c color.Color) string {
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}

// shoot takes the picture of the screen in a page.
func shoot(html string) ([]byte, error) {
	ctx, stop, err := browser.Window(width, height)
	if err != nil {
		return nil, err
	}
	defer stop()
	var size struct{ Width, Height float64 }
	var picture []byte
	err = chromedp.Run(ctx, chromedp.Navigate("about:blank"), content(html),
		chromedp.Evaluate(`(({width, height}) => ({width, height}))(document.querySelector("#screen").getBoundingClientRect())`, &size),
		chromedp.ActionFunc(func(ctx context.Context) error {
			return chromedp.EmulateViewport(int64(math.Ceil(size.Width)), int64(math.Ceil(size.Height)), chromedp.EmulateScale(scale)).Do(ctx)
		}),
		chromedp.CaptureScreenshot(&picture))
	return picture, err
}

// content puts HTML into the window.
func content(html string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		tree, err := page.GetFrameTree().Do(ctx)
		if err != nil {
			return err
		}
		return page.SetDocumentContent(tree.Frame.ID, html).Do(ctx)
	})
}
