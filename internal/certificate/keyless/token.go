package keyless

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Audience is for whom a token of identity is issued that goes to a certificate authority of sigstore.
const Audience = "sigstore"

// MaxToken is the length in bytes that a token of identity may have.
const MaxToken = 64 << 10

// Token is a token of identity (a JWT of OpenID Connect). It is a secret: no error of this package has a part of it.
type Token struct{ text string }

// String keeps the token out of what is printed by mistake.
func (Token) String() string { return "(an identity token, not shown)" }

// GoString does the same for %#v.
func (t Token) GoString() string { return t.String() }

// Reveal returns the token itself.
func (t Token) Reveal() string { return t.text }

// ParseToken takes a token that is valid now, as far as one can see who does not have the key of its issuer.
func ParseToken(text string, now time.Time) (t Token, err error) {
	text = strings.TrimSpace(text)
	parts := strings.Split(text, ".")
	if len(text) > MaxToken || len(parts) != 3 {
		return t, errors.New("it is not an identity token (a JWT, three parts with dots between them)")
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return t, errors.New("it is not an identity token (a JWT): its second part is not base64url")
	}
	var claims struct {
		Subject string      `json:"sub"`
		Expiry  json.Number `json:"exp"`
	}
	if err := json.Unmarshal(payload, &claims); err != nil || claims.Subject == "" {
		return t, errors.New("it is not an identity token (a JWT): it has no subject")
	}
	if expiry, err := claims.Expiry.Float64(); err == nil && now.Unix() >= int64(expiry) {
		return t, fmt.Errorf("it expired at %s; ask for a new one", time.Unix(int64(expiry), 0).UTC().Format(time.RFC3339))
	}
	return Token{text}, nil
}

// The variables by which a CI system hands a job its identity.
const (
	// GitLabToken holds a token (id_tokens of a job of GitLab).
	GitLabToken = "SIGSTORE_ID_TOKEN"
	// GitHubURL responds with a token to who has GitHubSecret (permissions: id-token of a job of GitHub).
	GitHubURL    = "ACTIONS_ID_TOKEN_REQUEST_URL"
	GitHubSecret = "ACTIONS_ID_TOKEN_REQUEST_TOKEN"
)

// Ambient is where a job of a CI system finds its identity.
type Ambient struct {
	// Name is that of the variable.
	Name         string
	text, secret string
}

// FindAmbient looks into the variables of the environment; nil if there is no identity.
func FindAmbient(lookup func(string) (string, bool)) *Ambient {
	if lookup == nil {
		return nil
	}
	if text, _ := lookup(GitLabToken); text != "" {
		return &Ambient{Name: GitLabToken, text: text}
	}
	address, _ := lookup(GitHubURL)
	secret, _ := lookup(GitHubSecret)
	if address != "" && secret != "" {
		return &Ambient{Name: GitHubURL, text: address, secret: secret}
	}
	return nil
}

// Secret is what the job shows to get a token; "" if it has the token itself.
func (a *Ambient) Secret() string { return a.secret }

// Token returns a token that is valid now. The error is one line.
func (a *Ambient) Token(ctx context.Context, now time.Time) (t Token, err error) {
	if a.Name == GitLabToken {
		return ParseToken(a.text, now)
	}
	u, err := url.Parse(a.text)
	if err != nil || CheckAddress(a.text) != nil {
		return t, errors.New("it is not an https URL")
	}
	query := u.Query()
	query.Set("audience", Audience)
	u.RawQuery = query.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return t, errors.New("it is not an https URL")
	}
	request.Header.Set("Authorization", "Bearer "+a.secret)
	request.Header.Set("Accept", "application/json")
	body, err := send(request, http.StatusOK)
	if err != nil {
		return t, err
	}
	var response struct {
		Value string `json:"value"`
	}
	if err := json.Unmarshal(body, &response); err != nil || response.Value == "" {
		return t, errors.New("its response has no token")
	}
	return ParseToken(response.Value, now)
}
