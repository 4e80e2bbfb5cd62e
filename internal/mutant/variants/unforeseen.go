package variants

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/states"
	"github.com/sa-conformance/conformance/internal/reference"
)

// unforeseenVariants were written from the contract and the RFCs alone, without a look at what the suite sends.
func unforeseenVariants() []mutant.Variant {
	return append(ownVariants(), []mutant.Variant{
		{Name: "ranges-honoured", Outermost: true, About: mutant.Writing, Description: "answers a Range of a list with the part that it asks for", Source: "RFC 9110 section 14.2", Layer: mutant.OnSuccess(func(r *http.Request, a *mutant.Response) {
			if strings.HasPrefix(r.Header.Get("Range"), "bytes=0-") && len(a.Body) > 10 {
				a.Status, a.Body = http.StatusPartialContent, a.Body[:10]
				a.Fields.Set("Content-Range", "bytes 0-9/*")
			}
		}, mutant.List)},
		{Name: "long-paths-414", Description: "refuses addresses of more than 1,000 bytes with 414 and a page", Source: "RFC 9110 section 15.5.15", Layer: pageFor(http.StatusRequestURITooLong, func(r *http.Request) bool { return len(r.RequestURI) > 1000 })},
		{Name: "malformed-ids-404", About: mutant.Refusals, Description: "answers 404 for an id that is no UUID", Source: "contract section 3: an id that is not known", Layer: mutant.OnStatus(http.StatusBadRequest, func(_ *http.Request, a *mutant.Response) {
			if strings.Contains(string(a.Body), "AccountID") || strings.Contains(string(a.Body), "organizationID") {
				a.Fail(http.StatusNotFound, "not_found")
			}
		})},
		{Name: "first-update-409", About: mutant.Time, Description: "refuses the first update of each account with 409, as one in the making", Source: "contract section 3", Layer: firstUpdateConflicts()},
		{Name: "challenges-escaped", About: mutant.Refusals, Description: "challenges with DPoP and bearer in lower case, with escapes and a comma in the realm", Source: "RFC 9110 section 11.6.1", Layer: mutant.OnStatus(http.StatusUnauthorized, func(_ *http.Request, a *mutant.Response) {
			a.Fields.Set("WWW-Authenticate", strings.Replace(a.Fields.Get("WWW-Authenticate"), `Bearer realm="identity"`, `DPoP algs="ES256 PS256", bearer Realm="the \"identity\" API, v1"`, 1))
		})},
		{Name: "early-hints", Outermost: true, Description: "sends 103 before every response", Source: "RFC 9110 section 15.2; RFC 8297", Layer: &mutant.Layer{Wire: true, Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Link", "</docs>; rel=help")
				w.WriteHeader(http.StatusEarlyHints)
				w.Header().Del("Link")
				next.ServeHTTP(w, r)
			})
		}}},
		{Name: "trailers", Outermost: true, About: mutant.Writing, Description: "sends a trailer field after every body", Source: "RFC 9110 section 6.5", Layer: trailing()},
		{Name: "ascii-alone", Outermost: true, About: mutant.Writing, Description: "escapes every character beyond ASCII, and <, > and &", Source: "RFC 8259 section 7", Layer: mutant.OnResponse(func(_ *http.Request, a *mutant.Response) {
			if json.Valid(a.Body) {
				a.Body = []byte(inASCII(string(a.Body)))
			}
		})},
		{Name: "list-in-any-order", Description: "lists the accounts in another order each time", Source: "contract section 3: an array, of no order", Layer: mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
			a.Edit(func(document any) any {
				items, _ := document.([]any)
				rand.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
				return items
			})
		}, mutant.List)},
		{Name: "delete-says-ok", Description: "answers a deletion with the text OK", Source: "contract section 3: no body is promised", Layer: mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
			a.Fields.Set("Content-Type", "text/plain")
			a.Body = []byte("OK")
		}, mutant.Remove)},
		{Name: "large-claims", About: mutant.Tokens, Description: "issues tokens of some kilobytes with nested claims and several audiences", Source: "RFC 7519 sections 4.1.3 and 4.3", Layer: mutant.WithClaims(func(claims map[string]any) {
			var roles []any
			for n := range 60 {
				roles = append(roles, map[string]any{"role": strconv.Itoa(n), "in": []any{}})
			}
			claims["roles"], claims["scope"], claims["aud"] = roles, "openid profile", []any{claims["aud"], "other"}
		})},
		{Name: "request-id-repeated", Description: "sends X-Request-Id back, and the trace of the request as trace_id", Source: "W3C Trace Context section 2; contract section 2: trace_id is a string", Layer: mutant.OnResponse(func(r *http.Request, a *mutant.Response) {
			if id := r.Header.Get("X-Request-Id"); id != "" {
				a.Fields.Set("X-Request-Id", id)
			}
			if trace := strings.Split(r.Header.Get("Traceparent"), "-"); len(trace) == 4 && a.Status >= http.StatusBadRequest {
				a.Edit(func(document any) any { return mutant.Edited(document, "/trace_id", mutant.Always(trace[1])) })
			}
		})},
	}...)
}

// ownVariants give accounts rights that the contract leaves open.
func ownVariants() []mutant.Variant {
	as := func(operation mutant.Operation, may func(u mutant.TokenUse, stored map[string]any) bool) *mutant.Layer {
		return mutant.OnTokens(func(u mutant.TokenUse, next http.Handler) *mutant.Response {
			if u.Operation != operation || u.Revoked != "" || !strings.Contains(u.URL.Path, u.Known.Organization) {
				return nil
			}
			if !may(u, mutant.Stored(next, u.Known, mutant.WithPath(u.Request, mutant.CollectionOf(u.Request)+"/"+u.Account))) {
				return nil
			}
			return mutant.Ask(next, mutant.WithBearer(u.Request, u.Known.Token))
		})
	}
	const groups = "/spec/groupIDs"
	return []mutant.Variant{
		{Name: "own-update-allowed", About: mutant.Refusals, Description: "lets an account change itself, but for its groups", Source: "contract section 3: not its own groups", Layer: as(mutant.Update, func(u mutant.TokenUse, stored map[string]any) bool {
			var wanted any
			_ = json.Unmarshal(mutant.BodyOf(u.Request), &wanted) // nil if it is none
			before, _ := json.Marshal(mutant.Lookup(stored, groups))
			after, _ := json.Marshal(mutant.Lookup(wanted, groups))
			return strings.EqualFold(u.Account, mutant.AccountOf(u.Request)) && string(before) == string(after)
		})},
		{Name: "own-delete-allowed", About: mutant.Refusals, Description: "lets an account delete itself", Source: "contract section 3 forbids it to neighbours alone", Layer: as(mutant.Remove, func(u mutant.TokenUse, _ map[string]any) bool {
			return strings.EqualFold(u.Account, mutant.AccountOf(u.Request))
		})},
		{Name: "grouped-list-all", About: mutant.Refusals, Description: "lets accounts with groups list all accounts", Source: "contract section 3: an account that may not list everything sees only itself", Layer: as(mutant.List, func(_ mutant.TokenUse, stored map[string]any) bool {
			all, _ := mutant.Lookup(stored, groups).([]any)
			return len(all) > 0
		})},
	}
}

// pageFor refuses requests with the page of a gateway.
func pageFor(status int, is func(r *http.Request) bool) *mutant.Layer {
	return &mutant.Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !is(r) {
				next.ServeHTTP(w, r)
				return
			}
			_ = mutant.BodyOf(r)
			a := &mutant.Response{Status: status}
			mutant.HTMLPage(r, a)
			a.Send(w)
		})
	}}
}

// firstUpdateConflicts refuses the operator's first update of each account.
func firstUpdateConflicts() *mutant.Layer {
	return mutant.Memory(func() *mutant.Layer {
		var met mutant.Store[bool]
		return mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
			id := strings.ToLower(mutant.AccountOf(r))
			if before, _ := met.Get(id); before || mutant.BearerOf(r) != known.Token || mutant.Stored(next, known, r) == nil {
				return mutant.Ask(next, r)
			}
			met.Put(id, true)
			a := &mutant.Response{Fields: http.Header{}}
			a.Fail(http.StatusConflict, "conflict")
			return a
		}, mutant.Update)
	})
}

// trailing sends bodies in chunks with a trailer field.
func trailing() *mutant.Layer {
	return states.PlainServer(&mutant.Layer{Wire: true, Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			a := mutant.Ask(next, r)
			a.Fields.Del("Content-Length")
			a.Fields.Set("Trailer", "X-Checksum")
			a.Send(w)
			_ = http.NewResponseController(w).Flush()
			w.Header().Set("X-Checksum", "5c1f")
		})
	}})
}

// inASCII writes a JSON text with escapes for all that is not ASCII, or that HTML has a meaning for.
func inASCII(text string) string {
	var escaped strings.Builder
	for _, c := range text {
		switch {
		case c > 0xFFFF:
			high, low := utf16.EncodeRune(c)
			escaped.WriteString(escape(high) + escape(low))
		case c > '~' || strings.ContainsRune("<>&", c):
			escaped.WriteString(escape(c))
		default:
			escaped.WriteRune(c)
		}
	}
	return escaped.String()
}

func escape(c rune) string {
	digits := strconv.FormatInt(int64(c), 16)
	return `\u` + strings.Repeat("0", 4-len(digits)) + digits
}
