package keyless_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/certificate/keyless"
	"github.com/sa-conformance/conformance/internal/certificate/keyless/keylesstest"
)

// Whatever an authority and a log respond, signing ends with one line that names the service, and without a part of the token.
func TestHostileServices(t *testing.T) {
	s, other := keylesstest.New(t), keylesstest.New(t)
	says := func(status int, body string) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", other.URL+r.URL.Path)
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(strings.ReplaceAll(body, "TOKEN", r.Header.Get("Authorization"))))
		}))
		t.Cleanup(server.Close)
		return server.URL
	}
	const foreign = `-----BEGIN CERTIFICATE-----\nMIIBAA==\n-----END CERTIFICATE-----\n`
	entry := func(members string) string { return `{"id":{` + members + `}}` }
	const proof = `"verification":{"signedEntryTimestamp":"AAAA","inclusionProof":{"logIndex":0,"treeSize":1,"rootHash":"00","hashes":[],"checkpoint":"x"}}`
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for name, test := range map[string]struct {
		fulcio, rekor string
		root          []byte
		want          string
	}{
		"good":                       {s.URL, s.URL, s.Root, ""},
		"no Fulcio":                  {gone.URL, s.URL, nil, "the certificate authority (--fulcio-url): it cannot be reached"},
		"no certificate":             {says(200, "{}"), s.URL, nil, "(--fulcio-url): its response holds no certificate"},
		"no JSON":                    {says(200, "TOKEN"), s.URL, nil, "(--fulcio-url): its response holds no certificate"},
		"a damaged certificate":      {says(200, `{"signedCertificateEmbeddedSct":{"chain":{"certificates":["`+foreign+`"]}}}`), s.URL, nil, "its response holds no certificate"},
		"the token back":             {says(400, "TOKEN"), s.URL, nil, "it does not accept the identity token: it responds with the status 400"},
		"Fulcio moved":               {says(301, ""), s.URL, nil, "(--fulcio-url): it responds with the status 301"},
		"no Rekor":                   {s.URL, gone.URL, nil, "the transparency log (--rekor-url): it cannot be reached"},
		"Rekor fails":                {s.URL, says(500, "x"), nil, "(--rekor-url): it responds with the status 500 in place of 201"},
		"Rekor moved":                {s.URL, says(307, ""), nil, "(--rekor-url): it responds with the status 307"},
		"no entry":                   {s.URL, says(201, "{}"), nil, "its response is not one entry"},
		"an entry without a proof":   {s.URL, says(201, entry(`"body":"e30="`)), nil, "no proof that the log includes"},
		"an entry of nothing":        {s.URL, says(201, entry(`"body":1,"integratedTime":1,"logID":"00","logIndex":1,`+proof)), nil, "(--rekor-url)"},
		"a proof with holes":         {s.URL, says(201, entry(`"body":"e30=","integratedTime":1,"logID":"00","logIndex":1,"verification":{"inclusionProof":{}}`)), nil, "(--rekor-url)"},
		"a long response":            {s.URL, says(201, strings.Repeat(" ", 2<<20)), nil, "its response is longer than"},
		"another log than trusted":   {s.URL, other.URL, s.Root, "what was signed would not verify: the transparency log"},
		"another authority than it":  {other.URL, s.URL, s.Root, "what was signed would not verify: the signature does not hold: the certificate of who signed is of no authority"},
		"nothing trusted, no checks": {other.URL, s.URL, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			secret := token(t, workflow)
			signer := &keyless.Signer{Fulcio: test.fulcio, Rekor: test.rekor}
			if test.root != nil {
				signer.Root = trusted(t, test.root)
			}
			_, who, err := signer.Sign(t.Context(), secret, payloadType, []byte(statement))
			if (test.want == "") != (err == nil) || err != nil && (!strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n")) {
				t.Fatalf("%v, want %q", err, test.want)
			}
			if err == nil && (who.Subject != workflow || who.Issuer != issuer) {
				t.Errorf("%+v", who)
			}
			if parts := strings.Split(secret.Reveal(), "."); err != nil && (strings.Contains(err.Error(), parts[1]) || strings.Contains(err.Error(), parts[2])) {
				t.Errorf("%v has the token", err)
			}
		})
	}
	if len(other.Tokens) != 2 || other.Entries != 1 { // of the cases that name it
		t.Errorf("a redirect was followed: %d tokens, %d entries", len(other.Tokens), other.Entries)
	}
}

// A service that fails now and then is asked again, since a run cannot be signed otherwise; one that refuses is not.
func TestSignRetries(t *testing.T) {
	s := keylesstest.New(t)
	address, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	for status, want := range map[int]int{http.StatusServiceUnavailable: 3, http.StatusTooManyRequests: 3, http.StatusBadRequest: 1} {
		asked := 0
		flaky := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if asked++; asked < 3 {
				w.WriteHeader(status)
				return
			}
			httputil.NewSingleHostReverseProxy(address).ServeHTTP(w, r)
		}))
		_, _, err := (&keyless.Signer{Fulcio: s.URL, Rekor: flaky.URL}).Sign(t.Context(), token(t, workflow), payloadType, []byte(statement))
		if (err == nil) != (want == 3) || asked != want {
			t.Errorf("%d: asked %d times: %v", status, asked, err)
		}
		flaky.Close()
	}
}

// A certificate for another key than the one that signs is refused, and a token is asked for once.
func TestTry(t *testing.T) {
	s := keylesstest.New(t)
	signer := &keyless.Signer{Fulcio: s.URL, Rekor: "http://127.0.0.1:1"}
	if err := signer.Try(t.Context(), token(t, workflow)); err != nil || len(s.Tokens) != 1 || s.Entries != 0 {
		t.Errorf("%v, %d tokens, %d entries", err, len(s.Tokens), s.Entries)
	}
	s.Replay = true
	service := (*keyless.ServiceError)(nil)
	if err := signer.Try(t.Context(), token(t, workflow)); !errors.As(err, &service) || !strings.Contains(err.Error(), "its certificate is of another key") {
		t.Error(err)
	}
}

// A token shows neither itself nor a part of it, whatever is wrong with it.
func TestTokens(t *testing.T) {
	now := time.Now()
	good := keylesstest.Token(workflow, issuer, now.Add(time.Minute))
	parsed, err := keyless.ParseToken(" "+good+"\n", now)
	if err != nil || parsed.Reveal() != good || strings.Contains(parsed.String()+parsed.GoString(), good) {
		t.Error(err)
	}
	for text, want := range map[string]string{
		"":          "three parts",
		"a.b":       "three parts",
		good + ".x": "three parts",
		"a.!.c":     "not base64url",
		"a.e30.c":   "no subject",
		"a.W10.c":   "no subject",
		keylesstest.Token("", issuer, now.Add(time.Hour)):          "no subject",
		keylesstest.Token(workflow, issuer, now.Add(-time.Second)): "it expired at",
		"a." + strings.Repeat("e", keyless.MaxToken) + ".c":        "three parts",
	} {
		if _, err := keyless.ParseToken(text, now); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.30q: %v, want %q", text, err, want)
		}
	}
}
