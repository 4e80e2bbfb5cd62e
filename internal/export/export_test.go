package export_test

import (
	"bytes"
	"encoding/json"
	"go/parser"
	"go/token"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/export"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

const organization = "d4600d6e-e965-4b44-a808-84fb2fa36702"

// failing is the report of a target that renames an account although the update was refused.
func failing() *report.Report {
	began := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	url := "https://target.example/api/v1/organizations/" + organization + "/serviceaccounts"
	const id = "ee45f34b-9685-40d8-8724-23c31252ca46"
	request := func(step, method, url, body string, status int, answer string) report.Exchange {
		began = began.Add(time.Second)
		return report.Exchange{
			ID: "update.account/" + step, Probe: "update.account", Step: step, Identity: "operator", StartedAt: began, Operation: "createServiceAccount",
			Request: report.Message{
				Method: method, URL: url, Body: body, BodyBytes: len(body),
				Headers: []string{"Accept: application/json", "Authorization: Bearer [redacted:token-1]", "Content-Length: 9", "Traceparent: 00-1-2-01", "X-Odd: a#b\\c{{d}}"},
			},
			Response: &report.Message{Status: status, Body: answer}, Curl: "curl -sS",
		}
	}
	exchanges := []report.Exchange{
		request("create", "POST", url, `{"metadata":{"name":"it's `+"`{{x}}`"+`"}}`, 201, `{"metadata":{"id":"`+id+`"},"status":{"accessToken":"[redacted:token-2]"}}`),
		request("list", "GET", url, "", 200, "[]"),
		request("update", "PUT", url+"/"+id, `{"of":"`+id+`"}`, 200, "{}"),
	}
	own := request("own", "POST", url+"/"+id+"/rotate", "", 401, "{}")
	own.Identity, own.Operation, own.Request.Headers = "account", "rotateServiceAccount", []string{"Authorization: Bearer [redacted:token-2]"}
	return &report.Report{
		Target: report.Target{URL: "https://target.example", Organization: organization}, Configuration: report.Configuration{Profiles: spec.Profiles()},
		Profiles: []report.Profile{{Name: spec.Core}},
		Results: []report.Result{{
			ID: "update.x.y", Level: spec.Must, Profile: spec.Core, Outcome: report.Fail, Statement: "A statement.\n*/ `", Evidence: []string{"update.account/own"},
			Expected: "status 200 OK", Seen: "status 401 Unauthorized \x1b[2J", Probe: "update.account",
		}, {
			ID: "member.x.y", Level: spec.Must, Profile: spec.Core, Outcome: report.Fail, Evidence: []string{"update.account/update"},
			Expected: `"na\"me{{"`, Seen: "nothing", Pointer: "/metadata/name", Probe: "update.account",
		}, {
			// The last of the evidence is as it should be.
			ID: "several.x.y", Level: spec.Must, Profile: spec.Core, Outcome: report.Fail, Evidence: []string{"update.account/update", "update.account/own"},
			Expected: "status 401 Unauthorized, 400 Bad Request or 404 Not Found", Seen: "1 of 2 otherwise", Probe: "update.account",
		}, {ID: "good.x.y", Level: spec.Must, Profile: spec.Core, Outcome: report.Pass}},
		Exchanges: append(exchanges, own),
	}
}

func written(t *testing.T, format, id string) map[string][]byte {
	t.Helper()
	script, err := export.Build(failing(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range export.Formats() {
		if f.Name == format {
			files, err := f.Write(script)
			if err != nil {
				t.Fatal(err)
			}
			return files
		}
	}
	t.Fatalf("there is no format %s", format)
	return nil
}

func TestHurl(t *testing.T) {
	got := string(written(t, "hurl", "update.x.y")["failure.hurl"])
	for _, want := range []string{
		"POST {{base_url}}/api/v1/organizations/" + organization + "/serviceaccounts\n",
		"Authorization: Bearer {{conformance_token}}\n", `X-Odd: a\#b\\c\u{7b}{d}}`, "account_id: jsonpath \"$.metadata.id\"\n",
		"access_token: jsonpath \"$.status.accessToken\"\n", "`{\"metadata\":{\"name\":\"it's \\`\\u{7b}{x}}\\`\"}}`\n",
		"PUT {{base_url}}/api/v1/organizations/" + organization + "/serviceaccounts/{{account_id}}\n", "`{\"of\":\"{{account_id}}\"}`\n",
		"POST {{base_url}}/api/v1/organizations/" + organization + "/serviceaccounts/{{account_id}}/rotate\nAuthorization: Bearer {{access_token}}\n",
		"[Asserts]\nstatus == 200\n", "DELETE {{base_url}}/api/v1/organizations/" + organization + "/serviceaccounts/{{account_id}}\n",
		`# seen: status 401 Unauthorized \x1b[2J`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("it lacks %s:\n%s", want, got)
		}
	}
	for _, not := range []string{"redacted", "Traceparent", "Content-Length", "\x1b", "\nGET "} {
		if strings.Contains(got, not) {
			t.Errorf("it holds %q", not)
		}
	}
	if member := string(written(t, "hurl", "member.x.y")["failure.hurl"]); !strings.Contains(member, `jsonpath "$.metadata.name" == "na\"me\u{7b}\u{7b}"`) {
		t.Error(member)
	}
}

func TestPostmanAndBruno(t *testing.T) {
	var collection struct {
		Item []struct {
			Request struct{ URL string }
			Event   []struct{ Script struct{ Exec []string } }
		}
	}
	if err := json.Unmarshal(written(t, "postman", "update.x.y")["failure.postman_collection.json"], &collection); err != nil {
		t.Fatal(err)
	}
	if n := len(collection.Item); n != 4 || !strings.HasSuffix(collection.Item[3].Request.URL, "/{{account_id}}") {
		t.Errorf("%d requests: %+v", n, collection.Item)
	}
	if exec := collection.Item[0].Event[0].Script.Exec; !strings.Contains(strings.Join(exec, "\n"), `set("account_id", pm.response.json()?.["metadata"]?.["id"])`) {
		t.Error(exec)
	}
	files := written(t, "bruno", "update.x.y")
	if got := string(files["03-update.account-own.bru"]); !strings.Contains(got, "res.status: eq 200") || !strings.Contains(got, "Authorization: Bearer {{access_token}}") {
		t.Error(got)
	}
	if got := string(files["environments/target.bru"]); !strings.Contains(got, "vars:secret [\n  conformance_token\n]") {
		t.Error(got)
	}
}

// A status that may be one of several is tested by every format.
func TestOneOfSeveral(t *testing.T) {
	for format, want := range map[string]string{
		"hurl":    "[Asserts]\nstatus >= 400\nstatus <= 404\nstatus != 402\nstatus != 403\n",
		"postman": `pm.test(\"status 400 or 401 or 404\", () => pm.expect(pm.response.code).to.satisfy((status) => status === 400 || status === 401 || status === 404));`,
		"bruno":   "tests {\n  test(\"status 400 or 401 or 404\", () => expect(res.getStatus()).to.satisfy((status) => status === 400 || status === 401 || status === 404));\n}\n",
		"go":      "if !(status == 400 || status == 401 || status == 404) {\n\t\tfail(\"status %d, want 400 or 401 or 404\", status)\n",
	} {
		var all strings.Builder
		for _, text := range written(t, format, "several.x.y") {
			all.Write(text)
		}
		if !strings.Contains(all.String(), want) {
			t.Errorf("%s lacks %s:\n%s", format, want, all.String())
		}
	}
}

func TestGoParses(t *testing.T) {
	for _, id := range []string{"update.x.y", "member.x.y", "several.x.y"} {
		source := written(t, "go", id)["main.go"]
		if _, err := parser.ParseFile(token.NewFileSet(), "main.go", source, parser.AllErrors); err != nil || bytes.Contains(source, []byte("redacted")) {
			t.Errorf("%v\n%s", err, source)
		}
	}
}

func TestNothingToExport(t *testing.T) {
	r := failing()
	for id, want := range map[string]string{"good.x.y": "did not fail", "no.x.y": "has no requirement", "update.x.y": "longer than a report holds"} {
		r.Exchanges[3].Request.BodyTruncated = true
		if _, err := export.Build(r, id); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", id, err)
		}
	}
}
