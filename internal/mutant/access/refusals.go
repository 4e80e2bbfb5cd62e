package access

import (
	"bytes"
	"encoding/json"
	"net/http"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// BadRefusals refuse creates, and do so badly.
func BadRefusals() []*mutant.Defect {
	const family = "error bodies"
	html := func(_ *http.Request, a *mutant.Response) {
		a.Fields.Set("Content-Type", "text/html; charset=utf-8")
		a.Body = []byte("<!doctype html><title>Bad Request</title><h1>Bad Request</h1>\n")
	}
	member := func(name string, value any) func(*http.Request, *mutant.Response) {
		return func(_ *http.Request, a *mutant.Response) {
			a.Edit(func(document any) any { return mutant.Edited(document, "/"+name, mutant.Always(value)) })
		}
	}
	const unread, misled = "a client that reads errors fails over this one, and hides what was wrong", "a client that goes by the code does the wrong thing"

	return mutant.InFamily(family,
		mutant.Defective("refusal-html", "refuses malformed creates with a page of HTML", unread, mutant.OnStatus(400, html, mutant.Create), "create.rejects.error-body", "errors.media-type.json"),
		mutant.Defective("refusal-empty", "refuses malformed creates without a body", unread, mutant.OnStatus(400, func(_ *http.Request, a *mutant.Response) {
			a.Body = nil
			a.Fields.Del("Content-Type")
		}, mutant.Create), "create.rejects.error-body", "errors.media-type.json"),
		mutant.Defective("refusal-without-description", "leaves error_description out", "people are told that something is wrong, and not what",
			mutant.OnStatus(400, member("error_description", mutant.Gone()), mutant.Create), "create.rejects.error-body"),
		mutant.Defective("refusal-problem-details", "refuses with type and title, as RFC 9457 has it, in place of error", unread, mutant.OnStatus(400, func(_ *http.Request, a *mutant.Response) {
			a.Set(map[string]any{"type": "about:blank", "title": "Bad Request", "status": 400})
		}, mutant.Create), "create.rejects.error-body"),
		mutant.Defective("refusal-415-as-text", "refuses other media types with a line of text", unread, mutant.OnStatus(415, func(_ *http.Request, a *mutant.Response) {
			a.Body = []byte("unsupported media type\n")
		}, mutant.Create), "create.rejects.error-body"),
		mutant.Defective("refusal-code-server-error", "calls every malformed create a server_error", "clients repeat what can never work", mutant.OnStatus(400, member("error", "server_error"), mutant.Create), "create.rejects.error-code"),
		mutant.Defective("refusal-415-code", "calls an unsupported media type invalid_request", misled, mutant.OnStatus(415, member("error", "invalid_request"), mutant.Create), "create.rejects.error-code"),
		mutant.Defective("refusal-echoes-authorization", "quotes the headers of the request in the description of an error", "tokens get into the logs of clients, and into bug reports",
			mutant.OnStatus(400, func(r *http.Request, a *mutant.Response) {
				a.Edit(func(document any) any {
					return mutant.Edited(document, "/error_description", mutant.Always("cannot read the request: Authorization: "+r.Header.Get("Authorization")))
				})
			}, mutant.Create), "create.rejects.no-echo"),
		mutant.Defective("refusal-echoes-in-header", "sends the token of a malformed create back in a header, for debugging", "tokens get into the logs of proxies",
			mutant.OnStatus(415, func(r *http.Request, a *mutant.Response) { a.Fields.Set("X-Debug-Token", mutant.BearerOf(r)) }, mutant.Create), "create.rejects.no-echo"),
	)
}

// DeedsBeforeRefusal store an account, and then refuse it.
func DeedsBeforeRefusal() []*mutant.Defect {
	const family, effect = "refused and done", "accounts that nobody knows of, with tokens that nobody was given"
	storing := func(repair func(metadata, spec map[string]any) bool) *mutant.Layer {
		return &mutant.Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if mutant.OperationOf(r) != mutant.Create {
					next.ServeHTTP(w, r)
					return
				}
				var document map[string]any
				_ = json.Unmarshal(mutant.BodyOf(r), &document)
				a := mutant.Ask(next, r)
				metadata, _ := document["metadata"].(map[string]any)
				spec, _ := document["spec"].(map[string]any)
				if a.Status == http.StatusBadRequest && metadata != nil && repair(metadata, spec) {
					mutant.Forward(next, known, r, http.MethodPost, mutant.CollectionOf(r), document)
				}
				a.Send(w)
			})
		}}
	}
	return mutant.InFamily(family,
		mutant.Defective("stores-before-groups", "stores an account before it looks at spec.groupIDs, and then refuses it", effect,
			storing(func(_, spec map[string]any) bool {
				if spec == nil {
					return false
				}
				spec["groupIDs"] = []any{}
				return true
			}), "create.rejects.nothing-created"),
		mutant.Defective("stores-before-tags", "stores an account before it looks at the tags, and then refuses it", effect,
			storing(func(metadata, _ map[string]any) bool {
				_, tagged := metadata["tags"]
				delete(metadata, "tags")
				return tagged
			}), "create.rejects.nothing-created"),
	)
}

// Overwhelmed servers fail over what is large or unusual.
func Overwhelmed() []*mutant.Defect {
	const family = "failing over a request"
	longer := func(bytes int) func([]byte) bool { return func(body []byte) bool { return len(body) > bytes } }
	refused := func(_ *http.Request, a *mutant.Response) { a.Fail(http.StatusInternalServerError, "server_error") }
	contains := func(text string) func([]byte) bool {
		return func(body []byte) bool { return bytes.Contains(body, []byte(text)) }
	}
	return mutant.InFamily(family,
		mutant.Defective("large-body-500", "answers a body of a mebibyte with 500", "one client can page the operators",
			mutant.OnCreateOf(longer(1<<20), mutant.Failing), "create.answers.large-bodies"),
		mutant.Defective("media-type-drops", "drops the connection of a create of another media type", "clients take it for a network that fails, and send it again",
			&mutant.Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if mutant.OperationOf(r) == mutant.Create && r.Header.Get("Content-Type") == "application/xml" {
						mutant.BreakingOff(w, r, next)
					}
					next.ServeHTTP(w, r)
				})
			}}, "create.answers.always"),
		mutant.Defective("reserved-tag-500", "answers 500 where a tag has a reserved name", "a fault of the client pages the operators",
			mutant.OnCreateOf(contains(".unikorn-cloud.org:"), mutant.Failing), "create.answers.reserved-tag", "create.answers.no-server-error"),
		mutant.Defective("long-organization-500", "answers 500 where the organization of the path is too long for its column", "a fault of the client pages the operators",
			mutant.OnResponse(func(r *http.Request, a *mutant.Response) {
				if len(mutant.OrganizationOf(r)) > 100 {
					a.Fail(http.StatusInternalServerError, "server_error")
				}
			}, mutant.Create), "create.answers.no-server-error", "authz.malformed-organization.refused"),
		mutant.Defective("unknown-group-500", "answers 500 where a group does not exist", "a group that was deleted a moment ago pages the operators",
			mutant.OnStatus(http.StatusUnprocessableEntity, refused, mutant.Create), "create.answers.unknown-group", "create.answers.no-server-error"),
		mutant.Defective("invalid-name-500", "answers 500 where a name has a character that it may not have", "a fault of the client pages the operators",
			mutant.OnCreateOf(contains(`é`), mutant.Failing), "create.rejects.name-characters", "create.answers.no-server-error"),
	)
}
