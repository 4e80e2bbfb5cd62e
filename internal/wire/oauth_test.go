package wire

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

const clientSecret = "s3cr3t+/=&of the client"

// TestClientCredentials asks endpoints of all sorts. No error holds the secret, which endpoints may repeat.
func TestClientCredentials(t *testing.T) {
	basic := func(r *http.Request) bool {
		id, secret, ok := r.BasicAuth()
		return ok && id == "client" && secret == "s3cr3t%2B%2F%3D%26of+the+client"
	}
	answer := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
	}
	good := answer(200, `{"access_token":"fresh-token","token_type":"bearer","expires_in":60}`)
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		wrong   string
	}{
		"in the header": {func(w http.ResponseWriter, r *http.Request) {
			if !basic(r) || r.FormValue("grant_type") != "client_credentials" || r.FormValue("scope") != "a b" {
				w.WriteHeader(401)
				return
			}
			good(w, r)
		}, ""},
		"in the body": {func(w http.ResponseWriter, r *http.Request) {
			if r.FormValue("client_id") != "client" || r.FormValue("client_secret") != clientSecret {
				w.WriteHeader(401)
				return
			}
			good(w, r)
		}, ""},
		"refused":         {answer(401, `{"error":"invalid_client","error_description":"`+clientSecret+`"}`), "the token endpoint answered 401 (invalid_client)"},
		"refused oddly":   {answer(400, `{"error":"`+clientSecret+`"}`), "the token endpoint answered 400"},
		"without a token": {answer(200, `{"echo":"`+clientSecret+`"}`), "holds no token"},
		"not JSON":        {answer(200, clientSecret), "holds no token"},
		"another type":    {answer(200, `{"access_token":"fresh-token","token_type":"mac"}`), "another type than Bearer"},
		"not a token":     {answer(200, `{"access_token":"fresh\r\ntoken","token_type":"bearer"}`), "cannot stand in a header"},
		"elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/" {
				t.Error("the secret went elsewhere")
			}
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		}, "the token endpoint answered 307"},
		"gone": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "the token endpoint did not answer: the connection was closed"},
	} {
		t.Run(name, func(t *testing.T) {
			client := NewClient(nil, false, 1)
			defer client.CloseIdleConnections()
			source := ClientCredentials(served(t, test.handler), "client", clientSecret, []string{"a", "b"}, client)
			got, err := source(t.Context())
			if test.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), test.wrong) || strings.Contains(err.Error(), "s3cr3t") {
					t.Errorf("got %v, want %q", err, test.wrong)
				}
				return
			}
			if err != nil || got.Token != "fresh-token" || time.Until(got.Expires) > time.Minute || time.Until(got.Expires) < 50*time.Second {
				t.Errorf("%v, ends at %s", err, got.Expires)
			}
		})
	}
}

func served(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}
