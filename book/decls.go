package book

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
)

// declTable is the top-level declarations of a lesson and what names refer to.
type declTable struct {
	byName map[string]*decl
	info   types.Info
	scope  *types.Scope
}

// decl is one declaration; a type has its methods behind it.
type decl struct {
	parts []declPart
	shown bool
}

type declPart struct {
	node ast.Decl
	doc  *ast.CommentGroup
}

// declarations collects all declarations but the story, init and imports.
func declarations(fset *token.FileSet, file *ast.File, story *ast.FuncDecl) *declTable {
	t := &declTable{byName: map[string]*decl{}}
	t.info.Uses = map[*ast.Ident]types.Object{}
	t.info.Defs = map[*ast.Ident]types.Object{}
	// Imports are left out, so type checking finds errors; what it says about the
	// file's own names is right all the same.
	conf := types.Config{Importer: noImports{}, Error: func(error) {}}
	pkg, _ := conf.Check(file.Name.Name, fset, []*ast.File{file}, &t.info)
	t.scope = pkg.Scope()

	var methods []*ast.FuncDecl
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			switch {
			case d == story || d.Recv == nil && (d.Name.Name == "init" || d.Name.Name == "_"):
			case d.Recv != nil:
				methods = append(methods, d)
			default:
				t.byName[d.Name.Name] = &decl{parts: []declPart{{d, d.Doc}}}
			}
		case *ast.GenDecl:
			group := &decl{parts: []declPart{{d, d.Doc}}}
			for _, name := range declared(d) {
				t.byName[name] = group
			}
		}
	}
	for _, m := range methods {
		if of := t.byName[receiver(m)]; of != nil {
			of.parts = append(of.parts, declPart{m, m.Doc})
		}
	}
	return t
}

// declared lists the names of a group of types, constants or variables.
func declared(d *ast.GenDecl) (names []string) {
	for _, s := range d.Specs {
		switch s := s.(type) {
		case *ast.TypeSpec:
			names = append(names, s.Name.Name)
		case *ast.ValueSpec:
			for _, n := range s.Names {
				if n.Name != "_" {
					names = append(names, n.Name)
				}
			}
		}
	}
	return names
}

// receiver is the name of a method's type.
func receiver(m *ast.FuncDecl) string {
	t := m.Recv.List[0].Type
	for {
		switch u := t.(type) {
		case *ast.StarExpr:
			t = u.X
		case *ast.ParenExpr:
			t = u.X
		case *ast.IndexExpr: // T[P]
			t = u.X
		case *ast.IndexListExpr:
			t = u.X
		case *ast.Ident:
			return u.Name
		default:
			return ""
		}
	}
}

// uses lists the top-level names that n refers to, in the order of the text.
func (t *declTable) uses(n ast.Node) (names []string) {
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || t.byName[id.Name] == nil {
			return true
		}
		if obj := t.info.Uses[id]; obj != nil && obj.Parent() == t.scope {
			names = append(names, id.Name)
		}
		return true
	})
	return names
}

// noImports is an importer that has nothing.
type noImports struct{}

func (noImports) Import(string) (*types.Package, error) { return nil, errors.New("left out") }
