package fathom

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/fathom-ml/fathom/internal/kernel"
	"github.com/fathom-ml/fathom/tensor"
)

// source is the functions of a package by name: "f" or "Type.Method".
type source map[string]*ast.FuncDecl

func readSource(t *testing.T, dir string) source {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	s := source{}
	for _, e := range entries {
		if e.IsDir() || !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), dir+"/"+e.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Body != nil {
				s[receiver(d)+d.Name.Name] = d
			}
		}
	}
	return s
}

func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return ""
	}
	e := d.Recv.List[0].Type
	if p, ok := e.(*ast.StarExpr); ok {
		e = p.X
	}
	if id, ok := e.(*ast.Ident); ok {
		return id.Name + "."
	}
	return "?."
}

// reach calls f for every node of the body of a function and of the functions and methods of the package that it
// names, but for those that are not to be followed.
func (s source) reach(name string, follow func(name string) bool, f func(n ast.Node)) {
	seen := map[string]bool{}
	var visit func(n ast.Node)
	enter := func(name string) {
		if d := s[name]; d != nil && !seen[name] && follow(name) {
			seen[name] = true
			visit(d.Body)
		}
	}
	visit = func(n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			f(n)
			switch n := n.(type) {
			case *ast.Ident:
				enter(n.Name)
			case *ast.SelectorExpr:
				for k := range s {
					if _, method, ok := strings.Cut(k, "."); ok && method == n.Sel.Name {
						enter(k)
					}
				}
			}
			return true
		})
	}
	enter(name)
}

// kernels reads from the source which kernels operations use and which of those have assembly.
type kernels struct {
	t       *testing.T
	kernel  source
	rooms   map[string]source
	methods map[string]bool     // of kernel.Device
	codes   map[string][]string // names of the codes of a type, in order
	fast    map[string]bool     // methods, and "Unary Exp" and its like, with assembly
}

// asm are the packages that hold assembly.
var asm = []string{"vec", "gemm", "chanconv", "direct", "dropout"}

func readKernels(t *testing.T) *kernels {
	k := &kernels{t: t, kernel: readSource(t, "internal/kernel"), rooms: map[string]source{}, methods: map[string]bool{},
		codes: map[string][]string{}, fast: map[string]bool{}}
	device := reflect.TypeFor[kernel.Device]()
	for i := range device.NumMethod() {
		k.methods[device.Method(i).Name] = true
	}
	k.readCodes()
	for m := range k.methods {
		k.fast[m] = k.vectorised(m)
	}
	for kind, f := range map[string]string{"Unary": "unary32", "Binary": "binary32", "Reduce": "foldRun"} {
		k.fast[kind] = false
		for _, code := range casesWith(t, k.kernel[f], k.hasAsm) {
			k.fast[kind+" "+strings.TrimPrefix(code, kind)] = true
		}
	}
	return k
}

// readCodes finds the blocks of constants with iota in device.go.
func (k *kernels) readCodes() {
	f, err := parser.ParseFile(token.NewFileSet(), "internal/kernel/device.go", nil, 0)
	if err != nil {
		k.t.Fatal(err)
	}
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		var of string
		for _, s := range g.Specs {
			v := s.(*ast.ValueSpec)
			if id, ok := v.Type.(*ast.Ident); ok {
				of = id.Name
			}
			k.codes[of] = append(k.codes[of], v.Names[0].Name)
		}
	}
}

func (k *kernels) hasAsm(n ast.Node) bool {
	s, ok := n.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	id, ok := s.X.(*ast.Ident)
	return ok && slices.Contains(asm, id.Name)
}

// vectorised says whether a method of the CPU reaches assembly. The elementwise loop serves all methods, so
// it is entered only at the case of the action that the method names.
func (k *kernels) vectorised(method string) (yes bool) {
	loop := k.kernel["loop.run"]
	if loop == nil {
		k.t.Fatal("the elementwise loop is not where it was")
	}
	follow := func(name string) bool { return name != "loop.run" && name != "loop.each" && name != "loop.chunk" }
	look := func(n ast.Node) { yes = yes || k.hasAsm(n) }
	var actions []string
	k.kernel.reach("CPU."+method, follow, func(n ast.Node) {
		look(n)
		if id, ok := n.(*ast.Ident); ok && strings.HasPrefix(id.Name, "do") {
			actions = append(actions, id.Name)
		}
	})
	ast.Inspect(loop, func(n ast.Node) bool {
		if c, ok := n.(*ast.CaseClause); ok && names(c, actions) {
			for _, s := range c.Body {
				ast.Inspect(s, func(n ast.Node) bool {
					if id, ok := n.(*ast.Ident); ok {
						k.kernel.reach(id.Name, follow, look)
					}
					return true
				})
			}
		}
		return true
	})
	return yes
}

func names(c *ast.CaseClause, list []string) bool {
	return slices.ContainsFunc(c.List, func(e ast.Expr) bool {
		id, ok := e.(*ast.Ident)
		return ok && slices.Contains(list, id.Name)
	})
}

// casesWith lists the names of the cases of a function whose body has a node that is wanted.
func casesWith(t *testing.T, d *ast.FuncDecl, want func(n ast.Node) bool) (out []string) {
	if d == nil {
		t.Fatal("the switch over the codes is not where it was")
	}
	ast.Inspect(d, func(n ast.Node) bool {
		c, ok := n.(*ast.CaseClause)
		if !ok {
			return true
		}
		found := false
		for _, s := range c.Body {
			ast.Inspect(s, func(n ast.Node) bool { found = found || want(n); return true })
		}
		for _, e := range c.List {
			if id, ok := e.(*ast.Ident); ok && found {
				out = append(out, id.Name)
			}
		}
		return true
	})
	return out
}

// of lists the kernels that an operation's Run calls, such as "Gemm" or "Unary Exp".
func (k *kernels) of(op tensor.Op) (list []string) {
	dir, run := k.find(reflect.TypeOf(op))
	types := embedded(reflect.TypeOf(op))
	var methods, codes []string
	follow := func(name string) bool { // functions, and methods of the operation itself
		of, method, isMethod := strings.Cut(name, ".")
		return !isMethod || slices.Contains(types, of) && method != "Grad"
	}
	k.rooms[dir].reach(run, follow, func(n ast.Node) {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return
		}
		switch x := s.X.(type) {
		case *ast.CallExpr:
			if f, ok := x.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Dev" && k.methods[s.Sel.Name] {
				methods = append(methods, s.Sel.Name)
			}
		case *ast.Ident:
			if x.Name == "kernel" {
				codes = append(codes, s.Sel.Name)
			}
		}
	})
	v := reflect.ValueOf(op)
	for i := range v.NumField() {
		f := v.Field(i)
		if all := k.codes[f.Type().Name()]; strings.HasSuffix(f.Type().PkgPath(), "internal/kernel") && all != nil && f.CanUint() {
			codes = append(codes[:0], all[f.Uint()])
		}
	}
	slices.Sort(methods)
	for _, m := range slices.Compact(methods) {
		if kind := m + "Op"; k.codes[kind] != nil {
			for _, c := range codes {
				if slices.Contains(k.codes[kind], c) {
					list = append(list, m+" "+strings.TrimPrefix(c, m))
				}
			}
			continue
		}
		list = append(list, m)
	}
	return slices.Compact(list)
}

// embedded lists the names of a type and of the types embedded in it.
func embedded(t reflect.Type) []string {
	out := []string{t.Name()}
	for i := range t.NumField() {
		if f := t.Field(i); f.Anonymous {
			out = append(out, embedded(f.Type)...)
		}
	}
	return out
}

// find is the folder of an operation's package and the name of its Run, which an embedded type may bring.
func (k *kernels) find(t reflect.Type) (dir, run string) {
	dir = strings.TrimPrefix(t.PkgPath(), strings.TrimSuffix(module, "/")+"/")
	if k.rooms[dir] == nil {
		k.rooms[dir] = readSource(k.t, dir)
	}
	if run = t.Name() + ".Run"; k.rooms[dir][run] != nil {
		return dir, run
	}
	for i := range t.NumField() {
		if f := t.Field(i); f.Anonymous {
			if d, r := k.find(f.Type); k.rooms[d][r] != nil {
				return d, r
			}
		}
	}
	return dir, run
}
