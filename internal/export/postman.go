package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// plain is a text with variables as most tools write them.
func (t Text) plain() string {
	return t.String(func(s string) string { return s }, func(v string) string { return "{{" + v + "}}" })
}

// unquoted is the value of a JSON string.
func unquoted(text string) (value string) {
	if json.Unmarshal([]byte(text), &value) != nil {
		return text
	}
	return value
}

type postmanItem struct {
	Name    string         `json:"name"`
	Request postmanRequest `json:"request"`
	Event   []postmanEvent `json:"event,omitempty"`
}

type postmanRequest struct {
	Method      string          `json:"method"`
	Header      []postmanHeader `json:"header"`
	Body        *postmanBody    `json:"body,omitempty"`
	URL         string          `json:"url"`
	Description string          `json:"description,omitempty"`
}

type postmanHeader struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

type postmanBody struct {
	Mode string `json:"mode"`
	Raw  string `json:"raw"`
}

type postmanEvent struct {
	Listen string        `json:"listen"`
	Script postmanScript `json:"script"`
}

type postmanScript struct {
	Type string   `json:"type"`
	Exec []string `json:"exec"`
}

// Postman writes a collection in the format v2.1.
func Postman(s *Script) (map[string][]byte, error) {
	items := []postmanItem{}
	for _, step := range s.Steps {
		if step.Raw != nil {
			return nil, errBytes
		}
		item := postmanItem{Name: step.Name, Request: postmanRequest{
			Method: step.Method, Header: []postmanHeader{}, URL: step.URL.plain(), Description: strings.Join(step.Notes, "\n"),
		}}
		for _, h := range step.Headers {
			item.Request.Header = append(item.Request.Header, postmanHeader{h.Name, h.Value.plain()})
		}
		if step.Body != nil {
			item.Request.Body = &postmanBody{"raw", step.Body.plain()}
		}
		if exec := postmanTests(step); len(exec) > 0 {
			item.Event = []postmanEvent{{"test", postmanScript{"text/javascript", exec}}}
		}
		items = append(items, item)
	}
	variables := []postmanHeader{}
	for _, in := range s.Inputs {
		variables = append(variables, postmanHeader{in.Name, in.Value})
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(map[string]any{
		"info": map[string]string{
			"name": s.ID, "description": strings.Join(s.head(), "\n"),
			"schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
		},
		"item": items, "variable": variables,
	})
	if err != nil {
		return nil, fmt.Errorf("encoding the collection: %w", err)
	}
	return map[string][]byte{"failure.postman_collection.json": b.Bytes()}, nil
}

func postmanTests(step Step) (lines []string) {
	var spans []span
	if step.Status > 0 {
		spans = []span{{step.Status, step.Status}}
	}
	if step.Check != nil && step.Check.Statuses != nil {
		spans = step.Check.Statuses
	}
	switch name := "status " + inWords(spans); {
	case exact(spans) > 0:
		lines = append(lines, fmt.Sprintf("pm.test(%q, () => pm.response.to.have.status(%d));", name, exact(spans)))
	case spans != nil:
		lines = append(lines, fmt.Sprintf("pm.test(%q, () => pm.expect(pm.response.code).to.satisfy((status) => %s));", name, condition("status", "===", spans)))
	}
	for _, c := range step.Captures {
		lines = append(lines, fmt.Sprintf("pm.collectionVariables.set(%q, %s);", c.Variable, javaScript("pm.response.json()", c.Pointer)))
	}
	if c := step.Check; c != nil && c.Pointer != "" {
		member := javaScript("pm.response.json()", c.Pointer)
		test := fmt.Sprintf("pm.expect(%s).to.not.equal(undefined)", member)
		if c.Equals != "" {
			test = fmt.Sprintf("pm.expect(%s).to.equal(%s)", member, c.Equals)
		}
		lines = append(lines, fmt.Sprintf("pm.test(%s, () => %s);", quoted(c.Pointer), test))
	}
	return lines
}

// javaScript is the member of a value at a JSON pointer, undefined if it is not there.
func javaScript(value, pointer string) string {
	for _, t := range tokens(pointer) {
		value += "?.[" + quoted(t) + "]"
	}
	return value
}

func quoted(s string) string {
	text, _ := json.Marshal(s) // a string always marshals
	return string(text)
}
