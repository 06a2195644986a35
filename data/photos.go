package data

import (
	"embed"
	"fmt"
)

//go:embed embedded/china.jpg embedded/flower.jpg
var photos embed.FS

// Photo is an embedded photo as a JPEG file, 640 x 427 pixels: "china" or "flower". vision.Decode reads it; embedded/LICENSES.md says whose it is.
func Photo(name string) ([]byte, error) {
	b, err := photos.ReadFile("embedded/" + name + ".jpg")
	if err != nil {
		return nil, fmt.Errorf("data: there is no photo %q; there are china and flower", name)
	}
	return b, nil
}
