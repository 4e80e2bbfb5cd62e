package export

import (
	"fmt"
	"regexp"
	"strings"
)

// Bruno writes a collection for Bruno: a directory with a file for each request.
func Bruno(s *Script) (map[string][]byte, error) {
	files := map[string][]byte{
		"bruno.json": fmt.Appendf(nil, "{\n  \"version\": \"1\",\n  \"name\": %s,\n  \"type\": \"collection\"\n}\n", quoted(s.ID)),
	}
	var environment, secrets strings.Builder
	for _, in := range s.Inputs {
		if in.Value != "" {
			fmt.Fprintf(&environment, "  %s: %s\n", in.Name, brunoLine(in.Value))
		} else {
			fmt.Fprintf(&secrets, "  %s,\n", in.Name)
		}
	}
	text := "vars {\n" + environment.String() + "}\n"
	if secrets.Len() > 0 {
		text += "vars:secret [\n" + strings.TrimSuffix(secrets.String(), ",\n") + "\n]\n"
	}
	files["environments/target.bru"] = []byte(text)
	for i, step := range s.Steps {
		if step.Raw != nil {
			return nil, errBytes
		}
		name := fmt.Sprintf("%02d-%s.bru", i+1, strings.Trim(unsafe.ReplaceAllString(step.Name, "-"), "-"))
		files[name] = []byte(brunoRequest(i+1, step))
	}
	files["collection.bru"] = []byte("docs {\n" + indentedLines(strings.Join(s.head(), "\n")) + "}\n")
	return files, nil
}

// unsafe is what stands in no name of a file.
var unsafe = regexp.MustCompile(`[^A-Za-z0-9._]+`)

func brunoRequest(number int, step Step) string {
	var b strings.Builder
	fmt.Fprintf(&b, "meta {\n  name: %s\n  type: http\n  seq: %d\n}\n\n", brunoLine(step.Name), number)
	kind := "none"
	if step.Body != nil {
		kind = "text"
	}
	fmt.Fprintf(&b, "%s {\n  url: %s\n  body: %s\n  auth: none\n}\n", strings.ToLower(step.Method), brunoLine(step.URL.plain()), kind)
	if len(step.Headers) > 0 {
		b.WriteString("\nheaders {\n")
		for _, h := range step.Headers {
			fmt.Fprintf(&b, "  %s: %s\n", brunoLine(h.Name), brunoLine(h.Value.plain()))
		}
		b.WriteString("}\n")
	}
	if step.Body != nil {
		b.WriteString("\nbody:text {\n" + indentedLines(step.Body.plain()) + "}\n")
	}
	if len(step.Captures) > 0 {
		b.WriteString("\nvars:post-response {\n")
		for _, c := range step.Captures {
			fmt.Fprintf(&b, "  %s: res.body.%s\n", c.Variable, strings.Join(tokens(c.Pointer), "."))
		}
		b.WriteString("}\n")
	}
	if c := step.Check; c != nil && c.Statuses != nil && exact(c.Statuses) == 0 {
		fmt.Fprintf(&b, "\ntests {\n  test(%q, () => expect(res.getStatus()).to.satisfy((status) => %s));\n}\n", "status "+inWords(c.Statuses), condition("status", "===", c.Statuses))
	} else if test := brunoAssert(step); test != "" {
		b.WriteString("\nassert {\n  " + test + "\n}\n")
	}
	if len(step.Notes) > 0 {
		b.WriteString("\ndocs {\n" + indentedLines(strings.Join(step.Notes, "\n")) + "}\n")
	}
	return b.String()
}

func brunoAssert(step Step) string {
	c := step.Check
	switch {
	case c != nil && c.Statuses != nil:
		return fmt.Sprintf("res.status: eq %d", exact(c.Statuses))
	case c != nil && c.Equals != "":
		return fmt.Sprintf("res.body.%s: eq %s", strings.Join(tokens(c.Pointer), "."), brunoLine(c.Equals))
	case c != nil:
		return fmt.Sprintf("res.body.%s: isDefined", strings.Join(tokens(c.Pointer), "."))
	case step.Status > 0:
		return fmt.Sprintf("res.status: eq %d", step.Status)
	}
	return ""
}

// brunoLine is a text that may not end its line.
func brunoLine(s string) string { return strings.NewReplacer("\r", " ", "\n", " ").Replace(s) }

// indentedLines is the content of a block of text, in which a brace at the beginning of a line would end the block.
func indentedLines(s string) string {
	return "  " + strings.ReplaceAll(strings.ReplaceAll(s, "\r", ""), "\n", "\n  ") + "\n"
}
