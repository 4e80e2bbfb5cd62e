package settings

import (
	"crypto/tls"
	"net/url"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/engine"
)

// oauthOf gathers what client credentials need.
func oauthOf(a *app.App, f *TargetFlags) (*engine.OAuth, error) {
	source := a.Source("oauth-token-url")
	endpoint, err := url.Parse(f.oauthTokenURL)
	switch {
	case err != nil || endpoint.Hostname() == "" || endpoint.Scheme != "https" && endpoint.Scheme != "http":
		return nil, app.Wrong("%s: this is not the URL of a token endpoint; write https://host/path", source)
	case endpoint.User != nil:
		return nil, app.Wrong("%s: leave user and password out of the URL; the secret is given by CONFORMANCE_OAUTH_CLIENT_SECRET", source)
	case f.oauthClientID == "":
		return nil, app.Wrong("%s needs the client's name; add --oauth-client-id ID", source)
	}
	if endpoint.Scheme == "http" && !Loopback(endpoint.Hostname()) {
		a.Warn("the token endpoint is not https: the client's secret goes over the network in clear text")
	}
	secret, err := secretOf(a, "oauth-client-secret-file", f.oauthSecretFile, func(string, string) error { return nil })
	if err != nil {
		return nil, err
	}
	if secret == "" {
		return nil, app.Wrong("%s needs the client's secret; set CONFORMANCE_OAUTH_CLIENT_SECRET or add --oauth-client-secret-file FILE", source)
	}
	return &engine.OAuth{TokenURL: f.oauthTokenURL, ClientID: f.oauthClientID, ClientSecret: secret, Scopes: f.oauthScopes}, nil
}

// oauthAlone refuses flags of client credentials that go with another source of the token, or with none.
func oauthAlone(a *app.App, f *TargetFlags, chosen bool, from app.Layer) error {
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
		if a.Origin(o.flag, o.value) >= from && o.value != "" {
			return app.Wrong("%s has no meaning without --oauth-token-url", a.Source(o.flag))
		}
	}
	return nil
}

// certificates reads the client's certificate; none if none is named.
func certificates(a *app.App, f *TargetFlags) ([]tls.Certificate, error) {
	switch {
	case f.Cert == "" && f.key == "":
		return nil, nil
	case f.key == "":
		return nil, app.Wrong("%s needs its private key; add --%s FILE", a.Source("cert"), f.KeyFlag)
	case f.Cert == "":
		return nil, app.Wrong("%s needs its certificate; add --cert FILE", a.Source(f.KeyFlag))
	}
	key, err := a.ReadPrivate(a.Source(f.KeyFlag), f.key)
	if err != nil {
		return nil, err
	}
	chain, err := a.ReadPublic(a.Source("cert"), f.Cert)
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(chain, key)
	if err != nil { // its words name what is missing, and hold nothing of the key
		return nil, app.Wrong("%s, %s: they are not a certificate and its private key in PEM form, without a passphrase: %s",
			a.Source("cert"), a.Source(f.KeyFlag), app.Cause(err))
	}
	return []tls.Certificate{pair}, nil
}
