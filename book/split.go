package book

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// Cell is a piece of a lesson's page: prose, or code with what it showed.
type Cell struct {
	Prose    string  // Markdown; "" in a code cell
	Code     string  // "" in a prose cell
	From, To int     // lines of the code in the source
	Decl     bool    // the code is a top-level declaration
	Outputs  []Event // filled by Attach
}

// Cells splits the lesson's source; see [Split].
func (l Lesson) Cells() ([]Cell, error) { return Split(l.Source, l.FuncName()) }

// Split cuts the source of a lesson, whose story is the function fn, into cells in the order of
// the page; the package comment gives the rules.
func Split(source, fn string) ([]Cell, error) {
	s := &splitter{source: source, lines: strings.Split(source, "\n"), fset: token.NewFileSet()}
	file, err := parser.ParseFile(s.fset, "lesson.go", source, parser.ParseComments)
	if err != nil {
		return nil, fmt.Errorf("splitting a lesson: %w", err)
	}
	var story *ast.FuncDecl
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == fn {
			story = f
		}
	}
	if story == nil || story.Body == nil {
		return nil, fmt.Errorf("splitting a lesson: there is no function %s", fn)
	}
	s.findRawLines(file)
	s.decls = declarations(s.fset, file, story)
	s.prose(story.Doc)
	s.body(file, story.Body)
	return s.cells, nil
}

type splitter struct {
	source string
	lines  []string
	fset   *token.FileSet
	raw    map[int]bool // lines that begin inside a raw string or block comment
	decls  *declTable
	cells  []Cell
}

func (s *splitter) line(p token.Pos) int { return s.fset.Position(p).Line }

// item is a statement of the story or a comment between statements.
type item struct {
	from, to int
	comment  *ast.CommentGroup
	stmt     ast.Stmt
}

// body cuts the story.
func (s *splitter) body(file *ast.File, body *ast.BlockStmt) {
	items := s.items(file, body)
	var code []item
	flush := func() {
		if len(code) == 0 {
			return
		}
		for _, it := range code {
			if it.stmt != nil {
				s.declare(s.decls.uses(it.stmt))
			}
		}
		from, to := code[0].from, code[len(code)-1].to
		s.cells = append(s.cells, Cell{Code: s.code(from, to), From: from, To: to})
		code = nil
	}
	for i, it := range items {
		if it.comment != nil && !touches(items, i) {
			flush()
			s.prose(it.comment)
		} else {
			code = append(code, it)
		}
	}
	flush()
}

// items lists the statements of the story and the comments outside of them in order.
func (s *splitter) items(file *ast.File, body *ast.BlockStmt) []item {
	var items []item
	for _, st := range body.List {
		items = append(items, item{from: s.line(st.Pos()), to: s.line(st.End()), stmt: st})
	}
	inStatement := func(c *ast.CommentGroup) bool {
		return slices.ContainsFunc(body.List, func(st ast.Stmt) bool { return st.Pos() <= c.Pos() && c.End() <= st.End() })
	}
	for _, c := range file.Comments {
		if body.Lbrace < c.Pos() && c.End() < body.Rbrace && !inStatement(c) {
			items = append(items, item{from: s.line(c.Pos()), to: s.line(c.End()), comment: c})
		}
	}
	slices.SortStableFunc(items, func(a, b item) int { return a.from - b.from })
	return items
}

// touches reports whether comment i has code on its own lines or on those next to it. What
// touches a comment that touches code touches code.
func touches(items []item, i int) bool {
	for j := i + 1; j < len(items) && items[j].from <= items[j-1].to+1; j++ {
		if items[j].stmt != nil {
			return true
		}
	}
	for j := i - 1; j >= 0 && items[j+1].from <= items[j].to+1; j-- {
		if items[j].stmt != nil {
			return true
		}
	}
	return false
}

// declare puts the declarations of names, and before them those they need, on the page
// unless they are there.
func (s *splitter) declare(names []string) {
	for _, n := range names {
		d := s.decls.byName[n]
		if d == nil || d.shown {
			continue
		}
		d.shown = true
		for _, part := range d.parts {
			s.declare(s.decls.uses(part.node))
		}
		for _, part := range d.parts {
			s.prose(part.doc)
			from, to := s.line(part.node.Pos()), s.line(part.node.End())
			if f, ok := part.node.(*ast.FuncDecl); ok {
				from = s.line(f.Type.Func)
			}
			s.cells = append(s.cells, Cell{Code: strings.Join(s.lines[from-1:to], "\n"), From: from, To: to, Decl: true})
		}
	}
}

// prose adds a prose cell, or a paragraph to the prose cell before.
func (s *splitter) prose(c *ast.CommentGroup) {
	text := commentText(c)
	if text == "" {
		return
	}
	if n := len(s.cells); n > 0 && s.cells[n-1].Code == "" {
		s.cells[n-1].Prose += "\n\n" + text
		return
	}
	s.cells = append(s.cells, Cell{Prose: text})
}

// commentText strips the comment marks and nothing else: backslashes, tables and lists stay as
// they are. Directives such as //go:noinline go.
func commentText(c *ast.CommentGroup) string {
	if c == nil {
		return ""
	}
	var out []string
	for _, l := range c.List {
		if block, ok := strings.CutPrefix(l.Text, "/*"); ok {
			out = append(out, unindent(strings.TrimSuffix(block, "*/")))
			continue
		}
		text := strings.TrimPrefix(l.Text, "//")
		if word, _, ok := strings.Cut(text, ":"); ok && word != "" && !strings.ContainsFunc(word, func(r rune) bool { return r < 'a' || r > 'z' }) &&
			len(text) > len(word)+1 && text[len(word)+1] != ' ' {
			continue
		}
		out = append(out, strings.TrimPrefix(text, " "))
	}
	return strings.Trim(strings.Join(out, "\n"), "\n")
}

// unindent takes from every line the white space that all lines but the first share.
func unindent(s string) string {
	lines := strings.Split(s, "\n")
	shared, any := "", false
	for _, l := range lines[1:] {
		if strings.TrimSpace(l) == "" {
			continue
		}
		white := l[:len(l)-len(strings.TrimLeft(l, " \t"))]
		if !any {
			shared, any = white, true
		}
		for !strings.HasPrefix(white, shared) {
			shared = shared[:len(shared)-1]
		}
	}
	for i, l := range lines {
		if i > 0 {
			l = strings.TrimPrefix(l, shared)
		}
		lines[i] = strings.TrimRight(l, " \t")
	}
	lines[0] = strings.TrimSpace(lines[0])
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// code is the text of lines of the story, one tab less deep.
func (s *splitter) code(from, to int) string {
	lines := slices.Clone(s.lines[from-1 : to])
	for i, l := range lines {
		if !s.raw[from+i] {
			lines[i] = strings.TrimPrefix(l, "\t")
		}
	}
	return strings.Join(lines, "\n")
}

// findRawLines finds the lines whose leading white space belongs to a raw string.
func (s *splitter) findRawLines(file *ast.File) {
	s.raw = map[int]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			for l := s.line(lit.Pos()) + 1; l <= s.line(lit.End()); l++ {
				s.raw[l] = true
			}
		}
		return true
	})
}
