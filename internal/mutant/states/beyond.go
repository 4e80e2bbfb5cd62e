package states

import (
	"encoding/json"
	"net/http"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/generate"
	"github.com/sa-conformance/conformance/internal/reference"
)

// Beyond are defects that the fixed conversations of the sections do not show: other content, another order, another
// operation than the one that a conversation is about. Conversations that are made of tables find them.
func Beyond() []*mutant.Defect {
	const inside = "whoever reaches the service is inside"
	return mutant.Prefixed("beyond-", "beyond the fixed conversations", append(append(beyondAccess(inside), beyondContent()...), beyondLife()...)...)
}

// beyondAccess let somebody in who has no good credential.
func beyondAccess(inside string) []*mutant.Defect {
	knows := func(is func(known reference.Credentials, r *http.Request) bool, operations ...mutant.Operation) *mutant.Layer {
		return mutant.OnRequest(func(known reference.Credentials, r *http.Request) *http.Request {
			if r.Header.Get("Authorization") == "" && is(known, r) {
				return mutant.WithBearer(r, known.Token)
			}
			return r
		}, operations...)
	}
	generated := func(where, what string) *mutant.Layer {
		return generate.Named(where + " | " + what + " | always").Layer
	}
	return []*mutant.Defect{
		mutant.Defective("cookie-deletes", "takes the token of a cookie for a deletion", "a page that somebody visits deletes accounts in their name",
			knows(func(known reference.Credentials, r *http.Request) bool {
				c, err := r.Cookie("access_token")
				return err == nil && c.Value == known.Token
			}, mutant.Remove), "state.credential.refused"),
		mutant.Defective("proxy-user-updates", "believes X-Forwarded-User from everybody in an update", inside,
			knows(func(_ reference.Credentials, r *http.Request) bool { return r.Header.Get("X-Forwarded-User") != "" }, mutant.Update), "state.credential.refused"),
		mutant.Defective("local-lists", "lists for whoever says that they are 127.0.0.1", inside,
			knows(func(_ reference.Credentials, r *http.Request) bool { return r.Header.Get("X-Real-Ip") == "127.0.0.1" }, mutant.List), "state.credential.refused"),
		mutant.Defective("dead-token-updates", "lets a token that was rotated away update", "a token that leaked is good for ever", generated("update, credentials", "a token is let in after its rotation"), "state.credential.refused"),
		mutant.Defective("deleted-token-rotates", "lets the token of a deleted account rotate others", "who was dismissed takes another account along",
			generated("rotate, credentials", "a token is let in after its account's deletion"), "state.credential.refused"),
		mutant.Defective("expired-deletes", "lets an expired token delete", "an old token is good for the worst", generated("delete, credentials", "an expired token is let in"), "guard.expired.refused"),
		mutant.Defective("tomorrow-updates", "lets a token that is not valid yet update", "a token works before the one who made it wants it to",
			generated("update, credentials", "a token of tomorrow is let in"), "guard.not-yet-valid.refused"),
		mutant.Defective("neighbour-rotates", "lets an account rotate another one", "every machine can take over every other",
			generated("rotate, credentials", generate.OwnToken), "state.neighbour.refused"),
		mutant.Defective("get-open", "answers GET of one account to everybody", "an endpoint that nobody remembers shows all accounts", mutant.OnResponse(func(r *http.Request, a *mutant.Response) {
			if r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/serviceaccounts/") && r.Header.Get("Authorization") == "" {
				a.Status = http.StatusOK
				a.Set(map[string]any{"metadata": map[string]any{"id": mutant.AccountOf(r)}})
			}
		}, mutant.AnythingElse), "state.credential.refused"),
	}
}

// beyondContent take, keep or show content wrongly.
func beyondContent() []*mutant.Defect {
	const lost = "what was written is not what is read"
	failing := func(status int, code string, is func(document map[string]any) bool, operations ...mutant.Operation) *mutant.Layer {
		return mutant.Around(func(_ reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
			document, isObject := generate.DocumentOf(r)
			if !isObject || mutant.BearerOf(r) == "" || !is(document) {
				return mutant.Ask(next, r)
			}
			a := &mutant.Response{Fields: http.Header{}}
			a.Fail(status, code)
			return a
		}, operations...)
	}
	refusing := func(is func(document map[string]any) bool, operation mutant.Operation) *mutant.Layer {
		return failing(http.StatusBadRequest, "invalid_request", is, operation)
	}
	name := func(document map[string]any) string {
		text, _ := mutant.Lookup(document, "/metadata/name").(string)
		return text
	}
	generated := func(where, what, when string) *mutant.Layer {
		return generate.Named(where + " | " + what + " | " + when).Layer
	}
	return []*mutant.Defect{
		mutant.Defective("digits-refused", "refuses a name of digits alone", "accounts that are numbered cannot be made", refusing(func(document map[string]any) bool {
			return name(document) != "" && strings.Trim(name(document), "0123456789") == ""
		}, mutant.Create), "state.valid.accepted"),
		mutant.Defective("null-refused", "refuses an update to the name null", lost, refusing(func(document map[string]any) bool { return name(document) == "null" }, mutant.Update), "state.valid.accepted"),
		mutant.Defective("charset-refused", "refuses an update whose media type names its charset", "some clients can create and not update", mutant.OnRequest(func(_ reference.Credentials, r *http.Request) *http.Request {
			if strings.Contains(r.Header.Get("Content-Type"), "charset") {
				r.Header.Set("Content-Type", "text/plain")
			}
			return r
		}, mutant.Update), "state.valid.accepted"),
		mutant.Defective("composes", "stores the composed form of a description", lost, mutant.OnDocument(func(document map[string]any) {
			mutant.Edited(document, "/metadata/description", mutant.OnText(func(s string) any { return norm.NFC.String(s) }))
		}, mutant.Create), "state.write.echoed"),
		mutant.Defective("lines-500", "answers 500 to an update with a line end in its description", "a form with two lines pages the operators", failing(http.StatusInternalServerError, "server_error", func(document map[string]any) bool {
			text, _ := mutant.Lookup(document, "/metadata/description").(string)
			return strings.Contains(text, "\n")
		}, mutant.Update), "state.request.answered"),
		mutant.Defective("empty-tags-lost", "drops tags that have no value", lost, mutant.OnDocument(func(document map[string]any) {
			tagsOf(document, generate.OnItemsOf(func(items []any) any {
				kept := []any{}
				for _, item := range items {
					if mutant.Lookup(item, "/value") != "" {
						kept = append(kept, item)
					}
				}
				return kept
			}))
		}, mutant.Create, mutant.Update), "state.write.echoed"),
		mutant.Defective("tag-case-lost", "takes tags for one that differ in case alone", lost, mutant.OnDocument(func(document map[string]any) {
			tagsOf(document, generate.OnItemsOf(func(items []any) any {
				seen, kept := map[string]bool{}, []any{}
				for _, item := range items {
					text, _ := mutant.Lookup(item, "/name").(string)
					if !seen[strings.ToLower(text)] {
						seen[strings.ToLower(text)] = true
						kept = append(kept, item)
					}
				}
				return kept
			}))
		}, mutant.Create), "state.write.echoed"),
		mutant.Defective("update-null-tags", "takes null for tags in an update", "a client's mistake takes all tags away", generated("update request /metadata/tags", "taken with null for tags", "always"), "state.invalid.refused"),
		mutant.Defective("update-number-name", "takes a number for a name in an update", lost, generated("update request /metadata/name", "taken with a number as name", "always"), "state.invalid.refused"),
		mutant.Defective("update-line-end", "takes a name that ends with a line end in an update", "a name that no other tool takes", mutant.OnDocument(func(document map[string]any) {
			mutant.Edited(document, "/metadata/name", mutant.OnText(func(s string) any { return strings.TrimSuffix(s, "\n") }))
		}, mutant.Update), "state.invalid.refused"),
		mutant.Defective("update-trims", "stores the description of an update without markup, and answers as asked", lost,
			generated("update stores /metadata/description", "without markup, and answers as asked", "always"), "state.list.agrees"),
		mutant.Defective("update-first-group", "stores the first of the groups of an update", "an account lacks what it was given", mutant.OnDocument(func(document map[string]any) {
			mutant.Edited(document, "/spec/groupIDs", generate.OnItemsOf(func(items []any) any { return items[:1] }))
		}, mutant.Update), "state.write.echoed"),
		mutant.Defective("keeps-modified", "shows the modifiedTime that an update gave", "an audit reads what the culprit wrote", mutant.Around(func(_ reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
			document, _ := generate.DocumentOf(r)
			a := mutant.Ask(next, r)
			if given := mutant.Lookup(document, "/metadata/modifiedTime"); given != nil && a.Status == http.StatusOK {
				a.Edit(func(shown any) any { return mutant.Edited(shown, "/metadata/modifiedTime", mutant.Always(given)) })
			}
			return a
		}, mutant.Update), "state.read-only.kept"),
		mutant.Defective("refused-created", "stores an account before it looks at the groups", "accounts that nobody asked for", mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
			text := mutant.BodyOf(r)
			a := mutant.Ask(next, r)
			if a.Status == http.StatusUnprocessableEntity {
				var document map[string]any
				if json.Unmarshal(text, &document) == nil {
					mutant.Edited(document, "/spec/groupIDs", mutant.Always([]any{}))
					mutant.Forward(next, known, r, http.MethodPost, r.URL.Path, document)
				}
			}
			return a
		}, mutant.Create), "state.list.unasked"),
	}
}

// tagsOf changes the tags of a document that has some.
func tagsOf(document map[string]any, change func(any) any) {
	if mutant.Lookup(document, "/metadata/tags") != nil {
		mutant.Edited(document, "/metadata/tags", change)
	}
}
