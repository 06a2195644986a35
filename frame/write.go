package frame

import (
	"encoding/csv"
	"fmt"
	"io"

	"github.com/fathom-ml/fathom/internal/atomicfile"
)

// Save writes the frame to a file as comma-separated values, in full or not at all; see [Frame.Write].
func (f *Frame) Save(path string) error {
	if err := atomicfile.Write(path, f.Write); err != nil {
		return fmt.Errorf("frame: %w", err)
	}
	return nil
}

// Write writes comma-separated values under a line of names, without the numbers of the rows. A missing value is empty; numbers are the
// shortest that read back as the same, and floats show that they are: 3.0 (4.10).
func (f *Frame) Write(w io.Writer) error {
	out := csv.NewWriter(w)
	line := f.Names()
	if len(line) == 0 {
		return nil
	}
	for i := -1; i < f.Len(); i++ {
		for j, c := range f.cols {
			if i >= 0 {
				line[j] = c.Text(i)
			}
		}
		if len(line) == 1 && line[0] == "" { // an empty line would be skipped by readers
			out.Flush()
			if _, err := io.WriteString(w, "\"\"\n"); err != nil {
				return fmt.Errorf("frame: %w", err)
			}
			continue
		}
		if err := out.Write(line); err != nil {
			return fmt.Errorf("frame: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("frame: %w", err)
	}
	return nil
}
