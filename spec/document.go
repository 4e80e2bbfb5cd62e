package spec

import (
	"bytes"
	"strconv"
	"strings"

	yaml "github.com/oasdiff/yaml3"
)

// File is the name by which citations call the OpenAPI document.
const File = "openapi.yaml"

// maxWords bounds the lines that Words gives for a node without a description.
const maxWords = 12

// maxReferences bounds how many references are followed one after the other.
const maxReferences = 16

// Resolve finds what a JSON pointer (RFC 6901) names in the document as it is written, and decodes it into maps,
// slices, strings and numbers. A pointer may go through a reference ("…/responses/201/content"), which is followed;
// one that ends at a reference names the reference. "#" or "openapi.yaml#" may stand before the pointer.
func (c *Contract) Resolve(pointer string) (any, bool) {
	node := c.node(pointer)
	if node == nil {
		return nil, false
	}
	var value any
	if err := node.Decode(&value); err != nil {
		return nil, false
	}
	return value, true
}

// Line is the line of the document on which what a pointer names begins, from 1; 0 if it names nothing.
func (c *Contract) Line(pointer string) int {
	node := c.node(pointer)
	if node == nil {
		return 0
	}
	return node.Line
}

// Words says in short what a pointer names: its description or summary, that of what it refers to, or else the node
// itself in at most 12 lines of YAML; "" if it names nothing.
func (c *Contract) Words(pointer string) string {
	node := c.target(c.node(pointer))
	if node == nil {
		return ""
	}
	for _, key := range []string{"description", "summary"} {
		if words := child(node, key); words != nil && words.Kind == yaml.ScalarNode {
			return strings.Join(strings.Fields(words.Value), " ")
		}
	}
	return compact(node)
}

// node finds what a pointer names; nil for nothing.
func (c *Contract) node(pointer string) *yaml.Node {
	return c.descend(pointer, 0)
}

func (c *Contract) descend(pointer string, references int) *yaml.Node {
	pointer = strings.TrimPrefix(strings.TrimPrefix(pointer, File), "#")
	if pointer == "" {
		return c.get().root()
	}
	if pointer[0] != '/' || references > maxReferences {
		return nil
	}
	node := c.get().root()
	for token := range strings.SplitSeq(pointer[1:], "/") {
		token = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
		next := child(node, token)
		if reference := child(node, "$ref"); next == nil && reference != nil {
			next = child(c.target(c.descend(reference.Value, references+1)), token)
		}
		if next == nil {
			return nil
		}
		node = next
	}
	return node
}

// target follows references from a node to what is not one; nil if they lead nowhere.
func (c *Contract) target(node *yaml.Node) *yaml.Node {
	for range maxReferences {
		if node == nil {
			return nil
		}
		reference := child(node, "$ref")
		if reference == nil {
			return node
		}
		node = c.node(reference.Value)
	}
	return nil
}

// child finds a member of a mapping or an item of a sequence; nil for none.
func child(node *yaml.Node, name string) *yaml.Node {
	if node == nil {
		return nil
	}
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	switch node.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == name {
				return node.Content[i+1]
			}
		}
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(name); err == nil && 0 <= i && i < len(node.Content) && name == strconv.Itoa(i) {
			return node.Content[i]
		}
	}
	return nil
}

// compact renders a node as YAML, cut if it is long.
func compact(node *yaml.Node) string {
	var b bytes.Buffer
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	if err := encoder.Encode(node); err != nil {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) > maxWords {
		lines = append(lines[:maxWords-1], "…")
	}
	return strings.Join(lines, "\n")
}
