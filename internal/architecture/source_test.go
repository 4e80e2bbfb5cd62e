package architecture

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// maxLines is the length at which a file is split.
const maxLines = 400

// senders are the names that send HTTP or open connections, by import path.
var senders = map[string][]string{
	"net/http": {
		"Client", "DefaultClient", "DefaultTransport", "Get", "Head", "Post", "PostForm", "Transport",
	},
	"net":        {"Dial", "DialTCP", "DialTimeout", "DialUDP", "Dialer"},
	"crypto/tls": {"Client", "Dial", "DialWithDialer", "Dialer"},
}

// source is a parsed file.
type source struct {
	pkg, name string
	file      *ast.File
	lines     int
	test      bool
}

// TestOnlyProbeSends looks for what could send HTTP to a target, outside of its client, of tests, of the replay that runs are measured
// against, of the clients of timestamp authorities and of sigstore, which never see a target, and of the witness, which sends what
// internal/probe hands it.
func TestOnlyProbeSends(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || slices.Contains([]string{"internal/probe", "internal/wire", "internal/bench", "internal/tsa", "internal/witness", "internal/certificate/keyless"}, s.pkg) {
			continue
		}
		imported := imports(s.file)
		ast.Inspect(s.file, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			qualifier, ok := selector.X.(*ast.Ident)
			if path := imported[qualifierName(qualifier, ok)]; slices.Contains(senders[path], selector.Sel.Name) {
				t.Errorf("%s uses %s.%s; only internal/probe sends", s.name, path, selector.Sel.Name)
			}
			return true
		})
	}
}

// TestFilesAreShort holds tests to the same limit.
func TestFilesAreShort(t *testing.T) {
	for _, s := range sources(t) {
		if s.lines > maxLines {
			t.Errorf("%s has %d lines; split it", s.name, s.lines)
		}
	}
}

// TestPackagesSayWhatTheyAreFor wants one doc comment a package, of at least two sentences: what the package is for, and what it
// does not do or may be relied on for.
func TestPackagesSayWhatTheyAreFor(t *testing.T) {
	texts := map[string]string{}
	for _, s := range sources(t) {
		if texts[s.pkg] += ""; !s.test && s.file.Doc != nil {
			if texts[s.pkg] != "" {
				t.Errorf("%s has two doc comments", s.pkg)
			}
			texts[s.pkg] = s.file.Doc.Text()
		}
	}
	for pkg, text := range texts {
		name := pkg[strings.LastIndex(pkg, "/")+1:]
		begins := strings.HasPrefix(text, "Package "+name+" ") || strings.HasPrefix(text, "Command "+name+" ")
		text = strings.Join(strings.Fields(text), " ")
		if pkg != "internal/architecture" && (!begins || strings.Count(text+" ", ". ") < 2) {
			t.Errorf("the doc comment of %s does not say in two sentences what it is for: %q", pkg, text)
		}
	}
}

// TestNoInit finds functions that run before main.
func TestNoInit(t *testing.T) {
	for _, s := range sources(t) {
		for _, declaration := range s.file.Decls {
			if f, ok := declaration.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s has an init function", s.name)
			}
		}
	}
}

// TestPackageLevelValuesAreConstant finds package-level variables that wait for a value, and functions that assign to
// one. Tables, compiled expressions and embedded files have their value from the start.
func TestPackageLevelValuesAreConstant(t *testing.T) {
	variables := map[string]map[string]bool{}
	all := sources(t)
	for _, s := range all {
		if variables[s.pkg] == nil {
			variables[s.pkg] = map[string]bool{}
		}
		for _, spec := range valueSpecs(s.file) {
			for _, name := range spec.Names {
				variables[s.pkg][name.Name] = name.Name != "_"
			}
		}
	}
	for _, s := range all {
		if s.test {
			continue
		}
		for _, declaration := range s.file.Decls {
			switch d := declaration.(type) {
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					value, ok := spec.(*ast.ValueSpec)
					if ok && d.Tok == token.VAR && len(value.Values) == 0 && !embedded(d, value) && !lock(value) {
						t.Errorf("%s: the package-level variable %s has no value", s.name, value.Names[0].Name)
					}
				}
			case *ast.FuncDecl:
				for _, name := range assigned(d) {
					if variables[s.pkg][name] {
						t.Errorf("%s: %s assigns to the package-level variable %s", s.name, d.Name.Name, name)
					}
				}
			}
		}
	}
}

// assigned lists the names that a function assigns to and does not declare.
func assigned(f *ast.FuncDecl) (names []string) {
	declared := map[string]bool{}
	target := func(e ast.Expr) {
		for {
			switch x := e.(type) {
			case *ast.IndexExpr:
				e = x.X
			case *ast.StarExpr:
				e = x.X
			case *ast.Ident:
				names = append(names, x.Name)
				return
			default:
				return
			}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.Field:
			for _, name := range x.Names {
				declared[name.Name] = true
			}
		case *ast.ValueSpec:
			for _, name := range x.Names {
				declared[name.Name] = true
			}
		case *ast.RangeStmt:
			for _, e := range []ast.Expr{x.Key, x.Value} {
				if name, ok := e.(*ast.Ident); ok && x.Tok == token.DEFINE {
					declared[name.Name] = true
				}
			}
		case *ast.AssignStmt:
			for _, e := range x.Lhs {
				if name, ok := e.(*ast.Ident); ok && x.Tok == token.DEFINE {
					declared[name.Name] = true
				} else {
					target(e)
				}
			}
		case *ast.IncDecStmt:
			target(x.X)
		}
		return true
	})
	return slices.DeleteFunc(names, func(name string) bool { return declared[name] })
}

func embedded(d *ast.GenDecl, value *ast.ValueSpec) bool {
	return strings.Contains(comments(d.Doc), "go:embed") || strings.Contains(comments(value.Doc), "go:embed")
}

// lock tells a mutex, which guards the state of somebody else's package.
func lock(value *ast.ValueSpec) bool {
	selector, ok := value.Type.(*ast.SelectorExpr)
	return ok && selector.Sel.Name == "Mutex"
}

// comments is the raw text of a group; CommentGroup.Text leaves directives out.
func comments(group *ast.CommentGroup) (text string) {
	if group != nil {
		for _, c := range group.List {
			text += c.Text
		}
	}
	return text
}

func valueSpecs(file *ast.File) (specs []*ast.ValueSpec) {
	for _, declaration := range file.Decls {
		if d, ok := declaration.(*ast.GenDecl); ok && d.Tok == token.VAR {
			for _, spec := range d.Specs {
				if value, ok := spec.(*ast.ValueSpec); ok {
					specs = append(specs, value)
				}
			}
		}
	}
	return specs
}

// imports maps the names by which a file calls packages to their paths.
func imports(file *ast.File) map[string]string {
	names := map[string]string{}
	for _, spec := range file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		name := path[strings.LastIndex(path, "/")+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = path
	}
	return names
}

func qualifierName(x *ast.Ident, ok bool) string {
	if !ok {
		return ""
	}
	return x.Name
}

// sources parses every file of this module.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	set := token.NewFileSet()
	for _, p := range packages(t) {
		for _, name := range slices.Concat(p.GoFiles, p.TestGoFiles, p.XTestGoFiles) {
			file, err := parser.ParseFile(set, filepath.Join(p.Dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				t.Fatalf("parsing %s: %v", name, err)
			}
			all = append(all, source{
				pkg: p.name(), name: p.name() + "/" + name, file: file,
				lines: set.Position(file.FileEnd).Line, test: strings.HasSuffix(name, "_test.go"),
			})
		}
	}
	return all
}
