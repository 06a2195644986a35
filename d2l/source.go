package d2l

import (
	"embed"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"sync"
)

//go:embed accumulator.go ch03.go ch04.go ch06.go download.go fashion.go linear.go plot.go timer.go
var files embed.FS

// sources are the declarations of this package with their comments, by name.
var sources = sync.OnceValue(func() map[string]string {
	table := map[string]string{}
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(fmt.Sprintf("d2l: its own source: %v", err)) // it is embedded
	}
	for _, e := range entries {
		text, err := files.ReadFile(e.Name())
		if err != nil {
			panic(fmt.Sprintf("d2l: its own source: %v", err))
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, e.Name(), text, parser.ParseComments)
		if err != nil {
			panic(fmt.Sprintf("d2l: its own source: %v", err))
		}
		cut := func(doc *ast.CommentGroup, n ast.Node) string {
			from := n.Pos()
			if doc != nil {
				from = doc.Pos()
			}
			return string(text[set.Position(from).Offset:set.Position(n.End()).Offset])
		}
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				name := d.Name.Name
				if d.Recv != nil { // behind its type
					name = receiver(d.Recv.List[0].Type)
				}
				table[name] = strings.TrimPrefix(table[name]+"\n\n"+cut(d.Doc, d), "\n\n")
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if t, ok := s.(*ast.TypeSpec); ok {
						table[t.Name.Name] = strings.TrimSuffix(cut(d.Doc, d)+"\n\n"+table[t.Name.Name], "\n\n")
					}
				}
			}
		}
	}
	return table
})

func receiver(t ast.Expr) string {
	if s, ok := t.(*ast.StarExpr); ok {
		t = s.X
	}
	if i, ok := t.(*ast.IndexExpr); ok {
		t = i.X
	}
	return t.(*ast.Ident).Name
}

// Source is the source of a function of this package, or of a type with its methods, for readers of a lesson that uses it; "" if there is none.
func Source(name string) string { return sources()[name] }
