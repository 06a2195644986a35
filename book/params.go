package book

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
)

// Param is a parameter found in a lesson's source.
type Param struct {
	Name    string
	Kind    Kind
	Default string // as written
	Quick   string // as written; "" if there is none
	Doc     string
}

// String is one line about the parameter: "epochs int, default 10, quick 2: passes over the data".
func (p Param) String() string {
	s := p.Name + " " + string(p.Kind) + ", default " + p.Default
	if p.Quick != "" {
		s += ", quick " + p.Quick
	}
	if p.Doc != "" {
		s += ": " + p.Doc
	}
	return s
}

var kindOfMethod = map[string]Kind{"Float": FloatKind, "Int": IntKind, "Bool": BoolKind, "String": StringKind}

// Params reads the lesson's parameters from its source, in the order of the text: calls of the
// form p.Float("lr", 0.1, ...). The list is complete unless a name is not
// written as a string or the lesson has no source.
func (l Lesson) Params() (params []Param, complete bool) {
	file, err := parser.ParseFile(token.NewFileSet(), "lesson.go", l.Source, 0)
	if err != nil {
		return nil, false
	}
	complete = true
	seen := map[string]bool{}
	text := func(e ast.Expr) string { return l.Source[e.Pos()-1 : e.End()-1] }
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) < 2 {
			return true
		}
		method, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		kind, ok := kindOfMethod[method.Sel.Name]
		if !ok {
			return true
		}
		name, ok := stringLiteral(call.Args[0])
		if !ok {
			complete = false
			return true
		}
		if seen[name] {
			return true
		}
		seen[name] = true
		p := Param{Name: name, Kind: kind, Default: text(call.Args[1])}
		for _, a := range call.Args[2:] {
			opt, ok := a.(*ast.CallExpr)
			if !ok || len(opt.Args) != 1 {
				continue
			}
			sel, ok := opt.Fun.(*ast.SelectorExpr)
			if !ok {
				continue
			}
			switch sel.Sel.Name {
			case "Quick":
				p.Quick = text(opt.Args[0])
			case "Doc":
				p.Doc, _ = stringLiteral(opt.Args[0])
			}
		}
		params = append(params, p)
		return true
	})
	return params, complete
}

func stringLiteral(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}
