package spec

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Keywords that the embedded document does not use, and a validator that gives up.
const other = `
openapi: 3.0.3
info: {title: other, version: "2"}
paths:
  /a:
    get:
      operationId: a
      responses:
        '200':
          description: ok
          headers:
            X-Must: {required: true, schema: {type: string}}
          content: {application/json: {schema: {}}}
        default:
          description: otherwise
          content: {text/plain: {schema: {type: string}}}
  /b:
    get:
      operationId: b
      responses:
        default: {description: anything}
components:
  schemas:
    all:
      type: object
      properties:
        text: {type: string, minLength: 2}
        list: {type: array, minItems: 2, items: {}}
        number: {type: number, maximum: 3}
        either: {oneOf: [{type: string}, {type: integer}]}
        both: {oneOf: [{type: number}, {type: integer}]}
        any: {anyOf: [{type: string}, {type: boolean}]}
        day: {type: string, format: date}
        uuid: {type: string, format: uuid}
        free: {description: anything but null}
`

func TestLeaves(t *testing.T) {
	c, err := ParseContract([]byte(other))
	if err != nil {
		t.Fatal(err)
	}
	body := `{"text":"x","list":[],"number":4,"either":[],"both":1,"any":null,"day":"1","uuid":"{}","free":null}`
	var got []string
	for _, f := range c.CheckSchema("all", []byte(body)) {
		got = append(got, f.String())
	}
	want := []string{
		`schema at /any: expected what the schema's "anyOf" allows, seen null`,
		`schema at /both: expected what the schema's "oneOf" allows, seen a number 1 character long`,
		`format at /day: expected the format date, seen a string of 1 character with string doesn't match pattern "^[0-9]{4}-(0[1-9]|10|11|12)-(0[1-9]|[12][0-9]|3[01])$"`,
		`schema at /either: expected a string, seen an array of 0 items`,
		`schema at /either: expected an integer, seen an array of 0 items`,
		`schema at /free: expected a value other than null, seen null`,
		`schema at /list: expected at least 2 items, seen an array of 0 items`,
		`schema at /number: expected what the schema's "maximum" allows, seen a number`,
		`schema at /text: expected at least 2 characters, seen a string of 1 character`,
		`format at /uuid: expected a UUID of RFC 9562, seen a string of 2 characters with not 36 characters long`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestUnreadable(t *testing.T) {
	c, err := ParseContract([]byte(other))
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string][]Finding{
		"a header that is missing":     c.Check(answer("a", 200, "{}")),
		"a content that is not JSON":   c.Check(answer("a", 404, "{}")),
		"an error that is not a known": leaves(errors.New("surprise")),
	}
	for name, found := range tests {
		if diff := cmp.Diff([]string{"json unreadable "}, brief(found)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if found := c.Check(answer("b", 404, "")); found != nil {
		t.Errorf("a default without content: %v", found)
	}
}

func TestKindOf(t *testing.T) {
	tests := map[string]any{
		"a boolean": true, "something else": struct{}{}, "an object of 1 member": map[string]any{"a": 1},
	}
	for want, value := range tests {
		if got := kindOf(value); got != want {
			t.Errorf("kindOf(%v) = %q, want %q", value, got, want)
		}
	}
}
