package site

import (
	"html/template"
	"regexp"

	"github.com/fathom-ml/fathom/d2l"
)

// Helper is the source of a function of package d2l as HTML.
type Helper struct {
	Name string
	Code template.HTML
}

var helperUse = regexp.MustCompile(`\bd2l\.([A-Z]\w*)`)

// helpersOf are those functions of package d2l that a cell uses and that were not seen before, with their source.
func helpersOf(source string, seen map[string]bool) (list []Helper, err error) {
	for _, m := range helperUse.FindAllStringSubmatch(source, -1) {
		text := d2l.Source(m[1])
		if seen[m[1]] || text == "" {
			continue
		}
		seen[m[1]] = true
		html, err := code(text)
		if err != nil {
			return nil, err
		}
		list = append(list, Helper{"d2l." + m[1], template.HTML(html)}) // made by chroma, which escapes
	}
	return list, nil
}
