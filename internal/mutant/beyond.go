package mutant

import (
	"encoding/json"
	"net/http"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/sa-conformance/conformance/internal/reference"
)

// beyond are defects that the fixed conversations of the sections do not show: other content, another order, another
// operation than the one that a conversation is about. Conversations that are made of tables find them.
func beyond() []*Defect {
	const inside = "whoever reaches the service is inside"
	return prefixed("beyond-", "beyond the fixed conversations", append(append(beyondAccess(inside), beyondContent()...), beyondLife()...)...)
}

// beyondAccess let somebody in who has no good credential.
func beyondAccess(inside string) []*Defect {
	knows := func(is func(known reference.Credentials, r *http.Request) bool, operations ...operation) *Layer {
		return onRequest(func(known reference.Credentials, r *http.Request) *http.Request {
			if r.Header.Get("Authorization") == "" && is(known, r) {
				return as(r, known.Token)
			}
			return r
		}, operations...)
	}
	generated := func(where, what string) *Layer { return Generated(where + " | " + what + " | always").Layer }
	return []*Defect{
		defective("cookie-deletes", "takes the token of a cookie for a deletion", "a page that somebody visits deletes accounts in their name",
			knows(func(known reference.Credentials, r *http.Request) bool {
				c, err := r.Cookie("access_token")
				return err == nil && c.Value == known.Token
			}, remove), "state.credential.refused"),
		defective("proxy-user-updates", "believes X-Forwarded-User from everybody in an update", inside,
			knows(func(_ reference.Credentials, r *http.Request) bool { return r.Header.Get("X-Forwarded-User") != "" }, update), "state.credential.refused"),
		defective("local-lists", "lists for whoever says that they are 127.0.0.1", inside,
			knows(func(_ reference.Credentials, r *http.Request) bool { return r.Header.Get("X-Real-Ip") == "127.0.0.1" }, list), "state.credential.refused"),
		defective("dead-token-updates", "lets a token that was rotated away update", "a token that leaked is good for ever", generated("update, credentials", "a token is let in after its rotation"), "state.credential.refused"),
		defective("deleted-token-rotates", "lets the token of a deleted account rotate others", "who was dismissed takes another account along",
			generated("rotate, credentials", "a token is let in after its account's deletion"), "state.credential.refused"),
		defective("expired-deletes", "lets an expired token delete", "an old token is good for the worst", generated("delete, credentials", "an expired token is let in"), "guard.expired.refused"),
		defective("tomorrow-updates", "lets a token that is not valid yet update", "a token works before the one who made it wants it to",
			generated("update, credentials", "a token of tomorrow is let in"), "guard.not-yet-valid.refused"),
		defective("neighbour-rotates", "lets an account rotate another one", "every machine can take over every other",
			generated("rotate, credentials", ownToken), "state.neighbour.refused"),
		defective("get-open", "answers GET of one account to everybody", "an endpoint that nobody remembers shows all accounts", onAnswer(func(r *http.Request, a *answer) {
			if r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/serviceaccounts/") && r.Header.Get("Authorization") == "" {
				a.status = http.StatusOK
				a.set(map[string]any{"metadata": map[string]any{"id": accountOf(r)}})
			}
		}, anythingElse), "state.credential.refused"),
	}
}

// beyondContent take, keep or show content wrongly.
func beyondContent() []*Defect {
	const lost = "what was written is not what is read"
	failing := func(status int, code string, is func(document map[string]any) bool, operations ...operation) *Layer {
		return around(func(_ reference.Credentials, next http.Handler, r *http.Request) *answer {
			document, isObject := documentOf(r)
			if !isObject || bearerOf(r) == "" || !is(document) {
				return ask(next, r)
			}
			a := &answer{header: http.Header{}}
			a.fail(status, code)
			return a
		}, operations...)
	}
	refusing := func(is func(document map[string]any) bool, operation operation) *Layer {
		return failing(http.StatusBadRequest, "invalid_request", is, operation)
	}
	name := func(document map[string]any) string {
		text, _ := lookup(document, "/metadata/name").(string)
		return text
	}
	generated := func(where, what, when string) *Layer { return Generated(where + " | " + what + " | " + when).Layer }
	return []*Defect{
		defective("digits-refused", "refuses a name of digits alone", "accounts that are numbered cannot be made", refusing(func(document map[string]any) bool {
			return name(document) != "" && strings.Trim(name(document), "0123456789") == ""
		}, create), "state.valid.accepted"),
		defective("null-refused", "refuses an update to the name null", lost, refusing(func(document map[string]any) bool { return name(document) == "null" }, update), "state.valid.accepted"),
		defective("charset-refused", "refuses an update whose media type names its charset", "some clients can create and not update", onRequest(func(_ reference.Credentials, r *http.Request) *http.Request {
			if strings.Contains(r.Header.Get("Content-Type"), "charset") {
				r.Header.Set("Content-Type", "text/plain")
			}
			return r
		}, update), "state.valid.accepted"),
		defective("composes", "stores the composed form of a description", lost, onDocument(func(document map[string]any) {
			edited(document, "/metadata/description", onText(func(s string) any { return norm.NFC.String(s) }))
		}, create), "state.write.echoed"),
		defective("lines-500", "answers 500 to an update with a line end in its description", "a form with two lines pages the operators", failing(http.StatusInternalServerError, "server_error", func(document map[string]any) bool {
			text, _ := lookup(document, "/metadata/description").(string)
			return strings.Contains(text, "\n")
		}, update), "state.request.answered"),
		defective("empty-tags-lost", "drops tags that have no value", lost, onDocument(func(document map[string]any) {
			tagsOf(document, onItemsOf(func(items []any) any {
				kept := []any{}
				for _, item := range items {
					if lookup(item, "/value") != "" {
						kept = append(kept, item)
					}
				}
				return kept
			}))
		}, create, update), "state.write.echoed"),
		defective("tag-case-lost", "takes tags for one that differ in case alone", lost, onDocument(func(document map[string]any) {
			tagsOf(document, onItemsOf(func(items []any) any {
				seen, kept := map[string]bool{}, []any{}
				for _, item := range items {
					text, _ := lookup(item, "/name").(string)
					if !seen[strings.ToLower(text)] {
						seen[strings.ToLower(text)] = true
						kept = append(kept, item)
					}
				}
				return kept
			}))
		}, create), "state.write.echoed"),
		defective("update-null-tags", "takes null for tags in an update", "a client's mistake takes all tags away", generated("update request /metadata/tags", "taken with null for tags", "always"), "state.invalid.refused"),
		defective("update-number-name", "takes a number for a name in an update", lost, generated("update request /metadata/name", "taken with a number as name", "always"), "state.invalid.refused"),
		defective("update-line-end", "takes a name that ends with a line end in an update", "a name that no other tool takes", onDocument(func(document map[string]any) {
			edited(document, "/metadata/name", onText(func(s string) any { return strings.TrimSuffix(s, "\n") }))
		}, update), "state.invalid.refused"),
		defective("update-trims", "stores the description of an update without markup, and answers as asked", lost,
			generated("update stores /metadata/description", "without markup, and answers as asked", "always"), "state.list.agrees"),
		defective("update-first-group", "stores the first of the groups of an update", "an account lacks what it was given", onDocument(func(document map[string]any) {
			edited(document, "/spec/groupIDs", onItemsOf(func(items []any) any { return items[:1] }))
		}, update), "state.write.echoed"),
		defective("keeps-modified", "shows the modifiedTime that an update gave", "an audit reads what the culprit wrote", around(func(_ reference.Credentials, next http.Handler, r *http.Request) *answer {
			document, _ := documentOf(r)
			a := ask(next, r)
			if given := lookup(document, "/metadata/modifiedTime"); given != nil && a.status == http.StatusOK {
				a.edit(func(shown any) any { return edited(shown, "/metadata/modifiedTime", always(given)) })
			}
			return a
		}, update), "state.read-only.kept"),
		defective("refused-created", "stores an account before it looks at the groups", "accounts that nobody asked for", around(func(known reference.Credentials, next http.Handler, r *http.Request) *answer {
			text := bodyOf(r)
			a := ask(next, r)
			if a.status == http.StatusUnprocessableEntity {
				var document map[string]any
				if json.Unmarshal(text, &document) == nil {
					edited(document, "/spec/groupIDs", always([]any{}))
					forward(next, known, r, http.MethodPost, r.URL.Path, document)
				}
			}
			return a
		}, create), "state.list.unasked"),
	}
}

// tagsOf changes the tags of a document that has some.
func tagsOf(document map[string]any, change func(any) any) {
	if lookup(document, "/metadata/tags") != nil {
		edited(document, "/metadata/tags", change)
	}
}
