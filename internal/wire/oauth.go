package wire

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// tokenTimeout bounds one conversation with a token endpoint.
const tokenTimeout = 30 * time.Second

// Credential is a token of the operator's and the end of its life; the zero time if that is not known.
type Credential struct {
	Token   string
	Expires time.Time
}

// Source gives the operator's credential, a fresh one for every call. Its errors hold nothing secret.
type Source func(ctx context.Context) (Credential, error)

// ClientCredentials asks a token endpoint for tokens (RFC 6749 section 4.4), with the secret in the Authorization header
// or, if the endpoint will not have it there, in the body. The client must not follow redirects.
func ClientCredentials(endpoint, id, secret string, scopes []string, client *http.Client) Source {
	config := &clientcredentials.Config{TokenURL: endpoint, ClientID: id, ClientSecret: secret, Scopes: scopes}
	return func(ctx context.Context) (Credential, error) {
		limited, cancel := context.WithTimeout(ctx, tokenTimeout)
		defer cancel()
		issued, err := config.Token(context.WithValue(limited, oauth2.HTTPClient, client))
		if err != nil {
			return Credential{}, tokenFault(ctx, err)
		}
		if !strings.EqualFold(issued.Type(), "bearer") {
			return Credential{}, errors.New("the token endpoint issued a token of another type than Bearer")
		}
		if strings.ContainsFunc(issued.AccessToken, func(c rune) bool { return c <= ' ' || c >= 0x7f }) {
			return Credential{}, errors.New("the token endpoint issued a token that cannot stand in a header")
		}
		return Credential{Token: issued.AccessToken, Expires: issued.Expiry}, nil
	}
}

// tokenFault words an error without what the endpoint said: it may repeat what it was sent.
func tokenFault(ctx context.Context, err error) error {
	var refused *oauth2.RetrieveError
	if !errors.As(err, &refused) {
		if failure := Classify(ctx, err, tokenTimeout); failure.Kind != "other" {
			return fmt.Errorf("the token endpoint did not answer: %s", failure.Message)
		}
		return errors.New("the response of the token endpoint holds no token")
	}
	known := []string{ // RFC 6749 section 5.2
		"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope",
	}
	code := ""
	if slices.Contains(known, refused.ErrorCode) {
		code = " (" + refused.ErrorCode + ")"
	}
	return fmt.Errorf("the token endpoint answered %d%s", refused.Response.StatusCode, code)
}
