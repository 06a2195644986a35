package plot

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

var (
	look = flag.String("look", "", "write all figures as SVG, PNG and text into this `folder`, for looking at them")
	only = flag.String("only", "", "look at the figures whose names match this `expression` only")
)

// TestLook writes contact sheets and every figure in all its forms:
//
//	go test ./plot -run Look -look /tmp/look -only 'bars|hist'
func TestLook(t *testing.T) {
	if *look == "" {
		t.Skip("no -look")
	}
	match := regexp.MustCompile(*only)
	figs := figures()
	sheets := map[string][]image.Image{}
	write := func(name string, b []byte, err error) {
		if err == nil {
			err = os.WriteFile(filepath.Join(*look, name), b, 0o644)
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(figs)) {
		if !match.MatchString(name) {
			continue
		}
		f := figs[name]
		b, err := f.SVG()
		write(name+".svg", b, err)
		write(name+".txt", []byte(f.Text(80, 24)+"\n"), nil)
		write(name+".ansi", []byte(f.ANSI(80, 24)+"\n"), nil)
		for theme, word := range map[Theme]string{Light: "light", Dark: "dark"} {
			for _, scale := range []float64{1, 2} {
				b, err := f.PNG(scale, theme)
				kind := fmt.Sprintf("%s@%v", word, scale)
				write(name+"-"+kind+".png", b, err)
				im, err := png.Decode(bytes.NewReader(b))
				if err != nil {
					t.Fatal(err)
				}
				sheets[kind] = append(sheets[kind], im)
			}
		}
	}
	for kind, list := range sheets {
		for i, part := range contactSheets(list, 1500, 1500) {
			var buf bytes.Buffer
			err := png.Encode(&buf, part)
			write(fmt.Sprintf("sheet-%s-%d.png", kind, i), buf.Bytes(), err)
		}
	}
}

// contactSheets lays pictures out in rows on sheets of the given size.
func contactSheets(list []image.Image, width, height int) []image.Image {
	var out []image.Image
	for len(list) > 0 {
		sheet := image.NewRGBA(image.Rect(0, 0, width, height))
		draw.Draw(sheet, sheet.Bounds(), image.NewUniform(color.Gray{128}), image.Point{}, draw.Src)
		x, y, row, n := 0, 0, 0, 0
		for _, im := range list {
			b := im.Bounds()
			if x > 0 && x+b.Dx() > width {
				x, y, row = 0, y+row+4, 0
			}
			if n > 0 && y+b.Dy() > height {
				break
			}
			draw.Draw(sheet, image.Rect(x, y, x+b.Dx(), y+b.Dy()), im, b.Min, draw.Src)
			x, row, n = x+b.Dx()+4, max(row, b.Dy()), n+1
		}
		out, list = append(out, sheet), list[n:]
	}
	return out
}
