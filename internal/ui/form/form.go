// Package form says in the words of a form what the command line says in those of its flags, and reads what people paste into a
// field. It knows no page and sends nothing.
package form

import (
	"net/url"
	"regexp"
	"strings"
)

// Field is a field of the form of a set-up. Flag and Variable are those of the command line that say the same.
type Field struct{ ID, Label, Flag, Variable string }

// Fields are the fields that are shown for an address.
func Fields() []Field {
	return []Field{
		{"url", "Base URL", "--target", "CONFORMANCE_TARGET"},
		{"organization", "Organization", "--organization", "CONFORMANCE_ORGANIZATION"},
		{"groups", "Groups", "--group", "CONFORMANCE_GROUP"},
		{"other-organization", "Another organization", "--other-organization", "CONFORMANCE_OTHER_ORGANIZATION"},
		{"ca-file", "File of its certificate authority", "--ca-file", ""},
		{"insecure", "Do not verify the target’s certificate", "--insecure", ""},
		{"token", "Access token", "--token-file", "CONFORMANCE_TOKEN"},
		{"restricted", "Token without permission to create", "--restricted-token-file", "CONFORMANCE_RESTRICTED_TOKEN"},
		{"expired", "Expired token", "--expired-token-file", "CONFORMANCE_EXPIRED_TOKEN"},
		{"not-yet-valid", "Token that is not yet valid", "--not-yet-valid-token-file", "CONFORMANCE_NOT_YET_VALID_TOKEN"},
		{"only", "Only these requirements", "--only", ""},
		{"concurrency", "Conversations at a time", "--concurrency", ""},
		{"rps", "Requests a second", "--rps", ""},
		{"max-requests", "Requests at most", "--max-requests", ""},
		{"max-created", "Accounts at most", "--max-created", ""},
		{"challenge", "Nonce of the certifier", "--challenge", ""},
		{"witness", "Witness", "--witness", ""},
		{"witness-token-file", "File of the witness’s token", "--witness-token-file", ""},
		{"witness-ca-file", "File of the witness’s certificate authority", "--witness-ca-file", ""},
		{"runs", "File of your chain of runs", "--runs", ""},
		{"production", "I know that the target may be in production", "--i-know-this-is-production", ""},
	}
}

// flagShape is a flag or a variable in a message.
var flagShape = regexp.MustCompile(`--[a-z][a-z-]*|\bCONFORMANCE_[A-Z_]+`)

const (
	missing = "the token of the run is missing"
	empty   = " is given and empty; give it a value, or leave it out"
)

// Words is a message of the command line in the words of the form, and the id of the field that it is about first; "" for none.
func Words(message string) (text, id string) {
	if strings.HasPrefix(message, missing) {
		message = "CONFORMANCE_TOKEN is missing: type the token of an account that may manage service accounts"
	}
	if before, found := strings.CutSuffix(message, empty); found {
		message = before + " is empty: fill it in"
	}
	text = flagShape.ReplaceAllStringFunc(message, func(name string) string {
		for _, f := range Fields() {
			if name == f.Flag || name == f.Variable {
				if id == "" {
					id = f.ID
				}
				return "“" + f.Label + "”"
			}
		}
		return name
	})
	return text, id
}

// endpoint is the path of the endpoint below a base URL.
var endpoint = regexp.MustCompile(`^(.*?)/api/v1/organizations(?:/([^/]+)(?:/serviceaccounts(?:/.*)?)?)?/?$`)

// Base takes the address of the endpoint apart if somebody pasted the whole of it: the base URL, and the organization, "" if the
// address has none.
func Base(address string) (base, organization string) {
	u, err := url.Parse(address)
	if err != nil || u.User != nil {
		return address, ""
	}
	parts := endpoint.FindStringSubmatch(u.Path)
	if parts == nil {
		return address, ""
	}
	if organization = parts[2]; strings.ContainsAny(organization, "{}") {
		organization = ""
	}
	return u.Scheme + "://" + u.Host + parts[1], organization
}

// Token is a token as it was meant: without the scheme that stands before it in a header field.
func Token(typed string) string {
	const scheme = "bearer "
	if len(typed) > len(scheme) && strings.EqualFold(typed[:len(scheme)], scheme) {
		return strings.TrimSpace(typed[len(scheme):])
	}
	return typed
}
