package variants

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/requests"
	"github.com/sa-conformance/conformance/internal/reference"
)

// choiceVariants decide otherwise if the contract leaves something open.
func choiceVariants() []mutant.Variant {
	recode := func(from, to int, code string, operations ...mutant.Operation) *mutant.Layer {
		return mutant.OnStatus(from, func(_ *http.Request, a *mutant.Response) {
			a.Status = to
			a.Edit(func(document any) any { return mutant.Edited(document, "/error", mutant.Always(code)) })
		}, operations...)
	}
	const groups, bodies, media = "openapi.yaml: what a group is is not said", "RFC 9110 section 15.5.14", "RFC 9110 section 15.5.16"
	return []mutant.Variant{
		{Name: "names-unique", Description: "refuses a name that is taken, whatever its letter case, with 409", Source: "openapi.yaml: 409 of the operations around", Layer: uniqueNames()},
		{Name: "unknown-groups-ignored", About: mutant.Reading, Description: "leaves groups out that do not exist", Source: groups, Layer: onlyKnownGroups()},
		{Name: "unknown-groups-400", About: mutant.Groups, Description: "refuses groups that do not exist with 400", Source: groups, Layer: recode(422, 400, "invalid_request", mutant.Create, mutant.Update)},
		{Name: "unknown-groups-403", About: mutant.Groups, Description: "refuses groups that do not exist with 403", Source: groups, Layer: recode(422, 403, "forbidden", mutant.Create, mutant.Update)},
		{Name: "unknown-groups-404", About: mutant.Groups, Description: "refuses groups that do not exist with 404", Source: groups, Layer: recode(422, 404, "not_found", mutant.Create, mutant.Update)},
		{Name: "media-type-400", About: mutant.Tokens, Description: "refuses other media types with 400", Source: media, Layer: recode(415, 400, "invalid_request")},
		{Name: "media-type-422", About: mutant.Tokens, Description: "refuses other media types with 422", Source: media, Layer: recode(415, 422, "unprocessable_content")},
		{Name: "malformed-422", About: mutant.Reading, Description: "refuses what is malformed with 422", Source: "RFC 9110 section 15.5.21", Layer: recode(400, 422, "unprocessable_content", mutant.Create, mutant.Update)},
		{Name: "large-400", About: mutant.Reading, Description: "refuses a body that is too large with 400", Source: bodies, Layer: recode(413, 400, "invalid_request")},
		{Name: "large-422", About: mutant.Reading, Description: "refuses a body that is too large with 422", Source: bodies, Layer: recode(413, 422, "unprocessable_content")},
		{Name: "large-accepted", About: mutant.Reading, Description: "accepts bodies of several mebibytes", Source: bodies, Layer: largeAccepted()},
		{Name: "reserved-tags-dropped", Description: "drops tags with reserved names", Source: observed, Layer: reservedTags(false)},
		{Name: "reserved-tags-accepted", Description: "accepts tags with reserved names", Source: observed, Layer: reservedTags(true)},
		{Name: "byte-order-mark-accepted", About: mutant.Reading, Description: "passes over a byte order mark", Source: "RFC 8259 section 8.1", Layer: requests.AcceptingMark()},
		{Name: "media-type-guessed", About: mutant.Tokens, Description: "takes a body of no media type for JSON", Source: "RFC 9110 section 8.3", Layer: requests.TakingForJSON(func(mediaType []string) bool { return len(mediaType) == 0 })},
		{Name: "last-member-wins", About: mutant.Reading, Description: "takes the last of two members of one name", Source: "RFC 8259 section 4", Layer: lastMemberWins()},
		{Name: "second-delete-200", About: mutant.Time, Description: "answers a deletion that is repeated within a second of the first with 200", Source: observed, Layer: deletingLater(0)},
		{Name: "restricted-list-403", About: mutant.Refusals, Description: "lets nobody list but those who may list everything", Source: observed, Layer: onRequestRefused(func(known reference.Credentials, r *http.Request, a *mutant.Response) bool {
			return a.Status == http.StatusOK && mutant.BearerOf(r) != known.Token
		}, http.StatusForbidden, "forbidden", mutant.List)},
	}
}

// onRequestRefused refuses what the server underneath allows.
func onRequestRefused(refuse func(reference.Credentials, *http.Request, *mutant.Response) bool, status int, code string, operations ...mutant.Operation) *mutant.Layer {
	return mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
		a := mutant.Ask(next, r)
		if refuse(known, r, a) {
			a.Fail(status, code)
		}
		return a
	}, operations...)
}

// uniqueNames refuses a create under a name that an account of the list has, or that another create is making.
func uniqueNames() *mutant.Layer {
	return mutant.Memory(func() *mutant.Layer {
		var mu sync.Mutex
		making := map[string]bool{}
		return mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
			var wanted any
			_ = json.Unmarshal(mutant.BodyOf(r), &wanted)
			name, _ := mutant.Lookup(wanted, "/metadata/name").(string)
			name = strings.ToLower(name)
			if name == "" || mutant.BearerOf(r) != known.Token {
				return mutant.Ask(next, r)
			}
			mu.Lock()
			taken := making[name]
			making[name] = true
			mu.Unlock()
			if !taken {
				defer func() {
					mu.Lock()
					defer mu.Unlock()
					delete(making, name)
				}()
				var accounts []any
				_ = json.Unmarshal(mutant.Forward(next, known, r, http.MethodGet, mutant.CollectionOf(r), nil).Body, &accounts)
				taken = slices.ContainsFunc(accounts, func(account any) bool {
					other, _ := mutant.Lookup(account, "/metadata/name").(string)
					return strings.EqualFold(name, other)
				})
			}
			if taken {
				a := &mutant.Response{Fields: http.Header{}}
				a.Fail(http.StatusConflict, "conflict")
				return a
			}
			return mutant.Ask(next, r)
		}, mutant.Create)
	})
}

func onlyKnownGroups() *mutant.Layer {
	return &mutant.Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		return mutant.OnDocument(func(document map[string]any) {
			mutant.ChangedMember(document, []string{"spec", "groupIDs", "*"}, func(old any) any {
				if id, ok := old.(string); ok && len(id) == 36 && !slices.Contains(known.Groups, strings.ToLower(id)) {
					return mutant.Gone()
				}
				return old
			})
		}, mutant.Create, mutant.Update).Wrap(known, next)
	}}
}

// largeAccepted stores a long description in short, and answers it in full.
func largeAccepted() *mutant.Layer {
	return mutant.OnCreateOf(func(body []byte) bool { return len(body) > 1<<20 }, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		var document map[string]any
		if json.Unmarshal(mutant.BodyOf(r), &document) != nil {
			next.ServeHTTP(w, r)
			return
		}
		full := mutant.Lookup(document, "/metadata/description")
		body, _ := json.Marshal(mutant.Edited(document, "/metadata/description", mutant.Always("long"))) // made of what was decoded
		a := mutant.Ask(next, mutant.WithBody(r, body))
		if a.Status == http.StatusCreated {
			a.Edit(func(document any) any { return mutant.Edited(document, "/metadata/description", mutant.Always(full)) })
		}
		a.Send(w)
	})
}

// reservedTags drops tags under the reserved prefix, or stores them under another that nobody sees.
func reservedTags(keep bool) *mutant.Layer {
	const reserved, inside = ".unikorn-cloud.org:", ".reserved.invalid:"
	stored := mutant.OnDocument(func(document map[string]any) {
		mutant.ChangedMember(document, []string{"metadata", "tags", "*"}, func(old any) any {
			name, _ := mutant.Lookup(old, "/name").(string)
			if !strings.Contains(name, reserved) {
				return old
			}
			if !keep {
				return mutant.Gone()
			}
			return mutant.Edited(old, "/name", mutant.Always(strings.Replace(name, reserved, inside, 1)))
		})
	}, mutant.Create, mutant.Update)
	return mutant.Chain(stored, mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
		a.Body = []byte(strings.ReplaceAll(string(a.Body), inside, reserved))
	}, mutant.Create, mutant.List, mutant.Update, mutant.Rotate))
}

func lastMemberWins() *mutant.Layer {
	return mutant.Rewriting(func(body []byte) []byte {
		if !requests.Duplicated(body) {
			return nil
		}
		var document any
		_ = json.Unmarshal(body, &document)
		once, _ := json.Marshal(document) // made of what was decoded
		return once
	}, mutant.Create, mutant.Update)
}
