package model

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
)

const ownToken = "a-token-of-the-account-itself"

// by is the last exchange, with the credential of somebody else: "" for none.
func (s *said) by(bearer string) {
	last := s.all[len(s.all)-1]
	last.Identity, last.Request.Header = "somebody", http.Header{}
	if bearer != "" {
		last.Request.Header.Set("Authorization", "Bearer "+bearer)
	}
}

func withToken(account string) string {
	return strings.Replace(account, `"status":{`, `"status":{"accessToken":"`+ownToken+`",`, 1)
}

// What somebody without a credential, or an account, may see.
func TestShown(t *testing.T) {
	const other = "5f0c3a11-9b1e-4c55-8a77-0000000000a0"
	for name, test := range map[string]struct {
		say  func(s *said)
		want string // the first promise that is contradicted
	}{
		"a list to nobody, from a path of nobody's": {func(s *said) {
			s.add("", http.MethodOptions, ".json", "", 200, "["+shown("a", "b", "", "")+"]", time.Second)
			s.by("")
		}, "unauthenticated"},
		"an id that the request named": {func(s *said) {
			s.add("", http.MethodGet, "/"+id, "", 200, `{"seen":"`+id+`"}`, time.Second)
			s.by("")
		}, "unauthenticated"}, // by its status
		"a page without accounts": {func(s *said) {
			s.add("", http.MethodOptions, "", "", 200, `{"methods":["GET"]}`, time.Second)
			s.by("")
		}, ""},
		"itself as it was": {func(s *said) {
			s.list(2*time.Second, shown("a", "b", "", ""))
			s.by(ownToken)
		}, ""},
		"itself with less": {func(s *said) {
			s.list(2*time.Second, strings.Replace(shown("a", "b", "", ""), `"description":"b",`, "", 1))
			s.by(ownToken)
		}, ""},
		"itself with another name": {func(s *said) {
			s.list(2*time.Second, shown("z", "b", "", ""))
			s.by(ownToken)
		}, "content"},
		"a token that is refused after an update": {func(s *said) {
			s.add(operationUpdate, http.MethodPut, "/"+id, sent("x", "b", ""), 200, shown("x", "b", "", ""), time.Second)
			s.add(operationList, http.MethodGet, "", "", 401, "{}", 2*time.Second)
			s.by(ownToken)
		}, "survives"},
		"a token that is refused though it was taken after the update": {func(s *said) {
			s.add(operationUpdate, http.MethodPut, "/"+id, sent("x", "b", ""), 200, shown("x", "b", "", ""), time.Second)
			s.list(2*time.Second, shown("x", "b", "", ""))
			s.by(ownToken)
			s.add(operationList, http.MethodGet, "", "", 401, "{}", 2*time.Second)
			s.by(ownToken)
		}, "works"},
		"a token that is refused right after an update that was refused": {func(s *said) {
			s.add(operationUpdate, http.MethodPut, "/"+id, sent("", "b", ""), 400, "{}", 2*time.Second)
			s.add(operationList, http.MethodGet, "", "", 401, "{}", 10*time.Millisecond)
			s.by(ownToken)
		}, "works"},
		"a Location of another account": {func(s *said) {
			s.add(operationCreate, http.MethodPost, "", sent("a", "b", ""), 201, strings.ReplaceAll(shown("a", "b", "", ""), id, other), time.Second)
			s.all[len(s.all)-1].Response.Header = http.Header{"Location": {"/serviceaccounts/" + id}}
		}, "location"},
		"a Location of its own": {func(s *said) {
			s.add(operationCreate, http.MethodPost, "", sent("a", "b", ""), 201, strings.ReplaceAll(shown("a", "b", "", ""), id, other), time.Second)
			s.all[len(s.all)-1].Response.Header = http.Header{"Location": {"https://inside/" + strings.ToUpper(other) + "?was=" + id}}
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := &said{}
			s.add(operationCreate, http.MethodPost, "", sent("a", "b", ""), 201, withToken(shown("a", "b", "", "")), 0)
			test.say(s)
			found := ""
			for _, c := range Follow(exchange.Facts{BaseURL: "https://host", Organization: organization}, s.all).found {
				found = string(c.Promise)
				break
			}
			if found != test.want {
				t.Errorf("got %q, want %q", found, test.want)
			}
		})
	}
}
