package defect

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"

	"github.com/sa-conformance/conformance/internal/reference"
)

// permissions let creates in where the credentials are good and do not suffice, or refuse them in another way.
func permissions() []Defect {
	const powers = "an account that may do nothing makes accounts"
	const intruder = "one customer makes accounts at another"
	const fails = "anybody who is logged in can make it fail"
	const opaque = "clients show their users nothing but a number"
	broken := func(body []byte) bool { return !json.Valid(body) }
	restricted := func(when func(body []byte) bool) Layer {
		return knowing(func(known reference.Credentials, r *http.Request) bool {
			return bearerOf(r) == known.RestrictedToken && when(bodyOf(r))
		})
	}
	forbidden := func(change func(known reference.Credentials, r *http.Request, a *answer)) Layer {
		return refusedCreate(func(known reference.Credentials, r *http.Request, a *answer) {
			if a.status == http.StatusForbidden && bearerOf(r) == known.RestrictedToken {
				change(known, r, a)
			}
		})
	}
	becomes := func(status int, code string) func(reference.Credentials, *http.Request, *answer) {
		return func(_ reference.Credentials, _ *http.Request, a *answer) { a.fail(status, code) }
	}
	shutOut := func(change func(a *answer)) Layer {
		return refusedCreate(func(known reference.Credentials, r *http.Request, a *answer) {
			if a.status/100 == 4 && bearerOf(r) == known.Token && pathOrganization(r) != known.Organization {
				change(a)
			}
		})
	}
	return family("authorization",
		Defect{
			Name: "restricted-creates", Description: "creates accounts for a credential that may not",
			Effect: powers, Breaks: []string{"authz.restricted.refused"}, Layer: restricted(func([]byte) bool { return true }),
		},
		Defect{
			Name: "restricted-creates-without-groups", Description: "checks permission for the groups that are asked for, and so not where there are none",
			Effect: powers, Breaks: []string{"authz.restricted.refused"},
			Layer: restricted(func(body []byte) bool { return len(groupsOf(body)) == 0 && !broken(body) }),
		},
		Defect{
			Name: "restricted-creates-with-groups", Description: "takes those for permitted who name a group of the organization",
			Effect: powers, Breaks: []string{"authz.restricted.refused"},
			Layer: restricted(func(body []byte) bool { return len(groupsOf(body)) > 0 }),
		},
		Defect{
			Name: "restricted-404", Description: "answers a credential that may not create with 404",
			Effect: "clients look for an organization that is there", Breaks: []string{"authz.restricted.refused"},
			Layer: forbidden(becomes(http.StatusNotFound, "not_found")),
		},
		Defect{
			Name: "restricted-401", Description: "answers a credential that may not create with 401",
			Effect: "clients renew a token that is good, over and over", Breaks: []string{"authz.restricted.refused"},
			Layer: forbidden(becomes(http.StatusUnauthorized, "access_denied")),
		},
		Defect{
			Name: "restricted-broken-body-500", Description: "fails over a broken body of somebody who may not create",
			Effect: fails, Breaks: []string{"authz.restricted-broken-body.refused"},
			Layer: forbidden(func(_ reference.Credentials, r *http.Request, a *answer) {
				if broken(bodyOf(r)) {
					a.fail(http.StatusInternalServerError, "server_error")
				}
			}),
		},
		Defect{
			Name: "restricted-broken-body-201", Description: "answers somebody who may not create with 201 where it cannot read the body",
			Effect: "clients take a failure for an account", Breaks: []string{"authz.restricted-broken-body.refused"},
			Layer: forbidden(func(_ reference.Credentials, r *http.Request, a *answer) {
				if broken(bodyOf(r)) {
					a.status, a.body = http.StatusCreated, []byte("{}")
				}
			}),
		},
		Defect{
			Name: "forbidden-empty", Description: "answers 403 without a body",
			Effect: opaque, Breaks: []string{"authz.restricted.error-body"},
			Layer: forbidden(func(_ reference.Credentials, _ *http.Request, a *answer) { a.body = nil }),
		},
		Defect{
			Name: "forbidden-code", Description: "answers 403 with the error of a 401",
			Effect: "clients renew a token that is good, over and over", Breaks: []string{"authz.restricted.error-code"},
			Layer: forbidden(func(_ reference.Credentials, _ *http.Request, a *answer) {
				a.fail(http.StatusForbidden, "access_denied")
			}),
		},
		Defect{
			Name: "forbidden-created-all-the-same", Description: "creates first and looks at permissions afterwards",
			Effect: "an account that may do nothing fills the organization", Breaks: []string{"authz.refused.nothing-created"},
			Layer: createdAllTheSame(http.StatusForbidden, func(known reference.Credentials, r *http.Request) bool {
				return bearerOf(r) == known.RestrictedToken
			}),
		},
		Defect{
			Name: "other-organization-creates", Description: "creates accounts in an organization that is closed to the caller",
			Effect: intruder, Breaks: []string{"authz.other-organization.refused"},
			Layer: housed(func(organization string, known reference.Credentials) bool {
				return organization == known.OtherOrganization
			}),
		},
		Defect{
			Name: "other-organization-401", Description: "answers a create in a closed organization with 401",
			Effect: "clients renew a token that is good, over and over", Breaks: []string{"authz.other-organization.refused"},
			Layer: strange(http.StatusUnauthorized, "access_denied", func(organization string, known reference.Credentials) bool {
				return organization == known.OtherOrganization
			}),
		},
		Defect{
			Name: "unknown-organization-creates", Description: "creates accounts in organizations that do not exist",
			Effect: "accounts are lost, and paid for", Breaks: []string{"authz.unknown-organization.refused"},
			Layer: housed(func(organization string, known reference.Credentials) bool {
				return isUUID(organization) && !strings.EqualFold(organization, known.Organization) && organization != known.OtherOrganization
			}),
		},
		Defect{
			Name: "unknown-organization-500", Description: "fails over an organization that does not exist",
			Effect: fails, Breaks: []string{"authz.unknown-organization.refused"},
			Layer: strange(http.StatusInternalServerError, "server_error", func(organization string, known reference.Credentials) bool {
				return isUUID(organization) && !strings.EqualFold(organization, known.Organization) && organization != known.OtherOrganization
			}),
		},
		Defect{
			Name: "malformed-organization-500", Description: "fails over an organization's id that is no UUID",
			Effect: fails, Breaks: []string{"authz.malformed-organization.refused"}, Layer: failingOver(func(id string) bool { return id == "not-a-uuid" }),
		},
		Defect{
			Name: "organization-300-characters-500", Description: "fails over an organization's id that does not fit into its column",
			Effect: fails, Breaks: []string{"authz.malformed-organization.refused"}, Layer: failingOver(func(id string) bool { return len(id) > 255 }),
		},
		Defect{
			Name: "digit-organization-500", Description: "checks the length of an organization's id, and fails over its letters",
			Effect: fails, Breaks: []string{"authz.malformed-organization.refused"},
			Layer: failingOver(func(id string) bool { return len(id) == 36 && !isUUID(id) }),
		},
		Defect{
			Name: "malformed-organization-creates", Description: "creates accounts of the caller's organization where the path names none",
			Effect: "mistakes in clients are found out late", Breaks: []string{"authz.malformed-organization.refused"},
			Layer: rehoused(func(id string, _ reference.Credentials) bool { return id == "not-a-uuid" }),
		},
		Defect{
			Name: "braces-organization-500", Description: "fails over a UUID in braces",
			Effect: fails, Breaks: []string{"authz.malformed-organization.refused"},
			Layer: failingOver(func(id string) bool { return strings.HasPrefix(strings.ToUpper(id), "%7B") }),
		},
		Defect{
			Name: "braces-organization-creates", Description: "reads a UUID in braces, as some libraries do",
			Effect: "rules that compare paths are got round", Breaks: []string{"authz.uuid-forms.refused"},
			Layer: rehoused(func(id string, known reference.Credentials) bool { return id == "%7B"+known.Organization+"%7D" }),
		},
		Defect{
			Name: "urn-organization-creates", Description: "reads a UUID that is written as a URN, as some libraries do",
			Effect: "rules that compare paths are got round", Breaks: []string{"authz.uuid-forms.refused"},
			Layer: rehoused(func(id string, known reference.Credentials) bool { return id == "urn:uuid:"+known.Organization }),
		},
		Defect{
			Name: "dashless-organization-creates", Description: "reads a UUID without dashes",
			Effect: "rules that compare paths are got round", Breaks: []string{"authz.uuid-forms.refused"},
			Layer: rehoused(func(id string, known reference.Credentials) bool {
				return id == strings.ReplaceAll(known.Organization, "-", "")
			}),
		},
		Defect{
			Name: "upper-case-organization-500", Description: "fails over an organization's UUID in upper case",
			Effect: fails, Breaks: []string{"authz.uppercase-organization.answered"},
			Layer: strange(http.StatusInternalServerError, "server_error", isUpperCase),
		},
		Defect{
			Name: "upper-case-organization-202", Description: "answers a create in an organization in upper case with 202, and makes nothing",
			Effect: "clients wait for an account that never comes", Breaks: []string{"authz.uppercase-organization.answered"},
			Layer: strange(http.StatusAccepted, "pending", isUpperCase),
		},
		Defect{
			Name: "path-parent-500", Description: "fails over a path with a parent segment",
			Effect: fails, Breaks: []string{"authz.path-tricks.refused"}, Layer: failingOver(func(id string) bool { return id == ".." }),
		},
		Defect{
			Name: "path-escaped-parent-200", Description: "answers a path with an escaped parent segment as though it knew it",
			Effect: "rules that compare paths are got round", Breaks: []string{"authz.path-tricks.refused"},
			Layer: strange(http.StatusOK, "none", func(id string, _ reference.Credentials) bool { return id == "%2e%2e" }),
		},
		Defect{
			Name: "path-empty-creates", Description: "takes an empty segment for the caller's organization",
			Effect: "rules that compare paths are got round", Breaks: []string{"authz.path-tricks.refused"},
			Layer: rehoused(func(id string, _ reference.Credentials) bool { return id == "" }),
		},
		Defect{
			Name: "path-escaped-slash-creates", Description: "reads an organization up to an escaped slash",
			Effect: "rules that compare paths are got round", Breaks: []string{"authz.path-tricks.refused"},
			Layer: rehoused(func(id string, known reference.Credentials) bool {
				return strings.HasPrefix(id, known.Organization+"%2F")
			}),
		},
		Defect{
			Name: "shut-out-empty", Description: "refuses creates in other organizations without a body",
			Effect: opaque, Breaks: []string{"authz.error.body"}, Layer: shutOut(func(a *answer) { a.body = nil }),
		},
		Defect{
			Name: "shut-out-code", Description: "refuses creates in other organizations with the error of a 500",
			Effect: "clients try again what cannot succeed", Breaks: []string{"authz.error.code"},
			Layer: shutOut(func(a *answer) { a.fail(a.status, "server_error") }),
		},
	)
}

// groupsOf are the groups that a request asks for.
func groupsOf(body []byte) []any {
	var document any
	_ = json.Unmarshal(body, &document) // what is no document asks for none
	groups, _ := lookup(document, "/spec/groupIDs").([]any)
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
func strange(status int, code string, when func(organization string, known reference.Credentials) bool) Layer {
	return Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if operationOf(r) != create || bearerOf(r) != known.Token || !when(pathOrganization(r), known) {
				next.ServeHTTP(w, r)
				return
			}
			a := &answer{header: http.Header{}}
			a.fail(status, code)
			a.send(w)
		})
	}}
}

func failingOver(when func(organization string) bool) Layer {
	return strange(http.StatusInternalServerError, "server_error", func(organization string, _ reference.Credentials) bool {
		return when(organization)
	})
}

// rehoused serves creates in some organizations as though they were the caller's.
func rehoused(when func(organization string, known reference.Credentials) bool) Layer {
	return onRequest(func(known reference.Credentials, r *http.Request) *http.Request {
		if bearerOf(r) != known.Token || !when(pathOrganization(r), known) {
			return r
		}
		before, _, _ := strings.Cut(r.URL.EscapedPath(), "/api/v1/organizations/")
		changed := r.Clone(r.Context())
		changed.URL.Path, changed.URL.RawPath = before+"/api/v1/organizations/"+known.Organization+"/serviceaccounts", ""
		return changed
	}, create)
}

// housed is rehoused, and says in the answer what the path said.
func housed(when func(organization string, known reference.Credentials) bool) Layer {
	return Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		inner := rehoused(when).Wrap(known, next)
		return onSuccess(func(r *http.Request, a *answer) {
			if organization := pathOrganization(r); when(organization, known) {
				a.edit(func(document any) any { return edited(document, "/metadata/organizationId", always(organization)) })
			}
		}, create).Wrap(known, inner)
	}}
}
