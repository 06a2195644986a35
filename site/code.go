package site

import (
	"strings"

	"github.com/alecthomas/chroma/v2"
	chromahtml "github.com/alecthomas/chroma/v2/formatters/html"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/alecthomas/chroma/v2/styles"
)

var (
	goLexer   = chroma.Coalesce(lexers.Get("go"))
	formatter = chromahtml.New(chromahtml.WithClasses(true), chromahtml.PreventSurroundingPre(true))
)

// code is Go code with its words marked by classes.
func code(source string) (string, error) {
	it, err := goLexer.Tokenise(nil, source)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = formatter.Format(&b, styles.Fallback, it)
	return b.String(), err
}

// codeStyle is the colours of code, light and dark.
func codeStyle() string {
	var b strings.Builder
	write := func(name, before, after string) {
		b.WriteString(before)
		if err := formatter.WriteCSS(&b, styles.Get(name)); err != nil {
			panic(err) // it writes to memory
		}
		b.WriteString(after)
	}
	write("github", "@media (prefers-color-scheme: light) {\n", "}\n")
	write("github-dark", "@media (prefers-color-scheme: dark) {\n", "}\n")
	return b.String()
}
