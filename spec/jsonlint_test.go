package spec

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLintJSON(t *testing.T) {
	tests := map[string]struct {
		body string
		want []string
	}{
		"object":                 {`{"a":[1,-0,1.5e+3,2E-1,true,false,null,"x\n\u00e9\/"],"b":{}}`, nil},
		"scalar":                 {` "x" `, nil},
		"white space":            {"\t\r\n [ 1 , 2 ] \n", nil},
		"surrogate pair":         {`"\ud83d\ude00"`, nil},
		"UTF-8":                  {`"é😀` + "\ufffd\u007f" + `"`, nil},
		"deep enough":            {strings.Repeat("[", 64) + strings.Repeat("]", 64), nil},
		"empty":                  {"", []string{"json empty "}},
		"blank":                  {" \n", []string{"json empty "}},
		"mark alone":             {"\ufeff", []string{"json byte-order-mark ", "json empty "}},
		"mark":                   {"\ufeff{}", []string{"json byte-order-mark "}},
		"two texts":              {`{"a":{}} {}`, []string{"json trailing-data "}},
		"vertical tab":           {"{}\v", []string{"json trailing-data "}},
		"comment":                {"{} // x", []string{"json trailing-data "}},
		"too deep":               {strings.Repeat("[", 65) + strings.Repeat("]", 65), []string{"json depth " + strings.Repeat("/0", 64)}},
		"far too deep":           {strings.Repeat(`{"a":`, 1<<16), []string{"json depth " + strings.Repeat("/a", 64), "json limit "}},
		"duplicate":              {`{"a":1,"b":2,"a":3,"a":4}`, []string{"json duplicate-name /a"}},
		"duplicate when escaped": {`[{"x":{"a~/b":1,"\u0061~\/b":2}}]`, []string{"json duplicate-name /0/x/a~0~1b"}},
		"same name elsewhere":    {`{"a":{"a":[{"a":1},{"a":2}]}}`, nil},
		"case differs":           {`{"a":1,"A":2}`, nil},
		"not UTF-8":              {"{\"a\":\"\xff\xfe\",\"b\":\"\xc0\xaf\"}", []string{"json utf-8 /a", "json utf-8 /b"}},
		"encoded surrogate":      {"\"\xed\xa0\x80\"", []string{"json utf-8 "}},
		"high surrogate alone":   {`["\ud800"]`, []string{"json surrogate /0"}},
		"high before a letter":   {`["\ud800\u0041"]`, []string{"json surrogate /0"}},
		"low surrogate alone":    {`["\udc00"]`, []string{"json surrogate /0"}},
		"unprintable name":       {"{\"a\\u0000\\u202e\":1,\"a\\u0000\\u202e\":1}", []string{"json duplicate-name /a\ufffd\ufffd"}},
		"long name": {
			`{"` + strings.Repeat("n", 99) + `":nul}`, []string{"json syntax /" + strings.Repeat("n", 64) + "…"},
		},
		"bare word":          {`nope`, []string{"json syntax "}},
		"capital":            {`True`, []string{"json syntax "}},
		"single quotes":      {`{'a':1}`, []string{"json syntax "}},
		"no colon":           {`{"a" 1}`, []string{"json syntax /a"}},
		"no value":           {`{"a":}`, []string{"json syntax /a"}},
		"no comma":           {`{"a":1 "b":2}`, []string{"json syntax "}},
		"trailing comma":     {`{"a":1,}`, []string{"json syntax "}},
		"trailing comma too": {`[1,]`, []string{"json syntax /1"}},
		"no comma in array":  {`[1 2]`, []string{"json syntax "}},
		"cut off":            {`[1`, []string{"json syntax "}},
		"cut off early":      {`[`, []string{"json syntax /0"}},
		"cut off in a name":  {`{"a`, []string{"json syntax "}},
		"cut off in escape":  {`"\`, []string{"json syntax "}},
		"cut off in unit":    {`"\u12`, []string{"json syntax "}},
		"bad escape":         {`"\x41"`, []string{"json syntax "}},
		"bad unit":           {`"\u00g0"`, []string{"json syntax "}},
		"signed unit":        {`"\u+123"`, []string{"json syntax "}},
		"bad second unit":    {`"\ud800\u+123"`, []string{"json surrogate ", "json syntax "}},
		"control character":  {"\"a\nb\"", []string{"json syntax "}},
		"leading zero":       {`01`, []string{"json trailing-data "}},
		"plus":               {`+1`, []string{"json syntax "}},
		"minus alone":        {`-`, []string{"json syntax "}},
		"point alone":        {`1.`, []string{"json syntax "}},
		"exponent alone":     {`1e+`, []string{"json syntax "}},
		"infinity":           {`-Infinity`, []string{"json syntax "}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, brief(LintJSON([]byte(test.body)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLintIsBounded(t *testing.T) {
	body := "[" + strings.Repeat(`"\ud800",`, 1000) + "1]"
	if got := len(LintJSON([]byte(body))); got != maxFindings {
		t.Errorf("%d findings", got)
	}
}

// A text that the lint passes is one that encoding/json reads; what it refuses for its syntax, encoding/json refuses.
func FuzzLintJSON(f *testing.F) {
	for _, seed := range []string{created, "[1,]", `"\ud800\udc00"`, "-0.0e-0", "\ufeff{}", `{"a":1,"a":2}`, "1 2"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		found, text := lint(body)
		if text != nil && !json.Valid(text) {
			t.Errorf("%q is not valid", text)
		}
		for _, one := range found {
			if one.Keyword == "syntax" && json.Valid(body) {
				t.Errorf("%q is valid: %v", body, one)
			}
		}
		if found == nil && !json.Valid(body) {
			t.Errorf("%q is not valid", body)
		}
	})
}
