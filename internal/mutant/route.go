package mutant

import (
	"net/http"
	"strings"
)

// operation is what a request asks for.
type operation string

const (
	create       operation = "create"
	list         operation = "list"
	update       operation = "update"
	rotate       operation = "rotate"
	remove       operation = "delete"
	userinfo     operation = "userinfo"
	openid       operation = "openid-configuration"
	jwks         operation = "jwks"
	protected    operation = "protected-resource"
	anythingElse operation = "anything else"
)

// operationOf tells what a request asks for, behind whatever prefix.
func operationOf(r *http.Request) operation {
	path := r.URL.EscapedPath()
	for suffix, found := range map[string]operation{
		"/.well-known/openid-configuration":      openid,
		"/.well-known/openid-protected-resource": protected,
		"/oauth2/v2/userinfo":                    userinfo,
		"/oauth2/v2/jwks":                        jwks,
	} {
		if strings.HasSuffix(path, suffix) {
			return found
		}
	}
	_, rest, found := strings.Cut(path, "/api/v1/organizations/")
	parts := strings.Split(rest, "/")
	if !found || len(parts) < 2 || parts[1] != "serviceaccounts" {
		return anythingElse
	}
	switch {
	case len(parts) == 2 && r.Method == http.MethodPost:
		return create
	case len(parts) == 2 && r.Method == http.MethodGet:
		return list
	case len(parts) == 3 && r.Method == http.MethodPut:
		return update
	case len(parts) == 3 && r.Method == http.MethodDelete:
		return remove
	case len(parts) == 4 && parts[3] == "rotate" && r.Method == http.MethodPost:
		return rotate
	}
	return anythingElse
}

// accountOf is the account that the path of update, rotate or delete names; "" for other operations.
func accountOf(r *http.Request) string {
	_, rest, _ := strings.Cut(r.URL.EscapedPath(), "/serviceaccounts/")
	id, _, _ := strings.Cut(rest, "/")
	return id
}

// bearerOf is the token that a request presents; "" for none.
func bearerOf(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "bearer") {
		return ""
	}
	return token
}
