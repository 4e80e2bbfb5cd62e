// Package probe sends the requests of a run to the target and records the exchanges. It holds retries, throttling, credentials
// and limits, tracks the accounts that were created, and deletes them. It is the only package that sends HTTP to a target, and
// it judges nothing.
package probe

import (
	"net/http"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/wire"
)

// Target is what a run talks to.
type Target struct {
	// BaseURL has no trailing slash.
	BaseURL           string
	Organization      string
	OtherOrganization string
	Groups            []string
	// Operator is the credential of the run. The others are "" if the operator supplied none.
	Operator, Restricted, Expired, NotYetValid string
	// Renew gives another token of the operator's when one expires in mid-run; nil if there is only the one. The first
	// one ends at OperatorExpires, the zero time if that is not known.
	Renew           wire.Source
	OperatorExpires time.Time
	Client          *http.Client
}

// AtOnce is how many requests may be under way where so many conversations are, each of which may send several at once.
func AtOnce(conversations int) int { return 4 * max(conversations, 1) }

// Accounts is the path of the service accounts of an organization, which is taken as it stands.
func Accounts(organization string) string {
	return "/api/v1/organizations/" + organization + "/serviceaccounts"
}

// Account is the path of one service account.
func Account(organization, id string) string {
	return Accounts(organization) + "/" + id
}

// Identity is what a request carries to say who sends it.
type Identity struct {
	// Name says in words whose credential it is; reports show it.
	Name string
	// Authorization holds the values of the Authorization header; none for an anonymous request.
	Authorization []string

	renewable string // the token in it that is to be replaced when another one takes its place; "" for none
}

// Nobody sends no credentials.
func Nobody() Identity { return Identity{Name: "none"} }

// Bearer presents a token in the usual way (RFC 6750 section 2.1).
func Bearer(name, token string) Identity {
	return Identity{Name: name, Authorization: []string{"Bearer " + token}}
}

// Header presents an Authorization header as it stands.
func Header(name string, values ...string) Identity {
	return Identity{Name: name, Authorization: values}
}

// secretParts are the parts of the header values that must never be shown.
func (i Identity) secretParts() []string {
	var parts []string
	for _, value := range i.Authorization {
		if _, after, found := strings.Cut(strings.TrimSpace(value), " "); found {
			parts = append(parts, strings.TrimSpace(after))
		} else {
			parts = append(parts, value)
		}
	}
	return parts
}
