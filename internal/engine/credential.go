package engine

import (
	"context"
	"time"

	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/wire"
)

// TokenSource gives a token that works, a fresh one for every call. Its errors hold nothing secret: reports show them.
type TokenSource func(ctx context.Context) (string, error)

// OAuth gets tokens by client credentials (RFC 6749 section 4.4).
type OAuth struct {
	// TokenURL is the token endpoint.
	TokenURL               string
	ClientID, ClientSecret string
	// Scopes are asked for if there are any.
	Scopes []string
}

// String holds no secret.
func (o OAuth) String() string { return "client credentials of " + o.ClientID + " at " + o.TokenURL }

// GoString is String: a configuration that is printed by accident shows no secret.
func (o OAuth) GoString() string { return o.String() }

// MarshalText is String.
func (o OAuth) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// sources counts the ways in which the operator's credential is given.
func (c Config) sources() (n int) {
	for _, given := range []bool{c.Token != "", c.TokenSource != nil, c.OAuth != nil} {
		if given {
			n++
		}
	}
	return n
}

// authenticate gets the operator's first token if that has a source.
func (c Config) authenticate(ctx context.Context) (Config, error) {
	switch {
	case c.TokenSource != nil:
		c.renew = func(ctx context.Context) (wire.Credential, error) {
			token, err := c.TokenSource(ctx)
			return wire.Credential{Token: token}, err
		}
	case c.OAuth != nil:
		client := wire.NewClient(c.RootCAs, c.Insecure, 1, c.Certificates...)
		c.renew = wire.ClientCredentials(c.OAuth.TokenURL, c.OAuth.ClientID, c.OAuth.ClientSecret, c.OAuth.Scopes, client)
	default:
		return c, nil
	}
	first, err := c.renew(ctx)
	switch {
	case err != nil && ctx.Err() != nil:
		return c, context.Cause(ctx)
	case err != nil:
		return c, newConfigError("could not get the access token: %v", err)
	case first.Token == "":
		return c, newConfigError("could not get the access token: its source gave none")
	}
	c.Token, c.expires = first.Token, first.Expires
	return c, nil
}

// CredentialEnd is when the operator's token ends; the zero time if that is not known.
func (c Config) CredentialEnd() time.Time {
	if c.expires.IsZero() {
		return probe.Expiry(c.Token)
	}
	return c.expires
}
