package access

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// BadGuards leave the operations around the create open to those who may not use them.
func BadGuards() []*mutant.Defect {
	bad := func(name, description, effect string, layer *mutant.Layer, breaks ...string) *mutant.Defect {
		return mutant.WithFamily("guarding", mutant.Defective(name, description, effect, layer, breaks...))
	}
	effects := map[mutant.Operation]string{
		mutant.List: "sees every account of the organization", mutant.Update: "can put any account into any group",
		mutant.Rotate: "gets a token of any account, and locks its owner out", mutant.Remove: "can delete any account",
	}
	var all []*mutant.Defect
	for _, o := range []mutant.Operation{mutant.List, mutant.Update, mutant.Rotate, mutant.Remove} {
		all = append(all,
			bad("open-"+string(o)+"-anonymous", "serves "+string(o)+" without credentials", "anybody "+effects[o], admittingWhere(func(_ reference.Credentials, _ http.Handler, r *http.Request) bool {
				return r.Header.Get("Authorization") == ""
			}, o), "guard.anonymous.refused"),
			bad("open-"+string(o)+"-garbage", "serves "+string(o)+" with a bearer token that is no token", "anybody "+effects[o], admittingWhere(func(_ reference.Credentials, _ http.Handler, r *http.Request) bool {
				return mutant.BearerOf(r) != "" && !strings.Contains(mutant.BearerOf(r), ".")
			}, o), "guard.anonymous.refused"),
		)
		if o == mutant.List {
			continue
		}
		all = append(all,
			bad("open-"+string(o)+"-restricted", "serves "+string(o)+" to every account of the organization", "every machine "+effects[o], admittingWhere(isRestricted, o), "guard.restricted.refused"),
			bad("open-"+string(o)+"-other-organization", "finds the account of "+string(o)+" by its id alone, whatever the organization of the path", "rules that look at the path are evaded",
				throughOther(o), "guard.mixed-organization.refused"),
			bad("deed-before-403-"+string(o), "carries "+string(o)+" out before it looks at the permission, and answers 403", "every machine "+effects[o]+", and the log says that it was refused",
				carryingOut(isRestricted, o), "guard.restricted.harmless"),
		)
	}
	isNobody := func(_ reference.Credentials, _ http.Handler, r *http.Request) bool {
		return r.Header.Get("Authorization") == ""
	}
	return append(all,
		bad("deed-before-401-update", "carries an update out before it looks at the credentials, and answers 401", "anybody can rename any account, and the log says that it was refused",
			carryingOut(isNobody, mutant.Update), "guard.account.unharmed"),
		bad("deed-before-401-rotate", "carries a rotation out before it looks at the credentials, and answers 401", "anybody can lock any machine out, and the log says that it was refused",
			carryingOut(isNobody, mutant.Rotate), "guard.account.unharmed"),
		bad("open-list-other-organization", "lists its own accounts under the path of another organization", "a tenant sees accounts where it has nothing to look for", throughOther(mutant.List), "guard.other-organization.refused"),
		bad("other-organization-empty-list", "answers 200 and an empty list for an organization that is closed to the caller", "a mistyped organization looks like an empty one",
			mutant.OnStatus(http.StatusForbidden, func(_ *http.Request, a *mutant.Response) {
				a.Status = http.StatusOK
				a.Set([]any{})
			}, mutant.List), "guard.other-organization.refused"),
		bad("around-scheme-case", "compares the scheme letter by letter, but on create", "a client that writes the scheme as it likes can create accounts and do nothing with them",
			mutant.OnRequest(func(_ reference.Credentials, r *http.Request) *http.Request {
				if value := r.Header.Get("Authorization"); value == "" || strings.HasPrefix(value, "Bearer ") {
					return r
				}
				return mutant.ReplaceBearer(r, "")
			}, mutant.Update, mutant.Rotate, mutant.Remove), "guard.scheme.any-case"),
		bad("list-scheme-case", "does not know the scheme in lower case where accounts are listed", "a client that writes the scheme as it likes cannot list accounts",
			mutant.OnRequest(func(_ reference.Credentials, r *http.Request) *http.Request {
				if strings.HasPrefix(r.Header.Get("Authorization"), "bearer ") {
					return mutant.ReplaceBearer(r, "")
				}
				return r
			}, mutant.List), "guard.scheme.any-case"),
		bad("around-401-without-challenge", "challenges on create alone", "clients that wait for a challenge do not ask for credentials",
			mutant.OnStatus(http.StatusUnauthorized, func(_ *http.Request, a *mutant.Response) { a.Fields.Del("WWW-Authenticate") }, mutant.List, mutant.Update, mutant.Rotate, mutant.Remove), "guard.anonymous.challenge"),
		bad("delete-401-basic", "asks for a password where a deletion has no credentials", "clients ask their users for a password that does not exist",
			mutant.OnStatus(http.StatusUnauthorized, func(_ *http.Request, a *mutant.Response) { a.Fields.Set("WWW-Authenticate", `Basic realm="identity"`) }, mutant.Remove), "guard.anonymous.challenge"),
		bad("around-403-empty", "refuses update, rotation and deletion with 403 and no body", "a client that reads errors fails over this one", mutant.OnStatus(http.StatusForbidden, func(_ *http.Request, a *mutant.Response) {
			a.Body = nil
			a.Fields.Del("Content-Type")
		}, mutant.Update, mutant.Rotate, mutant.Remove), "guard.error.body", "errors.media-type.json"),
		bad("rotate-404-html", "refuses a rotation of an account that does not exist with a page of HTML", "a client that reads errors fails over this one", mutant.OnStatus(http.StatusNotFound, func(_ *http.Request, a *mutant.Response) {
			a.Fields.Set("Content-Type", "text/html")
			a.Body = []byte("<h1>Not Found</h1>\n")
		}, mutant.Rotate), "guard.error.body", "errors.media-type.json"),
		bad("around-403-code", "calls a lack of permission access_denied", "clients ask for credentials that they have", coded(http.StatusForbidden, "access_denied", mutant.Update, mutant.Rotate, mutant.Remove), "guard.error.code"),
		bad("delete-404-code", "calls an account that does not exist a server_error", "clients repeat what can never work", coded(http.StatusNotFound, "server_error", mutant.Remove), "guard.error.code"),
	)
}

// isRestricted is true of those who are known, are not the operator, and reach for an account that is not theirs.
func isRestricted(known reference.Credentials, next http.Handler, r *http.Request) bool {
	if mutant.BearerOf(r) == known.Token {
		return false
	}
	visible := mutant.Ask(next, mutant.ReplaceBearer(mutant.WithTarget(r, http.MethodGet, "/api/v1/organizations/"+known.Organization+"/serviceaccounts"), mutant.BearerOf(r)))
	return visible.Status == http.StatusOK && !bytes.Contains(visible.Body, []byte(mutant.AccountOf(r)))
}

func admittingWhere(who func(reference.Credentials, http.Handler, *http.Request) bool, operations ...mutant.Operation) *mutant.Layer {
	return mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
		if who(known, next, r) {
			r = mutant.ReplaceBearer(r, known.Token)
		}
		return mutant.Ask(next, r)
	}, operations...)
}

// carryingOut does for some callers what was asked for, and then refuses it.
func carryingOut(who func(reference.Credentials, http.Handler, *http.Request) bool, operations ...mutant.Operation) *mutant.Layer {
	return mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
		if who(known, next, r) {
			body := mutant.BodyOf(r)
			mutant.Ask(next, mutant.ReplaceBearer(mutant.WithBody(r, body), known.Token))
			r = mutant.WithBody(r, body)
		}
		return mutant.Ask(next, r)
	}, operations...)
}

// throughOther serves what the operator asks under the path of the other organization as though it were asked under the own.
func throughOther(operations ...mutant.Operation) *mutant.Layer {
	return mutant.OnRequest(func(known reference.Credentials, r *http.Request) *http.Request {
		if mutant.BearerOf(r) != known.Token || mutant.OrganizationOf(r) != known.OtherOrganization {
			return r
		}
		return mutant.WithPath(r, strings.Replace(r.URL.Path, known.OtherOrganization, known.Organization, 1))
	}, operations...)
}

// coded gives refusals with a status another error code.
func coded(status int, code string, operations ...mutant.Operation) *mutant.Layer {
	return mutant.OnStatus(status, func(_ *http.Request, a *mutant.Response) {
		a.Edit(func(document any) any { return mutant.Edited(document, "/error", mutant.Always(code)) })
	}, operations...)
}
