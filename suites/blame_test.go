package suites

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/sa-conformance/conformance/internal/raced"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/variants"
	"github.com/sa-conformance/conformance/internal/prove"
	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/report"
)

// namedLayer is the layer of a legal variant.
func namedLayer(t *testing.T, name string) *mutant.Layer {
	t.Helper()
	for _, v := range variants.All() {
		if v.Name == name {
			return v.Layer
		}
	}
	t.Fatalf("there is no variant %s", name)
	return nil
}

// onCreates changes requests and responses of creates.
func onCreates(serve func(w http.ResponseWriter, r *http.Request, next http.Handler)) *mutant.Layer {
	return &mutant.Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost && bytes.HasSuffix([]byte(r.URL.Path), []byte("/serviceaccounts")) {
				serve(w, r, next)
				return
			}
			next.ServeHTTP(w, r)
		})
	}}
}

func failures(t *testing.T, layer *mutant.Layer) map[string]report.Result {
	t.Helper()
	suite, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	r, err := prove.JudgeLayer(t.Context(), suite, layer, prove.Manner{NoPreflight: true})
	if err != nil {
		t.Fatal(err)
	}
	failed := map[string]report.Result{}
	for _, result := range r.Results {
		if result.Outcome == report.Fail {
			failed[result.ID] = result
		}
	}
	return failed
}

// A create that answers without the groups that the list shows breaks what is promised of its response, and nothing that is
// compared with it.
func TestBlameOfAContradictedResponse(t *testing.T) {
	raced.Rotate(t)
	t.Parallel()
	failed := failures(t, mutant.Chain(onCreates(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		recorder := httptest.NewRecorder()
		next.ServeHTTP(recorder, r)
		body := recorder.Body.Bytes()
		var account map[string]any
		if recorder.Code == http.StatusCreated && json.Unmarshal(body, &account) == nil {
			account["spec"] = map[string]any{"groupIDs": []any{}}
			body, _ = json.Marshal(account)
			recorder.Header().Del("Content-Length")
		}
		for name, values := range recorder.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(recorder.Code)
		_, _ = w.Write(body)
	}), namedLayer(t, "last-member-wins")))
	if _, ok := failed["create.spec.groups"]; !ok {
		t.Errorf("create.spec.groups did not fail: %v", failed)
	}
	for _, id := range []string{"rotate.keeps.identity", "create.rejects.duplicate-names"} {
		if f, ok := failed[id]; ok {
			t.Errorf("%s: %s", id, f.Message)
		}
	}
}

// A server error is no consequence of a refusal of something else.
func TestBlameOfAServerError(t *testing.T) {
	raced.Rotate(t)
	t.Parallel()
	failed := failures(t, onCreates(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		var body bytes.Buffer
		_, _ = body.ReadFrom(r.Body)
		r.Body = http.NoBody
		status, code := 0, ""
		switch {
		case r.Header.Get("Content-Type") == "Application/JSON":
			status, code = http.StatusUnsupportedMediaType, "unsupported_media_type"
		case body.Len() == 0 && r.Header.Get("Authorization") != "":
			status, code = http.StatusInternalServerError, "server_error"
		default:
			r.Body = readCloser{&body}
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(`{"error":"` + code + `","error_description":"no"}`))
	}))
	if f, ok := failed["create.answers.no-server-error"]; !ok || f.ConsequenceOf == "create.accepts.media-type-case" {
		t.Errorf("create.answers.no-server-error: failed %t, as a consequence of %q", ok, f.ConsequenceOf)
	}
	if f, ok := failed["create.accepts.media-type-case"]; !ok || f.ConsequenceOf != "" {
		t.Errorf("create.accepts.media-type-case: failed %t, as a consequence of %q", ok, f.ConsequenceOf)
	}
}

type readCloser struct{ *bytes.Buffer }

func (readCloser) Close() error { return nil }
