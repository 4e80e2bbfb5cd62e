// Package unforeseen holds mutants that somebody wrote from the contract and the RFCs alone, without a look at what the suite sends.
// Most of them survived when they were new.
package unforeseen

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// Defects lists them.
func Defects() []*mutant.Defect {
	all := content()
	for _, family := range [][]*mutant.Defect{limits(), doors(), rights(), lives(), fields()} {
		all = append(all, family...)
	}
	return mutant.Prefixed("unforeseen-", "unforeseen", all...)
}

const description = "/metadata/description"

// described changes the description of creates and updates, or of the given operations, before it is stored.
func described(change func(text string) string, operations ...mutant.Operation) *mutant.Layer {
	if len(operations) == 0 {
		operations = []mutant.Operation{mutant.Create, mutant.Update}
	}
	return mutant.OnDocument(func(document map[string]any) {
		if text, ok := mutant.Lookup(document, description).(string); ok {
			mutant.Edited(document, description, mutant.Always(change(text)))
		}
	}, operations...)
}

// failing answers what the operator asks for with a server error.
func failing(is func(r *http.Request) bool, operations ...mutant.Operation) *mutant.Layer {
	serve := func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
		if mutant.BearerOf(r) != known.Token || !is(r) {
			return mutant.Ask(next, r)
		}
		a := &mutant.Response{Fields: http.Header{}}
		a.Fail(http.StatusInternalServerError, "server_error")
		return a
	}
	return mutant.Around(serve, operations...)
}

// asOperator serves requests with the good token of an account as those of the operator.
func asOperator(operation mutant.Operation, is func(u mutant.TokenUse, next http.Handler) bool) *mutant.Layer {
	return mutant.OnTokens(func(u mutant.TokenUse, next http.Handler) *mutant.Response {
		if u.Operation != operation || u.Revoked != "" || !is(u, next) {
			return nil
		}
		return mutant.Ask(next, mutant.WithBearer(u.Request, u.Known.Token))
	})
}

// itself reports whether an account asks for something about itself.
func itself(u mutant.TokenUse) bool { return strings.EqualFold(u.Account, mutant.AccountOf(u.Request)) }

// ownState is the account of a token as it is stored; nil for none.
func ownState(u mutant.TokenUse, next http.Handler) map[string]any {
	return mutant.Stored(next, u.Known, mutant.WithPath(u.Request, mutant.CollectionOf(u.Request)+"/"+u.Account))
}

// accounts are all of the organization, as the operator sees them.
func accounts(next http.Handler, known reference.Credentials, r *http.Request) (all []map[string]any) {
	_ = json.Unmarshal(mutant.Forward(next, known, r, http.MethodGet, mutant.CollectionOf(r), nil).Body, &all)
	return all
}

// textOf is the text at a pointer; "" for none.
func textOf(document any, pointer string) string {
	text, _ := mutant.Lookup(document, pointer).(string)
	return text
}

// documentOf is the document that a request carries; nil for none.
func documentOf(r *http.Request) (document map[string]any) {
	_ = json.Unmarshal(mutant.BodyOf(r), &document) // nil if it is no object
	return document
}

func tagsOf(document any) []any {
	tags, _ := mutant.Lookup(document, "/metadata/tags").([]any)
	return tags
}
