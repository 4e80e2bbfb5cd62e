package mutant

import (
	"bytes"
	"encoding/json"
	"net/http"

	"github.com/sa-conformance/conformance/internal/reference"
)

// badRefusals refuse creates, and do so badly.
func badRefusals() []*Defect {
	const family = "error bodies"
	html := func(_ *http.Request, a *answer) {
		a.header.Set("Content-Type", "text/html; charset=utf-8")
		a.body = []byte("<!doctype html><title>Bad Request</title><h1>Bad Request</h1>\n")
	}
	member := func(name string, value any) func(*http.Request, *answer) {
		return func(_ *http.Request, a *answer) {
			a.edit(func(document any) any { return edited(document, "/"+name, always(value)) })
		}
	}
	const unread, misled = "a client that reads errors fails over this one, and hides what was wrong", "a client that goes by the code does the wrong thing"

	return inFamily(family,
		defective("refusal-html", "refuses malformed creates with a page of HTML", unread, onStatus(400, html, create), "create.rejects.error-body", "errors.media-type.json"),
		defective("refusal-empty", "refuses malformed creates without a body", unread, onStatus(400, func(_ *http.Request, a *answer) {
			a.body = nil
			a.header.Del("Content-Type")
		}, create), "create.rejects.error-body", "errors.media-type.json"),
		defective("refusal-without-description", "leaves error_description out", "people are told that something is wrong, and not what",
			onStatus(400, member("error_description", gone()), create), "create.rejects.error-body"),
		defective("refusal-problem-details", "refuses with type and title, as RFC 9457 has it, in place of error", unread, onStatus(400, func(_ *http.Request, a *answer) {
			a.set(map[string]any{"type": "about:blank", "title": "Bad Request", "status": 400})
		}, create), "create.rejects.error-body"),
		defective("refusal-415-as-text", "refuses other media types with a line of text", unread, onStatus(415, func(_ *http.Request, a *answer) {
			a.body = []byte("unsupported media type\n")
		}, create), "create.rejects.error-body"),
		defective("refusal-code-server-error", "calls every malformed create a server_error", "clients repeat what can never work", onStatus(400, member("error", "server_error"), create), "create.rejects.error-code"),
		defective("refusal-415-code", "calls an unsupported media type invalid_request", misled, onStatus(415, member("error", "invalid_request"), create), "create.rejects.error-code"),
		defective("refusal-echoes-authorization", "quotes the headers of the request in the description of an error", "tokens get into the logs of clients, and into bug reports",
			onStatus(400, func(r *http.Request, a *answer) {
				a.edit(func(document any) any {
					return edited(document, "/error_description", always("cannot read the request: Authorization: "+r.Header.Get("Authorization")))
				})
			}, create), "create.rejects.no-echo"),
		defective("refusal-echoes-in-header", "sends the token of a malformed create back in a header, for debugging", "tokens get into the logs of proxies",
			onStatus(415, func(r *http.Request, a *answer) { a.header.Set("X-Debug-Token", bearerOf(r)) }, create), "create.rejects.no-echo"),
	)
}

// deedsBeforeRefusal store an account, and then refuse it.
func deedsBeforeRefusal() []*Defect {
	const family, effect = "refused and done", "accounts that nobody knows of, with tokens that nobody was given"
	storing := func(repair func(metadata, spec map[string]any) bool) *Layer {
		return &Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if operationOf(r) != create {
					next.ServeHTTP(w, r)
					return
				}
				var document map[string]any
				_ = json.Unmarshal(bodyOf(r), &document)
				a := ask(next, r)
				metadata, _ := document["metadata"].(map[string]any)
				spec, _ := document["spec"].(map[string]any)
				if a.status == http.StatusBadRequest && metadata != nil && repair(metadata, spec) {
					forward(next, known, r, http.MethodPost, collectionOf(r), document)
				}
				a.send(w)
			})
		}}
	}
	return inFamily(family,
		defective("stores-before-groups", "stores an account before it looks at spec.groupIDs, and then refuses it", effect,
			storing(func(_, spec map[string]any) bool {
				if spec == nil {
					return false
				}
				spec["groupIDs"] = []any{}
				return true
			}), "create.rejects.nothing-created"),
		defective("stores-before-tags", "stores an account before it looks at the tags, and then refuses it", effect,
			storing(func(metadata, _ map[string]any) bool {
				_, tagged := metadata["tags"]
				delete(metadata, "tags")
				return tagged
			}), "create.rejects.nothing-created"),
	)
}

// overwhelmed servers fail over what is large or unusual.
func overwhelmed() []*Defect {
	const family = "failing over a request"
	longer := func(bytes int) func([]byte) bool { return func(body []byte) bool { return len(body) > bytes } }
	refused := func(_ *http.Request, a *answer) { a.fail(http.StatusInternalServerError, "server_error") }
	contains := func(text string) func([]byte) bool {
		return func(body []byte) bool { return bytes.Contains(body, []byte(text)) }
	}
	return inFamily(family,
		defective("large-body-500", "answers a body of a mebibyte with 500", "one client can page the operators",
			onCreateOf(longer(1<<20), failing), "create.answers.large-bodies"),
		defective("media-type-drops", "drops the connection of a create of another media type", "clients take it for a network that fails, and send it again",
			&Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if operationOf(r) == create && r.Header.Get("Content-Type") == "application/xml" {
						breakingOff(w, r, next)
					}
					next.ServeHTTP(w, r)
				})
			}}, "create.answers.always"),
		defective("reserved-tag-500", "answers 500 where a tag has a reserved name", "a fault of the client pages the operators",
			onCreateOf(contains(".unikorn-cloud.org:"), failing), "create.answers.reserved-tag", "create.answers.no-server-error"),
		defective("long-organization-500", "answers 500 where the organization of the path is too long for its column", "a fault of the client pages the operators",
			onAnswer(func(r *http.Request, a *answer) {
				if len(organizationOf(r)) > 100 {
					a.fail(http.StatusInternalServerError, "server_error")
				}
			}, create), "create.answers.no-server-error", "authz.malformed-organization.refused"),
		defective("unknown-group-500", "answers 500 where a group does not exist", "a group that was deleted a moment ago pages the operators",
			onStatus(http.StatusUnprocessableEntity, refused, create), "create.answers.unknown-group", "create.answers.no-server-error"),
		defective("invalid-name-500", "answers 500 where a name has a character that it may not have", "a fault of the client pages the operators",
			onCreateOf(contains(`é`), failing), "create.rejects.name-characters", "create.answers.no-server-error"),
	)
}
