package generate

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// credentialSites let somebody do what only the operator, or the account itself, may do.
func credentialSites() []site {
	type presented struct {
		what string
		is   func(known reference.Credentials, r *http.Request, issued *mutant.Store[handed]) bool
	}
	bearer := func(is func(known reference.Credentials, token string) bool) func(reference.Credentials, *http.Request, *mutant.Store[handed]) bool {
		return func(known reference.Credentials, r *http.Request, _ *mutant.Store[handed]) bool {
			token := mutant.BearerOf(r)
			return token != "" && is(known, token)
		}
	}
	revoked := func(by mutant.Operation) func(reference.Credentials, *http.Request, *mutant.Store[handed]) bool {
		return func(_ reference.Credentials, r *http.Request, issued *mutant.Store[handed]) bool {
			found, ok := issued.Get(mutant.BearerOf(r))
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
		{"nobody is let in", func(_ reference.Credentials, r *http.Request, _ *mutant.Store[handed]) bool {
			return r.Header.Get("Authorization") == ""
		}},
		{"garbage is let in", bearer(func(_ reference.Credentials, token string) bool { return !strings.Contains(token, ".") })},
		{"an altered token is let in", bearer(func(known reference.Credentials, token string) bool { return near(known.Token, token) })},
		{"an expired token is let in", bearer(func(known reference.Credentials, token string) bool { return token == known.ExpiredToken })},
		{"a token of tomorrow is let in", bearer(func(known reference.Credentials, token string) bool { return token == known.NotYetValidToken })},
		{restrictedToken, bearer(func(known reference.Credentials, token string) bool { return token == known.RestrictedToken })},
		{"the token in the query is let in", func(known reference.Credentials, r *http.Request, _ *mutant.Store[handed]) bool {
			return r.URL.Query().Get("access_token") == known.Token
		}},
		{"basic credentials are let in", func(_ reference.Credentials, r *http.Request, _ *mutant.Store[handed]) bool {
			return strings.HasPrefix(r.Header.Get("Authorization"), "Basic ")
		}},
		{"a token is let in after its rotation", revoked(mutant.Rotate)},
		{"a token is let in after its account's deletion", revoked(mutant.Remove)},
		{OwnToken, func(_ reference.Credentials, r *http.Request, issued *mutant.Store[handed]) bool {
			found, ok := issued.Get(mutant.BearerOf(r))
			return ok && found.revoked == "" && !strings.EqualFold(found.account, mutant.AccountOf(r))
		}},
	}
	var all []site
	for _, op := range []mutant.Operation{mutant.Create, mutant.List, mutant.Update, mutant.Rotate, mutant.Remove} {
		for _, c := range classes {
			if op == mutant.List && (c.what == OwnToken || c.what == restrictedToken) || op == mutant.Create && c.what == OwnToken {
				continue // who may list what, and whether an account may create others, is the target's to say
			}
			all = append(all, site{family: "credential", where: string(op) + ", credentials", what: c.what, make: func(w *when, changed func()) *mutant.Layer {
				issued := &mutant.Store[handed]{}
				return mutant.Chain(mutant.OnRequest(func(known reference.Credentials, r *http.Request) *http.Request {
					if !c.is(known, r, issued) || !w.on(r) {
						return r
					}
					changed()
					return mutant.WithBearer(withoutQuery(r), known.Token)
				}, op), noting(issued))
			}})
		}
	}
	return all
}

// withoutQuery is a request whose query is not looked at again.
func withoutQuery(r *http.Request) *http.Request {
	changed := mutant.WithPath(r, r.URL.Path)
	changed.URL.RawQuery = ""
	return changed
}

// What of credentials that are the target's to judge for lists.
const (
	OwnToken        = "the token of an account is taken for the operator's"
	restrictedToken = "a restricted token is let in"
)

// handed is a token that was handed out, and the operation that revoked it: "" for one that is good.
type handed struct {
	account string
	revoked mutant.Operation
}

// noting enters every token that is handed out or revoked.
func noting(issued *mutant.Store[handed]) *mutant.Layer {
	last := &mutant.Store[string]{} // the good token by account
	return mutant.OnSuccess(func(r *http.Request, a *mutant.Response) {
		account := mutant.AccountOf(r)
		if account == "" {
			account = a.TextOf("/metadata/id")
		}
		account = strings.ToLower(account)
		if old, ok := last.Get(account); ok {
			issued.Put(old, handed{account, mutant.OperationOf(r)})
		}
		if token := a.TextOf("/status/accessToken"); token != "" {
			last.Put(account, token)
			issued.Put(token, handed{account, ""})
		}
	}, mutant.Create, mutant.Rotate, mutant.Remove)
}

// validationSites repair what is malformed in a create or an update, and so take it.
func validationSites() []site {
	repairs := []struct {
		pointer, kind, what string
		to                  func(any) any
	}{
		{"/metadata/name", "missing", "taken without a name", mutant.Always("unnamed")},
		{"/metadata/name", "number", "taken with a number as name", mutant.AsText},
		{"/metadata/name", "null", "taken with a null as name", mutant.Always("unnamed")},
		{"/metadata/name", "array", "taken with an array as name", mutant.AsText},
		{"/metadata/name", "string", "taken with a name that is too long", mutant.OnText(func(s string) any { return s[:min(len(s), 63)] })},
		{"/metadata/name", "string", "taken with characters that no name has", mutant.OnText(func(s string) any {
			return strings.Trim(strings.Map(func(c rune) rune {
				if strings.ContainsRune("-_.", c) || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' {
					return c
				}
				return -1
			}, s), "-_.")
		})},
		{"/metadata/description", "number", "taken with a number as description", mutant.AsText},
		{"/metadata/description", "null", "taken with a null as description", mutant.Always("")},
		{"/metadata/description", "object", "taken with an object as description", mutant.AsText},
		{"/metadata/tags", "null", "taken with null for tags", mutant.Always([]any{})},
		{"/metadata/tags", "object", "taken with an object for tags", mutant.Always([]any{})},
		{"/metadata/tags", "string", "taken with a text for tags", mutant.Always([]any{})},
		{"/metadata/tags/*/value", "missing", "taken with a tag without a value", mutant.Always("")},
		{"/metadata/tags/*/name", "missing", "taken with a tag without a name", mutant.Always("unnamed")},
		{"/metadata/tags/*/value", "number", "taken with a number for the value of a tag", mutant.AsText},
		{"/spec", "missing", "taken without spec", mutant.Always(map[string]any{"groupIDs": []any{}})},
		{"/spec", "null", "taken with null for spec", mutant.Always(map[string]any{"groupIDs": []any{}})},
		{"/spec/groupIDs", "missing", "taken without groupIDs", mutant.Always([]any{})},
		{"/spec/groupIDs", "null", "taken with null for groupIDs", mutant.Always([]any{})},
		{"/spec/groupIDs", "string", "taken with a text for groupIDs", mutant.Always([]any{})},
		{"/metadata", "missing", "taken without metadata", mutant.Always(map[string]any{"name": "unnamed"})},
		{"/spec/groupIDs/*", "number", "taken with a number as group", func(any) any { return mutant.Gone() }},
	}
	var all []site
	for _, op := range []mutant.Operation{mutant.Create, mutant.Update} {
		for _, repair := range repairs {
			all = append(all, site{family: "validation", where: string(op) + " request " + repair.pointer, what: repair.what, broken: brokenAt(repair.pointer, repair.kind), make: func(w *when, changed func()) *mutant.Layer {
				return mutant.OnRequest(func(_ reference.Credentials, r *http.Request) *http.Request {
					document, ok := DocumentOf(r)
					if !ok {
						return r
					}
					before := copied(document)
					mutant.ChangedMember(document, strings.Split(repair.pointer, "/")[1:], func(old any) any {
						if mutant.KindOf(old) == repair.kind {
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
	}
	return all
}

// DocumentOf is the JSON object that a request carries.
func DocumentOf(r *http.Request) (map[string]any, bool) {
	var document map[string]any
	body := mutant.BodyOf(r)
	ok := len(body) <= 64<<10 && json.Unmarshal(body, &document) == nil && document != nil
	return document, ok
}

func withDocument(r *http.Request, document any) *http.Request {
	body, _ := json.Marshal(document) // made of what was decoded
	return mutant.WithBody(r, body)
}

func copied(document map[string]any) (again map[string]any) {
	text, _ := json.Marshal(document) // made of what was decoded
	_ = json.Unmarshal(text, &again)
	return again
}
