package html_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/suites"
)

// failing is the report on a server that is wrong in several ways: what a person who is to mend it would see.
func failing(t testing.TB) *report.Report {
	t.Helper()
	handler, server, err := (&mutant.Layer{Plain: true}).Build()
	if err != nil {
		t.Fatal(err)
	}
	target := httptest.NewServer(bend(handler))
	defer target.Close()
	server.SetBaseURL(target.URL)
	c := server.Credentials()
	result, err := suites.Judge(t.Context(), engine.Config{
		Target: target.URL, Organization: c.Organization, OtherOrganization: c.OtherOrganization, Groups: c.Groups,
		Token: c.Token, RestrictedToken: c.RestrictedToken, ExpiredToken: c.ExpiredToken,
		Version: "v1.0.0", Plain: true, Journal: engine.NoJournal, Timeout: 20 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	return result.Report
}

// bend changes the responses of a server: a create forgets when it was, a list is of text, a refusal is not challenged.
func bend(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		body := answer.Body.Bytes()
		if r.Method == http.MethodPost && answer.Code == http.StatusCreated {
			body = without(body, "metadata", "creationTime")
			answer.Header().Del("Cache-Control")
		}
		if answer.Code == http.StatusUnauthorized {
			body = bytes.Replace(body, []byte(`"access_denied"`), []byte(`"unauthorised"`), 1)
		}
		answer.Header().Del("Content-Length")
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(body)
	})
}

// without takes a member out of a member of a JSON text.
func without(body []byte, of, name string) []byte {
	var document map[string]map[string]any
	if json.Unmarshal(body, &document) != nil {
		return body
	}
	delete(document[of], name)
	out, err := json.Marshal(document)
	if err != nil {
		return body
	}
	return out
}
