package junit_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// What three schemas agree on, stated here in a table: that of Ant's junitreport, the one that JUnit 5 tests its reports for
// Jenkins with, and the one of the xUnit plugin of Jenkins. For each element: its attributes (true: required), its children in
// their order, whether it holds text, of which children it has exactly one, and whether it has one child at most.
type junitElement struct {
	attributes map[string]bool
	children   []string
	text       bool
	single     []string
	choice     bool
}

func junitSchema() map[string]junitElement {
	note := junitElement{attributes: map[string]bool{"message": true, "type": true}, text: true}
	return map[string]junitElement{
		"testsuites": {children: []string{"testsuite"}}, // Ant: no attribute
		"testsuite": {
			attributes: map[string]bool{
				"name": true, "tests": true, "failures": true, "errors": true, "skipped": true, "time": true, "timestamp": true,
				"hostname": true, "id": true, "package": true,
			},
			children: []string{"properties", "testcase", "system-out", "system-err"},
			single:   []string{"properties", "system-out", "system-err"}, // Ant: required
		},
		"properties": {children: []string{"property"}},
		"property":   {attributes: map[string]bool{"name": true, "value": true}},
		"testcase": {
			attributes: map[string]bool{"name": true, "classname": true, "time": true},
			children:   []string{"skipped", "error", "failure"}, // Ant: no output
			choice:     true,
		},
		"skipped": {text: true}, // JUnit 5: no attribute
		"error":   note, "failure": note,
		"system-out": {text: true}, "system-err": {text: true},
	}
}

// xmlNode is an element as it was read.
type xmlNode struct {
	name       string
	attributes map[string]string
	children   []*xmlNode
	text       string
}

// validJUnit checks a document against the schema, and its counts against what it holds.
func validJUnit(text []byte) error {
	root, err := parseXML(text)
	if err != nil {
		return err
	}
	if root.name != "testsuites" {
		return fmt.Errorf("the root is <%s>", root.name)
	}
	if err := root.conforms(junitSchema()); err != nil {
		return err
	}
	for i, suite := range root.children {
		found := map[string]int{}
		for _, c := range suite.children {
			if c.name != "testcase" {
				continue
			}
			found["tests"]++
			for plural, name := range map[string]string{"failures": "failure", "errors": "error", "skipped": "skipped"} {
				found[plural] += c.count(name)
			}
		}
		if err := suite.counts(found, "tests", "failures", "errors", "skipped"); err != nil {
			return err
		}
		if suite.attributes["id"] != strconv.Itoa(i) {
			return fmt.Errorf("the testsuite %d has the id %q", i, suite.attributes["id"])
		}
	}
	return nil
}

func parseXML(text []byte) (*xmlNode, error) {
	d := xml.NewDecoder(bytes.NewReader(text)) // strict; it refuses what XML 1.0 does not allow
	top := &xmlNode{}
	stack := []*xmlNode{top}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		parent := stack[len(stack)-1]
		switch x := token.(type) {
		case xml.StartElement:
			n := &xmlNode{name: x.Name.Local, attributes: map[string]string{}}
			for _, a := range x.Attr {
				n.attributes[a.Name.Local] = a.Value
			}
			parent.children = append(parent.children, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			parent.text += string(x)
		}
	}
	if len(top.children) != 1 {
		return nil, fmt.Errorf("the document has %d roots", len(top.children))
	}
	return top.children[0], nil
}

func (n *xmlNode) conforms(schema map[string]junitElement) error {
	e := schema[n.name]
	for name, value := range n.attributes {
		if _, ok := e.attributes[name]; !ok {
			return fmt.Errorf("<%s> has an attribute %q", n.name, name)
		}
		if err := conformingAttribute(name, value); err != nil {
			return fmt.Errorf("<%s>: %w", n.name, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.attributes)) {
		if _, ok := n.attributes[name]; e.attributes[name] && !ok {
			return fmt.Errorf("<%s> has no attribute %q", n.name, name)
		}
	}
	if !e.text && strings.TrimSpace(n.text) != "" {
		return fmt.Errorf("<%s> holds the text %q", n.name, n.text)
	}
	position := 0
	for _, c := range n.children {
		at := slices.Index(e.children, c.name)
		if at < position {
			return fmt.Errorf("<%s> is not allowed there in <%s>", c.name, n.name)
		}
		position = at
		if err := c.conforms(schema); err != nil {
			return err
		}
	}
	for _, name := range e.single {
		if found := n.count(name); found != 1 {
			return fmt.Errorf("<%s> has %d of <%s>", n.name, found, name)
		}
	}
	if e.choice && len(n.children) > 1 {
		return fmt.Errorf("<%s> has %d children", n.name, len(n.children))
	}
	return nil
}

var (
	junitTimestamp = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$`)
	junitDecimal   = regexp.MustCompile(`^\d+(\.\d+)?$`)
	junitInteger   = regexp.MustCompile(`^\d+$`)
)

func conformingAttribute(name, value string) error {
	form := map[string]*regexp.Regexp{
		"timestamp": junitTimestamp, "time": junitDecimal, "tests": junitInteger, "failures": junitInteger,
		"errors": junitInteger, "skipped": junitInteger, "id": junitInteger,
	}[name]
	switch {
	case form != nil && !form.MatchString(value):
		return fmt.Errorf("%s is %q", name, value)
	case (name == "name" || name == "classname" || name == "hostname" || name == "package") && strings.TrimSpace(value) == "":
		return fmt.Errorf("%s is empty", name)
	}
	return nil
}

func (n *xmlNode) count(name string) int {
	found := 0
	for _, c := range n.children {
		if c.name == name {
			found++
		}
	}
	return found
}

func (n *xmlNode) counts(want map[string]int, names ...string) error {
	for _, name := range names {
		if got := n.attributes[name]; got != strconv.Itoa(want[name]) {
			return fmt.Errorf("<%s %s=%q>, but it holds %d", n.name, name, got, want[name])
		}
	}
	return nil
}
