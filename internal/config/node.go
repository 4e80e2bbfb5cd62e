package config

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	yaml "github.com/oasdiff/yaml3"
)

// member reads the value of one key.
type member func(value *yaml.Node) error

// place finds the line in an error of the YAML parser, the words of which may repeat what the file holds.
var place = regexp.MustCompile(`line (\d+)`)

// document parses the text of a file; nil for one that says nothing.
func document(data []byte) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(strings.NewReader(string(data)))
	var root, more yaml.Node
	if err := decoder.Decode(&root); err != nil {
		if len(strings.TrimSpace(string(data))) == 0 || err.Error() == "EOF" {
			return nil, nil
		}
		return nil, syntax(err)
	}
	if err := decoder.Decode(&more); err == nil {
		return nil, wrong(more.Line, "a second document begins here; write one")
	}
	if root.Kind != yaml.DocumentNode || len(root.Content) != 1 {
		return nil, errors.New("this is not a YAML document")
	}
	return root.Content[0], nil
}

func syntax(err error) error {
	line := 1
	if found := place.FindStringSubmatch(err.Error()); found != nil {
		line, _ = strconv.Atoi(found[1])
	}
	return wrong(line, "this is not YAML; check indentation, quotes and brackets here and above")
}

// mapping reads the members of a mapping, each at most once. What is the name of the place, for messages.
func mapping(node *yaml.Node, what string, members map[string]member, order ...string) error {
	if node.Kind != yaml.MappingNode {
		return wrong(node.Line, "%s is not a mapping of keys (%s)", what, strings.Join(order, ", "))
	}
	return each(node, what, func(key Name, value *yaml.Node) error {
		read := members[key.Text]
		if read == nil {
			return wrong(key.Line, "%s: unknown key %s; there are: %s", what, shown(key.Text), strings.Join(order, ", "))
		}
		return read(value)
	})
}

// each calls read for every key of a mapping.
func each(node *yaml.Node, what string, read func(key Name, value *yaml.Node) error) error {
	if node.Kind != yaml.MappingNode {
		return wrong(node.Line, "%s is not a mapping", what)
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		switch first, again := seen[key.Value]; {
		case key.Kind != yaml.ScalarNode:
			return wrong(key.Line, "%s: a key is not a word", what)
		case again:
			return wrong(key.Line, "%s: %s is given twice, in line %d and here", what, shown(key.Value), first)
		case value.Kind == yaml.AliasNode || value.Anchor != "" || key.Anchor != "":
			return wrong(key.Line, "%s: anchors and aliases are not supported; write the value out", what)
		}
		seen[key.Value] = key.Line
		if err := read(Name{key.Value, key.Line}, value); err != nil {
			return err
		}
	}
	return nil
}

// text reads a scalar: a word, a number or a truth value, as it is written.
func text(node *yaml.Node, what string) (string, error) {
	if node.Kind != yaml.ScalarNode || node.Tag == "!!null" || node.Value == "" {
		return "", wrong(node.Line, "%s needs one value", what)
	}
	return node.Value, nil
}

// texts reads a list of scalars; one alone may stand without brackets.
func texts(node *yaml.Node, what string) ([]string, error) {
	if node.Kind == yaml.ScalarNode {
		one, err := text(node, what)
		return []string{one}, err
	}
	if node.Kind != yaml.SequenceNode || len(node.Content) == 0 {
		return nil, wrong(node.Line, "%s needs a value or a list of values", what)
	}
	var all []string
	for _, item := range node.Content {
		one, err := text(item, what)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// shown quotes a key, unless it is so long that it may be a token.
func shown(key string) string {
	if len(key) > 48 {
		return "(" + strconv.Itoa(len(key)) + " bytes, not shown)"
	}
	return strconv.Quote(key)
}
