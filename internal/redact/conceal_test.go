package redact_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"runtime"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/redact"
)

// what follows is evidence, and stays.
func TestReadable(t *testing.T) {
	r := redact.New()
	r.AddOperator("token", jws)
	for _, text := range []string{
		`{"metadata":{"id":"ee45f34b-9685-40d8-8724-23c31252ca46","name":"conf-1a2b3c4d-minimal-2","creationTime":"2024-05-31T14:11:00.123456789Z"}}`,
		`{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","error":"invalid_request","error_description":"the token: expired; error_description of an invalid token"}`,
		`{"trace_id":"1-5759e988-bd862e3fe1be46a994272793"}`,
		`{"id":"01HZX3J7K9QW2E4R5T6Y7U8I9O"}`,
		`{"jti":"dGhpcyBpcyBhIGxvbmcganRpIG9mIDMy","sub":"auth0|5f7c8ec7c33c6c004bbafe82"}`,
		`{"keys":[{"kty":"EC","crv":"P-256","kid":"NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}`,
		`{"issuer":"https://identity.nks.europe-west4.nscale.com:8443/v1/v2","token_endpoint":"https://identity.nks.europe-west4.nscale.com/oauth2/v2/token","token_endpoint_auth_methods_supported":["client_secret_basic"]}`,
		`00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`,
		`/api/v1/organizations/8f0a6bd2-4b52-4f0e-9d3c-0d5a1f2e3c4b/serviceaccounts/ee45f34b-9685-40d8-8724-23c31252ca46/rotate`,
		`Bearer realm="create", error="invalid_token", resource_metadata="https://h/.well-known/oauth-protected-resource"`,
		`https://127.0.0.1:34567/api/v1/organizations/8f0a6bd24b524f0e9d3c0d5a1f2e3c4b/serviceaccounts`,
		`/api/v1/organizations/8f0a6bd2-4b52-4f0e-9d3c-0d5a1f2e3c4g/serviceaccounts`,
		`application/vnd.github.v3+json; charset=utf-8`,
		`createServiceAccountRequestBodyInvalid`,
		`a deployment of k8s-cluster-a1b2c3d4, ci-deploy-prod-7f8d9c6b5d-x2k4q`,
		`12345678901234567890123456789012345678901234567890`,
		`[redacted:token-1] and [redacted:opaque-43]`,
		`{"accessToken":"","token":null,"secure":true,"access_tokens_bound":true,"token_type":"Bearer","expires_in":3600}`,
		`goroutine 1 [running]: /usr/lib/go1.26.0/src/net/http/server.go:1234 +0x1b2c3d4`,
	} {
		if got := r.Conceal(text); got != text {
			t.Errorf("%s\nbecame %s", text, got)
		}
	}
	for name, value := range map[string]string{
		"Etag": `W/"33a64df551425fcc55e4d42a148795d9f25f89d4"`, "X-Request-Id": "dGhpcyBpcyBhIGxvbmcganRpIG9mIDMy",
		"Traceparent":                  "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
		"Access-Control-Allow-Headers": "Authorization", "Access-Control-Allow-Credentials": "true",
		"Content-Type": "application/json", "Date": "Tue, 15 Nov 1994 08:12:31 GMT", "Cache-Control": "no-store",
		"Www-Authenticate": `Bearer realm="x", error="invalid_token"`,
	} {
		if got := r.ConcealHeader(name, value); got != value {
			t.Errorf("%s: %s became %s", name, value, got)
		}
	}
}

// what follows a reader could use.
func TestConcealed(t *testing.T) {
	const opaque = "q8Zr4TkPz0LmX2vYb7NsWd3HfJ9cGa5eUi1oKtRx"
	for _, text := range []string{
		`{"a":{"b":["SECRET"]}}`, `{"a":"x SECRET y"}`, `{"SECRET":1}`, `{"a":"\u0071` + opaque[1:] + `"}`, `<p>SECRET</p>`, `a=1&b=SECRET`,
		`{"a":"SECRET`, `data:SECRET`, `https://SECRET@host/`, `https://host/?q=SECRET#x`, "line\nSECRET\n", `{"error_description":"no SECRET"}`,
		`SECRET`, `sk_live_SECRET`, `\"SECRET\"`, `&quot;SECRET&quot;`, `"\\nSECRET"`, `=3DSECRET`,
	} {
		text = strings.ReplaceAll(text, "SECRET", opaque)
		got := redact.New().Conceal(text)
		if strings.Contains(got, opaque[4:30]) || !strings.Contains(got, "[redacted:opaque-") {
			t.Errorf("%s became %s", text, got)
		}
		if document := json.Valid([]byte(text)); document != json.Valid([]byte(got)) {
			t.Errorf("%s became %s", text, got)
		}
	}
	for _, text := range []string{
		`{"refresh_token":"SECRET"}`, `{"client_secret":["SECRET"]}`, `{"credentials":{"user":"SECRET"}}`, `{"Access-Token": "SECRET"}`,
		`{"access\u0054oken": "SECRET"}`, `{"access\u0054oken": "SECRET`, `access_token=SECRET&x=y`, `a=b;session=SECRET; path=/`,
		`<accessToken>SECRET</accessToken>`, `<ns:client-secret a="b">SECRET</ns:client-secret>`, `<input name="csrf_token" value="SECRET">`,
		`{'access_token': 'SECRET'}`, `{"name":"X-Api-Key","value":"SECRET"}`, `password: "SECRET"`, `{access_token:"SECRET"}`,
		`Location: /?code=1&id_token=SECRET`, `{"x":"Authorization: Bearer SECRET"}`, `{"x":"{\"apiKey\":\"SECRET\"}"}`, `{"token":"SECRET`,
		`https://user:SECRET@host/x`, `access%5Ftoken=SECRET`, `Bearer token="SECRET"`, `[{"token":{"raw":"SECRET"}}]`, `{"session":"SECRET"} trailing`,
	} {
		text = strings.ReplaceAll(text, "SECRET", "hunter-two-2")
		got := redact.New().Conceal(text)
		if strings.Contains(got, "hunter") || !strings.Contains(got, "[redacted:opaque-") {
			t.Errorf("%s became %s", text, got)
		}
		if document := json.Valid([]byte(text)); document != json.Valid([]byte(got)) {
			t.Errorf("%s became %s", text, got)
		}
	}
	for _, name := range []string{"Set-Cookie", "Authorization", "X-Access-Token", "x_api_key", "Proxy-Authorization", "X-Amz-Security-Token", "X-Session"} {
		if got := redact.New().ConcealHeader(name, "hunter-two-2; x"); strings.Contains(got, "hunter") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// reflections are ways to say a secret that a reader can undo.
var reflections = map[string]func(string) string{
	"base64 twice":       func(s string) string { return b64(b64(s)) },
	"base64 three times": func(s string) string { return b64(b64(b64(s))) },
	"base64 in lines":    func(s string) string { return lines(b64(s), 20) },
	"base64url twice": func(s string) string {
		return base64.RawURLEncoding.EncodeToString([]byte(base64.RawURLEncoding.EncodeToString([]byte(s))))
	},
	"base32":       func(s string) string { return base32.StdEncoding.EncodeToString([]byte(s)) },
	"base32 small": func(s string) string { return strings.ToLower(base32.HexEncoding.EncodeToString([]byte(s))) },
	"gzip in base64": func(s string) string {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = w.Write([]byte(s))
		_ = w.Close()
		return b64(b.String())
	},
	"quoted-printable":            func(s string) string { return percent(s, "=%02X") },
	"quoted-printable, in lines":  func(s string) string { return s[:len(s)/2] + "=\r\n" + s[len(s)/2:] },
	"entities without semicolons": func(s string) string { return percent(s, "&#%d") },
	"UTF-16":                      func(s string) string { return "\x00" + strings.Join(strings.Split(s, ""), "\x00") },
	"upper case":                  strings.ToUpper,
	"lower case":                  strings.ToLower,
	"without its last character":  func(s string) string { return s[:len(s)-1] },
	"without its first character": func(s string) string { return s[1:] },
	"percent twice":               func(s string) string { return url.QueryEscape(percent(s, "%%%02x")) },
	"in lines":                    func(s string) string { return lines(s, 9) },
	"in words":                    func(s string) string { return strings.Join(strings.SplitAfter(s, s[10:11]), " ") },
	"JSON twice":                  func(s string) string { return quoted(units(s), false) },
	"userinfo":                    func(s string) string { return "https://x:" + url.PathEscape(s) + "@host/" },
}

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func lines(s string, size int) (text string) {
	for len(s) > size {
		text, s = text+s[:size]+"\r\n", s[size:]
	}
	return text + s
}

func TestReflections(t *testing.T) {
	for _, value := range []string{jws, jwe, "canary-operator+/~0123456789", "q8Zr4TkPz0LmX2vYb7NsWd3HfJ9cGa5eUi1oKtRx"} {
		r := redact.New()
		r.AddOperator("token", value)
		for form, reflect := range reflections {
			said := reflect(value)
			inJSON, _ := json.Marshal(map[string]any{"error_description": "no " + said, "id": said, "x": []any{map[string]string{"name": said}}})
			for _, text := range []string{said, "<p>" + said + "</p>", string(inJSON)} {
				got := r.Conceal(text)
				core := said[len(said)/3 : len(said)/3+16]
				if strings.Contains(got, core) || strings.Contains(got, quoted(core, true)) {
					t.Errorf("%s as %s: %.300q became %.300q", value, form, text, got)
				}
				if json.Valid([]byte(text)) && !json.Valid([]byte(got)) {
					t.Errorf("%s as %s: %q became %q", value, form, text, got)
				}
			}
			if got := r.ConcealHeader("X-Echo", said); strings.Contains(got, said) {
				t.Errorf("%s as %s in a header: %q", value, form, got)
			}
		}
	}
}

// TestCommonSecrets are hidden where a credential is expected and leave the rest as it is.
func TestCommonSecrets(t *testing.T) {
	r := redact.New()
	r.Public("application/json metadata 8f0a6bd2-4b52-4f0e-9d3c-0d5a1f2e3c4b")
	r.Own("restricted-token")
	for _, s := range []string{"a", "Bearer", "application/json", "metadata", "8f0a6bd2-4b52-4f0e-9d3c-0d5a1f2e3c4b", "restricted-token", "redacted", "token-12"} {
		r.AddOperator("token", s)
	}
	const body = `{"metadata":{"organizationId":"8f0a6bd2-4b52-4f0e-9d3c-0d5a1f2e3c4b"},"type":"application/json"}`
	if got := r.Conceal(body); got != body {
		t.Errorf("got %s", got)
	}
	for in, want := range map[string]string{"Bearer a": "Bearer [redacted:opaque-1]", "Bearer Bearer": "Bearer [redacted:opaque-6]", "Bearer restricted-token": "Bearer [redacted:token-1]"} {
		if got := r.ConcealHeader("Authorization", in); got != want {
			t.Errorf("%s became %s, want %s", in, got, want)
		}
	}
	if got := r.Conceal("no restricted-token here"); got != "no [redacted:token-1] here" {
		t.Errorf("got %s", got)
	}
	const report = "as restricted-token: [redacted:token-12]"
	if got, left := r.Filter([]byte(report)); string(got) != report || left != "" {
		t.Errorf("got %s, %s", got, left)
	}
}

// TestHostileTextsAreCheap takes what made the filter slow or large.
func TestHostileTextsAreCheap(t *testing.T) {
	raced.Rotate(t)
	r := redact.New()
	r.AddOperator("token", jws)
	r.Add("issued", strings.Repeat("a", 60_000))
	r.Add("issued", "b"+strings.Repeat("a", 60_000))
	for name, text := range map[string]string{
		"backslashes and quotes": strings.Repeat(`\"`, 25_000),
		"mixed escapes":          strings.Repeat(`\"%41&#65`, 10_000),
		"nothing but a":          strings.Repeat("a", 1<<20),
		"open brackets":          strings.Repeat("token=[", 1<<17),
		"open names":             strings.Repeat(`name=[`, 1<<17),
		"open quotes":            strings.Repeat(`token="`, 1<<17),
		"colons":                 strings.Repeat(`:`, 1<<20),
		"runs":                   strings.Repeat("abcDEF0123456789abcDEFgh ", 1<<15),
		"tags":                   strings.Repeat("<token ", 1<<17),
		"deep":                   strings.Repeat(`[`, 1<<20),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r.ConcealHeader("X-Echo", text)
		r.Conceal(text)
		runtime.ReadMemStats(&after)
		spent := after.TotalAlloc - before.TotalAlloc
		t.Logf("%s: %d KiB, %d KiB allocated", name, len(text)>>10, spent>>10)
		if limit := uint64(len(text))*200 + 16<<20; spent > limit {
			t.Errorf("%s: %d bytes are allocated for %d", name, spent, len(text))
		}
	}
}

// A credential in base64 that is the name of a header has lost its letter case, and is hidden all the same; long names of
// words are not.
func TestNamesOfOneLetterCase(t *testing.T) {
	const lost = "Rejtmnzjuwxtt25tutfmlxrsmmjhvnhtvknpdgzsdedtx0fvmzzfohlv"
	if got := redact.New().Conceal("X-" + lost + ": 1"); strings.Contains(got, lost[4:40]) {
		t.Errorf("it is shown: %s", got)
	}
	for _, words := range []string{
		"X-Contentsecuritypolicyreportonlyforallresponses2", "serviceAccountReadMetadataProvisioningStatusOfTheOrganization1",
		"a-description-of-several-words-that-are-long-and-end-with-2026",
	} {
		if got := redact.New().Conceal(words); got != words {
			t.Errorf("%s became %s", words, got)
		}
	}
}
