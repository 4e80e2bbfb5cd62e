package export

import (
	"fmt"
	"go/format"
	"strconv"
	"strings"
)

// Go writes a program that needs nothing but Go. It exits with 1 if the target still fails.
func Go(s *Script) (map[string][]byte, error) {
	var b strings.Builder
	for _, line := range s.head() {
		fmt.Fprintf(&b, "// %s\n", line)
	}
	b.WriteString("//\n// Run it: go run main.go. Variables come from the environment, in capitals.\n" + goImports)
	for _, in := range s.Inputs {
		fmt.Fprintf(&b, "\tinput(%q, %q)\n", in.Name, in.Value)
	}
	for _, step := range s.Steps {
		fmt.Fprintf(&b, "\n\t// %s\n", step.Name)
		for _, note := range step.Notes {
			fmt.Fprintf(&b, "\t// %s\n", note)
		}
		body := `""`
		switch {
		case step.Raw != nil:
			body = strconv.Quote(string(step.Raw))
		case step.Body != nil:
			body = goText(*step.Body)
		}
		fmt.Fprintf(&b, "\tsend(%q, %s, %s", step.Method, goText(step.URL), body)
		for _, h := range step.Headers {
			fmt.Fprintf(&b, ", %q, %s", h.Name, goText(h.Value))
		}
		b.WriteString(")\n")
		if step.Status > 0 {
			fmt.Fprintf(&b, "\twantStatus(%d)\n", step.Status)
		}
		for _, c := range step.Captures {
			fmt.Fprintf(&b, "\tvariables[%q] = text(member(%s))\n", c.Variable, goTokens(c.Pointer))
		}
		if c := step.Check; c != nil {
			switch {
			case exact(c.Statuses) > 0:
				fmt.Fprintf(&b, "\twantStatus(%d)\n", exact(c.Statuses))
			case c.Statuses != nil:
				fmt.Fprintf(&b, "\tif !(%s) {\n\t\tfail(\"status %%d, want %s\", status)\n\t}\n", condition("status", "==", c.Statuses), inWords(c.Statuses))
			default:
				fmt.Fprintf(&b, "\twantMember(%q, %s)\n", c.Equals, goTokens(c.Pointer))
			}
		}
	}
	b.WriteString("}\n" + goFunctions)
	source, err := format.Source([]byte(b.String()))
	if err != nil {
		return nil, fmt.Errorf("formatting the program: %w", err)
	}
	return map[string][]byte{"main.go": source}, nil
}

func goText(t Text) string {
	if len(t) == 0 {
		return `""`
	}
	var parts []string
	for _, p := range t {
		if p.Variable != "" {
			parts = append(parts, fmt.Sprintf("variables[%q]", p.Variable))
		} else {
			parts = append(parts, strconv.Quote(p.Literal))
		}
	}
	return strings.Join(parts, " + ")
}

func goTokens(pointer string) string {
	var all []string
	for _, t := range tokens(pointer) {
		all = append(all, strconv.Quote(t))
	}
	return strings.Join(all, ", ")
}

const goImports = `package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"reflect"
	"strconv"
	"strings"
)

var (
	variables = map[string]string{}
	status    int
	body      []byte
	failed    bool
)

func main() {
	defer func() {
		if failed {
			os.Exit(1)
		}
	}()
`

const goFunctions = `
// input takes a variable from the environment, or else its value of the run.
func input(name, value string) {
	if set := os.Getenv(strings.ToUpper(name)); set != "" {
		value = set
	}
	variables[name] = value
}

func send(method, url, content string, headers ...string) {
	status, body = 0, nil
	request, err := http.NewRequest(method, url, bytes.NewReader([]byte(content)))
	if err != nil {
		fail("%v", err)
		return
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header[headers[i]] = append(request.Header[headers[i]], headers[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		fail("%v", err)
		return
	}
	defer response.Body.Close()
	status = response.StatusCode
	body, _ = io.ReadAll(response.Body)
	fmt.Println(method, request.URL.Path, status)
}

func wantStatus(want int) {
	if status != want {
		fail("status %d, want %d", status, want)
	}
}

// member is the value at a path in the last body.
func member(path ...string) any {
	var value any
	_ = json.Unmarshal(body, &value)
	for _, key := range path {
		switch in := value.(type) {
		case map[string]any:
			value = in[key]
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(in) {
				return nil
			}
			value = in[i]
		default:
			return nil
		}
	}
	return value
}

func text(value any) string {
	s, _ := value.(string)
	return s
}

func wantMember(want string, path ...string) {
	got := member(path...)
	var expected any
	_ = json.Unmarshal([]byte(want), &expected)
	if got == nil || want != "" && !reflect.DeepEqual(got, expected) {
		fail("%s is %v, want %s", strings.Join(path, "/"), got, want)
	}
}

func fail(format string, args ...any) {
	failed = true
	fmt.Printf("FAIL "+format+"\n", args...)
}
`
