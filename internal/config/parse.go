package config

import (
	"path"
	"regexp"
	"strings"

	yaml "github.com/oasdiff/yaml3"
)

// variableName is what names of variables are made of.
var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// Parse reads a configuration file. Its errors are of type *Error wherever there is a line to tell.
func Parse(data []byte) (*File, error) {
	f := &File{}
	root, err := document(data)
	if root == nil || err != nil {
		return f, err
	}
	if root.Kind == yaml.ScalarNode && root.Tag == "!!null" { // nothing but comments
		return f, nil
	}
	err = mapping(root, "the file", map[string]member{
		"default": func(n *yaml.Node) (err error) {
			f.Default.Line = n.Line
			f.Default.Text, err = text(n, "default")
			return err
		},
		"targets":    f.targets,
		"run":        func(n *yaml.Node) error { return settings(n, "run", &f.Run) },
		"notOffered": func(n *yaml.Node) error { return notOffered(n, "notOffered", &f.NotOffered) },
	}, "default", "targets", "run", "notOffered")
	if err != nil {
		return f, err
	}
	if _, known := f.Target(f.Default.Text); f.Default.Text != "" && !known {
		return f, wrong(f.Default.Line, "default: there is no target %s", shown(f.Default.Text))
	}
	return f, nil
}

func (f *File) targets(node *yaml.Node) error {
	return each(node, "targets", func(key Name, value *yaml.Node) error {
		t := Target{Name: key, Variables: map[string]Name{}}
		if err := t.read(value); err != nil {
			return err
		}
		f.Targets = append(f.Targets, t)
		return nil
	})
}

func (t *Target) read(node *yaml.Node) error {
	what := "target " + shown(t.Text)
	set := func(flag string, list, isPath bool) member {
		return func(n *yaml.Node) error { return t.set(flag, list, isPath, n) }
	}
	err := mapping(node, what, map[string]member{
		"url":               set("target", false, false),
		"organization":      set("organization", false, false),
		"otherOrganization": set("other-organization", false, false),
		"groups":            set("group", true, false),
		"caFile":            set("ca-file", false, true),
		"insecure":          set("insecure", false, false),
		"cert":              set("cert", false, true),
		"key":               set("key", false, true),
		"token":             func(n *yaml.Node) error { return t.secret("token", n, true) },
		"restrictedToken":   func(n *yaml.Node) error { return t.secret("restricted-token", n, false) },
		"expiredToken":      func(n *yaml.Node) error { return t.secret("expired-token", n, false) },
		"notYetValidToken":  func(n *yaml.Node) error { return t.secret("not-yet-valid-token", n, false) },
		"run":               func(n *yaml.Node) error { return settings(n, what+", run", &t.Settings) },
		"notOffered":        func(n *yaml.Node) error { return notOffered(n, what+", notOffered", &t.NotOffered) },
	}, "url", "organization", "otherOrganization", "groups", "caFile", "insecure", "cert", "key", "token", "restrictedToken",
		"expiredToken", "notYetValidToken", "run", "notOffered")
	if err != nil {
		return err
	}
	for _, s := range t.Settings {
		if s.Flag == "target" {
			return nil
		}
	}
	return wrong(t.Line, "%s has no url", what)
}

func (t *Target) set(flag string, list, isPath bool, node *yaml.Node) error {
	s := Setting{Flag: flag, List: list, Path: isPath, OfTarget: true, Line: node.Line}
	var err error
	if list {
		s.Values, err = texts(node, flag)
	} else {
		var one string
		one, err = text(node, flag)
		s.Values = []string{one}
	}
	t.Settings = append(t.Settings, s)
	return err
}

// secret reads where a secret is to be had: never the secret itself.
func (t *Target) secret(name string, node *yaml.Node, operator bool) error {
	what, order := "target "+shown(t.Text)+", "+name, []string{"env", "file"}
	if operator {
		order = append(order, "command", "oauth")
	}
	if node.Kind == yaml.ScalarNode {
		return wrong(node.Line, "%s: a secret has no place in this file (change it if it was a real one); say where it is: {env: VARIABLE} or {file: FILE}", what)
	}
	members := map[string]member{
		"env": func(n *yaml.Node) error {
			variable, err := text(n, what+", env")
			if err == nil && !variableName.MatchString(variable) {
				return wrong(n.Line, "%s, env: this is not the name of a variable; a secret has no place in this file", what)
			}
			t.Variables[name] = Name{variable, n.Line}
			return err
		},
		"file": func(n *yaml.Node) error { return t.set(name+"-file", false, true, n) },
	}
	if operator {
		members["command"] = t.command
		members["oauth"] = t.oauth
	}
	if err := mapping(node, what, members, order...); err != nil {
		return err
	}
	if len(node.Content) != 2 {
		return wrong(node.Line, "%s needs one of %s", what, strings.Join(order, ", "))
	}
	return nil
}

// command takes a line, or a list of words that need no quotes.
func (t *Target) command(node *yaml.Node) error {
	words, err := texts(node, "command")
	if err != nil {
		return err
	}
	line := words[0]
	if node.Kind == yaml.SequenceNode {
		quoted := make([]string, len(words))
		for i, word := range words {
			quoted[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
		line = strings.Join(quoted, " ")
	}
	t.Settings = append(t.Settings, Setting{Flag: "token-command", Values: []string{line}, OfTarget: true, Line: node.Line})
	return nil
}

func (t *Target) oauth(node *yaml.Node) error {
	set := func(flag string, list bool) member {
		return func(n *yaml.Node) error { return t.set(flag, list, false, n) }
	}
	what := "target " + shown(t.Text) + ", oauth"
	return mapping(node, what, map[string]member{
		"tokenURL":     set("oauth-token-url", false),
		"clientID":     set("oauth-client-id", false),
		"clientSecret": func(n *yaml.Node) error { return t.secret("oauth-client-secret", n, false) },
		"scopes":       set("oauth-scope", true),
	}, "tokenURL", "clientID", "clientSecret", "scopes")
}

// settings reads flags by their names; whoever knows the flags checks them.
func settings(node *yaml.Node, what string, into *[]Setting) error {
	return each(node, what, func(key Name, value *yaml.Node) error {
		values, err := texts(value, what+", "+shown(key.Text))
		*into = append(*into, Setting{Flag: key.Text, Values: values, List: value.Kind == yaml.SequenceNode, Line: key.Line})
		return err
	})
}

func notOffered(node *yaml.Node, what string, into *[]NotOffered) error {
	if node.Kind != yaml.SequenceNode {
		return wrong(node.Line, "%s is not a list of {requirement, reason}", what)
	}
	for _, item := range node.Content {
		entry := NotOffered{Line: item.Line}
		read := func(into *string, name string) member {
			return func(n *yaml.Node) (err error) {
				*into, err = text(n, what+", "+name)
				return err
			}
		}
		err := mapping(item, what, map[string]member{
			"requirement": read(&entry.Pattern, "requirement"), "reason": read(&entry.Reason, "reason"),
		}, "requirement", "reason")
		if err != nil {
			return err
		}
		if entry.Pattern == "" || entry.Reason == "" {
			return wrong(item.Line, "%s needs both requirement and reason", what)
		}
		if _, err := path.Match(entry.Pattern, ""); err != nil {
			return wrong(item.Line, "%s: requirement is not a pattern; an example that is: auth.expired.*", what)
		}
		*into = append(*into, entry)
	}
	return nil
}
