package mutant

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"

	"github.com/sa-conformance/conformance/internal/reference"
)

// credentialSites let somebody do what only the operator, or the account itself, may do.
func credentialSites() []site {
	type presented struct {
		what string
		is   func(known reference.Credentials, r *http.Request, issued *store[handed]) bool
	}
	bearer := func(is func(known reference.Credentials, token string) bool) func(reference.Credentials, *http.Request, *store[handed]) bool {
		return func(known reference.Credentials, r *http.Request, _ *store[handed]) bool {
			token := bearerOf(r)
			return token != "" && is(known, token)
		}
	}
	revoked := func(by operation) func(reference.Credentials, *http.Request, *store[handed]) bool {
		return func(_ reference.Credentials, r *http.Request, issued *store[handed]) bool {
			found, ok := issued.get(bearerOf(r))
			return ok && found.revoked == by
		}
	}
	near := func(good, token string) bool { // one character differs
		if len(good) != len(token) || good == token {
			return false
		}
		differences := 0
		for i := range good {
			if good[i] != token[i] {
				differences++
			}
		}
		return differences == 1
	}
	classes := []presented{
		{"nobody is let in", func(_ reference.Credentials, r *http.Request, _ *store[handed]) bool {
			return r.Header.Get("Authorization") == ""
		}},
		{"garbage is let in", bearer(func(_ reference.Credentials, token string) bool { return !strings.Contains(token, ".") })},
		{"an altered token is let in", bearer(func(known reference.Credentials, token string) bool { return near(known.Token, token) })},
		{"an expired token is let in", bearer(func(known reference.Credentials, token string) bool { return token == known.ExpiredToken })},
		{"a token of tomorrow is let in", bearer(func(known reference.Credentials, token string) bool { return token == known.NotYetValidToken })},
		{restrictedToken, bearer(func(known reference.Credentials, token string) bool { return token == known.RestrictedToken })},
		{"the token in the query is let in", func(known reference.Credentials, r *http.Request, _ *store[handed]) bool {
			return r.URL.Query().Get("access_token") == known.Token
		}},
		{"the token with another scheme is let in", func(known reference.Credentials, r *http.Request, _ *store[handed]) bool {
			value := r.Header.Get("Authorization")
			return bearerOf(r) == "" && strings.HasSuffix(value, known.Token)
		}},
		{"a token is let in after its rotation", revoked(rotate)},
		{"a token is let in after its account's deletion", revoked(remove)},
		{ownToken, func(_ reference.Credentials, r *http.Request, issued *store[handed]) bool {
			found, ok := issued.get(bearerOf(r))
			return ok && found.revoked == "" && !strings.EqualFold(found.account, accountOf(r))
		}},
	}
	var all []site
	for _, op := range []operation{create, list, update, rotate, remove} {
		for _, c := range classes {
			if op == list && (c.what == ownToken || c.what == restrictedToken) {
				continue // who may list what is the target's to say
			}
			all = append(all, site{family: "credential", where: string(op) + ", credentials", what: c.what, make: func(w *when, changed func()) *Layer {
				issued := &store[handed]{}
				return Chain(onRequest(func(known reference.Credentials, r *http.Request) *http.Request {
					if !c.is(known, r, issued) || !w.on(r) {
						return r
					}
					changed()
					return as(r, known.Token)
				}, op), noting(issued))
			}})
		}
	}
	return all
}

// What of credentials that are the target's to judge for lists.
const (
	ownToken        = "the token of an account is taken for the operator's"
	restrictedToken = "a restricted token is let in"
)

// handed is a token that was handed out, and the operation that revoked it: "" for one that is good.
type handed struct {
	account string
	revoked operation
}

// noting enters every token that is handed out or revoked.
func noting(issued *store[handed]) *Layer {
	last := &store[string]{} // the good token by account
	return onSuccess(func(r *http.Request, a *answer) {
		account := accountOf(r)
		if account == "" {
			account = a.textOf("/metadata/id")
		}
		account = strings.ToLower(account)
		if old, ok := last.get(account); ok {
			issued.put(old, handed{account, operationOf(r)})
		}
		if token := a.textOf("/status/accessToken"); token != "" {
			last.put(account, token)
			issued.put(token, handed{account, ""})
		}
	}, create, rotate, remove)
}

// validationSites repair what is malformed in a create or an update, and so take it.
func validationSites() []site {
	repairs := []struct {
		pointer, kind, what string
		to                  func(any) any
	}{
		{"/metadata/name", "missing", "taken without a name", always("unnamed")},
		{"/metadata/name", "number", "taken with a number as name", asText},
		{"/metadata/name", "null", "taken with a null as name", always("unnamed")},
		{"/metadata/name", "array", "taken with an array as name", asText},
		{"/metadata/name", "string", "taken with a name that is too long", onText(func(s string) any { return s[:min(len(s), 63)] })},
		{"/metadata/name", "string", "taken with characters that no name has", onText(func(s string) any {
			return strings.Trim(strings.Map(func(c rune) rune {
				if strings.ContainsRune("-_.", c) || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' {
					return c
				}
				return -1
			}, s), "-_.")
		})},
		{"/metadata/description", "number", "taken with a number as description", asText},
		{"/metadata/description", "null", "taken with a null as description", always("")},
		{"/metadata/description", "object", "taken with an object as description", asText},
		{"/metadata/tags", "null", "taken with null for tags", always([]any{})},
		{"/metadata/tags", "object", "taken with an object for tags", always([]any{})},
		{"/metadata/tags", "string", "taken with a text for tags", always([]any{})},
		{"/metadata/tags/*/value", "missing", "taken with a tag without a value", always("")},
		{"/metadata/tags/*/name", "missing", "taken with a tag without a name", always("unnamed")},
		{"/metadata/tags/*/value", "number", "taken with a number for the value of a tag", asText},
		{"/spec", "missing", "taken without spec", always(map[string]any{"groupIDs": []any{}})},
		{"/spec", "null", "taken with null for spec", always(map[string]any{"groupIDs": []any{}})},
		{"/spec/groupIDs", "missing", "taken without groupIDs", always([]any{})},
		{"/spec/groupIDs", "null", "taken with null for groupIDs", always([]any{})},
		{"/spec/groupIDs", "string", "taken with a text for groupIDs", always([]any{})},
		{"/metadata", "missing", "taken without metadata", always(map[string]any{"name": "unnamed"})},
		{"/spec/groupIDs/*", "number", "taken with a number as group", func(any) any { return gone() }},
	}
	var all []site
	for _, op := range []operation{create, update} {
		for _, repair := range repairs {
			all = append(all, site{family: "validation", where: string(op) + " request " + repair.pointer, what: repair.what, make: func(w *when, changed func()) *Layer {
				return onRequest(func(_ reference.Credentials, r *http.Request) *http.Request {
					document, ok := documentOf(r)
					if !ok {
						return r
					}
					before := copied(document)
					changedMember(document, strings.Split(repair.pointer, "/")[1:], func(old any) any {
						if kindOf(old) == repair.kind {
							return repair.to(old)
						}
						return old
					})
					if reflect.DeepEqual(before, document) || !w.on(r) {
						return r
					}
					changed()
					return withDocument(r, document)
				}, op)
			}})
		}
		all = append(all, site{family: "validation", where: string(op) + " request", what: "taken as far as it can be read", make: func(w *when, changed func()) *Layer {
			return onRequest(func(_ reference.Credentials, r *http.Request) *http.Request {
				body := bodyOf(r)
				var document map[string]any
				if len(body) > 64<<10 || json.Valid(body) || json.NewDecoder(strings.NewReader(string(body))).Decode(&document) != nil || !w.on(r) {
					return r
				}
				changed()
				return withDocument(r, document)
			}, op)
		}})
	}
	return all
}

// documentOf is the JSON object that a request carries.
func documentOf(r *http.Request) (map[string]any, bool) {
	var document map[string]any
	body := bodyOf(r)
	ok := len(body) <= 64<<10 && json.Unmarshal(body, &document) == nil && document != nil
	return document, ok
}

func withDocument(r *http.Request, document any) *http.Request {
	body, _ := json.Marshal(document) // made of what was decoded
	return withBody(r, body)
}

func copied(document map[string]any) (again map[string]any) {
	text, _ := json.Marshal(document) // made of what was decoded
	_ = json.Unmarshal(text, &again)
	return again
}
