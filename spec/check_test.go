package spec

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/exchange"
)

const (
	metadata = `"metadata":{"id":"ee45f34b-9685-40d8-8724-23c31252ca46","name":"robot","organizationId":"d4600d6e-e965-4b44-a808-84fb2fa36702","creationTime":"2024-05-31T14:11:00Z","provisioningStatus":"provisioned","healthStatus":"healthy"}`
	created  = `{` + metadata + `,"spec":{"groupIDs":[]},"status":{"expiry":"2025-03-14T16:10:00Z","accessToken":"a.b.c"}}`
	refused  = `{"error":"access_denied","error_description":"who are you"}`
	secret   = "hunter2-hunter2-hunter2"
)

func contract(t testing.TB) *Contract {
	t.Helper()
	c, err := LoadContract()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// answer is an exchange of the operation with the given answer; its media type is good unless others are given.
func answer(operation string, status int, body string, types ...string) *exchange.Exchange {
	if types == nil {
		types = []string{"application/json"}
	}
	return &exchange.Exchange{
		Operation: operation,
		Request:   exchange.Request{Method: http.MethodPost},
		Response: &exchange.Response{
			Status: status, Header: http.Header{"Content-Type": types}, Body: []byte(body),
		},
	}
}

// brief leaves out the messages.
func brief(found []Finding) []string {
	var lines []string
	for _, f := range found {
		lines = append(lines, fmt.Sprintf("%s %s %s", f.Aspect, f.Keyword, f.Pointer))
	}
	return lines
}

func TestCheck(t *testing.T) {
	with := func(old, new string) string { return strings.Replace(created, old, new, 1) }
	none := []string{}
	tests := map[string]struct {
		exchange *exchange.Exchange
		want     []string
	}{
		"right create": {answer("createServiceAccount", 201, created), nil},
		"right list":   {answer("listServiceAccounts", 200, "[]"), nil},
		"right list of accounts": {
			answer("listServiceAccounts", 200, `[{`+metadata+`,"spec":{"groupIDs":["x"]},"status":{"expiry":"2025-03-14T16:10:00Z"}}]`), nil,
		},
		"right refusal":            {answer("createServiceAccount", 401, refused), nil},
		"refusal with a trace":     {answer("createServiceAccount", 400, strings.Replace(refused, "}", `,"trace_id":"0af7651916cd43dd8448eb211c80319c"}`, 1)), nil},
		"extra members":            {answer("createServiceAccount", 201, with(`"spec":{`, `"extra":{"a":[1e400,null]},"spec":{"more":true,`)), nil},
		"fraction and offset":      {answer("createServiceAccount", 201, with("14:11:00Z", "14:11:00.123456789+02:00")), nil},
		"lower-case t and z":       {answer("createServiceAccount", 201, with("2024-05-31T14:11:00Z", "2024-05-31t14:11:00z")), nil},
		"charset":                  {answer("createServiceAccount", 201, created, "Application/JSON; Charset=\"UTF-8\""), nil},
		"delete without a body":    {answer("deleteServiceAccount", 200, "", none...), nil},
		"delete with any body":     {answer("deleteServiceAccount", 200, "<html>", "text/html"), nil},
		"nil exchange":             {nil, nil},
		"no response":              {&exchange.Exchange{Operation: "createServiceAccount"}, nil},
		"no operation":             {answer("", 200, ""), []string{"status operation "}},
		"200 for 201":              {answer("createServiceAccount", 200, created), []string{"status status "}},
		"undeclared refusal":       {answer("createServiceAccount", 418, refused), []string{"status status "}},
		"undeclared and wrong":     {answer("createServiceAccount", 503, "{}"), []string{"status status ", "schema required /error", "schema required /error_description"}},
		"redirect":                 {answer("createServiceAccount", 307, "moved", "text/plain"), []string{"status status "}},
		"204 for a delete":         {answer("deleteServiceAccount", 204, "", none...), []string{"status status "}},
		"HTML":                     {answer("createServiceAccount", 500, "<html>", "text/html; charset=utf-8"), []string{"media-type type "}},
		"JSON as text":             {answer("createServiceAccount", 201, created, "text/plain"), []string{"media-type type "}},
		"wrong JSON as text":       {answer("createServiceAccount", 201, "{}", "text/plain"), []string{"media-type type ", "schema required /metadata", "schema required /spec", "schema required /status"}},
		"another charset":          {answer("createServiceAccount", 201, created, "application/json; charset=utf-16"), nil},
		"two types":                {answer("createServiceAccount", 201, created, "application/json", "application/json"), []string{"media-type repeated "}},
		"half a type":              {answer("createServiceAccount", 201, created, "application/"), []string{"media-type malformed "}},
		"rare type":                {answer("createServiceAccount", 201, created, "application/vnd.x+json"), []string{"media-type type "}},
		"empty":                    {answer("createServiceAccount", 201, ""), []string{"json empty "}},
		"empty and mislabelled":    {answer("createServiceAccount", 201, "", "text/html"), []string{"media-type type ", "json empty "}},
		"broken":                   {answer("createServiceAccount", 201, `{"metadata":`), []string{"json syntax /metadata"}},
		"trailing data":            {answer("createServiceAccount", 201, created+"{}"), []string{"json trailing-data "}},
		"byte order mark":          {answer("createServiceAccount", 201, "\ufeff"+created), []string{"json byte-order-mark "}},
		"duplicate name":           {answer("createServiceAccount", 201, with(`"spec":{`, `"spec":{"groupIDs":[],`)), []string{"json duplicate-name /spec/groupIDs"}},
		"array for object":         {answer("createServiceAccount", 201, "[]"), []string{"schema type "}},
		"null":                     {answer("createServiceAccount", 201, "null"), []string{"schema nullable "}},
		"metadata of a wrong type": {answer("createServiceAccount", 201, with(metadata, `"metadata":[]`)), []string{"schema type /metadata"}},
		"metadata null":            {answer("createServiceAccount", 201, with(metadata, `"metadata":null`)), []string{"schema nullable /metadata"}},
		"members missing through allOf": {
			answer("createServiceAccount", 201, with(metadata, `"metadata":{}`)), []string{
				"schema required /metadata/provisioningStatus", "schema required /metadata/healthStatus",
				"schema required /metadata/id", "schema required /metadata/creationTime",
				"schema required /metadata/name", "schema required /metadata/organizationId",
			},
		},
		"wrong values": {
			answer("createServiceAccount", 201, `{"metadata":{"id":7,"name":"-","organizationId":null,"creationTime":"2024-02-30T00:00:00Z","provisioningStatus":"done","healthStatus":1e999,"tags":[{"name":"a"}]},"spec":{"groupIDs":[true]},"status":{"expiry":"soon"}}`),
			[]string{
				"schema enum /metadata/healthStatus", "schema enum /metadata/provisioningStatus",
				"format format /metadata/creationTime", "schema type /metadata/id",
				"schema pattern /metadata/name", "schema required /metadata/tags/0/value",
				"schema nullable /metadata/organizationId", "schema type /spec/groupIDs/0", "format format /status/expiry",
			},
		},
		"long name":   {answer("createServiceAccount", 201, with("robot", strings.Repeat("r", 64))), []string{"schema pattern /metadata/name"}},
		"huge number": {answer("createServiceAccount", 201, with(`"groupIDs":[]`, `"groupIDs":1e999`)), []string{"schema type /spec/groupIDs"}},
	}
	c := contract(t)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, brief(c.Check(test.exchange))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCheckWithoutHeader(t *testing.T) {
	e := answer("createServiceAccount", 201, created)
	e.Response.Header = nil
	if diff := cmp.Diff([]string{"media-type missing "}, brief(contract(t).Check(e))); diff != "" {
		t.Error(diff)
	}
	e.Response.Body = nil
	if diff := cmp.Diff([]string{"json empty "}, brief(contract(t).Check(e))); diff != "" {
		t.Error(diff)
	}
}

func TestCheckHead(t *testing.T) {
	e := answer("listServiceAccounts", 200, "")
	e.Request.Method = http.MethodHead
	if found := contract(t).Check(e); found != nil {
		t.Errorf("HEAD without a body: %v", found)
	}
	e.Response.Body = []byte("[]")
	if diff := cmp.Diff([]string{"json empty "}, brief(contract(t).Check(e))); diff != "" {
		t.Error(diff)
	}
}

func TestCheckTruncated(t *testing.T) {
	e := answer("listServiceAccounts", 200, "[{")
	e.Response.Truncated = true
	if diff := cmp.Diff([]string{"json truncated "}, brief(contract(t).Check(e))); diff != "" {
		t.Error(diff)
	}
}

func TestMessages(t *testing.T) {
	c := contract(t)
	body := strings.NewReplacer(`"groupIDs":[]`, `"groupIDs":"`+secret+`"`, "provisioned", secret, "robot", secret+"!",
		"2025-03-14T16:10:00Z", "2025-02-29T16:10:00Z").Replace(created)
	found := c.Check(answer("createServiceAccount", 202, body+secret, "application/json; charset="+secret))
	want := []string{
		"status: expected a declared status: 201, 400, 401, 403, 404, 405, 409, 413, 415, 422, 500, seen 202",
		"json: expected nothing after the JSON text, seen further 23 bytes",
		"schema at /metadata/provisioningStatus: expected one of unknown, pending, provisioning, provisioned, deprovisioning, error, seen a string of 23 characters",
		`schema at /metadata/name: expected a string that matches ^[0-9A-Za-z](?:[0-9A-Za-z-_.]{0,61}[0-9A-Za-z])?$, seen a string of 24 characters`,
		"schema at /spec/groupIDs: expected an array, seen a string of 23 characters",
		"format at /status/expiry: expected a date-time of RFC 3339, seen a string of 20 characters with a day that the month does not have",
	}
	var got []string
	for _, f := range found {
		got = append(got, f.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(fmt.Sprint(found), secret) {
		t.Error("a message holds the secret")
	}
	expected, seen := found[0].Parts()
	if expected == "" || seen != "202" {
		t.Errorf("Parts() = %q, %q", expected, seen)
	}
	if expected, seen := (Finding{Message: "expected all"}).Parts(); expected != "all" || seen != "" {
		t.Errorf("Parts() of half a message = %q, %q", expected, seen)
	}
}

func TestCheckSchema(t *testing.T) {
	tests := map[string]struct {
		schema, body string
		want         []string
	}{
		"error":          {"error", refused, nil},
		"account":        {"serviceAccountCreate", created, nil},
		"unknown schema": {"nonsense", "{}", []string{"schema schema "}},
		"unknown error":  {"error", `{"error":"teapot","error_description":""}`, []string{"schema enum /error"}},
		"short trace":    {"error", `{"error":"conflict","error_description":"","trace_id":"0"}`, nil},
		"broken":         {"error", `{`, []string{"json syntax "}},
		"request":        {"serviceAccountWrite", `{"metadata":{"name":""},"spec":{}}`, []string{"schema pattern /metadata/name", "schema required /spec/groupIDs"}},
	}
	c := contract(t)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, brief(c.CheckSchema(test.schema, []byte(test.body)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCheckIsBounded(t *testing.T) {
	body := "[" + strings.TrimSuffix(strings.Repeat("7,", 10000), ",") + "]"
	if got := len(contract(t).Check(answer("listServiceAccounts", 200, body))); got != maxFindings {
		t.Errorf("%d findings", got)
	}
}

func TestCheckConcurrently(t *testing.T) {
	c := contract(t)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 20 {
				if found := c.Check(answer("createServiceAccount", 201, created)); found != nil {
					t.Error(found)
				}
				if found := c.Check(answer("createServiceAccount", 500, `{"error":0}`)); len(found) != 2 {
					t.Error(found)
				}
			}
		})
	}
	group.Wait()
}

func FuzzCheck(f *testing.F) {
	c := contract(f)
	f.Add(201, "application/json", []byte(created))
	f.Add(201, "application/json", []byte(`{"metadata":{"name":"\ud800","id":-0.0e+1}}`))
	f.Add(400, "application/json; charset=\"utf-8\"", []byte(refused+"\xff"))
	f.Add(299, "a/b; c", []byte("[[[[[[[["))
	f.Fuzz(func(t *testing.T, status int, kind string, body []byte) {
		for _, operation := range []string{"createServiceAccount", "listServiceAccounts"} {
			for _, found := range c.Check(answer(operation, status, string(body), kind)) {
				if expected, seen := found.Parts(); expected == "" || seen == "" || found.Keyword == "unreadable" {
					t.Errorf("%#v", found)
				}
			}
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	c := contract(b)
	e := answer("createServiceAccount", 201, created)
	for b.Loop() {
		if found := c.Check(e); found != nil {
			b.Fatal(found)
		}
	}
}
