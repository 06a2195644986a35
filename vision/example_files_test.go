package vision_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/vision"
)

// A folder of photos, whose subfolders are the classes, goes to a loader.
func ExampleImageFolder() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	for _, name := range []string{"china", "flower"} {
		photo, _ := data.Photo(name)
		os.Mkdir(filepath.Join(dir, name), 0o777)
		os.WriteFile(filepath.Join(dir, name, "1.jpg"), photo, 0o666)
	}

	photos, err := vision.ImageFolder(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	photos.Transform = vision.Compose(vision.Resize(64, 64), vision.ToTensor())
	for batch := range data.NewLoader[data.Batch](photos, 2).All(context.Background()) {
		fmt.Println(photos.Classes, batch[0].Shape(), batch[1])
	}
	// Output:
	// [china flower] [2 3 64 64] [0 1]
}
