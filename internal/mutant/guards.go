package mutant

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/reference"
)

// badGuards leave the operations around the create open to those who may not use them.
func badGuards() []*Defect {
	bad := func(name, description, effect string, layer *Layer, breaks ...string) *Defect {
		return of("guarding", defective(name, description, effect, layer, breaks...))
	}
	effects := map[operation]string{
		list: "sees every account of the organization", update: "can put any account into any group",
		rotate: "gets a token of any account, and locks its owner out", remove: "can delete any account",
	}
	var all []*Defect
	for _, o := range []operation{list, update, rotate, remove} {
		all = append(all,
			bad("open-"+string(o)+"-anonymous", "serves "+string(o)+" without credentials", "anybody "+effects[o], admittingWhere(func(_ reference.Credentials, _ http.Handler, r *http.Request) bool {
				return r.Header.Get("Authorization") == ""
			}, o), "guard.anonymous.refused"),
			bad("open-"+string(o)+"-garbage", "serves "+string(o)+" with a bearer token that is no token", "anybody "+effects[o], admittingWhere(func(_ reference.Credentials, _ http.Handler, r *http.Request) bool {
				return bearerOf(r) != "" && !strings.Contains(bearerOf(r), ".")
			}, o), "guard.anonymous.refused"),
		)
		if o == list {
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
			carryingOut(isNobody, update), "guard.account.unharmed"),
		bad("deed-before-401-rotate", "carries a rotation out before it looks at the credentials, and answers 401", "anybody can lock any machine out, and the log says that it was refused",
			carryingOut(isNobody, rotate), "guard.account.unharmed"),
		bad("open-list-other-organization", "lists its own accounts under the path of another organization", "a tenant sees accounts where it has nothing to look for", throughOther(list), "guard.other-organization.refused"),
		bad("other-organization-empty-list", "answers 200 and an empty list for an organization that is closed to the caller", "a mistyped organization looks like an empty one",
			onStatus(http.StatusForbidden, func(_ *http.Request, a *answer) {
				a.status = http.StatusOK
				a.set([]any{})
			}, list), "guard.other-organization.refused"),
		bad("around-scheme-case", "compares the scheme letter by letter, but on create", "a client that writes the scheme as it likes can create accounts and do nothing with them",
			onRequest(func(_ reference.Credentials, r *http.Request) *http.Request {
				if value := r.Header.Get("Authorization"); value == "" || strings.HasPrefix(value, "Bearer ") {
					return r
				}
				return asBearer(r, "")
			}, update, rotate, remove), "guard.scheme.any-case"),
		bad("list-scheme-case", "does not know the scheme in lower case where accounts are listed", "a client that writes the scheme as it likes cannot list accounts",
			onRequest(func(_ reference.Credentials, r *http.Request) *http.Request {
				if strings.HasPrefix(r.Header.Get("Authorization"), "bearer ") {
					return asBearer(r, "")
				}
				return r
			}, list), "guard.scheme.any-case"),
		bad("around-401-without-challenge", "challenges on create alone", "clients that wait for a challenge do not ask for credentials",
			onStatus(http.StatusUnauthorized, func(_ *http.Request, a *answer) { a.header.Del("WWW-Authenticate") }, list, update, rotate, remove), "guard.anonymous.challenge"),
		bad("delete-401-basic", "asks for a password where a deletion has no credentials", "clients ask their users for a password that does not exist",
			onStatus(http.StatusUnauthorized, func(_ *http.Request, a *answer) { a.header.Set("WWW-Authenticate", `Basic realm="identity"`) }, remove), "guard.anonymous.challenge"),
		bad("around-403-empty", "refuses update, rotation and deletion with 403 and no body", "a client that reads errors fails over this one", onStatus(http.StatusForbidden, func(_ *http.Request, a *answer) {
			a.body = nil
			a.header.Del("Content-Type")
		}, update, rotate, remove), "guard.error.body", "errors.media-type.json"),
		bad("rotate-404-html", "refuses a rotation of an account that does not exist with a page of HTML", "a client that reads errors fails over this one", onStatus(http.StatusNotFound, func(_ *http.Request, a *answer) {
			a.header.Set("Content-Type", "text/html")
			a.body = []byte("<h1>Not Found</h1>\n")
		}, rotate), "guard.error.body", "errors.media-type.json"),
		bad("around-403-code", "calls a lack of permission access_denied", "clients ask for credentials that they have", coded(http.StatusForbidden, "access_denied", update, rotate, remove), "guard.error.code"),
		bad("delete-404-code", "calls an account that does not exist a server_error", "clients repeat what can never work", coded(http.StatusNotFound, "server_error", remove), "guard.error.code"),
	)
}

// isRestricted is true of those who are known, are not the operator, and reach for an account that is not theirs.
func isRestricted(known reference.Credentials, next http.Handler, r *http.Request) bool {
	if bearerOf(r) == known.Token {
		return false
	}
	visible := ask(next, asBearer(relayed(r, http.MethodGet, "/api/v1/organizations/"+known.Organization+"/serviceaccounts"), bearerOf(r)))
	return visible.status == http.StatusOK && !bytes.Contains(visible.body, []byte(accountOf(r)))
}

func admittingWhere(who func(reference.Credentials, http.Handler, *http.Request) bool, operations ...operation) *Layer {
	return around(func(known reference.Credentials, next http.Handler, r *http.Request) *answer {
		if who(known, next, r) {
			r = asBearer(r, known.Token)
		}
		return ask(next, r)
	}, operations...)
}

// carryingOut does for some callers what was asked for, and then refuses it.
func carryingOut(who func(reference.Credentials, http.Handler, *http.Request) bool, operations ...operation) *Layer {
	return around(func(known reference.Credentials, next http.Handler, r *http.Request) *answer {
		if who(known, next, r) {
			body := bodyOf(r)
			ask(next, asBearer(withBody(r, body), known.Token))
			r = withBody(r, body)
		}
		return ask(next, r)
	}, operations...)
}

// throughOther serves what the operator asks under the path of the other organization as though it were asked under the own.
func throughOther(operations ...operation) *Layer {
	return onRequest(func(known reference.Credentials, r *http.Request) *http.Request {
		if bearerOf(r) != known.Token || organizationOf(r) != known.OtherOrganization {
			return r
		}
		return withPath(r, strings.Replace(r.URL.Path, known.OtherOrganization, known.Organization, 1))
	}, operations...)
}

// coded gives refusals with a status another error code.
func coded(status int, code string, operations ...operation) *Layer {
	return onStatus(status, func(_ *http.Request, a *answer) {
		a.edit(func(document any) any { return edited(document, "/error", always(code)) })
	}, operations...)
}
