package vision_test

import (
	"bytes"
	"fmt"

	"github.com/fathom-ml/fathom/data"
	"github.com/fathom-ml/fathom/vision"
)

func ExampleDecode() {
	file, err := data.Photo("flower")
	if err != nil {
		fmt.Println(err)
		return
	}
	photo, err := vision.Decode(bytes.NewReader(file))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(photo.Shape(), photo.DType())
	// Output:
	// [427 640 3] uint8
}
