package cli

import (
	"crypto/tls"
	"net/url"

	"github.com/sa-conformance/conformance/internal/engine"
)

// oauth gathers what client credentials need.
func (a *app) oauth(f *targetFlags) (*engine.OAuth, error) {
	source := a.source("oauth-token-url")
	endpoint, err := url.Parse(f.oauthTokenURL)
	switch {
	case err != nil || endpoint.Hostname() == "" || endpoint.Scheme != "https" && endpoint.Scheme != "http":
		return nil, wrong("%s: this is not the URL of a token endpoint; write https://host/path", source)
	case endpoint.User != nil:
		return nil, wrong("%s: leave user and password out of the URL; the secret is given by CONFORMANCE_OAUTH_CLIENT_SECRET", source)
	case f.oauthClientID == "":
		return nil, wrong("%s needs the client's name; add --oauth-client-id ID", source)
	}
	if endpoint.Scheme == "http" && !loopback(endpoint.Hostname()) {
		a.warn("the token endpoint is not https: the client's secret goes over the network in clear text")
	}
	secret, err := a.secretOf("oauth-client-secret-file", f.oauthSecretFile, func(string, string) error { return nil })
	if err != nil {
		return nil, err
	}
	if secret == "" {
		return nil, wrong("%s needs the client's secret; set CONFORMANCE_OAUTH_CLIENT_SECRET or add --oauth-client-secret-file FILE", source)
	}
	return &engine.OAuth{TokenURL: f.oauthTokenURL, ClientID: f.oauthClientID, ClientSecret: secret, Scopes: f.oauthScopes}, nil
}

// oauthAlone refuses flags of client credentials that go with another source of the token, or with none.
func (a *app) oauthAlone(f *targetFlags, chosen bool, from layer) error {
	if chosen {
		return nil
	}
	scope := ""
	if len(f.oauthScopes) > 0 {
		scope = f.oauthScopes[0]
	}
	for _, o := range []struct{ flag, value string }{
		{"oauth-client-id", f.oauthClientID}, {"oauth-client-secret-file", f.oauthSecretFile}, {"oauth-scope", scope},
	} {
		if a.origin(o.flag, o.value) >= from && o.value != "" {
			return wrong("%s has no meaning without --oauth-token-url", a.source(o.flag))
		}
	}
	return nil
}

// certificates reads the client's certificate; none if none is named.
func (a *app) certificates(f *targetFlags) ([]tls.Certificate, error) {
	switch {
	case f.cert == "" && f.key == "":
		return nil, nil
	case f.key == "":
		return nil, wrong("%s needs its private key; add --%s FILE", a.source("cert"), f.keyFlag)
	case f.cert == "":
		return nil, wrong("%s needs its certificate; add --cert FILE", a.source(f.keyFlag))
	}
	key, err := a.readPrivate(a.source(f.keyFlag), f.key)
	if err != nil {
		return nil, err
	}
	chain, err := a.readPublic(a.source("cert"), f.cert)
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(chain, key)
	if err != nil { // its words name what is missing, and hold nothing of the key
		return nil, wrong("%s, %s: they are not a certificate and its private key in PEM form, without a passphrase: %s",
			a.source("cert"), a.source(f.keyFlag), cause(err))
	}
	return []tls.Certificate{pair}, nil
}
