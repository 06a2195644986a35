package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/fathom-ml/fathom/book"
	"github.com/fathom-ml/fathom/data"
)

type dataCommand struct {
	List   dataListCommand   `cmd:"" help:"List the data sets of the book: key, what is here, size, licence, sections."`
	Get    dataGetCommand    `cmd:"" help:"Download a data set into the cache, unless it is here."`
	Verify dataVerifyCommand `cmd:"" help:"Compare the files that are here with their checksums."`
	Path   dataPathCommand   `cmd:"" help:"Print where the files of a data set are."`
}

type dataListCommand struct{}

// Run lists the data sets.
func (dataListCommand) Run(s streams) error {
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "key\there\tbytes\tlicence\tsections\twhat it is")
	for _, d := range data.Sets() {
		size := "?"
		if n := d.Bytes(); n > 0 {
			size = fmt.Sprint(n)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", d.Key, hereText(d), size, d.Licence, strings.Join(d.Sections, " "), d.About)
	}
	return w.Flush()
}

// hereText says what of a set is here.
func hereText(d data.Set) string {
	files, subset := d.Here()
	switch {
	case len(d.Files) == 0:
		return "embedded"
	case files == len(d.Files):
		return "complete"
	case subset:
		return "subset"
	}
	return fmt.Sprintf("%d of %d files", files, len(d.Files))
}

type dataGetCommand struct {
	Keys []string `arg:"" help:"Keys of data sets; fathom data list shows them."`
}

// Run downloads.
func (c *dataGetCommand) Run(s streams) error {
	ctx, stop := interruptible()
	defer stop()
	for _, key := range c.Keys {
		d, err := findSet(key)
		if err != nil {
			return err
		}
		last := -1
		paths, subset, err := d.Get(ctx, data.WithProgress(func(name string, done, total int64) {
			if total > 0 && int(100*done/total) != last {
				last = int(100 * done / total)
				fmt.Fprintf(s.err, "\r%s: %d %% of %d bytes ", name, last, total)
			}
		}))
		if last >= 0 {
			fmt.Fprintln(s.err)
		}
		if errors.Is(err, context.Canceled) {
			return fmt.Errorf("%w: what was downloaded stays, and the next start goes on from there", err)
		}
		if err != nil {
			return err
		}
		if subset {
			fmt.Fprintf(s.out, "%s: only a subset of real data of the same kind is here\n", key)
		}
		for _, p := range paths {
			fmt.Fprintln(s.out, p)
		}
	}
	return nil
}

type dataVerifyCommand struct {
	Keys []string `arg:"" optional:"" help:"Keys of data sets; all if none is given."`
}

// Run compares checksums.
func (c *dataVerifyCommand) Run(s streams) error {
	ctx, stop := interruptible()
	defer stop()
	sets := data.Sets()
	if len(c.Keys) > 0 {
		sets = nil
		for _, key := range c.Keys {
			d, err := findSet(key)
			if err != nil {
				return err
			}
			sets = append(sets, d)
		}
	}
	wrong := 0
	for _, d := range sets {
		good, bad, err := d.Verify(ctx)
		if err != nil {
			return err
		}
		for _, p := range good {
			fmt.Fprintf(s.out, "good   %s\n", p)
		}
		for _, p := range bad {
			wrong++
			fmt.Fprintf(s.out, "WRONG  %s\n", p)
		}
	}
	if wrong > 0 {
		return fmt.Errorf("%d files are not what they should be", wrong)
	}
	return nil
}

type dataPathCommand struct {
	Key string `arg:"" help:"Key of a data set."`
}

// Run prints paths.
func (c *dataPathCommand) Run(s streams) error {
	d, err := findSet(c.Key)
	if err != nil {
		return err
	}
	n := 0
	for _, f := range d.Files {
		if p, err := data.Find(f.Name); err == nil {
			fmt.Fprintln(s.out, p)
			n++
		}
	}
	if _, subset := d.Here(); subset {
		p, err := data.Find(d.Subset)
		fmt.Fprintln(s.out, p)
		return err
	}
	if n < len(d.Files) {
		return fmt.Errorf("%d of %d files of %s are here; fathom data get %s downloads them", n, len(d.Files), d.Key, d.Key)
	}
	return nil
}

func findSet(key string) (data.Set, error) {
	d, err := data.FindSet(key)
	if err != nil {
		return d, &book.UsageError{Msg: err.Error()}
	}
	return d, nil
}
