package mutant

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/sa-conformance/conformance/internal/reference"
)

// choiceVariants decide otherwise where the contract leaves something open.
func choiceVariants() []Variant {
	recode := func(from, to int, code string, operations ...operation) *Layer {
		return onStatus(from, func(_ *http.Request, a *answer) {
			a.status = to
			a.edit(func(document any) any { return edited(document, "/error", always(code)) })
		}, operations...)
	}
	const groups, bodies, media = "openapi.yaml: what a group is is not said", "RFC 9110 section 15.5.14", "RFC 9110 section 15.5.16"
	return []Variant{
		{Name: "names-unique", Description: "refuses a name that is taken, whatever its letter case, with 409", Source: "openapi.yaml: 409 of the operations around", Layer: uniqueNames()},
		{Name: "unknown-groups-ignored", Description: "leaves groups out that do not exist", Source: groups, Layer: onlyKnownGroups()},
		{Name: "unknown-groups-400", Description: "refuses groups that do not exist with 400", Source: groups, Layer: recode(422, 400, "invalid_request", create, update)},
		{Name: "unknown-groups-403", Description: "refuses groups that do not exist with 403", Source: groups, Layer: recode(422, 403, "forbidden", create, update)},
		{Name: "unknown-groups-404", Description: "refuses groups that do not exist with 404", Source: groups, Layer: recode(422, 404, "not_found", create, update)},
		{Name: "media-type-400", Description: "refuses other media types with 400", Source: media, Layer: recode(415, 400, "invalid_request")},
		{Name: "media-type-422", Description: "refuses other media types with 422", Source: media, Layer: recode(415, 422, "unprocessable_content")},
		{Name: "malformed-422", Description: "refuses what is malformed with 422", Source: "RFC 9110 section 15.5.21", Layer: recode(400, 422, "unprocessable_content", create, update)},
		{Name: "large-400", Description: "refuses a body that is too large with 400", Source: bodies, Layer: recode(413, 400, "invalid_request")},
		{Name: "large-422", Description: "refuses a body that is too large with 422", Source: bodies, Layer: recode(413, 422, "unprocessable_content")},
		{Name: "large-accepted", Description: "accepts bodies of several mebibytes", Source: bodies, Layer: largeAccepted()},
		{Name: "reserved-tags-dropped", Description: "drops tags with reserved names", Source: observed, Layer: reservedTags(false)},
		{Name: "reserved-tags-accepted", Description: "accepts tags with reserved names", Source: observed, Layer: reservedTags(true)},
		{Name: "byte-order-mark-accepted", Description: "passes over a byte order mark", Source: "RFC 8259 section 8.1", Layer: acceptingMark()},
		{Name: "media-type-guessed", Description: "takes a body of no media type for JSON", Source: "RFC 9110 section 8.3", Layer: takingForJSON(func(mediaType []string) bool { return len(mediaType) == 0 })},
		{Name: "last-member-wins", Description: "takes the last of two members of one name", Source: "RFC 8259 section 4", Layer: lastMemberWins()},
		{Name: "second-delete-200", Description: "answers a deletion that is repeated within a second of the first with 200", Source: observed, Layer: deletingLater(0)},
		{Name: "restricted-list-403", Description: "lets nobody list but those who may list everything", Source: observed, Layer: onRequestRefused(func(known reference.Credentials, r *http.Request, a *answer) bool {
			return a.status == http.StatusOK && bearerOf(r) != known.Token
		}, http.StatusForbidden, "forbidden", list)},
	}
}

// onRequestRefused refuses what the server underneath allows.
func onRequestRefused(refuse func(reference.Credentials, *http.Request, *answer) bool, status int, code string, operations ...operation) *Layer {
	return around(func(known reference.Credentials, next http.Handler, r *http.Request) *answer {
		a := ask(next, r)
		if refuse(known, r, a) {
			a.fail(status, code)
		}
		return a
	}, operations...)
}

// uniqueNames refuses a create under a name that an account of the list has, or that another create is making.
func uniqueNames() *Layer {
	return memory(func() *Layer {
		var mu sync.Mutex
		making := map[string]bool{}
		return around(func(known reference.Credentials, next http.Handler, r *http.Request) *answer {
			var wanted any
			_ = json.Unmarshal(bodyOf(r), &wanted)
			name, _ := lookup(wanted, "/metadata/name").(string)
			name = strings.ToLower(name)
			if name == "" || bearerOf(r) != known.Token {
				return ask(next, r)
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
				_ = json.Unmarshal(forward(next, known, r, http.MethodGet, collectionOf(r), nil).body, &accounts)
				taken = slices.ContainsFunc(accounts, func(account any) bool {
					other, _ := lookup(account, "/metadata/name").(string)
					return strings.EqualFold(name, other)
				})
			}
			if taken {
				a := &answer{header: http.Header{}}
				a.fail(http.StatusConflict, "conflict")
				return a
			}
			return ask(next, r)
		}, create)
	})
}

func onlyKnownGroups() *Layer {
	return &Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		return onDocument(func(document map[string]any) {
			changedMember(document, []string{"spec", "groupIDs", "*"}, func(old any) any {
				if id, ok := old.(string); ok && len(id) == 36 && !slices.Contains(known.Groups, strings.ToLower(id)) {
					return gone()
				}
				return old
			})
		}, create, update).Wrap(known, next)
	}}
}

// largeAccepted stores a long description in short, and answers it in full.
func largeAccepted() *Layer {
	return onCreateOf(func(body []byte) bool { return len(body) > 1<<20 }, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		var document map[string]any
		if json.Unmarshal(bodyOf(r), &document) != nil {
			next.ServeHTTP(w, r)
			return
		}
		full := lookup(document, "/metadata/description")
		body, _ := json.Marshal(edited(document, "/metadata/description", always("long"))) // made of what was decoded
		a := ask(next, withBody(r, body))
		if a.status == http.StatusCreated {
			a.edit(func(document any) any { return edited(document, "/metadata/description", always(full)) })
		}
		a.send(w)
	})
}

// reservedTags drops tags under the reserved prefix, or stores them under another that nobody sees.
func reservedTags(keep bool) *Layer {
	const reserved, inside = ".unikorn-cloud.org:", ".reserved.invalid:"
	stored := onDocument(func(document map[string]any) {
		changedMember(document, []string{"metadata", "tags", "*"}, func(old any) any {
			name, _ := lookup(old, "/name").(string)
			if !strings.Contains(name, reserved) {
				return old
			}
			if !keep {
				return gone()
			}
			return edited(old, "/name", always(strings.Replace(name, reserved, inside, 1)))
		})
	}, create, update)
	return Chain(stored, onSuccess(func(_ *http.Request, a *answer) {
		a.body = []byte(strings.ReplaceAll(string(a.body), inside, reserved))
	}, create, list, update, rotate))
}

func lastMemberWins() *Layer {
	return rewriting(func(body []byte) []byte {
		if !duplicated(body) {
			return nil
		}
		var document any
		_ = json.Unmarshal(body, &document)
		once, _ := json.Marshal(document) // made of what was decoded
		return once
	}, create, update)
}
