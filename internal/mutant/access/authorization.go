// Package access holds mutants that let in whom they must refuse, or refuse whom they must let in: credentials, permissions,
// challenges, methods and paths. Each file is a family, and what it lists is made of layers.
package access

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// Permissions let creates in where the credentials are good and do not suffice, or refuse them in another way.
func Permissions() []*mutant.Defect {
	const powers = "an account that may do nothing makes accounts"
	const intruder = "one customer makes accounts at another"
	const fails = "anybody who is logged in can make it fail"
	const opaque = "clients show their users nothing but a number"
	broken := func(body []byte) bool { return !json.Valid(body) }
	restricted := func(when func(body []byte) bool) *mutant.Layer {
		return knowing(func(known reference.Credentials, r *http.Request) bool {
			return mutant.BearerOf(r) == known.RestrictedToken && when(mutant.BodyOf(r))
		})
	}
	forbidden := func(change func(known reference.Credentials, r *http.Request, a *mutant.Response)) *mutant.Layer {
		return RefusedCreate(func(known reference.Credentials, r *http.Request, a *mutant.Response) {
			if a.Status == http.StatusForbidden && mutant.BearerOf(r) == known.RestrictedToken {
				change(known, r, a)
			}
		})
	}
	becomes := func(status int, code string) func(reference.Credentials, *http.Request, *mutant.Response) {
		return func(_ reference.Credentials, _ *http.Request, a *mutant.Response) { a.Fail(status, code) }
	}
	shutOut := func(change func(a *mutant.Response)) *mutant.Layer {
		return RefusedCreate(func(known reference.Credentials, r *http.Request, a *mutant.Response) {
			if a.Status/100 == 4 && mutant.BearerOf(r) == known.Token && pathOrganization(r) != known.Organization {
				change(a)
			}
		})
	}
	return mutant.InFamily("authorization",
		mutant.Defective("restricted-creates", "creates accounts for a credential that may not", powers,
			restricted(func([]byte) bool { return true }), "authz.restricted.refused"),
		mutant.Defective("restricted-creates-without-groups", "checks permission for the groups that are asked for, and so not where there are none", powers,
			restricted(func(body []byte) bool { return len(GroupsOf(body)) == 0 && !broken(body) }), "authz.restricted.refused"),
		mutant.Defective("restricted-creates-with-groups", "takes those for permitted who name a group of the organization", powers,
			restricted(func(body []byte) bool { return len(GroupsOf(body)) > 0 }), "authz.restricted.refused"),
		mutant.Defective("restricted-401", "answers a credential that may not create with 401", "clients renew a token that is good, over and over",
			forbidden(becomes(http.StatusUnauthorized, "access_denied")), "authz.restricted.refused"),
		mutant.Defective("restricted-broken-body-500", "fails over a broken body of somebody who may not create", fails,
			forbidden(func(_ reference.Credentials, r *http.Request, a *mutant.Response) {
				if broken(mutant.BodyOf(r)) {
					a.Fail(http.StatusInternalServerError, "server_error")
				}
			}), "authz.restricted-broken-body.refused"),
		mutant.Defective("restricted-broken-body-201", "answers somebody who may not create with 201 where it cannot read the body", "clients take a failure for an account",
			forbidden(func(_ reference.Credentials, r *http.Request, a *mutant.Response) {
				if broken(mutant.BodyOf(r)) {
					a.Status, a.Body = http.StatusCreated, []byte("{}")
				}
			}), "authz.restricted-broken-body.refused"),
		mutant.Defective("forbidden-empty", "answers 403 without a body", opaque,
			forbidden(func(_ reference.Credentials, _ *http.Request, a *mutant.Response) { a.Body = nil }), "authz.restricted.error-body"),
		mutant.Defective("forbidden-code", "answers 403 with the error of a 401", "clients renew a token that is good, over and over",
			forbidden(func(_ reference.Credentials, _ *http.Request, a *mutant.Response) {
				a.Fail(http.StatusForbidden, "access_denied")
			}), "authz.restricted.error-code"),
		mutant.Defective("forbidden-created-all-the-same", "creates first and looks at permissions afterwards", "an account that may do nothing fills the organization",
			createdAllTheSame(http.StatusForbidden, func(known reference.Credentials, r *http.Request) bool {
				return mutant.BearerOf(r) == known.RestrictedToken
			}), "authz.refused.nothing-created"),
		mutant.Defective("other-organization-creates", "creates accounts in an organization that is closed to the caller", intruder,
			housed(func(organization string, known reference.Credentials) bool {
				return organization == known.OtherOrganization
			}), "authz.other-organization.refused"),
		mutant.Defective("other-organization-401", "answers a create in a closed organization with 401", "clients renew a token that is good, over and over",
			strange(http.StatusUnauthorized, "access_denied", func(organization string, known reference.Credentials) bool {
				return organization == known.OtherOrganization
			}), "authz.other-organization.refused"),
		mutant.Defective("unknown-organization-creates", "creates accounts in organizations that do not exist", "accounts are lost, and paid for",
			housed(func(organization string, known reference.Credentials) bool {
				return isUUID(organization) && !strings.EqualFold(organization, known.Organization) && organization != known.OtherOrganization
			}), "authz.unknown-organization.refused"),
		mutant.Defective("unknown-organization-500", "fails over an organization that does not exist", fails,
			strange(http.StatusInternalServerError, "server_error", func(organization string, known reference.Credentials) bool {
				return isUUID(organization) && !strings.EqualFold(organization, known.Organization) && organization != known.OtherOrganization
			}), "authz.unknown-organization.refused"),
		mutant.Defective("malformed-organization-500", "fails over an organization's id that is no UUID", fails,
			failingOver(func(id string) bool { return id == "not-a-uuid" }), "authz.malformed-organization.refused"),
		mutant.Defective("organization-300-characters-500", "fails over an organization's id that does not fit into its column", fails,
			failingOver(func(id string) bool { return len(id) > 255 }), "authz.malformed-organization.refused"),
		mutant.Defective("digit-organization-500", "checks the length of an organization's id, and fails over its letters", fails,
			failingOver(func(id string) bool { return len(id) == 36 && !isUUID(id) }), "authz.malformed-organization.refused"),
		mutant.Defective("malformed-organization-creates", "creates accounts of the caller's organization where the path names none", "mistakes in clients are found out late",
			rehoused(func(id string, _ reference.Credentials) bool { return id == "not-a-uuid" }), "authz.malformed-organization.refused"),
		mutant.Defective("braces-organization-500", "fails over a UUID in braces", fails,
			failingOver(func(id string) bool { return strings.HasPrefix(strings.ToUpper(id), "%7B") }), "authz.malformed-organization.refused"),
		mutant.Defective("braces-organization-creates", "reads a UUID in braces, as some libraries do", "rules that compare paths are got round",
			rehoused(func(id string, known reference.Credentials) bool { return id == "%7B"+known.Organization+"%7D" }), "authz.uuid-forms.refused"),
		mutant.Defective("urn-organization-creates", "reads a UUID that is written as a URN, as some libraries do", "rules that compare paths are got round",
			rehoused(func(id string, known reference.Credentials) bool { return id == "urn:uuid:"+known.Organization }), "authz.uuid-forms.refused"),
		mutant.Defective("dashless-organization-creates", "reads a UUID without dashes", "rules that compare paths are got round",
			rehoused(func(id string, known reference.Credentials) bool {
				return id == strings.ReplaceAll(known.Organization, "-", "")
			}), "authz.uuid-forms.refused"),
		mutant.Defective("upper-case-organization-500", "fails over an organization's UUID in upper case", fails,
			strange(http.StatusInternalServerError, "server_error", isUpperCase), "authz.uppercase-organization.answered"),
		mutant.Defective("upper-case-organization-202", "answers a create in an organization in upper case with 202, and makes nothing", "clients wait for an account that never comes",
			strange(http.StatusAccepted, "pending", isUpperCase), "authz.uppercase-organization.answered"),
		mutant.Defective("path-parent-500", "fails over a path with a parent segment", fails,
			failingOver(func(id string) bool { return id == ".." }), "authz.path-tricks.refused"),
		mutant.Defective("path-escaped-parent-200", "answers a path with an escaped parent segment as though it knew it", "rules that compare paths are got round",
			strange(http.StatusOK, "none", func(id string, _ reference.Credentials) bool { return id == "%2e%2e" }), "authz.path-tricks.refused"),
		mutant.Defective("path-empty-creates", "takes an empty segment for the caller's organization", "rules that compare paths are got round",
			rehoused(func(id string, _ reference.Credentials) bool { return id == "" }), "authz.path-tricks.refused"),
		mutant.Defective("path-escaped-slash-creates", "reads an organization up to an escaped slash", "rules that compare paths are got round",
			rehoused(func(id string, known reference.Credentials) bool {
				return strings.HasPrefix(id, known.Organization+"%2F")
			}), "authz.path-tricks.refused"),
		mutant.Defective("shut-out-empty", "refuses creates in other organizations without a body", opaque,
			shutOut(func(a *mutant.Response) { a.Body = nil }), "authz.error.body"),
		mutant.Defective("shut-out-code", "refuses creates in other organizations with the error of a 500", "clients try again what cannot succeed",
			shutOut(func(a *mutant.Response) { a.Fail(a.Status, "server_error") }), "authz.error.code"),
	)
}

// GroupsOf are the groups that a request asks for.
func GroupsOf(body []byte) []any {
	var document any
	_ = json.Unmarshal(body, &document) // what is no document asks for none
	groups, _ := mutant.Lookup(document, "/spec/groupIDs").([]any)
	return groups
}

// pathOrganization is what the path has in the organization's place.
func pathOrganization(r *http.Request) string {
	_, rest, _ := strings.Cut(r.URL.EscapedPath(), "/api/v1/organizations/")
	organization, _, _ := strings.Cut(rest, "/")
	return organization
}

func isUUID(text string) bool {
	return regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`).MatchString(text)
}

func isUpperCase(organization string, known reference.Credentials) bool {
	return organization == strings.ToUpper(known.Organization) && organization != known.Organization
}

// strange answers the operator's creates in some organizations with an error, whatever the server underneath says.
func strange(status int, code string, when func(organization string, known reference.Credentials) bool) *mutant.Layer {
	return &mutant.Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if mutant.OperationOf(r) != mutant.Create || mutant.BearerOf(r) != known.Token || !when(pathOrganization(r), known) {
				next.ServeHTTP(w, r)
				return
			}
			a := &mutant.Response{Fields: http.Header{}}
			a.Fail(status, code)
			a.Send(w)
		})
	}}
}

func failingOver(when func(organization string) bool) *mutant.Layer {
	return strange(http.StatusInternalServerError, "server_error", func(organization string, _ reference.Credentials) bool {
		return when(organization)
	})
}

// rehoused serves creates in some organizations as though they were the caller's.
func rehoused(when func(organization string, known reference.Credentials) bool) *mutant.Layer {
	return mutant.OnRequest(func(known reference.Credentials, r *http.Request) *http.Request {
		if mutant.BearerOf(r) != known.Token || !when(pathOrganization(r), known) {
			return r
		}
		before, _, _ := strings.Cut(r.URL.EscapedPath(), "/api/v1/organizations/")
		changed := r.Clone(r.Context())
		changed.URL.Path, changed.URL.RawPath = before+"/api/v1/organizations/"+known.Organization+"/serviceaccounts", ""
		return changed
	}, mutant.Create)
}

// housed is rehoused, and says in the response what the path said.
func housed(when func(organization string, known reference.Credentials) bool) *mutant.Layer {
	return &mutant.Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		inner := rehoused(when).Wrap(known, next)
		return mutant.OnSuccess(func(r *http.Request, a *mutant.Response) {
			if organization := pathOrganization(r); when(organization, known) {
				a.Edit(func(document any) any {
					return mutant.Edited(document, "/metadata/organizationId", mutant.Always(organization))
				})
			}
		}, mutant.Create).Wrap(known, inner)
	}}
}
