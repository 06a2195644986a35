package site

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown is the prose of lessons: Markdown with tables, and formulas between dollars. Raw HTML in it is left out.
var markdown = goldmark.New(
	goldmark.WithExtensions(extension.Table, mathExtension{}),
	goldmark.WithParserOptions(parser.WithAutoHeadingID()),
)

// prose renders Markdown.
func prose(source string) (string, error) {
	var b bytes.Buffer
	if err := markdown.Convert([]byte(source), &b); err != nil {
		return "", fmt.Errorf("site: %w", err)
	}
	return b.String(), nil
}

// Formulas lists the formulas of a text in their order.
func Formulas(source string) (list []Formula) {
	doc := markdown.Parser().Parse(text.NewReader([]byte(source)))
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if m, ok := n.(*mathNode); ok && entering {
			list = append(list, m.Formula)
		}
		return ast.WalkContinue, nil
	})
	return list
}

// equationLabel is what stands behind an equation that has a number: {#eq-name}, and in prose whose references are resolved {#eq-name 3.2.1}.
var equationLabel = regexp.MustCompile(`^ *\{#eq-([a-z0-9-]+)(?: ([0-9.]+))?\}`)

type mathExtension struct{}

func (mathExtension) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(parser.WithInlineParsers(util.Prioritized(mathParser{}, 50)))
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(mathRenderer{}, 50)))
}

// mathNode is a formula in the tree of a text.
type mathNode struct {
	ast.BaseInline
	Formula
	label, number string // of an equation that others refer to
}

var mathKind = ast.NewNodeKind("Math")

func (*mathNode) Kind() ast.NodeKind { return mathKind }
func (n *mathNode) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"tex": n.TeX}, nil)
}

// mathParser finds $...$ and $$...$$, which may go over lines of a paragraph.
type mathParser struct{}

func (mathParser) Trigger() []byte { return []byte{'$'} }

func (mathParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.Position()
	first, _ := block.PeekLine()
	mark := "$"
	if bytes.HasPrefix(first, []byte("$$")) {
		mark = "$$"
	}
	block.Advance(len(mark))
	var tex strings.Builder
	for {
		rest, _ := block.PeekLine()
		if rest == nil {
			block.SetPosition(line, segment)
			return nil
		}
		if i := closing(rest, mark); i >= 0 {
			tex.Write(rest[:i])
			block.Advance(i + len(mark))
			break
		}
		tex.Write(rest)
		block.AdvanceLine()
	}
	s := strings.TrimSpace(tex.String())
	if s == "" {
		block.SetPosition(line, segment)
		return nil
	}
	m := &mathNode{Formula: Formula{TeX: s, Display: mark == "$$"}}
	if rest, _ := block.PeekLine(); m.Display {
		if label := equationLabel.FindSubmatch(rest); label != nil {
			m.label, m.number = string(label[1]), string(label[2])
			block.Advance(len(label[0]))
		}
	}
	return m
}

// closing is the place of the mark that ends a formula, not one behind a backslash.
func closing(b []byte, mark string) int {
	for i := 0; i+len(mark) <= len(b); i++ {
		switch {
		case b[i] == '\\':
			i++
		case string(b[i:i+len(mark)]) == mark:
			return i
		}
	}
	return -1
}

type mathRenderer struct{}

func (mathRenderer) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(mathKind, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			m := n.(*mathNode)
			switch {
			case m.label != "":
				fmt.Fprintf(w, `<span class="display" id="eq-%s" tabindex="0">%s<span class="number">(%s)</span></span>`, m.label, m.html(), m.number)
			case m.Display:
				fmt.Fprintf(w, `<span class="display" tabindex="0">%s</span>`, m.html())
			default:
				w.WriteString(m.html())
			}
		}
		return ast.WalkContinue, nil
	})
}
