package mutant

import (
	"net/http"
	"strings"
)

// Operation is what a request asks for.
type Operation string

const (
	Create       Operation = "create"
	List         Operation = "list"
	Update       Operation = "update"
	Rotate       Operation = "rotate"
	Remove       Operation = "delete"
	Userinfo     Operation = "userinfo"
	Openid       Operation = "openid-configuration"
	Jwks         Operation = "jwks"
	Protected    Operation = "protected-resource"
	AnythingElse Operation = "anything else"
)

// OperationOf tells what a request asks for, behind whatever prefix.
func OperationOf(r *http.Request) Operation {
	path := r.URL.EscapedPath()
	for suffix, found := range map[string]Operation{
		"/.well-known/openid-configuration":      Openid,
		"/.well-known/openid-protected-resource": Protected,
		"/oauth2/v2/userinfo":                    Userinfo,
		"/oauth2/v2/jwks":                        Jwks,
	} {
		if strings.HasSuffix(path, suffix) {
			return found
		}
	}
	_, rest, found := strings.Cut(path, "/api/v1/organizations/")
	parts := strings.Split(rest, "/")
	if !found || len(parts) < 2 || parts[1] != "serviceaccounts" {
		return AnythingElse
	}
	switch {
	case len(parts) == 2 && r.Method == http.MethodPost:
		return Create
	case len(parts) == 2 && r.Method == http.MethodGet:
		return List
	case len(parts) == 3 && r.Method == http.MethodPut:
		return Update
	case len(parts) == 3 && r.Method == http.MethodDelete:
		return Remove
	case len(parts) == 4 && parts[3] == "rotate" && r.Method == http.MethodPost:
		return Rotate
	}
	return AnythingElse
}

// AccountOf is the account that the path of update, rotate or delete names; "" for other operations.
func AccountOf(r *http.Request) string {
	_, rest, _ := strings.Cut(r.URL.EscapedPath(), "/serviceaccounts/")
	id, _, _ := strings.Cut(rest, "/")
	return id
}

// BearerOf is the token that a request presents; "" for none.
func BearerOf(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "bearer") {
		return ""
	}
	return token
}
