// Shots makes the pictures of the README from the book as it is: a lesson that ran in the browser and one that ran in a
// terminal. It needs Chromium, a system with pseudo-terminals and the font DejaVu Sans Mono; FATHOM_DATA may name the data.
//
//	go run ./shots            # in tools/browser: docs/lesson.png, docs/terminal.png
//	go run ./shots --out DIR  # elsewhere
package main

import (
	"bytes"
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"

	"github.com/fathom-ml/fathom/tools/browser"
)

func main() {
	root := flag.String("root", "../..", "the checkout")
	out := flag.String("out", "", "folder of the pictures (default docs in the checkout)")
	flag.Parse()
	if *out == "" {
		*out = filepath.Join(*root, "docs")
	}
	if err := shots(*root, *out); err != nil {
		fmt.Fprintln(os.Stderr, "shots:", err)
		os.Exit(1)
	}
}

// shots makes both pictures.
func shots(root, out string) error {
	dir, err := os.MkdirTemp("", "fathom-shots-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	bin, err := browser.Build(root, dir)
	if err != nil {
		return err
	}
	bin, err = filepath.Abs(bin)
	if err != nil {
		return err
	}
	for _, p := range []struct {
		name string
		make func(bin, root string) ([]byte, error)
	}{{"lesson.png", lesson}, {"terminal.png", terminal}} {
		b, err := p.make(bin, root)
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		if b, err = small(b); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		path := filepath.Join(out, p.name)
		if err := os.WriteFile(path, b, 0o666); err != nil {
			return err
		}
		fmt.Printf("%s: %d KB\n", path, (len(b)+1023)/1024)
	}
	return nil
}

// small packs a PNG as tightly as it can be.
func small(b []byte) ([]byte, error) {
	picture, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, picture)
	return out.Bytes(), err
}
